/* steps.c - how a search for a maximum went */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/steps.h"

#include <string.h>

#include "infer/columns.h"

enum { VALUE, GRADIENT, X, FIRST_CAPACITY = 16 };

static size_t stride(const ThSteps *s) { return s->k + X; }

void th_steps_clear(ThSteps *s) {
  if (s->rows) th_free(s->cx, s->rows, s->capacity * stride(s) * sizeof *s->rows);
  *s = th_steps_none(s->cx, s->k);
}

double *th_steps_add(ThSteps *s, double log_density, double gradient, const double *x) {
  size_t size = stride(s) * sizeof *s->rows;
  if (s->n == s->capacity) {
    size_t wanted = s->capacity ? 2 * s->capacity : FIRST_CAPACITY;
    double *grown = th_resize(s->cx, s->rows, s->capacity * size, wanted * size);
    if (!grown) return NULL;
    s->rows = grown;
    s->capacity = wanted;
  }
  double *row = s->rows + s->n++ * stride(s);
  row[VALUE] = log_density;
  row[GRADIENT] = gradient;
  if (x) memcpy(row + X, x, s->k * sizeof *x);
  return row + X;
}

static bool add_numbers(const ThSteps *s, ThTable *table) {
  ThArray *steps = th_vector_new(s->cx, TH_DOUBLE, s->n);
  for (size_t i = 0; steps && i < s->n; i++) steps->real[i] = (double)i;
  return th_columns_add_take(s->cx, table, "step", steps);
}

static bool add_element(const ThSteps *s, const ThLayout *layout, size_t j, ThTable *table) {
  ThText name;
  th_text_init(&name, &s->cx->heap);
  th_layout_name(layout, j, &name);
  bool ok = th_text_ok(&name, s->cx) &&
            th_columns_add(s->cx, table, th_text_string(&name), s->rows + X + j, stride(s));
  th_text_clear(&name);
  return ok;
}

bool th_steps_table(const ThSteps *s, const ThLayout *layout, const char *value, ThValue *out) {
  ThTable *table = th_table_new(s->cx, s->n);
  bool ok = table && add_numbers(s, table) &&
            th_columns_add(s->cx, table, value, s->rows + VALUE, stride(s)) &&
            th_columns_add(s->cx, table, "gradient", s->rows + GRADIENT, stride(s));
  for (size_t j = 0; ok && j < s->k; j++) ok = add_element(s, layout, j, table);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}
