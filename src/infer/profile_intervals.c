/* profile_intervals.c - the profile intervals of all parameters of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "infer/columns.h"
#include "infer/profile.h"

enum { ESTIMATE, LOWER, UPPER, WALD_LOWER, WALD_UPPER, N_COLUMNS };
static const char *const titles[N_COLUMNS] = {"estimate", "lower", "upper", "wald_lower", "wald_upper"};

static bool fill_row(ThContext *cx, ThFit *fit, size_t j, double level, double *row) {
  ThValue v;
  if (!th_profile_find(cx, fit, j, level, &v)) return false;
  const ThProfile *p = th_as_profile(v);
  row[ESTIMATE] = p->estimate;
  memcpy(row + LOWER, p->interval, sizeof p->interval);
  memcpy(row + WALD_LOWER, p->wald, sizeof p->wald);
  th_release(v);
  return true;
}

static void fit_name(const void *self, size_t j, ThText *out) {
  th_layout_name(&((const ThFit *)self)->layout, j, out);
}

bool th_profile_intervals(ThContext *cx, ThFit *fit, double level, ThValue *out) {
  size_t size = N_COLUMNS * fit->k + 1;
  double *cells = th_alloc_array(cx, size, sizeof *cells);
  bool ok = cells != NULL;
  for (size_t j = 0; ok && j < fit->k; j++) ok = fill_row(cx, fit, j, level, cells + j * N_COLUMNS);
  ok = ok && th_columns_parameters(cx, fit->k, N_COLUMNS, titles, cells, fit_name, fit, out);
  if (cells) th_free(cx, cells, size * sizeof *cells);
  return ok;
}
