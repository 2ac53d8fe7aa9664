/* sum.c - the distribution of a linear combination of independent variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms whose sum stays in a family are added first. What is left is convolved: densities as polynomials on
 * panels, whose products are integrated exactly; equal terms by doubling. */
#include "prob/sum.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/real.h"
#include "prob/computed.h"
#include "prob/numeric.h"
#include "prob/sum_families.h"

enum { MOST_TERMS = 4000, MOST_CONVOLUTIONS = 48 };

typedef struct Term {
  ThValue distribution; /* of the scaled variable; owned */
  size_t count;         /* so many of them */
} Term;

typedef struct Terms {
  ThContext *cx;
  size_t n, size;
  Term *items;
} Terms;

static void terms_clear(Terms *t) {
  for (size_t i = 0; t->items && i < t->n; i++) th_release(t->items[i].distribution);
  th_free(t->cx, t->items, t->size * sizeof *t->items);
}

/* The scaled variables; neighbours that are equal count as several of one. */
static bool terms_init(ThContext *cx, const ThSum *sum, Terms *t) {
  *t = (Terms){.cx = cx, .size = sum->n};
  t->items = th_alloc_array(cx, sum->n, sizeof *t->items);
  if (!t->items) return false;
  for (size_t i = 0; i < sum->n; i++) {
    bool equal = i > 0 && sum->distributions[i].bits == sum->distributions[i - 1].bits &&
                 sum->coefficients[i] == sum->coefficients[i - 1];
    if (equal) {
      t->items[t->n - 1].count++;
      continue;
    }
    ThValue scaled;
    if (!th_distribution_affine(cx, sum->distributions[i], sum->coefficients[i], 0, &scaled)) return false;
    t->items[t->n++] = (Term){scaled, 1};
  }
  return true;
}

/* --- Families */

/* Adds term j to term i where the sum stays in a family. */
static bool merge_pair(Terms *t, size_t i, size_t j, const char **what, bool *merged) {
  Term *a = &t->items[i], *b = &t->items[j];
  ThValue made;
  if (!th_sum_in_family(t->cx, a->distribution, b->distribution, &made, what, merged)) return false;
  if (!*merged) return true;
  th_replace_take(&a->distribution, made);
  th_release(b->distribution);
  t->items[j] = t->items[--t->n];
  return true;
}

/* count times the same, by one sum after the other; their number is small, or the family closed. */
static bool merge_equal(Terms *t, size_t i, const char **what) {
  Term *a = &t->items[i];
  ThValue once = th_retain(a->distribution), made;
  bool ok = true, merged = true;
  while (ok && merged && a->count > 1) {
    ok = th_sum_in_family(t->cx, a->distribution, once, &made, what, &merged);
    if (ok && merged) th_replace_take(&a->distribution, made), a->count--;
  }
  th_release(once);
  return ok;
}

static bool merge_all(Terms *t, const char **what) {
  for (size_t i = 0; i < t->n; i++)
    if (!merge_equal(t, i, what)) return false;
  for (size_t i = 0; i < t->n; i++)
    for (size_t j = i + 1; j < t->n;) {
      bool merged = false;
      bool single = t->items[i].count == 1 && t->items[j].count == 1;
      if (single && !merge_pair(t, i, j, what, &merged)) return false;
      if (!merged) j++;
    }
  return true;
}

/* --- Densities on panels */

typedef struct Density {
  ThContext *cx;
  const ThDistribution *d;
} Density;

static bool density(void *self, double x, double *y) {
  const Density *f = self;
  return th_distribution_measure(f->cx, f->d, 0, TH_PDF, x, y);
}

/* Where the levels begin: towards a finite end panels are halved as need be. */
static int first_level(bool finite, double reach, double width) {
  if (finite) return 5;
  return reach > 1e4 * width;
}

/* Quantiles from far out to the middle; a heavy tail is cut where 1e-17 is left. Ascending; the support's finite
 * ends are among them. */
static bool density_breaks(ThContext *cx, const ThDistribution *d, double *x, size_t *n) {
  static const double levels[] = {1e-30, 1e-17, 1e-12, 1e-8, 1e-5, 1e-3, 1e-2, 0.1, 0.3};
  enum { LEVELS = sizeof levels / sizeof *levels };
  double low[LEVELS], high[LEVELS], middle, lower, upper;
  th_distribution_support(d, 0, &lower, &upper);
  if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, 0.5, &middle)) return false;
  for (int i = 0; i < LEVELS; i++)
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, levels[i], &low[i]) ||
        !th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, levels[i], &high[i]))
      return false;
  double width = high[LEVELS - 1] - low[LEVELS - 1];
  int from_low = first_level(isfinite(lower), middle - low[0], width);
  int from_high = first_level(isfinite(upper), high[0] - middle, width);
  *n = 0;
  if (isfinite(lower)) x[(*n)++] = lower;
  for (int i = from_low; i < LEVELS; i++) x[(*n)++] = low[i];
  x[(*n)++] = middle;
  for (int i = LEVELS - 1; i >= from_high; i--) x[(*n)++] = high[i];
  if (isfinite(upper)) x[(*n)++] = upper;
  size_t kept = 1;
  for (size_t i = 1; i < *n; i++)
    if (x[i] > x[kept - 1]) x[kept++] = x[i];
  *n = kept;
  return true;
}

