/* family_bounded.c - maxima of likelihoods: families of numbers between bounds, and of directions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/family_rows.h"

static const double PI = 3.14159265358979323846;

/* --- Uniform, LogUniform, DiscreteUniform: the ends of the data */

static bool check_ends(ThFamilyTask *t) {
  const ThSample *s = t->s;
  bool below = t->held[0] && s->low < t->p[0], above = t->held[1] && s->high > t->p[1];
  if (s->low == s->high && !t->family->discrete && !t->held[0] && !t->held[1])
    return th_fail(s->cx, TH_ERROR_NUMERIC,
                   "the likelihood of `%s` grows without bound as `b` goes to `a`: all data are %.6g",
                   t->family->name, s->low);
  if (!below && !above) return true;
  int j = below ? 0 : 1;
  return th_fail(s->cx, TH_ERROR_VALUE, "`%s` has %.6g, but `%s` of %s is held at %.6g", s->name->spelling,
                 below ? s->low : s->high, t->family->parameters[j].name, t->family->name, t->p[j]);
}

static bool solve_ends(ThFamilyTask *t) {
  if (!t->held[0]) t->p[0] = t->s->low;
  if (!t->held[1]) t->p[1] = t->s->high;
  return true;
}

/* --- Triangular */

enum { A, B, MODE };

static bool check_triangular(ThFamilyTask *t) {
  const ThSample *s = t->s;
  if (!check_ends(t)) return false;
  return s->low < s->high || t->held[MODE] ||
         th_fail(
             s->cx, TH_ERROR_NUMERIC,
             "the likelihood of `Triangular` grows without bound as its ends go to the data: all are %.6g",
             s->low);
}

/* Between two data the likelihood bends upward in the mode, so that the best mode is one of them (Oliver, 1972). Where
 * nothing is known of the ends yet they are a little beyond the data. */
static bool solve_triangular(ThFamilyTask *t) {
  double margin = 0.05 * (t->s->high - t->s->low), best = -(double)INFINITY, mode = t->s->low;
  if (t->held[MODE]) return false;
  if (!t->held[A] && !(t->p[A] < t->s->low)) t->p[A] = t->s->low - margin;
  if (!t->held[B] && !(t->p[B] > t->s->high)) t->p[B] = t->s->high + margin;
  for (size_t i = 0; i < t->s->n; i++) {
    if (i > 0 && t->s->x[i] == t->s->x[i - 1]) continue;
    double p[TH_MAX_PARAMETERS] = {t->p[A], t->p[B], t->s->x[i]};
    double value = th_sample_log_density(t->s, &th_triangular_math, p);
    if (value > best) best = value, mode = t->s->x[i];
  }
  t->p[MODE] = mode;
  return true;
}

static void start_triangular(ThFamilyTask *t) {
  double *p = th_family_start(t), margin = 0.05 * (t->s->high - t->s->low) + 1e-3;
  p[A] = fmin(t->s->low, t->p[MODE]) - margin;
  p[B] = fmax(t->s->high, t->p[MODE]) + margin;
}

/* --- Beta */

static double mean(ThFamilyTask *t) { return th_sample_mean(t->s, th_sample_x, 0); }

static void start_beta(ThFamilyTask *t) {
  double *p = th_family_start(t), m = mean(t);
  double variance = th_sample_mean(t->s, th_sample_square, m);
  double size = fmax(m * (1 - m) / fmax(variance, 1e-300) - 1, 0.1);
  p[0] = m * size;
  p[1] = (1 - m) * size;
}

/* --- VonMises */

static double cosine(double x, double a) { return cos(x - a); }
static double sine(double x, double a) { return sin(x - a); }

/* The length of the mean of e^(ix), and its direction, of those that differ by turns the one nearest to the data. */
static double resultant(ThFamilyTask *t, double *direction) {
  double c = th_sample_mean(t->s, cosine, 0), s = th_sample_mean(t->s, sine, 0);
  double angle = atan2(s, c), middle = 0.5 * (t->s->low + t->s->high);
  *direction = angle + 2 * PI * round((middle - angle) / (2 * PI));
  return hypot(c, s);
}

/* The density is one of angles within π of μ, and nothing begins again there. */
static bool check_window(ThFamilyTask *t, double direction) {
  double low = t->s->low, high = t->s->high;
  if (low > direction - PI && high < direction + PI) return true;
  th_fail(
      t->s->cx, TH_ERROR_VALUE,
      "`%s` has %.6g, but VonMises gives angles within π of `μ`, and the data have the mean direction %.6g",
      t->s->name->spelling, low > direction - PI ? high : low, direction);
  return th_hint(t->s->cx, "whole turns bring them there: `%s - 2π*round((%s - %.3g)/(2π))`",
                 t->s->name->spelling, t->s->name->spelling, direction);
}

static bool check_von_mises(ThFamilyTask *t) {
  double direction, r = resultant(t, &direction);
  if (t->held[1] || t->held[0]) return true;
  if (r > 1 - 1e-14) return th_family_fail(t, "κ", true, "all data are the same direction, %.6g", direction);
  if (r > 1e-15) return check_window(t, direction);
  return th_fail(
      t->s->cx, TH_ERROR_NUMERIC,
      "the likelihood of `VonMises` is largest at κ = 0, where `μ` changes nothing: the directions "
      "cancel each other");
}

/* Best and Fisher (1981): κ from the length of the mean. */
static void start_von_mises(ThFamilyTask *t) {
  double *p = th_family_start(t), r = resultant(t, &p[0]);
  if (t->held[0]) r = fmax(th_sample_mean(t->s, cosine, t->p[0]), 0.01);
  if (r < 0.53) p[1] = 2 * r + r * r * r + 5 * pow(r, 5) / 6;
  else if (r < 0.85) p[1] = -0.4 + 1.39 * r + 0.43 / (1 - r);
  else p[1] = 1 / (r * (r * (r - 4) + 3));
}

#define ENDS .edges = 3, .check = check_ends, .solve = solve_ends
const ThFamilyRow th_family_rows_bounded[] = {
    {.family = &th_family_uniform, .edge_words = "is an end of the data", ENDS},
    {.family = &th_family_log_uniform, .open_low = true, .edge_words = "is an end of the data", ENDS},
    {.family = &th_family_discrete_uniform, .edge_words = "is an end of the data", ENDS},
    {.family = &th_family_triangular,
     .sorted = true,
     .edges = 4,
     .edge_words = "is a datum, where the likelihood has a kink",
     .alternates = true,
     .check = check_triangular,
     .solve = solve_triangular,
     .start = start_triangular},
    {.family = &th_family_beta,
     .open_low = true,
     .open_high = true,
     .collapses = 1,
     .grows = true,
     .start = start_beta},
    {.family = &th_family_von_mises, .check = check_von_mises, .start = start_von_mises},
    {0},
};
