/* gaussian.h - models whose errors are Normal with given σ and whose means are linear in the parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_GAUSSIAN_H
#define TH_INFER_GAUSSIAN_H

#include "infer/least_squares.h"
#include "infer/strategy.h"
#include "prob/conjugate_form.h"

/* A joint normal prior of all elements, left by data seen before: root·β - target is standard normal. */
typedef struct ThGaussianPrior {
  size_t k;
  const double *root, *target; /* (k, k) upper triangular, (k) */
  double log_evidence;         /* of those data; NaN where it is not defined */
  const double
      *gamma; /* shape and scale of w, the inverse gamma variance by whose root all is multiplied; or NULL */
} ThGaussianPrior;

/* The element v of whose power all variances are multiples, c v^power. */
typedef struct ThGaussianScale {
  size_t element; /* SIZE_MAX: the variances are known */
  double power;
} ThGaussianScale;

/* The model as rows (coefficients·β - right)/σ, standard normal each: n of data, then those of the priors. */
typedef struct ThGaussianSystem {
  ThContext *cx;
  size_t k, n_rows, capacity;
  ThGaussianScale scale; /* its element is none of the k, whose order is that of the others */
  size_t n_data;
  double weight;    /* of the data: their number where each has the weight 1 */
  double *rows;     /* (n_rows, k + 1): divided by σ, or its known factor, the right side last */
  double log_scale; /* Σ log σ over all rows */
  double constant;  /* log density of data that hang on no parameter */
  size_t n_proper;  /* elements with a proper prior */
} ThGaussianSystem;

/* A record being read into a system. */
typedef struct ThGaussianReading {
  const ThRecording *r;
  ThGaussianSystem *system;
  const ThVariable **variables; /* of the elements */
  ThReason *why;
} ThGaussianReading;

/* n new rows of zeros; NULL with an error, or when n is 0. */
double *th_gaussian_new_rows(ThGaussianSystem *system, size_t n);
/* gaussian_vector.c: data, and a whole parameter's prior, whose law is MvNormal. */
ThAttempt th_gaussian_read_vectors(const ThGaussianReading *reading, const ThObservation *o);
ThAttempt th_gaussian_read_vector_prior(const ThGaussianReading *reading, const ThUnknown *u);

/* Reads the record; with the priors when `with_priors`, but for that of the scale. */
ThAttempt th_gaussian_read_scaled(const ThRecording *r, bool with_priors, const ThGaussianScale *scale,
                                  ThGaussianSystem *out, ThReason *why);
/* The column of an element that is not the scale. */
size_t th_gaussian_column(const ThGaussianSystem *system, size_t element);
/* The variance of value i under a Normal law, a multiple of a power of a variable; false where it is none. */
bool th_gaussian_variance(ThValue law, size_t i, ThConjugateForm *out);
/* Is the Σ of MvNormal a matrix times such a multiple? False with an error record on Ctrl-C and for want of memory. */
TH_CHECKED bool th_gaussian_covariance(ThContext *cx, ThValue law, ThConjugateForm *out, bool *is_multiple);
/* As th_gaussian_read_scaled, where the variances are known. */
ThAttempt th_gaussian_read(const ThRecording *r, bool with_priors, ThGaussianSystem *out, ThReason *why);
void th_gaussian_clear(ThGaussianSystem *system);

/* gaussian.c: the least-squares solution of the rows; the error of a system that leaves a direction flat, TH_FAILED;
 * does a range of `param … in` cut a normal posterior (of the scale it may)? */
TH_CHECKED bool th_gaussian_solve(const ThGaussianSystem *system, ThLeastSquares *out);
ThAttempt th_gaussian_fail_flat(const ThRecording *r, const ThGaussianSystem *system,
                                const ThLeastSquares *s);
ThAttempt th_gaussian_check_unbounded(const ThRecording *r, const ThGaussianScale *scale, ThReason *why);

#endif
