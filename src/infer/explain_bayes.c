/* explain_bayes.c - Bayes' formula for events, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question P(A | B) is read from the text of the call: its number does not remember it. Its parts are asked anew. */
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "lang/parser.h"
#include "lang/session.h"

/* --- P(A | B) */

static const ThLine definition[] = {
    {.words = "The definition: of the cases in which $B holds, those in which $A does, too.",
     .sides = {{"P($A | $B)", "P($A | $given)"},
               {"P($A and $B)/P($B)", "P($A, $given)/P($given)"},
               {"{P($A, $given)}/{P($given)}"},
               {"{P($A | $given)}"}}},
    {0},
};

static const ThLine formula[] = {
    {.words = "The product rule, both ways round:",
     .sides = {{"P($A and $B)", "P($A, $given)"},
               {"P($B | $A)·P($A)", "P($given | $A)*P($A)"},
               {"{P($given | $A)}·{P($A)}"},
               {"{P($A, $given)}"}}},
    {.words = "Whether $A holds or not, $B happens one way or the other:",
     .sides = {{"P($B)", "P($given)"},
               {"P($B | $A)·P($A) + P($B | not $A)·P(not $A)",
                "P($given | $A)*P($A) + P($given | not ($A))*P(not ($A))"},
               {"{P($given | $A)}·{P($A)} + {P($given | not ($A))}·{P(not ($A))}"},
               {"{P($given)}"}}},
    {.words = "Bayes' formula:",
     .sides = {{"P($A | $B)", "P($A | $given)"},
               {"P($B | $A)·P($A)/P($B)", "P($given | $A)*P($A)/P($given)"},
               {"{P($given | $A)}·{P($A)}/{P($given)}"},
               {"{P($A | $given)}"}}},
    {0},
};

/* P(a | b), or P(a). */
static bool number_of(ThExplanation *e, const char *a, const char *b, double *out) {
  char code[640];
  ThValue v;
  snprintf(code, sizeof code, "P(%s%s%s)", a, b ? " | " : "", b ? b : "");
  if (!th_explanation_evaluate(e, code, &v)) return false;
  bool ok = th_to_number(v, out);
  th_release(v);
  return ok;
}

/* $A, $given as they stand, and $B with `and` for commas. */
static bool give_events(ThExplanation *e, const char *a, const char *b) {
  ThText words;
  th_text_init(&words, &e->cx->heap);
  for (const char *at = b; *at; at++) {
    if (*at == ',') th_text_add(&words, " and");
    else th_text_char(&words, *at);
  }
  bool ok = th_text_ok(&words, e->cx) && th_explanation_symbol(e, "A", a) &&
            th_explanation_symbol(e, "given", b) && th_explanation_symbol(e, "B", th_text_string(&words));
  th_text_clear(&words);
  return ok;
}

static bool explain_events(ThExplanation *e, const char *a, const char *b, double asked, bool *done) {
  double posterior, evidence, prior;
  if (!number_of(e, a, b, &posterior) || !number_of(e, b, NULL, &evidence) ||
      !number_of(e, a, NULL, &prior)) {
    if (th_is_final(e->cx)) return false;
    th_error_clear(e->cx);
    return true;
  }
  if (posterior != asked || !(evidence > 0)) return true;
  *done = true;
  if (!give_events(e, a, b) || !th_explanation_add_all(e, definition)) return false;
  return !(prior > 0 && prior < 1) || th_explanation_add_all(e, formula);
}

static void copy_span(const char *text, uint32_t start, uint32_t end, char *out, size_t size) {
  snprintf(out, size, "%.*s", (int)(end - start), text + start);
}

/* The events of the text "P(A | B, C)"; *found is false when it is none. */
static bool read_events(ThContext *cx, const char *text, char *a, char *b, size_t size, bool *found) {
  ThSource *source = th_source_new(cx, "", text, strlen(text));
  ThTree *tree = source ? th_parse(cx, source, false) : NULL;
  th_source_release(source);
  *found = false;
  if (!tree) {
    if (th_is_final(cx)) return false;
    th_error_clear(cx);
    return true;
  }
  const ThNode *q = tree->root->n_items == 1 ? tree->root->items[0] : NULL;
  *found = q && q->kind == TH_NODE_QUERY && strcmp(q->name->name, "P") == 0 && q->n_before == 1 &&
           q->n_items > 1;
  for (size_t i = 0; *found && i < q->n_items; i++) *found = q->items[i]->kind != TH_NODE_NAMED;
  if (*found) {
    copy_span(text, q->items[0]->span.start, q->items[0]->span.end, a, size);
    copy_span(text, q->items[1]->span.start, q->items[q->n_items - 1]->span.end, b, size);
  }
  th_tree_release(tree);
  return true;
}

