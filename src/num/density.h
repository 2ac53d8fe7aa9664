/* density.h - probability families as plain functions of doubles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_H
#define TH_NUM_DENSITY_H

#include <complex.h>
#include <stdbool.h>

#include "num/random.h"

enum { TH_MAX_PARAMETERS = 4 }; /* of a family */

/* The mathematics of one family. p points to n_parameters doubles in positional order. The caller has
 * checked them: they lie in the family's range, or are NaN, which gives NaN. x, and a probability, may be
 * any double. Inside, every function handles in this order: NaN, infinite argument, outside the support,
 * degenerate parameters, the formula.
 *
 * For a discrete family pdf is the mass function, zero off the whole numbers; cdf takes any x and steps;
 * quantile(prob) is the least x with cdf(x) >= prob, upper_quantile(prob) the least x with ccdf(x) <= prob,
 * where values equal to within a few roundings count as equal (so that quantile(cdf(k)) is k). For a
 * probability outside [0, 1] they are NaN. Logarithms are natural; ccdf(x) is P(X > x).
 *
 * A moment that does not exist is NaN, one that diverges inf. */
typedef struct ThFamilyMath {
  const char *name; /* "Normal" */
  int n_parameters;
  bool discrete;
  double (*pdf)(double x, const double *p);
  double (*logpdf)(double x, const double *p);
  double (*cdf)(double x, const double *p);
  double (*ccdf)(double x, const double *p);
  double (*logcdf)(double x, const double *p);
  double (*logccdf)(double x, const double *p);
  double (*quantile)(double prob, const double *p);
  double (*upper_quantile)(double prob, const double *p);
  double (*mean)(const double *p);
  double (*variance)(const double *p);
  double (*skewness)(const double *p);
  double (*kurtosis)(const double *p); /* excess */
  double (*mode)(
      const double
          *p); /* the least one where there are several; NaN where the density is unbounded at both ends */
  double (*median)(const double *p);               /* quantile(1/2) */
  double (*entropy)(const double *p);              /* nats; differential for a continuous family */
  double complex (*cf)(double k, const double *p); /* E e^(ikX) */
  double (*log_mgf)(double t, const double *p);    /* log E e^(tX); inf where it diverges */
  double (*sample)(const double *p, ThRandom *r);
  void (*support)(const double *p, double *lower, double *upper);
  /* ∂ logpdf/∂x and ∂ logpdf/∂p[j] for each j, relative to themselves as exact as x and p allow. d_x or d_p may be
   * NULL. At the edges:
   *   NaN as x or a parameter: all are NaN.
   *   x outside the support, or infinite: all are 0, though logpdf is -inf there; so is d_x of a discrete family, and
   *   the derivative in a whole-number parameter.
   *   x at an end of the support that belongs to it: the limit from inside, inf or -inf where it diverges (Gamma(2, 1)
   *   at 0: d_x is inf, d_shape -inf), also that in a parameter which moves the end. An end at which the density falls
   *   to 0 faster than any power (LogNormal, InvGamma and Levy at 0) counts as outside.
   *   x at a kink of logpdf: d_x lies between the slopes of the two sides: 0 at Laplace's location, the slope to the
   *   right at a triangular's mode.
   *   a parameter at the end of its range (a probability of 0 or 1, σ = 0 of Voigt, κ = 0): the limit from inside. */
  void (*gradient)(double x, const double *p, double *d_x, double *d_p);

  /* What follows is NULL where there is no closed form (and so may be skewness, kurtosis, mode, median,
   * entropy, cf and log_mgf above): prob/numeric.h computes it then, by quadrature or a sum, and says so. */

  /* The Fisher information of one observation, E[∂i log f · ∂j log f], n_parameters × n_parameters by rows;
   * NaN in the row and column of a whole-number parameter, and where the support moves with a parameter. */
  void (*fisher)(const double *p, double *information);
  /* KL(p‖q) within the family, in nats; inf where p's support is not within q's. */
  double (*kl)(const double *p, const double *q);
  /* n draws, where that is quicker than one after the other; the same numbers as n calls of sample. */
  void (*fill)(const double *p, ThRandom *r, size_t n, double *x);
  /* cf at n points k, where that is quicker than one after the other; equal to it within some roundings. */
  void (*cf_fill)(size_t n, const double *k, const double *p, double complex *z);
} ThFamilyMath;

