/* ask.c - a call of mle, map or posterior as a question */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most of this file is about what was meant by a call that is none. */
#include "infer/ask.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/ask_family.h"
#include "infer/strategy.h"
#include "prob/distribution.h"
#include "val/array.h"

/* --- The model */

static bool is_name_byte(char c) { return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80; }

/* `x -> x^2` over `xs` as "xs^2": the body with the parameter's name replaced. */
static bool written_out(const char *lambda, const char *array, char *out, size_t size) {
  const char *arrow = strstr(lambda, "->");
  size_t length = arrow ? strcspn(lambda, " -") : 0, used = 0;
  if (length == 0 || !array[0]) return false;
  const char *body = arrow + 2 + strspn(arrow + 2, " ");
  for (const char *at = body; *at && used + strlen(array) + 2 < size;) {
    bool starts = at == body || !is_name_byte(at[-1]);
    if (starts && strncmp(at, lambda, length) == 0 && !is_name_byte(at[length])) {
      used += (size_t)snprintf(out + used, size - used, "%s", array);
      at += length;
    } else {
      out[used++] = *at++;
    }
  }
  out[used] = '\0';
  return strncmp(body, "if", 2) != 0;
}

/* map(x -> x^2, xs) */
static bool fail_elementwise(ThContext *cx) {
  char function[64], array[64], written[160];
  th_operand(cx, 0, "f", function, sizeof function);
  th_operand(cx, 1, "", array, sizeof array);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`map` maximises a posterior; it does not go through an array");
  const char *name = strstr(function, "->") ? "f" : function, *over = array[0] ? array : "xs";
  if (written_out(function, array, written, sizeof written))
    return th_hint(cx, "elementwise: `%s` or `[%s(x) for x in %s]`", written, name, over);
  return th_hint(cx, "elementwise: `[%s(x) for x in %s]`", name, over);
}

