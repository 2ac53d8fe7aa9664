/* integral_rest.c - the last part of an integral, next to a singular or infinite end */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octaves of the distance from the end: for an algebraic or logarithmic singularity, and for such a tail, their
 * integrals are sums of geometric sequences, which the epsilon algorithm adds up. An oscillating tail is cut at its
 * zeros instead: the integrals between them alternate, and the algorithm adds those too (Piessens et al. 1983). */
#include "num/epsilon.h"
#include "num/integral_parts.h"
#include "num/real.h"

enum { OCTAVES = 16, ZEROS = 40, WINDOW = 64, MAX_WINDOWS = 60, LOCATE_POINTS = 17 };

/* What is left after the parts from `first` on, n of them, of which each adds to the sums: into the value of part i,
 * and its error. An earlier extrapolation stays when this one is no better: close to an end that is not 0 the octaves
 * suffer from the rounding of x. */
static bool extrapolate(ThIntegralWork *w, size_t i, size_t first, size_t n) {
  double sums[TH_EPSILON_TERMS], error = 0, noise = 0, errors = 0, magnitude = 0;
  size_t components = w->n_components;
  double *rest = w->values + w->n_parts * components; /* room for one more value */
  for (size_t k = 0; k < components; k++) {
    double sum = 0, spread;
    for (size_t j = 0; j < n; j++) sums[j] = sum += w->values[(first + j) * components + k];
    rest[k] = th_epsilon_limit(n, sums, &spread) - sum;
    error = fmax(error, spread);
    magnitude = fmax(magnitude, fabs(rest[k]));
  }
  for (size_t j = 0; j < n; j++) {
    noise = fmax(noise, w->parts[first + j].error);
    errors += w->parts[first + j].error;
  }
  error = fmax(error, noise) + 50 * DBL_EPSILON * magnitude;
  if (error + errors >= w->parts[i].error) {
    w->parts[i].fixed = w->parts[i].extrapolated;
    w->n_parts = first;
    return false;
  }
  w->parts[i].extrapolated = true;
  w->parts[i].error = error;
  w->parts[i].magnitude = magnitude;
  for (size_t k = 0; k < components; k++) w->values[i * components + k] = rest[k];
  w->out->n_extrapolated++;
  return true;
}

/* --- Octaves ------------------------------------------------------------------------------------- */

/* How many octaves there are room for: beyond, x has not the digits to tell its distance from the anchor. */
static size_t count_octaves(const ThIntegralPart *rest) {
  double least = fmax(65536 * DBL_EPSILON * fabs(rest->anchor), 1e-290), edge = rest->edge;
  size_t n = 0;
  for (; n < OCTAVES; n++) {
    edge *= rest->outward ? 2 : 0.5;
    if (rest->outward ? edge > 1e300 : edge < least) break;
  }
  return n;
}

/* The octaves shrink, or grow, by nearly the same ratio. When it is 1 the integral diverges; when it is close to 1
 * and still moves, nothing can be said about the rest. */
static void judge_octaves(ThIntegralWork *w, size_t i, size_t first, size_t n) {
  const ThIntegralPart *octave = &w->parts[first];
  double ratios[3], least = TH_INFINITY;
  for (size_t j = 0; j < 3; j++) {
    ratios[j] = octave[n - 1 - j].magnitude / octave[n - 2 - j].magnitude;
    least = fmin(least, ratios[j]);
  }
  if (least >= 0.9999 && octave[n - 1].magnitude > 0) {
    const ThIntegralPart *rest = &w->parts[i];
    w->out->status = TH_INTEGRAL_DIVERGES;
    w->out->at = rest->outward ? rest->sign * TH_INFINITY : rest->anchor;
  }
  double drift = fabs(ratios[0] - ratios[2]), left = 1 - ratios[0];
  if (ratios[0] > 0.9 && drift > 1e-3 * left)
    w->parts[i].error = fmax(w->parts[i].error, 3 * octave[n - 1].magnitude / left);
  w->parts[i].error += 8 * DBL_EPSILON * octave[n - 1].magnitude / fmax(left * left, DBL_EPSILON);
}

static bool approach_octaves(ThIntegralWork *w, size_t i) {
  ThIntegralPart rest = w->parts[i];
  size_t n = count_octaves(&rest), first = w->n_parts;
  if (n < 4) {
    w->parts[i].fixed = true;
    return true;
  }
  for (size_t j = 0; j < n; j++) {
    double next = rest.edge * (rest.outward ? 2 : 0.5);
    double x = rest.anchor + rest.sign * rest.edge, y = rest.anchor + rest.sign * next;
    ThIntegralPart part = {.from = fmin(x, y), .to = fmax(x, y), .error = TH_INFINITY};
    if (!th_integral_add(w, part)) return false;
    rest.edge = next;
  }
  if (!th_integral_measure(w)) return false;
  w->parts[i].edge = rest.edge;
  if (!w->bad && extrapolate(w, i, first, n)) judge_octaves(w, i, first, n);
  return true;
}

/* --- Waves --------------------------------------------------------------------------------------- */

/* The component that is largest at the points of the last call. */
static size_t leading(const ThIntegralWork *w, size_t n) {
  size_t lead = 0;
  double largest = -1;
  for (size_t i = 0; i < n * w->n_components; i++)
    if (fabs(w->y[i]) > largest) largest = fabs(w->y[i]), lead = i % w->n_components;
  return lead;
}

/* A zero between two distances. */
typedef struct Zero {
  double left, f_left, right, f_right;
} Zero;

