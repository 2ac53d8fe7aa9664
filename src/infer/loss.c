/* loss.c - the loss that a model's likelihood and priors amount to: loss_of(m), loss_of(m, d) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/loss.h"

#include "infer/ask.h"
#include "infer/libs.h"
#include "infer/log_density.h"

/* --- The value */

static bool record(ThLoss *loss) {
  const ThQuestion *q = &loss->question;
  ThRecordOptions options = {.verb = q->verb,
                             .verb_name = "loss_of",
                             .prior = th_is_record(q->prior) ? th_as_record(q->prior) : NULL,
                             .fix = th_is_record(q->fix) ? th_as_record(q->fix) : NULL,
                             .weights = th_question_weights(q)};
  return th_record_model(loss->cx, th_question_model(q), &q->data, &options, &loss->recording);
}

bool th_loss_new_take(ThContext *cx, ThQuestion *question, bool has_data, ThValue *out) {
  ThLoss *loss = th_object_new(cx, &th_loss_kind, sizeof *loss);
  if (!loss) {
    th_question_clear(cx, question);
    return false;
  }
  loss->cx = cx;
  loss->question = *question;
  loss->density = th_none();
  *out = th_object(loss);
  bool ok = !has_data || record(loss);
  loss->has_data = ok && has_data;
  if (loss->has_data) ok = th_log_density_new(&loss->recording, TH_RELATIVE_NONE, &loss->density);
  if (!ok) th_release(*out);
  return ok;
}

static void release(ThObject *self) {
  ThLoss *loss = (ThLoss *)self;
  th_release(loss->density);
  if (loss->has_data) th_recording_clear(&loss->recording);
  th_question_clear(loss->cx, &loss->question);
  th_object_free(self, sizeof *loss);
}

/* --- Calls */

/* (a = …, b = …), or [a, b] for their elements in order. */
static bool hint_form(ThContext *cx, const ThLoss *loss) {
  ThText form;
  th_text_init(&form, &cx->heap);
  for (size_t i = 0; i < loss->recording.n_unknowns; i++)
    if (!loss->recording.unknowns[i].is_held)
      th_text_format(&form, "%s%s = …", form.length ? ", " : "", loss->recording.unknowns[i].name->spelling);
  th_hint(cx, "it takes `(%s)`, or a vector of %zu", th_text_string(&form), loss->recording.n_elements);
  th_text_clear(&form);
  return false;
}

static bool check_record(ThContext *cx, const ThLoss *loss, const ThRecord *given) {
  for (size_t i = 0; i < loss->recording.n_unknowns; i++) {
    const ThUnknown *u = &loss->recording.unknowns[i];
    if (u->is_held || th_record_find(given, u->name)) continue;
    th_fail_argument(cx, 1, TH_ERROR_NAME, "the loss needs `%s`", u->name->spelling);
    return hint_form(cx, loss);
  }
  return true;
}

static bool check_argument(ThContext *cx, const ThLoss *loss, ThValue x) {
  size_t n, k = loss->recording.n_elements;
  char got[96];
  if (th_is_record(x)) return check_record(cx, loss, th_as_record(x));
  if (th_length(cx, x, SIZE_MAX, &n) && n == k) return true;
  bool one = !th_is_array(x) && cx->error.code != TH_OK;
  th_error_clear(cx);
  if (one && k == 1 && loss->recording.unknowns[0].count == SIZE_MAX) return true;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "the loss is a function of %zu parameter%s, got %s", k,
                   k == 1 ? "" : "s", th_describe(x, got, sizeof got));
  return hint_form(cx, loss);
}

static bool call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const ThLoss *loss = th_as_loss(self);
  if (!loss->has_data) {
    const char *name = th_question_model(&loss->question)->name->spelling;
    th_fail_argument(cx, TH_CALLEE, TH_ERROR_VALUE, "without data the loss of `%s` is no function yet", name);
    return th_hint(cx, "`loss_of(%s, d)` is one", name);
  }
  if (args->count != 1) {
    th_fail_argument(cx, TH_CALLEE, TH_ERROR_TYPE, "a loss takes one argument, its parameters; got %zu",
                     args->count);
    return hint_form(cx, loss);
  }
  return check_argument(cx, loss, args->values[0]) && th_call(cx, loss->density, args, out);
}

const ThKind th_loss_kind = {.name = "loss", .release = release, .format = th_loss_format, .call = call};

/* --- loss_of: m, data, fix, prior, then knobs */

static bool body_loss_of(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQuestion q = th_question_none();
  const ThRecord *knobs = th_as_record(call->args[call->n_args - 1]);
  char got[96];
  if (!th_is_model(call->args[0])) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "`loss_of` takes a model, got %s",
                     th_describe(call->args[0], got, sizeof got));
    return th_hint(cx, "`model line(x, y) { … }` defines one, then loss_of(line) or loss_of(line, d)");
  }
  bool has_data = !th_is_unset(call->args[1]) || knobs->length > 0;
  const ThModel *model = th_as_model(call->args[0]);
  if (has_data && !th_model_data_bind(cx, "loss_of", model, call->args[1], knobs, NULL, &q.data))
    return false;
  q.verb = TH_VERB_MAP;
  q.model = th_retain(call->args[0]);
  if (call->given[2]) q.prior = th_retain(call->args[2]);
  if (call->given[3]) q.fix = th_retain(call->args[3]);
  return th_loss_new_take(cx, &q, has_data, out);
}

#define SECTION "models"
#define RIDGE "model ridge(x, y, λ = 4) { b ~ Normal(0, 1/√λ); y ~ Normal(b*x, 1) }\n"

const ThBuiltin th_lib_loss_of[] = {
    {"loss_of(m: any, data: any = …, prior: record = …, fix: record = …; ...knobs) -> loss", body_loss_of,
     SECTION, "the loss that the likelihood and the priors of a model amount to",
     "loss_of(m) shows it: minus the log density, as a sum and as a mean with the same minimum. loss_of(m, d) is that "
     "function of the parameters, given as a record or as a vector of their elements in order; it can be "
     "differentiated and minimised, and has its minimum where mle or, with priors, map finds it. In the text "
     "yᵢ is datum i, n the number of data.",
     RIDGE "loss = loss_of(ridge, (x = [1, 2], y = [2.5, 3.5]))\n"
           "loss([1.5])\n#> 7.18867\nminimize(loss, [0]).x\n#> [1.05556]\ngrad(loss, (b = 1.5))\n#> (b = 4)",
     "mle map logp explain minimize", NULL},
    {0},
};