static bool density_panels(ThContext *cx, const ThDistribution *d, ThPieces *out, bool *fits) {
  double breaks[32], lower, upper;
  size_t n;
  Density f = {cx, d};
  if (!density_breaks(cx, d, breaks, &n)) return false;
  *fits = n >= 2 && isfinite(breaks[0]) && isfinite(breaks[n - 1]);
  if (!*fits) return true;
  if (!th_pieces_fit(cx, density, &f, breaks, n, 4e-15, out, fits)) return false;
  if (!*fits || !(fabs(out->total - 1) < 1e-9)) *fits = false;
  if (!*fits) {
    th_pieces_clear(out);
    return true;
  }
  out->error += fabs(out->total - 1);
  th_pieces_normalise(out);
  th_distribution_support(d, 0, &lower, &upper);
  th_pieces_find_knots(out, lower, upper);
  return true;
}

/* *a becomes the density of the sum; b is kept. */
static bool convolve_onto(ThPieces *a, const ThPieces *b, bool *fits) {
  ThPieces sum;
  if (!th_pieces_convolve(a, b, &sum, fits)) return false;
  sum.error += fabs(sum.total - 1);
  th_pieces_normalise(&sum);
  th_pieces_clear(a);
  *a = sum;
  return true;
}

static bool panels_copy(ThContext *cx, const ThPieces *from, ThPieces *to) {
  *to = *from;
  to->capacity = from->n;
  to->panels = th_alloc_array(cx, from->n, sizeof *to->panels);
  if (!to->panels) return false;
  memcpy(to->panels, from->panels, from->n * sizeof *to->panels);
  return true;
}

/* The density of `count` equal terms is convolved onto *sum: powers of two by doubling. */
static bool add_term(ThContext *cx, const Term *t, ThPieces *sum, bool *fits) {
  ThPieces power = {.cx = cx};
  bool ok = density_panels(cx, th_as_distribution(t->distribution), &power, fits);
  for (size_t count = t->count; ok && *fits && count > 0; count >>= 1) {
    if (count & 1) ok = sum->n ? convolve_onto(sum, &power, fits) : panels_copy(cx, &power, sum);
    if (ok && *fits && count > 1) {
      ThPieces same = power;
      ThPieces doubled;
      ok = th_pieces_convolve(&same, &same, &doubled, fits);
      if (!ok) break;
      doubled.error += fabs(doubled.total - 1);
      th_pieces_normalise(&doubled);
      th_pieces_clear(&power);
      power = doubled;
    }
  }
  th_pieces_clear(&power);
  return ok;
}

static size_t count_convolutions(const Terms *t) {
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++)
    n += 1 + (t->items[i].count > 1 ? (size_t)(2 * log2((double)t->items[i].count)) : 0);
  return n;
}

static bool all_continuous(const Terms *t) {
  for (size_t i = 0; i < t->n; i++)
    if (th_distribution_is_discrete(th_as_distribution(t->items[i].distribution))) return false;
  return true;
}

/* Mean, variance and support of the sum. */
static bool add_facts(const Terms *t, ThComputedFacts *facts) {
  for (size_t i = 0; i < t->n; i++) {
    const ThDistribution *d = th_as_distribution(t->items[i].distribution);
    ThFinding mean, variance;
    double lower, upper, count = (double)t->items[i].count;
    if (!th_distribution_find(t->cx, d, 0, TH_MEAN, &mean) ||
        !th_distribution_find(t->cx, d, 0, TH_VARIANCE, &variance))
      return false;
    th_distribution_support(d, 0, &lower, &upper);
    th_finding_add(&facts->mean, count, &mean);
    th_finding_add(&facts->variance, count, &variance);
    facts->lower += count * lower, facts->upper += count * upper;
  }
  return true;
}

static bool convolve_all(Terms *t, const ThSum *sum, ThValue *out, double *error, bool *found) {
  ThPieces panels = {.cx = t->cx};
  ThComputedFacts facts = {.text = sum->text, .method = "convolution"};
  bool ok = true, fits = all_continuous(t) && count_convolutions(t) <= MOST_CONVOLUTIONS;
  for (size_t i = 0; ok && fits && i < t->n; i++) ok = add_term(t->cx, &t->items[i], &panels, &fits);
  *error = fmax(panels.error, 1e-15);
  fits = ok && fits && panels.n > 0 && panels.error < 1e-8;
  ok = ok && add_facts(t, &facts);
  if (!ok || !fits) {
    th_pieces_clear(&panels);
    return ok;
  }
  *found = true;
  facts.error = *error;
  th_pieces_shift(&panels, sum->shift);
  facts.mean.value += sum->shift, facts.lower += sum->shift, facts.upper += sum->shift;
  return th_computed_new_take(t->cx, &panels, &facts, out);
}

/* --- The whole */

/* Moves *out, which is taken and given back. */
static bool shift_by(ThContext *cx, double shift, ThValue *out) {
  ThValue moved, copy;
  if (shift == 0) return true;
  bool ok = th_distribution_affine(cx, *out, 1, shift, &moved);
  if (ok) ok = th_distribution_copy(cx, moved, &copy), th_release(moved);
  th_release(*out);
  if (ok) *out = copy;
  return ok;
}

bool th_sum_distribution(ThContext *cx, const ThSum *sum, ThValue *out, char *method, size_t size,
                         double *error, bool *found) {
  Terms t;
  const char *what = NULL;
  *found = false;
  *error = 0;
  if (sum->n == 0 || sum->n > MOST_TERMS) return true;
  bool ok = terms_init(cx, sum, &t) && merge_all(&t, &what);
  if (ok && t.n == 1 && t.items[0].count == 1) {
    *found = true;
    ok = th_distribution_copy(cx, t.items[0].distribution, out) && shift_by(cx, sum->shift, out);
    if (what) snprintf(method, size, "exact (sum of %s)", what);
    else snprintf(method, size, "exact");
  } else if (ok) {
    ok = convolve_all(&t, sum, out, error, found);
    snprintf(method, size, "convolution, error < 1e%.0f", ceil(log10(fmax(*error, 1e-16))));
  }
  terms_clear(&t);
  return ok;
}
