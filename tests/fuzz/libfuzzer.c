/* libfuzzer.c - the entry FUZZ_ENTRY under libFuzzer */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FUZZ_ENTRY(size ? (const char *)data : "", size);
  return 0;
}
