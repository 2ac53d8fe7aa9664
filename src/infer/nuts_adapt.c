/* nuts_adapt.c - step size and masses that a chain learns while it warms up */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/nuts_adapt.h"

#include <math.h>

/* Of 1000 steps; shorter warm-ups are divided by the shares. */
enum { FIRST = 75, WINDOW = 25, LAST = 50, LEAST = 20 };

bool th_adapt_init(ThContext *cx, ThAdapt *a, size_t d, size_t n_warmup, double goal) {
  *a = (ThAdapt){.n = n_warmup, .begin = FIRST, .window = WINDOW, .goal = goal, .size = 1};
  size_t last = LAST;
  if (n_warmup < FIRST + WINDOW + LAST) {
    a->begin = n_warmup * 15 / 100;
    last = n_warmup / 10;
    a->window = n_warmup - a->begin - last;
  }
  a->end = n_warmup - last;
  if (n_warmup < LEAST) a->begin = a->end = n_warmup;
  a->window_end = a->begin + a->window;
  return th_spread_init(cx, d, &a->spread);
}

void th_adapt_clear(ThContext *cx, ThAdapt *a) { th_spread_clear(cx, &a->spread); }

void th_adapt_restart(ThAdapt *a, double size) {
  a->center = log(10 * size);
  a->size = size;
  a->log_size_mean = a->gap = 0;
  a->count = 0;
}

static void learn_size(ThAdapt *a, double accept) {
  const double strength = 0.05, delay = 10, decay = 0.75;
  double t = (double)++a->count, share = 1 / (t + delay);
  if (!(accept >= 0)) accept = 0;
  a->gap = (1 - share) * a->gap + share * (a->goal - fmin(accept, 1));
  double log_size = a->center - a->gap * sqrt(t) / strength, weight = pow(t, -decay);
  a->log_size_mean = (1 - weight) * a->log_size_mean + weight * log_size;
  a->size = exp(log_size);
}

/* The window after this one; the last takes what would be left over. */
static void next_window(ThAdapt *a) {
  a->window *= 2;
  a->window_end = a->at + a->window;
  if (a->window_end + 2 * a->window > a->end) a->window_end = a->end;
}

void th_adapt_learn(ThAdapt *a, const ThNutsStep *step, const double *x, ThMass *mass, bool *renewed) {
  learn_size(a, step->accept);
  *renewed = false;
  if (a->at >= a->begin && a->at < a->end) th_spread_add(&a->spread, x);
  a->at++;
  if (a->at != a->window_end || a->at > a->end || a->begin == a->end) return;
  th_mass_learn(mass, &a->spread);
  th_spread_reset(&a->spread);
  next_window(a);
  *renewed = true;
}

double th_adapt_size(const ThAdapt *a) { return a->size; }
double th_adapt_final_size(const ThAdapt *a) { return a->count > 0 ? exp(a->log_size_mean) : a->size; }
