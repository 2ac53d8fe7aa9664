/* explain_scaled.c - a linear model of unknown σ with priors as wide as its errors, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "infer/posterior.h"
#include "prob/normal_inv_gamma.h"
#include "val/array.h"

/* $A and $r the rows, $w the variance by whose root they are multiplied, $a and $b its prior's parameters, $n how many
 * data its posterior counts, $L the sum of the logarithms of what the rows were divided by. */
static const ThLine lines[] = {
    {.words =
         "Given $v, all data and priors are Normal, and each σ is a known factor times √w, w = $w. Divided by its "
         "factor each is a row of $A·β - $r, Normal(0, √w) by itself, with β = ($beta). Their product is largest "
         "where the sum of squares is smallest:",
     .define = "$m",
     .sides = {{"$m"}, {"($A'·$A)⁻¹·$A'·$r", "$A \\ $r"}, {"{$m}"}}},
    {.define = "$V", .sides = {{"$V"}, {"($A'·$A)⁻¹", "inv($A' @ $A)"}, {"{=$V}", "$V"}}},
    {.words = "and there it is",
     .define = "$S",
     .sides = {{"$S"}, {"|$r - $A·$m|²", "sum(($r - $A @ $m)^2)"}, {"{$S}"}}},
    {.words =
         "So β given w is Normal around $m with the covariance w·$V. Integrated over β, what is left of the "
         "product is w^(-$n/2)·exp(-$S/(2·w)) with $n = {$n}, of the same form as the prior of w, $prior: the "
         "posterior of w is InvGamma with",
     .define = "$c",
     .sides = {{"$c"}, {"$a + $n/2"}, {"{$a} + {$n}/2"}, {"{$c}"}}},
    {.define = "$d", .sides = {{"$d"}, {"$b + $S/2"}, {"{$b} + {$S}/2"}, {"{$d}"}}},
    {.words =
         "Without w, each of β is a Student t variable of 2·$c degrees of freedom around $m, with the scales",
     .sides = {{"√($d/$c·diag($V))", "sqrt($d/$c*diag($V))"}, {"{sqrt($d/$c*diag($V))}"}}},
    {0},
};

static const ThLine evidence_line = {
    .words =
        "The evidence is what the product comes to when β and w are integrated out; $L = {$L} is the sum of the "
        "logarithms of the factors:",
    .sides = {{"log p(data)", "$e"},
              {"$a·log($b) - $c·log($d) + log(Γ($c)/Γ($a)) + ½·log(det($V)) - $n/2·log(2π) - $L",
               "$a*log($b) - $c*log($d) + lgamma($c) - lgamma($a) + log(det($V))/2 - $n/2*log(2*pi) - $L"},
              {"{$e}"}}};

typedef struct Scaled {
  ThContext *cx;
  ThExplanation *e;
  const ThPosterior *p;
  const ThRecording *r;
  ThGaussianSystem system;
  ThNormalInvGamma law;
} Scaled;

static bool give_rows(const Scaled *s) {
  const ThGaussianSystem *g = &s->system;
  ThArray *a = th_matrix_new(s->cx, TH_DOUBLE, g->n_rows, g->k),
          *right = a ? th_vector_new(s->cx, TH_DOUBLE, g->n_rows) : NULL;
  if (!right) {
    if (a) th_release(th_object(a));
    return false;
  }
  for (size_t i = 0; i < g->n_rows; i++) {
    memcpy(a->real + i * g->k, g->rows + i * (g->k + 1), g->k * sizeof *a->real);
    right->real[i] = g->rows[i * (g->k + 1) + g->k];
  }
  bool ok = th_explanation_pick_take(s->e, "A", "A", th_object(a));
  if (ok) return th_explanation_pick_take(s->e, "r", "r", th_object(right));
  th_release(th_object(right));
  return false;
}

