/*
 * A disk that hangs, for one process, by LD_PRELOAD and without privileges: what is asked of it neither fails nor comes
 * back until the test lets it.
 *
 * A file of eight bytes, shared with the test, says what hangs: 0 nothing, 1 syncs, 2 syncs and reads.
 *
 *   MUSTER_HUNG_DIR    the folder whose files are on the disk
 *   MUSTER_HUNG        the file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int64_t *hung;
static const char *dir;
static size_t dir_len;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);

__attribute__((constructor)) static void set_up(void) {
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_read = dlsym(RTLD_NEXT, "read");
    real_pread = dlsym(RTLD_NEXT, "pread");
    const char *path = getenv("MUSTER_HUNG");
    dir = getenv("MUSTER_HUNG_DIR");
    if (!path || !dir) return;
    /* A program may write its own words where its environment was. */
    dir = strdup(dir);
    dir_len = strlen(dir);
    int fd = open(path, O_RDONLY);
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        dprintf(2, "hung-disk shim: %s: %s\n", path, strerror(errno));
        _exit(99);
    }
    close(fd);
    hung = shared;
}

static int hangs(int64_t what) { return hung && __atomic_load_n(hung, __ATOMIC_SEQ_CST) >= what; }

static void wait_while(int64_t what, int fd) {
    char name[64], path[PATH_MAX];
    if (!hangs(what)) return;
    int before = errno;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(name, path, sizeof path - 1);
    errno = before;
    if (len <= (ssize_t)dir_len || strncmp(path, dir, dir_len) || path[dir_len] != '/') return;
    while (hangs(what)) nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

int fsync(int fd) {
    wait_while(1, fd);
    return real_fsync(fd);
}

int fdatasync(int fd) {
    wait_while(1, fd);
    return real_fdatasync(fd);
}

ssize_t read(int fd, void *into, size_t len) {
    wait_while(2, fd);
    return real_read(fd, into, len);
}

ssize_t pread(int fd, void *into, size_t len, off_t at) {
    wait_while(2, fd);
    return real_pread(fd, into, len, at);
}
ssize_t pread64(int fd, void *into, size_t len, off_t at) { return pread(fd, into, len, at); }
