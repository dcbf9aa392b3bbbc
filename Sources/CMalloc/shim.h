// Not part of Swift's Glibc module.
#ifndef CSVAND_CMALLOC_H
#define CSVAND_CMALLOC_H
#include <malloc.h>
#endif
