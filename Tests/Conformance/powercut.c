// Stands between a process and the files of its store: records what is written and synced, for power cuts to be made of it,
// and can pretend that the disk is full. To be preloaded.
//
// POWERCUT_DIR    the directory of the store; of its files data.mdb, journal and the directory itself all is recorded
// POWERCUT_TRACE  where to record it
// POWERCUT_TREE   the directory of a store that shows objects as files: of those, and of new ones in .muster/new, all is recorded
// POWERCUT_FILES  a table of file numbers, as they are and as they were before the power cut: what asks is told what was
// POWERCUT_FULL   while there is a file of this path, the disk is full: what was written before can be overwritten in the
//                 journal, and nothing else can be written
//
// A record is 24 bytes: the operation, the file, six bytes of nothing, offset and length (eight bytes each); bytes may follow.
// See powercut.py.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { none, data, journal, directory, space, shown, folder, file_limit = 4096 };

struct record {
    char operation;
    uint8_t file;
    char nothing[6];
    uint64_t offset;
    uint64_t length;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint8_t files[file_limit];
static uint8_t is_durable[file_limit];
static char *folders[file_limit];
static uint64_t position;
static int trace = -1;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void raw_write(const void *bytes, size_t count) {
    while (count > 0) {
        ssize_t done = syscall(SYS_write, trace, bytes, count);
        if (done < 0) { if (errno == EINTR) continue; abort(); }
        bytes = (const char *)bytes + done;
        count -= done;
    }
}

// Where the record is in the trace; `bytes` follow it if there are any.
static uint64_t record(char operation, uint8_t file, uint64_t offset, uint64_t length, const void *bytes) {
    const char *path = getenv("POWERCUT_TRACE");
    if (!path) return 0;
    int number = errno;
    pthread_mutex_lock(&mutex);
    if (trace < 0) {
        trace = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (trace < 0) abort();
    }
    uint64_t place = position;
    struct record header = {operation, file, {0}, offset, length};
    raw_write(&header, sizeof header);
    if (bytes) raw_write(bytes, length);
    position += sizeof header + (bytes ? length : 0);
    pthread_mutex_unlock(&mutex);
    errno = number;
    return place;
}

static uint8_t kind(int descriptor) {
    return descriptor >= 0 && descriptor < file_limit ? files[descriptor] : none;
}

// Whether a path is of the files that show objects, or of a folder of them.
static int is_shown(const char *path) {
    const char *root = getenv("POWERCUT_TREE");
    if (!root || !path) return 0;
    size_t length = strlen(root);
    if (strncmp(path, root, length) != 0 || (path[length] && path[length] != '/')) return 0;
    return strncmp(path + length, "/.muster", 8) != 0 || !strncmp(path + length, "/.muster/new", 12);
}

static uint64_t now(void) {
    pthread_mutex_lock(&mutex);
    uint64_t place = position;
    pthread_mutex_unlock(&mutex);
    return place;
}

static uint8_t kind_of_path(const char *path) {
    const char *root = getenv("POWERCUT_DIR");
    if (!root || !path) return none;
    size_t length = strlen(root);
    if (strncmp(path, root, length) != 0) return none;
    path += length;
    if (!*path || !strcmp(path, "/")) return directory;
    if (!strcmp(path, "/data.mdb")) return data;
    if (!strcmp(path, "/journal")) return journal;
    if (!strcmp(path, "/space")) return space;
    return none;
}

static int is_full(void) {
    const char *path = getenv("POWERCUT_FULL");
    int number = errno;
    int there = path && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
    errno = number;
    return there;
}

// How many bytes there is room for.
static size_t room(int descriptor, size_t count, off_t offset) {
    uint8_t file = kind(descriptor);
    if (!file || file == directory || file >= shown || !is_full()) return count;
    struct stat status;
    if (file == journal && fstat(descriptor, &status) == 0 && offset + (off_t)count <= status.st_size) return count;
    return file == data ? count / 2 / 4096 * 4096 : 0;
}

// Notes that a file of the tree, or a folder of it, was opened.
static void open_shown(int descriptor, const char *path, int flags) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return;
    if (S_ISDIR(status.st_mode)) {
        files[descriptor] = folder;
        folders[descriptor] = strdup(path);
    } else if (flags & (O_WRONLY | O_RDWR)) {
        files[descriptor] = shown;
        record('N', shown, status.st_ino, strlen(path), path);
    }
}

static int opened(int descriptor, const char *path, int flags, int existed) {
    if (descriptor < 0 || descriptor >= file_limit) return descriptor;
    files[descriptor] = kind_of_path(path);
    if (!files[descriptor] && is_shown(path)) open_shown(descriptor, path, flags);
    is_durable[descriptor] = (flags & O_DSYNC) != 0;
    if (files[descriptor] && files[descriptor] < shown && !existed) record('C', files[descriptor], 0, 0, NULL);
    return descriptor;
}

static int open_file(int at, const char *path, int flags, mode_t mode) {
    int existed = !(flags & O_CREAT) || syscall(SYS_faccessat, at, path, F_OK) == 0;
    return opened(syscall(SYS_openat, at, path, flags, mode), path, flags, existed);
}

