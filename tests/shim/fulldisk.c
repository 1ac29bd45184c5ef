/*
 * A disk that is full, for a process and all that it starts, by LD_PRELOAD and without privileges.
 *
 * A file of eight bytes, shared by the test and the processes, says how many bytes the disk has left; below
 * zero it has as many as anybody likes. What makes a file longer takes from them and is cut short, or fails
 * with ENOSPC, when there are none. What overwrites a file needs no room, and what is cut off or removed gives
 * it back, as on a real disk.
 *
 *   MUSTER_DISK_DIR    the folder whose files are on the disk
 *   MUSTER_DISK_LEFT   the file
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
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int64_t *left;
static const char *dir;
static size_t dir_len;
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_truncate)(const char *, off_t);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void set_up(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_truncate = dlsym(RTLD_NEXT, "truncate");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    const char *path = getenv("MUSTER_DISK_LEFT");
    dir = getenv("MUSTER_DISK_DIR");
    if (!path || !dir) return;
    /* A program may write its own words where its environment was. */
    dir = strdup(dir);
    dir_len = strlen(dir);
    int fd = open(path, O_RDWR);
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        dprintf(2, "full-disk shim: %s: %s\n", path, strerror(errno));
        _exit(99);
    }
    close(fd);
    left = shared;
}

static int is_full(void) { return left && __atomic_load_n(left, __ATOMIC_SEQ_CST) >= 0; }

static int is_watched(int fd) {
    char name[64], path[PATH_MAX];
    if (!is_full()) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(name, path, sizeof path - 1);
    return len > (ssize_t)dir_len && !strncmp(path, dir, dir_len) && path[dir_len] == '/';
}

static void give_back(off_t bytes) {
    if (bytes > 0 && is_full()) __atomic_fetch_add(left, bytes, __ATOMIC_SEQ_CST);
}

/* Takes the room that a write needs, and returns how many bytes of it there is room for. */
static size_t take(int fd, off_t at, size_t len) {
    struct stat file;
    if (!len || !is_watched(fd) || fstat(fd, &file) || !S_ISREG(file.st_mode)) return len;
    off_t end = at + (off_t)len, from = at > file.st_size ? at : file.st_size;
    if (end <= from) return len;
    int64_t grows = end - from, there = __atomic_load_n(left, __ATOMIC_SEQ_CST), taken;
    do {
        if (there < 0) return len;
        taken = there < grows ? there : grows;
    } while (!__atomic_compare_exchange_n(left, &there, there - taken, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return len - (size_t)(grows - taken);
}

static off_t place(int fd) {
    struct stat file;
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    return appends && !fstat(fd, &file) ? file.st_size : lseek(fd, 0, SEEK_CUR);
}

static ssize_t full(void) {
    errno = ENOSPC;
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t len) {
    if (!len || !is_watched(fd)) return real_write(fd, bytes, len);
    size_t fits = take(fd, place(fd), len);
    return fits ? real_write(fd, bytes, fits) : full();
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) {
    size_t fits = take(fd, at, len);
    return fits || !len ? real_pwrite(fd, bytes, fits, at) : full();
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) { return pwrite(fd, bytes, len, at); }

/* One piece is enough: whoever writes several goes on after a short write. */
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at) {
    for (int i = 0; i < count; i++)
        if (pieces[i].iov_len) return pwrite(fd, pieces[i].iov_base, pieces[i].iov_len, at);
    return 0;
}
ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off_t at) { return pwritev(fd, pieces, count, at); }

int posix_fallocate(int fd, off_t at, off_t len) {
    static int (*real)(int, off_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "posix_fallocate");
    return take(fd, at, (size_t)len) < (size_t)len ? ENOSPC : real(fd, at, len);
}
int posix_fallocate64(int fd, off_t at, off_t len) { return posix_fallocate(fd, at, len); }

int fallocate(int fd, int mode, off_t at, off_t len) {
    static int (*real)(int, int, off_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "fallocate");
    return take(fd, at, (size_t)len) < (size_t)len ? (int)full() : real(fd, mode, at, len);
}
int fallocate64(int fd, int mode, off_t at, off_t len) { return fallocate(fd, mode, at, len); }

int ftruncate(int fd, off_t len) {
    struct stat file;
    int counts = is_watched(fd) && !fstat(fd, &file);
    int answer = real_ftruncate(fd, len);
    if (counts && !answer) give_back(file.st_size - len);
    return answer;
}
int ftruncate64(int fd, off_t len) { return ftruncate(fd, len); }

/* By name: the processes name the files of the folder in their own way, so the place of the file decides. */
static off_t there(const char *path) {
    char whole[PATH_MAX];
    struct stat file;
    if (!is_full() || !realpath(path, whole) || strncmp(whole, dir, dir_len) || whole[dir_len] != '/') return 0;
    return stat(whole, &file) || !S_ISREG(file.st_mode) || file.st_nlink > 1 ? 0 : file.st_size;
}

int truncate(const char *path, off_t len) {
    off_t size = there(path);
    int answer = real_truncate(path, len);
    if (!answer) give_back(size - len);
    return answer;
}
int truncate64(const char *path, off_t len) { return truncate(path, len); }

int unlink(const char *path) {
    off_t size = there(path);
    int answer = real_unlink(path);
    if (!answer) give_back(size);
    return answer;
}
