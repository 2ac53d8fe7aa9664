/* distribution.h - probability distributions as values, and the row that declares a family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DISTRIBUTION_H
#define TH_PROB_DISTRIBUTION_H

#include <complex.h>

#include "lang/builtin.h"
#include "num/density.h"
#include "prob/finding.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/graph.h"
#include "val/value.h"

typedef struct ThFamily ThFamily;
typedef struct ThDistribution ThDistribution;
typedef struct ThEventLaw ThEventLaw; /* event.h */

/* Where a parameter may lie; the words of messages stand in parameter.c. TH_DOMAIN_ANY is a value that is no
 * number (a list, a distribution): the row's `build` checks it. */
typedef enum ThDomain {
  TH_DOMAIN_REAL,
  TH_DOMAIN_POSITIVE,
  TH_DOMAIN_NON_NEGATIVE,
  TH_DOMAIN_PROBABILITY,      /* [0, 1] */
  TH_DOMAIN_OPEN_PROBABILITY, /* (0, 1) */
  TH_DOMAIN_COUNT,            /* a whole number, 0 or more */
  TH_DOMAIN_WHOLE,            /* a whole number */
  TH_DOMAIN_ANY
} ThDomain;

/* A positional parameter. */
typedef struct ThFamilyParameter {
  const char *name; /* as echoed, as a field, as a named argument */
  ThDomain domain;
  bool optional;
  double fallback; /* of an optional one */
} ThFamilyParameter;

/* Another way to give parameters: arguments by name (positional parameters may be among them) that make up
 * some of the positional ones. */
typedef struct ThAlternative {
  const char *names;  /* "mean sd" */
  const char *sets;   /* "shape rate" */
  ThDomain domain[2]; /* of the names */
  /* in the orders of `names` and `sets`; NULL: another word for the same number */
  void (*convert)(const double *given, double *set);
  /* The same of what is differentiated, as nodes. */
  void (*trace)(ThGraph *g, const ThNodeId *given, ThNodeId *set);
} ThAlternative;

/* Functions of a point, and of nothing but the distribution. */
typedef enum ThMeasure {
  TH_PDF,
  TH_LOGPDF,
  TH_CDF,
  TH_CCDF,
  TH_LOGCDF,
  TH_LOGCCDF,
  TH_QUANTILE,
  TH_UPPER_QUANTILE
} ThMeasure;
typedef enum ThSummary {
  TH_MEAN,
  TH_VARIANCE,
  TH_SD,
  TH_SKEWNESS,
  TH_KURTOSIS,
  TH_MODE,
  TH_MEDIAN,
  TH_ENTROPY
} ThSummary;

/* What a family without plain mathematics can do: one built from other distributions (affine images, later
 * mixtures, truncations, densities). p points to the element's doubles in d->p. */
typedef struct ThLaw {
  bool (*measure)(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                  double *out);
  bool (*summary)(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, double *out);
  /* A formula; NULL where there is none: distribution_cf.h integrates then, for many k at once. */
  bool (*cf)(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out);
  bool (*log_mgf)(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out);
  bool (*sample)(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n, double *x);
  void (*support)(const ThDistribution *d, const double *p, double *lower, double *upper);
  bool (*discrete)(const ThDistribution *d);
  /* The rest may be NULL. E X^n, n >= 1. */
  bool (*moment)(ThContext *cx, const ThDistribution *d, const double *p, int n, double *out);
  /* May one that is not discrete have values with a probability of their own? Then: P(X = x), and the values where
   * it is not 0, ascending, as a new block. There `measure` gives that probability for the density. */
  bool (*mixed)(const ThDistribution *d);
  bool (*mass)(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out);
  bool (*atoms)(ThContext *cx, const ThDistribution *d, const double *p, double **values, size_t *n);
  /* Up to `most` points at which an integral over the density is best split: bumps, kinks, tails. */
  bool (*breaks)(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                 size_t *n);
  /* `measure` at n points, where that is quicker than one after the other. */
  bool (*measure_many)(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, size_t n,
                       const double *x, double *out);
  /* In place of summary, log_mgf and moment where not all of it is closed: with method and error. `relative` is
   * that of e^out. */
  bool (*find)(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out);
  bool (*find_log_mgf)(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                       double *relative);
  bool (*find_moment)(ThContext *cx, const ThDistribution *d, const double *p, int n, ThFinding *out);
  /* As th_distribution_error; NULL where the measures are formulas. */
  double (*error)(const ThDistribution *d, const double *p, ThMeasure what, double x, const char **method);
  /* As th_distribution_score; NULL: by differences. */
  bool (*score)(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out);
} ThLaw;

