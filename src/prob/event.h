/* event.h - distributions whose outcomes are vectors or matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_EVENT_H
#define TH_PROB_EVENT_H

#include <complex.h>

#include "prob/distribution.h"

/* How a distribution was found: "exact", or a method, and a bound for the error of any probability; and
 * what one without a name is called. */
typedef struct ThHow {
  const char *text;
  char method[80];
  double error;
} ThHow;

/* What such a family knows; it stands in the family's row beside &th_event_law. An outcome is n numbers, or n × n by
 * rows; n is the first of the doubles of d->p. What depends on the order of numbers (cdf, quantiles) has no place
 * here: the verbs say so. NULL where there is no closed form. */
struct ThEventLaw {
  uint32_t rank; /* axes of an outcome: 1 or 2 */
  bool discrete;
  /* Of a family whose parameters are numbers: how many numbers an outcome has by the arguments of its constructor, some
   * of which may be random; 0 where they do not tell. NULL: a parameter is as long as an outcome. */
  bool (*count)(ThContext *cx, const ThValue *arguments, size_t *out);
  bool (*log_density)(ThContext *cx, const ThDistribution *d, const double *x, double *out);
  void (*mean)(const ThDistribution *d, double *out);
  void (*variance)(const ThDistribution *d, double *out);   /* of each component */
  void (*covariance)(const ThDistribution *d, double *out); /* (n, n), of vectors */
  bool (*mode)(ThContext *cx, const ThDistribution *d, double *out);
  bool (*entropy)(ThContext *cx, const ThDistribution *d, double *out);
  bool (*kl)(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out); /* of equal n */
  /* log ∫ p^w q^(1 - w) at a complex w, 0 <= Re w <= 1, for p and q of equal n; `begin` computes what does not hang
   * on w into 2n numbers. *size is the largest number that was rounded. NULL: not used (the outcomes are counted). */
  bool (*overlap_begin)(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *begun);
  double complex (*overlap)(const ThDistribution *p, const ThDistribution *q, const double *begun,
                            double complex w, double *size);
  bool (*sample)(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out);
  bool (*cf)(ThContext *cx, const ThDistribution *d, const double *k,
             double complex *out); /* E e^(i Σ k x) */
  /* The derivatives of log_density at x: by x into d_x, of the shape of x (0 where outcomes are discrete), and by
   * parameter j into d_p[j], of that parameter's shape (0 for a whole number). d_x, and each of d_p, may be NULL. The
   * derivative by a symmetric matrix is the symmetric matrix G with d log p = Σ_ij G_ij dS_ij for symmetric dS. Outside
   * the support all are 0. */
  bool (*gradient)(ThContext *cx, const ThDistribution *d, const double *x, double *d_x, double *const *d_p);
  /* The Fisher information of one observation, (m, m) by rows, in the m coordinates of th_event_coordinates; NaN in the
   * row and column of a whole number. */
  bool (*fisher)(ThContext *cx, const ThDistribution *d, double *out);
  /* Of a matrix: the covariance of the elements at (at[0], at[1]) and (at[2], at[3]). */
  double (*element_covariance)(const ThDistribution *d, const size_t *at);
  /* The distribution of Σ weights·components + shift, weights (n), or (n, n) of a matrix, with method and error as
   * th_sum_distribution gives them ("exact" and 0 when it is called); *known is false where there is none. May be
   * NULL. */
  bool (*combination)(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                      ThValue *out, ThHow *how, bool *known);
  /* The distribution of component i, and of component i given those before it, which are the variables
   * before[0 … i - 1]: a distribution, one given variables, or a variable whose values are distributions. Counted from
   * 0. Where they leave no choice, *fixed, and *out is what the component equals. */
  bool (*marginal)(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);
  bool (*given)(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                bool *fixed);
  /* The same of components whose values are numbers, where there is no expression in variables; those of a matrix are
   * (1, 1), (1, 2), (2, 2), (1, 3), … */
  bool (*given_numbers)(ThContext *cx, const ThDistribution *d, const double *before, size_t i, ThValue *out);
  /* The same of n components where parameters are random, some of them: an expression in them, if there is one,
   * *known. May be NULL. */
  bool (*given_random)(ThContext *cx, const ThValue *parameters, size_t n, const ThValue *before, size_t i,
                       ThValue *out, bool *fixed, bool *known);
};

/* The law of these families for those who ask for numbers: an error that says what to ask instead. */
extern const ThLaw th_event_law;

static inline size_t th_event_size(const ThDistribution *d) { return (size_t)d->p[0]; }
/* The numbers of an outcome. */
size_t th_event_count(const ThDistribution *d);

