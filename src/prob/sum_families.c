/* sum_families.c - families that sums of independent variables stay in */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row: characteristic functions of the form g(k)^shape, whose product adds the shapes (Johnson, Kotz and
 * Balakrishnan 1994). Special cases are read as the family that holds them: an exponential as a gamma of shape 1. */
#include "prob/sum_families.h"

#include <math.h>
#include <string.h>

typedef struct SumRow {
  const char *family; /* by name: a row of a family that is not there has no effect */
  const char *what;
  /* The sum's parameters into r; false when it leaves the family. */
  bool (*add)(const double *p, const double *q, double *r);
} SumRow;

static bool add_normals(const double *p, const double *q, double *r) {
  r[0] = p[0] + q[0];
  r[1] = hypot(p[1], q[1]);
  return true;
}

/* (shape, rate) of one rate, (n, p) of one p, (r, p) of one p */
static bool same_second(const double *p, const double *q, double *r) {
  r[0] = p[0] + q[0];
  r[1] = p[1];
  return p[1] == q[1];
}

static bool add_first(const double *p, const double *q, double *r) {
  r[0] = p[0] + q[0];
  return true;
}

static bool add_both(const double *p, const double *q, double *r) {
  r[0] = p[0] + q[0];
  r[1] = p[1] + q[1];
  return true;
}

/* The square roots of the scales add: |k|^(1/2) in the exponent. */
static bool add_levys(const double *p, const double *q, double *r) {
  r[0] = p[0] + q[0];
  r[1] = p[1] + q[1] + 2 * sqrt(p[1]) * sqrt(q[1]);
  return true;
}

static const SumRow rows[] = {
    {"Normal", "normals", add_normals},
    {"Gamma", "gammas of one rate", same_second},
    {"Chi2", "chi-squares", add_first},
    {"Poisson", "Poisson variables", add_first},
    {"Binomial", "binomials of one p", same_second},
    {"NegBinomial", "negative binomials of one p", same_second},
    {"Cauchy", "Cauchy variables", add_both},
    {"Levy", "Lévy variables", add_levys},
};

/* The family that holds the distribution as a special case, with its parameters there. */
static const char *wider(const ThDistribution *d, double *p) {
  const char *name = d->family->name;
  memcpy(p, d->p, d->stride * sizeof *p);
  if (strcmp(name, "Exponential") == 0) {
    p[1] = p[0], p[0] = 1;
    return "Gamma";
  }
  if (strcmp(name, "Bernoulli") == 0) {
    p[1] = p[0], p[0] = 1;
    return "Binomial";
  }
  if (strcmp(name, "Geometric") == 0) {
    p[1] = p[0], p[0] = 1;
    return "NegBinomial";
  }
  return name;
}

static bool is_plain(const ThDistribution *d) {
  return d->rank == 0 && d->family->math && !d->family->build && d->stride <= TH_MAX_PARAMETERS;
}

bool th_sum_in_family(ThContext *cx, ThValue a, ThValue b, ThValue *out, const char **what, bool *found) {
  const ThDistribution *x = th_as_distribution(a), *y = th_as_distribution(b);
  double p[TH_MAX_PARAMETERS], q[TH_MAX_PARAMETERS], r[TH_MAX_PARAMETERS] = {0};
  *found = false;
  if (!is_plain(x) || !is_plain(y)) return true;
  const char *name = wider(x, p), *other = wider(y, q);
  if (strcmp(name, other) != 0) return true;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(rows[i].family, name) != 0 || !rows[i].add(p, q, r)) continue;
    const ThFamily *family = th_family_find(name);
    if (!family) return true;
    *found = true;
    *what = rows[i].what;
    return th_distribution_of(cx, family, r, out);
  }
  return true;
}
