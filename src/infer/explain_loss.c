/* explain_loss.c - the loss of a model, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "infer/explain.h"
#include "infer/loss.h"

/* --- The sums of a loss as one side of a line */

typedef struct Sides {
  ThText shown, code;
} Sides;

static void join(ThText *out, const ThText *part) {
  const char *text = th_text_string(part);
  bool negative = text[0] == '-' && out->length > 0;
  if (part->length == 0) return;
  if (out->length) th_text_add(out, negative ? " - " : " + ");
  th_text_add(out, text + negative);
}

/* All sums, or what hangs on no parameter, as symbols of the explanation: their texts may hold anything. */
static bool give_sums(ThExplanation *e, const ThLossParts *p, bool priors, bool rest, const char *shown,
                      const char *code) {
  Sides s;
  th_text_init(&s.shown, &e->cx->heap);
  th_text_init(&s.code, &e->cx->heap);
  for (size_t i = 0; i < p->n; i++) {
    if (!priors && !p->parts[i].is_data) continue;
    join(&s.shown, rest ? &p->parts[i].rest : &p->parts[i].sum);
    join(&s.code, rest ? &p->parts[i].rest_code : &p->parts[i].sum_code);
  }
  bool none = s.shown.length == 0;
  if (none) th_text_char(&s.shown, '0'), th_text_char(&s.code, '0');
  bool ok = (!rest || th_explanation_symbol(e, "plusrest", none ? "" : " + $rest")) &&
            th_text_ok(&s.shown, e->cx) && th_text_ok(&s.code, e->cx) &&
            th_explanation_symbol(e, shown, th_text_string(&s.shown)) &&
            th_explanation_symbol(e, code, th_text_string(&s.code));
  th_text_clear(&s.shown);
  th_text_clear(&s.code);
  return ok;
}

/* " (squared error + L2)", or nothing where no sum has such a name. */
static bool give_kinds(ThExplanation *e, const ThText *names) {
  ThText text;
  th_text_init(&text, &e->cx->heap);
  if (names->length) th_text_format(&text, " (%s)", th_text_string(names));
  bool ok = th_text_ok(&text, e->cx) && th_explanation_symbol(e, "kinds", th_text_string(&text));
  th_text_clear(&text);
  return ok;
}

bool th_explain_loss_parts(ThExplanation *e, const ThQuestion *q, bool *known) {
  ThLossParts p;
  *known = false;
  if (th_question_model(q)->family) return true; /* the loss is told from the text of a body */
  if (!th_loss_parts(e->cx, th_question_model(q), &q->data, th_question_weights(q), &p)) return false;
  bool ok = true, priors = q->verb != TH_VERB_MLE;
  if (p.complete)
    ok = give_sums(e, &p, priors, false, "sum", "sumcode") &&
         give_sums(e, &p, priors, true, "rest", "restcode") &&
         th_explanation_symbol(e, "mean", th_text_string(&p.mean)) && give_kinds(e, &p.names);
  *known = p.complete;
  th_loss_parts_clear(&p);
  return ok;
}

bool th_explain_give_loss(ThExplanation *e, const ThQuestion *question) {
  ThQuestion q = th_question_none();
  ThValue loss;
  if (!th_model_data_copy(e->cx, &question->data, &q.data)) return false;
  q.verb = question->verb;
  q.level = question->level;
  q.model = th_retain(question->model);
  q.prior = th_retain(question->prior);
  q.fix = th_retain(question->fix);
  q.weights = th_retain(question->weights);
  return th_loss_new_take(e->cx, &q, true, &loss) && th_explanation_pick_take(e, "loss", "loss", loss);
}

bool th_explain_give_parameters(ThExplanation *e, const ThRecording *r) {
  ThText list, record, point;
  th_text_init(&list, &e->cx->heap);
  th_text_init(&record, &e->cx->heap);
  th_text_init(&point, &e->cx->heap);
  for (size_t i = 0; i < r->n_unknowns; i++) {
    if (r->unknowns[i].is_held) continue;
    const char *name = r->unknowns[i].name->spelling;
    th_text_format(&list, "%s%s", list.length ? ", " : "", name);
    th_text_format(&record, "%s%s = %s", record.length ? ", " : "", name, name);
    th_text_format(&point, "%s%s = {%s}", point.length ? ", " : "", name, name);
  }
  bool ok = th_text_ok(&list, e->cx) && th_text_ok(&record, e->cx) &&
            th_explanation_symbol(e, "parameters", th_text_string(&list)) &&
            th_explanation_symbol(e, "values", th_text_string(&record)) && th_text_ok(&point, e->cx) &&
            th_explanation_symbol(e, "point", th_text_string(&point));
  th_text_clear(&list);
  th_text_clear(&record);
  th_text_clear(&point);
  return ok;
}

/* --- explain(loss_of(m, d)) */

static const ThLine lines[] = {
    {.words =
         "Minus the log of the density of data and parameters, as sums that hang on the parameters, and a constant "
         "that does not:",
     .sides = {{"-log p", "$loss(($values))"}, {"$sum + $C", "$sumcode + ($restcode)"}}},
    {.define = "$C", .sides = {{"$C", "$restcode"}, {"$rest", "$restcode"}, {"{$restcode}"}}},
    {.words = "At $point, for instance:",
     .sides = {{"-log p", "$loss(($values))"}, {"{$sumcode} + {$restcode}"}, {"{$loss(($values))}"}}},
    {0},
};

static bool explain(ThContext *cx, ThLoss *loss, ThExplanation *e, double *x, bool *done) {
  const ThQuestion *q = &loss->question;
  bool known;
  th_explain_inner_point(&loss->recording, x);
  if (!th_explain_loss_parts(e, q, &known)) return false;
  if (!known) return true;
  *done = true;
  (void)cx;
  return th_explain_give_data(e, q) && th_explain_give_point(e, q, &loss->recording, x) &&
         th_explain_give_parameters(e, &loss->recording) &&
         th_explanation_pick_take(e, "loss", "loss", th_retain(th_object(loss))) &&
         th_explanation_pick(e, "C", "C") && th_explanation_add_all(e, lines);
}

bool th_explain_loss(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_loss(v) || !th_as_loss(v)->has_data) return true;
  ThLoss *loss = th_as_loss(v);
  size_t k = loss->recording.n_elements;
  double *x = th_alloc_array(cx, k + 1, sizeof *x);
  if (!x) return false;
  bool ok = explain(cx, loss, e, x, done);
  th_free(cx, x, (k + 1) * sizeof *x);
  return ok;
}
