/* ask_family.c - mle(Gamma, xs) as a question */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data are an array, not a table: they have no name of their own, and are called as the caller wrote them. */
#include "infer/ask_family.h"

#include <ctype.h>
#include <string.h>

#include "infer/family_model.h"
#include "prob/event.h"
#include "val/array.h"

const ThFamily *th_ask_family(const ThCall *call) {
  const ThBuiltin *row = th_builtin_row(call->args[TH_ASK_MODEL]);
  return row ? th_family_of_builtin(row) : NULL;
}

/* --- Families that are not fitted by their name */

static const struct Refusal {
  const ThFamily *family;
  const char *why, *hint;
} refusals[] = {
    {&th_family_mixture, "is of other distributions, which it does not name",
     "write it as a model: `model m(y) { param w in (0, 1); param a, b; y ~ Mixture([w, 1 - w], list(Normal(a, "
     "1), Normal(b, 1))) }`"},
    {&th_family_truncated, "is of another distribution, which it does not name",
     "write it as a model: `model m(y) { param μ; param σ in (0, inf); y ~ Truncated(Normal(μ, σ), lower = 0) }`"},
    {&th_family_censored, "is of another distribution, which it does not name",
     "write it as a model: `model m(y) { param μ; param σ in (0, inf); y ~ Censored(Normal(μ, σ), upper = 1) }`"},
    {&th_family_discrete, "gives every value its share of the data, whatever they are",
     "that distribution is `Empirical(xs)`"},
    {&th_family_empirical, "has no parameters to find: it is the data", "`Empirical(xs)` is it"},
    {&th_family_kde, "has no parameters to find: it is made of the data", "`KDE(xs)` is it"},
    {&th_family_wishart, "has a matrix among its parameters whose maximum this version does not know", NULL},
    {&th_family_lkj, "counts its variables, and such numbers are not sought",
     "write it as a model: `model m(r) { param η in (0, inf); r ~ LKJ(3, η) }`"},
    {&th_family_point, "gives one value only", NULL},
};

static bool check_family(ThContext *cx, const char *verb, const ThFamily *family) {
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    if (refusals[i].family != family) continue;
    th_fail_argument(cx, 1, TH_ERROR_VALUE, "`%s` does not fit `%s` by its name: it %s", verb, family->name,
                     refusals[i].why);
    return refusals[i].hint ? th_hint(cx, "%s", refusals[i].hint) : false;
  }
  return true;
}

/* --- The data */

static bool is_name(const char *text) {
  if (!text[0] || isdigit((unsigned char)text[0])) return false;
  for (; *text; text++)
    if (!isalnum((unsigned char)*text) && *text != '_' && (unsigned char)*text < 0x80) return false;
  return true;
}

static ThSymbol *data_name(ThContext *cx) {
  char text[64];
  th_operand(cx, 1, "", text, sizeof text);
  return is_name(text) ? th_symbol(cx, text, strlen(text)) : th_symbol_of(cx, "x");
}

/* mle(Gamma, d), d a table */
static bool fail_table(ThContext *cx, const char *verb, const ThFamily *family, ThValue v) {
  char got[96], text[64];
  th_operand(cx, 1, "d", text, sizeof text);
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "`%s` of a family takes the data as one array, got %s", verb,
                   th_describe(v, got, sizeof got));
  ThSymbol *const *names = th_is_table(v)    ? th_as_table(v)->names
                           : th_is_record(v) ? th_as_record(v)->names
                                             : NULL;
  size_t n = th_is_table(v) ? th_as_table(v)->n_columns : th_is_record(v) ? th_as_record(v)->length : 0;
  return n ? th_hint(cx, "one column: %s(%s, %s.%s)", verb, family->name, text, names[0]->spelling) : false;
}

static bool fail_none(ThContext *cx, const char *verb, const ThFamily *family) {
  th_fail(cx, TH_ERROR_TYPE, "`%s` needs data", verb);
  return th_hint(cx, "%s(%s, xs), where xs is an array of numbers", verb, family->name);
}

