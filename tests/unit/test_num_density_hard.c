/* test_num_density_hard.c - Weibull, LogNormal, SkewNormal, VonMises, Voigt against values of 20 digits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "density.h"
#include "num/density_von_mises.h"
#include "num/init.h"
#include "num/panel.h"
#include "num/quadrature.h"
#include "num/special.h"
#include "num/stats.h"
#include "unit.h"

static const double NOT_A_NUMBER = (double)NAN, ENDLESS = (double)INFINITY;

/* Computed with 40 digits and more for the doubles that the decimals denote. The last column says how far rounding
 * the inputs moves the value: the sum of |input/value ∂value/∂input|. */
static const struct {
  const char *family, *quantity;
  double p[3], x, value, condition;
} facts[] = {
    /* clang-format off */
    {"LogNormal", "cf_re", {0.37, 0.01}, 1e-08, 0.99999999999999989518, 2.9e-16},
    {"LogNormal", "cf_im", {0.37, 0.01}, 1e-08, 1.4478070032037560309e-8, 1.4},
    {"LogNormal", "cf_re", {0.37, 0.01}, 230, 0.0038641088335721771143, 8.7e1},
    {"LogNormal", "cf_im", {0.37, 0.01}, 230, -0.00077297179142898023826, 2.3e3},
    {"LogNormal", "cf_re", {0.37, 0.3}, -2.385, -0.55913535970003579079, 3.5},
    {"LogNormal", "cf_im", {0.37, 0.3}, -2.385, 0.17092737211821280202, 1.5e1},
    {"LogNormal", "cf_re", {0.37, 5}, 1e-08, 0.99978785313655195185, 3.1e-3},
    {"LogNormal", "cf_im", {0.37, 5}, 1e-08, 0.00037532553457922194992, 1.1e1},
    {"LogNormal", "cf_re", {0.37, 5}, 100000000, 0.000026820932058896772077, 2.2e1},
    {"LogNormal", "cf_im", {0.37, 5}, 100000000, 0.000077642331211791326913, 1.5e1},
    {"LogNormal", "cf_re", {0.37, 1}, 3.7, -0.085185256750573140761, 2.7},
    {"LogNormal", "cf_im", {0.37, 1}, 3.7, 0.10160125139397845467, 5.3},
    {"LogNormal", "cf_re", {0.37, 1}, 10000, 1.7053600020711568234e-16, 4.9e1},
    {"LogNormal", "cf_im", {0.37, 1}, 10000, -1.2210991655498038555e-16, 9.7e1},
    {"Weibull", "cf_re", {0.3, 2.385}, 1e-08, 0.9999999999992623606, 1.3e-11},
    {"Weibull", "cf_im", {0.3, 2.385}, 1e-08, 2.2086359918658935771e-7, 6.5},
    {"Weibull", "cf_re", {0.3, 2.385}, 3.7, 0.34930932671479766855, 1.2},
    {"Weibull", "cf_im", {0.3, 2.385}, 3.7, 0.13353834901796782405, 8.9e-1},
    {"Weibull", "cf_re", {0.9, 2.385}, 3.7, 0.035980133270776221138, 9.1},
    {"Weibull", "cf_im", {0.9, 2.385}, 3.7, 0.12710472031596276107, 2.7},
    {"Weibull", "cf_re", {2.5, 2.385}, 1e-06, 0.99999999999735103977, 1.1e-11},
    {"Weibull", "cf_im", {2.5, 2.385}, 1e-06, 2.116124204742343028e-6, 2.0},
    {"Weibull", "cf_re", {2.5, 2.385}, 3.7, -0.0098779918115541144794, 1.2e1},
    {"Weibull", "cf_im", {2.5, 2.385}, 3.7, -0.011182855959097746769, 5.4},
    {"Weibull", "cf_re", {2.5, 2.385}, -8, -0.0014773627574908087496, 1.4e1},
    {"Weibull", "cf_im", {2.5, 2.385}, -8, 0.0015019368385172698202, 5.9},
    {"Weibull", "cf_re", {12, 2.385}, 3.7, -0.43977699063110032326, 2.1e1},
    {"Weibull", "cf_im", {12, 2.385}, 3.7, 0.55124500769492614213, 1.6e1},
    {"Weibull", "kurtosis_excess", {1000000, 2.385}, 0, 2.3999710824642745669, 1.2e-5},
    {"Weibull", "skewness", {1000000, 2.385}, 0, -1.1395411328045157408, 5.2e-6},
    {"Weibull", "variance", {1000000, 2.385}, 0, 9.356730605592939184e-12, 4.0},
    {"Weibull", "kurtosis_excess", {0.37, 2.385}, 0, 475.36882067738060077, 6.7},
    {"Weibull", "logcdf", {50, 2.385}, 1e-30, -3497.3375957080837444, 1.0},
    {"Weibull", "logpdf", {0.37, 2.385}, 1e-300, 433.87272662652485775, 5.9e-1},
    {"Weibull", "isf", {0.37, 2.385}, 1e-300, 112556871.7044668759, 1.9e1},
    {"Weibull", "entropy", {50, 2.385}, 0, -1.4771525294843394051, 1.3},
    {"LogNormal", "logcdf", {0.37, 0.01}, 1e-300, -2388410715.7309615216, 2.0},
    {"LogNormal", "kurtosis_excess", {0.37, 0.001}, 0, 0.000016000023000023667352, 2.0},
    {"LogNormal", "variance", {0.37, 5}, 0, 1.086680844941000438e+22, 1.0e2},
    {"LogNormal", "isf", {0.37, 5}, 1e-300, 4.0498265671773253145e+80, 1.9e2},
    {"SkewNormal", "cdf", {0.37, 2, -3}, -60, 3.7272663989162376925e-200, 1.8e3},
    {"SkewNormal", "logcdf", {0.37, 2, -3}, -60, -459.201343502756382, 4.0},
    {"SkewNormal", "cdf", {0.37, 2, -3}, -0.5, 0.6534373514729143998, 9.3e-1},
    {"SkewNormal", "logcdf", {0.37, 2, -3}, -0.5, -0.4255086166603454765, 2.2},
    {"SkewNormal", "cdf", {0.37, 2, 100}, -0.37, 1.1512077695185197089e-303, 4.1e3},
    {"SkewNormal", "logcdf", {0.37, 2, 100}, -0.37, -697.54247155156703342, 5.9},
    {"SkewNormal", "logcdf", {0.37, 2, 1000000}, 0.3699, -1272.7854847800446311, 1.5e4},
    {"SkewNormal", "sf", {0.37, 2, -3}, 4, 2.0769717105235905456e-10, 1.1e2},
    {"SkewNormal", "logsf", {0.37, 2, -3}, 4, -22.294940005493793841, 4.9},
    {"SkewNormal", "sf", {0.37, 2, 0.1}, 60, 2.4933724081349296549e-195, 1.8e3},
    {"SkewNormal", "logsf", {0.37, 2, 0.1}, 60, -448.09045695893156201, 4.0},
    {"SkewNormal", "sf", {0.37, 2, 1000000}, 0.3701, 0.99996010577197648372, 3.0e-1},
    {"SkewNormal", "logsf", {0.37, 2, 1000000}, 0.3701, -0.000039895023819396253786, 7.4e3},
    {"SkewNormal", "sf", {0.37, 2, 1000000}, 9, 0.000015960290329529382421, 4.1e1},
    {"SkewNormal", "logsf", {0.37, 2, 1000000}, 9, -11.045406775034797388, 3.7},
    {"SkewNormal", "entropy", {0.37, 2, -3}, 0, 1.6459821496007588532, 7.3e-1},
    {"SkewNormal", "entropy", {0.37, 2, 1000}, 0, 1.419659179987231563, 7.0e-1},
    {"SkewNormal", "mode", {0.37, 2, -3}, 0, -0.57679125873362725806, 2.9},
    {"SkewNormal", "cf_re", {0.37, 2, -3}, -1.7, 0.096309315978865543947, 6.4},
    {"SkewNormal", "cf_im", {0.37, 2, -3}, -1.7, 0.12711869917027456396, 6.6},
    {"SkewNormal", "cf_im", {0, 2, 1000}, 20, 0.019943653117344571802, 2.0},
    {"SkewNormal", "cf_re", {0, 2, -3}, 1e-08, 0.9999999999999998, 8.0e-16},
    {"SkewNormal", "cf_im", {0, 2, -3}, 1e-08, -1.5138795132120958487e-8, 2.1},
    {"SkewNormal", "log_mgf", {0, 2, -3}, 1e-09, -1.5138795123580117137e-9, 2.1},
    {"SkewNormal", "log_mgf", {0.37, 2, -3}, 40, 330.24468873468677998, 5.7},
    {"VonMises", "cdf", {0.37, 0.001}, -2.13, 0.10201741155724674532, 3.9},
    {"VonMises", "cdf", {0.37, 0.001}, 0.36, 0.49840685864844767881, 2.3e-1},
    {"VonMises", "logsf", {0.37, 0.001}, 3.5115000000000003, -11.125520176649941431, 3.8e3},
    {"VonMises", "variance", {0.37, 0.001}, 0, 3.2878682589371733914, 6.1e-4},
    {"VonMises", "kurtosis_excess", {0.37, 0.001}, 0, -1.1992412594090353143, 6.3e-4},
    {"VonMises", "entropy", {0.37, 0.001}, 0, 1.8378768164093923586, 2.7e-7},
    {"VonMises", "circular_variance", {0.37, 0.001}, 0, 0.99950000006249998957, 5.0e-4},
    {"VonMises", "cf_re", {0, 0.001}, 0.37, 0.78966676731303094055, 5.0e-1},
    {"VonMises", "cf_re", {0, 0.001}, 2.385, 0.12469604203044546398, 1.8},
    {"VonMises", "cf_re", {0, 0.001}, 9, -3.4166062220781877229e-35, 2.9e+34},
    {"VonMises", "log_mgf", {0, 0.001}, 1e-06, 1.6439341294680463847e-12, 2.0},
    {"VonMises", "log_mgf", {0, 0.001}, -0.37, 0.2157193685876591534, 1.9},
    {"VonMises", "log_mgf", {0, 0.001}, 2.385, 4.7847712792915694726, 1.4},
    {"VonMises", "log_mgf", {0, 0.001}, 0.0012, 2.367264026355575993e-6, 2.0},
    {"VonMises", "cdf", {0.37, 2.385}, -1.2488097705954404, 0.021775611242738900801, 6.3},
    {"VonMises", "cdf", {0.37, 2.385}, 0.3635247609176182, 0.49628831617586076242, 8.5e-1},
    {"VonMises", "logsf", {0.37, 2.385}, 3.5115000000000003, -14.61312608652332399, 2.9e3},
    {"VonMises", "variance", {0.37, 2.385}, 0, 0.60109183193758658076, 1.4},
    {"VonMises", "kurtosis_excess", {0.37, 2.385}, 0, 1.0453017679790081138, 4.9e-1},
    {"VonMises", "entropy", {0.37, 2.385}, 0, 1.1482335389949190536, 5.9e-1},
    {"VonMises", "circular_variance", {0.37, 2.385}, 0, 0.24811333723321747539, 1.1},
    {"VonMises", "cf_re", {0, 2.385}, 0.37, 0.95997275472672280313, 1.4e-1},
    {"VonMises", "cf_re", {0, 2.385}, 2.385, 0.26007819876922491935, 3.6},
    {"VonMises", "cf_re", {0, 2.385}, 9, 5.1337945263214279212e-6, 5.8e3},
    {"VonMises", "log_mgf", {0, 2.385}, 1e-06, 3.0054591596880899982e-13, 3.4},
    {"VonMises", "log_mgf", {0, 2.385}, -0.37, 0.041440118001235869646, 3.4},
    {"VonMises", "log_mgf", {0, 2.385}, 2.385, 2.1144826442199904197, 3.4},
    {"VonMises", "log_mgf", {0, 2.385}, 2.8619999999999997, 3.1402587178610953031, 3.1},
    {"VonMises", "cdf", {0.37, 60}, 0.04725138781604865, 0.0064981634453198663852, 1.2e1},
    {"VonMises", "cdf", {0.37, 60}, 0.3687090055512642, 0.4960190165400406448, 4.6},
    {"VonMises", "logsf", {0.37, 60}, 3.5115000000000003, -128.16051003045965052, 3.3e2},
    {"VonMises", "variance", {0.37, 60}, 0, 0.016808133281705757865, 1.0},
    {"VonMises", "kurtosis_excess", {0.37, 60}, 0, 0.017248097178561587182, 1.0},
    {"VonMises", "entropy", {0.37, 60}, 0, -0.62401375138803825471, 8.1e-1},
    {"VonMises", "circular_variance", {0.37, 60}, 0, 0.0083686498757912275839, 1.0},
    {"VonMises", "cf_re", {0, 60}, 0.37, 0.99885014866824803301, 3.5e-3},
    {"VonMises", "cf_re", {0, 60}, 2.385, 0.95332666755780914472, 1.4e-1},
    {"VonMises", "cf_re", {0, 60}, 9, 0.5069176220869554712, 2.0},
    {"VonMises", "log_mgf", {0, 60}, -0.37, 0.0011505205283643250653, 3.0},
    {"VonMises", "log_mgf", {0, 60}, 2.385, 0.047810794639537728539, 3.0},
    {"VonMises", "log_mgf", {0, 60}, 72, 103.05606489340276975, 3.3},
    {"VonMises", "cdf", {0.37, 100000000}, 0.36975, 0.0062096654946734425111, 2.1e4},
    {"VonMises", "cdf", {0.37, 100000000}, 0.369999, 0.49601064369046182532, 6.0e3},
    {"VonMises", "logsf", {0.37, 100000000}, 0.373, -454.32090495602629592, 4.9e2},
    {"VonMises", "variance", {0.37, 100000000}, 0, 1.0000000050000000542e-8, 1.0},
    {"VonMises", "kurtosis_excess", {0.37, 100000000}, 0, 1.0000000200000005292e-8, 1.0},
    {"VonMises", "entropy", {0.37, 100000000}, 0, -7.7914018362715099755, 6.4e-2},
    {"VonMises", "circular_variance", {0.37, 100000000}, 0, 5.000000012500000125e-9, 1.0},
    {"VonMises", "cf_re", {0, 100000000}, 0.37, 0.99999999931549999681, 2.1e-9},
    {"VonMises", "cf_re", {0, 100000000}, 2.385, 0.99999997155887526224, 8.5e-8},
    {"VonMises", "cf_re", {0, 100000000}, 9, 0.99999959500007998749, 1.2e-6},
    {"VonMises", "log_mgf", {0, 100000000}, -0.37, 6.8450000342250001851e-10, 3.0},
    {"VonMises", "log_mgf", {0, 100000000}, 2.385, 2.8441125142205622802e-8, 3.0},
    {"VonMises", "log_mgf", {0, 100000000}, 120000000, 176991108.11917473234, 3.3},
    {"Voigt", "sf", {0.37, 1.7, 1e-09}, 4.424499999999999, 0.0085395607762961485027, 1.4e1},
    {"Voigt", "logpdf", {0.37, 1.7, 1e-09}, 4.424499999999999, -4.2936792820982715987, 2.7},
    {"Voigt", "sf", {0.37, 1.7, 1e-09}, 13.969999999999999, 2.3790119339284851573e-11, 2.1},
    {"Voigt", "logpdf", {0.37, 1.7, 1e-09}, 13.969999999999999, -27.036745518055532183, 1.3e-1},
    {"Voigt", "sf", {0.37, 1.7, 1e-09}, 1000000, 3.183100039594120726e-16, 2.0},
    {"Voigt", "sf", {0.37, 1.7, 0.51}, 4.424499999999999, 0.056739426788387883685, 4.1},
    {"Voigt", "logpdf", {0.37, 1.7, 0.51}, 4.424499999999999, -3.6454076465419956256, 1.7},
    {"Voigt", "sf", {0.37, 1.7, 0.51}, 13.969999999999999, 0.01212645743946455229, 2.1},
    {"Voigt", "logpdf", {0.37, 1.7, 0.51}, 13.969999999999999, -6.990054142312047196, 4.7e-1},
    {"Voigt", "sf", {0.37, 1.7, 0.51}, 1000000, 1.6233810201928607502e-7, 2.0},
    {"Voigt", "sf", {0.37, 1.7, 2.385}, 4.424499999999999, 0.18975590177159050152, 2.0},
    {"Voigt", "logpdf", {0.37, 1.7, 2.385}, 4.424499999999999, -3.153964969504902542, 6.5e-1},
    {"Voigt", "sf", {0.37, 1.7, 2.385}, 13.969999999999999, 0.056118028702056037758, 2.1},
    {"Voigt", "logpdf", {0.37, 1.7, 2.385}, 13.969999999999999, -5.4800002533635073172, 5.8e-1},
    {"Voigt", "sf", {0.37, 1.7, 2.385}, 1000000, 7.591693594417582349e-7, 2.0},
    {"Voigt", "sf", {0.37, 0.001, 2.385}, 4.424499999999999, 0.16925303361703805573, 1.8},
    {"Voigt", "sf", {0.37, 0.001, 2.385}, 13.969999999999999, 0.055259349839015225041, 2.0},
    {"Voigt", "sf", {0.37, 0.001, 2.385}, 1000000, 7.5916935943956423459e-7, 2.0},
    {"Voigt", "entropy", {0.37, 1.7, 0.51}, 0, 2.4983819482583304506, 0.4},
    {"Voigt", "entropy", {0.37, 1.7, 2.385}, 0, 3.4957008815973259485, 0.29},
    {"Weibull", "cf_re", {50, 1}, 300, -0.00023799477094633958, 300},
    {"Weibull", "cf_im", {50, 1}, 1000, -3.01894143822473318e-14, 1000},
    {"Weibull", "cf_im", {20, 1}, 200, 1.41544060335221709e-7, 200},
    /* clang-format on */
};

