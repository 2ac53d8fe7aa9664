/* direct.c - observations in which one parameter of the law is a parameter of the model itself */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/direct.h"

#include <math.h>

#include "infer/law.h"

/* Every element of the law's parameter must be a declared variable of the model. */
static bool is_direct(const ThRecording *r, ThValue parameter) {
  size_t n = th_law_parameter_length(parameter);
  for (size_t i = 0; i < n; i++) {
    ThValue v = th_law_element(parameter, i);
    if (!th_is_variable(v) || th_recording_element(r, th_as_variable(v)) == SIZE_MAX) return false;
  }
  return true;
}

static ThAttempt read_parameters(const ThRecording *r, ThDirect *d, ThReason *why) {
  const char *name = d->observation->name->spelling;
  for (int j = 0; j < d->family->n_parameters; j++) {
    ThValue v = d->parameters[j];
    if (!th_is_unset(v) && !th_is_random(v)) continue;
    if (d->unknown >= 0)
      return th_decline(why, "two parameters of %s, the law of `%s`, are unknown", d->family->name, name);
    if (th_is_unset(v) || !is_direct(r, v))
      return th_decline(why, "`%s` of %s, the law of `%s`, is an expression in the parameters",
                        d->family->parameters[j].name, d->family->name, name);
    d->unknown = j;
  }
  return TH_ANSWERED;
}

ThAttempt th_direct_read(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why) {
  *out = (ThDirect){.observation = o, .unknown = -1, .n = th_value_length(o->data)};
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) out->parameters[j] = th_unset();
  if (!th_law_parameters(r->cx, o->distribution, &out->family, out->parameters)) return TH_FAILED;
  if (th_is_distribution(o->distribution)) return TH_ANSWERED;
  ThAttempt attempt = read_parameters(r, out, why);
  if (attempt != TH_ANSWERED) th_direct_clear(out);
  return attempt;
}

void th_direct_clear(ThDirect *direct) {
  th_release_all(direct->parameters, TH_MAX_PARAMETERS);
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) direct->parameters[j] = th_unset();
}

size_t th_direct_datum(const ThRecording *r, const ThDirect *d, size_t i, double *x, double *p) {
  *x = th_datum(d->observation->data, i);
  for (int j = 0; j < d->family->n_parameters; j++)
    p[j] = j == d->unknown ? (double)NAN : th_as_scalar(th_law_element(d->parameters[j], i));
  return th_recording_element(r, th_as_variable(th_law_element(d->parameters[d->unknown], i)));
}
