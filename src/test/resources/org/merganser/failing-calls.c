/*
 * Lets the n-th call of the C library that concerns one folder fail, whatever thread makes it: for
 * LD_PRELOAD. FailingCalls.java maps the file that FAILING_CALLS names, and sets the number there.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITES = 1, READS = 2, FOREVER = 4 };

/* 8 bytes each, then two texts: the same offsets as in FailingCalls.java. */
struct control {
  int64_t left;  /* calls until one fails; 0 and less: none does */
  int64_t seen;  /* calls that were counted */
  int64_t error; /* the errno of the one that fails */
  int64_t kinds; /* WRITES or READS; with FOREVER all that follow fail as well */
  char folder[1000];
  char what[1000]; /* the call that failed */
};

static struct control *control;

__attribute__((constructor)) static void start(void) {
  const char *name = getenv("FAILING_CALLS");
  int fd = name == NULL ? -1 : syscall(SYS_openat, AT_FDCWD, name, O_RDWR);
  if (fd >= 0) {
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    control = at == MAP_FAILED ? NULL : at;
    syscall(SYS_close, fd);
  }
}

static int fails(int kind, const char *call, const char *path) {
  if (control == NULL || (control->kinds & kind) == 0 || path == NULL) {
    return 0;
  }
  size_t length = strlen(control->folder);
  if (length == 0 || strncmp(path, control->folder, length) != 0) {
    return 0;
  }
  __atomic_fetch_add(&control->seen, 1, __ATOMIC_SEQ_CST);
  int64_t left = __atomic_fetch_sub(&control->left, 1, __ATOMIC_SEQ_CST);
  if (left == 1) {
    snprintf(control->what, sizeof control->what, "%s %s", call, path);
  } else if (left > 1 || (control->kinds & FOREVER) == 0) {
    return 0;
  }
  errno = (int)control->error;
  return 1;
}

static int fails_at(int kind, const char *call, int fd) {
  if (control == NULL || (control->kinds & kind) == 0) {
    return 0;
  }
  int before = errno;
  char link[40], path[1000];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = before;
  if (length <= 0) {
    return 0;
  }
  path[length] = 0;
  return fails(kind, call, path);
}

#define REAL(type, name, ...)                              \
  static type (*real)(__VA_ARGS__);                        \
  if (real == NULL) {                                      \
    real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name); \
  }

/* A call with a path, which returns -1. */
#define BY_PATH(kind, name, path, args, ...) \
  int name(__VA_ARGS__) {                    \
    REAL(int, name, __VA_ARGS__)             \
    return fails(kind, #name, path) ? -1 : real args; \
  }

/* A call with an open file, which returns -1. */
#define BY_FILE(type, kind, name, fd, args, ...) \
  type name(__VA_ARGS__) {                       \
    REAL(type, name, __VA_ARGS__)                \
    return fails_at(kind, #name, fd) ? (type)-1 : real args; \
  }

#define OPEN(name)                                                             \
  int name(const char *path, int flags, ...) {                                 \
    va_list more;                                                              \
    va_start(more, flags);                                                     \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;   \
    va_end(more);                                                              \
    REAL(int, name, const char *, int, ...)                                    \
    int kind = (flags & (O_CREAT | O_WRONLY | O_RDWR)) ? WRITES : READS;       \
    return fails(kind, #name, path) ? -1 : real(path, flags, mode);            \
  }
OPEN(open)
OPEN(open64)

BY_PATH(READS, stat64, path, (path, out), const char *path, struct stat64 *out)
BY_PATH(READS, lstat64, path, (path, out), const char *path, struct stat64 *out)

/* The JDK asks for the attributes of paths, and with an empty path for those of open files. */
int statx(int at, const char *path, int flags, unsigned mask, struct statx *out) {
  REAL(int, statx, int, const char *, int, unsigned, struct statx *)
  int failed = *path == 0 ? fails_at(READS, "statx", at) : fails(READS, "statx", path);
  return failed ? -1 : real(at, path, flags, mask, out);
}

BY_PATH(READS, access, path, (path, mode), const char *path, int mode)
BY_PATH(WRITES, mkdir, path, (path, mode), const char *path, mode_t mode)
BY_PATH(WRITES, rmdir, path, (path), const char *path)
BY_PATH(WRITES, unlink, path, (path), const char *path)
BY_PATH(WRITES, rename, to, (from, to), const char *from, const char *to)

BY_FILE(ssize_t, READS, read, fd, (fd, at, n), int fd, void *at, size_t n)
BY_FILE(ssize_t, READS, readv, fd, (fd, v, n), int fd, const struct iovec *v, int n)
BY_FILE(ssize_t, READS, pread64, fd, (fd, at, n, p), int fd, void *at, size_t n, off64_t p)
BY_FILE(int, READS, fstat64, fd, (fd, out), int fd, struct stat64 *out)
BY_FILE(ssize_t, WRITES, write, fd, (fd, at, n), int fd, const void *at, size_t n)
BY_FILE(ssize_t, WRITES, writev, fd, (fd, v, n), int fd, const struct iovec *v, int n)
BY_FILE(ssize_t, WRITES, pwrite64, fd, (fd, at, n, p), int fd, const void *at, size_t n, off64_t p)
BY_FILE(int, WRITES, ftruncate64, fd, (fd, n), int fd, off64_t n)
BY_FILE(int, WRITES, fsync, fd, (fd), int fd)
BY_FILE(int, WRITES, fdatasync, fd, (fd), int fd)
BY_FILE(ssize_t, WRITES, sendfile64, out, (out, in, p, n), int out, int in, off64_t *p, size_t n)

/* Fails for a file that was written, as on NFS; the file is closed all the same, as Linux does it. */
int close(int fd) {
  REAL(int, close, int)
  int failed = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && fails_at(WRITES, "close", fd);
  int error = errno;
  int result = real(fd);
  if (failed) {
    errno = error;
  }
  return failed ? -1 : result;
}

void *mmap64(void *near, size_t n, int access, int flags, int fd, off64_t at) {
  REAL(void *, mmap64, void *, size_t, int, int, int, off64_t)
  return fd >= 0 && fails_at(READS, "mmap64", fd) ? MAP_FAILED : real(near, n, access, flags, fd, at);
}

DIR *opendir(const char *path) {
  REAL(DIR *, opendir, const char *)
  return fails(READS, "opendir", path) ? NULL : real(path);
}

struct dirent *readdir(DIR *folder) {
  REAL(struct dirent *, readdir, DIR *)
  return fails_at(READS, "readdir", dirfd(folder)) ? NULL : real(folder);
}
