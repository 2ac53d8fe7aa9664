/* lib_profile.c - built-ins: profile, contour */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/libs.h"
#include "infer/profile.h"

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
  return check_level(cx, level) && th_layout_parse(cx, &fit->layout, th_arg_text(call, 1), &element) &&
         th_profile_find(cx, fit, element, level, out);
}

#define SECTION "models"
#define DECAY                                                                      \
  "model decay(t, y) { param A, τ in (0, inf); y ~ Normal(A*exp(-t/τ), 0.1) }\n" \
  "f = mle(decay, (t = [0.5, 1, 2, 4, 8], y = [2.4, 2.1, 1.2, 0.7, 0.1]), init = (A = 3, τ = 2));\n"

const ThBuiltin th_lib_profile[] = {
    {"profile(f: fit, name: string; level: number = …) -> any", body_profile, SECTION,
     "the likelihood of each value of a parameter, the others as they then fit best",
     "Walks outwards from the estimate and maximises over the other parameters at every value. `interval` ends where the "
     "log likelihood has fallen by half of the χ² quantile; `wald` is the estimate ± its error. `table` has the "
     "values, their loglik, and root: the signed root of twice what it has fallen, a straight line where the ± tells "
     "everything. plot(profile(f, \"a\")) draws it over the parabola of the ±. An element of a vector: \"β[2]\".",
     DECAY "profile(f, \"τ\").interval", "mle contour predict", NULL},
    {0},
};
