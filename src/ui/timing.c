/* timing.c - how long an expression takes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lang/parser.h"

static const double short_run = 0.05, budget = 0.25; /* seconds */

typedef struct Timing {
  size_t evaluations, allocations; /* allocations of one evaluation */
  double seconds;                  /* of all evaluations */
} Timing;

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void show_timing(ThUi *ui, const Timing *t) {
  const char *unit = "s";
  char count[48] = "";
  double seconds = t->seconds / (double)t->evaluations;
  if (seconds < 1e-6) seconds *= 1e9, unit = "ns";
  else if (seconds < 1e-3) seconds *= 1e6, unit = "µs";
  else if (seconds < 1) seconds *= 1e3, unit = "ms";
  if (t->evaluations > 1) snprintf(count, sizeof count, " each, %zu evaluations", t->evaluations);
  th_ui_say(ui, "%.3g %s%s, %zu allocation%s\n", seconds, unit, count, t->allocations,
            t->allocations == 1 ? "" : "s");
}

/* One expression, and no statement? */
static bool is_expression(ThContext *cx, const char *code) {
  ThSource *source = th_source_new(cx, "", code, strlen(code));
  ThTree *tree = source ? th_parse(cx, source, false) : NULL;
  bool yes = tree && tree->root->n_items == 1 && tree->root->items[0]->kind < TH_NODE_ASSIGN;
  th_source_release(source);
  if (tree) th_tree_release(tree);
  th_error_clear(cx);
  return yes;
}

/* An expression as a function without arguments; false, without an error, when the code is none. */
static bool make_function(ThUi *ui, const char *code, ThValue *out) {
  ThText text;
  if (!is_expression(ui->cx, code)) return false;
  th_text_init(&text, &ui->cx->heap);
  th_text_format(&text, "() -> (%s\n)", code); /* a comment may end it */
  bool ok = !text.failed && th_session_evaluate(ui->session, "", th_text_string(&text), text.length, out);
  th_text_clear(&text);
  if (!ok) th_error_clear(ui->cx);
  return ok;
}

/* Calls it once; what it prints is dropped. */
static bool call_unheard(ThUi *ui, ThValue function, ThText *unheard) {
  ThValue v;
  ThArguments none = {0};
  th_text_reset(unheard);
  ui->capture = unheard;
  bool ok = th_call(ui->cx, function, &none, &v);
  ui->capture = NULL;
  if (ok) th_release(v);
  return ok;
}

static bool repeat(ThUi *ui, ThValue function, Timing *t) {
  ThText unheard;
  bool ok = true;
  th_text_init(&unheard, &ui->cx->heap);
  size_t before = ui->cx->heap.allocations;
  *t = (Timing){0};
  double start = seconds_now();
  for (size_t chunk = 1; ok && t->seconds < budget; chunk *= 2) {
    for (size_t i = 0; ok && i < chunk; i++) ok = call_unheard(ui, function, &unheard) && th_poll(ui->cx);
    t->evaluations += chunk;
    t->seconds = seconds_now() - start;
  }
  t->allocations = (ui->cx->heap.allocations - before) / t->evaluations;
  th_text_clear(&unheard);
  return ok;
}

static void repeat_and_show(ThUi *ui, const char *code, Timing *t) {
  ThValue function;
  ThCheckpoint *before = th_session_checkpoint(ui->session);
  bool ok = before != NULL;
  if (ok && make_function(ui, code, &function)) {
    ui->mute_notes = true;
    ok = repeat(ui, function, t);
    ui->mute_notes = false;
    th_release(function);
    ok = th_session_restore(ui->session, before) && ok;
  }
  th_checkpoint_free(ui->session, before);
  if (ok) show_timing(ui, t);
  else th_ui_show_error(ui);
}

void th_time(ThUi *ui, const char *code) {
  size_t before = ui->cx->heap.allocations;
  double start = seconds_now();
  ThRunStatus status = th_session_run(ui->session, "", code, strlen(code), TH_RUN_PROMPT);
  Timing t = {1, ui->cx->heap.allocations - before, seconds_now() - start};
  if (status == TH_RUN_FAILED) th_ui_show_error(ui);
  else if (status == TH_RUN_INCOMPLETE) th_ui_message(ui, "The expression is not finished.\n");
  else if (t.seconds < short_run) repeat_and_show(ui, code, &t);
  else show_timing(ui, &t);
}
