/* predict_plane.c - a new datum under a posterior of two parameters that is known on a grid */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p(y) = ∫∫ p(y | a, b) p(a, b) da db by the nodes of the grid: a sum over laws with weights, which is followed by
 * polynomials as a density is, or summed up for each whole number. */
#include "infer/predict_plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/law.h"
#include "lang/builtin.h"
#include "num/kernels.h"
#include "num/real.h"
#include "prob/computed.h"
#include "prob/plane.h"
#include "val/array.h"

enum { SIDE = 8, MOST_BREAKS = 200, MOST_OUTCOMES = 2000 };

#define TOLERANCE 1e-10

/* What the data's law is at each of n nodes. */
typedef struct Nodes {
  ThContext *cx;
  const ThFamily *family;
  size_t n;
  double *x;       /* (n, 3): parameters, weight */
  ThArray *weight; /* (n) */
  ThValue laws;    /* a distribution of n elements */
} Nodes;

static void nodes_clear(Nodes *s) {
  if (s->x) th_free(s->cx, s->x, 3 * s->n * sizeof *s->x);
  if (s->weight) th_release(th_object(s->weight));
  th_release(s->laws);
}

/* --- The laws */

/* One number of a family whose parameters are numbers, the same family at every node. */
static bool fits(const Nodes *s, ThValue law) {
  if (!th_is_distribution(law)) return false;
  const ThDistribution *d = th_as_distribution(law);
  bool is_plain = d->rank == 0 && !d->family->build && !d->family->event &&
                  d->stride == (size_t)d->family->n_parameters;
  return is_plain && (!s->family || s->family == d->family);
}

static bool read_laws(Nodes *s, const ThPosterior *p, const ThModelData *data, ThArray **columns,
                      bool *known) {
  *known = true;
  for (size_t i = 0; *known && i < s->n; i++) {
    ThRecording r;
    if (!th_posterior_replay(p, data, s->x + 3 * i, i > 0, &r)) return false;
    ThValue law = r.observations[0].distribution;
    *known = fits(s, law);
    if (*known) {
      const ThDistribution *d = th_as_distribution(law);
      s->family = d->family;
      for (int j = 0; j < d->family->n_parameters; j++) columns[j]->real[i] = d->p[j];
    }
    th_recording_clear(&r);
  }
  return true;
}

static bool gather(Nodes *s, const ThPosterior *p, const ThModelData *data, bool *known) {
  ThArray *columns[TH_MAX_PARAMETERS] = {NULL};
  ThValue parameters[TH_MAX_PARAMETERS];
  bool ok = (s->weight = th_vector_new(s->cx, TH_DOUBLE, s->n)) != NULL;
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) {
    parameters[j] = th_none();
    if (ok) ok = (columns[j] = th_vector_new(s->cx, TH_DOUBLE, s->n)) != NULL;
    if (columns[j]) memset(columns[j]->real, 0, s->n * sizeof(double));
    if (columns[j]) parameters[j] = th_object(columns[j]);
  }
  for (size_t i = 0; ok && i < s->n; i++) s->weight->real[i] = s->x[3 * i + 2];
  ok = ok && read_laws(s, p, data, columns, known);
  if (ok && *known) ok = th_distribution_new(s->cx, s->family, parameters, &s->laws);
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

/* --- What they come to */

static bool density_at(void *self, double y, double *out) {
  const Nodes *s = self;
  ThValue both[2] = {s->laws, th_number(y)}, densities;
  if (!th_builtin_call(s->cx, "pdf", both, 2, &densities)) return false;
  *out = th_kernel_sum_product(s->n, th_as_array(densities)->real, s->weight->real);
  th_release(densities);
  return true;
}

/* The average of a summary, or of its square about `center`. */
static bool average(const Nodes *s, ThSummary what, double center, int power, double *out) {
  const ThDistribution *d = th_as_distribution(s->laws);
  *out = 0;
  for (size_t i = 0; i < s->n; i++) {
    double v;
    if (!th_distribution_summary(s->cx, d, i, what, &v)) return false;
    *out += s->weight->real[i] * (power == 2 ? (v - center) * (v - center) : v);
  }
  return true;
}

/* E Y = E E(Y | a, b), Var Y = E Var(Y | a, b) + Var E(Y | a, b). */
static bool find_moments(const Nodes *s, ThComputedFacts *facts) {
  double within, between;
  if (!average(s, TH_MEAN, 0, 1, &facts->mean.value) ||
      !average(s, TH_MEAN, facts->mean.value, 2, &between) || !average(s, TH_VARIANCE, 0, 1, &within))
    return false;
  facts->variance.value = within + between;
  facts->mean.method = facts->variance.method = facts->method;
  facts->mean.error = facts->error * sqrt(facts->variance.value);
  facts->variance.error = facts->error * facts->variance.value;
  return true;
}

