/* bayes.c - Bayes' formula as a table: hypothesis, prior, likelihood, product, posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <stdio.h>

#include "num/stats.h"
#include "prob/verbs.h"
#include "val/figure.h"
#include "val/format.h"

/* prior, likelihood and posterior are records of numbers with the hypotheses as fields. */
typedef struct Bayes {
  ThObject object;
  ThValue prior, likelihood, posterior;
  double evidence;
} Bayes;

static const ThKind th_bayes_kind;

static const Bayes *as_bayes(ThValue v) { return (const Bayes *)th_as_object(v); }

static void bayes_release(ThObject *self) {
  Bayes *b = (Bayes *)self;
  th_release(b->prior);
  th_release(b->likelihood);
  th_release(b->posterior);
  th_object_free(self, sizeof *b);
}

static double field(ThValue record, size_t i) { return th_as_scalar(th_as_record(record)->values[i]); }

/* --- The constructor */

/* A record of probabilities or likelihoods as one of plain numbers, in the order of `like` (or its own);
 * owned. */
static bool read_record(ThContext *cx, ThValue given, const char *what, const ThRecord *like, double most,
                        ThValue *out) {
  const ThRecord *r = th_as_record(given);
  ThRecord *numbers = th_record_new(cx, r->length);
  if (!numbers) return false;
  *out = th_object(numbers);
  for (size_t i = 0; i < (like ? like->length : r->length); i++) {
    ThSymbol *name = like ? like->names[i] : r->names[i];
    const ThValue *v = th_record_find(r, name);
    double x = 0;
    bool ok = v != NULL;
    if (!ok) th_fail(cx, TH_ERROR_VALUE, "the hypothesis `%s` has a prior but no %s", name->spelling, what);
    else if (!th_to_number(*v, &x))
      ok = th_fail(cx, TH_ERROR_TYPE, "the %s of `%s` must be a number", what, name->spelling);
    else if (!(x >= 0 && x <= most))
      ok = th_fail(cx, TH_ERROR_VALUE, "the %s of `%s` must %s, got %.6g", what, name->spelling,
                   most == 1 ? "lie in [0, 1]" : "be 0 or more", x);
    if (ok && th_record_set_take(cx, numbers, name, th_number(x))) continue;
    th_replace_take(out, th_none());
    return false;
  }
  return true;
}

static bool check_names(ThContext *cx, const ThRecord *prior, const ThRecord *likelihood) {
  for (size_t i = 0; i < likelihood->length; i++)
    if (!th_record_find(prior, likelihood->names[i]))
      return th_fail(cx, TH_ERROR_VALUE, "the hypothesis `%s` has a likelihood but no prior",
                     likelihood->names[i]->spelling);
  return prior->length > 0 || th_fail(cx, TH_ERROR_VALUE, "there are no hypotheses");
}

static bool check_sum(ThContext *cx, ThValue prior) {
  const ThRecord *r = th_as_record(prior);
  double sum = 0;
  for (size_t i = 0; i < r->length; i++) sum += field(prior, i);
  if (fabs(sum - 1) <= 1e-9) return true;
  th_fail(cx, TH_ERROR_VALUE, "the priors must sum to 1, got %.6g", sum);
  return sum < 1 ? th_hint(cx, "is a hypothesis missing? `other = %.6g`", 1 - sum)
                 : th_hint(cx, "divide each by their sum, %.6g", sum);
}

static bool fill_posterior(ThContext *cx, Bayes *b) {
  const ThRecord *prior = th_as_record(b->prior);
  b->evidence = 0;
  for (size_t i = 0; i < prior->length; i++) b->evidence += field(b->prior, i) * field(b->likelihood, i);
  if (!(b->evidence > 0)) {
    th_fail(cx, TH_ERROR_VALUE,
            "the evidence is 0: what was observed is impossible under every "
            "hypothesis");
    return th_hint(cx, "some likelihood with a prior above 0 must be above 0");
  }
  ThRecord *posterior = th_record_new(cx, prior->length);
  if (!posterior) return false;
  b->posterior = th_object(posterior);
  for (size_t i = 0; i < prior->length; i++) {
    double p = field(b->prior, i) * field(b->likelihood, i) / b->evidence;
    if (!th_record_set_take(cx, posterior, prior->names[i], th_number(p))) return false;
  }
  return true;
}

static bool body_bayes(ThContext *cx, const ThCall *call, ThValue *out) {
  Bayes *b = th_object_new(cx, &th_bayes_kind, sizeof *b);
  if (!b) return false;
  b->prior = b->likelihood = b->posterior = th_none();
  *out = th_object(b);
  const ThRecord *given = th_as_record(call->args[0]);
  bool ok = check_names(cx, given, th_as_record(call->args[1])) &&
            read_record(cx, call->args[0], "prior", NULL, 1, &b->prior) && check_sum(cx, b->prior) &&
            read_record(cx, call->args[1], "likelihood", given, (double)INFINITY, &b->likelihood) &&
            fill_posterior(cx, b);
  if (!ok) th_release(*out);
  return ok;
}

/* --- The kind */

static const char *const field_names[] = {"prior", "likelihood", "posterior", "evidence"};

static ThSymbol *bayes_field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i < 4 ? th_symbol_of(cx, field_names[i]) : NULL;
}

static bool bayes_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const Bayes *b = as_bayes(self);
  (void)cx;
  const ThValue values[] = {b->prior, b->likelihood, b->posterior, th_number(b->evidence)};
  for (size_t i = 0; i < 4; i++)
    if (strcmp(name->name, field_names[i]) == 0) {
      *out = th_retain(values[i]);
      return true;
    }
  return false;
}

