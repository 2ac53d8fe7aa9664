/* distribution_math.c - what can be computed of one distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A family has either plain mathematics (num/density.h) or a law of its own; here the two look alike. */
#include <math.h>
#include <stdio.h>

#include "num/real.h"
#include "prob/distribution.h"
#include "prob/numeric.h"

double th_math_measure(const ThFamilyMath *math, ThMeasure what, double x, const double *p) {
  switch (what) {
    case TH_PDF: return math->pdf(x, p);
    case TH_LOGPDF: return math->logpdf(x, p);
    case TH_CDF: return math->cdf(x, p);
    case TH_CCDF: return math->ccdf(x, p);
    case TH_LOGCDF: return math->logcdf(x, p);
    case TH_LOGCCDF: return math->logccdf(x, p);
    case TH_QUANTILE: return math->quantile(x, p);
    case TH_UPPER_QUANTILE: return math->upper_quantile(x, p);
  }
  return TH_NAN;
}

bool th_distribution_measure(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what, double x,
                             double *out) {
  const double *p = th_distribution_numbers(d, i);
  if (!d->family->math) return d->family->law->measure(cx, d, p, what, x, out);
  *out = th_math_measure(d->family->math, what, x, p);
  return true;
}

bool th_distribution_measure_many(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what, size_t n,
                                  const double *x, double *out) {
  const ThLaw *law = d->family->math ? NULL : d->family->law;
  if (law && law->measure_many)
    return law->measure_many(cx, d, th_distribution_numbers(d, i), what, n, x, out);
  for (size_t k = 0; k < n; k++)
    if (!th_distribution_measure(cx, d, i, what, x[k], &out[k]) || !th_poll_at(cx, k)) return false;
  return true;
}

double (*th_math_summary(const ThFamilyMath *math, ThSummary what))(const double *) {
  switch (what) {
    case TH_MEAN: return math->mean;
    case TH_VARIANCE:
    case TH_SD: return math->variance;
    case TH_SKEWNESS: return math->skewness;
    case TH_KURTOSIS: return math->kurtosis;
    case TH_MODE: return math->mode;
    case TH_MEDIAN: return math->median;
    case TH_ENTROPY: return math->entropy;
  }
  return NULL;
}

/* --- Summaries, and why one is missing */

void th_distribution_divergence(const ThDistribution *d, const char *power, ThFinding *out) {
  bool sum = th_distribution_is_discrete(d);
  snprintf(out->reason, sizeof out->reason, "%s %s p(x)%s diverges", sum ? "Σ" : "∫", power,
           sum ? "" : " dx");
}

/* Of a summary that is NaN or infinite. The ones before it are asked first. */
static bool give_reason(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, ThFinding *out) {
  static const char *const powers[] = {
      [TH_MEAN] = "|x|", [TH_VARIANCE] = "x²", [TH_SD] = "x²", [TH_SKEWNESS] = "|x|³", [TH_KURTOSIS] = "x⁴"};
  double mean = 0, variance = 1;
  if (what == TH_MODE)
    snprintf(out->reason, sizeof out->reason, "the density is unbounded at more than one place");
  if (what > TH_KURTOSIS) return true;
  if (what != TH_MEAN && !th_distribution_summary(cx, d, i, TH_MEAN, &mean)) return false;
  bool standardised = what == TH_SKEWNESS || what == TH_KURTOSIS;
  if (standardised && !th_distribution_summary(cx, d, i, TH_VARIANCE, &variance)) return false;
  if (!isfinite(mean)) th_distribution_divergence(d, powers[TH_MEAN], out);
  else if (standardised && !isfinite(variance)) th_distribution_divergence(d, powers[TH_VARIANCE], out);
  else if (variance == 0) snprintf(out->reason, sizeof out->reason, "the sd is 0");
  else if (out->method) snprintf(out->reason, sizeof out->reason, "the integral does not converge");
  else th_distribution_divergence(d, powers[what], out);
  return true;
}

bool th_distribution_find(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, ThFinding *out) {
  const double *p = th_distribution_numbers(d, i);
  const ThFamilyMath *math = d->family->math;
  const ThLaw *law = d->family->law;
  double (*const formula)(const double *) = math ? th_math_summary(math, what) : NULL;
  *out = (ThFinding){0};
  bool ok = true;
  if (formula) out->value = what == TH_SD ? sqrt(formula(p)) : formula(p);
  else if (math) ok = th_numeric_find(cx, d, i, what, out);
  else if (law->find) ok = law->find(cx, d, p, what, out);
  else ok = law->summary(cx, d, p, what, &out->value);
  if (!ok || isfinite(out->value) || out->reason[0]) return ok;
  return give_reason(cx, d, i, what, out);
}

bool th_distribution_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, double *out) {
  const double *p = th_distribution_numbers(d, i);
  const ThFamilyMath *math = d->family->math;
  if (!math && d->family->law->find) {
    ThFinding finding;
    bool ok = d->family->law->find(cx, d, p, what, &finding);
    *out = finding.value;
    return ok;
  }
  if (!math) return d->family->law->summary(cx, d, p, what, out);
  double (*const formula)(const double *) = th_math_summary(math, what), error;
  if (!formula) return th_numeric_summary(cx, d, i, what, out, &error);
  *out = what == TH_SD ? sqrt(formula(p)) : formula(p);
  return true;
}

bool th_distribution_find_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, double *out,
                                  double *relative) {
  const double *p = th_distribution_numbers(d, i);
  const ThFamilyMath *math = d->family->math;
  const ThLaw *law = d->family->law;
  *relative = 0;
  if (!math)
    return law->find_log_mgf ? law->find_log_mgf(cx, d, p, t, out, relative) : law->log_mgf(cx, d, p, t, out);
  if (t != 0 && !math->log_mgf) return th_numeric_log_mgf(cx, d, i, t, out, relative);
  *out = t == 0 ? 0 : math->log_mgf(t, p);
  return true;
}

