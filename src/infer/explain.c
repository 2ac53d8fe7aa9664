/* explain.c - what can be explained, and what several explanations say */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/explain.h"
#include "infer/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/libs.h"
#include "infer/law_vector.h"
#include "infer/loss.h"
#include "infer/posterior.h"
#include "lang/builtin.h"
#include "lang/session.h"

static const ThExplainer explainers[] = {
    {"P(A | B)", th_explain_query},
    {"bayes(…)", th_explain_table},
    {"conjugate posteriors", th_explain_conjugate},
    {"", th_explain_shares}, /* of shares */
    {"maximum likelihood of a family", th_explain_family},
    {"", th_explain_family_vector},
    {"", th_explain_states}, /* of a discrete parameter, of a mixture of priors */
    {"", th_explain_scaled}, /* of linear models of unknown σ */
    {"linear Gaussian fits and posteriors", th_explain_gaussian},
    {"other maxima", th_explain_curvature},
    {"other posteriors", th_explain_posterior},
    {"regressions of lm, linreg and glm", th_explain_linear},
    {"", th_explain_glm},
    {"losses with data", th_explain_loss},
    {"from_cf(…)", th_explain_cf},
    {NULL, NULL},
};

/* --- What several subjects say */

/* A knob that was left out has its default. */
static bool give_default(ThExplanation *e, const ThModel *model, size_t i, const ThSymbol *name) {
  size_t length;
  ThValue v;
  const char *text = th_function_default(model->body, i, &length);
  char *copy = text ? th_copy_text(e->cx, text, length) : NULL;
  if (!copy) return text == NULL;
  bool ok = th_explanation_evaluate(e, copy, &v) && th_explanation_give_take(e, name->spelling, v);
  th_free(e->cx, copy, length + 1);
  return ok;
}

bool th_explain_give_data(ThExplanation *e, const ThQuestion *q) {
  const ThModel *model = th_question_model(q);
  bool is_knob, ok = true;
  for (size_t i = 0; ok && i < q->data.n; i++) {
    const ThSymbol *name = th_model_argument(model, i, &is_knob);
    ThValue v = q->data.values[i];
    ok = th_is_unset(v) ? give_default(e, model, i, name)
                        : th_explanation_give_take(e, name->spelling, th_retain(v));
  }
  return ok;
}

static bool give_all(ThExplanation *e, const ThRecord *values) {
  for (size_t i = 0; i < values->length; i++)
    if (!th_explanation_give_take(e, values->names[i]->spelling, th_retain(values->values[i]))) return false;
  return true;
}

static bool give_derived(ThExplanation *e, const ThQuestion *q, const ThRecord *parameters) {
  ThRecording r;
  ThRecord *derived;
  if (!th_question_replay(e->cx, q, &q->data, parameters, &r)) return false;
  bool ok = th_derived_record(&r, &derived);
  th_recording_clear(&r);
  if (!ok) return false;
  ok = give_all(e, derived);
  th_release(th_object(derived));
  return ok;
}

bool th_explain_give_point(ThExplanation *e, const ThQuestion *q, const ThRecording *r, const double *x) {
  ThLayout layout;
  ThRecord *parameters;
  if (!th_layout_init(e->cx, r, &layout)) return false;
  bool ok = th_layout_record(e->cx, &layout, x, false, &parameters);
  th_layout_clear(&e->cx->heap, &layout);
  if (!ok) return false;
  ok = give_all(e, parameters) && give_derived(e, q, parameters);
  th_release(th_object(parameters));
  return ok;
}

/* Between two ends, one or both of which may be infinite. */
static double between(double lower, double upper, double part) {
  if (isfinite(lower) && isfinite(upper)) return lower + part * (upper - lower);
  if (isfinite(lower)) return lower + 1 + part;
  return isfinite(upper) ? upper - 1 - part : part;
}

void th_explain_inner_point(const ThRecording *r, double *x) {
  for (size_t i = 0; i < r->n_elements; i++) {
    const ThUnknown *u = &r->unknowns[r->elements[i].unknown];
    double lower = u->lower, upper = u->upper;
    if (th_is_distribution(u->prior) && !th_is_joint_law(u->prior))
      th_distribution_support(th_as_distribution(u->prior), 0, &lower, &upper);
    bool together = th_is_joint_law(u->prior);
    bool correlations = together && th_law_family(u->prior) == &th_family_lkj;
    x[i] = together ? 1 / (double)(u->count + correlations)
                    : between(lower, upper, 0.385 + 0.07 * (double)(i % 5));
  }
}