extern const ThFamilyMath th_normal_math;      /* mu, sigma > 0              density_normal.c */
extern const ThFamilyMath th_uniform_math;     /* a < b                      density_uniform.c */
extern const ThFamilyMath th_exponential_math; /* rate > 0                   density_exponential.c */
extern const ThFamilyMath th_gamma_math;       /* shape > 0, rate > 0        density_gamma.c */
extern const ThFamilyMath th_beta_math;        /* a > 0, b > 0               density_beta.c */
extern const ThFamilyMath th_cauchy_math;      /* location, scale > 0        density_cauchy.c */
extern const ThFamilyMath th_half_cauchy_math; /* sigma > 0                  density_cauchy.c */
extern const ThFamilyMath th_laplace_math;     /* location, scale > 0        density_laplace.c */
extern const ThFamilyMath th_logistic_math;    /* location, scale > 0        density_logistic.c */
extern const ThFamilyMath th_gumbel_math;      /* location, scale > 0        density_gumbel.c */
extern const ThFamilyMath th_pareto_math;      /* minimum > 0, shape > 0     density_pareto.c */
extern const ThFamilyMath th_triangular_math;  /* a <= mode <= b, a < b      density_triangular.c */
extern const ThFamilyMath th_log_uniform_math; /* 0 < a < b                  density_log_uniform.c */
extern const ThFamilyMath th_half_normal_math; /* sigma > 0                  density_half_normal.c */
extern const ThFamilyMath th_bernoulli_math;   /* 0 <= p <= 1                density_binomial.c */
extern const ThFamilyMath th_binomial_math;    /* n >= 0 whole, 0 <= p <= 1  density_binomial.c */
extern const ThFamilyMath th_poisson_math;     /* rate >= 0                  density_poisson.c */
/* Behind their parameters these read whether counting starts at 1 (else 0): p[1], p[2]; and of the negative
 * binomial 1 - p, where that is known better than p says, else NaN: p[3]. */
extern const ThFamilyMath th_geometric_math;         /* 0 < p <= 1               density_geometric.c */
extern const ThFamilyMath th_negative_binomial_math; /* r > 0, 0 < p <= 1        density_negbinomial.c */
extern const ThFamilyMath th_hypergeometric_math;    /* good, bad, draws <= good + bad, whole;
                                                        density_hypergeometric.c */
extern const ThFamilyMath th_zipf_math;              /* s > 1                    density_zipf.c */
extern const ThFamilyMath th_beta_binomial_math;     /* n >= 0 whole, a > 0, b > 0
                                                        density_betabinomial.c */

extern const ThFamilyMath th_weibull_math;        /* shape > 0, scale > 0       density_weibull.c */
extern const ThFamilyMath th_lognormal_math;      /* mu, sigma > 0 of log x     density_lognormal.c */
extern const ThFamilyMath th_skew_normal_math;    /* xi, omega > 0, alpha       density_skew_normal.c */
extern const ThFamilyMath th_von_mises_math;      /* mu, kappa >= 0             density_von_mises.c */
extern const ThFamilyMath th_voigt_math;          /* x0, sigma, gamma >= 0, not both 0   density_voigt.c */
extern const ThFamilyMath th_student_t_math;      /* nu > 0, mu, sigma > 0  density_student.c */
extern const ThFamilyMath th_half_student_t_math; /* nu > 0, sigma > 0      density_half_student.c */
extern const ThFamilyMath th_chi2_math;           /* df > 0                 density_chi2.c */
extern const ThFamilyMath th_fdist_math;          /* df1 > 0, df2 > 0       density_fdist.c */
extern const ThFamilyMath th_inv_gamma_math;      /* shape > 0, scale > 0   density_invgamma.c */
extern const ThFamilyMath th_rayleigh_math;       /* sigma > 0              density_rayleigh.c */
extern const ThFamilyMath th_maxwell_math;        /* sigma > 0              density_rayleigh.c */
extern const ThFamilyMath th_levy_math;           /* mu, c > 0              density_levy.c */

/* The families by number, NULL after the last; and by name, or NULL. */
const ThFamilyMath *th_density_family(size_t i);
const ThFamilyMath *th_density_find(const char *name);

/* Draws n numbers into x. */
void th_density_sample(const ThFamilyMath *family, const double *p, ThRandom *r, size_t n, double *x);

#endif
