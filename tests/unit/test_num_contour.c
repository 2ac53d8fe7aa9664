/* test_num_contour.c - level lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/contour.h"
#include "unit.h"

enum { NX = 41, NY = 31 };

static void fill(double *x, double *y, double *z) {
  for (int j = 0; j < NX; j++) x[j] = -2 + 4.0 * j / (NX - 1);
  for (int i = 0; i < NY; i++) y[i] = -1.5 + 3.0 * i / (NY - 1);
  for (int i = 0; i < NY; i++)
    for (int j = 0; j < NX; j++) z[i * NX + j] = x[j] * x[j] + 2 * y[i] * y[i];
}

/* The line x² + 2y² = 1.3: every end lies on it, and the pieces are as long as it is. */
START_TEST(an_ellipse) {
  double x[NX], y[NY], z[NX * NY], length = 0;
  ThContourPieces pieces = {0};
  ThContext cx;
  unit_context(&cx);
  fill(x, y, z);
  ck_assert(th_contour_add(&cx, NX, NY, x, y, z, 1.3, &pieces));
  ck_assert_uint_gt(pieces.count, 50);
  for (size_t i = 0; i < pieces.count; i++) {
    const double *e = pieces.ends + 4 * i;
    ck_assert_double_eq_tol(e[0] * e[0] + 2 * e[1] * e[1], 1.3, 0.02);
    ck_assert_double_eq_tol(e[2] * e[2] + 2 * e[3] * e[3], 1.3, 0.02);
    length += hypot(e[2] - e[0], e[3] - e[1]);
  }
  /* half axes a = √1.3, b = √0.65: Ramanujan's second formula */
  double a = sqrt(1.3), b = sqrt(0.65), h = (a - b) * (a - b) / ((a + b) * (a + b));
  double want = acos(-1.0) * (a + b) * (1 + 3 * h / (10 + sqrt(4 - 3 * h)));
  ck_assert_double_eq_tol(length, want, 0.01 * want);
  th_contour_clear(&cx, &pieces);
  unit_done(&cx);
}
END_TEST

START_TEST(gaps_and_levels_that_are_not_there) {
  double x[NX], y[NY], z[NX * NY];
  ThContourPieces pieces = {0};
  ThContext cx;
  unit_context(&cx);
  fill(x, y, z);
  ck_assert(th_contour_add(&cx, NX, NY, x, y, z, -0.1, &pieces));
  ck_assert(th_contour_add(&cx, NX, NY, x, y, z, 1e3, &pieces));
  ck_assert_uint_eq(pieces.count, 0);
  for (int j = 0; j < NX; j++) z[15 * NX + j] = NAN; /* y = 0 */
  ck_assert(th_contour_add(&cx, NX, NY, x, y, z, 1.3, &pieces));
  for (size_t i = 0; i < pieces.count; i++) ck_assert(fabs(pieces.ends[4 * i + 1]) >= 0.1 - 1e-12);
  th_contour_clear(&cx, &pieces);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_contour(void) {
  Suite *suite = suite_create("num_contour");
  ADD(suite, an_ellipse);
  ADD(suite, gaps_and_levels_that_are_not_there);
  return suite;
}
