/* test_ui_slider.c - tests of ui/slider: even steps, factors, whole numbers, ends */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "ui/slider.h"

static const struct {
  double low, high, value;
  int steps;
  double expected;
} moves[] = {
    {0, 1, 0.25, 1, 0.26},     {0, 1, 0.255, 1, 0.26},    {0, 1, 0.255, -1, 0.25},  {0, 1, 0.995, 3, 1},
    {-3, 3, -2.5, 1, -2.45},   {-3, 3, 0.1, -10, -0.4},   {0.1, 5, 2, 1, 2.05},     {0, 1e6, 2e4, 2, 4e4},
    {0.1, 100, 2, 1, 2.14},    {0.1, 100, 2, 10, 3.99},   {0.1, 100, 0.1, -1, 0.1}, {0.1, 100, 99, 1, 100},
    {1e-4, 1, 0.01, 1, 0.011}, {1, 200, 10, 1, 11},       {1, 200, 180, -1, 171},   {1, 200, 199, 5, 200},
    {0, 50, 7, 1, 8},          {0, 1000, 20, 1, 30},      {0, 50, 2.5, 1, 3},       {0, 5, 2, 1, 2.05},
    {0, 1, 7, -1, 0.99},       {0.1, 100, 500, -1, 93.3}, {2, 12, -4, 1, 3},
};

START_TEST(steps) {
  ThSlider s = th_slider_begin(NULL, moves[_i].low, moves[_i].high, moves[_i].value);
  ck_assert_double_eq_tol(th_slider_step(&s, moves[_i].steps), moves[_i].expected, 1e-13);
}
END_TEST

/* Three digits are kept: a step down and one up come back to within the last of them, along the whole way. */
START_TEST(back_and_forth) {
  ThSlider s = th_slider_begin(NULL, 0.1, 100, 2.385);
  for (int i = 0; i < 40; i++) {
    s.now = th_slider_step(&s, 1);
    ThSlider back = s;
    back.now = th_slider_step(&back, -1);
    back.now = th_slider_step(&back, 1);
    ck_assert_double_eq_tol(back.now, s.now, 0.011 * s.now);
  }
  ck_assert_double_gt(s.now, 2.385 * 10);
}
END_TEST

START_TEST(places) {
  ThSlider even = th_slider_begin(NULL, -1, 3, 0.5), factors = th_slider_begin(NULL, 0.01, 100, 0.1);
  ck_assert_double_eq_tol(th_slider_place(&even), 0.375, 1e-15);
  ck_assert_double_eq_tol(th_slider_place(&factors), 0.25, 1e-15);
  ThSlider outside = th_slider_begin(NULL, -1, 3, 7);
  ck_assert_double_eq(th_slider_place(&outside), 1);
}
END_TEST

Suite *th_suite_ui_slider(void) {
  Suite *suite = suite_create("ui_slider");
  ADD_ROWS(suite, steps, COUNT(moves));
  ADD(suite, back_and_forth);
  ADD(suite, places);
  return suite;
}
