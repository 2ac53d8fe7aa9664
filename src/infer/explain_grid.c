/* explain_grid.c - a posterior on a grid, in lines: the integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $t and $o are the names of the parameters, $post the posterior, $logz the log of the integral. */
#include <math.h>

#include "infer/explain_posterior.h"
#include "val/array.h"

#define CUTS(name) "quantile($post.$" name ", [1e-13, 1e-4, 0.5, 1 - 1e-4, 1 - 1e-13])"

/* --- A grid of one parameter or two: $t and $o are their names; the integral over a range in code is cut where the
 * density is narrow. */

#define OVER(function, cuts) \
  "sum([integrate(" function ", " cuts "[i], " cuts "[i + 1]) for i in 1:length(" cuts ") - 1])"

static const ThLine grid_words = {
    .words =
        "No formula integrates the exponential of minus that. It is followed on a grid, refined until the integral "
        "no longer changes, and divided by it:"};
static const ThLine one_evidence = {
    .sides = {{"log p(data)", "$evidence"},
              {"log ∫ exp(-loss($t)) d$t", "-$c + log(" OVER("v -> exp($c - $loss([v]))", "$cuts") ")"},
              {"{$evidence}"}}};
static const ThLine one_integral = {
    .sides = {{"log ∫ exp(-loss($t)) d$t", "-$c + log(" OVER("v -> exp($c - $loss([v]))", "$cuts") ")"},
              {"{$logz}"}}};
static const ThLine one_lines[] = {
    {.words = "The density, at $t = {$point[1]} for instance:",
     .sides = {{"p($t | data)", "pdf($post.$t, $point[1])"},
               {"exp(-loss($t))/∫ exp(-loss($t)) d$t", "exp(-$loss($point) - $logz)"},
               {"{exp(-$loss($point) - $logz)}"}}},
    {.words = "Mean and standard deviation are integrals with it:",
     .sides = {{"E($t | data)", "$means[1] + 0"},
               {"∫ $t·p($t | data) d$t", OVER("v -> v*exp(-$loss([v]) - $logz)", "$cuts")},
               {"{$means[1]}"}}},
    {.sides = {{"sd($t | data)", "√$C[1, 1]"},
               {"√(∫ ($t - E)²·p($t | data) d$t)",
                "√(" OVER("v -> (v - $means[1])^2*exp(-$loss([v]) - $logz)", "$cuts") ")"},
               {"{√$C[1, 1]}"}}},
    {0},
};

/* By Bayes' formula at one value of the first parameter: an integral of one dimension. */
static const ThLine two_evidence = {.sides = {{"log p(data)", "$evidence"},
                                              {"log ∫∫ exp(-loss($parameters)) d$t d$o",
                                               "-$c + log(" OVER("v -> exp($c - $loss([$point[1], v]))",
                                                                 "$cuts") ") - logpdf($post.$t, $point[1])"},
                                              {"{$evidence}"}}};
static const ThLine two_lines[] = {
    {.words = "What is known of $t alone is the integral over $o, for instance at {$point[1]}:",
     .sides = {{"p($t | data)", "pdf($post.$t, $point[1])"},
               {"∫ p($t, $o | data) d$o", OVER("v -> exp(-$loss([$point[1], v]) - $logz)", "$cuts")},
               {"{pdf($post.$t, $point[1])}"}}},
    {.words = "The means are integrals with the densities of each alone:",
     .sides = {{"E($t | data)", "mean($post.$t)"},
               {"∫ $t·p($t | data) d$t", OVER("v -> v*pdf($post.$t, v)", "$firstcuts")},
               {"{mean($post.$t)}"}}},
    {.sides = {{"E($o | data)", "mean($post.$o)"},
               {"∫ $o·p($o | data) d$o", OVER("v -> v*pdf($post.$o, v)", "$cuts")},
               {"{mean($post.$o)}"}}},
    {0},
};

/* Quantiles of a parameter: all but 2e-13 of the posterior lies between the first and the last. Beyond, where the loss
 * may not even be defined, there is nothing to integrate. */
static bool give_cuts(const ThApproach *a, const char *symbol, const char *code) {
  ThValue v;
  return th_explanation_value(a->e, code, &v) && th_explanation_pick_take(a->e, symbol, symbol, v);
}

/* $logz, the log of the integral: the evidence where there is one. */
static bool give_integral(const ThApproach *a) {
  ThValue v;
  const char *code = a->k == 1 ? "-$c + log(" OVER("v -> exp($c - $loss([v]))", "$cuts") ")"
                               : "-$c + log(" OVER("v -> exp($c - $loss([$means[1], v]))",
                                                   "$cuts") ") - logpdf($post.$t, $means[1])";
  if (!isnan(a->p->log_evidence))
    return th_explanation_pick_take(a->e, "evidence", "log_evidence", th_number(a->p->log_evidence)) &&
           th_explanation_pick_take(a->e, "logz", "log_integral", th_number(a->p->log_evidence));
  return th_explanation_value(a->e, code, &v) && th_explanation_pick_take(a->e, "logz", "log_integral", v);
}

static bool give_grid(const ThApproach *a) {
  double point[2];
  ThValue c, p = th_retain(a->value), x;
  for (size_t j = 0; j < a->k; j++) {
    double step = 0.385 * sqrt(a->p->covariance[j * (a->k + 1)]);
    point[j] = a->p->mean[j] + (a->p->mean[j] + step < a->target->upper[j] ? step : -0.385 * step);
  }
  return th_explanation_pick_take(a->e, "post", "posterior", p) && th_vector_from(a->cx, point, a->k, &x) &&
         th_explanation_pick_take(a->e, "point", "point", x) && th_explain_posterior_name(a, "t", 0) &&
         (a->k == 1 || th_explain_posterior_name(a, "o", 1)) &&
         th_explain_posterior_vector(a, "means", "means", a->p->mean) &&
         th_explain_posterior_matrix(a, "C", "C", a->p->covariance) &&
         give_cuts(a, "cuts", a->k == 1 ? CUTS("t") : CUTS("o")) &&
         (a->k == 1 || give_cuts(a, "firstcuts", CUTS("t"))) &&
         th_explanation_value(a->e, "$loss($means)", &c) &&
         th_explanation_pick_take(a->e, "c", "loss_at_mean", c) && give_integral(a);
}

bool th_explain_grid(const ThApproach *a, bool *done) {
  bool one = a->k == 1, proper = !isnan(a->p->log_evidence);
  *done = true;
  if (!give_grid(a) || !th_explain_add_bayes(a) || !th_explanation_add(a->e, &grid_words)) return false;
  if (proper || one)
    if (!th_explanation_add(a->e, !one ? &two_evidence : proper ? &one_evidence : &one_integral))
      return false;
  return th_explanation_add_all(a->e, one ? one_lines : two_lines);
}
