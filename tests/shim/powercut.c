/*
 * A disk that loses power and a disk that fails, for one process, by LD_PRELOAD.
 *
 * It watches the files of one folder. For each it knows which 512-byte blocks were written since the
 * file was last synced, and it keeps a copy of every file as it would be found after a power cut: only
 * what was synced is there. As each sync begins, before it has done anything, it can keep a cut: the
 * ledger first, then the copies. So whatever the ledger of a cut says was acknowledged must be found in
 * the files of that cut.
 *
 *   MUSTER_SHIM_DIR     the folder
 *   MUSTER_SHIM_OUT     where the copies go: durable/, and cut-00001/{strict,torn}/ for each cut.
 *                       strict: only what was synced. torn: some of the blocks written since, too.
 *   MUSTER_SHIM_LEDGER  a file of the process itself, copied into each cut
 *   MUSTER_SHIM_EVERY   keep a cut at every so many syncs; 0 or unset: none
 *   MUSTER_SHIM_COUNTS  a file that gets the number of calls of each kind at the end
 *   MUSTER_SHIM_FAIL    kind:how:first:times, such as write:ENOSPC:7:1; times 0 means for ever.
 *                       kinds: open sync truncate unlink write; how: EIO ENOSPC SHORT (half is written)
 *
 * After a sync that fails, what it should have made durable never will be: Linux does the same.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512
#define FILES_MAX 16
#define FDS_MAX 1024
#define FOLDER (-2)

enum kind { OPEN, SYNC, TRUNCATE, UNLINK, WRITE, KINDS };
static const char *const kind_names[KINDS] = {"open", "sync", "truncate", "unlink", "write"};
enum fault { NONE, FAIL, SHORT };

struct file {
    char name[NAME_MAX + 1];
    unsigned char *dirty; /* one byte for each block */
    size_t blocks;
    int gone;  /* unlinked, but the folder was not synced since */
    int whole; /* the copy is of an older file of this name */
};

static struct file files[FILES_MAX];
static int files_len;
static int slot_of[FDS_MAX]; /* 0: not watched; FOLDER; otherwise 1 + place in files */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *dir, *out, *ledger;
/* How long a call of a slow disk takes. */
#define SLOW_US 30000

static long every, cuts, counts[KINDS], fail_first, fail_times, met;
static int fail_kind = -1, fail_errno, is_slow;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);

static void die(const char *what) {
    dprintf(2, "power-cut shim: %s: %s\n", what, strerror(errno));
    _exit(99);
}

static void read_fault(const char *text) {
    char kind[16], how[16];
    if (sscanf(text, "%15[a-z]:%15[A-Z]:%ld:%ld", kind, how, &fail_first, &fail_times) != 4)
        die("MUSTER_SHIM_FAIL is not kind:how:first:times");
    for (int k = 0; k < KINDS; k++)
        if (!strcmp(kind, kind_names[k])) fail_kind = k;
    fail_errno = !strcmp(how, "EIO")      ? EIO
                 : !strcmp(how, "ENOSPC") ? ENOSPC
                 : !strcmp(how, "EROFS")  ? EROFS
                                          : 0;
    is_slow = !strcmp(how, "SLOW");
}

static void set_up(void) {
    static int done;
    if (done) return;
    done = 1;
    real_open = dlsym(RTLD_NEXT, "open");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    dir = getenv("MUSTER_SHIM_DIR");
    out = getenv("MUSTER_SHIM_OUT");
    ledger = getenv("MUSTER_SHIM_LEDGER");
    const char *text = getenv("MUSTER_SHIM_EVERY");
    every = text ? atol(text) : 0;
    if ((text = getenv("MUSTER_SHIM_FAIL"))) read_fault(text);
}

__attribute__((constructor)) static void begin(void) { set_up(); }

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("MUSTER_SHIM_COUNTS");
    if (!path) return;
    int fd = real_open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    for (int k = 0; k < KINDS; k++) dprintf(fd, "%s %ld\n", kind_names[k], counts[k]);
    dprintf(fd, "met %ld\n", met);
    real_close(fd);
}

/* Counts a call and says whether this one fails. */
static enum fault strike(enum kind kind) {
    long call = ++counts[kind];
    if ((int)kind != fail_kind || call < fail_first) return NONE;
    if (fail_times && call >= fail_first + fail_times) return NONE;
    met++;
    if (is_slow) {
        usleep(SLOW_US);
        return NONE;
    }
    if (!fail_errno) return SHORT;
    errno = fail_errno;
    return FAIL;
}

