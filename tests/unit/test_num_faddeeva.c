/* test_num_faddeeva.c - the Faddeeva function against values of 22 digits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments stand for the doubles next to them; values were computed for those with 1200 digits. */
#include <math.h>

#include "num/special.h"
#include "unit.h"

/* Real and imaginary part are compared each by itself. */
static void check(double got, double want, double tolerance, double x, double y) {
  double error = got == want ? 0 : fabs(got - want) / fabs(want);
  ck_assert_msg(error <= tolerance, "at %g, %g: got %.17g, want %.17g, error %.2g", x, y, got, want, error);
}

static const struct {
  double x, y, re, im;
} values[] = {
    {2.385, 0.37, 0.05220989550453745505136, 0.2521097439141903905736},
    {0.37, 1e-20, 0.8720574275147191128842, 0.3814038070114933669935},
    {7.3, 1e-12, 1.090014795194940739478e-14, 0.07803282979727922421898},
    {45.5, 2.385, 0.0006486522700984037798436, 0.01236874257596852064776},
    {5.9, 0, 7.624459905389707797339e-16, 0.09706281712068509603179},
    {0.0731, 0.2385, 0.7757804687181257504296, 0.05516317875216249263292},
    {-3.1, 4.7, 0.08386092895968255739571, -0.05363864375060908226283},
    {1e-30, 7.25, 0.07709918035125990166373, 1.044105200224400064215e-32},
    {2.385, -3.1, -61.21399487413166675085, 80.4823304477393407395},
    {-0.37, -0.5, 1.519189478369569952715, -0.988713432301675070117},
    {12345.5, 0.37, 1.369649439127977298399e-9, 0.00004570001902651683703284},
    {6.4, 0.001, 0.00001431233802351642798128, 0.08927277154119515488348},
};

START_TEST(plane) {
  for (size_t i = 0; i < COUNT(values); i++) {
    double x = values[i].x, y = values[i].y;
    double complex w = th_special_faddeeva(x + _Complex_I * y),
                   mirrored = th_special_faddeeva(-x + _Complex_I * y);
    check(creal(w), values[i].re, 2e-15, x, y);
    check(cimag(w), values[i].im, 2e-15, x, y);
    ck_assert(mirrored == conj(w));
  }
}
END_TEST

static const struct {
  int n;
  double x, re, im;
} derivatives[] = {
    {1, 0.37, -0.6453224963608921357952, 0.8461403499070074857037},
    {1, -2.385, 0.01614929804280728602, -0.148709959382900753681},
    {1, 45.5, 0, -0.0002727201360638265784623},
    {2, 0.2385, -1.674462751105283943109, -0.9975577132069582114539},
    {2, 3.7, 0.00005981544384034259513353, 0.02937390591694998539642},
    {2, 32.25, 0, 0.00003373815432404511480288},
    {2, 12345.5, 0, 5.996930510134580462078e-13},
};

START_TEST(on_the_line) {
  for (size_t i = 0; i < COUNT(derivatives); i++) {
    double x = derivatives[i].x;
    double complex w = th_special_faddeeva_derivative(derivatives[i].n, x);
    check(creal(w), derivatives[i].re, 4e-15, x, 0);
    check(cimag(w), derivatives[i].im, 4e-15, x, 0);
  }
  ck_assert(th_special_faddeeva_derivative(0, 2.385) == th_special_faddeeva(2.385));
}
END_TEST

/* On the imaginary axis it is erfcx; the identity w(z) + w(-z) = 2e^(-z²). */
START_TEST(identities) {
  for (double y = 1e-8; y < 1e8; y *= 2.385)
    check(creal(th_special_faddeeva(_Complex_I * y)), th_special_erfcx(y), 4e-15, 0, y);
  for (double x = 0.037; x < 5; x += 0.2385) {
    double complex z = x + _Complex_I * (0.37 * x - 0.5),
                   sum = th_special_faddeeva(z) + th_special_faddeeva(-z);
    ck_assert(cabs(sum - 2 * cexp(-z * z)) < 1e-14);
  }
}
END_TEST

START_TEST(edges) {
  const double nan = (double)NAN, inf = (double)INFINITY;
  ck_assert(isnan(creal(th_special_faddeeva(nan))) && isnan(creal(th_special_faddeeva(_Complex_I * nan))));
  ck_assert(th_special_faddeeva(0) == 1 && th_special_faddeeva(inf) == 0);
  ck_assert(th_special_faddeeva(3 - _Complex_I * 1e200) == inf &&
            th_special_faddeeva(-30 * _Complex_I) == inf);
  ck_assert(th_special_faddeeva(-inf + _Complex_I * 2.385) == 0);
  ck_assert(isnan(creal(th_special_faddeeva_derivative(1, nan))));
  ck_assert(isnan(creal(th_special_faddeeva_derivative(3, 2.385))));
}
END_TEST

Suite *th_suite_num_faddeeva(void) {
  Suite *suite = suite_create("num_faddeeva");
  ADD(suite, plane);
  ADD(suite, on_the_line);
  ADD(suite, identities);
  ADD(suite, edges);
  return suite;
}
