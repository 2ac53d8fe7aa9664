/* epsilon.c - the limit of a sequence from its first terms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/epsilon.h"

#include <stdbool.h>

#include "num/real.h"

/* The spread of the last three extrapolations of one order, or of what there is. */
static double spread_of(size_t n, const double *column) {
  double last = column[n - 1], spread = fabs(last - column[n - 2]);
  if (n > 2) spread = fmax(spread, fabs(last - column[n - 3]));
  return spread;
}

double th_epsilon_limit(size_t n, const double *s, double *error) {
  double before[TH_EPSILON_TERMS + 1] = {0}, column[TH_EPSILON_TERMS] = {0};
  for (size_t i = 0; i < n; i++) column[i] = s[i];
  double limit = s[n - 1], lower = limit; /* of the order before */
  *error = spread_of(n, column);
  for (size_t order = 1; order + 1 < n; order++) {
    for (size_t i = 0; i + order < n; i++) {
      double difference = column[i + 1] - column[i];
      if (difference == 0) { /* the last ones are the limit, equal ones before say nothing */
        bool settled = (order & 1) && i + order + 1 == n;
        if (settled) limit = column[i];
        *error = fmax(settled ? 0 : 2 * *error, 4 * DBL_EPSILON * fabs(limit));
        return limit;
      }
      double next = before[i + 1] + 1 / difference;
      before[i] = column[i];
      column[i] = next;
    }
    before[n - order] = column[n - order];
    size_t left = n - order;
    if (order & 1) continue;
    double spread = left > 1 ? spread_of(left, column) : TH_INFINITY;
    spread = fmax(spread, fabs(column[left - 1] - lower));
    lower = column[left - 1];
    if (spread < *error) *error = spread, limit = column[left - 1];
  }
  *error = fmax(2 * *error, 4 * DBL_EPSILON * fabs(limit));
  return limit;
}
