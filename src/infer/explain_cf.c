/* explain_cf.c - a distribution found from its characteristic function, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrals that from_cf takes are taken anew, by another rule, at a point in the bulk of the distribution. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "infer/explain.h"
#include "prob/from_cf.h"

static const ThLine head[] = {
    {.words = "A characteristic function φ(k) = E(exp(i·k·X)) is 1 at k = 0, whatever X is:",
     .sides = {{"φ(0)", "re(φ(0))"}, {"{re(φ(0))}"}}},
    {0},
};

/* Integrals that may not be found, each on its own. */
static const ThLine integrals[] = {
    {.words =
         "φ is the Fourier transform of the density, which the inverse transform gives back; for instance at x = {x}:",
     .sides = {{"p(x)", "pdf(d, x)"},
               {"1/(2π)·∫ exp(-i·k·x)·φ(k) dk", "integrate(k -> re(exp(-1i*k*x)*φ(k)), 0, K)/π"},
               {"{pdf(d, x)}"}}},
    {.words = "Integrated up to x it is the distribution function (Gil-Pelaez 1951):",
     .sides = {{"P(X ≤ x)", "cdf(d, x)"},
               {"½ - 1/π·∫₀^∞ im(exp(-i·k·x)·φ(k))/k dk",
                "1/2 - integrate(k -> im(exp(-1i*k*x)*φ(k))/k, 0, K)/π"},
               {"{cdf(d, x)}"}}},
};

/* A k beyond which |φ| is nothing; inf where it falls slowly. */
static bool find_end(ThExplanation *e, double *out) {
  ThValue v;
  double size = 1;
  for (*out = 1; *out < 1e6; *out *= 2) {
    if (!th_poll(e->cx) || !th_explanation_give_number(e, "K", *out) ||
        !th_explanation_evaluate(e, "abs(φ(K))", &v))
      return false;
    bool ok = th_to_number(v, &size);
    th_release(v);
    if (!ok || size < 1e-17) break;
  }
  if (!(size < 1e-17)) *out = (double)INFINITY;
  return th_explanation_give_number(e, "K", *out);
}

/* A point in the bulk, with two digits. */
static bool give_point(ThExplanation *e) {
  ThValue v;
  double x;
  char text[32];
  if (!th_explanation_evaluate(e, "quantile(d, 0.385)", &v)) return false;
  bool ok = th_to_number(v, &x);
  th_release(v);
  snprintf(text, sizeof text, "%.2g", ok ? x : 0);
  return th_explanation_give_number(e, "x", strtod(text, NULL));
}

bool th_explain_cf(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_distribution(v) || th_as_distribution(v)->family != &th_family_from_cf ||
      th_as_distribution(v)->rank)
    return true;
  ThValue phi;
  double end;
  *done = true;
  if (!th_explanation_give_take(e, "d", th_retain(v)) || !th_explanation_evaluate(e, "cf(d)", &phi) ||
      !th_explanation_give_take(e, "φ", phi))
    return false;
  if (!give_point(e)) return false;
  if (!find_end(e, &end) || !th_explanation_add_all(e, head)) return false;
  for (size_t i = 0; i < sizeof integrals / sizeof *integrals; i++) {
    ThValue found;
    if (th_explanation_evaluate(e, integrals[i].sides[1].code, &found)) {
      th_release(found);
      if (!th_explanation_add(e, &integrals[i])) return false;
    } else if (th_is_final(cx)) {
      return false;
    }
    th_error_clear(cx);
  }
  return true;
}