START_TEST(values) {
  const ThFamilyMath *family = th_density_find(facts[_i].family);
  ck_assert_ptr_nonnull(family);
  double got = unit_density_quantity(family, facts[_i].quantity, facts[_i].x, facts[_i].p);
  double error = unit_relative_error(got, facts[_i].value) / (1 + facts[_i].condition);
  ck_assert_msg(error <= 2e-14, "%s %s at %g: got %.17g, want %.17g, error %.2g", facts[_i].family,
                facts[_i].quantity, facts[_i].x, got, facts[_i].value, error);
}
END_TEST

/* --- The families against themselves ------------------------------------------------------------- */

typedef struct Case {
  const ThFamilyMath *family;
  double p[TH_MAX_PARAMETERS];
} Case;

static const Case cases[] = {
    {&th_weibull_math, {0.731, 2.385}},         {&th_weibull_math, {2.385, 0.37}},
    {&th_weibull_math, {45.5, 2.385}},          {&th_lognormal_math, {0.37, 0.2385}},
    {&th_lognormal_math, {-2.385, 1.7}},        {&th_skew_normal_math, {0.37, 2.385, 1.7}},
    {&th_skew_normal_math, {0.37, 2.385, -45}}, {&th_skew_normal_math, {0.37, 2.385, -0.1}},
    {&th_von_mises_math, {0.37, 0.2385}},       {&th_von_mises_math, {2.385, 4.5}},
    {&th_von_mises_math, {-2.385, 4500.5}},     {&th_voigt_math, {0.37, 2.385, 1.7}},
    {&th_voigt_math, {0.37, 0.02385, 1.7}},     {&th_voigt_math, {0.37, 2.385, 0.01}},
};

