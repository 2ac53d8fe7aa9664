/* decimal.h - decimal numbers, read to the nearest double */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_DECIMAL_H
#define TH_BASE_DECIMAL_H

#include <stdbool.h>

static inline bool th_decimal_is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads `[+-] digits [point digits] [e [+-] digits]` (a digit before or after the point is enough) from the start
 * of NUL-terminated text. Returns where the number ends and the double nearest to it in *out, or NULL when there
 * is no number. Neither blanks, nor words such as inf, nor hexadecimal digits are read. */
const char *th_decimal_parse(const char *text, char point, double *out);

#endif
