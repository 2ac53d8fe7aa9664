/* test_num_density.c - the families against values of 25 digits, and against themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long table is ../shared/reference/distributions/distributions.tsv, or what THETA_DISTRIBUTIONS names;
 * without it its test passes unasked. Its column `cond` says how far rounding the inputs moves the value;
 * errors are divided by 1 + cond. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "density.h"
#include "num/init.h"
#include "num/quadrature.h"
#include "num/stats.h"
#include "unit.h"

static const double TOLERANCE = 1e-12;

/* --- The long table ------------------------------------------------------------------------------ */

/* Stan's neg_binomial(alpha, beta): r = alpha, p = beta/(beta + 1). */
static void negative_binomial(double *p) {
  p[3] = 1 / (p[1] + 1);
  p[1] = p[1] / (p[1] + 1);
}
/* Stan's neg_binomial_2(mu, phi): r = phi, p = phi/(mu + phi). */
static void negative_binomial_2(double *p) {
  double mean = p[0], dispersion = p[1];
  p[0] = dispersion;
  p[1] = dispersion / (mean + dispersion);
  p[3] = mean / (mean + dispersion);
}
/* Stan's order is draws, good, bad; ours good, bad, draws. */
static void hypergeometric(double *p) {
  double draws = p[0];
  p[0] = p[1];
  p[1] = p[2];
  p[2] = draws;
}

/* The families by their names in the table, whose parameters stand in positional order there, unless `convert`
 * brings them into it. */
static const struct {
  const char *name, *family;
  void (*convert)(double *p);
} families[] = {
    {"normal", "Normal", NULL},
    {"student_t", "StudentT", NULL},
    {"cauchy", "Cauchy", NULL},
    {"double_exponential", "Laplace", NULL},
    {"logistic", "Logistic", NULL},
    {"gumbel", "Gumbel", NULL},
    {"exponential", "Exponential", NULL},
    {"gamma", "Gamma", NULL},
    {"inv_gamma", "InvGamma", NULL},
    {"chi_square", "Chi2", NULL},
    {"beta", "Beta", NULL},
    {"f", "FDist", NULL},
    {"weibull", "Weibull", NULL},
    {"lognormal", "LogNormal", NULL},
    {"pareto", "Pareto", NULL},
    {"uniform", "Uniform", NULL},
    {"triangular", "Triangular", NULL},
    {"rayleigh", "Rayleigh", NULL},
    {"maxwell", "Maxwell", NULL},
    {"von_mises", "VonMises", NULL},
    {"half_normal", "HalfNormal", NULL},
    {"half_cauchy", "HalfCauchy", NULL},
    {"skew_normal", "SkewNormal", NULL},
    {"levy", "Levy", NULL},
    {"bernoulli", "Bernoulli", NULL},
    {"binomial", "Binomial", NULL},
    {"poisson", "Poisson", NULL},
    {"geometric", "Geometric", NULL},
    {"zipf", "Zipf", NULL},
    {"neg_binomial", "NegBinomial", negative_binomial},
    {"neg_binomial_2", "NegBinomial", negative_binomial_2},
    {"hypergeometric", "Hypergeometric", hypergeometric},
};

static const ThFamilyMath *family_of(const char *name, void (**convert)(double *)) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(name, families[i].name) == 0) {
      *convert = families[i].convert;
      return th_density_find(families[i].family);
    }
  return NULL;
}

static int parse_parameters(const char *text, double *p) {
  int n = 0;
  for (const char *at = text; n < TH_MAX_PARAMETERS && (at = strchr(at, '=')); n++) {
    char *end;
    p[n] = strtod(at + 1, &end);
    at = end;
  }
  return n;
}

typedef struct Worst {
  const ThFamilyMath *family;
  int rows;
  double error;
  char text[200];
} Worst;

static Worst *worst_of(Worst *all, const ThFamilyMath *family) {
  while (all->family && all->family != family) all++;
  all->family = family;
  return all;
}

