/* draws.c - random variables that are known by draws of a sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/draws.h"

#include <stdio.h>

#include "prob/distribution.h"

static void draws_release(ThObject *self) { th_object_free(self, sizeof(ThDraws)); }

static const ThKind draws_kind = {.name = "draws", .release = draws_release};

const ThDraws *th_draws_of(const ThVariable *v) {
  return th_is(v->joint, &draws_kind) ? (const ThDraws *)th_as_object(v->joint) : NULL;
}

bool th_draws_declare(ThContext *cx, size_t n_chains, size_t n_draws, const char *method, ThValue *out) {
  double range[TH_MAX_PARAMETERS] = {1, (double)(n_chains * n_draws)};
  ThValue distribution;
  ThSymbol *name = th_symbol_of(cx, "draw");
  ThDraws *draws = name ? th_object_new(cx, &draws_kind, sizeof *draws) : NULL;
  if (!draws) return false;
  draws->n_chains = n_chains;
  draws->n_draws = n_draws;
  snprintf(draws->method, sizeof draws->method, "%s", method);
  bool ok = th_distribution_of(cx, &th_family_discrete_uniform, range, &distribution);
  if (ok) {
    ok = th_variable_new(cx, name, 0, distribution, out);
    th_release(distribution);
  }
  if (ok) th_replace_take(&th_as_variable(*out)->joint, th_object(draws));
  else th_release(th_object(draws));
  return ok;
}

bool th_draws_variable(ThContext *cx, ThValue number, ThSymbol *name, size_t index, ThValue values,
                       ThValue *out) {
  if (!th_variable_index(cx, values, &number, 1, out)) return false;
  th_as_variable(*out)->name = name;
  th_as_variable(*out)->index = index;
  return true;
}