/* One family: everything that is to be known of it stands in its row. */
struct ThFamily {
  /* The constructor's row (the second one ends the table). Its signature lists the positional parameters,
   * each `= …`, then after `;` the other names: "Normal(μ = …, σ = …; mean = …, …) -> distribution". */
  ThBuiltin builtin[2];
  const char *name;
  int n_parameters;
  ThFamilyParameter parameters[TH_MAX_PARAMETERS];
  const ThAlternative
      *alternatives; /* the first that fits is taken; ends with a row without names; or NULL */
  int n_hidden;      /* the last so many parameters are no fields: they only say others more exactly */
  bool discrete;
  const ThFamilyMath *math; /* or NULL, then */
  const ThLaw *law;
  const ThEventLaw
      *event; /* its outcomes are vectors or matrices (event.h), and law is &th_event_law; or NULL */
  /* Alternatives of one name whose value is no number but a vector or a matrix: the parameter's value, owned. NULL:
   * there are none. */
  bool (*of_value)(ThContext *cx, const char *name, ThValue given, ThValue *set);
  /* scale*X + shift within the same family: its parameters into q, or false when it leaves the family. */
  bool (*affine)(const double *p, double scale, double shift, double *q);
  /* d->parameters are set: checks them and fills d->p (NULL: by domains, broadcasting). */
  bool (*build)(ThContext *cx, ThDistribution *d);
  /* Beyond the domains, of one element (a < b): an error names the parameter. */
  bool (*check)(ThContext *cx, const double *p);
  /* The text, when it is not `Name(parameter = value, …)`. */
  bool (*format)(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out);
  /* The n-th moment E X^n and the n-th cumulant, n >= 1, where one of them is closed; NULL where not. */
  double (*moment)(const double *p, int n);
  double (*cumulant)(const double *p, int n);
  /* scale*X + shift of a row whose parameters are no plain numbers, within a family; scale is not 0. */
  bool (*image)(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out);
  /* Element i of several, as th_distribution_element; NULL: by its numbers in d->p. */
  bool (*element)(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);
  /* Where it is worth looking at the density: from the tails, when the row has none of its own. */
  bool (*view)(ThContext *cx, const ThDistribution *d, double *lower, double *upper);
  /* Adds to a picture of the density, a ThFigure, what it is made of. */
  bool (*plot_parts)(ThContext *cx, const ThDistribution *d, void *figure, double lower, double upper);
  /* What the echo says of one in place of support, mean and sd. */
  bool (*facts)(ThContext *cx, const ThDistribution *d, ThText *out);
  /* As th_distribution_outcomes; NULL: the whole numbers of the support. */
  bool (*outcomes)(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                   size_t *n);
};

/* Whole vectors are the parameters of such a family (values, weights), not one number for each element. */
static inline bool th_family_takes_vectors(const ThFamily *family) { return family->build && !family->element; }

/* A distribution is its family and its parameters: numbers, or arrays that broadcast; then it stands for
 * `length` independent ones, and every verb answers elementwise. */
struct ThDistribution {
  ThObject object;
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS];
  uint32_t rank; /* of the broadcast parameters; 0: one distribution */
  size_t shape[TH_MAX_RANK];
  size_t length;  /* how many elements: 1 for rank 0 */
  size_t stride;  /* doubles of an element */
  double *p;      /* (length, stride): what the mathematics reads */
  ThValue method; /* how it was found, a string ("exact (conjugate)"), or none: shown by the echo */
  ThValue detail; /* what how(d) tells, or none */
  ThValue held;   /* what the family computed when it was made: an object of the family's own kind, or none */
};

/* The doubles of element i. */
static inline const double *th_distribution_numbers(const ThDistribution *d, size_t i) {
  return d->p + i * d->stride;
}

extern const ThKind th_distribution_kind; /* "distribution" */
static inline bool th_is_distribution(ThValue v) { return th_is(v, &th_distribution_kind); }
static inline ThDistribution *th_as_distribution(ThValue v) { return (ThDistribution *)th_as_object(v); }

/* The families of this layer, in the order of help. */
extern const ThFamily th_family_normal, th_family_uniform, th_family_exponential, th_family_gamma,
    th_family_beta;
extern const ThFamily th_family_cauchy, th_family_laplace, th_family_logistic, th_family_gumbel,
    th_family_pareto, th_family_triangular, th_family_log_uniform, th_family_half_normal,
    th_family_half_cauchy;
extern const ThFamily th_family_weibull, th_family_lognormal, th_family_skew_normal, th_family_von_mises,
    th_family_voigt;
extern const ThFamily th_family_student_t, th_family_half_student_t, th_family_chi2, th_family_fdist;
extern const ThFamily th_family_inv_gamma, th_family_rayleigh, th_family_maxwell, th_family_levy;
extern const ThFamily th_family_bernoulli, th_family_binomial, th_family_poisson, th_family_discrete_uniform;
extern const ThFamily th_family_geometric, th_family_negative_binomial, th_family_hypergeometric,
    th_family_zipf, th_family_beta_binomial;
extern const ThFamily th_family_mvnormal, th_family_dirichlet, th_family_multinomial, th_family_wishart,
    th_family_lkj;
extern const ThFamily th_family_discrete, th_family_categorical, th_family_point, th_family_affine;
extern const ThFamily th_family_simulation; /* of a function's value: no constructor */
extern const ThFamily th_family_mixture, th_family_truncated, th_family_censored, th_family_density;
extern const ThFamily th_family_empirical, th_family_kde;
const ThFamily *th_family_at(size_t i);                         /* NULL after the last */
const ThFamily *th_family_find(const char *name);               /* or NULL */
const ThFamily *th_family_of_builtin(const ThBuiltin *builtin); /* NULL: not a constructor */