static bool find_quantile(const Nodes *s, double q, double *out) {
  const ThDistribution *d = th_as_distribution(s->laws);
  *out = 0;
  for (size_t i = 0; i < s->n; i++) {
    double v;
    if (!th_distribution_measure(s->cx, d, i, TH_QUANTILE, q, &v)) return false;
    *out += s->weight->real[i] * v;
  }
  return true;
}

/* Ends of panels: steps in units of the spread, ever longer, within the support. */
static size_t find_breaks(double middle, double unit, double lower, double upper, double *breaks) {
  size_t n = 0, kept = 0;
  breaks[n++] = middle;
  for (double step = 0.5; step < 1e6 && n + 4 < MOST_BREAKS; step = step < 6 ? step + 0.5 : 2 * step)
    for (int side = -1; side <= 1; side += 2) breaks[n++] = middle + side * step * unit;
  if (isfinite(lower)) breaks[n++] = lower;
  if (isfinite(upper)) breaks[n++] = upper;
  qsort(breaks, n, sizeof *breaks, th_real_ascending);
  for (size_t i = 0; i < n; i++)
    if (breaks[i] >= lower && breaks[i] <= upper && (kept == 0 || breaks[i] > breaks[kept - 1]))
      breaks[kept++] = breaks[i];
  return kept;
}

static bool find_support(const Nodes *s, double *lower, double *upper) {
  *lower = (double)INFINITY;
  *upper = -(double)INFINITY;
  for (size_t i = 0; i < s->n; i++) {
    double a, b;
    th_distribution_support(th_as_distribution(s->laws), i, &a, &b);
    *lower = fmin(*lower, a);
    *upper = fmax(*upper, b);
  }
  return *lower < *upper;
}

static bool follow(Nodes *s, const char *name, bool *known, ThValue *out) {
  double breaks[MOST_BREAKS], low, middle, high;
  ThComputedFacts facts = {.text = name, .method = "quadrature"};
  ThPieces panels;
  *known = find_support(s, &facts.lower, &facts.upper);
  if (!*known) return true;
  if (!find_quantile(s, 0.16, &low) || !find_quantile(s, 0.5, &middle) || !find_quantile(s, 0.84, &high))
    return false;
  size_t n = find_breaks(middle, 0.5 * (high - low), facts.lower, facts.upper, breaks);
  if (!th_pieces_fit(s->cx, density_at, s, breaks, n, TOLERANCE, &panels, known)) return false;
  *known = *known && fabs(panels.total - 1) < 1e-6;
  if (!*known) {
    th_pieces_clear(&panels);
    return true;
  }
  facts.error = fmax(panels.error, fabs(panels.total - 1));
  th_pieces_normalise(&panels);
  if (find_moments(s, &facts)) return th_computed_new_take(s->cx, &panels, &facts, out);
  th_pieces_clear(&panels);
  return false;
}

/* Whole numbers from the lowest on, until next to nothing is left. */
static bool count(Nodes *s, bool *known, ThValue *out) {
  double lower, upper, left = 1, values[MOST_OUTCOMES], masses[MOST_OUTCOMES];
  size_t n = 0;
  *known = find_support(s, &lower, &upper) && isfinite(lower) &&
           th_distribution_is_discrete(th_as_distribution(s->laws));
  for (double y = lower; *known && left > 1e-13 && y <= upper && n < MOST_OUTCOMES; y++, n++) {
    values[n] = y;
    if (!th_poll(s->cx) || !density_at(s, y, &masses[n])) return false;
    left -= masses[n];
  }
  *known = *known && left < 1e-9;
  return !*known || th_distribution_discrete(s->cx, values, masses, n, out);
}

bool th_predict_plane(ThContext *cx, const ThPosterior *p, const ThModelData *data, bool *known,
                      ThValue *out) {
  *known = false;
  if (p->sample || !th_is_distribution(p->joint) || th_as_distribution(p->joint)->family != &th_family_plane)
    return true;
  Nodes s = {.cx = cx, .laws = th_none()};
  if (!th_plane_nodes(cx, th_as_distribution(p->joint), SIDE, &s.x, &s.n)) return false;
  const char *name = th_question_model(&p->question)->name->spelling;
  bool ok = gather(&s, p, data, known);
  if (ok && *known) ok = s.family->discrete ? count(&s, known, out) : follow(&s, name, known, out);
  nodes_clear(&s);
  return ok;
}