static const double probabilities[] = {1e-12, 0.0037, 0.2385, 0.5, 0.731, 0.97};

START_TEST(tails) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 0; j < COUNT(probabilities); j++) {
    double prob = probabilities[j], x = f->quantile(prob, p), y = f->upper_quantile(prob, p);
    ck_assert(fabs(f->cdf(x, p) - prob) < 1e-14 * prob + 1e-15 * fabs(x) * f->pdf(x, p));
    ck_assert(fabs(f->ccdf(y, p) - prob) < 1e-14 * prob + 1e-15 * fabs(y) * f->pdf(y, p));
    ck_assert(fabs(f->cdf(x, p) + f->ccdf(x, p) - 1) < 1e-15);
    ck_assert(fabs(f->logcdf(x, p) - log(f->cdf(x, p))) < 1e-13 * fabs(f->logcdf(x, p)) + 1e-15);
    ck_assert(fabs(f->logccdf(y, p) - log(f->ccdf(y, p))) < 1e-13 * fabs(f->logccdf(y, p)) + 1e-15);
    ck_assert(unit_relative_error(f->pdf(x, p), exp(f->logpdf(x, p))) < 1e-13);
  }
  ck_assert(unit_relative_error(f->median(p), f->quantile(0.5, p)) < 1e-15);
  ck_assert(isnan(f->quantile(1.01, p)) && isnan(f->upper_quantile(-0.01, p)));
  ck_assert(isnan(f->quantile(NOT_A_NUMBER, p)) && isnan(f->upper_quantile(NOT_A_NUMBER, p)));
  double mode = f->mode(p), step = 1e-4 * (f->quantile(0.6, p) - f->quantile(0.4, p));
  ck_assert(f->logpdf(mode, p) >= f->logpdf(mode + step, p));
  ck_assert(f == &th_weibull_math || f->logpdf(mode, p) >= f->logpdf(mode - step, p));
}
END_TEST

