/* test_num_density_elementary.c - the families whose functions are elementary, in tails and at extreme parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "density.h"
#include "num/init.h"
#include "num/quadrature.h"
#include "num/stats.h"
#include "unit.h"

#define NOT_A_NUMBER ((double)NAN)
#define ENDLESS ((double)INFINITY)

/* Computed with 60 digits for the doubles that the decimals denote; the last column is the condition: how many
 * times a relative change of x and of the parameters the value changes. */
/* clang-format off */
static const struct {
  const char *family, *quantity;
  double p[3], x, value, condition;
} facts[] = {
    {"Cauchy", "logpdf", {2.385, 0.37}, -1e+300, -1383.690037955620677626, 0.0022},
    {"Cauchy", "pdf", {2.385, 0.37}, 2.4, 0.8588853811340203950700, 2.0},
    {"Cauchy", "cdf", {2.385, 0.37}, -4.5e+200, 2.617214619733390112631e-202, 2.0},
    {"Cauchy", "sf", {2.385, 0.37}, 7500000000000000.0, 1.570328771840034460103e-17, 2.0},
    {"Cauchy", "logcdf", {2.385, 0.37}, 3000000000.0, -3.925821932798173727579e-11, 2.0},
    {"Cauchy", "logsf", {2.385, 0.37}, -45.5, -0.002462511881987741842790, 2.0},
    {"Cauchy", "quantile", {2.385, 0.37}, 1e-300, -1.177746578880025441041e+299, 2.0},
    {"Cauchy", "quantile", {2.385, 0.37}, 0.4999, 2.384883761067992869682, 1.2},
    {"Cauchy", "isf", {2.385, 0.37}, 1e-30, 1.177746578880025372405e+29, 2.0},
    {"Cauchy", "cf_re", {2.385, 0.37}, 1.7, -0.3259778989056536318328, 12.0},
    {"Cauchy", "cf_im", {2.385, 0.37}, -45.5, -4.839782043733980913582e-8, 63.0},
    {"Cauchy", "entropy", {2.385, 0.37}, 0, 1.536771973625423857308, 0.65},
    {"Cauchy", "pdf", {0.0, 1e-200}, 1e-60, 3.183098861837906846627e-81, 3.0},
    {"Cauchy", "logpdf", {0.0, 1e-200}, 1e+100, -922.1787670834676738310, 0.0033},
    {"Cauchy", "sf", {0.0, 1e-200}, 1e-190, 3.183098861837906598386e-11, 2.0},
    {"Laplace", "logpdf", {2.385, 0.37}, -45.5, -129.1178138261349982699, 2.0},
    {"Laplace", "cdf", {2.385, 0.37}, -100.5, 8.625014095233488750789e-122, 5.6e+2},
    {"Laplace", "sf", {2.385, 0.37}, 2.4, 0.4801351169239688743631, 13.0},
    {"Laplace", "logcdf", {2.385, 0.37}, 12.5, -6.703442433710769825283e-13, 68.0},
    {"Laplace", "logsf", {2.385, 0.37}, 300.5, -806.4093633967761717723, 2.0},
    {"Laplace", "quantile", {2.385, 0.37}, 1e-300, -252.9454808655318883008, 1.0},
    {"Laplace", "isf", {2.385, 0.37}, 0.731, 2.155638214036469337327, 1.7},
    {"Laplace", "cf_re", {2.385, 0.37}, 1.7, -0.4381125217500901375208, 12.0},
    {"Laplace", "cf_im", {2.385, 0.37}, 1000000000.0, 7.220528806577932542636e-18, 7.3e+8},
    {"Laplace", "log_mgf", {2.385, 0.37}, 2.7, 12.65460822346392759659, 1.6e+2},
    {"Laplace", "log_mgf", {2.385, 0.37}, -1e-07, -2.384999986309999678911e-7, 2.0},
    {"Logistic", "pdf", {2.385, 0.37}, -45.5, 1.682193442032295840741e-56, 2.6e+2},
    {"Logistic", "logpdf", {2.385, 0.37}, 2.4, -0.3924529434983454828413, 3.2},
    {"Logistic", "cdf", {2.385, 0.37}, -100.5, 1.725002819046697750158e-121, 5.6e+2},
    {"Logistic", "sf", {2.385, 0.37}, 250.5, 5.893005111145340229082e-292, 1.4e+3},
    {"Logistic", "logcdf", {2.385, 0.37}, 12.5, -1.340688486740805880843e-12, 68.0},
    {"Logistic", "logsf", {2.385, 0.37}, -12.5, -3.376372621003826530343e-18, 80.0},
    {"Logistic", "quantile", {2.385, 0.37}, 1e-300, -253.2019453223390680622, 1.0},
    {"Logistic", "isf", {2.385, 0.37}, 0.731, 2.015110230345262245954, 2.0},
    {"Logistic", "isf", {2.385, 0.37}, 1e-200, 172.7762968815593783657, 1.0},
    {"Logistic", "cf_re", {2.385, 0.37}, 1.7, -0.3415252760828180104017, 13.0},
    {"Logistic", "cf_im", {2.385, 0.37}, 45.5, 1.125357420364642007089e-21, 1.3e+2},
    {"Logistic", "cf_im", {2.385, 0.37}, 450.5, 7.074652023233270553994e-227, 1.2e+5},
    {"Logistic", "log_mgf", {2.385, 0.37}, 2.7, 13.34625642358321516526, 1.5e+2},
    {"Logistic", "log_mgf", {2.385, 0.37}, -2.7027, 7.369570057991274713670, 2.7e+5},
    {"Logistic", "cf_re", {0.0, 1.0}, 1e-09, 0.9999999999999999983551, 6.6e-18},
    {"Logistic", "log_mgf", {0.0, 1.0}, 1e-09, 1.644934066848226641912e-18, 4.0},
    {"Logistic", "log_mgf", {0.0, 1.0}, 0.3, 0.1526924370238060317736, 4.1},
    {"Gumbel", "pdf", {2.385, 0.37}, 0.9, 1.382187248871755962616e-22, 7.0e+2},
    {"Gumbel", "logpdf", {2.385, 0.37}, 0.5, -157.0488474454081713470, 13.0},
    {"Gumbel", "logpdf", {2.385, 0.37}, 300.5, -804.7219639428723595272, 2.0},
    {"Gumbel", "cdf", {2.385, 0.37}, 0.5, 1.413186790496604258790e-71, 2.1e+3},
    {"Gumbel", "sf", {2.385, 0.37}, 200.5, 2.875943291038595946225e-233, 1.1e+3},
    {"Gumbel", "logcdf", {2.385, 0.37}, 45.5, -2.471469012291047624405e-51, 2.5e+2},
    {"Gumbel", "logsf", {2.385, 0.37}, 0.9, -9.241060940995287710210e-25, 7.1e+2},
    {"Gumbel", "logsf", {2.385, 0.37}, 2.4, -0.4825450318357740828333, 16.0},
    {"Gumbel", "quantile", {2.385, 0.37}, 1e-300, -0.03399152036453822203241, 1.4e+2},
    {"Gumbel", "quantile", {2.385, 0.37}, 0.9999, 5.792807436860348523387, 6.4e+2},
    {"Gumbel", "isf", {2.385, 0.37}, 1e-200, 172.7762968815593783657, 1.0},
    {"Gumbel", "isf", {2.385, 0.37}, 0.999, 1.669921448451055611250, 34.0},
    {"Gumbel", "cf_re", {2.385, 0.37}, 1.7, -0.2761202791751107495788, 22.0},
    {"Gumbel", "cf_im", {2.385, 0.37}, -45.5, -3.361175065633963210971e-11, 60.0},
    {"Gumbel", "cf_re", {2.385, 0.37}, 1000.5, 9.472371222601370499548e-252, 5.2e+3},
    {"Gumbel", "log_mgf", {2.385, 0.37}, 2.7, 13.34667888538390729636, 1.5e+2},
    {"Gumbel", "log_mgf", {2.385, 0.37}, -4500.5, -42.42103299656900296617, 5.8e+2},
    {"Gumbel", "mean", {2.385, 0.37}, 0, 2.598569796013566942698, 1.0},
    {"Gumbel", "median", {2.385, 0.37}, 0, 2.520609780615215586204, 1.0},
    {"Gumbel", "cf_im", {0.0, 1.0}, 1e-09, 5.772156649015328956489e-10, 2.0},
    {"Gumbel", "cf_re", {0.0, 1.0}, 12.5, 1.420038216554913665698e-8, 1.4e+2},
    {"Pareto", "logpdf", {2.385, 0.37}, 1e+300, -947.0351218178907274287, 0.27},
    {"Pareto", "pdf", {2.385, 0.37}, 2.3850001, 0.1551362594324244284795, 2.7},
    {"Pareto", "cdf", {2.385, 0.37}, 2.3850001, 1.551362643231705799263e-8, 4.8e+7},
    {"Pareto", "sf", {2.385, 0.37}, 1e+200, 1.379338002868265767990e-74, 1.7e+2},
    {"Pareto", "logcdf", {2.385, 0.37}, 2.3850001, -17.98154707455935149759, 2.7e+6},
    {"Pareto", "logsf", {2.385, 0.37}, 1e+50, -42.27622054438393202861, 1.0},
    {"Pareto", "quantile", {2.385, 0.37}, 1e-20, 2.384999999999999786902, 1.0},
    {"Pareto", "isf", {2.385, 0.37}, 1e-100, 4.443842453956803670795e+270, 6.3e+2},
    {"Pareto", "cf_re", {2.385, 0.37}, 1e-09, 0.9992320251113039362032, 0.0061},
    {"Pareto", "cf_im", {2.385, 0.37}, 1e-09, 0.0005044638110463167761067, 6.7},
    {"Pareto", "cf_re", {2.385, 0.37}, 0.37, -0.05068260217446999069572, 10.0},
    {"Pareto", "cf_im", {2.385, 0.37}, 45.5, -0.0004078677527032960812309, 1.8e+3},
    {"Pareto", "log_mgf", {2.385, 0.37}, -1e-09, -0.0009192629695103271747668, 7.6},
    {"Pareto", "log_mgf", {2.385, 0.37}, -45.5, -114.2110979137438157348, 1.9},
    {"Pareto", "entropy", {2.385, 0.37}, 0, 5.566154100386874120917, 0.84},
    {"Pareto", "cf_re", {1.0, 3.0}, 0.9, 0.2762745088387583449545, 8.7},
    {"Pareto", "cf_im", {1.0, 3.0}, 1.1, 0.8576380066844396321378, 0.51},
    {"Pareto", "cf_re", {1.0, 3.0}, 1e-05, 0.9999999998500007853969, 9.0e-10},
    {"Pareto", "log_mgf", {1.0, 3.0}, -0.73, -1.005916826426231104217, 2.2},
    {"Pareto", "cf_re", {0.37, 2.000000001}, 1.7, 0.4450006582145043763925, 4.1},
    {"Pareto", "cf_im", {0.37, 2.000000001}, 2.4, 0.7677337375749920108354, 0.38},
    {"Pareto", "variance", {0.37, 2.000000001}, 0, 273799976.9349882888503, 2.0e+9},
    {"Pareto", "cf_re", {2.385, 45000.5}, 0.2, 0.8883713999690106172495, 0.49},
    {"Pareto", "cf_im", {2.385, 45000.5}, 45.5, 0.9909031634515090253839, 29.0},
    {"Pareto", "log_mgf", {2.385, 45000.5}, -0.37, -0.8824696100256048655613, 2.0},
    {"Pareto", "variance", {2.385, 45000.5}, 0, 2.809187274643131859163e-9, 4.0},
    {"Pareto", "skewness", {2.385, 45000.5}, 0, 2.000133339259583008140, 6.7e-5},
    {"Pareto", "kurtosis_excess", {2.385, 45000.5}, 0, 6.001066767416099490503, 0.00018},
    {"Pareto", "cf_re", {2.385, 1e-12}, 0.2, 2.193688264718604596312e-13, 9.1},
    {"Pareto", "cf_im", {2.385, 1e-12}, 0.2, 1.099784847451515442442e-12, 1.8},
    {"Pareto", "cf_im", {2.385, 1e-12}, 4.5, -3.184918188512152575000e-14, 62.0},
    {"Triangular", "logpdf", {-2.385, 4.5, 0.37}, -2.3849, -11.45995576620406387500, 4.2e+3},
    {"Triangular", "pdf", {-2.385, 4.5, 0.37}, 3.1, 0.09847002203266742650507, 4.1},
    {"Triangular", "cdf", {-2.385, 4.5, 0.37}, -2.3, 0.0003809011673500478962653, 1.1e+2},
    {"Triangular", "sf", {-2.385, 4.5, 0.37}, 4.4999, 3.516786501150301721075e-10, 1.8e+5},
    {"Triangular", "logcdf", {-2.385, 4.5, 0.37}, 4.49, -0.000003516792685074689818224, 1.8e+3},
    {"Triangular", "logsf", {-2.385, 4.5, 0.37}, -2.3, -0.0003809737286260603549347, 1.1e+2},
    {"Triangular", "quantile", {-2.385, 4.5, 0.37}, 1e-300, -2.384999999999999786837, 1.0},
    {"Triangular", "quantile", {-2.385, 4.5, 0.37}, 0.731, 1.734312300710725536590, 3.7},
    {"Triangular", "isf", {-2.385, 4.5, 0.37}, 1e-05, 4.483137304485937012129, 1.0},
    {"Triangular", "isf", {-2.385, 4.5, 0.37}, 0.97, -1.630649120103912940064, 8.8},
    {"Triangular", "mean", {-2.385, 4.5, 0.37}, 0, 0.8283333333333334029073, 2.9},
    {"Triangular", "variance", {-2.385, 4.5, 0.37}, 0, 2.001393055555555441734, 2.0},
    {"Triangular", "skewness", {-2.385, 4.5, 0.37}, 0, 0.1909861555077324376412, 5.0},
    {"Triangular", "entropy", {-2.385, 4.5, 0.37}, 0, 1.736197951620672828000, 0.58},
    {"Triangular", "cf_re", {-2.385, 4.5, 0.37}, 1e-05, 0.9999999998656235416750, 5.4e-10},
    {"Triangular", "cf_im", {-2.385, 4.5, 0.37}, 1e-05, 0.000008283333332319573696310, 3.9},
    {"Triangular", "cf_re", {-2.385, 4.5, 0.37}, 1.7, 0.06655983747209485490366, 6.4},
    {"Triangular", "cf_im", {-2.385, 4.5, 0.37}, 450.5, 1.299964539186497724347e-7, 1.5e+4},
    {"Triangular", "log_mgf", {-2.385, 4.5, 0.37}, -1e-06, -8.283323326368957135641e-7, 3.9},
    {"Triangular", "log_mgf", {-2.385, 4.5, 0.37}, 0.37, 0.4459546558419527680883, 3.6},
    {"Triangular", "log_mgf", {-2.385, 4.5, 0.37}, 450.5, 2012.374808487309600573, 2.0},
    {"Triangular", "log_mgf", {-2.385, 4.5, 0.37}, -100000.0, 238474.7245336758126763, 2.0},
    {"Triangular", "quantile", {0.0, 2.385, 0.0}, 1e-20, 1.192499999999999828017e-20, 2.0},
    {"Triangular", "cdf", {0.0, 2.385, 0.0}, 1e-20, 8.385744234800838863963e-21, 2.0},
    {"Triangular", "cf_im", {0.0, 2.385, 0.0}, 1e-09, 7.949999999999999782335e-10, 2.0},
    {"Triangular", "cf_re", {0.0, 2.385, 0.0}, 45.5, 0.0001922827829406314264641, 1.9e+2},
    {"Triangular", "median", {0.0, 2.385, 0.0}, 0, 0.6985503268700840918700, 1.0},
    {"Triangular", "log_mgf", {0.0, 2.385, 0.0}, 12.5, 23.71579164325934492022, 2.3},
    {"Triangular", "isf", {1.0, 2.385, 2.385}, 1e-09, 2.384999999307499786664, 1.0},
    {"Triangular", "sf", {1.0, 2.385, 2.385}, 2.3849, 0.0001443991189768429243353, 4.8e+4},
    {"Triangular", "cf_im", {1.0, 2.385, 2.385}, 3.7, 0.4054253243917756139923, 5.6},
    {"Triangular", "logsf", {1.0, 2.385, 2.385}, 1.0001, -5.213152798062565344856e-9, 4.0e+4},
    {"LogUniform", "logpdf", {0.37, 2.385}, 1.7, -1.153058609459425312060, 1.8},
    {"LogUniform", "cdf", {0.37, 2.385}, 0.3700001, 1.450374472287933174965e-7, 7.4e+6},
    {"LogUniform", "sf", {0.37, 2.385}, 2.3849, 0.00002250104309638337094448, 4.8e+4},
    {"LogUniform", "logcdf", {0.37, 2.385}, 2.3849, -0.00002250129624865105077268, 4.8e+4},
    {"LogUniform", "quantile", {0.37, 2.385}, 0.731, 1.444741912525254246098, 2.4},
    {"LogUniform", "isf", {0.37, 2.385}, 1e-09, 2.384999995555668207501, 1.0},
    {"LogUniform", "mean", {0.37, 2.385}, 0, 1.081326833908395686934, 1.0},
    {"LogUniform", "variance", {0.37, 2.385}, 0, 0.3202599919784597887493, 2.6},
    {"LogUniform", "skewness", {0.37, 2.385}, 0, 0.6312948860870117468209, 1.0},
    {"LogUniform", "kurtosis_excess", {0.37, 2.385}, 0, -0.7628780366324758787882, 1.2},
    {"LogUniform", "entropy", {0.37, 2.385}, 0, 0.5599037838954736991687, 1.9},
    {"LogUniform", "cf_re", {0.37, 2.385}, 1e-09, 0.9999999999999999992552, 3.0e-18},
    {"LogUniform", "cf_im", {0.37, 2.385}, 1.7, 0.6076833484382744813066, 2.5},
    {"LogUniform", "cf_re", {0.37, 2.385}, 45.5, 0.03270381715541919360272, 15.0},
    {"LogUniform", "log_mgf", {0.37, 2.385}, -1e-09, -1.081326833748265758311e-9, 2.0},
    {"LogUniform", "log_mgf", {0.37, 2.385}, 45.5, 103.2175041975220519229, 2.1},
    {"LogUniform", "log_mgf", {0.37, 2.385}, -450.5, -172.4294824274405926561, 1.9},
    {"LogUniform", "variance", {2.385, 2.38500001}, 0, 8.333333972190845809794e-18, 9.5e+8},
    {"LogUniform", "skewness", {2.385, 2.38500001}, 0, 1.452453560024957956893e-9, 4.8e+8},
    {"LogUniform", "kurtosis_excess", {2.385, 2.38500001}, 0, -1.199999999999999997689, 1.8e-9},
    {"LogUniform", "cf_re", {2.385, 2.38500001}, 1.7, -0.6114477912418966920455, 10.0},
    {"LogUniform", "cf_im", {2.385, 2.38500001}, 100000000.0, 0.04212582651184215959687, 1.1e+10},
    {"LogUniform", "log_mgf", {2.385, 2.38500001}, 450.5, 1074.442502252500834364, 2.0},
    {"LogUniform", "log_mgf", {2.385, 2.38500001}, -100000.0, -238500.0004999583308305, 2.0},
    {"LogUniform", "sf", {1e-12, 2385000000000000.0}, 4.5, 0.5378242029879376082097, 0.059},
    {"LogUniform", "skewness", {1e-12, 2385000000000000.0}, 0, 7.307566508541258893306, 0.017},
    {"LogUniform", "kurtosis_excess", {1e-12, 2385000000000000.0}, 0, 58.74899335072597145452, 0.034},
    {"LogUniform", "cf_re", {1e-12, 2385000000000000.0}, 0.001, 0.5387389162703921292574, 0.031},
    {"LogUniform", "cf_im", {1e-12, 2385000000000000.0}, 45.5, 0.02491785102227972524766, 0.032},
    {"LogUniform", "log_mgf", {1e-12, 2385000000000000.0}, -12.5, -0.9439350755883891075627, 0.086},
    {"LogUniform", "log_mgf", {1e-12, 2385000000000000.0}, 1e-15, 0.07758569429992906414370, 3.7},
    {"HalfNormal", "logpdf", {0.37}, 12.5, -569.9035624540269516244, 4.0},
    {"HalfNormal", "pdf", {0.37}, 0.1, 2.079105828631856504393, 1.0},
    {"HalfNormal", "cdf", {0.37}, 1e-30, 2.156444758926663329593e-30, 2.0},
    {"HalfNormal", "sf", {0.37}, 5.5, 5.572722321925106894511e-50, 4.4e+2},
    {"HalfNormal", "logcdf", {0.37}, 0.1, -1.546239360982634446194, 1.3},
    {"HalfNormal", "logsf", {0.37}, 12.5, -574.4186698941257628439, 4.0},
    {"HalfNormal", "logsf", {0.37}, 1e-05, -0.00002156468010268388936552, 2.0},
    {"HalfNormal", "quantile", {0.37}, 1e-30, 4.637262308067351260264e-31, 2.0},
    {"HalfNormal", "isf", {0.37}, 1e-200, 11.18454798986472382581, 2.0},
    {"HalfNormal", "mean", {0.37}, 0, 0.2952172874970601781322, 1.0},
    {"HalfNormal", "entropy", {0.37}, 0, -0.2684609206991395033072, 1.0},
    {"HalfNormal", "cf_re", {0.37}, 1.7, 0.8205171227435209631150, 0.79},
    {"HalfNormal", "cf_im", {0.37}, 1e-09, 2.952172874970601965054e-10, 2.0},
    {"HalfNormal", "cf_im", {0.37}, 45.5, 0.04756341722742376867947, 2.0},
    {"HalfNormal", "log_mgf", {0.37}, -450.5, -5.341933145192559814399, 0.37},
    {"HalfNormal", "log_mgf", {0.37}, 12.5, 11.38845780756618544425, 3.8},
    {"HalfNormal", "log_mgf", {0.37}, -1e-07, -2.952172850097225250343e-8, 2.0},
    {"HalfCauchy", "logpdf", {0.37}, 1e+200, -922.4798721762515953471, 0.0033},
    {"HalfCauchy", "pdf", {0.37}, 0.1, 1.603467091735909445881, 1.0},
    {"HalfCauchy", "cdf", {0.37}, 1e-30, 1.720593979371841631811e-30, 2.0},
    {"HalfCauchy", "sf", {0.37}, 1e+30, 2.355493157760050894270e-31, 2.0},
    {"HalfCauchy", "logcdf", {0.37}, 45.5, -0.005190239954586120050317, 2.0},
    {"HalfCauchy", "logsf", {0.37}, 0.1, -0.1839763559967024812659, 2.1},
    {"HalfCauchy", "quantile", {0.37}, 1e-30, 5.811946409141117905745e-31, 2.0},
    {"HalfCauchy", "quantile", {0.37}, 0.9999, 2355.493138387155632281, 1.0e+4},
    {"HalfCauchy", "isf", {0.37}, 1e-200, 2.355493157760050983271e+199, 2.0},
    {"HalfCauchy", "entropy", {0.37}, 0, 0.8436247930654785478904, 1.2},
    {"HalfCauchy", "cf_re", {0.37}, 1.7, 0.5331246591925920988763, 1.3},
    {"HalfCauchy", "cf_im", {0.37}, 1e-09, 5.215133092085131640960e-9, 1.9},
    {"HalfCauchy", "cf_im", {0.37}, 1.2, 0.3684413335979972463676, 0.63},
    {"HalfCauchy", "cf_im", {0.37}, -1.7, -0.4015027307137611567692, 0.35},
    {"HalfCauchy", "cf_im", {0.37}, 4500.5, 0.0003823120143118439710156, 2.0},
    {"HalfCauchy", "log_mgf", {0.37}, -1e-09, -5.215133105752388272430e-9, 1.9},
    {"HalfCauchy", "log_mgf", {0.37}, -1.7, -0.6972428480115400889921, 1.3},
    {"HalfCauchy", "log_mgf", {0.37}, -450.5, -5.567760464688527357942, 0.36},
};
/* clang-format on */

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
    {&th_cauchy_math, {2.385, 0.37}},         {&th_half_cauchy_math, {0.37}},
    {&th_laplace_math, {2.385, 0.37}},        {&th_logistic_math, {2.385, 0.37}},
    {&th_gumbel_math, {-2.385, 4.5}},         {&th_pareto_math, {2.385, 0.37}},
    {&th_pareto_math, {0.37, 4.5}},           {&th_triangular_math, {-2.385, 4.5, 0.37}},
    {&th_triangular_math, {1.7, 2.385, 1.7}}, {&th_triangular_math, {1.7, 2.385, 2.385}},
    {&th_log_uniform_math, {0.37, 2.385}},    {&th_log_uniform_math, {1e-5, 2.385}},
    {&th_half_normal_math, {0.37}},           {&th_normal_math, {2.385, 0.37}},
    {&th_exponential_math, {2.385}},          {&th_uniform_math, {-2.385, 4.5}},
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
    ck_assert(fabs(f->logcdf(x, p) - log(f->cdf(x, p))) < 1e-14 * fabs(f->logcdf(x, p)) + 1e-15);
    ck_assert(fabs(f->logccdf(y, p) - log(f->ccdf(y, p))) < 1e-14 * fabs(f->logccdf(y, p)) + 1e-15);
    ck_assert(unit_relative_error(f->pdf(x, p), exp(f->logpdf(x, p))) < 1e-13);
  }
  ck_assert(unit_relative_error(f->median(p), f->quantile(0.5, p)) < 1e-15);
  ck_assert(isnan(f->quantile(1.01, p)) && isnan(f->upper_quantile(-0.01, p)));
  ck_assert(isnan(f->quantile(-0.01, p)) && isnan(f->upper_quantile(1.01, p)));
  ck_assert(isnan(f->quantile(NOT_A_NUMBER, p)) && isnan(f->upper_quantile(NOT_A_NUMBER, p)));
}
END_TEST

