#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The processor's CRC-32C. The state is neither inverted before nor after.

#if defined(__x86_64__)

#include <cpuid.h>

static inline bool crc32c_is_supported(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
}

__attribute__((target("sse4.2")))
static inline uint32_t crc32c_update(uint32_t state, const uint8_t *bytes, size_t count) {
    uint64_t wide = state;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    state = (uint32_t)wide;
    for (; count > 0; bytes++, count--) state = __builtin_ia32_crc32qi(state, *bytes);
    return state;
}

#elif defined(__ARM_FEATURE_CRC32)

static inline bool crc32c_is_supported(void) { return true; }

static inline uint32_t crc32c_update(uint32_t state, const uint8_t *bytes, size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        state = __builtin_arm_crc32cd(state, word);
    }
    for (; count > 0; bytes++, count--) state = __builtin_arm_crc32cb(state, *bytes);
    return state;
}

#else

static inline bool crc32c_is_supported(void) { return false; }
static inline uint32_t crc32c_update(uint32_t state, const uint8_t *bytes, size_t count) { return state; }

#endif
