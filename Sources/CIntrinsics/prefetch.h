// Hints to the processor that Swift does not expose.
#ifndef CSVAND_PREFETCH_H
#define CSVAND_PREFETCH_H

/// Asks for the cache line at `address` to be read; harmless for any address.
static inline void csvand_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Tells the processor that this is a loop that waits for another thread.
static inline void csvand_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}
#endif
