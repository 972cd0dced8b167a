/* Preloaded into a process, it strikes at the n-th operation on files below a folder, or on
 * sockets: kills the process, tears a write in two, or lets the call fail as a disk would.
 * Linux and other systems with LD_PRELOAD; `faulty.py` builds it and tells what the numbers mean.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN = 1, READ_OPEN = 2, WRITE = 4, SYNC = 8, NAME = 16, SIZE = 32, NET = 64 };
enum { OFF, KILL, TEAR, FAIL, SHORTEN };

/* Shared with the parent process, which reads it when the struck one is gone. */
static struct {
    long count;
    char where[512];
} *shared;

static char root[512];
static int mode, kinds, error, lasting;
static long strike;

__attribute__((constructor)) static void begin(void)
{
    shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void faulty_arm(const char *folder, int what, int which, long at, int number, int on)
{
    snprintf(root, sizeof root, "%s", folder);
    mode = what, kinds = which, strike = at, error = number, lasting = on;
    shared->count = 0, shared->where[0] = 0;
}

long faulty_count(void) { return shared->count; }
const char *faulty_where(void) { return shared->where; }

static int below(const char *path)
{
    size_t length = strlen(root);
    char full[1024];
    if (path[0] != '/') {
        char here[512];
        if (!getcwd(here, sizeof here))
            return 0;
        snprintf(full, sizeof full, "%s/%s", here, path);
        path = full;
    }
    return !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

/* What the call meets: OFF, or the mode. A call that fails has `errno` set. */
static int meet(int kind, const char *call, const char *path)
{
    if (mode == OFF || !(kinds & kind) || (kind != NET && !below(path)))
        return OFF;
    long number = ++shared->count;
    if (number != strike && !(lasting && strike && number > strike))
        return OFF;
    if (number == strike)
        snprintf(shared->where, sizeof shared->where, "%s %s", call, path);
    if (mode == KILL)
        kill(getpid(), SIGKILL);
    errno = error;
    return mode;
}

static int meet_fd(int kind, const char *call, int fd)
{
    char link[64], path[512];
    if (mode == OFF || !(kinds & kind))
        return OFF;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return OFF;
    path[length] = 0;
    return meet(kind, call, path);
}

#define NEXT(type, name, ...) \
    static type (*next)(__VA_ARGS__); \
    if (!next) \
        next = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define OPENING(name) \
    int name(const char *path, int flags, ...) \
    { \
        NEXT(int, name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        int permissions = va_arg(rest, int); \
        va_end(rest); \
        int kind = flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) ? OPEN : READ_OPEN; \
        return meet(kind, #name, path) >= FAIL ? -1 : next(path, flags, permissions); \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        NEXT(int, name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        int permissions = va_arg(rest, int); \
        va_end(rest); \
        int kind = flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) ? OPEN : READ_OPEN; \
        return meet(kind, #name, path) >= FAIL ? -1 : next(folder, path, flags, permissions); \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

/* A write is cut in two where it is torn or made short. */
#define WRITING(name, ...) \
    { \
        int met = meet_fd(WRITE, #name, fd); \
        if (met == FAIL) \
            return -1; \
        if (met == TEAR) { \
            next(fd, data, size / 2 __VA_ARGS__); \
            kill(getpid(), SIGKILL); \
        } \
        return next(fd, data, met == SHORTEN && size > 1 ? size / 2 : size __VA_ARGS__); \
    }
ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(ssize_t, write, int, const void *, size_t);
    WRITING(write)
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    NEXT(ssize_t, pwrite, int, const void *, size_t, off_t);
    WRITING(pwrite, , at)
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    NEXT(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    WRITING(pwrite64, , at)
}

#define ON_FD(kind, name) \
    int name(int fd) \
    { \
        NEXT(int, name, int); \
        return meet_fd(kind, #name, fd) >= FAIL ? -1 : next(fd); \
    }
ON_FD(SYNC, fsync)
ON_FD(SYNC, fdatasync)

#define ON_SIZE(name, type) \
    int name(int fd, type size) \
    { \
        NEXT(int, name, int, type); \
        return meet_fd(SIZE, #name, fd) >= FAIL ? -1 : next(fd, size); \
    }
ON_SIZE(ftruncate, off_t)
ON_SIZE(ftruncate64, off64_t)

int rename(const char *from, const char *to)
{
    NEXT(int, rename, const char *, const char *);
    return meet(NAME, "rename", to) >= FAIL ? -1 : next(from, to);
}
int unlink(const char *path)
{
    NEXT(int, unlink, const char *);
    return meet(NAME, "unlink", path) >= FAIL ? -1 : next(path);
}
int mkdir(const char *path, mode_t permissions)
{
    NEXT(int, mkdir, const char *, mode_t);
    return meet(NAME, "mkdir", path) >= FAIL ? -1 : next(path, permissions);
}
int chmod(const char *path, mode_t permissions)
{
    NEXT(int, chmod, const char *, mode_t);
    return meet(NAME, "chmod", path) >= FAIL ? -1 : next(path, permissions);
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    NEXT(int, connect, int, const struct sockaddr *, socklen_t);
    return meet(NET, "connect", "") >= FAIL ? -1 : next(fd, address, size);
}
ssize_t send(int fd, const void *data, size_t size, int flags)
{
    NEXT(ssize_t, send, int, const void *, size_t, int);
    return meet(NET, "send", "") >= FAIL ? -1 : next(fd, data, size, flags);
}
ssize_t recv(int fd, void *data, size_t size, int flags)
{
    NEXT(ssize_t, recv, int, void *, size_t, int);
    return meet(NET, "recv", "") >= FAIL ? -1 : next(fd, data, size, flags);
}
