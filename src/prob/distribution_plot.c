/* distribution_plot.c - the picture of a distribution: its density, or the masses of a discrete one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "prob/distribution_kind.h"
#include "prob/event.h"
#include "val/figure.h"

enum { MOST_CURVES = 8, MOST_IMPULSES = 2000 };

/* Moves an end of the view outwards, in small steps, to where the curve comes down to the axis. */
static bool move_out(ThContext *cx, const ThDistribution *d, size_t i, double limit, double step,
                     double *end) {
  double middle, peak, here;
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.5, &middle) ||
      !th_distribution_measure(cx, d, i, TH_PDF, middle, &peak))
    return false;
  for (int k = 0; k < 12; k++) {
    if (!th_distribution_measure(cx, d, i, TH_PDF, *end, &here)) return false;
    if (!(here > 0.005 * peak)) break;
    if (step < 0 ? *end + step <= limit : *end + step >= limit) {
      *end = limit;
      break;
    }
    *end += step;
  }
  return true;
}

/* From where to where it is worth looking: between the quantiles of 0.001 and 0.999, and on to where the
 * density has come down, and to the ends of the support where they are near. */
bool th_distribution_view(ThContext *cx, const ThDistribution *d, size_t i, double *lower, double *upper) {
  double low, high, q1, q2;
  if (d->family->view) return d->family->view(cx, d, lower, upper);
  th_distribution_support(d, i, &low, &high);
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.001, &q1) ||
      !th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, 0.001, &q2))
    return false;
  double near = 0.1 * (q2 - q1);
  *lower = q1 - low <= near ? low : q1;
  *upper = high - q2 <= near ? high : q2;
  double step = (q2 - q1) / 20;
  if (!th_distribution_is_discrete(d) && step > 0) {
    if (*lower > low && !move_out(cx, d, i, low, -step, lower)) return false;
    if (*upper < high && !move_out(cx, d, i, high, step, upper)) return false;
  }
  if (!(*upper > *lower)) *lower -= 0.5, *upper += 0.5;
  return true;
}

typedef struct Density {
  const ThDistribution *d;
  size_t element;
  double most; /* where there is a pole: what is drawn of it */
} Density;

/* The largest density at a few points of the view. */
static bool typical_height(ThContext *cx, const Density *density, double lower, double upper, double *out) {
  enum { POINTS = 7 };
  double y;
  *out = 0;
  for (int k = 1; k <= POINTS; k++) {
    double x = lower + k * (upper - lower) / (POINTS + 1);
    if (!th_distribution_measure(cx, density->d, density->element, TH_PDF, x, &y)) return false;
    *out = fmax(*out, y);
  }
  return true;
}

/* A density that does not come down to the axis at an end of its support is seen to jump there. A pole is drawn as far
 * up as it reaches in a hundredth of the view. */
static bool show_ends(ThContext *cx, Density *density, double *lower, double *upper) {
  double support[2], typical, here, near, size = *upper - *lower;
  double *const ends[] = {lower, upper};
  th_distribution_support(density->d, density->element, &support[0], &support[1]);
  if (!typical_height(cx, density, *lower, *upper, &typical)) return false;
  for (int k = 0; k < 2; k++) {
    int outwards = k ? 1 : -1;
    if (*ends[k] != support[k]) continue;
    if (!th_distribution_measure(cx, density->d, density->element, TH_PDF, support[k], &here) ||
        !th_distribution_measure(cx, density->d, density->element, TH_PDF,
                                 support[k] - outwards * 0.01 * size, &near))
      return false;
    if (here > 0.02 * typical) *ends[k] += outwards * 0.03 * size;
    if (isinf(here)) density->most = fmax(isinf(density->most) ? 0 : density->most, near);
  }
  return true;
}