static double secant(const Zero *z) {
  return z->left + (z->right - z->left) * (z->f_left / (z->f_left - z->f_right));
}

/* Sign changes among n points that are `step` apart, from u on; at most `room`. */
static size_t read_window(const ThIntegralWork *w, double u, double step, Zero *zeros, size_t room) {
  const double *y = w->y + leading(w, WINDOW);
  size_t n = 0;
  for (size_t i = 1; i < WINDOW && n < room; i++) {
    double left = y[(i - 1) * w->n_components], right = y[i * w->n_components];
    if (left * right < 0) zeros[n++] = (Zero){u + step * (double)(i - 1), left, u + step * (double)i, right};
  }
  return n;
}

/* Two rounds of secants through all of them at once. */
static bool polish(ThIntegralWork *w, const ThIntegralPart *rest, Zero *zeros, size_t n) {
  for (int round = 0; round < 2; round++) {
    if (!th_integral_room(w, n)) return false;
    for (size_t i = 0; i < n; i++) w->x[i] = rest->anchor + rest->sign * secant(&zeros[i]);
    if (!th_integral_call(w, n)) return false;
    const double *y = w->y + leading(w, n);
    for (size_t i = 0; i < n; i++) {
      double u = secant(&zeros[i]), f = y[i * w->n_components];
      if (f * zeros[i].f_left > 0) zeros[i].left = u, zeros[i].f_left = f;
      else if (f * zeros[i].f_right > 0) zeros[i].right = u, zeros[i].f_right = f;
    }
  }
  return true;
}

/* The distances of up to ZEROS zeros behind the edge. */
static bool find_zeros(ThIntegralWork *w, const ThIntegralPart *rest, double *out, size_t *n) {
  double u = rest->edge, width = u;
  Zero zeros[ZEROS];
  *n = 0;
  for (size_t window = 0; window < MAX_WINDOWS && *n < ZEROS; window++) {
    double step = width / (WINDOW - 1);
    if (!th_integral_room(w, WINDOW)) return false;
    for (size_t i = 0; i < WINDOW; i++) w->x[i] = rest->anchor + rest->sign * (u + step * (double)i);
    if (!th_integral_call(w, WINDOW)) return false;
    size_t changes = read_window(w, u, step, zeros + *n, ZEROS - *n);
    if (changes > 12) {
      width *= 0.25;
      continue;
    }
    *n += changes;
    u += width;
    if (changes < 3) width *= 2;
  }
  if (*n > 0 && !polish(w, rest, zeros, *n)) return false;
  for (size_t i = 0; i < *n; i++) out[i] = secant(&zeros[i]);
  return true;
}

static bool approach_waves(ThIntegralWork *w, size_t i) {
  ThIntegralPart rest = w->parts[i];
  size_t n, first = w->n_parts;
  double zeros[ZEROS];
  if (!find_zeros(w, &rest, zeros, &n)) return false;
  if (w->bad) return true;
  if (n < 8) {
    w->parts[i].waves = false;
    return approach_octaves(w, i);
  }
  for (size_t j = 0; j < n; j++) {
    double x = rest.anchor + rest.sign * rest.edge, y = rest.anchor + rest.sign * zeros[j];
    ThIntegralPart part = {.from = fmin(x, y), .to = fmax(x, y), .error = TH_INFINITY};
    if (!th_integral_add(w, part)) return false;
    rest.edge = zeros[j];
  }
  w->parts[i].edge = rest.edge;
  w->parts[i].wave = zeros[n - 1] - zeros[n - 2];
  if (!th_integral_measure(w)) return false;
  if (w->bad || !extrapolate(w, i, first, n)) return true;
  if (w->parts[first + n - 1].magnitude > 0.985 * w->parts[first + 1].magnitude) {
    w->out->status = TH_INTEGRAL_UNDAMPED;
    w->out->at = rest.sign * TH_INFINITY;
  }
  return true;
}

bool th_integral_approach(ThIntegralWork *w, size_t part) {
  return w->parts[part].waves ? approach_waves(w, part) : approach_octaves(w, part);
}

/* --- A place inside ------------------------------------------------------------------------------ */

/* How far point i + 1 of the last call lies from point i. */
static double change(const ThIntegralWork *w, size_t i) {
  double size = 0;
  const double *y = w->y + i * w->n_components;
  for (size_t k = 0; k < w->n_components; k++) size = fmax(size, fabs(y[k + w->n_components] - y[k]));
  return size;
}

/* Where f jumps or is singular it changes most between neighbours of a grid: that pair and the points beside it are the
 * next range, down to the last digits. */
bool th_integral_locate(ThIntegralWork *w, double from, double to, double *place) {
  for (int round = 0; round < 40; round++) {
    double step = (to - from) / LOCATE_POINTS;
    size_t most = 0;
    if (!th_integral_room(w, LOCATE_POINTS)) return false;
    for (size_t i = 0; i < LOCATE_POINTS; i++) w->x[i] = from + step * ((double)i + 0.5);
    if (!th_integral_call(w, LOCATE_POINTS)) return false;
    for (size_t i = 1; i + 1 < LOCATE_POINTS; i++)
      if (change(w, i) > change(w, most)) most = i;
    *place = w->x[th_integral_size(w, most) > th_integral_size(w, most + 1) ? most : most + 1];
    if (w->bad || step <= DBL_EPSILON * fabs(*place)) return true;
    double low = w->x[most] - step, high = w->x[most + 1] + step;
    from = fmax(from, low);
    to = fmin(to, high);
  }
  return true;
}
