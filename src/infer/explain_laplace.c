/* explain_laplace.c - Laplace's approximation of a posterior, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $u is a point in coordinates without bounds (bounds.h), $theta the parameters as a function of such points, $free
 * minus the log density there, $m its mode, $C the covariance of the approximation. */
#include <math.h>
#include <stdio.h>

#include "infer/explain_posterior.h"
#include "val/array.h"

static const double *mode_of(const ThPosterior *p) { return p->free ? p->free->mean : p->mean; }
static const double *covariance_of(const ThPosterior *p) {
  return p->free ? p->free->covariance : p->covariance;
}

/* --- Laplace: coordinates u without bounds (bounds.h) */

/* u₂ = log(τ), the parameter as code in v[2], and the log of its slope. */
static void add_coordinate(const ThApproach *a, size_t j, ThText *shown, ThText *code, ThText *slope) {
  double lower = a->target->lower[j], upper = a->target->upper[j];
  ThText name;
  char index[TH_SUBSCRIPT_SIZE];
  th_text_init(&name, &a->cx->heap);
  th_layout_name(&a->p->layout, j, &name);
  const char *x = th_text_string(&name);
  th_explain_subscript(j + 1, index, sizeof index);
  th_text_format(shown, "%su%s = ", j ? ", " : "", index);
  th_text_add(code, j ? ", " : "");
  size_t i = j + 1;
  if (isfinite(lower) && isfinite(upper)) {
    th_text_format(shown, "log((%s - %.6g)/(%.6g - %s))", x, lower, upper, x);
    th_text_format(code, "%.17g + (%.17g)*sigmoid(v[%zu])", lower, upper - lower, i);
    th_text_format(slope, " + log(%.17g) - softplus(v[%zu]) - softplus(-v[%zu])", upper - lower, i, i);
  } else if (isfinite(lower)) {
    th_text_format(shown, lower == 0 ? "log(%s)" : "log(%s - %.6g)", x, lower);
    th_text_format(code, "%.17g + exp(v[%zu])", lower, i);
    th_text_format(slope, " + v[%zu]", i);
  } else if (isfinite(upper)) {
    th_text_format(shown, "-log(%.6g - %s)", upper, x);
    th_text_format(code, "%.17g - exp(-v[%zu])", upper, i);
    th_text_format(slope, " - v[%zu]", i);
  } else {
    th_text_add(shown, x);
    th_text_format(code, "v[%zu]", i);
  }
  if (name.failed) shown->failed = true;
  th_text_clear(&name);
}

/* $coordinates, $theta: the parameters of u as a function in code, and $free: the loss of u. */
static bool give_coordinates(const ThApproach *a) {
  ThText shown, code, slope, loss;
  ThText *const texts[] = {&shown, &code, &slope, &loss};
  for (size_t i = 0; i < 4; i++) th_text_init(texts[i], &a->cx->heap);
  th_text_add(&code, "(v -> [");
  for (size_t j = 0; j < a->k; j++) add_coordinate(a, j, &shown, &code, &slope);
  th_text_add(&code, "])");
  if (a->p->free) th_text_format(&loss, "(v -> $loss($theta(v)) - (0%s))", th_text_string(&slope));
  else th_text_add(&loss, "$loss");
  bool ok = true;
  for (size_t i = 0; i < 4; i++) ok = ok && th_text_ok(texts[i], a->cx);
  ok = ok && th_explanation_symbol(a->e, "coordinates", th_text_string(&shown)) &&
       th_explanation_symbol(a->e, "theta", th_text_string(&code)) &&
       th_explanation_symbol(a->e, "free", th_text_string(&loss));
  for (size_t i = 0; i < 4; i++) th_text_clear(texts[i]);
  return ok;
}

static const ThLine free_line = {
    .words =
        "It is approximated in coordinates without bounds, $coordinates. A density of u has the factor |dθ/du| "
        "beside, so that minus its logarithm is",
    .sides = {{"ℓ(u)", "$free($u)"},
              {"loss(θ(u)) - log |det dθ/du|", "$loss($theta($u)) - log(abs(det(jacobian($theta, $u))))"}}};

static const ThLine laplace_lines[] = {
    {.words = "It is least at the mode m, where its gradient is 0:",
     .sides = {{"∇$l(m)",
                "where(abs(grad($free, $m)) < 1e-6/√[$C[i, i] for i in 1:{length($m)}], 0, grad($free, $m))"},
               {"0", "zeros({length($m)})"}}},
    {.sides = {{"m", "$m + 0"}, {"{$m}"}}},
    {0},
};
static const ThLine curvature_line = {
    .words = "There its second derivatives are",
    .sides = {{"H", "hessian($free, $m)"}, {"∇²$l(m)", "inv($C)"}, {"{=inv($C)}", "inv($C)"}}};