/* logpdf with x or parameter k moved by h. */
static double moved(const Case *of, double x, int k, double h) {
  double p[3];
  memcpy(p, of->p, sizeof p);
  if (k >= 0) p[k] += h;
  return of->family->logpdf(k < 0 ? x + h : x, p);
}

/* Derivatives against differences, at points where no moved end or corner passes x. */
START_TEST(gradients) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 1; j < COUNT(probabilities); j++) {
    double x = f->quantile(probabilities[j], p), d_x, d_p[3];
    if (f == &th_laplace_math && probabilities[j] == 0.5) continue;
    f->gradient(x, p, &d_x, d_p);
    for (int k = -1; k < f->n_parameters; k++) {
      bool at_end = f == &th_triangular_math && (k == 2 || k < 0 || p[k] == p[2]) &&
                    (p[0] == p[2] || p[1] == p[2]);
      if (at_end && k >= 0) continue; /* the mode cannot leave the interval */
      double got = k < 0 ? d_x : d_p[k], h = 1e-4 * (k < 0 ? fabs(x) : fabs(p[k]));
      double want = (8 * (moved(&cases[_i], x, k, h) - moved(&cases[_i], x, k, -h)) -
                     (moved(&cases[_i], x, k, 2 * h) - moved(&cases[_i], x, k, -2 * h))) /
                    (12 * h);
      ck_assert_msg(fabs(got - want) < 1e-7 * fabs(want) + 1e-11 / h, "%s %d at %g: %.12g, %.12g", f->name, k,
                    x, got, want);
    }
  }
}
END_TEST