/* The numbers of parameter j: 1, n, or n². */
size_t th_event_parameter_count(const ThDistribution *d, int j);
/* What the Fisher information counts: the parameters in their order; of a symmetric matrix its diagonal and what stands
 * right of it, by rows. */
size_t th_event_coordinates(const ThDistribution *d);

/* --- event.c: reading parameters. A failure names the parameter. */

/* Parameter j as a vector of finite numbers, owned. */
TH_CHECKED bool th_event_vector(ThContext *cx, const ThDistribution *d, int j, ThArray **out);
/* A value as a symmetric positive definite matrix of finite numbers, owned, made exactly symmetric; its lower Cholesky
 * factor into *factor, owned. `name` is the parameter's. */
TH_CHECKED bool th_event_matrix(ThContext *cx, const char *family, const char *name, ThValue v, ThArray **out,
                                ThArray **factor);
/* The conversion of matrices by the names "precision" and "cholesky" into the matrix itself. */
TH_CHECKED bool th_event_matrix_by_name(ThContext *cx, const char *name, ThValue given, ThValue *set);
/* A distribution of the number family, as the marginal or conditional law of a component. */
TH_CHECKED bool th_event_number_law(ThContext *cx, const ThFamily *family, const ThValue *parameters,
                                    ThValue *out);

/* total - Σ before: an expression where some are variables, a number for none. */
TH_CHECKED bool th_event_rest(ThContext *cx, ThValue total, const ThValue *before, size_t n, ThValue *out);

/* --- event_matrix.c: what the densities with a covariance matrix share; A (n, n) = L L' */

/* log det A. */
double th_event_log_determinant(size_t n, const double *factor);
/* A⁻¹, symmetric to the last digit. */
void th_event_inverse(size_t n, const double *factor, double *out);
/* *left = A⁻¹ B A⁻¹ for a symmetric B, symmetric to the last digit; false: no memory. */
TH_CHECKED bool th_event_between(ThContext *cx, size_t n, const double *factor, const double *b, double *out);
/* ½ tr(A⁻¹ E_a A⁻¹ E_b) times `weight`, for all pairs a, b of the n (n + 1)/2 elements of a symmetric matrix, into the
 * block of `out`, with `stride` columns, that begins at row and column `first`; E_a is the derivative by element a. */
void th_event_add_information(size_t n, const double *inverse, double weight, size_t first, size_t stride,
                              double *out);

/* The eigenvalues s² of B relative to A = L L', by the factor M of B = M M', and the components of a vector where A is
 * the unit matrix and B is diag(s²): `vector` (n) is replaced; NULL: none. */
TH_CHECKED bool th_event_relative(ThContext *cx, size_t n, const double *factor, const double *other,
                                  double *squares, double *vector);

/* --- event_score.c */

/* score(d, x): of the shape of x; by the parameters a record of them. */
TH_CHECKED bool th_event_score(ThContext *cx, const ThDistribution *d, ThValue points, bool parameters,
                               ThValue *out);
TH_CHECKED bool th_event_fisher(ThContext *cx, const ThDistribution *d, ThValue *out);

/* --- event_verb.c */

/* Whether x is one point (*one) or *count of them by rows; an error otherwise. */
TH_CHECKED bool th_event_points(ThContext *cx, const ThDistribution *d, const ThArray *x, size_t *count,
                                bool *one);

bool th_event_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);
/* d[i], counted from 1. */
TH_CHECKED bool th_event_index(ThContext *cx, const ThDistribution *d, const ThValue *indices, size_t n,
                               ThValue *out);
/* Mean of component k, and the covariance of two, as variables count them (joint.h): (m) and (m, m) of the first m. */
TH_CHECKED bool th_event_moments(ThContext *cx, const ThDistribution *d, size_t m, double *mean,
                                 double *covariance);
/* Row and column of component k of a matrix, row <= column; of a vector k and 0. */
void th_event_place(const ThEventLaw *event, size_t k, size_t *row, size_t *column);
/* d.cov: (n, n). */
TH_CHECKED bool th_event_covariance(ThContext *cx, const ThDistribution *d, ThValue *out);
/* "a vector of 2, mean …, sd …": for the echo. */
TH_CHECKED bool th_event_facts(ThContext *cx, const ThDistribution *d, ThText *out);
/* The law of component i (from 0) given those before it: variables where the family has `given`, else numbers. */
TH_CHECKED bool th_event_component(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i,
                                   ThValue *out, bool *fixed);

#endif
