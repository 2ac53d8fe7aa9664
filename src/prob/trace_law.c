/* trace_law.c - the formulas of families, found by family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/trace_law.h"

const ThTraceLaw *th_trace_law(const ThFamily *family) {
  static const ThTraceLaw *const tables[] = {th_trace_laws_line, th_trace_laws_positive,
                                             th_trace_laws_counts};
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
    for (const ThTraceLaw *law = tables[t]; law->family; law++)
      if (law->family == family) return law;
  return NULL;
}