/* At a value with a probability of its own, the density beside it. */
static bool density_beside(ThContext *cx, const Density *density, double x, double *y) {
  double mass = 0;
  bool steps = th_distribution_has_steps(density->d);
  if (steps && !th_distribution_mass(cx, density->d, density->element, x, &mass)) return false;
  if (mass > 0) {
    double left;
    if (!th_distribution_measure(cx, density->d, density->element, TH_PDF, nextafter(x, -INFINITY), &left) ||
        !th_distribution_measure(cx, density->d, density->element, TH_PDF, nextafter(x, INFINITY), y))
      return false;
    *y = fmax(*y, left);
    return true;
  }
  return th_distribution_measure(cx, density->d, density->element, TH_PDF, x, y);
}

static bool density_at(ThContext *cx, void *self, double x, double *y) {
  const Density *density = self;
  if (!density_beside(cx, density, x, y)) return false;
  if (*y > density->most) *y = (double)NAN;
  return true;
}

/* The values with a probability of their own between the ends of the view, as a vector. */
static ThArray *values_in_view(ThContext *cx, const ThDistribution *d, double lower, double upper) {
  double *values;
  size_t n, count = 0;
  bool ok = th_distribution_is_discrete(d) ? th_distribution_outcomes(cx, d, 1e-9, MOST_IMPULSES, &values, &n)
                                           : th_distribution_atoms(cx, d, 0, &values, &n);
  if (!ok) return NULL;
  ThArray *x = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t k = 0; x && k < n; k++)
    if (values[k] >= lower && values[k] <= upper) x->real[count++] = values[k];
  if (x) x->length = x->shape[0] = count;
  th_free(cx, values, n * sizeof *values);
  return x;
}

static bool plot_masses(ThContext *cx, const ThDistribution *d, double lower, double upper, ThFigure *figure,
                        const char *label) {
  ThArray *x = values_in_view(cx, d, lower, upper);
  ThArray *y = x ? th_vector_new(cx, TH_DOUBLE, x->length) : NULL;
  bool ok = y != NULL;
  for (size_t k = 0; ok && k < x->length; k++)
    ok = th_distribution_measure(cx, d, 0, TH_PDF, x->real[k], &y->real[k]);
  if (ok) return th_figure_add_take(cx, figure, TH_MARK_IMPULSES, x, y, NULL, label);
  if (x) th_release(th_object(x));
  if (y) th_release(th_object(y));
  return false;
}

static bool plot_element(ThContext *cx, const ThDistribution *d, ThFigure *figure, const char *label) {
  double lower, upper;
  Density density = {.d = d, .most = INFINITY};
  if (!th_distribution_view(cx, d, 0, &lower, &upper)) return false;
  bool given = isfinite(figure->xrange[0]), discrete = th_distribution_is_discrete(d);
  if (given) lower = figure->xrange[0], upper = figure->xrange[1];
  if (discrete) return plot_masses(cx, d, lower, upper, figure, label);
  if (!given && !show_ends(cx, &density, &lower, &upper)) return false;
  if (!th_figure_curve(cx, figure, TH_MARK_LINE, density_at, &density, lower, upper, label)) return false;
  if (d->family->plot_parts && !d->family->plot_parts(cx, d, figure, lower, upper)) return false;
  return !th_distribution_has_steps(d) || plot_masses(cx, d, lower, upper, figure, "probabilities");
}

bool th_distribution_plot(ThContext *cx, ThValue self, void *figure) {
  const ThDistribution *d = th_as_distribution(self);
  if (d->length > MOST_CURVES)
    return th_fail(cx, TH_ERROR_LIMIT, "%zu distributions are too many for one picture: at most %d",
                   d->length, MOST_CURVES);
  bool ok = true, components = d->family->event != NULL;
  size_t n = components && d->family->event->marginal ? th_event_size(d) : d->length;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue one, index = th_number((double)i + 1);
    ThText label;
    if (components ? !th_event_index(cx, d, &index, 1, &one) : !th_distribution_element(cx, d, i, &one))
      return false;
    th_text_init(&label, &cx->heap);
    ok = th_distribution_text(cx, one, &label) && th_text_ok(&label, cx) &&
         plot_element(cx, th_as_distribution(one), figure, th_text_string(&label));
    th_text_clear(&label);
    th_release(one);
  }
  return ok;
}
