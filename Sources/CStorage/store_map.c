#include "shim.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { store_map_limit = 64, store_map_line_limit = 1024 };

struct store_map {
    _Atomic(uintptr_t) start;
    uintptr_t end;
    size_t length;
    char line[store_map_line_limit];
};

static struct store_map store_maps[store_map_limit];
static struct sigaction store_map_previous;
static atomic_flag store_map_is_installed = ATOMIC_FLAG_INIT;

static void store_map_fault(int number, siginfo_t *information, void *context) {
    (void)context;
    uintptr_t place = (uintptr_t)information->si_addr;
    for (int slot = 0; slot < store_map_limit; slot++) {
        struct store_map *map = &store_maps[slot];
        uintptr_t start = atomic_load(&map->start);
        if (start > 1 && place >= start && place < map->end) {
            ssize_t ignored = write(2, map->line, map->length);
            (void)ignored;
            _exit(74); // EX_IOERR
        }
    }
    // The instruction is repeated, and the fault goes to whoever had it before.
    sigaction(number, &store_map_previous, NULL);
}

int store_map_guard(const void *start, size_t count, const char *line) {
    if (!atomic_flag_test_and_set(&store_map_is_installed)) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = store_map_fault;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &store_map_previous);
    }
    for (int slot = 0; slot < store_map_limit; slot++) {
        struct store_map *map = &store_maps[slot];
        uintptr_t none = 0;
        // 1 is nobody's address: the slot is taken, and not ready.
        if (!atomic_compare_exchange_strong(&map->start, &none, 1)) continue;
        size_t length = strlen(line);
        map->length = length < store_map_line_limit ? length : store_map_line_limit;
        memcpy(map->line, line, map->length);
        map->end = (uintptr_t)start + count;
        atomic_store(&map->start, (uintptr_t)start);
        return slot;
    }
    return -1;
}

void store_map_release(int slot) {
    if (slot >= 0) atomic_store(&store_maps[slot].start, 0);
}
