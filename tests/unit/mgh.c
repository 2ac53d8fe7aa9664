/* mgh.c - the unconstrained problems of Moré, Garbow and Hillstrom */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers in the comments are those of the paper's section 3. */
#include "mgh.h"

#include <math.h>
#include <string.h>

#define PROBLEM(name)                                                                                      \
  static void name(size_t n __attribute__((unused)), size_t m __attribute__((unused)), const MghNumber *x, \
                   MghNumber *r, MghNumber *jacobian __attribute__((unused)))
#define J(i, j) jacobian[(i)*n + (j)]
#define FOR(i, count) for (size_t i = 0; i < (count); i++)

static const double pi = 3.14159265358979323846;

static MghNumber square(MghNumber z) { return z * z; }

PROBLEM(rosenbrock) { /* 1, and 21 for more variables */
  for (size_t i = 0; i < n; i += 2) {
    r[i] = 10 * (x[i + 1] - x[i] * x[i]);
    J(i, i) = -20 * x[i];
    J(i, i + 1) = 10;
    r[i + 1] = 1 - x[i];
    J(i + 1, i) = -1;
  }
}

PROBLEM(freudenstein_roth) { /* 2 */
  MghNumber y = x[1];
  r[0] = -13 + x[0] + ((5 - y) * y - 2) * y;
  r[1] = -29 + x[0] + ((y + 1) * y - 14) * y;
  J(0, 0) = J(1, 0) = 1;
  J(0, 1) = (10 - 3 * y) * y - 2;
  J(1, 1) = (3 * y + 2) * y - 14;
}

PROBLEM(powell_badly_scaled) { /* 3 */
  r[0] = 1e4 * x[0] * x[1] - 1;
  r[1] = cexp(-x[0]) + cexp(-x[1]) - 1.0001;
  FOR(j, 2) {
    J(0, j) = 1e4 * x[1 - j];
    J(1, j) = -cexp(-x[j]);
  }
}

PROBLEM(brown_badly_scaled) { /* 4 */
  r[0] = x[0] - 1e6;
  r[1] = x[1] - 2e-6;
  r[2] = x[0] * x[1] - 2;
  J(0, 0) = J(1, 1) = 1;
  J(2, 0) = x[1];
  J(2, 1) = x[0];
}

PROBLEM(beale) { /* 5 */
  static const double y[] = {1.5, 2.25, 2.625};
  MghNumber power = 1;
  FOR(i, 3) {
    J(i, 1) = (double)(i + 1) * x[0] * power;
    power *= x[1];
    r[i] = y[i] - x[0] * (1 - power);
    J(i, 0) = power - 1;
  }
}

PROBLEM(jennrich_sampson) { /* 6 */
  FOR(i, m) {
    double k = (double)i + 1;
    r[i] = 2 + 2 * k - cexp(k * x[0]) - cexp(k * x[1]);
    FOR(j, 2) J(i, j) = -k * cexp(k * x[j]);
  }
}

PROBLEM(helical_valley) { /* 7 */
  MghNumber angle = catan(x[1] / x[0]) / (2 * pi) + (creal(x[0]) < 0 ? 0.5 : 0);
  MghNumber s = x[0] * x[0] + x[1] * x[1], radius = csqrt(s);
  r[0] = 10 * (x[2] - 10 * angle);
  r[1] = 10 * (radius - 1);
  r[2] = x[2];
  J(0, 0) = 50 / pi * x[1] / s;
  J(0, 1) = -50 / pi * x[0] / s;
  J(0, 2) = 10;
  J(1, 0) = 10 * x[0] / radius;
  J(1, 1) = 10 * x[1] / radius;
  J(2, 2) = 1;
}

PROBLEM(bard) { /* 8 */
  static const double y[] = {0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39,
                             0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39};
  FOR(i, m) {
    double u = (double)i + 1, v = 16 - u, w = fmin(u, v);
    MghNumber below = v * x[1] + w * x[2];
    r[i] = y[i] - (x[0] + u / below);
    J(i, 0) = -1;
    J(i, 1) = u * v / square(below);
    J(i, 2) = u * w / square(below);
  }
}

