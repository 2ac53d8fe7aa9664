/* test_num_pieces.c - tests of num/pieces: integrals of piecewise polynomials, convolutions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>

#include "num/pieces.h"
#include "num/special.h"

typedef struct Shape {
  double power, rate; /* x^power e^(-rate x) */
} Shape;

static bool shape(void *self, double x, double *y) {
  const Shape *s = self;
  *y = x < 0 ? 0 : pow(x, s->power) * exp(-s->rate * x);
  return true;
}

static void fit(ThContext *cx, Shape s, ThPieces *out) {
  double breaks[] = {0, 0.5, 2, 8, 20, 70};
  bool converged;
  ck_assert(th_pieces_fit(cx, shape, &s, breaks, 6, 4e-15, out, &converged));
  ck_assert(converged);
  ck_assert_double_le(out->error, 1e-13);
}

/* ∫ x^p e^-x = Γ(p + 1), and its tails, with a pole at 0 and without. */
START_TEST(integrals) {
  static const double powers[] = {1.385, 0, -0.45, 3};
  ThContext cx;
  ThPieces p;
  unit_context(&cx);
  double power = powers[_i], error;
  fit(&cx, (Shape){power, 1}, &p);
  ck_assert_double_eq_tol(p.total / exp(th_special_lgamma(power + 1)), 1, 1e-13);
  th_pieces_normalise(&p);
  ck_assert_double_eq_tol(th_pieces_below(&p, 0.385) + th_pieces_above(&p, 0.385), 1, 1e-14);
  ck_assert_double_eq_tol(th_pieces_moment(&p, 0, 1, 1, &error), power + 1, 1e-12);
  ck_assert_double_lt(error, 1e-12);
  ck_assert_double_gt(error, 1e-17);
  if (power == 0) {
    ck_assert_double_eq_tol(th_pieces_below(&p, 0.385), -expm1(-0.385), 1e-14);
    ck_assert_double_eq_tol(th_pieces_above(&p, 42.5) / exp(-42.5), 1, 1e-9);
    ck_assert_double_eq_tol(th_pieces_value(&p, 1.385), exp(-1.385), 1e-14);
  }
  th_pieces_clear(&p);
  unit_done(&cx);
}
END_TEST

/* Gamma(a, 1) + Gamma(b, 1) is Gamma(a + b, 1): with poles at the ends. */
START_TEST(convolutions) {
  static const double shapes[][2] = {{1, 1}, {0.5, 0.5}, {0.55, 0.7}, {2.385, 1}, {0.5, 3.2}};
  ThContext cx;
  ThPieces p, q, sum;
  unit_context(&cx);
  bool converged;
  double a = shapes[_i][0], b = shapes[_i][1], error;
  fit(&cx, (Shape){a - 1, 1}, &p);
  fit(&cx, (Shape){b - 1, 1}, &q);
  th_pieces_normalise(&p);
  th_pieces_normalise(&q);
  p.knots[p.n_knots++] = q.knots[q.n_knots++] = 0;
  ck_assert(th_pieces_convolve(&p, &q, &sum, &converged));
  ck_assert(converged);
  ck_assert_double_eq_tol(sum.total, 1, 1e-13);
  for (double x = 0.185; x < 30; x *= 1.7) {
    double expected = exp((a + b - 1) * log(x) - x - th_special_lgamma(a + b));
    ck_assert_double_eq_tol(th_pieces_value(&sum, x) / expected, 1, 1e-11);
  }
  th_pieces_shift(&sum, 2.385);
  ck_assert_double_eq_tol(th_pieces_moment(&sum, 2.385, 1, 1, &error), a + b, 1e-12);
  th_pieces_clear(&p);
  th_pieces_clear(&q);
  th_pieces_clear(&sum);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_pieces(void) {
  Suite *suite = suite_create("num_pieces");
  TCase *tests = tcase_create("num_pieces");
  tcase_add_loop_test(tests, integrals, 0, 4);
  tcase_add_loop_test(tests, convolutions, 0, 5);
  suite_add_tcase(suite, tests);
  return suite;
}
