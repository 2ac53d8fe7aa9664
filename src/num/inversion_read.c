/* inversion_read.c - what kind of distribution a characteristic function belongs to */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fft.h"
#include "num/inversion_parts.h"
#include "num/real.h"

bool th_inversion_centred(const ThInversionSource *s, size_t n, const double *k, double complex *z) {
  if (!s->phi(s->self, n, k, z)) return false;
  for (size_t j = 0; j < n; j++) {
    double phase = k[j] * s->center, c = cos(phase), d = sin(phase);
    z[j] = __builtin_complex(creal(z[j]) * c + cimag(z[j]) * d, cimag(z[j]) * c - creal(z[j]) * d);
  }
  return true;
}

/* --- Scale and center */

/* The first k, going up by halves of octaves, where |φ| is below 3/4: about 1/sd. 0 where there is none. */
static bool find_width(const ThInversionSource *s, double *k) {
  enum { N = 401 };
  double grid[N];
  double complex z[N];
  for (int j = 0; j < N; j++) grid[j] = exp2(0.5 * (j - 200));
  if (!s->phi(s->self, N, grid, z)) return false;
  *k = 0;
  for (int j = 0; j < N && *k == 0; j++)
    if (!(cabs(z[j]) >= 0.75)) *k = grid[j];
  return true;
}

/* From the phase at a tiny k, where it cannot have turned more than once, by doubling: each step tells the rest. */
static bool find_center(const ThInversionSource *s, double width, double *center) {
  enum { STEPS = 40 };
  double k[STEPS];
  double complex z[STEPS];
  for (int j = 0; j < STEPS; j++) k[j] = ldexp(width, j - STEPS);
  if (!s->phi(s->self, STEPS, k, z)) return false;
  *center = carg(z[0]) / k[0];
  for (int j = 1; j < STEPS; j++) {
    double phase = k[j] * *center, turn = carg(z[j] * __builtin_complex(cos(phase), -sin(phase)));
    *center += turn / k[j];
  }
  return true;
}

/* --- Lattices */

static bool modulus(const ThInversionSource *s, double k, double *out) {
  double complex z;
  if (!s->phi(s->self, 1, &k, &z)) return false;
  *out = cabs(z);
  return true;
}

/* The top of |φ| between a and b, by golden sections, which see it to half the digits; then a parabola. */
static bool climb(const ThInversionSource *s, double a, double b, double *top, double *value) {
  const double ratio = 0.6180339887498949;
  double x = b - ratio * (b - a), y = a + ratio * (b - a), fx, fy;
  if (!modulus(s, x, &fx) || !modulus(s, y, &fy)) return false;
  for (int step = 0; step < 30; step++) {
    if (fx >= fy) b = y, y = x, fy = fx, x = b - ratio * (b - a);
    else a = x, x = y, fx = fy, y = a + ratio * (b - a);
    if (!modulus(s, fx >= fy ? x : y, fx >= fy ? &fx : &fy)) return false;
    if (!modulus(s, x, &fx) || !modulus(s, y, &fy)) return false;
  }
  double d = 1e-3 / s->scale, left, middle, right;
  *top = 0.5 * (a + b);
  if (!modulus(s, *top - d, &left) || !modulus(s, *top, &middle) || !modulus(s, *top + d, &right))
    return false;
  double bend = left - 2 * middle + right;
  if (bend < 0) *top += 0.5 * d * (left - right) / bend;
  return modulus(s, *top, value);
}

/* The period of |φ|, or 0. 2π and some multiples are tried first: whole numbers, and decimal fractions. */
static bool find_period(const ThInversionSource *s, double *period) {
  static const double usual[] = {1, 2, 4, 10, 100};
  enum { N = 2048, USUAL = sizeof usual / sizeof *usual };
  double k[N], value, top;
  double complex z[N];
  *period = 0;
  for (int j = 0; j < USUAL; j++) k[j] = 2 * TH_PI * usual[j];
  if (!s->phi(s->self, USUAL, k, z)) return false;
  for (int j = 0; j < USUAL; j++) {
    if (k[j] < 2 / s->scale || !(cabs(z[j]) > 1 - 1e-12)) continue;
    *period = k[j];
    return true;
  }
  for (int j = 0; j < N; j++) k[j] = (1.5 + 0.25 * j) / s->scale;
  if (!s->phi(s->self, N, k, z)) return false;
  for (int j = 1; j + 1 < N; j++) {
    if (!(cabs(z[j]) > 0.9 && cabs(z[j]) >= cabs(z[j - 1]) && cabs(z[j]) >= cabs(z[j + 1]))) continue;
    if (!climb(s, k[j - 1], k[j + 1], &top, &value)) return false;
    if (value > 1 - 1e-11) {
      *period = top;
      return true;
    }
  }
  return true;
}

