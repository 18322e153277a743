#include <sys/mman.h>

/// Asks the processor to fetch the memory at `address`, without waiting for it.
static inline void prefetch(const void *address) { __builtin_prefetch(address); }
