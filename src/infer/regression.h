/* regression.h - what lm, linreg and glm give: coefficients, errors, and how well they fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_REGRESSION_H
#define TH_INFER_REGRESSION_H

#include "infer/design.h"

/* Where the σ of the data comes from. */
typedef enum ThSigmaKind {
  TH_SIGMA_ESTIMATED,
  TH_SIGMA_NUMBER,     /* given, one for all */
  TH_SIGMA_VECTOR,     /* given, one each */
  TH_SIGMA_COVARIANCE, /* a covariance matrix is given */
  TH_SIGMA_NONE        /* the data are not Normal: glm */
} ThSigmaKind;

/* What the standard errors are. */
typedef enum ThErrorKind {
  TH_ERRORS_SAMPLING,  /* the sd of the estimator over repeated data */
  TH_ERRORS_PENALISED, /* the same, of one that is biased: ridge */
  TH_ERRORS_POSTERIOR, /* with a prior: the scale of the posterior */
  TH_ERRORS_NONE       /* there are none; `words` say why */
} ThErrorKind;

struct ThGlmFamily;

typedef struct ThRegression {
  ThObject object;
  ThContext *cx;
  const char *verb, *method;
  ThValue formula, data; /* of lm and glm; else none, unset */
  ThDesign design;
  ThValue y, fitted, residuals; /* arrays (n); fitted of a categorical response: (n, classes) */
  size_t n, k;                  /* data; coefficients */
  double *coef, *covariance;    /* (k), (k, k) */
  ThErrorKind errors;
  ThSigmaKind sigma_kind;
  ThValue sigma; /* a number, or an array (n) */
  double n_free; /* numbers that were estimated, an estimated σ too; of a penalised fit what they are worth */
  double dof;    /* that are left for σ, χ² or the deviance */
  double level;  /* of intervals */
  double loglik, chi2, r2, deviance; /* NaN where they make no sense, like all that follow */
  double adjusted_r2, f,
      f_dof; /* of least squares with an intercept: F of all other columns, on f_dof and dof */
  double null_deviance, null_dof;   /* of glm: with the intercept alone */
  double dispersion;                /* of counts: Pearson's χ² over dof */
  ThValue words;                    /* sentences, one a line, or none */
  const struct ThGlmFamily *family; /* of glm, else NULL */
  ThValue classes; /* of a categorical response: a list of their names, the first the base; else none */
  size_t rank;     /* below k: of many coefficients that fit equally well these have the least norm */
  ThRecord
      *given; /* what came with the data, each where there is one: weights, offset, trials (n); Σ (n, n); of a
                      penalty or prior Λ (k, k), m (k), and of the lasso λ (k) */
} ThRegression;

extern const ThKind th_regression_kind; /* "regression" */
static inline bool th_is_regression(ThValue v) { return th_is(v, &th_regression_kind); }
static inline ThRegression *th_as_regression(ThValue v) { return (ThRegression *)th_as_object(v); }

/* A new one around a design, which it takes, on failure too, with room for k coefficients. */
TH_CHECKED ThRegression *th_regression_new(ThContext *cx, ThDesign *design, size_t k);
/* What was given by that name, or NULL. */
const ThValue *th_regression_given(const ThRegression *r, const char *name);
/* x (n) or (n, n), as given by that name; x may be NULL: nothing. */
TH_CHECKED bool th_regression_give(ThRegression *r, const char *name, const double *x, size_t n, bool square);
/* Adds a sentence to the words. */
TH_CHECKED bool th_regression_say(ThRegression *r, const char *format, ...) TH_PRINTF(2, 3);
/* Residuals: y - fitted. */
TH_CHECKED bool th_regression_residuals(ThRegression *r);
static inline double th_regression_se(const ThRegression *r, size_t j) {
  return __builtin_sqrt(r->covariance[j * (r->k + 1)]);
}
/* t with dof degrees of freedom where σ is estimated, else the Normal distribution: P(|T| > |t|), and the t with
 * P(|T| < t) = level. */
double th_regression_p(const ThRegression *r, double t);
double th_regression_quantile(const ThRegression *r, double level);
/* "x", or "b: x" of a class. */
void th_regression_name(const ThRegression *r, size_t j, ThText *out);

/* regression_fields.c */
bool th_regression_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out);
const ThFieldNote *th_regression_field_note(size_t i);
ThSymbol *th_regression_field_name(ThContext *cx, ThValue self, size_t i);
/* regression_text.c */
TH_CHECKED bool th_regression_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* regression_plot.c */
TH_CHECKED bool th_regression_plot(ThContext *cx, ThValue self, void *figure);
/* Residuals over the input, or over the fitted values where there is not just one; figure is a ThFigure. */
TH_CHECKED bool th_regression_plot_residuals(ThContext *cx, ThRegression *r, void *figure);

#endif