/* Masses by the inverse discrete transform of one period at n points: it gives Σ_j p_(m + jn), so n is doubled until
 * the masses half a turn from the center are nothing. */
static bool masses_of(ThContext *cx, const ThInversionSource *s, ThInversion *v, size_t n, double complex *z,
                      double *k) {
  double step = 2 * TH_PI / (v->span * (double)n);
  for (size_t j = 0; j <= n / 2; j++) k[j] = step * (double)j;
  ThInversionSource moved = *s;
  moved.center = v->first + v->span * (double)(n / 2);
  if (!th_inversion_centred(&moved, n / 2 + 1, k, z)) return false;
  z[0] = 1;
  z[n / 2] = creal(z[n / 2]);
  for (size_t j = 1; j < n / 2; j++) z[n - j] = conj(z[j]);
  if (!th_fft(cx, n, z, false)) return false;
  for (size_t j = 0; j < n; j++) v->masses[j] = creal(z[(j + n / 2) % n]) / (double)n;
  return true;
}

static bool lattice(ThContext *cx, const ThInversionSource *s, ThInversion *v, double period) {
  enum { MOST = 1 << 20 };
  double complex z;
  if (!s->phi(s->self, 1, &period, &z)) return false;
  v->kind = TH_INVERSION_LATTICE;
  v->span = 2 * TH_PI / period;
  double offset = carg(z) / period, edge = 1;
  double middle = offset + v->span * round((s->center - offset) / v->span);
  size_t n = 32;
  while ((double)n * v->span < 32 * s->scale) n *= 2;
  for (; n <= MOST; n *= 2) {
    v->masses = th_alloc_array(cx, n, sizeof *v->masses);
    if (!v->masses) return false;
    v->n = n;
    v->first = middle - v->span * (double)(n / 2);
    double complex *room = th_alloc_array(cx, n, sizeof *room);
    double *k = room ? th_alloc_array(cx, n / 2 + 1, sizeof *k) : NULL;
    bool ok = k && masses_of(cx, s, v, n, room, k);
    th_free(cx, k, (n / 2 + 1) * sizeof *k);
    th_free(cx, room, n * sizeof *room);
    if (!ok) return false;
    edge = 0;
    for (size_t j = 0; j < n / 32 + 1; j++)
      edge = fmax(edge, fmax(fabs(v->masses[j]), fabs(v->masses[n - 1 - j])));
    if (edge < 1e-16 || 2 * n > MOST) break;
    th_free(cx, v->masses, n * sizeof *v->masses);
    v->masses = NULL;
  }
  v->pdf_error = fmax(edge, 2e-16);
  v->cdf_error = fmax(edge * (double)n, 1e-15);
  return true;
}

/* --- Decay */

/* The k beyond which φ adds nothing to the density; *fast when it comes within 512 widths. */
static bool find_cutoff(const ThInversionSource *s, double *cutoff, bool *fast, double *last) {
  enum { N = 96 };
  double k[N];
  double complex z[N];
  *fast = false;
  for (double from = 2 / s->scale; from < 1024 / s->scale; from *= 1.25) {
    for (int j = 0; j < N; j++) k[j] = from * (1 + 3.0 * j / N);
    if (!s->phi(s->self, N, k, z)) return false;
    *last = 0;
    for (int j = 0; j < N; j++) *last = fmax(*last, cabs(z[j]));
    *cutoff = from;
    if (*last * from * s->scale < 1e-17) {
      *fast = true;
      return true;
    }
  }
  return true;
}

