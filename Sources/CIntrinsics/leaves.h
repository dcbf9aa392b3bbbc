// Which leaf of a small tree each of 32 rows ends in, without a branch: Swift has no way to ask for wider vectors where the processor
// has them, and with them a batch of predictions takes half of the time.
#ifndef CSVAND_LEAVES_H
#define CSVAND_LEAVES_H
#include <stddef.h>
#include <stdint.h>

/// Test of an inner node: values above the threshold leave the leaves of the left side.
struct csvand_leaf_test {
    float threshold;
    /// Place of the feature's first value in the block.
    uint32_t offset;
    /// Leaves under the left child, a bit each, the leftmost leaf the lowest.
    uint32_t left_leaves;
};

typedef float csvand_floats __attribute__((vector_size(32), aligned(4)));
typedef int32_t csvand_bits __attribute__((vector_size(32), aligned(4)));

// Tests up to `missing_left` keep a missing value on the left, the later ones send it to the right: a comparison with NaN is false.
#define CSVAND_LEAVES_BODY                                                                                           \
    csvand_bits s0 = {-1, -1, -1, -1, -1, -1, -1, -1}, s1 = s0, s2 = s0, s3 = s0;                                     \
    for (size_t i = 0; i < missing_left; i++) {                                                                       \
        const csvand_floats *v = (const csvand_floats *)(block + tests[i].offset);                                    \
        csvand_floats t = tests[i].threshold - (csvand_floats){0};                                                    \
        csvand_bits m = (int32_t)tests[i].left_leaves - (csvand_bits){0};                                             \
        s0 &= ~((v[0] > t) & m);                                                                                      \
        s1 &= ~((v[1] > t) & m);                                                                                      \
        s2 &= ~((v[2] > t) & m);                                                                                      \
        s3 &= ~((v[3] > t) & m);                                                                                      \
    }                                                                                                                 \
    for (size_t i = missing_left; i < count; i++) {                                                                   \
        const csvand_floats *v = (const csvand_floats *)(block + tests[i].offset);                                    \
        csvand_floats t = tests[i].threshold - (csvand_floats){0};                                                    \
        csvand_bits m = (int32_t)tests[i].left_leaves - (csvand_bits){0};                                             \
        s0 &= ~(~(v[0] <= t) & m);                                                                                    \
        s1 &= ~(~(v[1] <= t) & m);                                                                                    \
        s2 &= ~(~(v[2] <= t) & m);                                                                                    \
        s3 &= ~(~(v[3] <= t) & m);                                                                                    \
    }                                                                                                                 \
    csvand_bits *out = (csvand_bits *)states;                                                                         \
    out[0] = s0;                                                                                                      \
    out[1] = s1;                                                                                                      \
    out[2] = s2;                                                                                                      \
    out[3] = s3;

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void csvand_leaves32_wide(
    const float *block, const struct csvand_leaf_test *tests, size_t missing_left, size_t count, uint32_t *states) {
    CSVAND_LEAVES_BODY
}

/// Whether the processor has 32-byte vectors.
static inline int csvand_has_wide_vectors(void) { return __builtin_cpu_supports("avx2"); }
#else
static inline int csvand_has_wide_vectors(void) { return 0; }
#endif

/// Writes the leaves that are left for each of 32 rows; the lowest bit is the leaf of the row.
///
/// Reads 32 values from each test's offset in the block, and writes 32 states.
static inline void csvand_leaves32(
    const float *block, const struct csvand_leaf_test *tests, size_t missing_left, size_t count, uint32_t *states,
    int wide) {
#if defined(__x86_64__)
    if (wide) {
        csvand_leaves32_wide(block, tests, missing_left, count, states);
        return;
    }
#endif
    (void)wide;
    CSVAND_LEAVES_BODY
}
#endif
