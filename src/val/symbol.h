/* symbol.h - names, interned */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_SYMBOL_H
#define TH_VAL_SYMBOL_H

#include "base/context.h"
#include "base/text.h"

/* One name. Two spellings that Theta takes for the same (β and beta, μ₀ and mu0, NFC and not) are one
 * symbol; comparing names is comparing pointers. Symbols live as long as their table. */
typedef struct ThSymbol {
  const char *name;     /* the canonical spelling: Greek letters, plain digits */
  const char *spelling; /* as first written; prints */
  uint32_t hash;
  uint32_t index;   /* 0, 1, 2, … in order of appearance */
  bool provisional; /* so far only the program itself used it: the person's spelling replaces this one */
} ThSymbol;

typedef struct ThSymbols ThSymbols;

TH_CHECKED ThSymbols *th_symbols_new(ThContext *cx);
void th_symbols_free(ThContext *cx, ThSymbols *symbols);

/* While `provisional` is set, new names count as the program's own. */
void th_symbols_provisional(ThContext *cx, bool provisional);

/* The symbol of a spelling, made when new; NULL with an error when memory is out. */
TH_CHECKED ThSymbol *th_symbol(ThContext *cx, const char *spelling, size_t length);
TH_CHECKED ThSymbol *th_symbol_of(ThContext *cx, const char *spelling); /* NUL-terminated */
/* The symbol if it exists, else NULL; never an error. */
ThSymbol *th_symbol_find(ThContext *cx, const char *spelling, size_t length);
size_t th_symbol_count(ThContext *cx);
ThSymbol *th_symbol_at(ThContext *cx, size_t index);

/* Appends the canonical form of a name: NFC; Greek letters' names before the end, a digit, a subscript or
 * `_` become the letters; subscript digits become digits; variants µ ϵ ϕ become μ ε φ. */
void th_canonical_name(const char *spelling, size_t length, ThText *out);

/* The letter of a Greek name ("theta" gives "θ", "Omega" gives "Ω"), or NULL. */
const char *th_greek_letter(const char *name, size_t length);

/* How far two names are apart (edits, transpositions count once), for "did you mean". */
size_t th_name_distance(const char *a, const char *b);

/* The nearest of some names to one that is not known: begin, offer each, then hint "did you mean …?". Only names
 * at most two edits away count, and fewer than the name is long; another case is no distance. */
typedef struct ThNearest {
  const char *name; /* the one that is not known, canonical */
  const char *best; /* what to show, or NULL */
  size_t distance;
} ThNearest;
ThNearest th_nearest_begin(const char *name);
void th_nearest_offer(ThNearest *nearest, const char *candidate, const char *shown);
/* True when there was one, and the hint is given. */
bool th_nearest_hint(const ThNearest *nearest, ThContext *cx);

#endif