PROBLEM(gaussian) { /* 9 */
  static const double y[] = {0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989};
  FOR(i, m) {
    MghNumber t = (7 - (double)i) / 2 - x[2], e = cexp(-x[1] * t * t / 2);
    r[i] = x[0] * e - y[i < 8 ? i : 14 - i];
    J(i, 0) = e;
    J(i, 1) = -x[0] * e * t * t / 2;
    J(i, 2) = x[0] * e * x[1] * t;
  }
}

PROBLEM(meyer) { /* 10 */
  static const double y[] = {34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744,
                             8261,  7030,  6005,  5147,  4427,  3820,  3307,  2872};
  FOR(i, m) {
    MghNumber below = 45 + 5 * ((double)i + 1) + x[2], e = cexp(x[1] / below);
    r[i] = x[0] * e - y[i];
    J(i, 0) = e;
    J(i, 1) = x[0] * e / below;
    J(i, 2) = -x[0] * e * x[1] / square(below);
  }
}

PROBLEM(gulf) { /* 11: |y - x2|^x3/x1, as the authors' program has it */
  FOR(i, m) {
    double t = ((double)i + 1) / 100, y = 25 + pow(-50 * log(t), 2.0 / 3);
    MghNumber gap = creal(x[1]) < y ? y - x[1] : x[1] - y;
    MghNumber power = cexp(x[2] * clog(gap)) / x[0], e = cexp(-power);
    r[i] = e - t;
    J(i, 0) = e * power / x[0];
    J(i, 1) = e * power * x[2] / gap * (creal(x[1]) < y ? 1 : -1);
    J(i, 2) = -e * power * clog(gap);
  }
}

PROBLEM(box) { /* 12 */
  FOR(i, m) {
    double t = 0.1 * ((double)i + 1);
    r[i] = cexp(-t * x[0]) - cexp(-t * x[1]) - x[2] * (exp(-t) - exp(-10 * t));
    J(i, 0) = -t * cexp(-t * x[0]);
    J(i, 1) = t * cexp(-t * x[1]);
    J(i, 2) = exp(-10 * t) - exp(-t);
  }
}

PROBLEM(powell_singular) { /* 13, and 22 for more variables */
  for (size_t i = 0; i < n; i += 4) {
    r[i] = x[i] + 10 * x[i + 1];
    r[i + 1] = sqrt(5) * (x[i + 2] - x[i + 3]);
    r[i + 2] = square(x[i + 1] - 2 * x[i + 2]);
    r[i + 3] = sqrt(10) * square(x[i] - x[i + 3]);
    J(i, i) = 1;
    J(i, i + 1) = 10;
    J(i + 1, i + 2) = sqrt(5);
    J(i + 1, i + 3) = -sqrt(5);
    J(i + 2, i + 1) = 2 * (x[i + 1] - 2 * x[i + 2]);
    J(i + 2, i + 2) = -4 * (x[i + 1] - 2 * x[i + 2]);
    J(i + 3, i) = 2 * sqrt(10) * (x[i] - x[i + 3]);
    J(i + 3, i + 3) = -J(i + 3, i);
  }
}

PROBLEM(wood) { /* 14 */
  r[0] = 10 * (x[1] - x[0] * x[0]);
  r[1] = 1 - x[0];
  r[2] = sqrt(90) * (x[3] - x[2] * x[2]);
  r[3] = 1 - x[2];
  r[4] = sqrt(10) * (x[1] + x[3] - 2);
  r[5] = (x[1] - x[3]) / sqrt(10);
  J(0, 0) = -20 * x[0];
  J(0, 1) = 10;
  J(1, 0) = J(3, 2) = -1;
  J(2, 2) = -2 * sqrt(90) * x[2];
  J(2, 3) = sqrt(90);
  J(4, 1) = J(4, 3) = sqrt(10);
  J(5, 1) = 1 / sqrt(10);
  J(5, 3) = -1 / sqrt(10);
}

