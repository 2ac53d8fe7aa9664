/* profile_intervals.c - the profile intervals of all parameters of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/columns.h"
#include "infer/profile.h"

enum { ESTIMATE, LOWER, UPPER, WALD_LOWER, WALD_UPPER, N_COLUMNS };
static const char *const columns[N_COLUMNS] = {"estimate", "lower", "upper", "wald_lower", "wald_upper"};

/* Numbers (N_COLUMNS, k), column after column. */
static bool find_all(ThContext *cx, ThFit *fit, double level, double *x) {
  for (size_t j = 0; j < fit->k; j++) {
    ThValue v;
    if (!th_profile_find(cx, fit, j, level, &v)) return false;
    const ThProfile *p = th_as_profile(v);
    const double row[N_COLUMNS] = {p->estimate, p->interval[0], p->interval[1], p->wald[0], p->wald[1]};
    for (size_t i = 0; i < N_COLUMNS; i++) x[i * fit->k + j] = row[i];
    th_release(v);
  }
  return true;
}

static bool name_all(ThContext *cx, const ThFit *fit, ThList *names) {
  ThText name;
  ThValue v;
  bool ok = true;
  th_text_init(&name, &cx->heap);
  for (size_t j = 0; ok && j < fit->k; j++) {
    th_text_reset(&name);
    th_layout_name(&fit->layout, j, &name);
    ok = th_text_ok(&name, cx) && th_string_of(cx, th_text_string(&name), &v) &&
         th_list_push_take(cx, names, v);
  }
  th_text_clear(&name);
  return ok;
}

static bool add_names(ThContext *cx, const ThFit *fit, ThTable *table) {
  ThList *names = th_list_new(cx, fit->k);
  if (!names) return false;
  if (name_all(cx, fit, names)) return th_columns_add_texts_take(cx, table, "parameter", names);
  th_release(th_object(names));
  return false;
}

bool th_profile_intervals(ThContext *cx, ThFit *fit, double level, ThValue *out) {
  double *x = th_alloc_array(cx, N_COLUMNS * fit->k + 1, sizeof *x);
  ThTable *table = x ? th_table_new(cx, fit->k) : NULL;
  bool ok = table && find_all(cx, fit, level, x) && add_names(cx, fit, table);
  for (size_t i = 0; ok && i < N_COLUMNS; i++) ok = th_columns_add(cx, table, columns[i], x + i * fit->k, 1);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  if (x) th_free(cx, x, (N_COLUMNS * fit->k + 1) * sizeof *x);
  return ok;
}
