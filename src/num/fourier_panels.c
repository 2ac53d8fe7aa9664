/* fourier_panels.c - a function in pieces of Legendre polynomials, and its Fourier integral at any k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fourier_panels.h"

#include "num/quadrature.h"
#include "num/real.h"

#include <string.h>

enum { N = TH_FOURIER_NODES, DEFAULT_PANELS = 2000, MAX_DOUBLINGS = 1100 };
static const double TOLERANCE = 1e-16; /* of ∫|f| */

/* What building needs beside the panels. */
typedef struct Builder {
  ThContext *cx;
  ThFourierFunction f;
  void *self;
  ThFourierPanels *out;
  size_t max_panels;
  double scale; /* ∫|f| between the breaks, roughly */
  double nodes[N], weights[N];
  double legendre[N][N]; /* (2n + 1)/2 · weight of node i · Pₙ(node i) */
} Builder;

static void init_rule(Builder *b) {
  th_quadrature_gauss_legendre(N, b->nodes, b->weights);
  for (int i = 0; i < N; i++) {
    double before = 0, here = 1, x = b->nodes[i];
    for (int n = 0; n < N; n++) {
      b->legendre[n][i] = (n + 0.5) * b->weights[i] * here;
      double next = ((2 * n + 1) * x * here - n * before) / (n + 1);
      before = here;
      here = next;
    }
  }
}

/* --- One piece */

/* An infinite value, of a node that rounding moved into a pole, becomes the largest of the others. */
static void tame(size_t n, double complex *y) {
  double largest = 0;
  for (size_t i = 0; i < n; i++)
    if (cabs(y[i]) <= DBL_MAX) largest = fmax(largest, cabs(y[i]));
  for (size_t i = 0; i < n; i++)
    if (isinf(creal(y[i])) || isinf(cimag(y[i]))) y[i] = largest;
}

/* f on it, its coefficients, ∫|f|. */
static bool measure(Builder *b, ThFourierPanel *p, double *magnitude) {
  double x[N];
  double complex y[N];
  double middle = 0.5 * (p->from + p->to), half = 0.5 * (p->to - p->from);
  for (int i = 0; i < N; i++) x[i] = middle + half * b->nodes[i];
  if (!th_poll(b->cx) || !b->f(b->self, N, x, y)) return false;
  tame(N, y);
  *magnitude = 0;
  for (int i = 0; i < N; i++) *magnitude += half * b->weights[i] * cabs(y[i]);
  for (int n = 0; n < N; n++) {
    double complex sum = 0;
    for (int i = 0; i < N; i++) sum += b->legendre[n][i] * y[i];
    p->coefficients[n] = sum;
  }
  return true;
}

/* What the series leaves out, from its last terms. */
static double rest_of(const ThFourierPanel *p) {
  double last = 0;
  for (int n = N - 3; n < N; n++) last += cabs(p->coefficients[n]);
  return (p->to - p->from) * last;
}

static bool push(Builder *b, const ThFourierPanel *p, double magnitude, double error) {
  ThFourierPanels *out = b->out;
  if (out->n == out->capacity) {
    size_t capacity = out->capacity ? 2 * out->capacity : 16;
    ThFourierPanel *panels = th_resize(b->cx, out->panels, out->capacity * sizeof *panels,
                                       capacity * sizeof *panels);
    if (!panels) return false;
    out->panels = panels;
    out->capacity = capacity;
  }
  out->panels[out->n++] = *p;
  out->magnitude += magnitude;
  out->error += error;
  return true;
}