/* Quantiles far out, where the probability that they belong to comes back. */
START_TEST(far_tails) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p, far[] = {1e-300, 1e-100, 1e-20};
  for (size_t j = 0; j < COUNT(far); j++) {
    double x = f->quantile(far[j], p), y = f->upper_quantile(far[j], p);
    double x_rounds = 1e-14 * fabs(x) * f->pdf(x, p), y_rounds = 1e-14 * fabs(y) * f->pdf(y, p);
    ck_assert_msg(x == 0 || fabs(f->cdf(x, p) - far[j]) < 1e-13 * far[j] + x_rounds, "%s %g", f->name,
                  far[j]);
    ck_assert_msg(fabs(f->ccdf(y, p) - far[j]) < 1e-13 * far[j] + y_rounds, "%s %g", f->name, far[j]);
  }
}
END_TEST

/* logpdf with x or parameter k moved by h. */
static double moved(const Case *of, double x, int k, double h) {
  double p[3];
  memcpy(p, of->p, sizeof p);
  if (k >= 0) p[k] += h;
  return of->family->logpdf(k < 0 ? x + h : x, p);
}

START_TEST(gradients) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 1; j < COUNT(probabilities); j++) {
    double x = f->quantile(probabilities[j], p), width = f->quantile(0.6, p) - f->quantile(0.4, p), d_x,
           d_p[3];
    f->gradient(x, p, &d_x, d_p);
    for (int k = -1; k < f->n_parameters; k++) {
      double got = k < 0 ? d_x : d_p[k], h = 1e-3 * (k < 0 ? fmin(width, fabs(x)) : fmin(fabs(p[k]), width));
      double want = (8 * (moved(&cases[_i], x, k, h) - moved(&cases[_i], x, k, -h)) -
                     (moved(&cases[_i], x, k, 2 * h) - moved(&cases[_i], x, k, -2 * h))) /
                    (12 * h);
      ck_assert_msg(fabs(got - want) < 1e-7 * fabs(want) + 1e-11 / h, "%s %d at %g: %.12g, %.12g", f->name, k,
                    x, got, want);
    }
  }
}
END_TEST