PROBLEM(kowalik_osborne) { /* 15 */
  static const double y[] = {0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627,
                             0.0456, 0.0342, 0.0323, 0.0235, 0.0246};
  static const double us[] = {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
  FOR(i, m) {
    double u = us[i];
    MghNumber above = u * u + u * x[1], below = u * u + u * x[2] + x[3];
    r[i] = y[i] - x[0] * above / below;
    J(i, 0) = -above / below;
    J(i, 1) = -x[0] * u / below;
    J(i, 2) = x[0] * above * u / square(below);
    J(i, 3) = x[0] * above / square(below);
  }
}

PROBLEM(brown_dennis) { /* 16 */
  FOR(i, m) {
    double t = ((double)i + 1) / 5;
    MghNumber a = x[0] + t * x[1] - exp(t), b = x[2] + sin(t) * x[3] - cos(t);
    r[i] = a * a + b * b;
    J(i, 0) = 2 * a;
    J(i, 1) = 2 * a * t;
    J(i, 2) = 2 * b;
    J(i, 3) = 2 * b * sin(t);
  }
}

PROBLEM(osborne_1) { /* 17 */
  static const double y[] = {0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                             0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                             0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406};
  FOR(i, m) {
    double t = 10 * (double)i;
    MghNumber e4 = cexp(-t * x[3]), e5 = cexp(-t * x[4]);
    r[i] = y[i] - (x[0] + x[1] * e4 + x[2] * e5);
    J(i, 0) = -1;
    J(i, 1) = -e4;
    J(i, 2) = -e5;
    J(i, 3) = t * x[1] * e4;
    J(i, 4) = t * x[2] * e5;
  }
}

PROBLEM(biggs) { /* 18 */
  FOR(i, m) {
    double t = 0.1 * ((double)i + 1), y = exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t);
    MghNumber e1 = cexp(-t * x[0]), e2 = cexp(-t * x[1]), e5 = cexp(-t * x[4]);
    r[i] = x[2] * e1 - x[3] * e2 + x[5] * e5 - y;
    J(i, 0) = -t * x[2] * e1;
    J(i, 1) = t * x[3] * e2;
    J(i, 2) = e1;
    J(i, 3) = -e2;
    J(i, 4) = -t * x[5] * e5;
    J(i, 5) = e5;
  }
}

PROBLEM(osborne_2) { /* 19 */
  static const double y[] = {1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746,
                             0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649,
                             0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395,
                             0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653,
                             0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739,
                             0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054};
  FOR(i, m) {
    double t = (double)i / 10;
    MghNumber e = cexp(-t * x[4]);
    r[i] = y[i] - x[0] * e;
    J(i, 0) = -e;
    J(i, 4) = t * x[0] * e;
    FOR(k, 3) {
      MghNumber gap = t - x[8 + k];
      e = cexp(-square(gap) * x[5 + k]);
      r[i] -= x[1 + k] * e;
      J(i, 1 + k) = -e;
      J(i, 5 + k) = x[1 + k] * e * square(gap);
      J(i, 8 + k) = -2 * x[1 + k] * e * gap * x[5 + k];
    }
  }
}

PROBLEM(watson) { /* 20 */
  FOR(i, 29) {
    double t = ((double)i + 1) / 29, power = 1;
    MghNumber slope = 0, sum = 0;
    FOR(j, n) {
      sum += x[j] * power;
      if (j + 1 < n) slope += (double)(j + 1) * x[j + 1] * power;
      power *= t;
    }
    r[i] = slope - sum * sum - 1;
    power = 1 / t;
    FOR(j, n) {
      J(i, j) = (double)j * power - 2 * sum * power * t;
      power *= t;
    }
  }
  r[29] = x[0];
  J(29, 0) = 1;
  r[30] = x[1] - x[0] * x[0] - 1;
  J(30, 0) = -2 * x[0];
  J(30, 1) = 1;
}

