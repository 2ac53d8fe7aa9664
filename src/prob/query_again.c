/* query_again.c - a question answered by asking others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/query_again.h"

#include <string.h>

bool th_query_ask(ThQuery *q, ThQueryKind kind, const ThValue *targets, size_t n_targets,
                  const ThValue *conditions, size_t n_conditions, ThValue *out) {
  ThQuery again;
  ThQueryOptions options = q->options;
  options.method = TH_METHOD_AUTO;
  if (!th_query_init(q->cx, &again, kind, targets, n_targets, conditions, n_conditions, &options))
    return false;
  again.asked = q;
  bool ok = th_query_answer(&again, out);
  th_query_clear(&again);
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
