/* profile_plot.c - the picture of a profile: the log likelihood, and the parabola that the ± stands for */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "infer/profile.h"
#include "val/figure.h"

/* Between the points the signed root, which is almost straight, is a cubic with the slopes of its neighbours'
 * chords. */
static double slope_at(const ThProfile *p, size_t i) {
  size_t a = i > 0 ? i - 1 : 0, b = i + 1 < p->n ? i + 1 : i;
  return (p->root[b] - p->root[a]) / (p->value[b] - p->value[a]);
}

static bool curve(ThContext *cx, void *self, double x, double *y) {
  const ThProfile *p = self;
  size_t i = 0;
  (void)cx;
  while (i + 2 < p->n && p->value[i + 1] < x) i++;
  double width = p->value[i + 1] - p->value[i], t = (x - p->value[i]) / width, s = 1 - t;
  double root = p->root[i] * s * s * (1 + 2 * t) + p->root[i + 1] * t * t * (1 + 2 * s) +
                width * s * t * (slope_at(p, i) * s - slope_at(p, i + 1) * t);
  *y = p->log_density - root * root / 2;
  return true;
}

static bool parabola(ThContext *cx, void *self, double x, double *y) {
  const ThProfile *p = self;
  double root = (x - p->estimate) / p->se;
  (void)cx;
  *y = p->log_density - root * root / 2;
  return true;
}

/* The height at which the interval is read off. */
static bool add_level(ThContext *cx, const ThProfile *p, ThFigure *figure) {
  double z = th_level_quantile(p->level);
  char label[64];
  ThArray *x = th_vector_new(cx, TH_DOUBLE, 2), *y = x ? th_vector_new(cx, TH_DOUBLE, 2) : NULL;
  snprintf(label, sizeof label, "%.4g %% interval", 100 * p->level);
  if (!y) {
    if (x) th_release(th_object(x));
    return false;
  }
  for (int i = 0; i < 2; i++) {
    x->real[i] = isfinite(p->interval[i]) ? p->interval[i] : p->value[i ? p->n - 1 : 0];
    y->real[i] = p->log_density - z * z / 2;
  }
  return th_figure_add_take(cx, figure, TH_MARK_LINE, x, y, NULL, label);
}

static bool name_axes(ThContext *cx, const ThProfile *p, ThFigure *figure) {
  const ThFit *fit = th_as_fit(p->fit);
  bool is_mle = fit->question.verb == TH_VERB_MLE;
  ThText name;
  th_text_init(&name, &cx->heap);
  th_layout_name(&fit->layout, p->element, &name);
  bool ok = th_text_ok(&name, cx);
  if (ok && th_is_none(figure->xlabel)) ok = th_figure_text(cx, &figure->xlabel, th_text_string(&name));
  th_text_clear(&name);
  if (!ok || !th_is_none(figure->ylabel)) return ok;
  return th_figure_text(cx, &figure->ylabel, is_mle ? "log likelihood" : "log posterior density");
}

/* Down to where the profile was followed. */
static bool add_parabola(ThContext *cx, ThProfile *p, ThFigure *figure) {
  double width = fmax(fabs(p->root[0]), fabs(p->root[p->n - 1])) * p->se;
  if (!(width > 0)) return true;
  return th_figure_curve(cx, figure, TH_MARK_DASHED, parabola, p, p->estimate - width, p->estimate + width,
                         "Wald, from the ±");
}

bool th_profile_plot(ThContext *cx, ThValue self, void *figure) {
  ThProfile *p = th_as_profile(self);
  if (p->n < 2)
    return th_fail(cx, TH_ERROR_VALUE, "the profile has one point: the likelihood is not defined beside it");
  double from = p->value[0], to = p->value[p->n - 1];
  return th_figure_curve(cx, figure, TH_MARK_LINE, curve, p, from, to, "profile") &&
         add_parabola(cx, p, figure) &&
         add_level(cx, p, figure) && name_axes(cx, p, figure);
}
