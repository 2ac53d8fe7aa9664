/* kronrod.h - the Gauss-Kronrod pair of 10 and 21 points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_KRONROD_H
#define TH_NUM_KRONROD_H

#include <stddef.h>

enum { TH_KRONROD_POINTS = 21 };

/* The i-th node on (-1, 1), ascending. */
double th_kronrod_node(size_t i);
/* Its weight in the rule of 21 points. */
double th_kronrod_weight(size_t i);

typedef struct ThKronrod {
  double value; /* by 21 points */
  double error; /* from the two rules and the spread about the mean, as QUADPACK has it; NaN counts as inf */
  double magnitude; /* the integral of |f| */
} ThKronrod;

/* The integral over an interval of half width `half` of the function with values y[0], y[stride], … at the nodes. */
ThKronrod th_kronrod_sum(const double *y, size_t stride, double half);

#endif
