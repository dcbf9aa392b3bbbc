// Software prefetch, which Swift does not expose.
#ifndef CSVAND_PREFETCH_H
#define CSVAND_PREFETCH_H

/// Asks for the cache line at `address` to be read; harmless for any address.
static inline void csvand_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }
#endif