START_TEST(edges) { unit_density_edges(cases[_i].family, cases[_i].p); }
END_TEST

START_TEST(missing) { unit_density_missing(cases[_i].family, cases[_i].p); }
END_TEST

/* Kolmogorov's distance of a million draws from the cdf; chance passes 1.95/√n once in a thousand times, but the
 * seed is fixed. The slow cdf is asked at every 200th. */
START_TEST(samples) {
  enum { N = 1000000, STRIDE = 200 };
  static double x[N];
  ThRandom r;
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  double distance = 0;
  th_random_seed(&r, 2385);
  th_density_sample(f, p, &r, N, x);
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, N, x));
  for (size_t i = 0; i < N; i += STRIDE)
    distance = fmax(distance, fabs(f->cdf(x[i], p) - ((double)i + 0.5) / N));
  ck_assert_msg(distance < 1.95 / sqrt(N), "%s: %g", f->name, distance);
}
END_TEST

/* --- Expectations, by quadrature of the density ------------------------------------------------------ */

/* A number for which f is integrated against the density of a case. */
typedef struct Expectation {
  const Case *of;
  int which, other; /* of the summands; of the scores where they are asked for */
} Expectation;

/* Of a standardised variable: z, z², z³, z⁴, -log density, and the cf's parts at 0.37/sd. */
static bool summand(void *self, double x, double *y) {
  const Expectation *e = self;
  const ThFamilyMath *f = e->of->family;
  const double *p = e->of->p;
  double sd = sqrt(f->variance(p)), log_density = f->logpdf(x, p);
  if (e->which < 4) *y = pow((x - f->mean(p)) / sd, e->which + 1);
  else if (e->which == 4) *y = -log_density;
  else *y = e->which == 5 ? cos(0.37 * x / sd) : sin(0.37 * x / sd);
  *y = log_density < -700 ? 0 : *y * exp(log_density);
  return true;
}

