// inflateInit2 is a macro, which Swift cannot see.
#ifndef CSVAND_CZLIB_H
#define CSVAND_CZLIB_H
#include <zlib.h>

static inline int csvand_inflate_init(z_streamp stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}
#endif
