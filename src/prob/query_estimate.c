/* query_estimate.c - moments to the answer of a query */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "prob/query.h"

double th_query_answer_of(const ThQuery *q, const ThMoments *m) {
  switch (q->kind) {
    case TH_QUERY_VAR: return m->variance[0];
    case TH_QUERY_SD: return sqrt(m->variance[0]);
    case TH_QUERY_COV: return m->covariance;
    case TH_QUERY_CORR: return m->covariance / sqrt(m->variance[0] * m->variance[1]);
    default: return creal(m->mean[0]);
  }
}

/* Method, then what was asked, then the strategy's story, then who is independent. */
static bool tell(ThQuery *q, const char *method, ThText *out) {
  if (!th_text_ok(&q->story, q->cx) || !th_query_text(q, out)) return false;
  th_text_format(out, ": %s\n", method);
  th_text_add(out, th_text_string(&q->story));
  if (!th_query_dependence(q, out)) return false;
  while (out->length > 0 && out->data[out->length - 1] == '\n') out->data[--out->length] = '\0';
  return th_text_ok(out, q->cx);
}

/* A part that is smaller than the error is nothing. */
static double complex without_noise(double complex z, double error) {
  double re = fabs(creal(z)) <= error ? 0 : creal(z), im = fabs(cimag(z)) <= error ? 0 : cimag(z);
  return th_complex_of(re, im);
}

/* Where the plain method ends, of one whose error is a bound; NULL of one whose error is a standard error. */
static const char *end_before_bound(const char *method) {
  const char *bound = strstr(method, ", error <");
  bool series = strncmp(method, "summed series", strlen("summed series")) == 0;
  return !bound && series ? method + strlen(method) : bound;
}

/* An answer below its own bound is rounding: 0, and the estimate shows the error itself. */
static bool real_estimate(ThQuery *q, const ThMoments *m, const char *method, const char *detail,
                          ThValue *out) {
  char plain[160];
  double x = th_query_answer_of(q, m);
  const char *end = end_before_bound(method);
  if (!end || !(fabs(x) <= m->error)) return th_estimate(q->cx, x, m->error, method, detail, out);
  snprintf(plain, sizeof plain, "%.*s", (int)(end - method), method);
  return th_estimate(q->cx, 0, m->error, plain, detail, out);
}

bool th_query_estimate(ThQuery *q, const ThMoments *m, const char *method, ThValue *out) {
  ThText detail;
  th_text_init(&detail, &q->cx->heap);
  bool ok = tell(q, method, &detail);
  if (ok && q->kind == TH_QUERY_E && cimag(m->mean[0]) != 0)
    ok = th_estimate_complex(q->cx, without_noise(m->mean[0], m->error), m->error, method,
                             th_text_string(&detail), out);
  else if (ok) ok = real_estimate(q, m, method, th_text_string(&detail), out);
  th_text_clear(&detail);
  return ok;
}

bool th_query_sign(ThQuery *q, ThValue distribution, const char *method) {
  ThText detail;
  th_text_init(&detail, &q->cx->heap);
  bool ok = tell(q, method, &detail) &&
            th_distribution_sign(q->cx, distribution, method, th_text_string(&detail));
  th_text_clear(&detail);
  return ok;
}