PROBLEM(penalty_1) { /* 23 */
  r[n] = -0.25;
  FOR(i, n) {
    r[i] = sqrt(1e-5) * (x[i] - 1);
    J(i, i) = sqrt(1e-5);
    r[n] += x[i] * x[i];
    J(n, i) = 2 * x[i];
  }
}

PROBLEM(penalty_2) { /* 24 */
  double a = sqrt(1e-5);
  r[0] = x[0] - 0.2;
  J(0, 0) = 1;
  for (size_t i = 1; i < n; i++) {
    double y = exp(((double)i + 1) / 10) + exp((double)i / 10);
    r[i] = a * (cexp(x[i] / 10) + cexp(x[i - 1] / 10) - y);
    J(i, i) = a / 10 * cexp(x[i] / 10);
    J(i, i - 1) = a / 10 * cexp(x[i - 1] / 10);
    r[n + i - 1] = a * (cexp(x[i] / 10) - exp(-0.1));
    J(n + i - 1, i) = J(i, i);
  }
  r[2 * n - 1] = -1;
  FOR(j, n) {
    r[2 * n - 1] += (double)(n - j) * x[j] * x[j];
    J(2 * n - 1, j) = 2 * (double)(n - j) * x[j];
  }
}

PROBLEM(variably_dimensioned) { /* 25 */
  MghNumber sum = 0;
  FOR(i, n) {
    r[i] = x[i] - 1;
    J(i, i) = 1;
    sum += ((double)i + 1) * (x[i] - 1);
  }
  r[n] = sum;
  r[n + 1] = sum * sum;
  FOR(j, n) {
    J(n, j) = (double)j + 1;
    J(n + 1, j) = 2 * sum * ((double)j + 1);
  }
}

PROBLEM(trigonometric) { /* 26 */
  MghNumber sum = 0;
  FOR(j, n) sum += ccos(x[j]);
  FOR(i, n) {
    double k = (double)i + 1;
    r[i] = (double)n - sum + k * (1 - ccos(x[i])) - csin(x[i]);
    FOR(j, n) J(i, j) = csin(x[j]);
    J(i, i) += k * csin(x[i]) - ccos(x[i]);
  }
}

PROBLEM(brown_almost_linear) { /* 27 */
  MghNumber sum = 0;
  FOR(j, n) sum += x[j];
  FOR(i, n - 1) {
    r[i] = x[i] + sum - (double)(n + 1);
    FOR(j, n) J(i, j) = 1;
    J(i, i) = 2;
  }
  r[n - 1] = -1;
  MghNumber product = 1;
  FOR(j, n) {
    MghNumber others = 1;
    product *= x[j];
    FOR(k, n) if (k != j) others *= x[k];
    J(n - 1, j) = others;
  }
  r[n - 1] += product;
}

PROBLEM(discrete_boundary_value) { /* 28 */
  double h = 1 / ((double)n + 1);
  FOR(i, n) {
    MghNumber t = x[i] + ((double)i + 1) * h + 1;
    r[i] = 2 * x[i] + h * h * t * t * t / 2;
    J(i, i) = 2 + 1.5 * h * h * t * t;
    if (i > 0) r[i] -= x[i - 1], J(i, i - 1) = -1;
    if (i + 1 < n) r[i] -= x[i + 1], J(i, i + 1) = -1;
  }
}

PROBLEM(discrete_integral) { /* 29 */
  double h = 1 / ((double)n + 1);
  FOR(i, n) {
    double ti = ((double)i + 1) * h;
    r[i] = x[i];
    FOR(j, n) {
      double tj = ((double)j + 1) * h, weight = j <= i ? (1 - ti) * tj : ti * (1 - tj);
      MghNumber t = x[j] + tj + 1;
      r[i] += h / 2 * weight * t * t * t;
      J(i, j) = 1.5 * h * weight * t * t;
    }
    J(i, i) += 1;
  }
}

