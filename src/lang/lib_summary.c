/* lib_summary.c - built-in: summary, a table about a table */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/stats.h"

/* One line of the summary. Missing numbers are left out of everything but their count. */
typedef enum Figure { N, MISSING, MEAN, SD, LEAST, MEDIAN, GREATEST, N_FIGURES } Figure;

static const char *const titles[N_FIGURES] = {"n", "missing", "mean", "sd", "min", "median", "max"};

static bool describe_numbers(ThContext *cx, const ThArray *x, double figures[N_FIGURES]) {
  double *present = th_alloc_array(cx, x->length + 1, sizeof *present);
  if (!present) return false;
  size_t n = 0;
  for (size_t i = 0; i < x->length; i++)
    if (!isnan(th_array_real(x, i))) present[n++] = th_array_real(x, i);
  figures[N] = (double)n;
  figures[MISSING] = (double)(x->length - n);
  figures[MEAN] = n ? th_stats_mean(n, present) : (double)NAN;
  figures[SD] = n > 1 ? th_stats_sd(n, present, 1) : (double)NAN;
  figures[LEAST] = n ? th_stats_min(n, present) : (double)NAN;
  figures[GREATEST] = n ? th_stats_max(n, present) : (double)NAN;
  bool ok = th_stats_quantile_inplace(cx, n, present, 0.5, &figures[MEDIAN]);
  th_free(cx, present, (x->length + 1) * sizeof *present);
  return ok;
}

static void describe_texts(const ThList *list, double figures[N_FIGURES]) {
  for (int k = 0; k < N_FIGURES; k++) figures[k] = (double)NAN;
  figures[MISSING] = 0;
  for (size_t i = 0; i < list->length; i++)
    figures[MISSING] += th_is_string(list->items[i]) && th_as_string(list->items[i])->length == 0;
  figures[N] = (double)list->length - figures[MISSING];
}

static bool describe_column(ThContext *cx, ThValue column, double figures[N_FIGURES]) {
  if (th_is_array(column)) return describe_numbers(cx, th_as_array(column), figures);
  describe_texts(th_as_list(column), figures);
  return true;
}

static bool add_names(ThContext *cx, ThTable *out, const ThTable *table) {
  ThSymbol *title = th_symbol_of(cx, "column");
  ThList *names = title ? th_list_new(cx, table->n_columns) : NULL;
  bool ok = names != NULL;
  for (size_t j = 0; ok && j < table->n_columns; j++) {
    ThValue name;
    ok = th_string_of(cx, table->names[j]->spelling, &name) && th_list_push_take(cx, names, name);
  }
  if (ok) return th_table_set_take(cx, out, title, th_object(names));
  if (names) th_release(th_object(names));
  return false;
}

static bool add_figures(ThContext *cx, ThTable *out, const double *figures, size_t n_columns) {
  for (int k = 0; k < N_FIGURES; k++) {
    ThSymbol *title = th_symbol_of(cx, titles[k]);
    ThArray *column = title ? th_vector_new(cx, TH_DOUBLE, n_columns) : NULL;
    if (!column) return false;
    for (size_t j = 0; j < n_columns; j++) column->real[j] = figures[j * N_FIGURES + (size_t)k];
    if (!th_table_set_take(cx, out, title, th_object(column))) return false;
  }
  return true;
}

static bool summarize(ThContext *cx, const ThTable *table, ThValue *out) {
  size_t n = table->n_columns;
  double *figures = th_alloc_array(cx, n * N_FIGURES + 1, sizeof *figures);
  ThTable *result = figures ? th_table_new(cx, n) : NULL;
  bool ok = result != NULL;
  for (size_t j = 0; ok && j < n; j++) ok = describe_column(cx, table->columns[j], figures + j * N_FIGURES);
  ok = ok && add_names(cx, result, table) && add_figures(cx, result, figures, n);
  th_free(cx, figures, (n * N_FIGURES + 1) * sizeof *figures);
  if (ok) *out = th_object(result);
  else if (result) th_release(th_object(result));
  return ok;
}

static bool body_summary(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue x = call->args[0];
  if (th_is_table(x)) return summarize(cx, th_as_table(x), out);
  if (!th_is_array(x) && !th_is_range(x) && !th_is_list(x)) return th_lib_other_kind(cx, call, out);
  size_t n;
  ThSymbol *name = th_symbol_of(cx, "x");
  ThTable *one = name && th_length(cx, x, SIZE_MAX, &n) ? th_table_new(cx, n) : NULL;
  if (!one) return false;
  bool ok = th_table_set_take(cx, one, name, th_retain(x)) && summarize(cx, one, out);
  th_release(th_object(one));
  return ok;
}

const ThBuiltin th_lib_summary[] = {
    {"summary(x: any) -> any", body_summary, "tables",
     "what a table's columns are like: counts, mean, sd, least, median, greatest",
     "missing numbers are counted, and left out of the rest; of a vector and a list of strings too. Of a fit or "
     "regression it is a table parameter, estimate, se, lower, upper; of a posterior parameter, mean, sd and the "
     "quantiles q5 q50 q95; of a posterior by draws also mcse, the standard error of mean, ess_bulk, ess_tail and "
     "rhat, and its numbers have the digits that mcse allows.",
     "summary(table(x = [3, 1, nan, 5]))\n"
     "#> column  n  missing  mean  sd  min  median  max\n"
     "#> x       3        1     3   2    1       3    5",
     "mean sd median head", NULL},
    {0},
};