/* One line of the table: id, dist, params, quantity, arg, value, cond, separated by tabs. */
static void check_line(char *line, Worst *all) {
  char *field[7] = {line};
  for (int i = 1; i < 7; i++) {
    field[i] = strchr(field[i - 1], '\t');
    if (!field[i]) return;
    *field[i]++ = '\0';
  }
  void (*convert)(double *);
  const ThFamilyMath *family = family_of(field[1], &convert);
  if (!family) return;
  double p[TH_MAX_PARAMETERS] = {0}, want = strtod(field[5], NULL), cond = strtod(field[6], NULL);
  ck_assert_int_eq(parse_parameters(field[2], p), family->n_parameters);
  if (convert) convert(p);
  double got = unit_density_quantity(family, field[3], strtod(field[4], NULL), p);
  double error = unit_relative_error(got, want) / (1 + cond);
  Worst *worst = worst_of(all, family);
  worst->rows++;
  if (!(error <= worst->error)) {
    worst->error = error;
    snprintf(worst->text, sizeof worst->text, "%.20s %.20s(%.40s) at %.30s: got %.17g, want %.30s", field[0],
             field[3], field[2], field[4], got, field[5]);
  }
  ck_assert_msg(error <= TOLERANCE, "%s %s %s(%s) at %s: got %.17g, want %s, error %.2g", field[0], field[1],
                field[3], field[2], field[4], got, field[5], error);
}

START_TEST(reference_table) {
  const char *path = getenv("THETA_DISTRIBUTIONS");
  FILE *file = fopen(path ? path : "../shared/reference/distributions/distributions.tsv", "r");
  if (!file) return;
  char line[1024];
  Worst all[64] = {0};
  while (fgets(line, sizeof line, file))
    if (line[0] == 'D') check_line(line, all);
  fclose(file);
  for (Worst *w = all; w->family; w++)
    printf("%-12s %3d rows, worst %.1e: %s\n", w->family->name, w->rows, w->error, w->text);
}
END_TEST

/* --- The small table ----------------------------------------------------------------------------- */

