/* result.c - what fits and posteriors hold alike: how they were asked for, and running the body again */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/result.h"

const char *th_verb_name(ThVerb verb) {
  return verb == TH_VERB_MLE ? "mle" : verb == TH_VERB_MAP ? "map" : "posterior";
}

void th_question_clear(ThContext *cx, ThQuestion *q) {
  th_release(q->model);
  th_model_data_clear(cx, &q->data);
  th_release(q->prior);
  th_release(q->fix);
  th_release(q->init);
  th_release(q->weights);
  *q = th_question_none();
}

bool th_result_fail_call(ThContext *cx, const char *what) {
  char name[64];
  th_operand(cx, SIZE_MAX, "f", name, sizeof name);
  th_fail_argument(cx, TH_CALLEE, TH_ERROR_TYPE, "%s is not a function", what);
  return th_hint(cx, "`predict(%s, …)` predicts with it", name);
}

static const ThRecord *record_of(ThValue v) { return th_is_record(v) ? th_as_record(v) : NULL; }

bool th_question_replay(ThContext *cx, const ThQuestion *q, const ThModelData *data,
                        const ThRecord *parameters, ThRecording *out) {
  ThRecordOptions options = {.verb = q->verb,
                             .verb_name = th_verb_name(q->verb),
                             .prior = record_of(q->prior),
                             .fix = parameters,
                             .weights = th_question_weights(q),
                             .is_replay = true};
  return th_record_model(cx, th_question_model(q), data, &options, out);
}

bool th_question_reopen(ThContext *cx, const ThQuestion *q, const ThModelData *data, ThRecording *out) {
  ThRecordOptions options = {.verb = q->verb,
                             .verb_name = th_verb_name(q->verb),
                             .prior = record_of(q->prior),
                             .fix = record_of(q->fix),
                             .weights = th_question_weights(q),
                             .is_replay = true};
  return th_record_model(cx, th_question_model(q), data, &options, out);
}

bool th_derived_record(const ThRecording *r, ThRecord **out) {
  ThRecord *record = *out = th_record_new(r->cx, r->n_derived);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < r->n_derived; i++)
    ok = th_record_set_take(r->cx, record, r->derived[i].name, th_retain(r->derived[i].value));
  if (!ok && record) th_release(th_object(record));
  return ok;
}