static mode_t mode_of(int flags, va_list arguments) {
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list arguments; va_start(arguments, flags); mode_t mode = mode_of(flags, arguments); va_end(arguments); \
        return open_file(AT_FDCWD, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        va_list arguments; va_start(arguments, flags); mode_t mode = mode_of(flags, arguments); va_end(arguments); \
        return open_file(at, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int descriptor) {
    uint8_t file = kind(descriptor);
    struct stat status;
    if (file == shown && fstat(descriptor, &status) == 0) {
        uint64_t time = status.st_mtim.tv_sec * 1000000000ull + status.st_mtim.tv_nsec;
        record('M', shown, status.st_ino, time, NULL);
    } else if (file == folder) {
        free(folders[descriptor]);
        folders[descriptor] = NULL;
    }
    if (descriptor >= 0 && descriptor < file_limit) files[descriptor] = none;
    return NEXT(close)(descriptor);
}

static ssize_t write_at(int descriptor, const void *bytes, size_t count, off_t offset) {
    uint8_t file = kind(descriptor);
    if (!file) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
    struct stat status;
    if (file == shown && fstat(descriptor, &status) == 0) record('w', shown, status.st_ino, count, bytes);
    size_t possible = room(descriptor, count, offset);
    if (count > 0 && possible == 0) { errno = ENOSPC; return -1; }
    if (file != data && file != journal) return syscall(SYS_pwrite64, descriptor, bytes, possible, offset);
    uint64_t place = record('W', file, offset, possible, bytes);
    ssize_t done = syscall(SYS_pwrite64, descriptor, bytes, possible, offset);
    if (done == (ssize_t)possible && is_durable[descriptor]) record('D', file, place, 0, NULL);
    return done;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_at(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return write_at(descriptor, bytes, count, offset);
}

// Many pieces as one, so that they are recorded as one.
static ssize_t write_pieces(int descriptor, const struct iovec *pieces, int count, off_t offset) {
    size_t length = 0;
    for (int index = 0; index < count; index++) length += pieces[index].iov_len;
    char *bytes = malloc(length ? length : 1);
    if (!bytes) abort();
    size_t place = 0;
    for (int index = 0; index < count; index++) {
        memcpy(bytes + place, pieces[index].iov_base, pieces[index].iov_len);
        place += pieces[index].iov_len;
    }
    ssize_t done = write_at(descriptor, bytes, length, offset);
    free(bytes);
    return done;
}

ssize_t pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset) {
    if (!kind(descriptor)) return NEXT(pwritev)(descriptor, pieces, count, offset);
    return write_pieces(descriptor, pieces, count, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *pieces, int count, off64_t offset) {
    return pwritev(descriptor, pieces, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    if (!kind(descriptor)) return NEXT(writev)(descriptor, pieces, count);
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t done = write_pieces(descriptor, pieces, count, offset);
    if (done > 0) lseek(descriptor, offset + done, SEEK_SET);
    return done;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (!kind(descriptor)) return syscall(SYS_write, descriptor, bytes, count);
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t done = write_at(descriptor, bytes, count, offset);
    if (done > 0) lseek(descriptor, offset + done, SEEK_SET);
    return done;
}

static int cut_off(int descriptor, off_t length) {
    uint8_t file = kind(descriptor);
    if (file == data || file == journal) record('T', file, 0, length, NULL);
    return syscall(SYS_ftruncate, descriptor, length);
}

int ftruncate(int descriptor, off_t length) { return cut_off(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) { return cut_off(descriptor, length); }

static int synced(int descriptor, long call) {
    uint8_t file = kind(descriptor);
    uint64_t place = now();
    int result = syscall(call, descriptor);
    struct stat status;
    if (result != 0 || !file || file == space) return result;
    if (file == shown) {
        if (fstat(descriptor, &status) == 0) record('f', shown, status.st_ino, place, NULL);
    } else if (file == folder) {
        record('d', folder, place, strlen(folders[descriptor]), folders[descriptor]);
    } else {
        record('S', file, place, 0, NULL);
    }
    return result;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int syncfs(int descriptor) {
    uint64_t place = now();
    int result = syscall(SYS_syncfs, descriptor);
    if (result == 0 && getenv("POWERCUT_TREE")) record('Y', folder, place, 0, NULL);
    return result;
}

int rename(const char *from, const char *to) {
    if (is_shown(from) || is_shown(to)) {
        char *names = NULL;
        int length = asprintf(&names, "%s%c%s", from, 0, to);
        if (length < 0) abort();
        record('R', folder, 0, length, names);
        free(names);
    }
    return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path) {
    if (is_shown(path)) record('U', folder, 0, strlen(path), path);
    return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode) {
    if (is_shown(path)) record('K', folder, 0, strlen(path), path);
    return syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

static uint64_t *numbers;
static size_t number_count;

static void read_numbers(void) {
    FILE *table = fopen(getenv("POWERCUT_FILES"), "rb");
    if (!table || fseek(table, 0, SEEK_END) != 0) abort();
    number_count = ftell(table) / sizeof *numbers;
    rewind(table);
    numbers = malloc((number_count + 1) * sizeof *numbers);
    if (!numbers || fread(numbers, sizeof *numbers, number_count, table) != number_count) abort();
    fclose(table);
}

// Puts in what was the number of a file before the power cut: the files made of what was recorded have others.
static void renumber(struct stat *status) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!getenv("POWERCUT_FILES")) return;
    pthread_once(&once, read_numbers);
    for (size_t index = 0; index + 1 < number_count; index += 2)
        if (numbers[index] == status->st_ino) { status->st_ino = numbers[index + 1]; return; }
}

int lstat(const char *path, struct stat *status) {
    int result = NEXT(lstat)(path, status);
    if (result == 0 && is_shown(path)) renumber(status);
    return result;
}

int fstat(int descriptor, struct stat *status) {
    int result = NEXT(fstat)(descriptor, status);
    if (result == 0 && kind(descriptor) == shown) renumber(status);
    return result;
}