bool th_explain_query(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  char a[256], b[256];
  ThText text;
  if (!th_is_estimate(v) || th_as_estimate(v)->error != 0 || th_as_estimate(v)->is_complex) return true;
  th_text_init(&text, &cx->heap);
  bool found = th_session_argument_text(cx, 0, &text) && text.length < sizeof a;
  bool ok = th_text_ok(&text, cx) &&
            (!found || read_events(cx, th_text_string(&text), a, b, sizeof a, &found));
  th_text_clear(&text);
  if (!ok || !found) return ok;
  return explain_events(e, a, b, creal(th_as_estimate(v)->value), done);
}

/* --- bayes(prior = …, likelihood = …) */

static bool give_field(ThContext *cx, ThValue v, ThExplanation *e, const char *name, ThValue *out) {
  ThSymbol *symbol = th_symbol_of(cx, name);
  if (!symbol || !th_get_field(cx, v, symbol, out)) return false;
  if (th_explanation_give_take(e, name, th_retain(*out))) return true;
  th_release(*out);
  return false;
}

static bool add_evidence(ThExplanation *e, const ThRecord *prior) {
  ThText sum, code;
  th_text_init(&sum, &e->cx->heap);
  th_text_init(&code, &e->cx->heap);
  for (size_t i = 0; i < prior->length; i++) {
    const char *name = prior->names[i]->spelling;
    th_text_format(&code, "%sprior.%s*likelihood.%s", i ? " + " : "", name, name);
    th_text_format(&sum, "%s{prior.%s}·{likelihood.%s}", i ? " + " : "", name, name);
  }
  ThLine line = {
      .words = "The evidence, the probability of what was observed, sums over the hypotheses H:",
      .sides = {{"P(data)", "evidence"}, {"Σ P(data | H)·P(H)"}, {th_text_string(&sum)}, {"{evidence}"}}};
  line.sides[1].code = th_text_string(&code);
  bool ok = th_text_ok(&sum, e->cx) && th_text_ok(&code, e->cx) && th_explanation_add(e, &line);
  th_text_clear(&sum);
  th_text_clear(&code);
  return ok;
}

static bool add_hypothesis(ThExplanation *e, const char *name, bool first) {
  char left[128], code[128], numbers[256], result[128];
  snprintf(left, sizeof left, "P(%s | data)", name);
  snprintf(code, sizeof code, "posterior.%s", name);
  snprintf(numbers, sizeof numbers, "{likelihood.%s}·{prior.%s}/{evidence}", name, name);
  snprintf(result, sizeof result, "{posterior.%s}", name);
  ThLine line = {.words = first ? "Bayes' formula, P(H | data) = P(data | H)·P(H)/P(data):" : NULL,
                 .sides = {{left, code}, {numbers}, {result}}};
  return th_explanation_add(e, &line);
}

bool th_explain_table(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  static const char *const names[] = {"prior", "likelihood", "posterior", "evidence"};
  const ThKind *kind = th_kind_of(v);
  if (!kind || strcmp(kind->name, "Bayes table") != 0) return true;
  bool ok = true;
  ThValue prior = th_none(), field = th_none();
  for (size_t i = 0; ok && i < 4; i++) {
    ok = give_field(cx, v, e, names[i], &field);
    if (ok && i == 0) prior = field;
    else if (ok) th_release(field);
  }
  *done = ok;
  ok = ok && add_evidence(e, th_as_record(prior));
  for (size_t i = 0; ok && i < th_as_record(prior)->length; i++)
    ok = add_hypothesis(e, th_as_record(prior)->names[i]->spelling, i == 0);
  th_release(prior);
  return ok;
}