/* [from, to], halved as often as needed; *total gets its ∫|f|. The halves that wait stand on a stack. */
static bool resolve(Builder *b, double from, double to, double *total) {
  enum { DEPTH = 1200 };
  double ends[DEPTH];
  size_t waiting = 0;
  *total = 0;
  for (double end = to;;) {
    ThFourierPanel p = {.from = from, .to = end};
    double magnitude, middle = 0.5 * (from + end), half = 0.5 * (end - from);
    if (!measure(b, &p, &magnitude)) return false;
    double scale = b->scale > 0 ? b->scale : magnitude, rest = rest_of(&p);
    bool point = !(half > 4 * DBL_EPSILON * fabs(middle)) || half < DBL_MIN;
    double noise = DBL_EPSILON * magnitude *
                   fmax(1, fabs(middle) / half); /* of f, and of the nodes' places */
    bool rounding = rest <= 16 * noise;          /* the last coefficients are nothing else */
    bool done = rounding || rest <= TOLERANCE * scale || magnitude <= 0.1 * TOLERANCE * scale || point;
    bool full = b->out->n + waiting >= b->max_panels || waiting + 1 == DEPTH || !b->out->complete;
    if (!done && !full) {
      ends[waiting++] = end;
      end = middle;
      continue;
    }
    if (!done || !(magnitude <= DBL_MAX)) b->out->complete = false;
    *total += magnitude;
    double error = rounding ? noise : fmin(rest, magnitude);
    if (magnitude > 0 && !push(b, &p, magnitude, error)) return false;
    if (waiting == 0) return true;
    from = end;
    end = ends[--waiting];
  }
}

/* On to infinity: pieces of double width, until three together hold next to nothing, and what a tail that goes on
 * falling as it has fallen would hold is nothing too. */
static bool resolve_tail(Builder *b, size_t max_doublings, double end, double width, double sign) {
  double last = 0, piece;
  int quiet = 0;
  for (size_t step = 0; step < max_doublings && fabs(end + sign * width) <= DBL_MAX; step++) {
    double next = end + sign * width;
    ThFourierPanels before = *b->out;
    if (!resolve(b, fmin(end, next), fmax(end, next), &piece)) return false;
    if (!b->out->complete) { /* what could not be resolved is left out */
      b->out->n = before.n;
      b->out->magnitude = before.magnitude;
      b->out->error = before.error + piece;
      return true;
    }
    double ratio = last > 0 ? piece / last : 1, tail = ratio < 1 ? piece * ratio / (1 - ratio) : piece;
    bool negligible = fmax(piece, tail) <= TOLERANCE * (b->scale > 0 ? b->scale : b->out->magnitude);
    quiet = negligible ? quiet + 1 : 0;
    if (quiet == 3) {
      b->out->error += tail;
      return true;
    }
    last = piece;
    end = next;
    width *= 2;
  }
  b->out->complete = false;
  return true;
}

static bool resolve_all(Builder *b, const ThFourierRange *range) {
  double total;
  const double *x = range->breaks;
  size_t last = range->n_breaks - 1;
  for (size_t i = 0; i < last; i++) {
    ThFourierPanel p = {.from = x[i], .to = x[i + 1]};
    if (!measure(b, &p, &total)) return false;
    if (total <= DBL_MAX) b->scale += total;
  }
  for (size_t i = 0; i < last; i++)
    if (x[i + 1] > x[i] && !resolve(b, x[i], x[i + 1], &total)) return false;
  double width = fmax(x[last] - x[0], DBL_MIN);
  size_t doublings = range->max_doublings ? range->max_doublings : MAX_DOUBLINGS;
  if (range->right && !resolve_tail(b, doublings, x[last], width, 1)) return false;
  return !range->left || resolve_tail(b, doublings, x[0], width, -1);
}

bool th_fourier_panels_init(ThContext *cx, ThFourierFunction f, void *self, const ThFourierRange *range,
                            ThFourierPanels *out) {
  Builder b = {.cx = cx, .f = f, .self = self, .out = out};
  b.max_panels = range->max_panels ? range->max_panels : DEFAULT_PANELS;
  *out = (ThFourierPanels){.complete = true};
  init_rule(&b);
  if (resolve_all(&b, range)) {
    out->error += 4 * DBL_EPSILON * out->magnitude;
    return true;
  }
  th_fourier_panels_clear(&cx->heap, out);
  return false;
}

void th_fourier_panels_clear(ThHeap *heap, ThFourierPanels *p) {
  th_heap_free(heap, p->panels, p->capacity * sizeof *p->panels);
  *p = (ThFourierPanels){0};
}

