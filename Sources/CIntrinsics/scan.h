// Compare masks over 64 bytes: Swift's SIMD has no movemask, which is what turns a vector comparison into a bit set.
// SSE2 is in every x86-64; other machines take the portable loop, which compilers vectorise where they can.
#ifndef CSVAND_SCAN_H
#define CSVAND_SCAN_H
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/// Bit i is set when bytes[i] == value, for i in 0..<64. Reads exactly 64 bytes.
static inline uint64_t csvand_mask64(const uint8_t *bytes, uint8_t value) {
    const __m128i needle = _mm_set1_epi8((char)value);
    const __m128i *lanes = (const __m128i *)bytes;
    uint64_t m0 = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(lanes), needle));
    uint64_t m1 = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(lanes + 1), needle));
    uint64_t m2 = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(lanes + 2), needle));
    uint64_t m3 = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(lanes + 3), needle));
    return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}

/// Bit i is set when bytes[i] is 0 or not ASCII, for i in 0..<64. Reads exactly 64 bytes.
static inline uint64_t csvand_unusual64(const uint8_t *bytes) {
    const __m128i one = _mm_set1_epi8(1);
    const __m128i *lanes = (const __m128i *)bytes;
    // As signed bytes, 0 and 128...255 are the ones below 1.
    uint64_t m0 = (uint16_t)_mm_movemask_epi8(_mm_cmplt_epi8(_mm_loadu_si128(lanes), one));
    uint64_t m1 = (uint16_t)_mm_movemask_epi8(_mm_cmplt_epi8(_mm_loadu_si128(lanes + 1), one));
    uint64_t m2 = (uint16_t)_mm_movemask_epi8(_mm_cmplt_epi8(_mm_loadu_si128(lanes + 2), one));
    uint64_t m3 = (uint16_t)_mm_movemask_epi8(_mm_cmplt_epi8(_mm_loadu_si128(lanes + 3), one));
    return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}
#else
/// Bit i is set when bytes[i] == value, for i in 0..<64. Reads exactly 64 bytes.
static inline uint64_t csvand_mask64(const uint8_t *bytes, uint8_t value) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == value) << i;
    return mask;
}

/// Bit i is set when bytes[i] is 0 or not ASCII, for i in 0..<64. Reads exactly 64 bytes.
static inline uint64_t csvand_unusual64(const uint8_t *bytes) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= (uint64_t)((int8_t)bytes[i] < 1) << i;
    return mask;
}
#endif
#endif
