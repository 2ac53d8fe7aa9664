/* family_lkj.c - the distribution of correlations of Lewandowski, Kurowicka and Joe */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: n, side, η. An outcome is the n = side (side - 1)/2 correlations of `side` variables. The canonical partial
 * correlation of a variable with variable j, those before j given, is 2B - 1 with B ~ Beta(β_j, β_j) and
 * β_j = η + (side - 1 - j)/2 for j = 1, 2, …; all of them are independent (Lewandowski, Kurowicka and Joe 2009,
 * section 2.4), and det R is the product of 1 minus their squares. There are side - j of them with variable j, so that
 * sums over all are short. */
#include <math.h>
#include <string.h>

#include "num/correlations.h"
#include "num/real.h"
#include "num/special_complex.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/variable.h"

enum { SIDE, ETA };

static size_t side_of(const ThDistribution *d) { return (size_t)d->p[1]; }
static double eta_of(const ThDistribution *d) { return d->p[2]; }

static bool read_side(ThContext *cx, ThValue v, size_t *out) {
  double side;
  bool number = th_to_number(v, &side);
  if (number && side >= 2 && side <= TH_CORRELATIONS_MOST_SIDE && floor(side) == side) {
    *out = (size_t)side;
    return true;
  }
  const char *what = "`d` of LKJ, the number of variables, must be a whole number from 2 to";
  if (number) return th_fail(cx, TH_ERROR_VALUE, "%s %d, got %.6g", what, TH_CORRELATIONS_MOST_SIDE, side);
  return th_fail(cx, TH_ERROR_TYPE, "%s %d", what, TH_CORRELATIONS_MOST_SIDE);
}

static bool count(ThContext *cx, const ThValue *arguments, size_t *out) {
  size_t side;
  *out = 0;
  if (th_is_random(arguments[SIDE])) return true;
  if (!read_side(cx, arguments[SIDE], &side)) return false;
  *out = th_correlations_count(side);
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  size_t side;
  double eta;
  if (!read_side(cx, d->parameters[SIDE], &side)) return false;
  if (!th_to_number(d->parameters[ETA], &eta))
    return th_fail(cx, TH_ERROR_TYPE, "`η` of LKJ must be a positive number");
  if (!(eta > 0 && isfinite(eta)))
    return th_fail(cx, TH_ERROR_VALUE, "`η` of LKJ must be positive and finite, got %.6g", eta);
  if (!th_distribution_room(cx, d, 1, 3)) return false;
  d->p[0] = (double)th_correlations_count(side);
  d->p[1] = (double)side;
  d->p[2] = eta;
  return true;
}

/* --- The law of the partial correlations with variable j, from 0 */

static double shape_of(const ThDistribution *d, size_t j) {
  return eta_of(d) + 0.5 * (double)(side_of(d) - 2 - j);
}

/* Σ f(β_j) over all partial correlations. */
static double sum_partial(const ThDistribution *d, double (*f)(double shape)) {
  double sum = 0;
  for (size_t j = 0; j + 1 < side_of(d); j++) sum += (double)(side_of(d) - 1 - j) * f(shape_of(d, j));
  return sum;
}

/* log ∫ (1 - z²)^(β - 1) dz, mean and variance of log(1 - z²), by the duplication formula of Γ. */
static double log_volume(double shape) { return th_special_lbeta(shape, 0.5); }
static double mean_log(double shape) {
  return th_special_log_minus_digamma(shape + 0.5) - th_special_log_minus_digamma(shape) - log1p(0.5 / shape);
}
static double variance_log(double shape) {
  return 0.5 / (shape * (shape + 0.5)) +
         (th_special_trigamma_excess(shape) - th_special_trigamma_excess(shape + 0.5));
}

/* --- Densities */

/* The factor of R, (side, side), owned; *inside is false, and there is none, where R is not positive definite. */
static bool factor_point(ThContext *cx, const ThDistribution *d, const double *x, double **factor,
                         bool *inside) {
  size_t side = side_of(d);
  *factor = th_alloc_array(cx, side * side, sizeof **factor);
  if (!*factor) return false;
  *inside = th_correlations_factor(side, x, *factor);
  return true;
}

static void drop(ThContext *cx, const ThDistribution *d, double *factor) {
  th_free(cx, factor, side_of(d) * side_of(d) * sizeof *factor);
}

