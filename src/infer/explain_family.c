/* explain_family.c - maximum likelihood of a family whose equation has a formula, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For y ~ Family(θ): what the data enter by, the log likelihood, its derivative, where that is 0, and the second
 * derivative there, which gives the error. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain_family.h"

/* --- One fit */

typedef struct Family {
  ThContext *cx;
  ThExplanation *e;
  const ThFit *fit;
  const ThRecording *r;
  const ThObservation *o;
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS];
  size_t elements[TH_MAX_PARAMETERS]; /* of the record; SIZE_MAX for a known one */
  int n_unknown, unknown[TH_MAX_PARAMETERS];
} Family;

/* Are all parameters of the law numbers, or single parameters of the model? */
static bool read_parameters(Family *f) {
  for (int j = 0; j < f->family->n_parameters; j++) {
    ThValue v = f->parameters[j];
    f->elements[j] = SIZE_MAX;
    if (th_is_unset(v)) return false;
    if (!th_is_random(v)) continue;
    if (!th_is_variable(v)) return false;
    f->elements[j] = th_recording_element(f->r, th_as_variable(v));
    if (f->elements[j] == SIZE_MAX ||
        f->r->unknowns[f->r->elements[f->elements[j]].unknown].count != SIZE_MAX)
      return false;
    f->unknown[f->n_unknown++] = j;
  }
  return true;
}

static const ThOneUnknown *find_one(const Family *f) {
  for (const ThOneUnknown *row = th_explain_one_unknown; f->n_unknown == 1 && row->family; row++)
    if (row->family == f->family && row->parameter == f->unknown[0]) return row;
  return NULL;
}

static const ThTwoUnknowns *find_two(const Family *f) {
  for (const ThTwoUnknowns *row = th_explain_two_unknowns; f->n_unknown == 2 && row->family; row++)
    if (row->family == f->family) return row;
  return NULL;
}

static bool give_hat(const Family *f, const char *symbol, int j) {
  char text[96];
  const ThUnknown *u = &f->r->unknowns[f->r->elements[f->elements[j]].unknown];
  snprintf(text, sizeof text, "%s\u0302", u->name->spelling); /* a hat above it */
  return th_explanation_symbol(f->e, symbol, text);
}

static bool give_data(const Family *f) {
  const char *name = f->o->name->spelling;
  return th_explanation_symbol(f->e, "y", name) &&
         th_explanation_give_take(f->e, name, th_retain(f->o->data));
}

/* A symbol for a parameter, and the value at which lines in symbols are tried. */
static bool give_unknown(const Family *f, const char *symbol, int j, double point) {
  const ThElementary *element = &f->r->elements[f->elements[j]];
  return th_explain_element(f->e, symbol, &f->r->unknowns[element->unknown], element->index, point);
}

/* Beside the maximum. */
static double point_of(const Family *f, int j) {
  double at = f->fit->estimate[f->elements[j]];
  bool probability = f->family->parameters[j].domain == TH_DOMAIN_PROBABILITY ||
                     f->family->parameters[j].domain == TH_DOMAIN_OPEN_PROBABILITY;
  return probability ? 0.1 + 0.77 * at : at * 1.0385 + (at == 0 ? 0.385 : 0);
}

/* --- One unknown */

static bool give_known(const Family *f, const ThOneUnknown *row) {
  for (int j = 0; j < f->family->n_parameters && row->known; j++)
    if (f->elements[j] == SIZE_MAX)
      return th_explanation_pick_take(f->e, "k", row->known, th_retain(f->parameters[j]));
  return true;
}

static const char *law_text(const ThOneUnknown *row, const char *name, char *text, size_t size) {
  const char *between = !row->known ? "" : row->parameter == 0 ? ", $k" : "$k, ";
  snprintf(text, size, "%s(%s%s)", row->family->name, row->parameter == 0 ? name : between,
           row->parameter == 0 ? between : name);
  return text;
}

static const ThLine slope_line = {
    .words = "Its derivative",
    .sides = {{"d log L/d$t", "derivative(v -> sum(logpdf($lawv, $y)), $t)"}, {NULL}}};

static const ThLine error_lines[] = {
    {.words = "Minus the second derivative there is the information, and 1/√$I the error:",
     .define = "$I",
     .sides = {{"$I", "-derivative(v -> sum(logpdf($lawv, $y)), $hat, 2)"}, {NULL}, {"{$information}"}}},
    {.sides = {{"se($hat)", "$error"}, {"1/√$I"}, {"{$error}"}}},
};

static bool add_estimate(const Family *f, const ThOneUnknown *row) {
  char numbers[128];
  ThLine line = {.words = "is 0 at",
                 .define = "$hat",
                 .sides = {{"$hat"},
                           {row->estimate},
                           {th_explanation_numbers(row->estimate, numbers, sizeof numbers)},
                           {"{$hat}"}}};
  return th_explanation_add(f->e, &line);
}

