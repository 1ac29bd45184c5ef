/*
 * A machine whose clock is wrong, for one process, by LD_PRELOAD.
 *
 * A file of eight bytes, shared with the test, says how many milliseconds the clock is ahead; below zero it
 * is behind. Only the time of day is wrong: how long something takes is measured by another clock, which no
 * administrator and no time server sets.
 *
 *   MUSTER_CLOCK_AHEAD   the file
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t *ahead;

__attribute__((constructor)) static void set_up(void) {
    const char *path = getenv("MUSTER_CLOCK_AHEAD");
    if (!path) return;
    int fd = open(path, O_RDONLY);
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        dprintf(2, "clock shim: %s: %s\n", path, strerror(errno));
        _exit(99);
    }
    close(fd);
    ahead = shared;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int answer = (int)syscall(SYS_clock_gettime, clock, now);
    int is_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (answer || !is_day || !ahead) return answer;
    int64_t ms = __atomic_load_n(ahead, __ATOMIC_SEQ_CST);
    int64_t nanos = now->tv_nsec + ms % 1000 * 1000000;
    now->tv_sec += ms / 1000 + (nanos < 0 ? -1 : nanos / 1000000000);
    now->tv_nsec = nanos < 0 ? nanos + 1000000000 : nanos % 1000000000;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    int answer = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return answer;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