static double expectation(ThContext *cx, ThIntegrand f, Expectation *e) {
  const ThFamilyMath *family = e->of->family;
  const double *p = e->of->p;
  double lower = family->quantile(1e-40, p), upper = family->upper_quantile(1e-40, p);
  const double breaks[] = {family->quantile(1e-4, p), family->mean(p), family->upper_quantile(1e-4, p)};
  ThQuadratureResult result;
  ck_assert(th_quadrature_integrate_breaks(cx, f, e, 1, lower, upper, breaks, 3, NULL, &result));
  return result.value[0];
}

START_TEST(expectations) {
  ThContext cx;
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  if (f == &th_voigt_math || (f == &th_lognormal_math && p[1] > 1)) return; /* no moments, or huge ones */
  unit_context(&cx);
  double k = 0.37 / sqrt(f->variance(p)), cumulants[2] = {f->mean(p), f->variance(p)};
  const double want[] = {
      0, 1, f->skewness(p), f->kurtosis(p) + 3, f->entropy(p), creal(f->cf(k, p)), cimag(f->cf(k, p))};
  for (int which = 0; which < (int)COUNT(want); which++) {
    double got = expectation(&cx, summand, &(Expectation){&cases[_i], which, 0});
    ck_assert_msg(fabs(got - want[which]) < 1e-10 * (1 + fabs(want[which])), "%s %d: %.12g, %.12g", f->name,
                  which, got, want[which]);
  }
  double h = 1e-4 / sqrt(cumulants[1]), low = f->log_mgf(-h, p), lower = f->log_mgf(-2 * h, p);
  ck_assert(fabs((lower - 4 * low) / (2 * h) - cumulants[0]) < 1e-3 * sqrt(cumulants[1]));
  unit_done(&cx);
}
END_TEST

