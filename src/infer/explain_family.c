/* explain_family.c - maximum likelihood of a family whose equation has a formula, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For y ~ Family(θ): what the data enter by, the log likelihood, its derivative, where that is 0, and the second
 * derivative there, which gives the error. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "infer/fit.h"
#include "infer/law.h"

/* --- Families with one unknown: $t, at the maximum $hat; $k is a known parameter */

typedef struct Row {
  const ThFamily *family;
  int parameter;
  const char *known; /* what the known parameter is called, or NULL */
  ThLine statistics[3];
  const char *kernel, *kernel_code; /* the log likelihood */
  const char *score;                /* its derivative */
  const char *estimate;
  const char *information; /* minus its second derivative at $hat */
  bool one;                /* the known parameter must be one number */
} Row;

#define COUNT                                                     \
  {                                                               \
    .define = "$n", .sides = { {"$n"}, {"length($y)"}, {"{$n}"} } \
  }
#define STATISTIC(shown, code)                                   \
  {                                                              \
    .define = "$s", .sides = { {"$s"}, {shown, code}, {"{$s}"} } \
  }
#define TOTAL STATISTIC("Σᵢ $yᵢ", "sum($y)")
#define TRIALS                                                                  \
  {                                                                             \
    .define = "$n", .sides = { {"$n"}, {"Σᵢ $kᵢ", "sum($k + 0*$y)"}, {"{$n}"} } \
  }

static const Row rows[] = {
    {&th_family_bernoulli,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$s}·log($t) + {$n - $s}·log(1 - $t)",
     NULL,
     "{$s}/$t - {$n - $s}/(1 - $t)",
     "$s/$n",
     "$n/($hat·(1 - $hat))",
     false},
    {&th_family_binomial,
     1,
     "N",
     {TRIALS, TOTAL},
     "{$s}·log($t) + {$n - $s}·log(1 - $t) + {sum(logpdf(Binomial($k, 0.5), $y)) + $n*log(2)}",
     NULL,
     "{$s}/$t - {$n - $s}/(1 - $t)",
     "$s/$n",
     "$n/($hat·(1 - $hat))",
     false},
    {&th_family_geometric,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$n}·log($t) + {$s}·log(1 - $t)",
     NULL,
     "{$n}/$t - {$s}/(1 - $t)",
     "$n/($n + $s)",
     "$n/($hat²·(1 - $hat))",
     false},
    {&th_family_poisson,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$s}·log($t) - {$n}·$t - Σᵢ log $yᵢ!",
     "{$s}*log($t) - {$n}*$t - sum(lgamma($y + 1))",
     "{$s}/$t - {$n}",
     "$s/$n",
     "$n/$hat",
     false},
    {&th_family_exponential,
     0,
     NULL,
     {COUNT, TOTAL},
     "{$n}·log($t) - {$s}·$t",
     NULL,
     "{$n}/$t - {$s}",
     "$n/$s",
     "$n/$hat²",
     false},
    {&th_family_gamma,
     1,
     "k",
     {TRIALS, TOTAL},
     "{$n}·log($t) - {$s}·$t + {sum(($k - 1)*log($y) - lgamma($k) + 0*$y)}",
     NULL,
     "{$n}/$t - {$s}",
     "$n/$s",
     "$n/$hat²",
     false},
    {&th_family_normal,
     1,
     "μ",
     {COUNT, STATISTIC("Σᵢ ($yᵢ - $k)²", "sum(($y - $k)^2)")},
     "-{$n}·log($t·√(2π)) - {$s}/(2·$t²)",
     NULL,
     "-{$n}/$t + {$s}/$t^3",
     "√($s/$n)",
     "2·$n/$hat²",
     false},
    {&th_family_lognormal,
     1,
     "μ",
     {COUNT, STATISTIC("Σᵢ (log $yᵢ - $k)²", "sum((log($y) - $k)^2)")},
     "-{$n}·log($t·√(2π)) - {$s}/(2·$t²) - {sum(log($y))}",
     NULL,
     "-{$n}/$t + {$s}/$t^3",
     "√($s/$n)",
     "2·$n/$hat²",
     false},
    {&th_family_lognormal,
     0,
     "σ",
     {COUNT, STATISTIC("Σᵢ log $yᵢ", "sum(log($y))")},
     "-{$n}·($t - {$s/$n})²/(2·{$k}²) + {sum(logpdf(LogNormal($s/$n, $k), $y))}",
     NULL,
     "-({$n}·$t - {$s})/{$k}²",
     "$s/$n",
     "$n/$k²",
     true},
    {&th_family_half_normal,
     0,
     NULL,
     {COUNT, STATISTIC("Σᵢ $yᵢ²", "sum($y^2)")},
     "-{$n}·log($t·√(π/2)) - {$s}/(2·$t²)",
     NULL,
     "-{$n}/$t + {$s}/$t^3",
     "√($s/$n)",
     "2·$n/$hat²",
     false},
    {&th_family_rayleigh,
     0,
     NULL,
     {COUNT, STATISTIC("Σᵢ $yᵢ²", "sum($y^2)")},
     "-2·{$n}·log($t) - {$s}/(2·$t²) + {sum(log($y))}",
     NULL,
     "-2·{$n}/$t + {$s}/$t^3",
     "√($s/(2·$n))",
     "4·$n/$hat²",
     false},
    {&th_family_laplace,
     1,
     "μ",
     {COUNT, STATISTIC("Σᵢ |$yᵢ - $k|", "sum(abs($y - $k))")},
     "-{$n}·log(2·$t) - {$s}/$t",
     NULL,
     "-{$n}/$t + {$s}/$t²",
     "$s/$n",
     "$n/$hat²",
     false},
    {&th_family_pareto,
     1,
     "m",
     {COUNT, STATISTIC("Σᵢ log($yᵢ/$k)", "sum(log($y/$k))")},
     "{$n}·log($t) - {$s}·$t - {sum(log($y))}",
     NULL,
     "{$n}/$t - {$s}",
     "$n/$s",
     "$n/$hat²",
     false},
    {&th_family_inv_gamma,
     1,
     "k",
     {TRIALS, STATISTIC("Σᵢ 1/$yᵢ", "sum(1/$y)")},
     "{$n}·log($t) - {$s}·$t - {sum(($k + 1)*log($y) + lgamma($k))}",
     NULL,
     "{$n}/$t - {$s}",
     "$n/$s",
     "$n/$hat²",
     false},
};