static bool add_lines(const Family *f, const ThOneUnknown *row) {
  ThExplanation *e = f->e;
  double se = f->fit->se[f->elements[row->parameter]];
  bool ok = th_explanation_add(e,
                               &(ThLine){.words = "The model: $y ~ $law with $t unknown. The data enter by"});
  for (int i = 0; ok && i < 3 && row->statistics[i].sides[0].shown; i++)
    ok = th_explanation_add(e, &row->statistics[i]);
  ThLine likelihood = {.words = "The log likelihood, as a function of $t:",
                       .sides = {{"log L($t)", "sum(logpdf($law, $y))"}, {row->kernel, row->kernel_code}}};
  ThLine slope = slope_line, information = error_lines[0];
  slope.sides[1].shown = row->score;
  information.sides[1].shown = row->information;
  ok = ok && th_explanation_add(e, &likelihood) && th_explanation_add(e, &slope) && add_estimate(f, row);
  if (!ok || isnan(se)) return ok;
  return th_explanation_symbol(e, "information", row->information) && th_explanation_pick(e, "I", "I") &&
         th_explanation_pick_take(e, "error", "se", th_number(se)) && th_explanation_add(e, &information) &&
         th_explanation_add(e, &error_lines[1]);
}

/* Did the formula come to the estimate that was found? */
static bool agrees(const Family *f, const ThOneUnknown *row, bool *out) {
  ThValue v;
  double x, at = f->fit->estimate[f->elements[row->parameter]];
  if (!th_explanation_value(f->e, "$hat", &v)) return false;
  *out = th_to_number(v, &x) && fabs(x - at) <= 1e-6 * (1 + fabs(at));
  th_release(v);
  return true;
}

static bool explain_one(const Family *f, const ThOneUnknown *row) {
  char law[96], with_v[96];
  int j = row->parameter;
  return give_data(f) && give_unknown(f, "t", j, point_of(f, j)) && give_hat(f, "hat", j) &&
         give_known(f, row) &&
         th_explanation_give_number(f->e, th_explanation_stands_for(f->e, "hat"),
                                    f->fit->estimate[f->elements[j]]) &&
         th_explanation_symbol(f->e, "law", law_text(row, "$t", law, sizeof law)) &&
         th_explanation_symbol(f->e, "lawv", law_text(row, "v", with_v, sizeof with_v)) &&
         th_explanation_pick(f->e, "n", "n") && th_explanation_pick(f->e, "s", "s") && add_lines(f, row);
}

/* --- Two unknowns */

static double point_two(const Family *f, const ThTwoUnknowns *row, int j) {
  return row->point[j].scale * f->fit->estimate[f->elements[j]] + row->point[j].shift;
}

static bool explain_two(const Family *f, const ThTwoUnknowns *row) {
  bool log_normal = f->family == &th_family_lognormal;
  const double *x = f->fit->estimate, *se = f->fit->se;
  size_t first = f->elements[0], second = f->elements[1];
  return give_data(f) && give_unknown(f, "t", 0, point_two(f, row, 0)) &&
         give_unknown(f, "u", 1, point_two(f, row, 1)) && give_hat(f, "that", 0) && give_hat(f, "uhat", 1) &&
         th_explanation_symbol(f->e, "family", f->family->name) &&
         th_explanation_symbol(f->e, "law", "$family($t, $u)") &&
         th_explanation_symbol(f->e, "z", log_normal ? "log $y" : "$y") &&
         th_explanation_symbol(f->e, "zcode", log_normal ? "log($y)" : "$y") &&
         th_explanation_symbol(f->e, "jacobian", log_normal ? " - {sum(log($y))}" : "") &&
         th_explanation_pick_take(f->e, "first", "first", th_number(x[first])) &&
         th_explanation_pick_take(f->e, "second", "second", th_number(x[second])) &&
         th_explanation_pick_take(f->e, "sefirst", "se_first", th_number(se[first])) &&
         th_explanation_pick_take(f->e, "sesecond", "se_second", th_number(se[second])) &&
         th_explanation_pick(f->e, "n", "n") && th_explanation_pick(f->e, "s", "s") &&
         th_explanation_pick(f->e, "q", "q") && th_explanation_add_all(f->e, row->lines);
}

static bool is_one_known(const Family *f) {
  for (int j = 0; j < f->family->n_parameters; j++)
    if (f->elements[j] == SIZE_MAX && th_law_parameter_length(f->parameters[j]) != 1) return false;
  return true;
}

static bool explain_law(Family *f, bool *done) {
  const ThOneUnknown *row = find_one(f);
  const ThTwoUnknowns *two = find_two(f);
  if (two && f->fit->k == 2 && !(two->edged && f->fit->calls.value)) {
    *done = true;
    return explain_two(f, two);
  }
  if (!row || f->fit->k != 1 || (row->one && !is_one_known(f))) return true;
  return explain_one(f, row) && agrees(f, row, done);
}

bool th_explain_family(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_fit(v) || th_as_fit(v)->question.verb != TH_VERB_MLE) return true;
  const ThFit *fit = th_as_fit(v);
  ThRecording r;
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &r)) return false;
  Family f = {.cx = cx, .e = e, .fit = fit, .r = &r};
  bool ok = true;
  if (r.n_observations == 1 && th_is_conditional(r.observations[0].distribution)) {
    f.o = &r.observations[0];
    ok = th_law_parameters(cx, f.o->distribution, &f.family, f.parameters);
    if (ok) {
      if (read_parameters(&f)) ok = explain_law(&f, done);
      th_release_all(f.parameters, TH_MAX_PARAMETERS);
    }
  }
  th_recording_clear(&r);
  return ok;
}
