/* evidence.c - how probable a model makes its data: where that is defined, and the ratio of two */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/evidence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/bridge.h"
#include "infer/observed.h"

/* --- One of them */

size_t th_evidence_improper(const ThRecording *r) {
  for (size_t j = 0; j < r->n_elements; j++)
    if (th_is_none(r->elements[j].prior) && th_is_none(r->unknowns[r->elements[j].unknown].prior)) return j;
  return SIZE_MAX;
}

/* A prior for a range. */
static void proper_prior(const ThUnknown *u, char *buffer, size_t size) {
  bool below = isfinite(u->lower), above = isfinite(u->upper);
  if (below && above) snprintf(buffer, size, "Uniform(%.6g, %.6g)", u->lower, u->upper);
  else snprintf(buffer, size, "%s", below && u->lower == 0 ? "HalfNormal(10)" : "Normal(0, 10)");
}

static bool fail_improper(const ThPosterior *p, int argument, const ThRecording *r, size_t j) {
  const ThUnknown *u = &r->unknowns[r->elements[j].unknown];
  const char *model = th_question_model(&p->question)->name->spelling, *name = u->name->spelling;
  char prior[64];
  th_fail_argument(p->cx, argument, TH_ERROR_VALUE,
                   "the evidence of `%s` is not defined: `%s` has no proper prior", model, name);
  proper_prior(u, prior, sizeof prior);
  return th_hint(p->cx, "give it one: `%s ~ %s` in place of `param %s`", name, prior, name);
}

/* Why there is none. */
static bool fail_unknown(const ThPosterior *p, int argument) {
  ThRecording r;
  if (!th_question_reopen(p->cx, &p->question, &p->question.data, &r)) return false;
  size_t j = th_evidence_improper(&r);
  if (j != SIZE_MAX) fail_improper(p, argument, &r, j);
  else
    th_fail_argument(p->cx, argument, TH_ERROR_VALUE, "the evidence of `%s` is not known%s%s",
                     r.model->name->spelling, p->evidence.reason[0] ? ": " : "", p->evidence.reason);
  th_recording_clear(&r);
  return false;
}

bool th_evidence_of(const ThPosterior *p, int argument, ThFinding *out) {
  *out = p->evidence;
  out->value = p->log_evidence;
  return !isnan(out->value) || fail_unknown(p, argument);
}

/* --- Two of them */

/* Do they count each datum alike? */
static bool check_weights(ThContext *cx, const ThQuestion *a, const ThQuestion *b,
                          const char *const names[2]) {
  bool same = th_is_none(a->weights) == th_is_none(b->weights);
  if (same && !th_is_none(a->weights)) {
    const ThArray *x = th_as_array(a->weights), *y = th_as_array(b->weights);
    same = x->length == y->length && memcmp(x->real, y->real, x->length * sizeof *x->real) == 0;
  }
  return same || th_fail(cx, TH_ERROR_VALUE, "`%s` and `%s` do not weigh the data alike", names[0], names[1]);
}

bool th_evidence_same_data(ThContext *cx, const ThQuestion *a, const ThQuestion *b,
                           const char *const names[2]) {
  ThArray *x, *y = NULL;
  if (!th_observed_sorted(cx, a, &x)) return false;
  bool ok = th_observed_sorted(cx, b, &y) && th_observed_same(cx, x, y, names);
  th_release(th_object(x));
  if (y) th_release(th_object(y));
  return ok && check_weights(cx, a, b, names);
}

bool th_evidence_knows_data(const ThPosterior *p, const char *name) {
  if (!p->forgot) return true;
  th_fail(
      p->cx, TH_ERROR_VALUE,
      "`%s` was updated with data that do not join those before: which data its evidence is of is not known",
      name);
  return th_hint(p->cx, "ask for the posterior of all data at once: posterior(%s, …)",
                 th_question_model(&p->question)->name->spelling);
}

/* The one that is farther from exact. */
static const char *joint_method(const char *a, const char *b) {
  if (!a || !b || strcmp(a, b) == 0) return a ? a : b;
  if (a == th_bridge_method) return strstr(b, "Laplace") ? b : a;
  if (b == th_bridge_method) return strstr(a, "Laplace") ? a : b;
  return strstr(a, "Laplace") ? a : b;
}

bool th_evidence_ratio(const ThPosterior *p, const ThPosterior *q, ThFinding *out) {
  ThFinding a, b;
  if (!th_evidence_of(p, 1, &a) || !th_evidence_of(q, 2, &b)) return false;
  double value = exp(a.value - b.value);
  *out = (ThFinding){.value = value, .method = joint_method(a.method, b.method)};
  bool told = !out->method || !strstr(out->method, "Laplace"); /* that one's error is not known */
  if (told) out->error = value * hypot(a.error, b.error);
  if (isinf(value)) th_note(p->cx, "the logarithm of the ratio is %.6g", a.value - b.value);
  return true;
}