/* Normal(μ, σ) and LogNormal(μ, σ), both unknown: $t and $u; $z is the datum, or its logarithm. */
static const ThLine two_lines[] = {
    {.words = "The model: $y ~ $law with $t and $u unknown. The data enter by",
     .define = "$n",
     .sides = {{"$n"}, {"length($y)"}, {"{$n}"}}},
    {.define = "$s", .sides = {{"$s"}, {"Σᵢ $zᵢ", "sum($zcode)"}, {"{$s}"}}},
    {.define = "$q", .sides = {{"$q"}, {"Σᵢ ($zᵢ - $s/$n)²", "sum(($zcode - $s/$n)^2)"}, {"{$q}"}}},
    {.words = "The log likelihood splits at the mean:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"},
               {"-{$n}·log($u·√(2π)) - ({$q} + {$n}·($t - {$s/$n})²)/(2·$u²)$jacobian"}}},
    {.words = "Its derivatives",
     .sides = {{"∂/∂$t", "grad(v -> sum(logpdf($family(v, $u), $y)), $t)"}, {"-{$n}·($t - {$s/$n})/$u²"}}},
    {.sides = {{"∂/∂$u", "grad(v -> sum(logpdf($family($t, v), $y)), $u)"},
               {"-{$n}/$u + ({$q} + {$n}·($t - {$s/$n})²)/$u^3"}}},
    {.words = "are 0 at", .sides = {{"$that", "$first"}, {"$s/$n"}, {"{$s}/{$n}"}, {"{$first}"}}},
    {.sides = {{"$uhat", "$second"}, {"√($q/$n)"}, {"√({$q}/{$n})"}, {"{$second}"}}},
    {.words =
         "which divides by n: the unbiased estimate of the variance divides by n - 1. The second derivatives there, "
         "with their sign turned, are the information, and its inverse gives the errors:",
     .sides = {{"se($that)", "$sefirst"}, {"$uhat/√$n", "$second/√$n"}, {"{$sefirst}"}}},
    {.sides = {{"se($uhat)", "$sesecond"}, {"$uhat/√(2·$n)", "$second/√(2*$n)"}, {"{$sesecond}"}}},
    {0},
};

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