/* Computed with 60 digits for the doubles that the decimals denote. */
static const struct {
  const char *family, *quantity;
  double p[2], x, value;
} facts[] = {
    {"Normal", "logpdf", {2.385, 0.37}, -45.5, -8374.5529733307155707},
    {"Normal", "pdf", {2.385, 0.37}, 3.1, 0.1666542765287166820607},
    {"Normal", "cdf", {2.385, 0.37}, 0.5, 1.747441509864365568824e-7},
    {"Normal", "sf", {2.385, 0.37}, 5.5, 1.899871273591289797015e-17},
    {"Normal", "logcdf", {2.385, 0.37}, -45.5, -8380.410339875610473383},
    {"Normal", "logsf", {2.385, 0.37}, 2.4, -0.7260194136325041063347},
    {"Normal", "quantile", {2.385, 0.37}, 1e-30, -1.856689134724137978566},
    {"Normal", "isf", {2.385, 0.37}, 1e-200, 13.56106984644446758605},
    {"Normal", "entropy", {2.385, 0.37}, 0, 0.42468625986080580611},
    {"Normal", "cf_re", {2.385, 0.37}, 1.7, -0.5017033878964153492298},
    {"Normal", "cf_im", {2.385, 0.37}, 1.7, -0.6492627043720940872645},
    {"Normal", "log_mgf", {2.385, 0.37}, -12.5, -19.1171874999999975922},
    {"Uniform", "logpdf", {-2.385, 4.5}, 0.37, -1.929345132180618137417},
    {"Uniform", "cdf", {-2.385, 4.5}, 0.37, 0.4001452432824981652422},
    {"Uniform", "logsf", {-2.385, 4.5}, -2.3, -0.01242251999855714847372},
    {"Uniform", "logcdf", {-2.385, 4.5}, 4.499, -0.0001452538313252316027656},
    {"Uniform", "quantile", {-2.385, 4.5}, 0.731, 2.647934999999999941154},
    {"Uniform", "isf", {-2.385, 4.5}, 1e-5, 4.499931149999999999996},
    {"Uniform", "variance", {-2.385, 4.5}, 0, 3.950268749999999755396},
    {"Uniform", "entropy", {-2.385, 4.5}, 0, 1.929345132180618137417},
    {"Uniform", "cf_re", {-2.385, 4.5}, 2.1, -0.06789763110512214105583},
    {"Uniform", "cf_im", {-2.385, 4.5}, 2.1, 0.08932355622255104911103},
    {"Uniform", "log_mgf", {-2.385, 4.5}, 300.5, 1344.615207113844119593},
    {"Uniform", "log_mgf", {-2.385, 4.5}, 1e-3, 0.001059475133594769555764},
    {"Exponential", "logpdf", {2.385}, 0.37, -0.01325087565969546043293},
    {"Exponential", "cdf", {2.385}, 1e-20, 2.384999999999999655999e-20},
    {"Exponential", "sf", {2.385}, 45.5, 7.437869599698908229358e-48},
    {"Exponential", "logcdf", {2.385}, 12.5, -1.128744788769224893056e-13},
    {"Exponential", "quantile", {2.385}, 1e-12, 4.192872117402516013682e-13},
    {"Exponential", "isf", {2.385}, 1e-300, 289.6333450306975961926},
    {"Exponential", "median", {2.385}, 0, 0.2906277486624508894626},
    {"Exponential", "entropy", {2.385}, 0, 0.1308008756596955498947},
    {"Exponential", "cf_re", {2.385}, -1.7, 0.6631004665883676118972},
    {"Exponential", "cf_im", {2.385}, 1e200, 2.384999999999999859024e-200},
    {"Exponential", "log_mgf", {2.385}, 2.3, 3.334303146832125465275},
    {"Gamma", "logpdf", {2.385, 0.37}, 6.38149, -2.3726056452452122246},
    {"Gamma", "pdf", {2.385, 0.37}, 6.51041, 0.0913913076838829832757},
    {"Gamma", "cdf", {2.385, 0.37}, 6.34926, 0.577123451062165601594},
    {"Gamma", "sf", {2.385, 0.37}, 6.57486, 0.4021024914644633027452},
    {"Gamma", "logsf", {2.385, 0.37}, 9.66892, -1.666008444130698440389},
    {"Gamma", "logcdf", {2.385, 0.37}, 1.93378, -2.366307534258045771356},
    {"Gamma", "entropy", {2.385, 0.37}, 0, 2.69285110826056103403},
    {"Gamma", "cf_re", {2.385, 0.37}, 0.124109, 0.6310469204031530773629},
    {"Gamma", "cf_im", {2.385, 0.37}, 0.124109, 0.6142026352989121715059},
    {"Gamma", "log_mgf", {2.385, 0.37}, -0.310273, -1.4524439703873879558},
    {"Gamma", "skewness", {2.385, 0.37}, 0, 1.295047816476352298854},
    {"Gamma", "logpdf", {1e5, 12.5}, 7920, -9.173208469005481756299},
    {"Gamma", "pdf", {1e5, 12.5}, 8080, 0.0001087413459362389835001},
    {"Gamma", "cdf", {1e5, 12.5}, 7880, 9.382554994077995786021e-7},
    {"Gamma", "sf", {1e5, 12.5}, 8160, 1.650606135936283396293e-10},
    {"Gamma", "logsf", {1e5, 12.5}, 12000, -9459.471504094227016397},
    {"Gamma", "logcdf", {1e5, 12.5}, 2400, -50403.59916587095146416},
    {"Gamma", "entropy", {1e5, 12.5}, 0, 4.649669288039864834263},
    {"Gamma", "cf_re", {1e5, 12.5}, 0.0001, 0.6967044799015055264861},
    {"Gamma", "cf_im", {1e5, 12.5}, 0.0001, 0.7173537953518144194656},
    {"Gamma", "log_mgf", {1e5, 12.5}, -0.00025, -1.999980000266662708363},
    {"Gamma", "skewness", {1e5, 12.5}, 0, 0.006324555320336758663998},
    {"Gamma", "logpdf", {0.037, 2.385}, 0.0153585, 0.7405148261987483927687},
    {"Gamma", "pdf", {0.037, 2.385}, 0.0156688, 2.055486259293370674834},
    {"Gamma", "cdf", {0.037, 2.385}, 0.0152809, 0.9016033218850505040881},
    {"Gamma", "sf", {0.037, 2.385}, 0.0158239, 0.09727208146308836070727},
    {"Gamma", "logsf", {0.037, 2.385}, 0.0232704, -2.466684520550191443556},
    {"Gamma", "logcdf", {0.037, 2.385}, 0.00465409, -0.1466741440432498131714},
    {"Gamma", "entropy", {0.037, 2.385}, 0, -24.08142138917567390044},
    {"Gamma", "cf_re", {0.037, 2.385}, 51.5676, 0.8910470194389409063096},
    {"Gamma", "cf_im", {0.037, 2.385}, 51.5676, 0.05031683894394303174669},
    {"Gamma", "log_mgf", {0.037, 2.385}, -128.919, -0.1483076964803052072361},
    {"Gamma", "skewness", {0.037, 2.385}, 0, 10.39750489820072715028},
    {"Gamma", "quantile", {2.385, 0.37}, 1e-100, 5.001142158580702040518e-42},
    {"Gamma", "isf", {2.385, 0.37}, 1e-100, 642.2545148314527356677},
    {"Gamma", "median", {2.385, 0.37}, 0, 5.570877047883105784684},
    {"Beta", "logpdf", {2.385, 4.5}, 0.1, 0.146199712514805069969},
    {"Beta", "pdf", {2.385, 4.5}, 0.93, 0.003333012705185277856801},
    {"Beta", "cdf", {2.385, 4.5}, 0.1, 0.05446900694219120990631},
    {"Beta", "sf", {2.385, 4.5}, 0.93, 0.00005283392718674020311793},
    {"Beta", "logcdf", {2.385, 4.5}, 0.1, -2.910123419032510580259},
    {"Beta", "logsf", {2.385, 4.5}, 0.93, -9.848357013250643428891},
    {"Beta", "entropy", {2.385, 4.5}, 0, -0.397090665336212853585},
    {"Beta", "kurtosis_excess", {2.385, 4.5}, 0, -0.3824687229715022549097},
    {"Beta", "cf_re", {2.385, 4.5}, 3.7, 0.2475471062561799598466},
    {"Beta", "cf_im", {2.385, 4.5}, 3.7, 0.7812700794183172328799},
    {"Beta", "log_mgf", {2.385, 4.5}, -5.5, -1.531873870928797058479},
    {"Beta", "logpdf", {1e5, 3e4}, 0.76, -24.83082293234460516295},
    {"Beta", "pdf", {1e5, 3e4}, 0.78, 4.862195944586207263553e-17},
    {"Beta", "cdf", {1e5, 3e4}, 0.76, 2.460781525418280724228e-15},
    {"Beta", "sf", {1e5, 3e4}, 0.78, 5.894050516878611194088e-21},
    {"Beta", "logcdf", {1e5, 3e4}, 0.76, -33.63829740216076805987},
    {"Beta", "logsf", {1e5, 3e4}, 0.78, -46.5803434976972024143},
    {"Beta", "entropy", {1e5, 3e4}, 0, -5.333065032423744641217},
    {"Beta", "kurtosis_excess", {1e5, 3e4}, 0, 0.0000292295148307682196256},
    {"Beta", "cf_re", {1e5, 3e4}, 4500, 9.391028001380558298379e-7},
    {"Beta", "cf_im", {1e5, 3e4}, 4500, -3.16238739828186181977e-7},
    {"Beta", "log_mgf", {1e5, 3e4}, -5.5, -4.230748577451033179458},
    {"Beta", "logpdf", {0.037, 1.7}, 1e-30, 63.25335100307165469699},
    {"Beta", "pdf", {0.037, 1.7}, 0.99, 0.00153032830174654162259},
    {"Beta", "cdf", {0.037, 1.7}, 1e-30, 0.07986924488391915156102},
    {"Beta", "sf", {0.037, 1.7}, 0.99, 0.000008969672686472058976377},
    {"Beta", "logcdf", {0.037, 1.7}, 1e-30, -2.527364420411803083019},
    {"Beta", "logsf", {0.037, 1.7}, 0.99, -11.62166137236178443606},
    {"Beta", "entropy", {0.037, 1.7}, 0, -23.46592021122156076764},
    {"Beta", "kurtosis_excess", {0.037, 1.7}, 0, 39.52147018392629431609},
    {"Beta", "cf_re", {0.037, 1.7}, 25, 0.893487179463513546134},
    {"Beta", "cf_im", {0.037, 1.7}, 25, 0.05102788275621166144697},
    {"Beta", "log_mgf", {0.037, 1.7}, -5.5, -0.0597065785328481598471},
    {"Bernoulli", "logpmf", {0.2385}, 0, -0.2724651066469205372862},
    {"Bernoulli", "pmf", {0.2385}, 1, 0.2384999999999999897859},
    {"Bernoulli", "cdf", {0.2385}, 0.5, 0.7615000000000000102141},
    {"Bernoulli", "logsf", {0.2385}, 0, -1.433385968653741187362},
    {"Bernoulli", "skewness", {0.2385}, 0, 1.227220336225192370612},
    {"Bernoulli", "entropy", {0.2385}, 0, 0.5493447322355472504717},
    {"Bernoulli", "cf_im", {0.2385}, 1.7, 0.2365120572929137559958},
    {"Bernoulli", "log_mgf", {0.2385}, 45.5, 44.06661403134625881269},
    {"Bernoulli", "quantile", {0.2385}, 0.7615, 0.0},
    {"Bernoulli", "quantile", {0.2385}, 0.762, 1.0},
    {"Bernoulli", "isf", {0.2385}, 0.2386, 0.0},
    {"Bernoulli", "isf", {0.2385}, 0.2384, 1.0},
    {"Binomial", "logpmf", {45, 0.2385}, 12, -2.109728017309460659673},
    {"Binomial", "pmf", {45, 0.2385}, 44, 1.394348359324793838497e-26},
    {"Binomial", "cdf", {45, 0.2385}, 3.7, 0.002594482268497739625021},
    {"Binomial", "sf", {45, 0.2385}, 30, 2.142191208934901876289e-10},
    {"Binomial", "logsf", {45, 0.2385}, 44, -64.50236858941835343131},
    {"Binomial", "logcdf", {45, 0.2385}, 40, -1.548526356118807280892e-21},
    {"Binomial", "entropy", {45, 0.2385}, 0, 2.466315397964657167574},
    {"Binomial", "kurtosis_excess", {45, 0.2385}, 0, -0.01097622769678501756658},
    {"Binomial", "mode", {45, 0.2385}, 0, 10.0},
    {"Binomial", "cf_re", {45, 0.2385}, 0.37, -0.4008071523786116115916},
    {"Binomial", "log_mgf", {45, 0.2385}, -3.7, -11.91382121081932201721},
    {"Binomial", "entropy", {1000, 0.731}, 0, 4.059532543648360329262},
    {"Binomial", "quantile", {1000, 0.731}, 0.01, 698.0},
    {"Binomial", "isf", {1000, 0.731}, 1e-10, 817.0},
    {"Poisson", "logpmf", {12.385}, 7, -3.294758920476154046818},
    {"Poisson", "pmf", {12.385}, 60, 1.882992748584296432401e-22},
    {"Poisson", "cdf", {12.385}, 2.5, 0.000376605744598758695995},
    {"Poisson", "sf", {12.385}, 45, 1.930296226884376261805e-13},
    {"Poisson", "logcdf", {12.385}, 100, -1.217795333868936468704e-55},
    {"Poisson", "logsf", {12.385}, 1, -0.00005596201829076099204422},
    {"Poisson", "entropy", {12.385}, 0, 2.670146854231903697695},
    {"Poisson", "skewness", {12.385}, 0, 0.2841528357653253834522},
    {"Poisson", "cf_re", {12.385}, 0.73, -0.01679106814169706445986},
    {"Poisson", "log_mgf", {12.385}, 1.7, 55.40983844654136507302},
    {"Poisson", "quantile", {12.385}, 0.01, 5.0},
    {"Poisson", "isf", {12.385}, 1e-20, 57.0},
    {"Poisson", "mode", {12.385}, 0, 12.0},
    {"Poisson", "entropy", {8000.5}, 0, 5.912557775892408348741},
    {"Poisson", "cdf", {8000.5}, 7900, 0.1316825111585213769831},
    {"Poisson", "median", {8000.5}, 0, 8000.0},
};

