// libFuzzer's entry for programs that have a main of their own (clang, docs/LibFuzzer, "Using libFuzzer as a library").
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