/* Far out, at places that no lattice has, |φ| must be small. */
static bool decays(const ThInversionSource *s, bool *out, double *at) {
  enum { N = 64 };
  double k[N], largest = 0;
  double complex z[N];
  for (int j = 0; j < N; j++) k[j] = 1e6 * (1 + 0.6180339887498949 * j) / s->scale;
  if (!s->phi(s->self, N, k, z)) return false;
  for (int j = 0; j < N; j++)
    if (cabs(z[j]) > largest) largest = cabs(z[j]), *at = k[j];
  *out = largest < 0.3;
  return true;
}

static bool prepare(ThContext *cx, ThInversionSource *s, ThInversion *v, ThInversionFault *fault,
                    double *at) {
  double width, period, last;
  bool fast, done = false, small;
  if (!find_width(s, &width)) return false;
  if (!find_center(s, width > 0 ? width : 1, &s->center)) return false;
  v->center = s->center;
  if (width == 0) {
    v->kind = TH_INVERSION_POINT;
    return true;
  }
  v->scale = s->scale = 1 / width;
  if (!find_period(s, &period)) return false;
  if (period > 0) return lattice(cx, s, v, period);
  if (!find_cutoff(s, &v->cutoff, &fast, &last)) return false;
  if (last != last) {
    *fault = TH_INVERSION_NOT_A_NUMBER;
    *at = v->cutoff;
    return true;
  }
  if (fast && !th_inversion_try_trapezium(cx, s, v, &done)) return false;
  if (done) return true;
  if (!fast && !decays(s, &small, at)) return false;
  if (!fast && !small) {
    *fault = TH_INVERSION_NO_DECAY;
    return true;
  }
  return th_inversion_make_panels(cx, s, v);
}

bool th_inversion_init(ThContext *cx, ThFourierFunction phi, void *self, ThInversion *out,
                       ThInversionFault *fault, double *at) {
  ThInversionSource s = {.phi = phi, .self = self};
  *out = (ThInversion){0};
  *fault = TH_INVERSION_FINE;
  *at = 0;
  if (prepare(cx, &s, out, fault, at)) return true;
  th_inversion_clear(&cx->heap, out);
  return false;
}

void th_inversion_clear(ThHeap *heap, ThInversion *v) {
  th_heap_free(heap, v->masses, v->n * sizeof *v->masses);
  th_heap_free(heap, v->nodes, v->n * 6 * sizeof *v->nodes);
  th_fourier_panels_clear(heap, &v->density);
  th_fourier_panels_clear(heap, &v->difference);
  *v = (ThInversion){0};
}

/* --- Moments */

/* 1 - |φ(k)| goes like |k|^α: 2 for a finite variance, less where the tails are heavier. */
static bool tail_index(const ThInversionSource *s, double *alpha) {
  double k[2] = {1e-4 / s->scale, 2e-4 / s->scale}, size[2];
  double complex z[2];
  if (!th_inversion_centred(s, 2, k, z)) return false;
  for (int j = 0; j < 2; j++) size[j] = 1 - cabs(z[j]);
  *alpha = log2(size[1] / size[0]);
  return true;
}

/* The polynomial through (t_j, y_j), j < n: its value and slope at 0 (Neville's scheme, differentiated). */
static void at_zero(int n, const double *t, const double *y, double *value, double *slope) {
  double v[16], d[16] = {0};
  for (int j = 0; j < n; j++) v[j] = y[j];
  for (int order = 1; order < n; order++)
    for (int j = 0; j + order < n; j++) {
      double width = t[j + order] - t[j];
      double next = (t[j + order] * v[j] - t[j] * v[j + 1]) / width;
      d[j] = (t[j + order] * d[j] - v[j] - t[j] * d[j + 1] + v[j + 1]) / width;
      v[j] = next;
    }
  *value = v[0];
  *slope = d[0];
}

/* The limit of a sequence whose errors are a sum of powers of its index's geometric step: Wynn's epsilon algorithm
 * (1956). */
