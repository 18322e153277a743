#define _GNU_SOURCE
#include "shim.h"

#include <unistd.h>

int sync_file_system(int descriptor) { return syncfs(descriptor); }
