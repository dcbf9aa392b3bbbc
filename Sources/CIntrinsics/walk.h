// The walk of one row from the roots of many trees to their leaves, with the gathers of wide vectors: Swift has no way to ask for them.
#ifndef CSVAND_WALK_H
#define CSVAND_WALK_H
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
typedef int32_t csvand_lanes __attribute__((vector_size(32), aligned(4)));
typedef uint32_t csvand_unsigned_lanes __attribute__((vector_size(32), aligned(4)));
typedef float csvand_float_lanes __attribute__((vector_size(32), aligned(4)));
typedef long long csvand_long_lanes __attribute__((vector_size(32)));

__attribute__((target("avx2"), always_inline)) static inline csvand_lanes csvand_gather(
    const void *base, csvand_lanes places) {
    return __builtin_ia32_gatherd_d256((csvand_lanes){0}, (const int *)base, places, (csvand_lanes){0} == 0, 4);
}

/// One step of eight walks, as `BlendedStep` makes it; nodes are of `TreeTraversal.Node`.
__attribute__((target("avx2"), always_inline)) static inline csvand_lanes csvand_walk_step(
    const uint32_t *nodes, const uint32_t *words, const float *row, csvand_lanes at, int categories) {
    csvand_lanes start = at << 2;
    csvand_float_lanes threshold = (csvand_float_lanes)csvand_gather(nodes, start);
    csvand_lanes place = csvand_gather(nodes + 1, start);
    csvand_lanes left = csvand_gather(nodes + 2, start);
    csvand_lanes bits = csvand_gather(row, place & ((1 << 29) - 1));
    csvand_float_lanes value = (csvand_float_lanes)bits;
    csvand_lanes right = ((value > threshold) | ((value != value) & ~(place >> 31))) & 1;
    if (categories) {
        csvand_lanes set = csvand_gather(nodes + 3, start) & ((place << 1) >> 31);
        csvand_unsigned_lanes code = (csvand_unsigned_lanes)bits;
        csvand_unsigned_lanes last = (csvand_unsigned_lanes)csvand_gather(words, set);
        csvand_unsigned_lanes word = code >> 5;
        csvand_unsigned_lanes inside = (csvand_unsigned_lanes)(word < last);
        word = (word & inside) | (last & ~inside);
        csvand_unsigned_lanes found = (csvand_unsigned_lanes)csvand_gather(words + 1, set + (csvand_lanes)word);
        right |= (csvand_lanes)((found >> (code & 31)) & 1);
    }
    return left + right;
}

/// Sixteen trees at once, so that the gathers of eight hide behind those of the others.
__attribute__((target("avx2"), always_inline)) static inline void csvand_walk_all(
    const uint32_t *nodes, const uint32_t *words, const float *row, const uint32_t *roots, size_t count,
    uint32_t *leaves, int categories) {
    for (size_t tree = 0; tree < count; tree += 16) {
        csvand_lanes a = *(const csvand_lanes *)(roots + tree), b = *(const csvand_lanes *)(roots + tree + 8);
        for (;;) {
            csvand_lanes c = csvand_walk_step(nodes, words, row, a, categories);
            csvand_lanes d = csvand_walk_step(nodes, words, row, b, categories);
            csvand_long_lanes moved = (csvand_long_lanes)((c ^ a) | (d ^ b));
            a = c;
            b = d;
            if (__builtin_ia32_ptestz256(moved, moved)) break;
        }
        *(csvand_lanes *)(leaves + tree) = a;
        *(csvand_lanes *)(leaves + tree + 8) = b;
    }
}

/// Walks a row from `count` roots, a multiple of sixteen, and writes the leaves it comes to. Needs `csvand_has_wide_vectors`.
///
/// Nodes and words are fewer than 2^29; reads of both and of the row stay within what the nodes say.
__attribute__((target("avx2"))) static void csvand_walk16(
    const uint32_t *nodes, const uint32_t *words, const float *row, const uint32_t *roots, size_t count,
    uint32_t *leaves, int categories) {
    if (categories) csvand_walk_all(nodes, words, row, roots, count, leaves, 1);
    else csvand_walk_all(nodes, words, row, roots, count, leaves, 0);
}
#else
/// Never called: there are no wide vectors.
static inline void csvand_walk16(
    const uint32_t *nodes, const uint32_t *words, const float *row, const uint32_t *roots, size_t count,
    uint32_t *leaves, int categories) {
    (void)nodes, (void)words, (void)row, (void)roots, (void)count, (void)leaves, (void)categories;
}
#endif
#endif