static bool check_model(ThContext *cx, ThVerb verb, ThValue v) {
  char got[96];
  if (th_is_model(v)) return true;
  bool callable = th_is_object(v) && th_as_object(v)->kind->call;
  if (verb == TH_VERB_MAP && callable) return fail_elementwise(cx);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` takes a model, got %s", th_verb_name(verb),
                   th_describe(v, got, sizeof got));
  return th_hint(cx, "`model line(x, y) { … }` defines one, then %s(line, d)", th_verb_name(verb));
}

/* --- The data */

/* mle(f, lab.x, lab.y): the record that was meant. */
static bool fail_spread(ThContext *cx, const char *verb, const ThModel *model, const ThCall *call, size_t n) {
  ThText form;
  bool is_knob;
  const ThSymbol *name;
  th_text_init(&form, &cx->heap);
  for (size_t i = 0; i < n && (name = th_model_argument(model, i, &is_knob)); i++) {
    char text[64];
    th_text_format(&form, "%s%s = %s", i ? ", " : "", name->spelling,
                   th_operand(cx, i + 1, "…", text, sizeof text));
  }
  (void)call;
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "`%s` takes the data as one table or record", verb);
  th_hint(cx, "%s(%s, (%s))", verb, model->name->spelling, th_text_string(&form));
  th_text_clear(&form);
  return false;
}

static bool fail_no_data(ThContext *cx, const char *verb, const ThModel *model) {
  ThText names;
  th_text_init(&names, &cx->heap);
  th_model_argument_names(model, false, &names);
  th_fail(cx, TH_ERROR_TYPE, "`%s` needs data", verb);
  th_hint(cx, "%s(%s, d), where the table or record d has %s", verb, model->name->spelling,
          th_text_string(&names));
  th_text_clear(&names);
  return false;
}

static bool bind(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *q) {
  const char *name = th_verb_name(verb);
  const ThModel *model = th_as_model(call->args[TH_ASK_MODEL]);
  const ThRecord *knobs = th_as_record(call->args[call->n_args - 1]);
  size_t n = call->n_args - 1 - TH_ASK_N;
  ThValue data = n > 0 ? call->args[TH_ASK_N] : th_unset();
  bool plain = n == 1 && !th_is_table(data) && !th_is_record(data);
  if (n > 1 || plain) return fail_spread(cx, name, model, call, n);
  if (n == 0 && knobs->length == 0) return fail_no_data(cx, name, model);
  return th_model_data_bind(cx, name, model, data, knobs, NULL, &q->data);
}

/* --- Options */

static bool check_method(ThContext *cx, ThVerb verb, const char *method) {
  static const char *const later[] = {"grid", "laplace", "newton", "bfgs"};
  if (strcmp(method, "auto") == 0 || strcmp(method, "exact") == 0) return true;
  for (const ThPosteriorMethod *m = th_posterior_methods; verb == TH_VERB_POSTERIOR && m->name; m++)
    if (strcmp(m->option, method) == 0) return true;
  for (size_t i = 0; i < sizeof later / sizeof *later; i++)
    if (strcmp(later[i], method) == 0) {
      th_fail(cx, TH_ERROR_VALUE, "this version has no method \"%s\"", method);
      return th_hint(cx, "it answers exactly, or says why it cannot: leave `method` out");
    }
  return th_fail(cx, TH_ERROR_VALUE, "`%s` has no method \"%s\"", th_verb_name(verb), method);
}

static bool check_init(ThContext *cx, ThValue init) {
  char got[96];
  if (th_is_record(init)) return true;
  th_fail(cx, TH_ERROR_TYPE, "`init` is a record of starting values, got %s",
          th_describe(init, got, sizeof got));
  return th_hint(cx, "`init = (a = 1, b = 0.5)` for example");
}

static bool check_options(ThContext *cx, ThVerb verb, const ThCall *call) {
  double level = th_arg_number(call, TH_ASK_LEVEL);
  if (!(level > 0 && level < 1)) {
    th_fail(cx, TH_ERROR_VALUE, "`level` lies between 0 and 1, got %.6g", level);
    return level > 1 && level < 100 ? th_hint(cx, "%.6g percent is %.6g", level, level / 100) : false;
  }
  if (verb == TH_VERB_MLE && call->given[TH_ASK_PRIOR]) {
    th_fail(cx, TH_ERROR_VALUE, "`mle` leaves priors out, so `prior` changes nothing");
    return th_hint(cx, "`map` and `posterior` take it");
  }
  if (call->given[TH_ASK_INIT] && !check_init(cx, call->args[TH_ASK_INIT])) return false;
  return check_method(cx, verb, th_arg_text(call, TH_ASK_METHOD));
}

/* weights = w: an array of numbers, none below 0. */
static bool read_weights(ThContext *cx, const ThCall *call, ThQuestion *out) {
  char got[96];
  ThValue v = call->args[TH_ASK_WEIGHTS];
  if (!call->given[TH_ASK_WEIGHTS]) return true;
  ThSymbol *name = th_symbol_of(cx, "weights");
  if (!name || !th_model_value(cx, name, v, &out->weights)) return false;
  const ThArray *a = th_is_array(out->weights) ? th_as_array(out->weights) : NULL;
  if (!a || a->rank != 1)
    return th_fail(cx, TH_ERROR_TYPE, "`weights` is one number for each datum, got %s",
                   th_describe(v, got, sizeof got));
  for (size_t i = 0; i < a->length; i++)
    if (!(a->real[i] >= 0 && isfinite(a->real[i])))
      return th_fail(cx, TH_ERROR_VALUE, "`weights` are numbers from 0 on, got %.6g at datum %zu", a->real[i],
                     i + 1);
  return true;
}

static bool read_model(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *out) {
  if (th_ask_family(call)) return th_ask_family_bind(cx, verb, call, out);
  if (!bind(cx, verb, call, out)) return false;
  out->model = th_retain(call->args[TH_ASK_MODEL]);
  if (call->given[TH_ASK_FIX]) out->fix = th_retain(call->args[TH_ASK_FIX]);
  return true;
}

bool th_ask(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *out) {
  *out = th_question_none();
  out->verb = verb;
  if (!th_ask_family(call) && !check_model(cx, verb, call->args[TH_ASK_MODEL])) return false;
  bool ok = check_options(cx, verb, call) && read_model(cx, verb, call, out) &&
            read_weights(cx, call, out);
  out->level = th_arg_number(call, TH_ASK_LEVEL);
  snprintf(out->method, sizeof out->method, "%s", th_arg_text(call, TH_ASK_METHOD));
  out->sampler = (ThSamplerOptions){.chains = th_arg_count(call, TH_ASK_CHAINS),
                                    .draws = th_arg_count(call, TH_ASK_DRAWS),
                                    .warmup = th_arg_count(call, TH_ASK_WARMUP),
                                    .seeded = call->given[TH_ASK_SEED]};
  if (out->sampler.seeded) out->sampler.seed = th_arg_count(call, TH_ASK_SEED);
  if (ok && call->given[TH_ASK_INIT]) out->init = th_retain(call->args[TH_ASK_INIT]);
  if (ok && call->given[TH_ASK_PRIOR]) out->prior = th_retain(call->args[TH_ASK_PRIOR]);
  if (!ok) th_question_clear(cx, out);
  return ok;
}