/* --- Information, divergence, likelihood ------------------------------------------------------------ */

static bool score_product(void *self, double x, double *y) {
  const Expectation *e = self;
  double d_p[3];
  e->of->family->gradient(x, e->of->p, NULL, d_p);
  *y = d_p[e->which] * d_p[e->other] * e->of->family->pdf(x, e->of->p);
  return true;
}

START_TEST(information) {
  ThContext cx;
  const ThFamilyMath *f = cases[_i].family;
  double found[9];
  int n = f->n_parameters;
  if (!f->fisher) return;
  unit_context(&cx);
  f->fisher(cases[_i].p, found);
  for (int k = 0; k < n * n; k++) {
    double want = expectation(&cx, score_product, &(Expectation){&cases[_i], k / n, k % n});
    ck_assert_msg(fabs(found[k] - want) < 1e-9 * (fabs(want) + 1), "%s %d: %.12g, %.12g", f->name, k,
                  found[k], want);
  }
  unit_done(&cx);
}
END_TEST

static const struct {
  const ThFamilyMath *family;
  double p[2], q[2], value;
} divergences[] = {
    {&th_weibull_math, {0.37, 2.385}, {1.7, 2.1}, 75.0842054997291288},
    {&th_weibull_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 2.53788201187150929e-15},
    {&th_lognormal_math, {0.37, 2.385}, {0.4, 2.1}, 0.0177637305931543677},
    {&th_lognormal_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 3.72534678828568023e-14},
    {&th_von_mises_math, {0.37, 2.385}, {0.4, 4.5}, 0.168800409041550438},
    {&th_von_mises_math, {0.37, 1e8}, {0.3701, 0.99e8}, 0.495025165039267946},
};

START_TEST(divergence) {
  double got = divergences[_i].family->kl(divergences[_i].p, divergences[_i].q);
  ck_assert_msg(fabs(got - divergences[_i].value) < 1e-13 * divergences[_i].value, "%s: %.17g, %.17g",
                divergences[_i].family->name, got, divergences[_i].value);
}
END_TEST

/* --- Limits that are other families, and what does not exist ------------------------------------------ */