static bool add_cell(ThContext *cx, ThGrid *grid, size_t row, size_t column, double x) {
  size_t start = grid->text.length;
  th_format_number(x, cx->settings.digits, &grid->text);
  th_grid_end_cell(grid, row, column, start, TH_ALIGN_POINT);
  return th_text_ok(&grid->text, cx);
}

static void add_words(ThGrid *grid, size_t row, size_t column, const char *words, ThAlign align) {
  size_t start = grid->text.length;
  th_text_add(&grid->text, words);
  th_grid_end_cell(grid, row, column, start, align);
}

enum { COLUMNS = 5 };

static bool fill_grid(ThContext *cx, const Bayes *b, ThGrid *grid) {
  static const char *const titles[COLUMNS] = {"hypothesis", "prior", "likelihood", "product", "posterior"};
  const ThRecord *prior = th_as_record(b->prior);
  for (size_t c = 0; c < COLUMNS; c++) add_words(grid, 0, c, titles[c], TH_ALIGN_LEFT);
  for (size_t i = 0; i < prior->length; i++) {
    double p = field(b->prior, i), l = field(b->likelihood, i);
    add_words(grid, i + 1, 0, prior->names[i]->spelling, TH_ALIGN_LEFT);
    if (!add_cell(cx, grid, i + 1, 1, p) || !add_cell(cx, grid, i + 1, 2, l) ||
        !add_cell(cx, grid, i + 1, 3, p * l) || !add_cell(cx, grid, i + 1, 4, field(b->posterior, i)))
      return false;
  }
  return true;
}

static bool format_table(ThContext *cx, const Bayes *b, ThText *out) {
  ThGrid grid;
  size_t n = th_as_record(b->prior)->length + 1;
  if (!th_grid_init(cx, &grid, n, COLUMNS)) return false;
  bool ok = fill_grid(cx, b, &grid);
  for (size_t i = 0; ok && i < n; i++) {
    for (size_t c = 0; c < COLUMNS; c++) {
      if (c) th_text_add(out, "  ");
      th_grid_put(&grid, i, c, "", c + 1 < COLUMNS, out);
    }
    while (out->length && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
    th_text_char(out, '\n');
  }
  th_grid_clear(&grid);
  th_text_add(out, "evidence ");
  th_format_number(b->evidence, cx->settings.digits, out);
  return ok && th_text_ok(out, cx);
}

static bool bayes_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const Bayes *b = as_bayes(self);
  if (style == TH_STYLE_ECHO) return format_table(cx, b, out);
  th_text_add(out, "bayes(prior = ");
  if (!th_format(cx, b->prior, style, out)) return false;
  th_text_add(out, ", likelihood = ");
  if (!th_format(cx, b->likelihood, style, out)) return false;
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

/* --- The picture: bars side by side */

static bool add_bars(ThContext *cx, ThFigure *figure, ThValue record, double shift, const char *label) {
  const ThRecord *r = th_as_record(record);
  ThArray *x = th_vector_new(cx, TH_DOUBLE, r->length),
          *y = x ? th_vector_new(cx, TH_DOUBLE, r->length) : NULL;
  ThArray *width = y ? th_vector_new(cx, TH_DOUBLE, r->length) : NULL;
  ThList *labels = width ? th_list_new(cx, r->length) : NULL;
  bool ok = labels != NULL;
  for (size_t i = 0; ok && i < r->length; i++) {
    ThValue name;
    x->real[i] = (double)i + 1 + shift, y->real[i] = field(record, i), width->real[i] = 0.35;
    ok = th_string_of(cx, r->names[i]->spelling, &name) && th_list_push_take(cx, labels, name);
  }
  if (ok && th_figure_add_take(cx, figure, TH_MARK_BARS, x, y, width, label)) {
    figure->series[figure->n_series - 1].labels = th_object(labels);
    return true;
  }
  if (labels) th_release(th_object(labels));
  if (ok) return false;
  if (x) th_release(th_object(x));
  if (y) th_release(th_object(y));
  if (width) th_release(th_object(width));
  return false;
}

static bool bayes_plot(ThContext *cx, ThValue self, void *figure) {
  const Bayes *b = as_bayes(self);
  ThFigure *f = figure;
  return add_bars(cx, f, b->prior, -0.18, "prior") && add_bars(cx, f, b->posterior, 0.18, "posterior") &&
         (!th_is_none(f->ylabel) || th_figure_text(cx, &f->ylabel, "probability"));
}

static const ThKind th_bayes_kind = {
    .name = "Bayes table",
    .release = bayes_release,
    .format = bayes_format,
    .get_field = bayes_get_field,
    .field_name = bayes_field_name,
    .plot = bayes_plot,
};

const ThBuiltin th_lib_bayes[] = {
    {"bayes(prior: record, likelihood: record) -> Bayes table", body_bayes, "probability",
     "Bayes' formula as a table: hypothesis, prior, likelihood, product, posterior",
     "the likelihood of a hypothesis is the probability of what was observed, if it is true; "
     "fields prior, likelihood, posterior, evidence",
     "b = bayes(prior = (fair = 0.5, loaded = 0.5), likelihood = (fair = 1/6, loaded = 1/2))\n"
     "b.posterior.loaded\n#> 0.75\nb.evidence\n#> 0.333333",
     "P how", NULL},
    {0},
};