/* "a, b, θ[1]", without the scale. */
static bool give_names(const Scaled *s) {
  ThText names;
  const ThUnknown *scale = &s->r->unknowns[s->r->elements[s->law.place].unknown];
  char variance[96] = "";
  th_text_init(&names, &s->cx->heap);
  for (size_t j = 0; j < s->r->n_elements; j++) {
    if (j == s->law.place) continue;
    if (names.length) th_text_add(&names, ", ");
    th_unknown_element_name(&s->r->unknowns[s->r->elements[j].unknown], s->r->elements[j].index, &names);
  }
  snprintf(variance, sizeof variance, "%s%s%s", s->law.power < 0 ? "1/" : "", scale->name->spelling,
           fabs(s->law.power) == 2 ? "²" : "");
  bool ok = th_text_ok(&names, s->cx) && th_explanation_symbol(s->e, "beta", th_text_string(&names)) &&
            th_explanation_symbol(s->e, "v", scale->name->spelling) &&
            th_explanation_symbol(s->e, "w", variance);
  th_text_clear(&names);
  return ok;
}

/* What the posterior counts, and by that the prior's parameters. */
static bool give_numbers(const Scaled *s, double squares, bool proper) {
  const ThGaussianSystem *g = &s->system;
  double n = g->weight + (double)g->n_proper - (double)g->k;
  const struct {
    const char *symbol, *name;
    double value;
  } numbers[] = {{"n", "n", n},
                 {"a", "a₀", s->law.shape - 0.5 * n},
                 {"b", "b₀", proper ? s->law.scale - 0.5 * squares : 0},
                 {"L", "L", g->log_scale},
                 {"e", "log_evidence", s->p->log_evidence}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (!th_explanation_pick_take(s->e, numbers[i].symbol, numbers[i].name, th_number(numbers[i].value)))
      return false;
  return th_explanation_symbol(s->e, "prior",
                               proper ? "InvGamma({$a}, {$b})"
                                      : "w^(-{$a} - 1) where its parameter has a flat one") &&
         th_explanation_pick(s->e, "m", "β̂") && th_explanation_pick(s->e, "V", "V") &&
         th_explanation_pick(s->e, "S", "S") && th_explanation_pick(s->e, "c", "aₙ") &&
         th_explanation_pick(s->e, "d", "bₙ");
}

static bool add_lines(const Scaled *s, bool *done) {
  ThLeastSquares solution;
  const ThUnknown *u = &s->r->unknowns[s->r->elements[s->law.place].unknown];
  bool proper = !th_is_none(u->prior) || !th_is_none(s->r->elements[s->law.place].prior);
  if (!th_gaussian_solve(&s->system, &solution)) return false;
  double squares = solution.sum_squares;
  bool agrees = solution.rank == s->system.k;
  for (size_t j = 0; agrees && j < s->system.k; j++)
    agrees = fabs(solution.x[j] - s->law.mean[j]) <= 1e-9 * (1 + fabs(s->law.mean[j]));
  th_least_squares_clear(&solution);
  if (!agrees) return true;
  *done = true;
  bool ok = give_rows(s) && give_names(s) && give_numbers(s, squares, proper) &&
            th_explanation_add_all(s->e, lines);
  return ok &&
         (isnan(s->p->log_evidence) || s->system.constant != 0 || th_explanation_add(s->e, &evidence_line));
}

bool th_explain_scaled(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  const ThPosterior *p = th_is_posterior(v) ? th_as_posterior(v) : NULL;
  if (!p || !th_is_distribution(p->joint)) return true;
  const ThDistribution *joint = th_as_distribution(p->joint);
  if (joint->family != &th_family_normal_inv_gamma) return true;
  ThQuestion question = th_posterior_question(p);
  ThRecording r;
  ThReason why;
  if (!th_question_reopen(cx, &question, &question.data, &r)) return false;
  Scaled s = {.cx = cx, .e = e, .p = p, .r = &r, .law = th_normal_inv_gamma_parts(joint)};
  ThGaussianScale scale = {.element = s.law.place, .power = s.law.power};
  ThAttempt attempt = th_gaussian_read_scaled(&r, true, &scale, &s.system, &why);
  bool ok = attempt != TH_FAILED;
  if (attempt == TH_ANSWERED) {
    ok = add_lines(&s, done);
    th_gaussian_clear(&s.system);
  }
  th_recording_clear(&r);
  return ok;
}