START_TEST(corner) {
  double d_x, d_p[3];
  th_laplace_math.gradient(2.385, (const double[]){2.385, 0.37}, &d_x, d_p);
  ck_assert(d_x == 0 && d_p[0] == 0 && unit_relative_error(d_p[1], -1 / 0.37) < 1e-15);
  th_triangular_math.gradient(2.0, (const double[]){1.7, 2.385, 2.385}, &d_x, d_p);
  ck_assert(unit_relative_error(d_x, 1 / 0.3) < 1e-14 && unit_relative_error(d_p[2], -1 / 0.685) < 1e-14);
  ck_assert(unit_relative_error(d_p[0], -1 / 0.3 + 2 / 0.685) < 1e-14);
  ck_assert(unit_relative_error(d_p[1], -1 / 0.685) < 1e-14);
}
END_TEST

START_TEST(edges) { unit_density_edges(cases[_i].family, cases[_i].p); }
END_TEST

START_TEST(missing) { unit_density_missing(cases[_i].family, cases[_i].p); }
END_TEST

/* What does not exist is NaN, what diverges inf. */
START_TEST(moments_missing) {
  const double cauchy[] = {2.385, 0.37}, half[] = {0.37};
  ck_assert(isnan(th_cauchy_math.mean(cauchy)) && isnan(th_cauchy_math.variance(cauchy)));
  ck_assert(isnan(th_cauchy_math.skewness(cauchy)) && isnan(th_cauchy_math.kurtosis(cauchy)));
  ck_assert(th_cauchy_math.log_mgf(1e-9, cauchy) == ENDLESS &&
            th_cauchy_math.log_mgf(-1e-9, cauchy) == ENDLESS);
  ck_assert(th_half_cauchy_math.mean(half) == ENDLESS && th_half_cauchy_math.variance(half) == ENDLESS);
  ck_assert(isnan(th_half_cauchy_math.skewness(half)) && th_half_cauchy_math.log_mgf(1e-9, half) == ENDLESS);
  const struct {
    double shape, mean, variance, skewness, kurtosis;
  } rows[] = {{0.37, ENDLESS, ENDLESS, NOT_A_NUMBER, NOT_A_NUMBER},
              {1, ENDLESS, ENDLESS, NOT_A_NUMBER, NOT_A_NUMBER},
              {1.6, 1.6 / 0.6, ENDLESS, NOT_A_NUMBER, NOT_A_NUMBER},
              {2.5, 2.5 / 1.5, 2.5 / 1.5 / 1.5 / 0.5, ENDLESS, ENDLESS},
              {3.5, 1.4, 3.5 / 6.25 / 1.5, 18 * sqrt(1.5 / 3.5), ENDLESS}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    const double p[] = {1, rows[i].shape};
    ck_assert(unit_relative_error(th_pareto_math.mean(p), rows[i].mean) < 1e-15);
    ck_assert(unit_relative_error(th_pareto_math.variance(p), rows[i].variance) < 1e-15);
    ck_assert(unit_relative_error(th_pareto_math.skewness(p), rows[i].skewness) < 1e-15);
    ck_assert(unit_relative_error(th_pareto_math.kurtosis(p), rows[i].kurtosis) < 1e-15);
    ck_assert(th_pareto_math.log_mgf(1e-9, p) == ENDLESS);
  }
  const double line[] = {2.385, 0.5};
  ck_assert(th_laplace_math.log_mgf(2, line) == ENDLESS && th_laplace_math.log_mgf(-2, line) == ENDLESS);
  ck_assert(th_logistic_math.log_mgf(2.1, line) == ENDLESS && th_gumbel_math.log_mgf(2, line) == ENDLESS);
  ck_assert(isfinite(th_gumbel_math.log_mgf(-20, line)));
}
END_TEST