/* Σ |input/value ∂value/∂input| over x and the parameters, by differences. */
static double condition(const ThFamilyMath *f, const char *quantity, double x, const double *p,
                        double value) {
  double sum = 0, h = 1e-6;
  sum += fabs(unit_density_quantity(f, quantity, x * (1 + h), p) -
              unit_density_quantity(f, quantity, x * (1 - h), p));
  for (int j = f->discrete && f->n_parameters == 2 ? 1 : 0; j < f->n_parameters; j++) {
    double up[2] = {p[0], p[1]}, down[2] = {p[0], p[1]};
    up[j] *= 1 + h;
    down[j] *= 1 - h;
    sum += fabs(unit_density_quantity(f, quantity, x, up) - unit_density_quantity(f, quantity, x, down));
  }
  sum /= 2 * h * fabs(value);
  return isfinite(sum) && sum < 1e5 ? sum : 0; /* a step of a quantile is no condition */
}

START_TEST(small_table) {
  const ThFamilyMath *family = th_density_find(facts[_i].family);
  ck_assert_ptr_nonnull(family);
  double x = facts[_i].x, want = facts[_i].value;
  double got = unit_density_quantity(family, facts[_i].quantity, x, facts[_i].p);
  double error = unit_relative_error(got, want) /
                 (1 + condition(family, facts[_i].quantity, x, facts[_i].p, want));
  ck_assert_msg(error <= 1e-13, "%s %s at %g: got %.17g, want %.17g, error %.2g", facts[_i].family,
                facts[_i].quantity, x, got, want, error);
}
END_TEST