static bool read_data(ThContext *cx, const char *verb, const ThFamily *family, const ThCall *call,
                      const ThSymbol *name, ThValue *out) {
  size_t n = call->n_args - 1 - TH_ASK_N;
  if (n == 0) return fail_none(cx, verb, family);
  ThValue v = call->args[TH_ASK_N];
  if (n > 1)
    return th_fail_argument(cx, 3, TH_ERROR_TYPE, "`%s` of a family takes the data as one array", verb);
  if (th_is_table(v) || th_is_record(v)) return fail_table(cx, verb, family, v);
  if (!th_model_value(cx, name, v, out)) return false;
  if (th_is_array(*out) ? th_as_array(*out)->length > 0 : th_is_scalar(*out)) return true;
  bool empty = th_is_array(*out) || (th_is_list(*out) && th_as_list(*out)->length == 0);
  th_release(*out);
  if (empty) return th_fail_argument(cx, 2, TH_ERROR_VALUE, "`%s` has no data in it", name->spelling);
  return fail_table(cx, verb, family, v);
}

/* The length of vectors among the parameters: that of an outcome, or the number of categories. */
static size_t vector_size(const ThFamily *family, ThValue data) {
  const ThArray *a = th_is_array(data) ? th_as_array(data) : NULL;
  if (family->event && a) return a->shape[a->rank - 1];
  if (family != &th_family_categorical) return SIZE_MAX;
  double most = a ? 1 : th_as_scalar(data);
  for (size_t i = 0; a && i < a->length; i++)
    if (a->real[i] > most) most = a->real[i];
  return most <= 1e6 ? (size_t)most : 1;
}

/* --- What is held */

/* The number of draws of Multinomial, which every datum sums to. */
static bool hold_draws(ThContext *cx, ThValue data, ThRecord *held) {
  const ThArray *a = th_is_array(data) ? th_as_array(data) : NULL;
  ThSymbol *name = th_symbol_of(cx, "n");
  double n = 0, first = 0;
  if (!name) return false;
  if (!a || th_record_find(held, name)) return true;
  size_t size = a->shape[a->rank - 1];
  for (size_t i = 0; i < a->length; i++) {
    n += a->real[i];
    if (i % size < size - 1) continue;
    if (i < size) first = n;
    if (n != first)
      return th_fail_argument(
          cx, 2, TH_ERROR_VALUE,
          "the data of Multinomial have the same sum each: the first has %.6g, number %zu has %.6g", first,
          i / size + 1, n);
    n = 0;
  }
  return th_record_set_take(cx, held, name, th_number(first));
}

static bool hold(ThContext *cx, const ThCall *call, const ThFamily *family, ThQuestion *out) {
  const ThRecord *parts[2] = {call->given[TH_ASK_FIX] ? th_as_record(call->args[TH_ASK_FIX]) : NULL,
                              th_as_record(call->args[call->n_args - 1])};
  ThRecord *held = th_record_new(cx, 4);
  if (!held) return false;
  bool ok = true;
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; ok && parts[k] && i < parts[k]->length; i++)
      ok = th_record_set_take(cx, held, parts[k]->names[i], th_retain(parts[k]->values[i]));
  if (ok && call->given[TH_ASK_DRAWS]) /* Hypergeometric's, which has the name of an option */
    ok = th_record_set_text(cx, held, "draws", th_retain(call->args[TH_ASK_DRAWS]));
  if (ok && family == &th_family_multinomial) ok = hold_draws(cx, out->data.values[0], held);
  if (ok && held->length) out->fix = th_object(held);
  else th_release(th_object(held));
  return ok;
}

bool th_ask_family_bind(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *out) {
  const ThFamily *family = th_ask_family(call);
  const char *name = th_verb_name(verb);
  ThSymbol *data = data_name(cx);
  ThValue v;
  if (!data || !check_family(cx, name, family) || !read_data(cx, name, family, call, data, &v)) return false;
  out->data = (ThModelData){.n = 1, .values = th_alloc_array(cx, 1, sizeof v)};
  if (!out->data.values) {
    out->data.n = 0;
    th_release(v);
    return false;
  }
  out->data.values[0] = v;
  if (!hold(cx, call, family, out)) return false;
  const ThRecord *named[2] = {th_is_record(out->fix) ? th_as_record(out->fix) : NULL,
                              call->given[TH_ASK_PRIOR] ? th_as_record(call->args[TH_ASK_PRIOR]) : NULL};
  return th_family_model_new(cx, family, data, vector_size(family, v), named, 2, &out->model);
}