static const Row *find_row(const Family *f) {
  for (size_t i = 0; f->n_unknown == 1 && i < sizeof rows / sizeof *rows; i++)
    if (rows[i].family == f->family && rows[i].parameter == f->unknown[0]) return &rows[i];
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

/* The value at which lines in symbols are tried: beside the maximum. */
static bool give_unknown(const Family *f, const char *symbol, int j) {
  const ThElementary *element = &f->r->elements[f->elements[j]];
  double at = f->fit->estimate[f->elements[j]];
  bool probability = f->family->parameters[j].domain == TH_DOMAIN_PROBABILITY ||
                     f->family->parameters[j].domain == TH_DOMAIN_OPEN_PROBABILITY;
  double point = probability ? 0.1 + 0.77 * at : at * 1.0385 + (at == 0 ? 0.385 : 0);
  return th_explain_element(f->e, symbol, &f->r->unknowns[element->unknown], element->index, point);
}

/* --- One unknown */

static bool give_known(const Family *f, const Row *row) {
  for (int j = 0; j < f->family->n_parameters && row->known; j++)
    if (f->elements[j] == SIZE_MAX)
      return th_explanation_pick_take(f->e, "k", row->known, th_retain(f->parameters[j]));
  return true;
}

static const char *law_text(const Row *row, const char *name, char *text, size_t size) {
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

static bool add_estimate(const Family *f, const Row *row) {
  char numbers[128];
  ThLine line = {.words = "is 0 at",
                 .define = "$hat",
                 .sides = {{"$hat"},
                           {row->estimate},
                           {th_explanation_numbers(row->estimate, numbers, sizeof numbers)},
                           {"{$hat}"}}};
  return th_explanation_add(f->e, &line);
}

static bool add_lines(const Family *f, const Row *row) {
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
static bool agrees(const Family *f, const Row *row, bool *out) {
  ThValue v;
  double x, at = f->fit->estimate[f->elements[row->parameter]];
  if (!th_explanation_value(f->e, "$hat", &v)) return false;
  *out = th_to_number(v, &x) && fabs(x - at) <= 1e-6 * (1 + fabs(at));
  th_release(v);
  return true;
}

static bool explain_one(const Family *f, const Row *row) {
  char law[96], with_v[96];
  int j = row->parameter;
  return give_data(f) && give_unknown(f, "t", j) && give_hat(f, "hat", j) && give_known(f, row) &&
         th_explanation_give_number(f->e, th_explanation_stands_for(f->e, "hat"),
                                    f->fit->estimate[f->elements[j]]) &&
         th_explanation_symbol(f->e, "law", law_text(row, "$t", law, sizeof law)) &&
         th_explanation_symbol(f->e, "lawv", law_text(row, "v", with_v, sizeof with_v)) &&
         th_explanation_pick(f->e, "n", "n") && th_explanation_pick(f->e, "s", "s") && add_lines(f, row);
}

/* --- Two unknowns */

static bool explain_two(const Family *f) {
  bool log_normal = f->family == &th_family_lognormal;
  const double *x = f->fit->estimate, *se = f->fit->se;
  size_t first = f->elements[0], second = f->elements[1];
  return give_data(f) && give_unknown(f, "t", 0) && give_unknown(f, "u", 1) && give_hat(f, "that", 0) &&
         give_hat(f, "uhat", 1) && th_explanation_symbol(f->e, "family", f->family->name) &&
         th_explanation_symbol(f->e, "law", "$family($t, $u)") &&
         th_explanation_symbol(f->e, "z", log_normal ? "log $y" : "$y") &&
         th_explanation_symbol(f->e, "zcode", log_normal ? "log($y)" : "$y") &&
         th_explanation_symbol(f->e, "jacobian", log_normal ? " - {sum(log($y))}" : "") &&
         th_explanation_pick_take(f->e, "first", "first", th_number(x[first])) &&
         th_explanation_pick_take(f->e, "second", "second", th_number(x[second])) &&
         th_explanation_pick_take(f->e, "sefirst", "se_first", th_number(se[first])) &&
         th_explanation_pick_take(f->e, "sesecond", "se_second", th_number(se[second])) &&
         th_explanation_pick(f->e, "n", "n") && th_explanation_pick(f->e, "s", "s") &&
         th_explanation_pick(f->e, "q", "q") && th_explanation_add_all(f->e, two_lines);
}

static bool is_one_known(const Family *f) {
  for (int j = 0; j < f->family->n_parameters; j++)
    if (f->elements[j] == SIZE_MAX && th_law_parameter_length(f->parameters[j]) != 1) return false;
  return true;
}

static bool explain_law(Family *f, bool *done) {
  const Row *row = find_row(f);
  bool both = f->n_unknown == 2 && (f->family == &th_family_normal || f->family == &th_family_lognormal);
  if (both && f->fit->k == 2) {
    *done = true;
    return explain_two(f);
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
