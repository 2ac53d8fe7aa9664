/* families_data.c - distributions of data: the data themselves, and the density estimated from them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/kde.h"
#include "num/real.h"
#include "num/special.h"
#include "num/stats.h"
#include "prob/families.h"
#include "prob/mode.h"
#include "prob/numeric.h"
#include "prob/quantile.h"
#include "val/format.h"

/* scale*data + shift */
static bool moved_data(ThContext *cx, ThValue data, double scale, double shift, ThValue *out) {
  ThValue scaled;
  if (!th_binary(cx, TH_OP_MULTIPLY, data, th_number(scale), 0, &scaled)) return false;
  bool ok = th_binary(cx, TH_OP_ADD, scaled, th_number(shift), 0, out);
  th_release(scaled);
  return ok;
}

/* --- Empirical */

static bool empirical_build(ThContext *cx, ThDistribution *d) {
  ThArray *data;
  if (!th_table_vector(cx, d, 0, &data)) return false;
  bool ok = th_table_fill_equal(cx, d, data->real, data->length);
  th_release(th_object(data));
  return ok;
}

static bool empirical_image(ThContext *cx, const ThDistribution *d, double scale, double shift,
                            ThValue *out) {
  ThValue data;
  if (!moved_data(cx, d->parameters[0], scale, shift, &data)) return false;
  bool ok = th_distribution_new(cx, d->family, &data, out);
  th_release(data);
  return ok;
}

const ThFamily th_family_empirical = {
    .builtin =
        {{"Empirical(data = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "data as a distribution: each datum has probability 1/n",
          "its variance divides by n, as that of any distribution does; sampling from it is the bootstrap",
          "d = Empirical([1, 2, 2, 3.5]);\nd\n"
          "#> Empirical(data = [1, 2, 2, 3.5])   support {1, 2, 3.5}, mean 2.125, sd 0.892679\n"
          "cdf(d, 2)\n#> 0.75",
          "KDE Discrete pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "Empirical",
    .n_parameters = 1,
    .parameters = {{"data", TH_DOMAIN_ANY, false, 0}},
    .discrete = true,
    .math = &th_table_math,
    .build = empirical_build,
    .image = empirical_image,
    .outcomes = th_table_outcomes,
};

/* --- KDE */

/* p: the bandwidth, whether a rule chose it, mean and second to fourth central moment of the data. */
enum { BANDWIDTH, BY_RULE, MEAN, SECOND, THIRD, FOURTH, STRIDE };

typedef struct Held {
  ThObject object;
  ThKde kde;
} Held;

static void held_release(ThObject *self) {
  th_kde_free(self->heap, &((Held *)self)->kde);
  th_object_free(self, sizeof(Held));
}

static const ThKind held_kind = {.name = "bins of a density estimate", .release = held_release};

static const ThKde *kde_of(const ThDistribution *d) { return &((const Held *)th_as_object(d->held))->kde; }

static bool search(ThContext *cx, const ThDistribution *d, bool upper, double prob, double *out) {
  const ThKde *kde = kde_of(d);
  double lower = upper ? 1 - prob : prob, n = (double)kde->n, first = kde->data[0],
         last = kde->data[kde->n - 1];
  double z = (upper ? -1 : 1) * kde->bandwidth * th_special_normal_quantile(prob);
  if (!(prob > 0 && prob < 1)) {
    *out = !(prob >= 0 && prob <= 1) ? TH_NAN : (prob > 0) == upper ? -TH_INFINITY : TH_INFINITY;
    return true;
  }
  double guess = lower * n < 1 || (1 - lower) * n < 1 ? TH_NAN : kde->data[(size_t)(lower * n)];
  double slack = 1e-12 * (fabs(first + z) + fabs(last + z));
  return th_quantile_search(cx, d, 0, upper, prob, first + z - slack, last + z + slack, guess, out);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  const ThKde *kde = kde_of(d);
  (void)p;
  switch (what) {
    case TH_PDF: *out = exp(th_kde_log_density(kde, x)); break;
    case TH_LOGPDF: *out = th_kde_log_density(kde, x); break;
    case TH_CDF:
    case TH_CCDF: *out = th_kde_tail(kde, x, what == TH_CCDF); break;
    case TH_LOGCDF:
    case TH_LOGCCDF: *out = th_kde_log_tail(kde, x, what == TH_LOGCCDF); break;
    case TH_QUANTILE:
    case TH_UPPER_QUANTILE: return search(cx, d, what == TH_UPPER_QUANTILE, x, out);
  }
  return true;
}

/* The highest of the bins' centres, and from there to the top. */
static bool mode(ThContext *cx, const ThDistribution *d, ThFinding *out) {
  const ThKde *kde = kde_of(d);
  double best = -TH_INFINITY, h = kde->bandwidth, at = 0;
  for (size_t i = 0; i < kde->n_bins; i++) {
    double y = th_kde_log_density(kde, kde->bins[i].centre);
    if (!th_poll_at(cx, i)) return false;
    if (y > best) best = y, at = kde->bins[i].centre;
  }
  out->method = "search";
  return th_mode_climb(cx, d, 0, at - 0.75 * h, at + 0.75 * h, &out->value, &out->error);
}

/* Of a sum of a datum and a normal distance: central moments add up by the binomial theorem. */
static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  double h2 = p[BANDWIDTH] * p[BANDWIDTH], variance = p[SECOND] + h2;
  *out = (ThFinding){0};
  switch (what) {
    case TH_MEAN: out->value = p[MEAN]; break;
    case TH_VARIANCE: out->value = variance; break;
    case TH_SD: out->value = sqrt(variance); break;
    case TH_SKEWNESS: out->value = p[THIRD] / (variance * sqrt(variance)); break;
    case TH_KURTOSIS:
      out->value = (p[FOURTH] + 6 * h2 * p[SECOND] + 3 * h2 * h2) / (variance * variance) - 3;
      break;
    case TH_MODE: return mode(cx, d, out);
    case TH_MEDIAN: return search(cx, d, false, 0.5, &out->value);
    case TH_ENTROPY: return th_numeric_find(cx, d, 0, what, out);
  }
  return true;
}

static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  (void)cx, (void)p;
  *out = th_kde_slope(kde_of(d), x);
  return true;
}

