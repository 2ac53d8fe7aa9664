/* names.h - names that fits and posteriors use themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_NAMES_H
#define TH_INFER_NAMES_H

#include "val/symbol.h"

/* Is it a field of a fit or posterior, or an option? A parameter may not bear such a name. */
bool th_is_reserved_field(ThContext *cx, const ThSymbol *name);
/* Is it the symbol of this spelling? "chi2" and "χ₂" are one. */
bool th_is_symbol(ThContext *cx, const ThSymbol *name, const char *spelling);

/* The name of the variable that was typed as argument `index` (0-based) of a call, or `fallback`. */
const char *th_typed_name(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size);

#endif