/* Kolmogorov's distance of a million draws from the cdf; chance passes 1.95/√n once in a thousand times, but the
 * seed is fixed. */
START_TEST(samples) {
  enum { N = 1000000 };
  static double x[N];
  ThRandom r;
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  double distance = 0;
  th_random_seed(&r, 2385);
  th_density_sample(f, p, &r, N, x);
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, N, x));
  ck_assert(f->cdf(x[0], p) > 0 && f->ccdf(x[N - 1], p) >= 0 && f->pdf(x[N - 1], p) >= 0);
  for (size_t i = 0; i < N; i++) distance = fmax(distance, fabs(f->cdf(x[i], p) - ((double)i + 0.5) / N));
  ck_assert_msg(distance < 1.95 / sqrt(N), "%s: %g", f->name, distance);
}
END_TEST

/* --- Information and divergence ------------------------------------------------------------------ */

typedef struct Product {
  const Case *of;
  int i, j;
} Product;

/* The product of two scores at the quantile of u. */
static bool score_product(void *self, double u, double *y) {
  const Product *s = self;
  double d_p[3];
  double x = u < 0.5 ? s->of->family->quantile(u, s->of->p) : s->of->family->upper_quantile(1 - u, s->of->p);
  s->of->family->gradient(x, s->of->p, NULL, d_p);
  *y = d_p[s->i] * d_p[s->j];
  return true;
}