/* --- The families against themselves ------------------------------------------------------------- */

typedef struct Case {
  const ThFamilyMath *family;
  double p[TH_MAX_PARAMETERS];
} Case;

static const Case cases[] = {
    {&th_normal_math, {2.385, 0.37}},   {&th_uniform_math, {-2.385, 4.5}}, {&th_exponential_math, {2.385}},
    {&th_gamma_math, {0.37, 12.5}},     {&th_gamma_math, {2.385, 0.37}},   {&th_gamma_math, {45.5, 2.385}},
    {&th_gamma_math, {2000.5, 2.385}},  {&th_beta_math, {0.37, 0.8}},      {&th_beta_math, {2.385, 4.5}},
    {&th_beta_math, {300.5, 45.5}},     {&th_bernoulli_math, {0.2385}},    {&th_binomial_math, {9, 0.2385}},
    {&th_binomial_math, {150, 0.2385}}, {&th_binomial_math, {3000, 0.73}}, {&th_poisson_math, {2.385}},
    {&th_poisson_math, {45.5}},         {&th_poisson_math, {3000.7}},
};

static const double probabilities[] = {1e-12, 0.0037, 0.2385, 0.5, 0.731, 0.97};

/* Quantiles and tails agree, on both sides and both scales; a discrete quantile is the least that will do. */
START_TEST(tails) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 0; j < COUNT(probabilities); j++) {
    double prob = probabilities[j], x = f->quantile(prob, p), y = f->upper_quantile(prob, p);
    if (f->discrete) {
      ck_assert(f->cdf(x, p) >= prob * (1 - 1e-13) && f->cdf(x - 1, p) < prob);
      ck_assert(f->ccdf(y, p) <= prob * (1 + 1e-13) && f->ccdf(y - 1, p) > prob);
      ck_assert(f->quantile(f->cdf(x, p), p) == x && f->upper_quantile(f->ccdf(y, p), p) == y);
    } else {
      double x_rounds = 1e-15 * fabs(x) * f->pdf(x, p), y_rounds = 1e-15 * fabs(y) * f->pdf(y, p);
      ck_assert(fabs(f->cdf(x, p) - prob) < 1e-12 * prob + x_rounds);
      ck_assert(fabs(f->ccdf(y, p) - prob) < 1e-12 * prob + y_rounds);
    }
    ck_assert(fabs(f->cdf(x, p) + f->ccdf(x, p) - 1) < 1e-15);
    ck_assert(unit_relative_error(f->logcdf(x, p), log(f->cdf(x, p))) < 1e-11);
    ck_assert(unit_relative_error(f->logccdf(y, p), log(f->ccdf(y, p))) < 1e-11);
    ck_assert(unit_relative_error(f->pdf(x, p), exp(f->logpdf(x, p))) < 1e-13);
  }
  ck_assert(f->median(p) == f->quantile(0.5, p) ||
            unit_relative_error(f->median(p), f->quantile(0.5, p)) < 1e-15);
  ck_assert(isnan(f->quantile(1.01, p)) && isnan(f->upper_quantile(-0.01, p)) &&
            isnan(f->quantile((double)NAN, p)));
}
END_TEST

