/* density_sum.c - tails and expectations of discrete families as sums of their masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tail is summed from the point outwards: all terms are positive, each is the one before times a ratio of the family,
 * and every so often the mass itself is taken afresh so that roundings do not add up. What has not fallen off after
 * EDGE terms varies slowly; there the sum is an integral by the midpoint rule of Euler and Maclaurin,
 * Σ f = ∫ f - (f'(end) - f'(start))/24 + …, whose next term is below the last digit, over panels that keep to the
 * scales of the family. Near the other end of the support, where the masses may rise again, terms are added singly. */
#include "num/density_sum.h"

#include "num/real.h"
#include "num/special.h"

enum { EDGE = 4096, REFRESH = 256, N_NODES = 8 };

/* Nodes and weights of Gauss and Legendre with 16 points on (-1, 1), of which one half is listed. */
static const double node[N_NODES] = {0.0950125098376374402, 0.281603550779258913, 0.458016777657227386,
                                     0.617876244402643748,  0.755404408355003034, 0.865631202387831744,
                                     0.944575023073232576,  0.989400934991649933};
static const double weight[N_NODES] = {0.189450610455068496,  0.182603415044923589, 0.169156519395002538,
                                       0.149595988816576732,  0.12462897125553387,  0.0951585116824927848,
                                       0.0622535239386478929, 0.0271524594117540949};

/* One sum: of terms at x = from + step·j, j = 0 … count - 1; x may be any real number. */
typedef struct Sum {
  const ThMasses *m;
  const double *p;
  double from, step;
  double tilt, reference; /* a term is mass·e^(tilt·x - reference), or, of another kind, */
  double (*of_log)(double log_mass, double x, double tilt);
} Sum;

static double surprise(double log_mass, double x, double tilt) {
  (void)x, (void)tilt;
  return log_mass < -745 ? 0 : -exp(log_mass) * log_mass;
}
static double growth(double log_mass, double x, double tilt) {
  double at = tilt * x;
  return at > 40 ? exp(log_mass + at) : exp(log_mass) * expm1(at);
}

static double term(const Sum *s, double j) {
  double x = s->from + s->step * j, log_mass = s->m->log_mass(x, s->p);
  return s->of_log ? s->of_log(log_mass, x, s->tilt) : exp(log_mass + s->tilt * x - s->reference);
}

/* Terms first … last of the masses by ratios. *done when those that follow do not count. */
static double by_ratios(const Sum *s, double first, double last, bool *done) {
  double sum = 0, mass = 0, factor = exp(s->step * s->tilt);
  *done = false;
  for (double j = first; j <= last; j++) {
    if (fmod(j - first, REFRESH) == 0 || mass < 1e-280) mass = term(s, j);
    sum += mass;
    double ratio = factor * s->m->ratio(s->from + s->step * j, s->step, s->p);
    mass *= ratio;
    if (s->m->bell && ratio < 1 && mass < 1e-17 * (1 - ratio) * sum) {
      *done = true;
      return sum;
    }
  }
  return sum;
}

static double singly(const Sum *s, double first, double last) {
  double sum = 0;
  for (double j = first; j <= last; j++) sum += term(s, j);
  return sum;
}

static double add_edge(const Sum *s, double first, double last, bool *done) {
  *done = false;
  return s->of_log ? singly(s, first, last) : by_ratios(s, first, last, done);
}

/* A panel from j that keeps to the scales of the family: the distances to the ends, to the centre, the width of the
 * bell, and the rate at which the masses change. */
static double panel(const Sum *s, double j, double count) {
  double x = s->from + s->step * j, rest = fmax(0.5 * (count - j), 0.5 * EDGE);
  double scale = fmin(fmax(j, EDGE), rest);
  scale = fmin(scale, fmax(0.5 * fabs(x - s->m->center), s->m->width));
  double rate = fabs(s->m->log_mass(x + 0.5, s->p) - s->m->log_mass(x - 0.5, s->p) + s->tilt);
  return rate * scale > 8 ? 8 / rate : scale;
}

static double gauss(const Sum *s, double low, double high) {
  double sum = 0, half = 0.5 * (high - low), middle = 0.5 * (low + high);
  for (int i = 0; i < N_NODES; i++)
    sum += weight[i] * (term(s, middle - half * node[i]) + term(s, middle + half * node[i]));
  return half * sum;
}

static double slope(const Sum *s, double j) { return term(s, j + 0.5) - term(s, j - 0.5); }

/* Terms first … last by the midpoint rule. */
static double by_integral(const Sum *s, double first, double last, double count, double so_far) {
  double end = last + 0.5, sum = 0, low = first - 0.5;
  while (low < end) {
    double high = fmin(low + panel(s, low, count), end), part = gauss(s, low, high);
    if (!(high > low)) break; /* beyond the whole numbers that doubles tell apart */
    sum += part;
    low = high;
    double x = s->from + s->step * low;
    bool beyond = s->step > 0 ? x > s->m->center : x < s->m->center;
    if (s->m->bell && beyond && part < 1e-18 * (sum + so_far)) return sum + slope(s, first - 0.5) / 24;
  }
  return sum - (slope(s, end) - slope(s, first - 0.5)) / 24;
}

