/* lib_profile.c - built-in: profile; what the built-in contour asks of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/libs.h"
#include "infer/profile.h"
#include "infer/region.h"

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
static bool check_levels(ThContext *cx, size_t n, const double *levels) {
  if (n > TH_REGION_LEVELS)
    return th_fail(cx, TH_ERROR_VALUE, "`contour` takes 1 to %d levels, got %zu", TH_REGION_LEVELS, n);
  for (size_t i = 0; i < n; i++) {
    if (!check_level(cx, levels[i])) return false;
    if (i > 0 && !(levels[i] > levels[i - 1]))
      return th_fail(cx, TH_ERROR_VALUE, "the levels of `contour` ascend; %.6g follows %.6g", levels[i],
                     levels[i - 1]);
  }
  return true;
}

bool th_region_ask(ThContext *cx, ThFit *fit, const char *a, const char *b, size_t n_levels,
                   const double *levels, ThValue *out) {
  static const double usual[] = {0.6826894921370859, 0.95}; /* one standard error, and two */
  size_t elements[2];
  if (n_levels == 0) n_levels = 2, levels = usual;
  return check_levels(cx, n_levels, levels) && th_layout_parse(cx, &fit->layout, a, &elements[0]) &&
         th_layout_parse(cx, &fit->layout, b, &elements[1]) &&
         th_region_find(cx, fit, elements, n_levels, levels, out);
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
    {0},
};
