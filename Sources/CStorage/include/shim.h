#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// What Swift has no name for.

// O_DIRECT, which the C library shows only to those who define _GNU_SOURCE before anything else.
#if defined(__aarch64__) || defined(__arm__)
static const int direct_io_flag = 0200000;
#else
static const int direct_io_flag = 040000;
#endif

// syncfs, which the C library shows only to those who define _GNU_SOURCE: has all of the file system of an open file on disk.
// Gives 0, or -1 with errno.
int sync_file_system(int descriptor);

// sync_file_range, which is hidden in the same way: has the disk begin to take `count` bytes at `offset` of an open file. That is
// advice, and says nothing of whether they are there.
void begin_writing(int descriptor, int64_t offset, int64_t count);

// Has a fault in the memory map of `count` bytes at `start` end the process with exit code 74, after writing `line`. Gives a
// slot, or -1 if there are too many; then a fault ends the process without the line.
int store_map_guard(const void *start, size_t count, const char *line);

// Ends that, before the memory is no longer mapped.
void store_map_release(int slot);
