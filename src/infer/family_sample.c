/* family_sample.c - data with weights, for estimates from their sums */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/family_sample.h"

#include <math.h>
#include <stdlib.h>

#include "num/stats.h"

enum { BLOCKS = 3 };

bool th_sample_init(ThContext *cx, const ThObservation *o, const ThArray *weights, ThSample *out) {
  size_t n = th_value_length(o->data);
  *out = (ThSample){.cx = cx, .name = o->name, .room = n};
  out->x = th_alloc_array(cx, n, BLOCKS * sizeof *out->x);
  if (!out->x) return false;
  out->w = out->x + n;
  out->term = out->w + n;
  for (size_t i = 0; i < n; i++) {
    double x = th_datum(o->data, i), w = weights ? weights->real[i] : 1;
    if (!(w > 0)) continue;
    out->low = out->n ? fmin(out->low, x) : x;
    out->high = out->n ? fmax(out->high, x) : x;
    out->x[out->n] = x;
    out->w[out->n++] = w;
  }
  out->total = th_stats_sum(out->n, out->w);
  if (out->n > 0) return true;
  th_sample_clear(out);
  return th_fail(cx, TH_ERROR_VALUE, "every datum of `%s` has weight 0", o->name->spelling);
}

void th_sample_clear(ThSample *s) {
  if (s->x) th_free(s->cx, s->x, s->room * BLOCKS * sizeof *s->x);
  *s = (ThSample){0};
}

double th_sample_x(double x, double a) { return (void)a, x; }
double th_sample_square(double x, double a) { return (x - a) * (x - a); }
double th_sample_distance(double x, double a) { return fabs(x - a); }
double th_sample_power(double x, double a) { return pow(x, a); }
double th_sample_log(double x, double a) { return (void)a, log(x); }
double th_sample_log_square(double x, double a) { return (log(x) - a) * (log(x) - a); }
double th_sample_reciprocal(double x, double a) { return 1 / (x - a); }

double th_sample_mean(ThSample *s, double (*f)(double x, double a), double a) {
  for (size_t i = 0; i < s->n; i++) s->term[i] = s->w[i] * f(s->x[i], a);
  return th_stats_sum(s->n, s->term) / s->total;
}

double th_sample_log_density(ThSample *s, const ThFamilyMath *math, const double *p) {
  for (size_t i = 0; i < s->n; i++) s->term[i] = s->w[i] * math->logpdf(s->x[i], p);
  return th_stats_sum(s->n, s->term);
}

/* --- Order */

typedef struct Pair {
  double x, w;
} Pair;

static int compare(const void *a, const void *b) {
  double x = ((const Pair *)a)->x, y = ((const Pair *)b)->x;
  return (x > y) - (x < y);
}

bool th_sample_sort(ThSample *s) {
  bool sorted = true;
  for (size_t i = 1; sorted && i < s->n; i++) sorted = s->x[i - 1] <= s->x[i];
  if (sorted) return true;
  Pair *pairs = th_alloc_array(s->cx, s->n, sizeof *pairs);
  if (!pairs) return false;
  for (size_t i = 0; i < s->n; i++) pairs[i] = (Pair){s->x[i], s->w[i]};
  qsort(pairs, s->n, sizeof *pairs, compare);
  for (size_t i = 0; i < s->n; i++) s->x[i] = pairs[i].x, s->w[i] = pairs[i].w;
  th_free(s->cx, pairs, s->n * sizeof *pairs);
  return true;
}

double th_sample_quantile(const ThSample *s, double q) {
  double below = 0, wanted = q * s->total, slack = 1e-12 * s->total;
  for (size_t i = 0; i + 1 < s->n; i++) {
    below += s->w[i];
    if (below > wanted + slack) return s->x[i];
    if (below >= wanted - slack) return 0.5 * (s->x[i] + s->x[i + 1]);
  }
  return s->x[s->n - 1];
}

double th_sample_ties(const ThSample *s, double *at) {
  double most = 0, run = 0;
  for (size_t i = 0; i < s->n; i++) {
    run = i > 0 && s->x[i] == s->x[i - 1] ? run + s->w[i] : s->w[i];
    if (run > most) most = run, *at = s->x[i];
  }
  return most;
}
