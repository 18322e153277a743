#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <unistd.h>

int sync_file_system(int descriptor) { return syncfs(descriptor); }

void begin_writing(int descriptor, int64_t offset, int64_t count) {
    (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}
