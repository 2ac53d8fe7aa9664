/* signature.h - what a built-in's signature says, and arguments bound to it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_SIGNATURE_H
#define TH_LANG_SIGNATURE_H

#include "lang/builtin.h"

typedef struct ThParameter {
  ThSymbol *name;
  const char *kinds; /* within the signature: "real|vector"; NULL for any */
  size_t kinds_length;
  ThValue fallback; /* the default; unset for `…` and for required ones */
  bool has_default, named_only, rest;
  bool takes_numbers; /* any number is of these kinds */
} ThParameter;

typedef struct ThSignature {
  size_t n_parameters, n_positional; /* positional ones come first, a rest parameter is their last */
  bool has_rest;
  ThSymbol *named_rest; /* collects other named arguments; NULL when there is none */
  ThParameter parameters[];
} ThSignature;

TH_CHECKED ThSignature *th_signature_parse(ThContext *cx, const char *text);
void th_signature_free(ThContext *cx, ThSignature *signature);

/* Arguments bound and checked: n values, each owned, named rest as one record at the end. */
typedef struct ThBound {
  size_t n, capacity;
  ThValue *values;
  bool *given;
  size_t *sources; /* of each value: 1 + the position of the argument that it came from; 0: a default */
  ThValue small_values[16];
  size_t small_sources[16];
  bool small_given[16];
} ThBound;

TH_CHECKED bool th_signature_bind(ThContext *cx, const ThBuiltin *row, const ThSignature *signature,
                                  const ThArguments *args, ThBound *bound);
/* An argument of a kind that lifts calls (a random variable) where the signature does not ask for it; -1 when
 * there is none. */
long th_signature_lifted(const ThSignature *signature, const ThArguments *args);
void th_bound_clear(ThContext *cx, ThBound *bound);

#endif