/* E[∂i log f ∂j log f], where the support stands still. */
START_TEST(information) {
  ThContext cx;
  unit_context(&cx);
  const ThFamilyMath *f = cases[_i].family;
  double found[9], middle = 0.5;
  int n = f->n_parameters;
  f->fisher(cases[_i].p, found);
  for (int k = 0; k < n * n; k++) {
    Product s = {&cases[_i], k / n, k % n};
    ThQuadratureResult want;
    if (isnan(found[k])) continue;
    ck_assert(th_quadrature_integrate_breaks(&cx, score_product, &s, 1, 0, 1, &middle, 1, NULL, &want));
    ck_assert_msg(fabs(found[k] - want.value[0]) < 1e-8 * (fabs(want.value[0]) + 1), "%s %d: %.12g, %.12g",
                  f->name, k, found[k], want.value[0]);
  }
  unit_done(&cx);
}
END_TEST

START_TEST(information_missing) {
  double found[9];
  th_pareto_math.fisher((const double[]){2.385, 0.37}, found);
  ck_assert(isnan(found[0]) && isnan(found[1]) && isnan(found[2]) &&
            unit_relative_error(found[3], 1 / 0.1369) < 1e-15);
  th_triangular_math.fisher((const double[]){-2.385, 4.5, 0.37}, found);
  for (int k = 0; k < 8; k++) ck_assert(isnan(found[k]));
  ck_assert(unit_relative_error(found[8], 1 / (2.755 * 4.13)) < 1e-15);
  th_uniform_math.fisher((const double[]){-2.385, 4.5}, found);
  ck_assert(isnan(found[0]) && isnan(found[3]));
}
END_TEST

