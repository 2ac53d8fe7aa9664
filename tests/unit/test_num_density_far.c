/* test_num_density_far.c - arguments and parameters at the ends of the doubles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "density.h"
#include "unit.h"

/* Computed with 40 digits and more for the doubles that the decimals denote. The last column says how far rounding
 * the inputs moves the value: the sum of |input/value ∂value/∂input|. */
static const struct {
  const char *family, *quantity;
  double p[TH_MAX_PARAMETERS], x, value, condition;
} facts[] = {
    /* clang-format off */
    {"Beta", "cdf", {0.5, 1e-300}, 0.77, 2.7295543857476358269e-300, 3.3},
    {"Beta", "sf", {1e-300, 30}, 0.01, 9.1437730900816059858e-301, 2.6},
    {"Beta", "sf", {1e-300, 0.5}, 0.2, 2.8872709503576206953e-300, 2.2},
    {"Beta", "sf", {1e-09, 2.2}, 0.6, 8.4757720593503412743e-11, 7.8},
    {"Beta", "logcdf", {1e-300, 0.5}, 0.5, -1.7627471740390860946e-300, 3.0},
    {"Beta", "skewness", {1e-300, 1e-09}, 0, 3.16227766016837939e145, 1},
    {"Beta", "kurtosis_excess", {1e-300, 100000}, 0, 5.99976000839972386e300, 1},
    {"BetaBinomial", "kurtosis_excess", {7, 1e-200, 1e-200}, 0, -2, 0},
    {"NegBinomial", "sf", {1e-300, 0.3, 0, (double)NAN}, 0, 1.20397280432593606e-300, 1.8},
    {"NegBinomial", "sf", {1e-300, 0.5, 0, (double)NAN}, 0, 6.93147180559945327e-301, 2.4},
    {"NegBinomial", "sf", {1e-300, 0.01, 0, (double)NAN}, 60, 4.47088759777944492e-301, 2.2},
    {"NegBinomial", "sf", {1e-09, 0.01, 0, (double)NAN}, 60, 4.47088760069066981e-10, 2.2},
    {"NegBinomial", "logcdf", {1e-300, 1e-12, 0, (double)NAN}, 9, -2.48020528619692949e-299, 1},
    {"NegBinomial", "logcdf", {1e-300, 0.01, 0, (double)NAN}, 2, -3.12512018598809143e-300, 1.3},
    {"FDist", "quantile", {0.01, 1e+18}, 0.999, 211.77497230823181376, 570},
    {"FDist", "isf", {0.01, 1e+18}, 1e-09, 2563.8967315556100649, 1},
    {"FDist", "quantile", {3, 1e+25}, 0.3, 0.47455074767842651172, 1.5},
    {"Gamma", "isf", {1e-300, 2.385}, 1e-50, 0, 0},
    {"Poisson", "entropy", {1e100}, 0, 116.54819318290695694, 1},
    {"NegBinomial", "entropy", {1, 1e-300, 0, (double)NAN}, 0, 691.77552789821370521, 1},
    {"NegBinomial", "entropy", {0.5, 1e-250, 0, (double)NAN}, 0, 575.73688317842540935, 1},
    {"NegBinomial", "isf", {1, 1e-300, 0, (double)NAN}, 1e-22, 5.0656872045869008183e301, 2},
    {"Hypergeometric", "entropy", {1e15, 1e15, 1e15}, 0, 17.648605959820097658, 4},
    {"Weibull", "cf_re", {2.5, 1}, 1e50, -2.3499640074665625e-125, 2.5},
    {"Weibull", "cf_im", {2.5, 1}, -1e50, 2.3499640074665625e-125, 2.5},
    {"Weibull", "cf_re", {3.6, 1}, 1e50, 1.082568767617361e-179, 3.6},
    {"Weibull", "cf_im", {3.6, 1}, 1e50, -7.8653224916436527e-180, 3.6},
    {"Weibull", "cf_re", {12, 1}, 1e10, 4.790016e-112, 12},
    {"Weibull", "cf_im", {7, 1}, 1e5, -5.04e-32, 7},
    /* clang-format on */
};

START_TEST(values) {
  const ThFamilyMath *f = th_density_find(facts[_i].family);
  double got = unit_density_quantity(f, facts[_i].quantity, facts[_i].x, facts[_i].p);
  double error = unit_relative_error(got, facts[_i].value) / (1 + facts[_i].condition);
  ck_assert_msg(error <= 2e-15, "%s %s at %g: %.17g, want %.17g", f->name, facts[_i].quantity, facts[_i].x,
                got, facts[_i].value);
}
END_TEST

/* Of Fisher's F, where one number of degrees is much larger than the other. */
START_TEST(information_of_fdist) {
  static const struct {
    double p[2];
    int which;
    double value;
  } rows[] = {
      {{0.11, 6142}, 0, 78.4781648283497125},
      {{3, 2}, 1, 0.00598198954636985519},
      {{3, 1e-10}, 1, -0.000367216801587647079},
      {{1e-10, 1e15}, 1, 4.99999999999997667e-31},
      /* the rows below lost all digits to cancellation */
      {{0.11, 6142.0}, 3, 2.36075783521457815e-16},
      {{1e-10, 1000000.0}, 3, 2.99999600005666596e-34},
      {{2.0, 1000000000.0}, 3, 7.99999995200000022e-36},
      {{1000000000.0, 0.2}, 0, 6.19999998872000038e-37},
  };
  double information[4];
  th_fdist_math.fisher(rows[_i].p, information);
  ck_assert_double_lt(unit_relative_error(information[rows[_i].which], rows[_i].value), 1e-13);
}
END_TEST

Suite *th_suite_num_density_far(void) {
  Suite *suite = suite_create("num_density_far");
  TCase *all = tcase_create("far");
  tcase_add_loop_test(all, values, 0, COUNT(facts));
  tcase_add_loop_test(all, information_of_fdist, 0, 8);
  suite_add_tcase(suite, all);
  return suite;
}