PROBLEM(broyden_tridiagonal) { /* 30 */
  FOR(i, n) {
    r[i] = (3 - 2 * x[i]) * x[i] + 1;
    J(i, i) = 3 - 4 * x[i];
    if (i > 0) r[i] -= x[i - 1], J(i, i - 1) = -1;
    if (i + 1 < n) r[i] -= 2 * x[i + 1], J(i, i + 1) = -2;
  }
}

PROBLEM(broyden_banded) { /* 31 */
  FOR(i, n) {
    r[i] = x[i] * (2 + 5 * x[i] * x[i]) + 1;
    J(i, i) = 2 + 15 * x[i] * x[i];
    for (size_t j = i < 5 ? 0 : i - 5; j <= i + 1 && j < n; j++) {
      if (j == i) continue;
      r[i] -= x[j] * (1 + x[j]);
      J(i, j) = -1 - 2 * x[j];
    }
  }
}

PROBLEM(linear_full_rank) { /* 32 */
  MghNumber sum = 0;
  FOR(j, n) sum += x[j];
  FOR(i, m) {
    r[i] = (i < n ? x[i] : 0) - 2.0 / (double)m * sum - 1;
    FOR(j, n) J(i, j) = (i == j) - 2.0 / (double)m;
  }
}

PROBLEM(linear_rank_1) { /* 33 */
  MghNumber sum = 0;
  FOR(j, n) sum += ((double)j + 1) * x[j];
  FOR(i, m) {
    double k = (double)i + 1;
    r[i] = k * sum - 1;
    FOR(j, n) J(i, j) = k * ((double)j + 1);
  }
}

PROBLEM(linear_rank_1_zeros) { /* 34: with zero columns and rows */
  MghNumber sum = 0;
  for (size_t j = 1; j + 1 < n; j++) sum += ((double)j + 1) * x[j];
  FOR(i, m) {
    double k = i + 1 < m ? (double)i : 0;
    r[i] = k * sum - 1;
    for (size_t j = 1; j + 1 < n; j++) J(i, j) = k * ((double)j + 1);
  }
}

PROBLEM(chebyquad) { /* 35: T_i on [0, 1] by its recurrence, and its derivative */
  FOR(i, m) r[i] = (i % 2) ? 1 / (square((double)i + 1) - 1) : 0;
  FOR(j, n) {
    MghNumber u = 2 * x[j] - 1, t0 = 1, t1 = u, d0 = 0, d1 = 2;
    FOR(i, m) {
      r[i] += t1 / (double)n;
      J(i, j) = d1 / (double)n;
      MghNumber t2 = 2 * u * t1 - t0, d2 = 4 * t1 + 2 * u * d1 - d0;
      t0 = t1, t1 = t2, d0 = d1, d1 = d2;
    }
  }
}

/* --- Starts */

static void start_rosenbrock(size_t n, double *x) { FOR(i, n) x[i] = i % 2 ? 1 : -1.2; }
static void start_powell(size_t n, double *x) {
  static const double four[] = {3, -1, 0, 1};
  FOR(i, n) x[i] = four[i % 4];
}
static void start_zero(size_t n, double *x) { FOR(i, n) x[i] = 0; }
static void start_half(size_t n, double *x) { FOR(i, n) x[i] = 0.5; }
static void start_one(size_t n, double *x) { FOR(i, n) x[i] = 1; }
static void start_minus_one(size_t n, double *x) { FOR(i, n) x[i] = -1; }
static void start_index(size_t n, double *x) { FOR(i, n) x[i] = (double)i + 1; }
static void start_falling(size_t n, double *x) { FOR(i, n) x[i] = 1 - ((double)i + 1) / (double)n; }
static void start_nth(size_t n, double *x) { FOR(i, n) x[i] = 1 / (double)n; }
static void start_even(size_t n, double *x) { FOR(i, n) x[i] = ((double)i + 1) / ((double)n + 1); }
static void start_parabola(size_t n, double *x) {
  start_even(n, x);
  FOR(i, n) x[i] *= x[i] - 1;
}