START_TEST(limits) {
  const double normal[] = {0.37, 2.385}, plain[] = {0.37, 2.385, 0}, narrow[] = {0.37, 0, 2.385};
  const double flat[] = {0.37, 0}, exponential[] = {1 / 2.385}, weibull[] = {1, 2.385};
  for (double x = -7.3; x < 9; x += 1.37) {
    ck_assert(unit_relative_error(th_skew_normal_math.cdf(x, plain), th_normal_math.cdf(x, normal)) < 3e-15);
    ck_assert(unit_relative_error(th_voigt_math.logccdf(x, plain), th_normal_math.logccdf(x, normal)) <
              1e-15);
    ck_assert(unit_relative_error(th_voigt_math.pdf(x, narrow),
                                  2.385 / acos(-1) / ((x - 0.37) * (x - 0.37) + 2.385 * 2.385)) < 1e-15);
    ck_assert(unit_relative_error(th_weibull_math.ccdf(x, weibull),
                                  th_exponential_math.ccdf(x, exponential)) < 3e-15);
  }
  ck_assert(unit_relative_error(th_von_mises_math.cdf(1.37, flat), 0.5 + 0.5 / acos(-1)) < 1e-15);
  ck_assert(unit_relative_error(th_von_mises_math.entropy(flat), log(2 * acos(-1))) < 1e-15);
  ck_assert(unit_relative_error(creal(th_von_mises_math.cf(0.37, (const double[]){0, 0})),
                                th_special_sinc(0.37 * acos(-1))) < 1e-15);
  double d_x, d_p[3];
  th_voigt_math.gradient(1e200, (const double[]){0.37, 2.385, 1.7}, &d_x, d_p);
  ck_assert(unit_relative_error(d_x, -2e-200) < 1e-15 && unit_relative_error(d_p[2], 1 / 1.7) < 1e-15);
  ck_assert(d_p[1] == 0);
  th_voigt_math.gradient(2.385, plain, &d_x, d_p);
  ck_assert(unit_relative_error(d_x, -2.015 / 2.385 / 2.385) < 1e-15);
  ck_assert(th_voigt_math.mean(plain) == 0.37 && isnan(th_voigt_math.mean(narrow)));
  ck_assert(isnan(th_voigt_math.variance(narrow)) && th_voigt_math.log_mgf(1e-9, narrow) == ENDLESS);
  ck_assert(unit_relative_error(th_voigt_math.entropy(narrow), log(4 * acos(-1) * 2.385)) < 1e-15);
  ck_assert(unit_relative_error(th_voigt_math.upper_quantile(0.2385, narrow),
                                0.37 + 2.385 / tan(acos(-1) * 0.2385)) < 1e-15);
  ck_assert(th_weibull_math.log_mgf(1e-9, (const double[]){0.9, 1}) == ENDLESS);
  ck_assert(th_lognormal_math.log_mgf(1e-9, normal) == ENDLESS);
  ck_assert(th_weibull_math.pdf(0, weibull) == 1 / 2.385 && th_lognormal_math.pdf(0, normal) == 0);
  ck_assert(th_weibull_math.pdf(0, (const double[]){0.37, 1}) == ENDLESS);
}
END_TEST

static double falling(const void *self, double s) { return -*(const double *)self * s * s; }
static double cosine(const void *self, double x) { return cos(*(const double *)self * x); }

START_TEST(panels) {
  double rate = 2.385;
  ck_assert(unit_relative_error(th_panel_decay(falling, &rate, ENDLESS, 1), 0.5 * sqrt(acos(-1) / rate)) <
            1e-15);
  rate = 2.385e10;
  ck_assert(unit_relative_error(th_panel_decay(falling, &rate, 0.37, 1), 0.5 * sqrt(acos(-1) / rate)) <
            1e-15);
  rate = 2.385;
  ck_assert(unit_relative_error(th_panel_integral(cosine, &rate, 0.37, 4.5, 3),
                                (sin(4.5 * rate) - sin(0.37 * rate)) / rate) < 1e-14);
}
END_TEST

Suite *th_suite_num_density_hard(void) {
  Suite *suite = suite_create("num_density_hard");
  th_num_init();
  ADD_ROWS(suite, values, COUNT(facts));
  ADD_ROWS(suite, tails, COUNT(cases));
  ADD_ROWS(suite, far_tails, COUNT(cases));
  ADD_ROWS(suite, gradients, COUNT(cases));
  ADD_ROWS(suite, edges, COUNT(cases));
  ADD_ROWS(suite, missing, COUNT(cases));
  ADD_ROWS(suite, samples, COUNT(cases));
  ADD_ROWS(suite, expectations, COUNT(cases));
  ADD_ROWS(suite, information, COUNT(cases));
  ADD_ROWS(suite, divergence, COUNT(divergences));
  ADD(suite, limits);
  ADD(suite, panels);
  return suite;
}