/* The density is the slope of the cdf; masses are its steps. */
START_TEST(density_is_slope) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  double sd = sqrt(f->variance(p));
  for (size_t j = 1; j < COUNT(probabilities); j++) {
    double x = f->quantile(probabilities[j], p), h = fmin(1e-4 * sd, 1e-3 * fabs(x));
    double slope = f->discrete ? f->cdf(x, p) - f->cdf(x - 1, p)
                               : (8 * (f->cdf(x + h, p) - f->cdf(x - h, p)) - f->cdf(x + 2 * h, p) +
                                  f->cdf(x - 2 * h, p)) /
                                     (12 * h);
    ck_assert_msg(unit_relative_error(slope, f->pdf(x, p)) < 1e-8, "%s at %g: %g, %g", f->name, x, slope,
                  f->pdf(x, p));
  }
  double mode = f->mode(p);
  ck_assert(isnan(mode) || f->pdf(mode, p) >= f->pdf(f->mean(p), p) || f->discrete);
  if (f->discrete) {
    ck_assert(f->pdf(mode, p) >= f->pdf(mode + 1, p) && f->pdf(mode, p) > f->pdf(mode - 1, p));
    ck_assert(f->pdf(mode + 0.37, p) == 0);
  }
}
END_TEST

typedef struct Expectation {
  const Case *of;
  int which;
} Expectation;