/* --- The table */

#define END -1
/* clang-format off */
MghProblem mgh_problems[] = {
    {"Rosenbrock", 2, 2, rosenbrock, start_rosenbrock, {0}, {0, END}},
    {"Freudenstein and Roth", 2, 2, freudenstein_roth, NULL, {0.5, -2}, {0, 48.98425367924, END}},
    {"Powell badly scaled", 2, 2, powell_badly_scaled, NULL, {0, 1}, {0, END}},
    {"Brown badly scaled", 2, 3, brown_badly_scaled, start_one, {0}, {0, END}},
    {"Beale", 2, 3, beale, start_one, {0}, {0, END}},
    {"Jennrich and Sampson", 2, 10, jennrich_sampson, NULL, {0.3, 0.4}, {124.36218235561, END}},
    {"helical valley", 3, 3, helical_valley, NULL, {-1, 0, 0}, {0, END}},
    {"Bard", 3, 15, bard, start_one, {0}, {8.2148773e-3, END}},
    {"Gaussian", 3, 15, gaussian, NULL, {0.4, 1, 0}, {1.12793277e-8, END}},
    {"Meyer", 3, 16, meyer, NULL, {0.02, 4000, 250}, {87.945855171, END}},
    {"Gulf", 3, 99, gulf, NULL, {5, 2.5, 0.15}, {0, END}},
    {"Box", 3, 10, box, NULL, {0, 10, 20}, {0, END}},
    {"Powell singular", 4, 4, powell_singular, start_powell, {0}, {0, END}},
    {"Wood", 4, 6, wood, NULL, {-3, -1, -3, -1}, {0, END}},
    {"Kowalik and Osborne", 4, 11, kowalik_osborne, NULL, {0.25, 0.39, 0.415, 0.39}, {3.0750560e-4, END}},
    {"Brown and Dennis", 4, 20, brown_dennis, NULL, {25, 5, -5, -1}, {85822.201626, END}},
    {"Osborne 1", 5, 33, osborne_1, NULL, {0.5, 1.5, -1, 0.01, 0.02}, {5.4648946e-5, END}},
    {"Biggs", 6, 13, biggs, NULL, {1, 2, 1, 1, 1, 1}, {0, 5.6556499e-3, END}},
    {"Osborne 2", 11, 65, osborne_2, NULL, {1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5}, {4.0137736e-2, END}},
    {"Watson 6", 6, 31, watson, start_zero, {0}, {2.2876700e-3, END}},
    {"Watson 9", 9, 31, watson, start_zero, {0}, {1.3997601e-6, END}},
    {"Watson 12", 12, 31, watson, start_zero, {0}, {4.7223811e-10, END}},
    {"Rosenbrock 10", 10, 10, rosenbrock, start_rosenbrock, {0}, {0, END}},
    {"Rosenbrock 100", 100, 100, rosenbrock, start_rosenbrock, {0}, {0, END}},
    {"Powell singular 12", 12, 12, powell_singular, start_powell, {0}, {0, END}},
    {"penalty I 4", 4, 5, penalty_1, start_index, {0}, {2.2499778e-5, END}},
    {"penalty I 10", 10, 11, penalty_1, start_index, {0}, {7.0876515e-5, END}},
    {"penalty II 4", 4, 8, penalty_2, start_half, {0}, {9.3762931e-6, END}},
    {"penalty II 10", 10, 20, penalty_2, start_half, {0}, {2.9366054e-4, END}},
    {"variably dimensioned 10", 10, 12, variably_dimensioned, start_falling, {0}, {0, END}},
    {"trigonometric 10", 10, 10, trigonometric, start_nth, {0}, {0, 2.7950561e-5, END}},
    {"Brown almost linear 10", 10, 10, brown_almost_linear, start_half, {0}, {0, 1, END}},
    {"discrete boundary value 10", 10, 10, discrete_boundary_value, start_parabola, {0}, {0, END}},
    {"discrete integral 10", 10, 10, discrete_integral, start_parabola, {0}, {0, END}},
    {"Broyden tridiagonal 10", 10, 10, broyden_tridiagonal, start_minus_one, {0}, {0, END}},
    {"Broyden banded 10", 10, 10, broyden_banded, start_minus_one, {0}, {0, END}},
    {"linear, full rank", 10, 20, linear_full_rank, start_one, {0}, {10, END}},
    {"linear, rank 1", 10, 20, linear_rank_1, start_one, {0}, {20 * 19 / 82.0, END}},
    {"linear, rank 1, zeros", 10, 20, linear_rank_1_zeros, start_one, {0}, {454 / 74.0, END}},
    {"Chebyquad 7", 7, 7, chebyquad, start_even, {0}, {0, END}},
    {"Chebyquad 8", 8, 8, chebyquad, start_even, {0}, {3.5168737e-3, END}},
    {"Chebyquad 9", 9, 9, chebyquad, start_even, {0}, {0, END}},
    {"Chebyquad 10", 10, 10, chebyquad, start_even, {0}, {6.5039548e-3, 4.7727137e-3, END}},
};
/* clang-format on */
const size_t mgh_count = sizeof mgh_problems / sizeof *mgh_problems;