/* A distribution of one element with these parameters; of families without a `build` unchecked. */
TH_CHECKED bool th_distribution_of(ThContext *cx, const ThFamily *family, const double *p, ThValue *out);
/* From n_parameters values in positional order, borrowed: numbers, arrays, or what the family takes. Checks
 * domains: "`σ` of Normal must be positive, got -1". */
TH_CHECKED bool th_distribution_new(ThContext *cx, const ThFamily *family, const ThValue *parameters,
                                    ThValue *out);
/* Discrete(values, weights); the weights are brought to sum 1. */
TH_CHECKED bool th_distribution_discrete(ThContext *cx, const double *values, const double *weights, size_t n,
                                         ThValue *out);
/* A distribution of the element i, owned. */
TH_CHECKED bool th_distribution_element(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);
/* Another object of the same distribution, unsigned. */
TH_CHECKED bool th_distribution_copy(ThContext *cx, ThValue d, ThValue *out);
/* scale*d + shift; the first with arrays, too, which broadcast with d's elements. */
TH_CHECKED bool th_distribution_image(ThContext *cx, ThValue d, ThValue scale, ThValue shift, ThValue *out);
TH_CHECKED bool th_distribution_affine(ThContext *cx, ThValue d, double scale, double shift, ThValue *out);
/* Says how it was found. The value must be the only reference. detail may be NULL. */
TH_CHECKED bool th_distribution_sign(ThContext *cx, ThValue d, const char *method, const char *detail);

/* Of plain mathematics: the measure at x, and the function of the parameters that a summary is (of the standard
 * deviation its square), NULL where there is no formula. */
double th_math_measure(const ThFamilyMath *math, ThMeasure what, double x, const double *p);
double (*th_math_summary(const ThFamilyMath *math, ThSummary what))(const double *p);
/* Element i. These fail only where the law computes with memory or may be interrupted. */
TH_CHECKED bool th_distribution_measure(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what,
                                        double x, double *out);
/* The same at n points. */
TH_CHECKED bool th_distribution_measure_many(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what,
                                             size_t n, const double *x, double *out);
TH_CHECKED bool th_distribution_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what,
                                        double *out);
/* The same with method and error, and the reason where it does not exist or is infinite. */
TH_CHECKED bool th_distribution_find(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what,
                                     ThFinding *out);
/* Gives as reason that the expectation of a power diverges: "∫ |x|³ p(x) dx diverges". */
void th_distribution_divergence(const ThDistribution *d, const char *power, ThFinding *out);
TH_CHECKED bool th_distribution_cf(ThContext *cx, const ThDistribution *d, size_t i, double k,
                                   double complex *out);
TH_CHECKED bool th_distribution_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t,
                                        double *out);
/* The same with the relative error of E e^(tX): 0 for a closed form. */
TH_CHECKED bool th_distribution_find_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t,
                                             double *out, double *relative);
/* E e^(tX) with method and error; inf with the reason. */
TH_CHECKED bool th_distribution_find_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t,
                                         ThFinding *out);
/* A bound for the error of the density at x (`what` is TH_PDF) or of a tail (TH_CDF), absolute, where it is not by a
 * formula; *method, where that is asked for, says how it was found. 0 for a formula. */
double th_distribution_error(const ThDistribution *d, size_t i, ThMeasure what, double x,
                             const char **method);
/* The value that any measure has at x, with method and error. */
TH_CHECKED bool th_distribution_judge(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what,
                                      double x, double value, ThFinding *out);
/* d log p/dx at x: 0 outside the support, NaN where there is none. */
TH_CHECKED bool th_distribution_score(ThContext *cx, const ThDistribution *d, size_t i, double x,
                                      double *out);
/* n draws. */
TH_CHECKED bool th_distribution_sample(ThContext *cx, const ThDistribution *d, size_t i, ThRandom *r,
                                       size_t n, double *x);
void th_distribution_support(const ThDistribution *d, size_t i, double *lower, double *upper);
bool th_distribution_is_discrete(const ThDistribution *d);
/* Of one that is not discrete: the values that have a probability of their own, ascending, as a new block; *n is 0 (and
 * the block NULL) for a plain continuous one. P(X = x) of any. */
TH_CHECKED bool th_distribution_atoms(ThContext *cx, const ThDistribution *d, size_t i, double **values,
                                      size_t *n);
TH_CHECKED bool th_distribution_mass(ThContext *cx, const ThDistribution *d, size_t i, double x, double *out);
/* May there be values with a probability of their own, so that the cdf has steps? */
bool th_distribution_has_steps(const ThDistribution *d);
/* The values of a discrete one of one element, ascending, as a new block; those of an infinite support as
 * far as all but `tail` of the probability. *n is the count, 0 when there are more than `most`. */
TH_CHECKED bool th_distribution_outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most,
                                         double **values, size_t *n);

/* "Normal(μ = 0, σ = 1)": appended. */
TH_CHECKED bool th_distribution_text(ThContext *cx, ThValue d, ThText *out);

#endif
