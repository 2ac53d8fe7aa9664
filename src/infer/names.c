/* names.c - names that fits and posteriors use themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/names.h"

#include <string.h>

#include "infer/fit.h"
#include "infer/posterior.h"

static const char *const options[] = {"init",  "prior",  "fix",  "weights", "level", "chains",
                                      "draws", "warmup", "seed", "trace",   "method"};

bool th_is_symbol(ThContext *cx, const ThSymbol *name, const char *spelling) {
  return th_symbol_find(cx, spelling, strlen(spelling)) == name;
}

bool th_is_reserved_field(ThContext *cx, const ThSymbol *name) {
  const char *field;
  for (size_t i = 0; (field = th_fit_field_name(i)); i++)
    if (th_is_symbol(cx, name, field)) return true;
  for (size_t i = 0; (field = th_posterior_field_name(i)); i++)
    if (th_is_symbol(cx, name, field)) return true;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (th_is_symbol(cx, name, options[i])) return true;
  return false;
}
