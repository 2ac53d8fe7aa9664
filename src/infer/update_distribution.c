/* update_distribution.c - a conjugate prior after data, without a model */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/update.h"

#include <math.h>
#include <string.h>

#include "infer/conjugate.h"
#include "infer/law.h"
#include "num/real.h"
#include "prob/conjugate.h"

static bool no_pair(ThContext *cx, const ThFamily *prior, const ThFamily *family) {
  th_fail(cx, TH_ERROR_VALUE, "a %s prior does not go with %s data in closed form", prior->name,
          family->name);
  for (size_t i = 0; th_conjugate_at(i); i++)
    if (th_conjugate_at(i)->likelihood == family)
      return th_hint(cx, "the conjugate prior of %s is %s", family->name, th_conjugate_at(i)->prior->name);
  return false;
}

/* The positional parameter that is unknown: what another name gives stands last (σ, rate). */
static int unknown_of(const ThConjugate *pair) {
  return pair->parameter >= 0 ? pair->parameter
                              : pair->likelihood->n_parameters - pair->likelihood->n_hidden - 1;
}

/* The pair of which no unknown is among the named numbers. */
static bool find_pair(ThContext *cx, const ThFamily *prior, const ThFamily *family, const ThRecord *named,
                      const ThConjugate **out) {
  for (size_t i = 0; (*out = th_conjugate_at(i)); i++) {
    if ((*out)->prior != prior || (*out)->likelihood != family) continue;
    ThSymbol *name = th_symbol_of(cx, family->parameters[unknown_of(*out)].name);
    if (!name) return false;
    if (!th_record_find(named, name)) return true;
  }
  return no_pair(cx, prior, family);
}

/* The known parameters of the likelihood into p. */
static bool read_known(ThContext *cx, const ThConjugate *pair, const ThRecord *named, double *p) {
  const ThFamily *family = pair->likelihood;
  size_t used = 0;
  for (int j = 0; j < family->n_parameters; j++) {
    const char *parameter = family->parameters[j].name;
    ThSymbol *name = th_symbol_of(cx, parameter);
    if (!name) return false;
    const ThValue *v = th_record_find(named, name);
    p[j] = family->parameters[j].optional ? family->parameters[j].fallback : (double)NAN;
    if (j == unknown_of(pair) || (!v && family->parameters[j].optional)) continue;
    if (!v || !th_to_number(*v, &p[j])) {
      th_fail(cx, TH_ERROR_TYPE, "`%s` of %s must be given, a number", parameter, family->name);
      return th_hint(cx, "update(prior, %s, data, %s = …)", family->name, parameter);
    }
    used++;
  }
  if (used != named->length)
    return th_fail(cx, TH_ERROR_NAME, "`%s` is no known parameter of %s here", named->names[0]->spelling,
                   family->name);
  return !pair->fits || pair->fits(p) || no_pair(cx, pair->prior, family);
}

static bool take_in(ThContext *cx, const ThConjugate *pair, ThValue data, const double *likelihood,
                    ThConjugatePart *part) {
  double next[TH_MAX_PARAMETERS] = {0};
  for (size_t i = 0; i < th_value_length(data); i++) {
    double x = th_datum(data, i);
    if (!th_poll_at(cx, i)) return false;
    if (isnan(x)) return th_fail_argument(cx, 3, TH_ERROR_VALUE, "datum %zu is missing (nan)", i + 1);
    double evidence = pair->log_predictive(part->p, likelihood, x);
    if (!(evidence > -TH_INFINITY))
      return th_fail_argument(cx, 3, TH_ERROR_VALUE, "datum %zu, %.6g, cannot come from %s", i + 1, x,
                              pair->likelihood->name);
    part->log_weight += evidence;
    pair->update(part->p, likelihood, x, next);
    memcpy(part->p, next, sizeof next);
  }
  return true;
}

/* One part of the prior, updated. */
static bool update_part(ThContext *cx, const ThDistribution *prior, const ThFamily *family, ThValue data,
                        const ThRecord *named, ThConjugatePart *part) {
  double likelihood[TH_MAX_PARAMETERS] = {0};
  if (!prior->family->math || prior->family->build) return no_pair(cx, prior->family, family);
  const ThConjugate *pair;
  part->family = th_conjugate_prior(prior->family, prior->p, part->p);
  return find_pair(cx, part->family, family, named, &pair) && read_known(cx, pair, named, likelihood) &&
         take_in(cx, pair, data, likelihood, part);
}

static bool update_all(ThContext *cx, const ThDistribution *prior, const ThFamily *family, ThValue data,
                       const ThRecord *named, ThConjugateState *state) {
  bool mixture = prior->family == &th_family_mixture;
  for (size_t i = 0; i < state->n; i++) {
    const ThDistribution *part = mixture ? th_as_distribution(th_as_list(prior->parameters[1])->items[i])
                                         : prior;
    state->parts[i] = (ThConjugatePart){.log_weight = mixture ? log(prior->p[i]) : 0};
    if (!update_part(cx, part, family, data, named, &state->parts[i])) return false;
  }
  return true;
}

/* Of numbers, or of a mixture of such. */
static bool update_numbers(ThContext *cx, const ThDistribution *prior, const ThFamily *family, ThValue data,
                           const ThRecord *named, ThValue *out) {
  ThConjugateState state = {.n = prior->family == &th_family_mixture ? prior->stride : 1};
  state.parts = th_alloc_array(cx, state.n, sizeof *state.parts);
  if (!state.parts) return false;
  bool ok = update_all(cx, prior, family, data, named, &state) && th_conjugate_law(cx, &state, out);
  th_free(cx, state.parts, state.n * sizeof *state.parts);
  return ok;
}

bool th_update_distribution(ThContext *cx, const ThDistribution *prior, const ThFamily *family, ThValue data,
                            const ThRecord *named, ThValue *out) {
  ThValue plain;
  bool known = false;
  if (prior->rank > 0)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "the prior is one distribution, got %zu", prior->length);
  ThSymbol *name = th_symbol_of(cx, "data");
  if (!name || !th_model_value(cx, name, data, &plain)) return false;
  bool ok = th_is_scalar(plain) || th_is_array(plain) ||
            th_fail_argument(cx, 3, TH_ERROR_TYPE, "the data are a number or an array");
  if (ok && th_is_array(plain))
    ok = th_update_vector(cx, prior, family, th_as_array(plain), named, &known, out);
  if (ok && !known) ok = update_numbers(cx, prior, family, plain, named, out);
  th_release(plain);
  if (!ok) return false;
  if (th_distribution_sign(cx, *out, "exact (conjugate)", NULL)) return true;
  th_release(*out);
  return false;
}