static const struct {
  const ThFamilyMath *family;
  double p[2], q[2], value;
} divergences[] = {
    {&th_normal_math, {2.385, 0.37}, {2.1, 0.45}, 0.234324824039675137},
    {&th_normal_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 3.72534678828568023e-14},
    {&th_laplace_math, {2.385, 0.37}, {2.1, 0.45}, 0.209674666514301557},
    {&th_laplace_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 3.68882355047710102e-14},
    {&th_gumbel_math, {2.385, 0.37}, {2.1, 0.45}, 0.224089505527464725},
    {&th_gumbel_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 3.41008026129363436e-14},
    {&th_cauchy_math, {2.385, 0.37}, {2.1, 0.45}, 0.123605226269180274},
    {&th_cauchy_math, {2.385, 0.37}, {2.3850001, 0.37000001}, 1.84441193992109817e-14},
    {&th_half_normal_math, {0.37}, {0.37000001}, 7.30460156247074506e-16},
    {&th_normal_math, {2.385, 1e-25}, {2.385, 0.37}, 56.070375051507275126},
    {&th_gumbel_math, {2.385, 1e-25}, {2.385, 0.37}, 55.993159386605742266},
    {&th_exponential_math, {1e25}, {0.37}, 57.558879598195009127},
    {&th_half_cauchy_math, {0.37}, {3.7}, 1.10691109148280484},
    {&th_exponential_math, {0.37}, {0.37000001}, 3.65230087994620418e-16},
    {&th_pareto_math, {0.37, 2.385}, {0.36, 2.3850001}, 0.0653465561785513052},
    {&th_pareto_math, {0.35, 2.385}, {0.36, 2.385}, ENDLESS},
    {&th_uniform_math, {0.5, 2.25}, {0.5, 2.25}, 0},
    {&th_uniform_math, {0.5, 2.25}, {0.25, 3.75}, 0.693147180559945309},
    {&th_uniform_math, {0.5, 2.25}, {0.5, 2}, ENDLESS},
    {&th_log_uniform_math, {2, 8}, {0.5, 8}, 0.693147180559945309},
    {&th_log_uniform_math, {2, 8}, {2.385, 8}, ENDLESS},
};

START_TEST(divergence) {
  const ThFamilyMath *f = divergences[_i].family;
  double got = f->kl(divergences[_i].p, divergences[_i].q);
  ck_assert_msg(unit_relative_error(got, divergences[_i].value) < 1e-13, "%s: got %.17g, want %.17g", f->name,
                got, divergences[_i].value);
  ck_assert(f->kl(divergences[_i].p, divergences[_i].p) == 0);
}
END_TEST

Suite *th_suite_num_density_elementary(void) {
  Suite *suite = suite_create("num_density_elementary");
  th_num_init();
  ADD_ROWS(suite, values, COUNT(facts));
  ADD_ROWS(suite, tails, COUNT(cases));
  ADD_ROWS(suite, gradients, COUNT(cases));
  ADD(suite, corner);
  ADD_ROWS(suite, edges, COUNT(cases));
  ADD_ROWS(suite, missing, COUNT(cases));
  ADD(suite, moments_missing);
  ADD_ROWS(suite, samples, COUNT(cases));
  ADD_ROWS(suite, information, COUNT(cases));
  ADD(suite, information_missing);
  ADD_ROWS(suite, divergence, COUNT(divergences));
  return suite;
}