static double sum_of(const Sum *s, double count) {
  bool done;
  if (count <= 3 * EDGE) return add_edge(s, 0, count - 1, &done);
  double sum = add_edge(s, 0, EDGE - 1, &done);
  if (done) return sum;
  if (!(count < 0x1p53)) return sum + by_integral(s, EDGE, count - 1, count, sum);
  sum += by_integral(s, EDGE, count - EDGE - 1, count, sum);
  return sum + singly(s, count - EDGE, count - 1);
}

/* The sum from `from` to an end, relative to its first term. */
static double outward(const ThMasses *m, const double *p, double from, bool up, double *log_first) {
  *log_first = m->log_mass(from, p);
  Sum s = {m, p, from, up ? 1 : -1, 0, *log_first, NULL};
  return sum_of(&s, (up ? m->upper - from : from - m->lower) + 1);
}

/* P(X <= x) or, of the upper tail, P(X > x), by itself; or its logarithm. */
static double direct(const ThMasses *m, const double *p, double x, bool upper, bool logarithm) {
  double log_first, sum = outward(m, p, upper ? x + 1 : x, upper, &log_first);
  return logarithm ? log_first + log(sum) : fmin(exp(log_first) * sum, 1);
}

double th_density_sum_tail(const ThMasses *m, const double *p, double x, bool upper, bool logarithm) {
  if (x < m->lower || x >= m->upper)
    return upper == (x < m->lower) ? !logarithm : logarithm ? -TH_INFINITY : 0;
  x = floor(x);
  bool small_side = upper ? x >= m->center : x < m->center;
  if (m->bell && small_side) return direct(m, p, x, upper, logarithm);
  if (m->bell) {
    double other = direct(m, p, x, !upper, false);
    return logarithm ? log1p(-other) : 1 - other;
  }
  double tail = direct(m, p, x, upper, false);
  if (!logarithm) return tail;
  return tail > 0.5 ? log1p(-direct(m, p, x, !upper, false)) : direct(m, p, x, upper, true);
}

/* A wide bell from its centre outwards: far below it masses are nothing, and noisy. */
double th_density_sum_entropy(const ThMasses *m, const double *p) {
  double count = m->upper - m->lower + 1, middle = floor(m->center);
  Sum all = {m, p, m->lower, 1, 0, 0, surprise};
  if (!(m->bell && count > 3 * EDGE)) return sum_of(&all, count);
  Sum up = {m, p, middle, 1, 0, 0, surprise}, down = {m, p, middle - 1, -1, 0, 0, surprise};
  return sum_of(&up, m->upper - middle + 1) + sum_of(&down, middle - m->lower);
}

/* Where mass·e^(tx) is greatest, by halving the slope's interval; of masses that are not log-concave, or an end. */
static double peak(const ThMasses *m, const double *p, double t) {
  double low = m->lower, high = m->upper;
  while (low < high) {
    double middle = floor(low + 0.5 * (high - low));
    if (log(m->ratio(middle, 1, p)) + t > 0) low = middle + 1;
    else high = middle;
  }
  double best = m->log_mass(low, p) + t * low;
  best = fmax(best, m->log_mass(m->lower, p) + t * m->lower);
  return fmax(best, m->log_mass(m->upper, p) + t * m->upper);
}

double th_density_sum_log_mgf(const ThMasses *m, const double *p, double t) {
  ThMasses all = *m;
  all.bell = false; /* tilted, they fall off elsewhere */
  double count = m->upper - m->lower + 1, reference = peak(m, p, t);
  Sum more = {&all, p, m->lower, 1, t, 0, growth}, whole = {&all, p, m->lower, 1, t, reference, NULL};
  double value = reference + log(sum_of(&whole, count));
  return fabs(value) < 0.5 ? log1p(sum_of(&more, count)) : value;
}

double th_density_digamma_rise(double a, double n) {
  double ratio = n / a;
  if (n > 40)
    return (ratio <= DBL_MAX ? log1p(ratio) : log(n) - log(a)) + th_special_log_minus_digamma_fall(a, n);
  double sum = 0;
  for (double j = n - 1; j >= 0; j--) sum += 1 / (a + j);
  return sum;
}

/* The logarithm's share: (a + b)(a + n)/(a (a + b + n)) is 1 + (b/a) n/(a + b + n). */
double th_density_digamma_rise_fall(double a, double b, double n) {
  double ratio = b / a * (n / (a + b + n)), sum = 0;
  if (n > 40) {
    double logarithm = ratio <= DBL_MAX ? log1p(ratio) : log(b) - log(a) + log(n / (a + b + n));
    return logarithm + th_special_log_minus_digamma_fall(a, b) - th_special_log_minus_digamma_fall(a + n, b);
  }
  for (double j = n - 1; j >= 0; j--) sum += b / (a + j) / (a + b + j);
  return sum;
}
