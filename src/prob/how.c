/* how.c - how(x) and error(x): where an answer comes from */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation is a text that prints as it stands, on several lines; anywhere else it is a string. */
#include "lang/libs.h"
#include "prob/distribution.h"
#include "prob/verbs.h"

typedef struct Explanation {
  ThObject object;
  ThValue text; /* a string */
} Explanation;

static ThValue text_of(ThValue v) { return ((const Explanation *)th_as_object(v))->text; }

static void explanation_release(ThObject *self) {
  th_release(((Explanation *)self)->text);
  th_object_free(self, sizeof(Explanation));
}

static bool explanation_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThString *s = th_as_string(text_of(self));
  if (style == TH_STYLE_SOURCE) th_quote(s->text, s->length, out);
  else th_text_bytes(out, s->text, s->length);
  return th_text_ok(out, cx);
}

static bool explanation_decay(ThContext *cx, ThValue self, ThValue *out) {
  (void)cx;
  *out = th_retain(text_of(self));
  return true;
}

static const ThKind explanation_kind = {.name = "explanation",
                                        .release = explanation_release,
                                        .format = explanation_format,
                                        .decay = explanation_decay};

static bool explain(ThContext *cx, ThValue text, ThValue *out) {
  Explanation *e = th_object_new(cx, &explanation_kind, sizeof *e);
  if (!e) return false;
  e->text = th_retain(text);
  *out = th_object(e);
  return true;
}

/* Kinds of upper layers answer through their verb "how", with a string. */
static bool ask_kind(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0], answer;
  const ThKind *kind = th_is_object(v) ? th_as_object(v)->kind : NULL;
  char what[96];
  th_error_clear(cx);
  if (kind && kind->verb && kind->verb(cx, "how", call->args, call->n_args, &answer)) {
    bool ok = th_is_string(answer) ? explain(cx, answer, out) : th_decay(cx, answer, out);
    th_release(answer);
    return ok;
  }
  if (cx->error.code != TH_OK) return false;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "%s does not know how it was computed",
                   th_describe(v, what, sizeof what));
  return th_hint(cx, "an answer does: `how(P(…))`, `how(E(…))`; arithmetic on it takes the number only");
}

static bool body_how(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0], text = th_none();
  if (th_is_estimate(v)) text = th_as_estimate(v)->detail;
  if (th_is_distribution(v)) text = th_as_distribution(v)->detail;
  return th_is_string(text) ? explain(cx, text, out) : ask_kind(cx, call, out);
}

static bool body_error(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  char what[96];
  if (th_is_scalar(v)) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "%s carries no error", th_describe(v, what, sizeof what));
    return th_hint(cx,
                   "an answer does: `error(P(…))`, `error(E(…))`; arithmetic on it takes the number only");
  }
  if (!th_is_estimate(v)) return th_lib_other_kind(cx, call, out);
  *out = th_number(th_as_estimate(v)->error);
  return true;
}

const ThBuiltin th_lib_how[] = {
    {"how(x: any) -> explanation", body_how, "probability", "tells how an answer was found",
     "which outcomes were summed, which variables are independent, what a posterior is; a text, also "
     "for contains(…)",
     "X ~ Bernoulli(0.5);\ncontains(how(P(X)), \"exact\")\n#> true", "error P", NULL},
    {"error(x: any) -> real", body_error, "probability", "the error of an answer: 0 when it is exact",
     "a bound for quadrature, one standard error for random draws", "X ~ Bernoulli(0.5);\nerror(P(X))\n#> 0",
     "how P", NULL},
    {0},
};