/* Of a standardised variable: 1, z, z², z³, z⁴, -log density, and by which = 6, 7 the cf at 0.37/sd. */
static double integrand(const Expectation *e, double x) {
  const ThFamilyMath *f = e->of->family;
  const double *p = e->of->p;
  double sd = sqrt(f->variance(p)), z = (x - f->mean(p)) / sd, log_density = f->logpdf(x, p);
  double weight = exp(log_density);
  if (weight == 0) return 0;
  if (e->which == 5) return -weight * log_density;
  if (e->which >= 6) return weight * (e->which == 6 ? cos(0.37 * x / sd) : sin(0.37 * x / sd));
  return weight * pow(z, e->which);
}

static bool continuous_integrand(void *self, double x, double *y) {
  const Expectation *e = self;
  *y = integrand(e, x);
  return true;
}

static double expectation(ThContext *cx, const Case *of, int which) {
  const ThFamilyMath *f = of->family;
  Expectation e = {of, which};
  double lower = f->quantile(1e-30, of->p), upper = f->upper_quantile(1e-30, of->p), sum = 0;
  if (f->discrete) {
    for (double x = lower; x <= upper; x++) sum += integrand(&e, x);
    return sum;
  }
  ThQuadratureResult result;
  double middle = f->median(of->p);
  if (f->quantile(0, of->p) > -1e300) lower = f->quantile(0, of->p);
  ck_assert(th_quadrature_integrate_breaks(cx, continuous_integrand, &e, 1, lower, upper, &middle, 1, NULL,
                                           &result));
  return result.value[0];
}

/* Moments, entropy and characteristic function are the integrals that they are named after. */
START_TEST(expectations) {
  ThContext cx;
  unit_context(&cx);
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  double sd = sqrt(f->variance(p));
  const double want[] = {1,
                         0,
                         1,
                         f->skewness(p),
                         f->kurtosis(p) + 3,
                         f->entropy(p),
                         creal(f->cf(0.37 / sd, p)),
                         cimag(f->cf(0.37 / sd, p))};
  for (int which = 0; which < 8; which++) {
    double got = expectation(&cx, &cases[_i], which);
    ck_assert_msg(fabs(got - want[which]) < 1e-9 * (1 + fabs(want[which])), "%s %d: %.15g, %.15g", f->name,
                  which, got, want[which]);
  }
  double h = 1e-4 / sd, slope = (f->log_mgf(h, p) - f->log_mgf(-h, p)) / (2 * h);
  ck_assert(fabs(slope - f->mean(p)) < 1e-6 * sd);
  unit_done(&cx);
}
END_TEST

/* Derivatives against differences. */
START_TEST(gradients) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 1; j < COUNT(probabilities); j++) {
    double x = f->quantile(probabilities[j], p), d_x, d_p[2];
    f->gradient(x, p, &d_x, d_p);
    for (int k = -1; k < f->n_parameters; k++) {
      double got = k < 0 ? d_x : d_p[k], at = k < 0 ? x : p[k], h = 1e-4 * fabs(at), value[4];
      if (f->discrete && (k < 0 || k + 1 < f->n_parameters)) {
        ck_assert(got == 0);
        continue;
      }
      for (int i = 0; i < 4; i++) {
        double moved[2] = {p[0], p[1]}, to = at + h * (i < 2 ? i - 2 : i - 1);
        if (k >= 0) moved[k] = to;
        value[i] = f->logpdf(k < 0 ? to : x, moved);
      }
      double want = (8 * (value[2] - value[1]) - value[3] + value[0]) / (12 * h);
      ck_assert_msg(fabs(got - want) < 1e-7 * (fabs(want) + 1 / fabs(at)), "%s %d at %g: %.12g, %.12g",
                    f->name, k, x, got, want);
    }
  }
}
END_TEST

