/* report.h - numbers with the digits that their errors allow */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_REPORT_H
#define TH_INFER_REPORT_H

#include "base/text.h"
#include "val/format.h"

/* x rounded to the second digit of `error`: 0.0946 ± 0.1334 gives "0.09", and the error itself "0.13".
 * Without a usable error, x to `digits` digits. */
void th_report_number(double x, double error, int digits, ThText *out);
/* "(-0.17, 0.36)" */
void th_report_interval(double lower, double upper, double error, int digits, ThText *out);
/* "95 %" of 0.95 */
void th_report_level(double level, ThText *out);
/* Appends a sum or a list in square brackets that begins at `column`, broken before its terms or elements, not within
 * round brackets, where it would pass `room`; it goes on at the same column. */
void th_report_terms(const char *text, size_t column, size_t room, ThText *out);
/* " - 0.25*": the sign and size of a term of a sum, in front of its name; a size of 1 is left out, as is the sign of a
 * first term that is positive. */
void th_report_coefficient(double c, bool first, ThText *out);
/* Ends a cell at the left edge of its column; *start moves on to where the next one begins. */
void th_report_cell(ThGrid *grid, size_t row, size_t column, size_t *start);
/* The rows of a grid, each on a new line, without blanks at its end. What a row's last cell has no room for in the
 * terminal goes on below. */
void th_report_grid(const ThGrid *grid, ThText *out);

#endif