const char *th_explain_subscript(size_t i, char *text, size_t size) {
  static const char *const subscripts[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  char digits[24];
  snprintf(digits, sizeof digits, "%zu", i);
  size_t used = 0;
  for (const char *at = digits; *at && used + 4 < size; at++)
    used += (size_t)snprintf(text + used, size - used, "%s", subscripts[*at - '0']);
  return text;
}

bool th_explain_element(ThExplanation *e, const char *name, const ThUnknown *u, size_t index, double value) {
  ThText text;
  char subscript[TH_SUBSCRIPT_SIZE];
  th_text_init(&text, &e->cx->heap);
  th_text_add(&text, u->name->spelling);
  if (u->count != SIZE_MAX) th_text_add(&text, th_explain_subscript(index + 1, subscript, sizeof subscript));
  bool ok = th_text_ok(&text, e->cx) && th_explanation_symbol(e, name, th_text_string(&text)) &&
            th_explanation_give_number(e, th_text_string(&text), value);
  th_text_clear(&text);
  return ok;
}

/* --- explain(x) */

/* A fit without errors has words that say why: an end of a range, a flat direction, Ctrl-C. */
static bool has_gap(const ThFit *fit) {
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j])) return th_is_string(fit->words);
  return false;
}

static bool has_weights(ThValue v) {
  if (th_is_fit(v)) return th_question_weights(&th_as_fit(v)->question);
  return th_is_posterior(v) && th_question_weights(&th_as_posterior(v)->question);
}

static bool fail_none(ThContext *cx, ThValue v) {
  char got[96];
  if (th_is_posterior(v) && has_weights(v))
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "there is no explanation of a posterior with `weights`");
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "there is no explanation of %s", th_describe(v, got, sizeof got));
  if (th_is_estimate(v))
    return th_hint(cx, "a number does not know its question: `explain(P(A | B))` asks and explains");
  if (th_is_model(v) || th_is_loss(v))
    return th_hint(cx, "`explain(loss_of(m, d))` explains the loss of a model and data");
  if (th_is_fit(v) && has_gap(th_as_fit(v))) {
    const char *words = th_as_string(th_as_fit(v)->words)->text;
    return th_hint(cx, "it would be that of a maximum with a curvature, and %.*s", (int)strcspn(words, ":\n"),
                   words);
  }
  ThText list;
  th_text_init(&list, &cx->heap);
  for (const ThExplainer *x = explainers; x->what; x++)
    if (x->what[0]) th_text_format(&list, "%s%s", list.length ? ", " : "", x->what);
  th_hint(cx, "it explains %s", th_text_string(&list));
  th_text_clear(&list);
  return false;
}

static bool find_explanation(ThContext *cx, ThValue v, ThValue *out) {
  bool done = false, ok = true, weighted = has_weights(v);
  for (const ThExplainer *x = explainers; ok && !done && x->what; x++) {
    if (weighted && x->explain != th_explain_curvature) continue; /* no other derivation has weights in it */
    ThExplanation *e = th_explanation_new(cx);
    if (!e) return false;
    ok = x->explain(cx, v, e, &done);
    if (ok && done) *out = th_object(e);
    else th_release(th_object(e));
  }
  return ok && (done || fail_none(cx, v));
}

/* Step by step; a person at the terminal says when to go on. */
static bool show_slowly(ThContext *cx, const ThExplanation *e) {
  ThText text;
  bool ok = true, waits = cx->host.wait != NULL;
  th_text_init(&text, &cx->heap);
  for (size_t i = 0; ok && i < e->n; i++) {
    th_text_reset(&text);
    ok = th_poll(cx) && th_explanation_text(e, i, &text);
    th_text_char(&text, '\n');
    ok = ok && th_text_ok(&text, cx);
    if (!ok) break;
    th_write(cx, th_text_string(&text), text.length);
    if (waits && i + 1 < e->n) waits = cx->host.wait(cx->host.self);
  }
  th_text_clear(&text);
  return ok;
}

static bool body_explain(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue found = th_none();
  if (!find_explanation(cx, call->args[0], &found)) return false;
  if (!th_arg_bool(call, 1)) {
    *out = found;
    return true;
  }
  bool ok = show_slowly(cx, th_as_explanation(found));
  th_release(found);
  if (ok) *out = th_none();
  return ok;
}

#define SECTION "models"

const ThBuiltin th_lib_explain[] = {
    {"explain(x: any, pause: bool = false) -> any", body_explain, SECTION,
     "the derivation of an answer, in equations with this problem's symbols and numbers",
     "Explains P(A | B) written out in the call, a bayes(…) table, conjugate posteriors, maximum likelihood of a "
     "family, least squares, ridge and Bayesian linear regression, lm, linreg and glm, the curvature at other maxima "
     "(Laplace's approximation), posteriors on a grid, by Laplace's approximation and by draws, loss_of(m, d) and "
     "from_cf(…). Every line is true of these data: its sides are "
     "expressions that were evaluated. pause = true stops after each step, until Enter.",
     "explain(bayes(prior = (a = 0.5, b = 0.5), likelihood = (a = 0.8, b = 0.1)))\n"
     "#> The evidence, the probability of what was observed, sums over the hypotheses H:\n"
     "#>   P(data) = Σ P(data | H)·P(H) = 0.5·0.8 + 0.5·0.1 = 0.45\n"
     "#>\n"
     "#> Bayes' formula, P(H | data) = P(data | H)·P(H)/P(data):\n"
     "#>   P(a | data) = 0.8·0.5/0.45 = 0.888889\n"
     "#>   P(b | data) = 0.1·0.5/0.45 = 0.111111",
     "how loss_of posterior mle", NULL},
    {0},
};