START_TEST(edges) { unit_density_edges(cases[_i].family, cases[_i].p); }
END_TEST

START_TEST(missing) { unit_density_missing(cases[_i].family, cases[_i].p); }
END_TEST

/* Kolmogorov's distance of 20000 draws from the cdf; chance passes 1.95/√n once in a thousand times, but the
 * seed is fixed. A discrete family is compared at its steps, where the distance can only be smaller. */
START_TEST(samples) {
  enum { N = 20000 };
  static double x[N];
  ThRandom r;
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  th_random_seed(&r, 2385);
  th_density_sample(f, p, &r, N, x);
  double mean = th_stats_mean(N, x), variance = th_stats_variance(N, x, 1), sd = sqrt(f->variance(p)),
         distance = 0;
  ck_assert(fabs(mean - f->mean(p)) < 4 * sd / sqrt(N));
  ck_assert(fabs(variance / sd / sd - 1) < 4 * sqrt((f->kurtosis(p) + 2) / N));
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, N, x));
  for (size_t i = 0; i < N; i++) {
    if (f->discrete && i + 1 < N && x[i + 1] == x[i]) continue;
    distance = fmax(distance, fabs(f->cdf(x[i], p) - (double)(i + 1) / N));
  }
  ck_assert_msg(distance < 1.95 / sqrt(N), "%s: %g", f->name, distance);
}
END_TEST

START_TEST(families_by_name) {
  size_t n = 0;
  while (th_density_family(n)) n++;
  ck_assert_uint_ge(n, 8);
  for (size_t i = 0; i < n; i++)
    ck_assert_ptr_eq(th_density_find(th_density_family(i)->name), th_density_family(i));
  ck_assert_ptr_null(th_density_find("Nonsense"));
}
END_TEST

/* Degenerate parameters that are allowed. */
START_TEST(points) {
  const double never[] = {7, 0}, always[] = {7, 1}, none[] = {0, 0.37}, zero[] = {0};
  ck_assert(th_binomial_math.pdf(0, never) == 1 && th_binomial_math.pdf(7, always) == 1);
  ck_assert(th_binomial_math.cdf(6, always) == 0 && th_binomial_math.quantile(0.37, always) == 7);
  ck_assert(th_binomial_math.pdf(0, none) == 1 && th_binomial_math.mode(none) == 0 &&
            th_binomial_math.entropy(none) == 0);
  ck_assert(th_poisson_math.pdf(0, zero) == 1 && th_poisson_math.cdf(0, zero) == 1 &&
            th_poisson_math.quantile(0.9, zero) == 0);
  ck_assert(isnan(th_poisson_math.skewness(zero)) && isnan(th_binomial_math.kurtosis(always)));
  const double bath[] = {0.5, 0.5}, one[] = {1, 1};
  ck_assert(th_beta_math.pdf(0, bath) == (double)INFINITY && isnan(th_beta_math.mode(bath)));
  ck_assert(th_beta_math.pdf(1, one) == 1 && th_beta_math.logpdf(0, one) == 0);
  ck_assert(th_gamma_math.pdf(0, (const double[]){1, 2.385}) == 2.385);
}
END_TEST

Suite *th_suite_num_density(void) {
  Suite *suite = suite_create("num_density");
  th_num_init();
  ADD(suite, reference_table);
  ADD_ROWS(suite, small_table, COUNT(facts));
  ADD_ROWS(suite, tails, COUNT(cases));
  ADD_ROWS(suite, density_is_slope, COUNT(cases));
  ADD_ROWS(suite, expectations, COUNT(cases));
  ADD_ROWS(suite, gradients, COUNT(cases));
  ADD_ROWS(suite, edges, COUNT(cases));
  ADD_ROWS(suite, missing, COUNT(cases));
  ADD_ROWS(suite, samples, COUNT(cases));
  ADD(suite, families_by_name);
  ADD(suite, points);
  return suite;
}
