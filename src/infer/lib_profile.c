/* lib_profile.c - built-ins: profile, contour */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/libs.h"
#include "infer/profile.h"
#include "infer/region.h"
#include "val/array.h"

static bool check_level(ThContext *cx, double level) {
  if (level > 0 && level < 1) return true;
  th_fail(cx, TH_ERROR_VALUE, "`level` lies between 0 and 1, got %.6g", level);
  return level > 1 && level < 100 ? th_hint(cx, "%.6g percent is %.6g", level, level / 100) : false;
}

/* profile: f, name, level. */
static bool body_profile(ThContext *cx, const ThCall *call, ThValue *out) {
  ThFit *fit = th_as_fit(call->args[0]);
  size_t element;
  double level = call->given[2] ? th_arg_number(call, 2) : fit->question.level;
  if (check_level(cx, level) && !call->given[1]) return th_profile_intervals(cx, fit, level, out);
  return check_level(cx, level) && th_layout_parse(cx, &fit->layout, th_arg_text(call, 1), &element) &&
         th_profile_find(cx, fit, element, level, out);
}

/* Up to four levels, ascending, each in (0, 1). */
static bool read_levels(ThContext *cx, ThValue given, double *levels, size_t *n) {
  ThValue v;
  if (!th_decay(cx, given, &v)) return false;
  *n = th_value_length(v);
  bool ok = *n >= 1 && *n <= TH_REGION_LEVELS;
  if (!ok) th_fail(cx, TH_ERROR_VALUE, "`contour` takes 1 to %d levels, got %zu", TH_REGION_LEVELS, *n);
  for (size_t i = 0; ok && i < *n; i++) {
    levels[i] = th_is_array(v) ? th_array_real(th_as_array(v), i) : th_as_scalar(v);
    ok = check_level(cx, levels[i]);
    if (ok && i > 0 && !(levels[i] > levels[i - 1]))
      ok = th_fail(cx, TH_ERROR_VALUE, "the levels of `contour` ascend; %.6g follows %.6g", levels[i],
                   levels[i - 1]);
  }
  th_release(v);
  return ok;
}

/* contour: f, two names, level. */
static bool body_contour(ThContext *cx, const ThCall *call, ThValue *out) {
  ThFit *fit = th_as_fit(call->args[0]);
  size_t elements[2], n = 2;
  double levels[TH_REGION_LEVELS] = {0.6826894921370859, 0.95}; /* one standard error, and two */
  if (call->given[3] && !read_levels(cx, call->args[3], levels, &n)) return false;
  for (size_t i = 0; i < 2; i++)
    if (!th_layout_parse(cx, &fit->layout, th_arg_text(call, i + 1), &elements[i])) return false;
  return th_region_find(cx, fit, elements, n, levels, out);
}

#define SECTION "models"
#define DECAY                                                                      \
  "model decay(t, y) { param A, τ in (0, inf); y ~ Normal(A*exp(-t/τ), 0.1) }\n" \
  "f = mle(decay, (t = [0.5, 1, 2, 4, 8], y = [2.4, 2.1, 1.2, 0.7, 0.1]), init = (A = 3, τ = 2));\n"

const ThBuiltin th_lib_profile[] = {
    {"profile(f: fit, name: string = …; level: number = …) -> any", body_profile, SECTION,
     "the likelihood of each value of a parameter, the others as they then fit best",
     "Walks outwards from the estimate and maximises over the other parameters at every value.\n"
     "interval: where the log likelihood has fallen by half of the χ² quantile; wald: the estimate ± its error\n"
     "table: values, loglik, and root, the signed root of twice what it has fallen: a straight line where the\n"
     "± tells everything\n"
     "profile(f): a table of the intervals of all parameters, beside Wald's\n"
     "plot(profile(f, \"a\")) draws it over the parabola of the ±; an element of a vector is \"β[2]\"",
     DECAY "profile(f, \"τ\")\n"
           "#> profile of τ in decay, log likelihood 4.8468 at 2.52\n"
           "#> 95 % interval (2.10, 3.04); Wald's, from its ±, (2.05, 2.98)\n"
           "#>     τ   loglik    root\n"
           "#> 1.949  1.03611  -2.76\n"
           "#> 2.041  2.2963   -2.26\n"
           "#> 2.189  3.71429  -1.51\n"
           "#> 2.348  4.56478  -0.751\n"
           "#> 2.519  4.8468    0\n"
           "#> 2.636  4.73124   0.481\n"
           "#> 2.822  4.13023   1.2\n"
           "#> 3.022  3.01696   1.91\n"
           "#> 3.24   1.39269   2.63\n"
           "profile(f)\n"
           "#> parameter  estimate    lower    upper  wald_lower  wald_upper\n"
           "#> A           2.96549  2.70297  3.25446     2.69076     3.24022\n"
           "#> τ           2.51923  2.09851  3.03604     2.0548      2.98366",
     "mle contour predict", NULL},
    {"contour(f: fit, a: string, b: string; level: real = …) -> any", body_contour, SECTION,
     "where two parameters of a fit may lie together",
     "Curves on which twice what the log likelihood has fallen is the χ² quantile of two degrees of freedom,\n"
     "the other parameters being as they then fit best: at 68.3 and 95 %, or at the levels given. Wald's\n"
     "ellipses, from the ± and the correlation, are drawn beside them, dashed.\n"
     "curves: a list of tables, one a level; chi2: the quantiles; levels",
     DECAY "c = contour(f, \"A\", \"τ\");\nc.chi2\n#> [2.29575, 5.99146]", "profile mle", NULL},
    {0},
};
