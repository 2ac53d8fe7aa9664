/* names.c - names that fits and posteriors use themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "infer/fit.h"
#include "infer/posterior.h"
#include "lang/builtin.h"

static const char *const options[] = {"init",  "prior",  "fix",  "weights", "level", "chains",
                                      "draws", "warmup", "seed", "trace",   "method"};

bool th_is_symbol(ThContext *cx, const ThSymbol *name, const char *spelling) {
  return th_symbol_find(cx, spelling, strlen(spelling)) == name;
}

bool th_is_reserved_field(ThContext *cx, const ThSymbol *name) {
  const ThFieldNote *field;
  for (size_t i = 0; (field = th_fit_kind.field_note(i)); i++)
    if (th_is_symbol(cx, name, field->name)) return true;
  for (size_t i = 0; (field = th_posterior_kind.field_note(i)); i++)
    if (th_is_symbol(cx, name, field->name)) return true;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (th_is_symbol(cx, name, options[i])) return true;
  return false;
}

const char *th_typed_name(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size) {
  th_operand(cx, index, "", buffer, size);
  const char *end = buffer + strlen(buffer);
  for (const char *at = buffer; at < end && buffer[0]; at++) {
    bool plain = isalnum((unsigned char)*at) || *at == '_' || (unsigned char)*at >= 0x80;
    if (!plain) buffer[0] = '\0'; /* an expression */
  }
  const ThSymbol *name = buffer[0] ? th_symbol_find(cx, buffer, strlen(buffer)) : NULL;
  if (!name || th_builtin_find(cx, name)) snprintf(buffer, size, "%s", fallback);
  return buffer;
}