static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  double *factor, sum = 0;
  bool inside;
  if (!factor_point(cx, d, x, &factor, &inside)) return false;
  for (size_t k = 0; k < th_event_size(d); k++) sum += x[k];
  *out = sum != sum ? sum : -TH_INFINITY;
  if (inside)
    *out = (eta_of(d) - 1) * th_correlations_log_determinant(side_of(d), factor) - sum_partial(d, log_volume);
  drop(cx, d, factor);
  return true;
}

/* By x 2 (η - 1) R⁻¹, since each of them stands twice in R; by η log det R less its mean. */
static bool gradient(ThContext *cx, const ThDistribution *d, const double *x, double *d_x,
                     double *const *d_p) {
  size_t side = side_of(d), row, column;
  double *factor, *inverse = th_alloc_array(cx, side * side, sizeof *inverse);
  bool inside;
  if (!inverse) return false;
  bool ok = factor_point(cx, d, x, &factor, &inside);
  if (ok && inside) th_event_inverse(side, factor, inverse);
  for (size_t k = 0; ok && d_x && k < th_event_size(d); k++) {
    th_correlations_place(k, &row, &column);
    d_x[k] = inside ? 2 * (eta_of(d) - 1) * inverse[row * side + column] : 0;
  }
  if (ok && d_p[SIDE]) *d_p[SIDE] = 0;
  if (ok && d_p[ETA])
    *d_p[ETA] = inside ? th_correlations_log_determinant(side, factor) - sum_partial(d, mean_log) : 0;
  if (ok) drop(cx, d, factor);
  drop(cx, d, inverse);
  return ok;
}

/* Of d and η. */
static bool fisher(ThContext *cx, const ThDistribution *d, double *out) {
  (void)cx;
  out[0] = out[1] = out[2] = TH_NAN;
  out[3] = sum_partial(d, variance_log);
  return true;
}

/* --- Moments */

static void mean(const ThDistribution *d, double *out) { memset(out, 0, th_event_size(d) * sizeof *out); }
static double variance_of(const ThDistribution *d) { return 1 / (2 * eta_of(d) + (double)side_of(d) - 1); }
static void variance(const ThDistribution *d, double *out) {
  for (size_t k = 0; k < th_event_size(d); k++) out[k] = variance_of(d);
}
/* The sign of one variable may be changed, so that different correlations are uncorrelated. */
static void covariance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  memset(out, 0, n * n * sizeof *out);
  for (size_t k = 0; k < n; k++) out[k * n + k] = variance_of(d);
}

static bool mode(ThContext *cx, const ThDistribution *d, double *out) {
  mean(d, out);
  if (eta_of(d) > 1) return true;
  if (eta_of(d) == 1) th_fail(cx, TH_ERROR_VALUE, "the density of this LKJ is the same everywhere: η is 1");
  else
    th_fail(cx, TH_ERROR_VALUE,
            "the density of this LKJ is largest at the edge, where the matrix is singular: η is %.6g",
            eta_of(d));
  return th_hint(cx, "it has a mode, the unit matrix, where η is above 1");
}

static bool entropy(ThContext *cx, const ThDistribution *d, double *out) {
  (void)cx;
  *out = sum_partial(d, log_volume) - (eta_of(d) - 1) * sum_partial(d, mean_log);
  return true;
}

static bool kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out) {
  (void)cx;
  *out = sum_partial(q, log_volume) - sum_partial(p, log_volume) +
         (eta_of(p) - eta_of(q)) * sum_partial(p, mean_log);
  return true;
}

static bool overlap_begin(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *begun) {
  (void)cx;
  begun[0] = sum_partial(p, log_volume);
  begun[1] = sum_partial(q, log_volume);
  return true;
}

/* The volume at w η + (1 - w) η', by those of p and q to the powers w and 1 - w. */
static double complex overlap(const ThDistribution *p, const ThDistribution *q, const double *begun,
                              double complex w, double *size) {
  double complex sum = -w * begun[0] - (1 - w) * begun[1];
  *size = th_complex_size(sum);
  for (size_t j = 0; j + 1 < side_of(p); j++) {
    double complex shape = w * shape_of(p, j) + (1 - w) * shape_of(q, j);
    double complex upper = th_special_lgamma_complex(shape), lower = th_special_lgamma_complex(shape + 0.5);
    sum += (double)(side_of(p) - 1 - j) * (upper - lower + 0.5 * TH_LOG_PI);
    *size = fmax(*size, th_complex_size(upper));
  }
  return sum;
}