void mgh_start(const MghProblem *problem, double *x) {
  if (problem->start) problem->start(problem->n, x);
  else memcpy(x, problem->fixed_start, problem->n * sizeof *x);
}

/* --- The objective */

/* f = r'r, and its gradient 2 J'r. */
static MghNumber evaluate(const MghProblem *p, const MghNumber *x, MghNumber *gradient) {
  MghNumber r[MGH_MAX_M], value = 0;
  static _Thread_local MghNumber jacobian[MGH_MAX_M * MGH_MAX_N];
  memset(jacobian, 0, p->m * p->n * sizeof *jacobian);
  p->residuals(p->n, p->m, x, r, jacobian);
  FOR(j, p->n) gradient[j] = 0;
  FOR(i, p->m) {
    value += r[i] * r[i];
    FOR(j, p->n) gradient[j] += 2 * r[i] * jacobian[i * p->n + j];
  }
  return value;
}

static bool value_and_gradient(ThContext *cx, void *self, const double *x, double *value, double *gradient) {
  const MghProblem *p = self;
  MghNumber z[MGH_MAX_N], g[MGH_MAX_N];
  (void)cx;
  FOR(j, p->n) z[j] = x[j];
  *value = creal(evaluate(p, z, g));
  FOR(j, p->n) gradient[j] = creal(g[j]);
  return true;
}

static bool value_only(ThContext *cx, void *self, const double *x, double *value) {
  double gradient[MGH_MAX_N];
  return value_and_gradient(cx, self, x, value, gradient);
}

static bool hessian_vector(ThContext *cx, void *self, const double *x, const double *v, double *product) {
  const MghProblem *p = self;
  const double h = 1e-100;
  MghNumber z[MGH_MAX_N], g[MGH_MAX_N];
  (void)cx;
  FOR(j, p->n) z[j] = __builtin_complex(x[j], h * v[j]);
  evaluate(p, z, g);
  FOR(j, p->n) product[j] = cimag(g[j]) / h;
  return true;
}

ThObjective mgh_objective(MghProblem *problem) {
  return (ThObjective){.dimension = problem->n,
                       .self = problem,
                       .value = value_only,
                       .value_and_gradient = value_and_gradient,
                       .hessian_vector = hessian_vector};
}
