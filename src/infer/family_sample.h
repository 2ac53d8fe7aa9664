/* family_sample.h - data with weights, for estimates from their sums */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FAMILY_SAMPLE_H
#define TH_INFER_FAMILY_SAMPLE_H

#include "infer/record.h"

/* Data of weight 0 are left out. */
typedef struct ThSample {
  ThContext *cx;
  const ThSymbol *name;
  size_t n, room; /* data; what the block was made for */
  double *x, *w;  /* (n) */
  double *term;   /* (n): work */
  double total;   /* Σ w */
  double low, high;
} ThSample;

/* Of numbers. */
TH_CHECKED bool th_sample_init(ThContext *cx, const ThObservation *o, const ThArray *weights, ThSample *out);
void th_sample_clear(ThSample *s);

/* Σ w f(x, a)/Σ w */
double th_sample_mean(ThSample *s, double (*f)(double x, double a), double a);
/* The usual f: x; (x - a)²; |x - a|; x^a; log x; (log x - a)²; 1/(x - a) */
double th_sample_x(double x, double a);
double th_sample_square(double x, double a);
double th_sample_distance(double x, double a);
double th_sample_power(double x, double a);
double th_sample_log(double x, double a);
double th_sample_log_square(double x, double a);
double th_sample_reciprocal(double x, double a);
/* Sorts the data. Then: the value below which a part q of the weight lies; between the middle two where the weight
 * falls between them. */
TH_CHECKED bool th_sample_sort(ThSample *s);
double th_sample_quantile(const ThSample *s, double q);
/* The largest weight that equal values have together; the data are sorted. *at: that value. */
double th_sample_ties(const ThSample *s, double *at);
/* Σ w log density of a family at positional parameters. */
double th_sample_log_density(ThSample *s, const ThFamilyMath *math, const double *p);

#endif
