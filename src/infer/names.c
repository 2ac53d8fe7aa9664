/* names.c - names that fits and posteriors use themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/names.h"

#include <stddef.h>
#include <string.h>

#include "infer/fit.h"
#include "infer/posterior.h"

static const char *const options[] = {"init",  "prior",  "fix",  "weights", "level", "chains", "draws",
                                      "warmup", "seed",  "trace", "method"};

bool th_is_reserved_field(const char *name) {
  const char *field;
  for (size_t i = 0; (field = th_fit_field_name(i)); i++)
    if (strcmp(field, name) == 0) return true;
  for (size_t i = 0; (field = th_posterior_field_name(i)); i++)
    if (strcmp(field, name) == 0) return true;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (strcmp(options[i], name) == 0) return true;
  return false;
}