double complex th_fourier_panels_value(const ThFourierPanels *p, double x) {
  if (p->n == 0 || !(x >= p->panels[0].from && x <= p->panels[p->n - 1].to)) return 0;
  size_t low = 0, high = p->n - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (x > p->panels[middle].to) low = middle + 1;
    else high = middle;
  }
  const ThFourierPanel *piece = &p->panels[low];
  double t = ((x - piece->from) - (piece->to - x)) / (piece->to - piece->from);
  double complex next = 0, here = 0; /* Clenshaw's recurrence (1955) */
  for (int n = N - 1; n >= 0; n--) {
    double complex sum = piece->coefficients[n] + (2 * n + 1) * t / (n + 1) * here -
                         (n + 1) / (double)(n + 2) * next;
    next = here;
    here = sum;
  }
  return here;
}

/* --- The transform */

/* jₙ(x) = xⁿ/(2n + 1)!! (1 - (x²/2)/(2n + 3) + …), DLMF 10.53.1, for x < 1/2. */
static void bessel_small(size_t n, double x, double *j) {
  double power = 1, q = 0.5 * x * x;
  for (size_t k = 0; k < n; k++) {
    double a = 2 * (double)k, sum = 1;
    for (int term = 6; term > 0; term--) sum = 1 - sum * q / (term * (a + 2 * term + 1));
    j[k] = power * sum;
    power *= x / (a + 3);
  }
}

/* Upwards where x exceeds the order; else downwards from where jₙ is nothing (Miller's algorithm), scaled by j₀ or
 * j₁, whichever is larger: both do not vanish together. */
void th_fourier_panels_bessel(size_t n, double x, double *j) {
  if (x < 0.5) {
    bessel_small(n, x, j);
    return;
  }
  double inverse = 1 / x, j0 = sin(x) * inverse, j1 = (j0 - cos(x)) * inverse;
  if (x >= (double)n) {
    j[0] = j0;
    if (n > 1) j[1] = j1;
    for (size_t k = 2; k < n; k++) j[k] = (double)(2 * k - 1) * inverse * j[k - 1] - j[k - 2];
    return;
  }
  double above = 0, here = 1e-250;
  for (size_t k = n + 24; k > 0; k--) {
    if (k < n) j[k] = here;
    double below = (double)(2 * k + 1) * inverse * here - above;
    above = here;
    here = below;
  }
  j[0] = here;
  double scale = fabs(j0) >= fabs(j1) ? j0 / here : j1 / above;
  for (size_t k = 0; k < n; k++) j[k] *= scale;
}

/* ∫ over [-1, 1] of the series times e^(iωt). */
static double complex transform_piece(const ThFourierPanel *p, double omega) {
  double j[N], sign = omega < 0 ? -1 : 1;
  double complex even = 0, odd = 0;
  th_fourier_panels_bessel(N, fabs(omega), j);
  for (int n = N - 2; n >= 0; n -= 2) { /* i^n is ±1, or ±i, by turns */
    even = p->coefficients[n] * j[n] - even;
    odd = p->coefficients[n + 1] * j[n + 1] - odd;
  }
  return 2 * (even + TH_I * sign * odd);
}

/* k x, with some low bits cleared where it is large: then sums and differences of two are exact. */
static double phase_at(double k, double x) {
  const uint64_t low = 15;
  double phase = k * x;
  uint64_t bits;
  if (!(fabs(phase) > 1024)) return phase;
  memcpy(&bits, &phase, sizeof bits);
  bits &= ~low;
  memcpy(&phase, &bits, sizeof phase);
  return phase;
}

/* Neighbours must agree on the phase where they meet to the last bit, or else their ends do not cancel: however far off
 * the phase is from k x by rounding, to which the integral is blind, it has to be the same number on both sides. */
double complex th_fourier_panels_transform(const ThFourierPanel *panels, size_t n, double k) {
  double complex sum = 0;
  for (size_t i = 0; i < n; i++) {
    double from = phase_at(k, panels[i].from), to = phase_at(k, panels[i].to);
    double phase = 0.5 * (from + to), omega = 0.5 * (to - from);
    sum += 0.5 * (panels[i].to - panels[i].from) * transform_piece(&panels[i], omega) *
           __builtin_complex(cos(phase), sin(phase));
  }
  return sum;
}
