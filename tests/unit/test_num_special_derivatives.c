/* test_num_special_derivatives.c - derivatives of special functions against values of 22 digits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments stand for the doubles next to them; values were computed for those with 60 digits. */
#include <math.h>

#include "num/init.h"
#include "num/special.h"
#include "num/special_derivatives.h"
#include "unit.h"

#define ROW(f, n, x, value) \
  { #f "(" #n ", " #x ")", th_special_##f, n, x, value }

static const struct {
  const char *name;
  double (*f)(double, double);
  double n, x, value;
} rows[] = {
    ROW(polygamma_of, 1, 0.37, 8.360473827799098088729),
    ROW(polygamma_of, 2, 2.385, -0.2641848316371758876409),
    ROW(polygamma_of, 2, -0.7, -69.44163279863853299803),
    ROW(polygamma_of, 3, -3.2, 3768.577761093734222816),
    ROW(polygamma_of, 5, 45.5, 1.2998125418879524885e-7),
    ROW(polygamma_of, 4, -12.75, -24481.57497656982776993),
    ROW(digamma_rise, 2.385, 0.37, 0.1759420696494223577274),
    ROW(digamma_rise, 1e8, 2.385, 2.38499998348387499439e-8),
    ROW(digamma_rise, 45.5, 1e-9, 2.222130788523282151739e-11),
    ROW(digamma_rise, 1e-3, 7.25, 1002.486173327013770522),
    ROW(digamma_rise, 1e5, -0.5, -0.000005000037500250001406256),
    ROW(erfcx_derivative, 1, 100, -0.0000564104976259931848675),
    ROW(erfcx_derivative, 3, 2.385, -0.05544132969367321285602),
    ROW(erfcx_derivative, 6, 30, 1.828877960723986337603e-8),
    ROW(erfcx_derivative, 2, 0.37, 0.9201393724575680031435),
    ROW(erfcx_derivative, 4, -2.385, 474202.4060576866107509),
    ROW(erfcx_derivative, 2, 1e6, 1.128379167092127436395e-18),
    ROW(spherical_bessel, 1, 1e-5, 0.000003333333333300000272677),
    ROW(spherical_bessel, 2, 2.385, 0.2474965491574398969867),
    ROW(spherical_bessel, 5, 40, 0.02244877379104501777062),
    ROW(spherical_bessel, 3, -2.385, -0.09328503903671016110339),
    ROW(zeta_derivative, 1, 2.385, -0.4629880560457247719544),
    ROW(zeta_derivative, 1, -2, -0.03044845705839327078025),
    ROW(zeta_derivative, 2, -3.3, -0.00610528137016398699413),
    ROW(zeta_derivative, 4, 0.5, -767.9973197204474298143),
    ROW(zeta_derivative, 3, -20.5, -410.6105994414120287048),
    ROW(zeta_derivative, 1, 30, -6.455489538800030274946e-10),
    ROW(zeta_derivative, 6, 1.25, 11796479.99988217003952),
    ROW(gamma_density, 2.385, 0.37, 0.1416829725369179851186),
    ROW(gamma_density, 45.5, 50, 0.04359551800074744272213),
    ROW(gamma_density, -1.3, 0.73, 0.2986027831495786777661),
    ROW(gamma_density, 0.25, 1e-6, 8722.048366872321847924),
    ROW(gamma_p_shape, 2.385, 0.37, -0.05147060386845516239949),
    ROW(gamma_p_shape2, 2.385, 0.37, 0.099731744284005695283),
    ROW(gamma_p_shape, 2.385, 5, -0.07720547654521589978727),
    ROW(gamma_p_shape2, 2.385, 5, -0.05806135396784240696785),
    ROW(gamma_p_shape, 0.01, 0.3, -0.9087458022685458581351),
    ROW(gamma_p_shape, 1e4, 1e4, -0.003989456049453668626649),
    ROW(gamma_p_shape, 45.5, 12.25, -3.44978640619849207345e-13),
    ROW(gamma_p_shape2, 45.5, 12.25, 4.534970007924169876533e-13),
    ROW(gamma_p_shape, 0.731, 45.5, -2.45680594974575150894e-20),
    ROW(gamma_p_shape2, 0.731, 45.5, -1.091394195898529287894e-19),
};

static void check(const char *name, double got, double want) {
  double error = fabs(got - want) / fabs(want);
  ck_assert_msg(error <= 5e-14, "%s: got %.17g, want %.17g, error %.2g", name, got, want, error);
}

START_TEST(values) {
  th_num_init();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    check(rows[i].name, rows[i].f(rows[i].n, rows[i].x), rows[i].value);
}
END_TEST

START_TEST(edges) {
  const double infinity = (double)INFINITY, nan = (double)NAN;
  th_num_init();
  ck_assert(isnan(th_special_polygamma_of(2, -3)) && th_special_polygamma_of(3, -3) == infinity);
  ck_assert(isnan(th_special_polygamma_of(61, 2.385)) && isnan(th_special_polygamma_of(2.5, 1)));
  ck_assert(th_special_erfcx_derivative(3, infinity) == 0 && isnan(th_special_erfcx_derivative(1, nan)));
  ck_assert(th_special_spherical_bessel(2, infinity) == 0 && th_special_spherical_bessel(0, 0) == 1);
  ck_assert(isnan(th_special_zeta_derivative(17, 2.385)) && isnan(th_special_zeta_derivative(1, 1)));
  ck_assert(th_special_zeta_derivative(2, 1e4) == 0);
  ck_assert(th_special_gamma_density(1, 0) == 1 && th_special_gamma_density(2.385, 0) == 0);
  ck_assert(th_special_gamma_density(0.3, 0) == infinity && th_special_gamma_density(-2, 2.385) == 0);
  ck_assert(th_special_gamma_p_shape(2.385, 0) == 0 && th_special_gamma_p_shape(2.385, infinity) == 0);
  ck_assert(isnan(th_special_gamma_p_shape(-1, 2.385)) && isnan(th_special_gamma_p_shape2(2.385, -1)));
}
END_TEST

Suite *th_suite_num_special_derivatives(void) {
  Suite *suite = suite_create("num_special_derivatives");
  ADD(suite, values);
  ADD(suite, edges);
  return suite;
}
