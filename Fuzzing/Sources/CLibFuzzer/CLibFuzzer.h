#ifndef CLIB_FUZZER_H
#define CLIB_FUZZER_H

#include <stddef.h>
#include <stdint.h>

// The two functions of libFuzzer that a program with a `main` of its own calls; the compiler's header
// FuzzerInterface.h declares only what a program defines. The library comes with
// `-sanitize=fuzzer`.

/// Runs the fuzzer as its command line says; returns the program's exit code, if at all.
int LLVMFuzzerRunDriver(
  int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
  int (*_Nonnull callback)(const uint8_t *_Nullable data, size_t size));

/// Changes `data` in place as the fuzzer does without a mutator of our own; returns the new size, at
/// most `maximumSize`.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t maximumSize);

#endif
