/* query_again.c - a question answered by asking others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/query_again.h"

#include <string.h>

void th_asked_clear(ThAsked *question) {
  th_release_all(question->values, question->n_targets + question->n_conditions);
  question->n_targets = question->n_conditions = 0;
}

bool th_asked_replace(ThQuery *q, ThValue from, ThValue to, ThAsked *out, bool *fits) {
  ThValue old[TH_MOST_ASKED];
  size_t n = q->n_targets + q->n_conditions;
  *out = (ThAsked){0};
  *fits = n <= TH_MOST_ASKED;
  if (!*fits) return true;
  for (size_t i = 0; i < n; i++)
    old[i] = i < q->n_targets ? q->targets[i] : q->conditions[i - q->n_targets].event;
  if (!th_variable_replace_all(q->cx, old, n, from, to, out->values)) return false;
  out->n_targets = q->n_targets;
  out->n_conditions = q->n_conditions;
  return true;
}

bool th_asked_replace_in(ThContext *cx, ThAsked *question, ThValue from, ThValue to) {
  ThAsked next = *question;
  size_t n = next.n_targets + next.n_conditions;
  if (!th_variable_replace_all(cx, question->values, n, from, to, next.values)) return false;
  th_asked_clear(question);
  *question = next;
  return true;
}

bool th_asked_drop_constants(ThContext *cx, ThAsked *question, bool *possible) {
  ThValue *conditions = question->values + question->n_targets;
  size_t n = question->n_conditions, kept = 0;
  *possible = true;
  for (size_t i = 0; i < n; i++) {
    double x;
    if (th_is_random(conditions[i])) {
      conditions[kept++] = conditions[i];
      continue;
    }
    *possible = *possible && th_to_number(conditions[i], &x) && x != 0;
    th_release(conditions[i]);
  }
  question->n_conditions = kept;
  return th_poll(cx);
}

/* `asked`: the question for whose sake, whose text is shown, or NULL. */
static bool ask(ThQuery *q, const ThQuery *asked, ThQueryKind kind, ThMethod method, const ThValue *targets,
                size_t n_targets, const ThValue *conditions, size_t n_conditions, ThValue *out) {
  ThQuery again;
  ThQueryOptions options = q->options;
  options.method = method;
  if (!th_query_init(q->cx, &again, kind, targets, n_targets, conditions, n_conditions, &options))
    return false;
  again.asked = asked;
  bool ok = th_query_answer(&again, out);
  th_query_clear(&again);
  return ok;
}

bool th_query_ask(ThQuery *q, ThQueryKind kind, const ThValue *targets, size_t n_targets,
                  const ThValue *conditions, size_t n_conditions, ThValue *out) {
  return ask(q, q, kind, TH_METHOD_AUTO, targets, n_targets, conditions, n_conditions, out);
}

/* An error that says only that there is none is none. */
static bool ask_distribution(ThQuery *q, const ThQuery *asked, ThValue v, const ThValue *conditions, size_t n,
                             ThValue *out, bool *found) {
  *found = ask(q, asked, TH_QUERY_DIST, TH_METHOD_EXACT, &v, 1, conditions, n, out);
  if (*found) return true;
  if (th_is_final(q->cx)) return false;
  th_error_clear(q->cx);
  return true;
}

bool th_query_ask_distribution(ThQuery *q, ThValue v, const ThValue *conditions, size_t n, ThValue *out,
                               bool *found) {
  return ask_distribution(q, q, v, conditions, n, out, found);
}

bool th_query_part_distribution(ThQuery *q, ThValue v, const ThValue *conditions, size_t n, ThValue *out,
                                bool *found) {
  return ask_distribution(q, NULL, v, conditions, n, out, found);
}

bool th_query_distribution(ThQuery *q, ThValue v, ThValue *out, bool *found) {
  ThValue *conditions = th_alloc_array(q->cx, q->n_conditions + 1, sizeof *conditions);
  *found = false;
  if (!conditions) return false;
  for (size_t i = 0; i < q->n_conditions; i++) conditions[i] = q->conditions[i].event;
  bool ok = ask_distribution(q, NULL, v, conditions, q->n_conditions, out, found);
  th_free(q->cx, conditions, (q->n_conditions + 1) * sizeof *conditions);
  return ok;
}

bool th_query_is_drawn(ThValue answer) {
  ThValue method = th_is_estimate(answer)       ? th_as_estimate(answer)->method
                   : th_is_distribution(answer) ? th_as_distribution(answer)->method
                                                : th_none();
  return th_is_string(method) && strncmp(th_as_string(method)->text, "Monte Carlo", 11) == 0;
}

bool th_query_number(ThQuery *q, double complex x, double error, const char *method, ThValue *out) {
  ThMoments m = {.mean = {x}, .variance = {creal(x), 1}, .covariance = creal(x), .error = error};
  if (q->kind == TH_QUERY_SD) m.variance[0] *= m.variance[0];
  if (q->kind == TH_QUERY_CORR) m.variance[0] = 1;
  return th_query_estimate(q, &m, method, out);
}