/* Σ C(n, k) E D^(n-k) h^k E Z^k over even k; E Z^k = 1·3·5···(k-1). */
static bool moment(ThContext *cx, const ThDistribution *d, const double *p, int n, double *out) {
  const ThKde *kde = kde_of(d);
  double factor = 1;
  *out = 0;
  for (int k = 0; k <= n; k += 2) {
    double sum = 0;
    for (size_t i = 0; i < kde->n; i++) sum += pow(kde->data[i], n - k);
    *out += factor * sum / (double)kde->n;
    factor *= (double)(n - k) * (n - k - 1) / ((k + 1.0) * (k + 2.0)) * p[BANDWIDTH] * p[BANDWIDTH] * (k + 1);
    if (!th_poll(cx)) return false;
  }
  return true;
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  const ThKde *kde = kde_of(d);
  double re = 0, im = 0, kernel = exp(-0.5 * p[BANDWIDTH] * p[BANDWIDTH] * k * k) / (double)kde->n;
  for (size_t i = 0; i < kde->n; i++) re += cos(k * kde->data[i]), im += sin(k * kde->data[i]);
  *out = kernel * re + TH_I * (kernel * im);
  return th_poll(cx);
}

static bool log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out) {
  const ThKde *kde = kde_of(d);
  double largest = t * kde->data[t > 0 ? kde->n - 1 : 0], sum = 0;
  for (size_t i = 0; i < kde->n; i++) sum += exp(t * kde->data[i] - largest);
  *out = largest + log(sum / (double)kde->n) + 0.5 * p[BANDWIDTH] * p[BANDWIDTH] * t * t;
  return th_poll(cx);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  const ThKde *kde = kde_of(d);
  (void)cx;
  th_random_fill_normal(r, n, x);
  for (size_t i = 0; i < n; i++) x[i] = kde->data[th_random_below(r, kde->n)] + p[BANDWIDTH] * x[i];
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d, (void)p;
  *lower = -TH_INFINITY;
  *upper = TH_INFINITY;
}

static bool discrete(const ThDistribution *d) {
  (void)d;
  return false;
}