static const char *name_in_dir(const char *path) {
    size_t len = dir ? strlen(dir) : 0;
    if (!len || strncmp(path, dir, len)) return NULL;
    return path[len] == '\0' ? "" : path[len] == '/' ? path + len + 1 : NULL;
}

static int ends_with(const char *name, const char *ending) {
    size_t a = strlen(name), b = strlen(ending);
    return a >= b && !strcmp(name + a - b, ending);
}

static struct file *file_of(const char *name) {
    for (int i = 0; i < files_len; i++)
        if (!strcmp(files[i].name, name)) return &files[i];
    if (files_len == FILES_MAX) die("too many files");
    struct file *file = &files[files_len++];
    snprintf(file->name, sizeof file->name, "%s", name);
    file->whole = 1;
    return file;
}

static struct file *watched(int fd) {
    if (fd < 0 || fd >= FDS_MAX || slot_of[fd] <= 0) return NULL;
    return &files[slot_of[fd] - 1];
}

/* The index of the write-ahead log is shared memory, which no power cut leaves behind. */
static int survives(const struct file *file) { return !ends_with(file->name, "-shm"); }

static void mark(struct file *file, off_t from, size_t len) {
    if (!len) return;
    size_t last = (size_t)(from + (off_t)len - 1) / BLOCK;
    if (last >= file->blocks) {
        size_t blocks = (last + 1) * 2;
        file->dirty = realloc(file->dirty, blocks);
        if (!file->dirty) die("no memory");
        memset(file->dirty + file->blocks, 0, blocks - file->blocks);
        file->blocks = blocks;
    }
    memset(file->dirty + from / BLOCK, 1, last - (size_t)from / BLOCK + 1);
}

static void copy_block(int from, int to, size_t block) {
    char bytes[BLOCK];
    ssize_t got = pread(from, bytes, BLOCK, (off_t)(block * BLOCK));
    if (got > 0 && real_pwrite(to, bytes, (size_t)got, (off_t)(block * BLOCK)) != got) die("copying");
}

static void copy(const char *from, const char *to) {
    char bytes[65536];
    ssize_t got;
    int source = real_open(from, O_RDONLY);
    if (source < 0) return;
    int target = real_open(to, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (target < 0) die(to);
    while ((got = read(source, bytes, sizeof bytes)) > 0)
        if (real_write(target, bytes, (size_t)got) != got) die(to);
    real_close(source);
    real_close(target);
}

/* Lays the blocks written since the last sync over a copy: all of them, or those that luck picks. */
static void lay(struct file *file, const char *to, long luck) {
    char path[2 * PATH_MAX];
    struct stat live;
    snprintf(path, sizeof path, "%s/%s", dir, file->name);
    int source = real_open(path, O_RDONLY);
    if (source < 0) return;
    int target = real_open(to, O_CREAT | O_RDWR | (file->whole && !luck ? O_TRUNC : 0), 0644);
    if (target < 0 || fstat(source, &live)) die(to);
    if (!luck && real_ftruncate(target, live.st_size)) die(to);
    size_t blocks = ((size_t)live.st_size + BLOCK - 1) / BLOCK;
    for (size_t b = 0; b < blocks; b++) {
        int written = file->whole || (b < file->blocks && file->dirty[b]);
        unsigned long dice = ((unsigned long)luck * 2654435761u) ^ (b * 40503u);
        dice = (dice ^ (dice >> 13)) * 0x9E3779B97F4A7C15u;
        if (written && (!luck || (dice >> 40) & 1)) copy_block(source, target, b);
    }
    real_close(source);
    real_close(target);
}

static void keep_cut(void) {
    char from[2 * PATH_MAX], to[2 * PATH_MAX];
    cuts++;
    snprintf(to, sizeof to, "%s/cut-%05ld", out, cuts);
    mkdir(to, 0755);
    snprintf(to, sizeof to, "%s/cut-%05ld/ledger", out, cuts);
    if (ledger) copy(ledger, to);
    const char *const kinds[] = {"strict", "torn"};
    for (int torn = 0; torn < 2; torn++) {
        snprintf(to, sizeof to, "%s/cut-%05ld/%s", out, cuts, kinds[torn]);
        mkdir(to, 0755);
        for (int i = 0; i < files_len; i++) {
            if (!survives(&files[i])) continue;
            snprintf(from, sizeof from, "%s/durable/%s", out, files[i].name);
            snprintf(to, sizeof to, "%s/cut-%05ld/%s/%s", out, cuts, kinds[torn], files[i].name);
            copy(from, to);
            if (torn && !files[i].gone) lay(&files[i], to, cuts);
        }
    }
}

static void make_durable(struct file *file) {
    char to[2 * PATH_MAX];
    if (!out || !survives(file)) return;
    snprintf(to, sizeof to, "%s/durable/%s", out, file->name);
    lay(file, to, 0);
    file->whole = 0;
}

static void make_names_durable(void) {
    char path[2 * PATH_MAX];
    for (int i = 0; out && i < files_len; i++) {
        if (!files[i].gone) continue;
        snprintf(path, sizeof path, "%s/durable/%s", out, files[i].name);
        real_unlink(path);
    }
}

static int sync_with(int (*real)(int), int fd) {
    set_up();
    int folder = fd >= 0 && fd < FDS_MAX && slot_of[fd] == FOLDER;
    struct file *file = watched(fd);
    if (!file && !folder) return real(fd);
    pthread_mutex_lock(&lock);
    if (out && every && (counts[SYNC] + 1) % every == 0) keep_cut();
    int answer = -1;
    enum fault fault = strike(SYNC);
    int error = errno;
    if (fault == NONE) {
        if (file) make_durable(file);
        else make_names_durable();
        answer = 0;
    }
    if (file && file->dirty) memset(file->dirty, 0, file->blocks);
    if (file && fault != NONE) file->whole = 0;
    pthread_mutex_unlock(&lock);
    errno = error;
    return answer;
}

int fsync(int fd) { return sync_with(real_fsync, fd); }
int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }

static int open_with(const char *path, int flags, mode_t mode) {
    set_up();
    const char *name = name_in_dir(path);
    if (!name || ends_with(name, ".lock")) return real_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = -1;
    if (strike(OPEN) == NONE) fd = real_open(path, flags, mode);
    if (fd >= FDS_MAX) die("too many open files");
    if (fd >= 0 && !*name) slot_of[fd] = FOLDER;
    else if (fd >= 0) {
        struct file *file = file_of(name);
        if (file->gone) {
            file->gone = 0;
            file->whole = 1;
        }
        slot_of[fd] = (int)(file - files) + 1;
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags)                              \
    mode_t mode = 0;                             \
    if ((flags) & O_CREAT) {                    \
        va_list rest;                            \
        va_start(rest, flags);                   \
        mode = (mode_t)va_arg(rest, int);        \
        va_end(rest);                            \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_with(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_with(path, flags, mode); }

int close(int fd) {
    set_up();
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FDS_MAX) slot_of[fd] = 0;
    int answer = real_close(fd);
    pthread_mutex_unlock(&lock);
    return answer;
}

static ssize_t write_at(struct file *file, int fd, const void *bytes, size_t len, off_t at) {
    pthread_mutex_lock(&lock);
    enum fault fault = strike(WRITE);
    ssize_t written = -1;
    if (fault != FAIL) written = real_pwrite(fd, bytes, fault == SHORT && len > 1 ? len / 2 : len, at);
    if (written > 0) mark(file, at, (size_t)written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) {
    set_up();
    struct file *file = watched(fd);
    return file ? write_at(file, fd, bytes, len, at) : real_pwrite(fd, bytes, len, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) { return pwrite(fd, bytes, len, at); }

ssize_t write(int fd, const void *bytes, size_t len) {
    set_up();
    struct file *file = watched(fd);
    if (!file) return real_write(fd, bytes, len);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t written = write_at(file, fd, bytes, len, at);
    if (written > 0) lseek(fd, at + written, SEEK_SET);
    return written;
}

int ftruncate(int fd, off_t len) {
    set_up();
    if (!watched(fd)) return real_ftruncate(fd, len);
    pthread_mutex_lock(&lock);
    int answer = strike(TRUNCATE) == NONE ? real_ftruncate(fd, len) : -1;
    pthread_mutex_unlock(&lock);
    return answer;
}
int ftruncate64(int fd, off_t len) { return ftruncate(fd, len); }

int unlink(const char *path) {
    set_up();
    const char *name = name_in_dir(path);
    if (!name || !*name) return real_unlink(path);
    pthread_mutex_lock(&lock);
    int answer = strike(UNLINK) == NONE ? real_unlink(path) : -1;
    if (answer == 0) {
        struct file *file = file_of(name);
        file->gone = 1;
        if (file->dirty) memset(file->dirty, 0, file->blocks);
    }
    pthread_mutex_unlock(&lock);
    return answer;
}
