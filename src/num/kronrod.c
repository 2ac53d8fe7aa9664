/* kronrod.c - the Gauss-Kronrod pair of 10 and 21 points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Piessens, de Doncker-Kapenga, Überhuber and Kahaner, QUADPACK (1983). */
#include "num/kronrod.h"

#include "num/real.h"

enum { MIDDLE = TH_KRONROD_POINTS / 2 };

/* Node, Kronrod's weight, Gauss's weight (0 where Gauss has no node); the rule is symmetric. */
static const double rule[MIDDLE + 1][3] = {
    {0, 0.14944555400291690566, 0},
    {0.14887433898163121088, 0.14773910490133849137, 0.29552422471475287017},
    {0.29439286270146019813, 0.1427759385770600808, 0},
    {0.4333953941292471908, 0.13470921731147332593, 0.26926671930999635509},
    {0.56275713466860468334, 0.12349197626206585108, 0},
    {0.67940956829902440623, 0.1093871588022976419, 0.219086362515982044},
    {0.78081772658641689706, 0.093125454583697605535, 0},
    {0.86506336668898451073, 0.075039674810919952767, 0.14945134915058059315},
    {0.930157491355708226, 0.054755896574351996031, 0},
    {0.97390652851717172008, 0.032558162307964727479, 0.066671344308688137594},
    {0.99565716302580808074, 0.011694638867371874278, 0}};

static const double *row(size_t i) { return rule[i < MIDDLE ? MIDDLE - i : i - MIDDLE]; }

double th_kronrod_node(size_t i) { return i < MIDDLE ? -row(i)[0] : row(i)[0]; }
double th_kronrod_weight(size_t i) { return row(i)[1]; }

static double error_of(double kronrod, double gauss, double spread, double magnitude) {
  double error = fabs(kronrod - gauss), noise = 50 * DBL_EPSILON * magnitude;
  if (error != error) return TH_INFINITY;
  if (spread != 0 && error != 0) error = spread * fmin(1, pow(200 * error / spread, 1.5));
  return magnitude > DBL_MIN / (50 * DBL_EPSILON) ? fmax(error, noise) : error;
}

ThKronrod th_kronrod_sum(const double *y, size_t stride, double half) {
  double kronrod = 0, gauss = 0, magnitude = 0, spread = 0;
  for (size_t i = 0; i < TH_KRONROD_POINTS; i++) {
    kronrod += row(i)[1] * y[i * stride];
    gauss += row(i)[2] * y[i * stride];
    magnitude += row(i)[1] * fabs(y[i * stride]);
  }
  for (size_t i = 0; i < TH_KRONROD_POINTS; i++) spread += row(i)[1] * fabs(y[i * stride] - 0.5 * kronrod);
  return (ThKronrod){half * kronrod, half * error_of(kronrod, gauss, spread, magnitude), half * magnitude};
}