/* Every few bandwidths through the data, and on either side of gaps. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  const ThKde *kde = kde_of(d);
  double h = p[BANDWIDTH], first = kde->data[0], last = kde->data[kde->n - 1];
  double step = fmax(3 * h, (last - first) / (0.4 * (double)most));
  (void)cx;
  points[0] = first - 8 * h;
  points[1] = last + 8 * h;
  *n = 2;
  for (size_t i = 0; i < kde->n_bins && *n + 2 <= most; i++) {
    double x = kde->bins[i].centre;
    if (i > 0 && x <= points[*n - 1] + step && x - kde->bins[i - 1].centre < 16 * h) continue;
    points[(*n)++] = x - 8 * h;
    points[(*n)++] = x;
  }
  return true;
}

static bool choose_bandwidth(ThContext *cx, ThDistribution *d, const ThArray *data, double *bandwidth) {
  ThArray *sorted = th_array_copy(cx, data);
  bool ok = sorted && th_stats_sort(cx, sorted->length, sorted->real);
  *bandwidth = ok ? th_kde_silverman(sorted->length, sorted->real) : 0;
  if (sorted) th_release(th_object(sorted));
  if (!ok || *bandwidth > 0) return ok;
  th_fail(cx, TH_ERROR_VALUE,
          data->length == 1 ? "one datum says nothing of its spread"
                            : "all %zu data are equal: they say nothing of their spread",
          data->length);
  return th_hint(cx, "give the width of the kernel: `%s(…, bandwidth = 0.1)`", d->family->name);
}

static bool check_bandwidth(ThContext *cx, ThDistribution *d, const ThArray *data) {
  double bandwidth;
  if (!th_to_number(d->parameters[1], &bandwidth))
    return th_fail(cx, TH_ERROR_TYPE, "`bandwidth` of KDE is a number");
  bool by_rule = isnan(bandwidth);
  if (by_rule && !choose_bandwidth(cx, d, data, &bandwidth)) return false;
  if (!(bandwidth > 0 && isfinite(bandwidth)))
    return th_fail(cx, TH_ERROR_VALUE, "`bandwidth` of KDE must be positive, got %.6g", bandwidth);
  th_replace_take(&d->parameters[1], th_number(bandwidth));
  if (!th_distribution_room(cx, d, 1, STRIDE)) return false;
  d->p[BANDWIDTH] = bandwidth;
  d->p[BY_RULE] = by_rule;
  return true;
}

static void set_moments(ThDistribution *d, const ThArray *data) {
  double *p = d->p, n = (double)data->length;
  p[MEAN] = th_stats_mean(data->length, data->real);
  p[SECOND] = th_stats_variance(data->length, data->real, 0);
  p[THIRD] = p[FOURTH] = 0;
  for (size_t i = 0; i < data->length; i++) {
    double x = data->real[i] - p[MEAN];
    p[THIRD] += x * x * x / n;
    p[FOURTH] += x * x * x * x / n;
  }
}

static bool kde_build(ThContext *cx, ThDistribution *d) {
  ThArray *data;
  if (!th_table_vector(cx, d, 0, &data)) return false;
  Held *held = NULL;
  bool ok = check_bandwidth(cx, d, data);
  if (ok) held = th_object_new(cx, &held_kind, sizeof *held);
  ok = held && th_kde_init(cx, &held->kde, data->length, data->real, d->p[BANDWIDTH]);
  if (held) th_replace_take(&d->held, th_object(held));
  if (ok) set_moments(d, data);
  th_release(th_object(data));
  return ok;
}

static bool kde_image(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out) {
  ThValue parameters[2] = {th_none(), th_number(fabs(scale) * d->p[BANDWIDTH])};
  if (!moved_data(cx, d->parameters[0], scale, shift, &parameters[0])) return false;
  bool ok = th_distribution_new(cx, d->family, parameters, out);
  th_release(parameters[0]);
  return ok;
}

static bool facts(ThContext *cx, const ThDistribution *d, ThText *out) {
  if (!th_distribution_facts(cx, d, out)) return false;
  if (d->p[BY_RULE] != 0) th_text_add(out, ", bandwidth by Silverman's rule");
  return true;
}

static const ThLaw kde_law = {.measure = measure,
                              .cf = cf,
                              .log_mgf = log_mgf,
                              .sample = sample,
                              .support = support,
                              .discrete = discrete,
                              .moment = moment,
                              .breaks = breaks,
                              .find = find,
                              .score = score};

const ThFamily th_family_kde = {
    .builtin =
        {{"KDE(data = …, bandwidth = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "the density estimated from data: a normal curve of equal width around each datum",
          "the bandwidth is the sd of these curves; without it Silverman's rule chooses: 0.9 n^(-1/5) times the "
          "sd, or the interquartile range/1.34 if that is smaller. A density at a point takes the same time for "
          "a million data as for a thousand",
          "d = KDE([1, 2, 2.5, 4, 7]);\nd.bandwidth\n#> 0.973585\npdf(d, 2)\n#> 0.212076\n"
          "cdf(KDE([0, 1], bandwidth = 0.5), 0.5)\n#> 0.5",
          "Empirical Mixture hist pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "KDE",
    .n_parameters = 2,
    .parameters = {{"data", TH_DOMAIN_ANY, false, 0}, {"bandwidth", TH_DOMAIN_ANY, true, NAN}},
    .law = &kde_law,
    .build = kde_build,
    .image = kde_image,
    .facts = facts,
};