static const ThLine normal_line = {
    .words =
        "Its series to the second order is half a square. A density that is the exponential of minus half a square is "
        "normal: the approximation is MvNormal(m, C), with",
    .sides = {{"C", "$C"}, {"H⁻¹", "inv(hessian($free, $m))"}, {"{=$C}", "$C"}}};
static const ThLine laplace_evidence = {
    .words = "Its integral stands for p(data):",
    .sides = {{"log p(data)", "$evidence"},
              {"-$l(m) + ({length($m)}/2)·log(2π) - ½·log(det(H))",
               "-$free($m) + length($m)/2*log(2π) - log(det(hessian($free, $m)))/2"},
              {"{$evidence}"}}};

/* The mean of the exponential of a normal number: of parameter $x, number $i, above $low. */
static const ThLine mean_line = {.sides = {{"E($x | data)", "$means[$n] + 0"},
                                           {"$above exp(m$i + ½ C$i$i)", "$low + exp($m[$n] + $C[$n, $n]/2)"},
                                           {"{$means[$n]}"}}};

static bool add_mean(const ThApproach *a, size_t j, bool first) {
  char index[TH_SUBSCRIPT_SIZE], low[32], number[24], above[40] = "";
  double lower = a->target->lower[j];
  ThLine line = mean_line;
  if (!isfinite(lower) || isfinite(a->target->upper[j])) return true;
  if (first) line.words = "The exponential of a normal number has a mean of its own:";
  snprintf(low, sizeof low, "%.17g", lower);
  snprintf(number, sizeof number, "%zu", j + 1);
  if (lower != 0) snprintf(above, sizeof above, "%.6g +", lower);
  else line.sides[1].shown = "exp(m$i + ½ C$i$i)";
  return th_explain_posterior_name(a, "x", j) &&
         th_explanation_symbol(a->e, "i", th_explain_subscript(j + 1, index, sizeof index)) &&
         th_explanation_symbol(a->e, "low", low) && th_explanation_symbol(a->e, "n", number) &&
         th_explanation_symbol(a->e, "above", above) && th_explanation_add(a->e, &line);
}

/* Is the mode that of the question's data? Not where a posterior has seen others before. */
static bool is_mode(const ThApproach *a, bool *out) {
  ThValue v;
  *out = false;
  if (!th_explanation_value(a->e, "grad($free, $m)", &v)) return false;
  const double *slope = th_is_array(v) ? th_as_array(v)->real : NULL;
  *out = slope != NULL;
  for (size_t j = 0; slope && j < a->k; j++)
    *out = *out && fabs(slope[j]) * sqrt(covariance_of(a->p)[j * (a->k + 1)]) < 1e-5;
  th_release(v);
  return true;
}

bool th_explain_laplace(const ThApproach *a, bool *done) {
  ThExplanation *e = a->e;
  bool bounded = a->p->free != NULL, first = true;
  double *u = th_alloc_array(a->cx, a->k, sizeof *u);
  if (!u) return false;
  for (size_t j = 0; j < a->k; j++)
    u[j] = mode_of(a->p)[j] + 0.385 * sqrt(covariance_of(a->p)[j * (a->k + 1)]);
  bool ok = th_explain_posterior_vector(a, "u", "u", u) &&
            th_explain_posterior_vector(a, "m", "m", mode_of(a->p)) &&
            th_explain_posterior_vector(a, "means", "means", a->p->mean) &&
            th_explain_posterior_matrix(a, "C", "C", covariance_of(a->p)) &&
            th_explanation_symbol(e, "l", bounded ? "ℓ" : "loss") && give_coordinates(a) && is_mode(a, done);
  th_free(a->cx, u, a->k * sizeof *u);
  if (!ok || !*done) return ok;
  ok = th_explain_add_bayes(a) && (!bounded || th_explanation_add(e, &free_line)) &&
       th_explanation_add_all(e, laplace_lines) && th_explanation_add_square(e, &curvature_line, a->k) &&
       th_explanation_add_square(e, &normal_line, a->k);
  for (size_t j = 0; ok && j < a->k && a->k <= TH_MOST_SHOWN_COLUMNS; j++) {
    size_t before = e->n;
    ok = add_mean(a, j, first);
    first = first && e->n == before;
  }
  if (!ok || isnan(a->p->log_evidence)) return ok;
  return th_explanation_pick_take(e, "evidence", "log_evidence", th_number(a->p->log_evidence)) &&
         th_explanation_add(e, &laplace_evidence);
}
