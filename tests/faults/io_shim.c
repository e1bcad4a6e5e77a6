/* LD_PRELOAD: the nth write or flush of a file whose path holds FAULT_PATHS (words between colons) fails, as a disk does.
   fault_arm(n, error, half, always): error is an errno; half: a write puts half of its bytes there first; always: so do all after it.
   fault_fired(): whether it has. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long left = -1;
static int error_number = EIO, half_written = 0, for_ever = 0, fired = 0;

void fault_arm(long n, int error, int half, int always) {
    left = n; fired = 0; error_number = error; half_written = half; for_ever = always;
}
int fault_fired(void) { return fired; }

static int is_ours(int fd) {
    char link[64], path[4096], words[1024];
    const char *wanted = getenv("FAULT_PATHS");
    if (!wanted) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    snprintf(words, sizeof words, "%s", wanted);
    char *rest = NULL;
    for (char *word = strtok_r(words, ":", &rest); word; word = strtok_r(NULL, ":", &rest))
        if (strstr(path, word)) return 1;
    return 0;
}

static int fails(int fd) {
    if (left < 0 || !is_ours(fd)) return 0;
    if (left > 0 && --left > 0) return 0;
    if (!for_ever) left = -1;
    return fired = 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static ssize_t failed(ssize_t written) { (void)written; errno = error_number; return -1; }

ssize_t write(int fd, const void *bytes, size_t n) {
    if (fails(fd)) return failed(half_written ? REAL(write)(fd, bytes, n / 2) : 0);
    return REAL(write)(fd, bytes, n);
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    if (fails(fd)) return failed(half_written ? REAL(pwrite)(fd, bytes, n / 2, at) : 0);
    return REAL(pwrite)(fd, bytes, n, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    if (fails(fd)) return failed(half_written ? REAL(pwrite64)(fd, bytes, n / 2, at) : 0);
    return REAL(pwrite64)(fd, bytes, n, at);
}
int fsync(int fd) { return fails(fd) ? (int)failed(0) : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? (int)failed(0) : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t n) { return fails(fd) ? (int)failed(0) : REAL(ftruncate)(fd, n); }
int ftruncate64(int fd, off64_t n) { return fails(fd) ? (int)failed(0) : REAL(ftruncate64)(fd, n); }