static double limit_of(int n, const double *sequence) {
  double before[16] = {0}, here[16], best = sequence[n - 1];
  for (int j = 0; j < n; j++) here[j] = sequence[j];
  for (int order = 1; order < n; order++) {
    for (int j = 0; j + order < n; j++) {
      double gap = here[j + 1] - here[j], next = before[j + 1] + (gap != 0 ? 1 / gap : 0);
      if (gap == 0) return order % 2 ? here[j] : best;
      before[j] = here[j];
      here[j] = next;
    }
    before[n - order] = here[n - order];
    if (order % 2 == 0) best = here[n - 1 - order];
  }
  return best;
}

/* log φ = Σ κₙ (ik)ⁿ/n!: its real part over k² and its imaginary part over k are functions of k², called even and odd
 * here, and smooth where all moments exist. */
static bool parts_of(const ThInversionSource *s, int n, const double *k, double *even, double *odd) {
  double complex z[16];
  if (!th_inversion_centred(s, (size_t)n, k, z)) return false;
  for (int j = 0; j < n; j++) {
    even[j] = log(cabs(z[j])) / (k[j] * k[j]);
    odd[j] = carg(z[j]) / k[j];
  }
  return true;
}

/* even(k) - even(0) goes like k^β: 2 where the fourth moment exists. */
static bool second_index(const ThInversionSource *s, double *beta) {
  double k[3] = {0.02 / s->scale, 0.04 / s->scale, 0.08 / s->scale}, even[3], odd[3];
  if (!parts_of(s, 3, k, even, odd)) return false;
  double near = even[1] - even[0], far = even[2] - even[1];
  *beta = fabs(near) < 1e-9 * fabs(even[0]) ? 2 : log2(far / near);
  return true;
}

/* Smooth parts are interpolated at Chebyshev points of (0, r²) and read off at 0. */
static bool smooth_cumulants(const ThInversionSource *s, double range, double cumulants[5]) {
  enum { N = 12 };
  double k[N], t[N], even[N], odd[N], value, slope;
  for (int j = 0; j < N; j++) k[j] = range / s->scale * sqrt(0.5 - 0.5 * cos(TH_PI * (j + 0.5) / N));
  for (int j = 0; j < N; j++) t[j] = k[j] * k[j];
  if (!parts_of(s, N, k, even, odd)) return false;
  at_zero(N, t, odd, &value, &slope);
  cumulants[1] = s->center + value;
  cumulants[3] = -6 * slope;
  at_zero(N, t, even, &value, &slope);
  cumulants[2] = -2 * value;
  cumulants[4] = 24 * slope;
  return true;
}

/* Parts with broken powers are extrapolated from halved k. */
static bool rough_cumulants(const ThInversionSource *s, bool variance, double range, double cumulants[5]) {
  enum { N = 11 };
  double k[N], even[N], odd[N];
  for (int j = 0; j < N; j++) k[j] = ldexp(range / s->scale, -j);
  if (!parts_of(s, N, k, even, odd)) return false;
  cumulants[1] = s->center + limit_of(N, odd);
  cumulants[2] = variance ? -2 * limit_of(N, even) : TH_INFINITY;
  if (variance) cumulants[4] = TH_INFINITY;
  return true;
}

/* How far apart two ranges of k are tells the error. */
bool th_inversion_cumulants(ThContext *cx, ThFourierFunction phi, void *self, const ThInversion *v,
                            double cumulants[5], double errors[5]) {
  ThInversionSource s = {phi, self, v->center, v->scale};
  double alpha, beta = 0, others[5], unit = 1;
  if (!th_poll(cx) || !tail_index(&s, &alpha)) return false;
  for (int n = 0; n < 5; n++) cumulants[n] = others[n] = n ? TH_NAN : 0;
  if (alpha < 1.03) return true;
  if (alpha >= 1.97 && !second_index(&s, &beta)) return false;
  bool ok = beta > 1.95 ? smooth_cumulants(&s, 0.5, cumulants) && smooth_cumulants(&s, 0.4, others)
                        : rough_cumulants(&s, alpha >= 1.97, 0.5, cumulants) &&
                              rough_cumulants(&s, alpha >= 1.97, 0.4, others);
  for (int n = 0; n < 5; n++, unit *= v->scale)
    errors[n] = 2 * fabs(cumulants[n] - others[n]) + 4 * DBL_EPSILON * (fabs(cumulants[n]) + unit);
  return ok;
}