/* --- Draws, and the laws of single correlations */

/* Half of log(B/(1 - B)) is artanh(2B - 1): the coordinate of a partial correlation, which two Gamma variables give
 * however near the edge it lies. */
static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  double unused = 0;
  (void)cx;
  for (size_t k = 0, row = 1; row < side_of(d); row++)
    for (size_t j = 0; j < row; j++, k++) {
      double part = th_random_log_gamma(r, shape_of(d, j)), rest = th_random_log_gamma(r, shape_of(d, j));
      out[k] = 0.5 * (part - rest) / th_correlations_unit(side_of(d), j);
    }
  th_correlations_forward(side_of(d), out, out, &unused);
  return true;
}

/* center + radius (2B - 1), B ~ Beta(shape, shape) */
static bool scaled_beta(ThContext *cx, double shape, double center, double radius, ThValue *out) {
  double p[] = {shape, shape};
  ThValue part;
  if (!th_distribution_of(cx, &th_family_beta, p, &part)) return false;
  bool ok = th_distribution_affine(cx, part, 2 * radius, center - radius, out);
  th_release(part);
  return ok;
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  (void)i; /* the order of the variables does not matter */
  return scaled_beta(cx, shape_of(d, 0), 0, 1, out);
}

static bool given_numbers(ThContext *cx, const ThDistribution *d, const double *before, size_t i,
                          ThValue *out) {
  size_t row, column;
  double center, radius;
  th_correlations_place(i, &row, &column);
  if (!th_correlations_range(i, before, &center, &radius))
    return th_fail(cx, TH_ERROR_VALUE, "the correlations before number %zu are those of no matrix", i + 1);
  return scaled_beta(cx, shape_of(d, column), center, radius, out);
}

/* Of one correlation. */
static bool combination(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                        ThValue *out, ThHow *how, bool *known) {
  size_t n = 0;
  double weight = 0;
  (void)how;
  for (size_t k = 0; k < th_event_size(d); k++)
    if (weights[k] != 0) weight = weights[k], n++;
  *known = n == 1;
  return !*known || scaled_beta(cx, shape_of(d, 0), shift, weight, out);
}

static const ThEventLaw event = {.rank = 1,
                                 .count = count,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .covariance = covariance,
                                 .mode = mode,
                                 .entropy = entropy,
                                 .kl = kl,
                                 .overlap_begin = overlap_begin,
                                 .overlap = overlap,
                                 .sample = sample,
                                 .gradient = gradient,
                                 .fisher = fisher,
                                 .combination = combination,
                                 .marginal = marginal,
                                 .given_numbers = given_numbers};

const ThFamily th_family_lkj = {
    .builtin =
        {{"LKJ(d = …, η = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "the correlations of d variables (Lewandowski, Kurowicka and Joe 2009)",
          "the d(d - 1)/2 numbers below the diagonal of a correlation matrix R, by rows: r21, r31, r32, r41, …; "
          "`corr_matrix(r)` is the matrix. Their density is proportional to det(R)^(η - 1) where R is positive "
          "definite: level for η = 1, with weak correlations preferred above, strong ones below. Each of them is "
          "2B - 1 with B ~ Beta(a, a), a = η - 1 + d/2, and no two are correlated. d is 2 to 50. In a model it is the "
          "prior of a covariance matrix with scales s: `r ~ LKJ(3, 2)`, `s[3] ~ HalfNormal(2)`, "
          "`y ~ MvNormal(zeros(3), diag(s) @ corr_matrix(r) @ diag(s))`",
          "d = LKJ(3, 2);\nd\n"
          "#> LKJ(d = 3, η = 2)\n"
          "#>   a vector of 3, mean [0, 0, 0], sd [0.408248, 0.408248, 0.408248]\n"
          "pdf(d, [0.5, 0.2, -0.3])\n#> 0.302613\npdf(d, [0.9, 0.9, -0.9])\n#> 0",
          "corr_matrix MvNormal Wishart Beta corr", NULL},
         {0}},
    .name = "LKJ",
    .n_parameters = 2,
    .parameters = {{"d", TH_DOMAIN_ANY, false, 0}, {"η", TH_DOMAIN_ANY, false, 0}},
    .law = &th_event_law,
    .event = &event,
    .build = build,
};
