/* direct.c - observations in whose law one argument is a parameter of the model, or a multiple of a power of one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/direct.h"

#include <math.h>

#include "infer/law_vector.h"
#include "prob/parameter.h"

/* --- Laws */

/* Element i of the argument, as a multiple of a power of an element of the model. */
static bool read_form(const ThRecording *r, const ThDirect *d, size_t i, ThConjugateForm *out,
                      size_t *element) {
  if (!th_conjugate_form_read(d->given, i, out) || !out->variable || out->power == 0) return false;
  *element = th_recording_element(r, out->variable);
  return *element != SIZE_MAX;
}

static bool has_forms(const ThRecording *r, const ThDirect *d) {
  for (size_t i = 0; i < d->n; i++) {
    ThConjugateForm form;
    size_t element;
    if (!read_form(r, d, i, &form, &element)) return false;
  }
  return true;
}

/* The one argument that hangs on parameters. */
static ThAttempt read_argument(const ThRecording *r, ThDirect *d, ThReason *why) {
  const ThConditional *c = th_as_conditional(d->observation->distribution);
  const char *name = d->observation->name->spelling;
  for (size_t i = 0; i < c->n; i++) {
    if (th_is_unset(c->arguments[i]) || !th_is_random(c->arguments[i])) continue;
    if (d->argument)
      return th_decline(why, "two parameters of %s, the law of `%s`, are unknown", d->family->name, name);
    d->given = c->arguments[i];
    d->argument = th_family_argument(d->family, i, &d->length);
    if (has_forms(r, d)) continue;
    return th_decline(why, "`%.*s` of %s, the law of `%s`, is an expression in the parameters",
                      (int)d->length, d->argument, d->family->name, name);
  }
  if (!d->argument) return th_decline(why, "the law of `%s` hangs on no parameter", name);
  for (int j = 0; j < d->family->n_parameters; j++)
    if (d->parameters[j].bits == d->given.bits) d->unknown = j;
  return TH_ANSWERED;
}

/* What stands there must have one element, or one for each datum. */
static bool check_length(const ThRecording *r, const ThDirect *d) {
  size_t length = th_law_parameter_length(d->given);
  if (th_is_variable(d->given) && !th_variable_length(r->cx, d->given, &length)) return false;
  return length <= 1 || length == d->n ||
         th_law_fail_length(r->cx, r->model, r->data, d->observation->name, d->n, length);
}

ThAttempt th_direct_read(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why) {
  *out = (ThDirect){.observation = o, .unknown = -1, .given = th_unset(), .n = th_value_length(o->data)};
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) out->parameters[j] = th_unset();
  if (th_is_joint_law(o->distribution) && th_is_conditional(o->distribution))
    return th_decline(why, "`%s` holds vectors", o->name->spelling);
  if (!th_law_parameters(r->cx, o->distribution, &out->family, out->parameters)) return TH_FAILED;
  if (th_is_distribution(o->distribution)) return TH_ANSWERED;
  ThAttempt attempt = read_argument(r, out, why);
  if (attempt == TH_ANSWERED && !check_length(r, out)) attempt = TH_FAILED;
  if (attempt != TH_ANSWERED) th_direct_clear(out);
  return attempt;
}

bool th_direct_is_plain(const ThRecording *r, const ThDirect *d) {
  for (size_t i = 0; i < d->n; i++) {
    ThConjugateForm form;
    size_t element;
    if (!read_form(r, d, i, &form, &element) || form.factor != 1 || form.power != 1) return false;
  }
  return true;
}

ThAttempt th_direct_read_plain(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why) {
  ThAttempt attempt = th_direct_read(r, o, out, why);
  if (attempt != TH_ANSWERED || th_is_unset(out->given)) return attempt;
  if (out->unknown >= 0 && th_direct_is_plain(r, out)) return TH_ANSWERED;
  attempt = th_decline(why, "`%.*s` of %s, the law of `%s`, is an expression in the parameters",
                       (int)out->length, out->argument, out->family->name, o->name->spelling);
  th_direct_clear(out);
  return attempt;
}

void th_direct_clear(ThDirect *direct) {
  th_release_all(direct->parameters, TH_MAX_PARAMETERS);
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) direct->parameters[j] = th_unset();
}

void th_direct_datum(const ThRecording *r, const ThDirect *d, size_t i, ThDirectDatum *out) {
  *out = (ThDirectDatum){.x = th_datum(d->observation->data, i)};
  for (int j = 0; j < d->family->n_parameters; j++) {
    ThValue v = d->parameters[j];
    bool known = j != d->unknown && !th_is_unset(v);
    out->p[j] = known ? th_as_scalar(th_law_element(v, i)) : (double)NAN;
  }
  if (!read_form(r, d, i, &out->form, &out->element)) out->element = SIZE_MAX;
}