bool th_distribution_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, double *out) {
  double relative;
  return th_distribution_find_log_mgf(cx, d, i, t, out, &relative);
}

bool th_distribution_find_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, ThFinding *out) {
  double log_mgf, relative;
  if (!th_distribution_find_log_mgf(cx, d, i, t, &log_mgf, &relative)) return false;
  *out = (ThFinding){.value = exp(log_mgf)};
  if (relative > 0) out->method = th_numeric_method(d), out->error = relative * out->value;
  if (isinf(out->value)) th_distribution_divergence(d, "e^(tx)", out);
  return true;
}

double th_distribution_error(const ThDistribution *d, size_t i, ThMeasure what, double x,
                             const char **method) {
  const ThLaw *law = d->family->math ? NULL : d->family->law;
  const char *unasked;
  if (!law || !law->error) return 0;
  return law->error(d, th_distribution_numbers(d, i), what, x, method ? method : &unasked);
}

/* An error of a tail, or of a density, moves its logarithm by its share of the value, and a quantile by its share of
 * the density. */
bool th_distribution_judge(ThContext *cx, const ThDistribution *d, size_t i, ThMeasure what, double x,
                           double value, ThFinding *out) {
  double density = 0;
  const char *method = NULL;
  bool of_density = what == TH_PDF || what == TH_LOGPDF;
  bool quantile = what == TH_QUANTILE || what == TH_UPPER_QUANTILE;
  double error = th_distribution_error(d, i, of_density ? TH_PDF : TH_CDF, quantile ? value : x, &method);
  *out = (ThFinding){.value = value};
  if (!(error > 0) || !isfinite(value)) return true;
  if (quantile && !th_distribution_measure(cx, d, i, TH_PDF, value, &density)) return false;
  if (quantile && !(density > 0)) return true;
  bool logarithm = what == TH_LOGPDF || what == TH_LOGCDF || what == TH_LOGCCDF;
  out->error = quantile ? error / density : logarithm ? error * exp(-value) : error;
  out->method = method;
  return true;
}

bool th_distribution_score(ThContext *cx, const ThDistribution *d, size_t i, double x, double *out) {
  const ThFamily *family = d->family;
  if (family->math) family->math->gradient(x, th_distribution_numbers(d, i), out, NULL);
  else if (family->law->score) return family->law->score(cx, d, th_distribution_numbers(d, i), x, out);
  else return th_numeric_score(cx, d, i, x, out);
  return true;
}

bool th_distribution_sample(ThContext *cx, const ThDistribution *d, size_t i, ThRandom *r, size_t n,
                            double *x) {
  enum { CHUNK = 1 << 16 };
  const double *p = th_distribution_numbers(d, i);
  for (size_t start = 0; start < n; start += CHUNK) {
    size_t count = n - start < CHUNK ? n - start : CHUNK;
    if (!th_poll(cx)) return false;
    if (d->family->math) th_density_sample(d->family->math, p, r, count, x + start);
    else if (!d->family->law->sample(cx, d, p, r, count, x + start)) return false;
  }
  return true;
}

void th_distribution_support(const ThDistribution *d, size_t i, double *lower, double *upper) {
  if (d->family->math) d->family->math->support(th_distribution_numbers(d, i), lower, upper);
  else d->family->law->support(d, th_distribution_numbers(d, i), lower, upper);
}

bool th_distribution_is_discrete(const ThDistribution *d) {
  return d->family->law ? d->family->law->discrete(d) : d->family->discrete;
}

static bool is_mixed(const ThDistribution *d) {
  const ThLaw *law = d->family->math ? NULL : d->family->law;
  return law && law->mixed && !law->discrete(d) && law->mixed(d);
}

bool th_distribution_atoms(ThContext *cx, const ThDistribution *d, size_t i, double **values, size_t *n) {
  *values = NULL;
  *n = 0;
  return !is_mixed(d) || d->family->law->atoms(cx, d, th_distribution_numbers(d, i), values, n);
}

bool th_distribution_mass(ThContext *cx, const ThDistribution *d, size_t i, double x, double *out) {
  if (th_distribution_is_discrete(d)) return th_distribution_measure(cx, d, i, TH_PDF, x, out);
  *out = 0;
  return !is_mixed(d) || d->family->law->mass(cx, d, th_distribution_numbers(d, i), x, out);
}

bool th_distribution_has_steps(const ThDistribution *d) {
  return th_distribution_is_discrete(d) || is_mixed(d);
}

/* The whole numbers from lower to upper as a new block. */
static bool whole_numbers(ThContext *cx, double lower, double upper, size_t most, double **values,
                          size_t *n) {
  double count = floor(upper) - ceil(lower) + 1;
  *n = 0;
  *values = NULL;
  if (!(count >= 1) || count > (double)most) return true;
  double *x = th_alloc_array(cx, (size_t)count, sizeof *x);
  if (!x) return false;
  for (*n = 0; *n < (size_t)count; ++*n) x[*n] = ceil(lower) + (double)*n;
  *values = x;
  return true;
}

bool th_distribution_outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most,
                              double **values, size_t *n) {
  double lower, upper;
  if (d->family->outcomes) return d->family->outcomes(cx, d, tail, most, values, n);
  th_distribution_support(d, 0, &lower, &upper);
  bool ok = true;
  if (isinf(lower)) ok = th_distribution_measure(cx, d, 0, TH_QUANTILE, tail, &lower);
  if (ok && isinf(upper)) ok = th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, tail, &upper);
  return ok && whole_numbers(cx, lower, upper, most, values, n);
}
