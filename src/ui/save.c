/* save.c - a script that rebuilds the session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of the session's statements is cut down to a slice (Weiser, Program Slicing, 1981): for each name the
 * statement that wrote it last, and for each statement that is kept those that wrote what it read. A statement
 * can be kept when it drew nothing at random, and when all it read can be had again at its place. */
#include "ui/save.h"

#include <string.h>

#include "lang/log.h"
#include "lang/vm.h"
#include "val/basic.h"
#include "val/array.h"

enum { NO_STATEMENT = -1 };

typedef struct Plan {
  ThSession *session;
  size_t n;
  bool *repeats; /* per statement: run again at its place it gives the same */
  bool *calls;   /* its names may hold functions, or follow others: reading them reads more */
  bool *kept;    /* it goes into the script */
  bool *seen;    /* while a statement's ingredients are visited */
} Plan;

/* --- Who wrote what */

static bool contains(ThSymbol *const *names, size_t n, const ThSymbol *name) {
  for (size_t i = 0; i < n; i++)
    if (names[i] == name) return true;
  return false;
}

/* The last statement before `end` that wrote a name. */
static ptrdiff_t last_writer(const Plan *plan, const ThSymbol *name, size_t end) {
  for (size_t i = end; i-- > 0;) {
    const ThLogEntry *e = th_log_at(plan->session, i);
    if (contains(e->written, e->n_written, name)) return (ptrdiff_t)i;
  }
  return NO_STATEMENT;
}

/* Can a later statement read what this one wrote? When it is not repeated, the name's value is written in its
 * place, which is the value at the end. A name without a writer that has one later was known otherwise. */
static bool can_be_had(Plan *plan, const ThSymbol *name, ptrdiff_t writer) {
  ptrdiff_t last = last_writer(plan, name, plan->n);
  return writer == last || (writer != NO_STATEMENT && plan->repeats[writer]);
}

/* Visits what a statement reads when it runs at `time`: of functions, and of names that follow others, also what
 * those read. */
typedef bool (*Visit)(Plan *plan, const ThSymbol *name, ptrdiff_t writer);

static bool visit_reads(Plan *plan, size_t statement, size_t time, Visit visit) {
  const ThLogEntry *e = th_log_at(plan->session, statement);
  for (size_t i = 0; i < e->n_read; i++) {
    ptrdiff_t writer = last_writer(plan, e->read[i], time);
    if (!visit(plan, e->read[i], writer)) return false;
    if (writer == NO_STATEMENT || plan->seen[writer]) continue;
    plan->seen[writer] = true;
    if (plan->calls[writer] && !visit_reads(plan, (size_t)writer, time, visit)) return false;
  }
  return true;
}

static bool visit_all(Plan *plan, size_t statement, Visit visit) {
  memset(plan->seen, 0, plan->n * sizeof *plan->seen);
  return visit_reads(plan, statement, statement, visit);
}

/* --- The slice */

static bool may_call(const Plan *plan, size_t statement) {
  const ThLogEntry *e = th_log_at(plan->session, statement);
  bool calls = e->defines || e->follows || e->functions;
  for (size_t i = 0; !calls && i < e->n_read; i++) {
    ptrdiff_t writer = last_writer(plan, e->read[i], statement);
    calls = writer != NO_STATEMENT && plan->calls[writer];
  }
  return calls;
}

static bool find_repeating(Plan *plan) {
  for (size_t i = 0; i < plan->n; i++) {
    const ThLogEntry *e = th_log_at(plan->session, i);
    plan->calls[i] = may_call(plan, i);
    if (!th_poll(th_session_context(plan->session))) return false;
    plan->repeats[i] = e->exact && (e->defines || e->follows || visit_all(plan, i, can_be_had));
  }
  return true;
}

/* Can the value be written so that it reads back as it is? */
static bool can_be_written(ThValue v) {
  bool ok = true;
  if (th_is_scalar(v) || th_is_none(v)) return true;
  if (th_is_list(v))
    for (size_t i = 0; ok && i < th_as_list(v)->length; i++) ok = can_be_written(th_as_list(v)->items[i]);
  else if (th_is(v, &th_record_kind))
    for (size_t i = 0; ok && i < th_as_record(v)->length; i++)
      ok = can_be_written(th_as_record(v)->values[i]);
  else
    ok = th_is_string(v) || th_is_array(v) || th_is(v, &th_complex_kind) || th_is(v, &th_range_kind) ||
         th_is(v, &th_estimate_kind) || th_is(v, &th_table_kind) || th_is_function(v);
  return ok;
}

/* Must a statement that cannot be repeated be run all the same? When what it made last cannot be written. */
static bool must_run(const Plan *plan, size_t statement) {
  const ThLogEntry *e = th_log_at(plan->session, statement);
  for (size_t i = 0; i < e->n_written; i++) {
    ThValue value;
    bool final = last_writer(plan, e->written[i], plan->n) == (ptrdiff_t)statement;
    if (final && th_session_get(plan->session, e->written[i], &value) && !can_be_written(value)) return true;
  }
  return false;
}

static bool keep(Plan *plan, size_t statement);

static bool keep_writer(Plan *plan, const ThSymbol *name, ptrdiff_t writer) {
  (void)name;
  return writer == NO_STATEMENT || keep(plan, (size_t)writer);
}

/* Keeps a statement, and what it needs, unless its names are written as values. Statements read only earlier
 * ones, so that this ends. */
static bool keep(Plan *plan, size_t statement) {
  if (plan->kept[statement]) return true;
  plan->kept[statement] = true;
  const ThLogEntry *e = th_log_at(plan->session, statement);
  if (e->defines || (!plan->repeats[statement] && !must_run(plan, statement))) return true;
  for (size_t i = 0; i < e->n_read; i++)
    if (!keep_writer(plan, e->read[i], last_writer(plan, e->read[i], statement))) return false;
  return true;
}

/* What functions read when a kept statement calls them. */
static bool keep_called(Plan *plan) {
  for (size_t i = plan->n; i-- > 0;) {
    const ThLogEntry *e = th_log_at(plan->session, i);
    bool runs = plan->repeats[i] || (plan->kept[i] && must_run(plan, i));
    if (plan->kept[i] && runs && !e->defines && !visit_all(plan, i, keep_writer)) return false;
  }
  return true;
}

/* --- Text */

static void add_statement(const ThLogEntry *e, ThText *out) {
  th_text_bytes(out, e->source->text + e->span.start, e->span.end - e->span.start);
  th_text_char(out, '\n');
}

/* `name = value`; a function defined by name is its own statement. */
static bool add_value(ThSession *session, const ThSymbol *name, ThValue value, ThText *out) {
  const ThSymbol *own = th_function_name(value);
  if (own != name) th_text_format(out, "%s = ", name->spelling);
  bool ok = th_format(th_session_context(session), value, TH_STYLE_SOURCE, out);
  th_text_char(out, '\n');
  return ok;
}

/* The names of a statement that cannot be run again. Where a value cannot be written either, the statement must
 * do: what it drew it draws anew. */
static bool add_values(const Plan *plan, size_t statement, ThText *out) {
  const ThLogEntry *e = th_log_at(plan->session, statement);
  bool ok = true;
  if (must_run(plan, statement)) {
    th_text_add(out, "# what this drew at random is drawn anew\n");
    add_statement(e, out);
    return true;
  }
  for (size_t i = 0; ok && i < e->n_written; i++) {
    ThValue value;
    bool known = th_session_get(plan->session, e->written[i], &value) && can_be_written(value);
    if (known) ok = add_value(plan->session, e->written[i], value, out);
  }
  return ok;
}

/* Names that no statement of the log wrote: those of a lesson, of a script before the prompt. */
static bool add_others(const Plan *plan, ThSymbol *const *names, size_t n, ThText *out) {
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue value;
    if (last_writer(plan, names[i], plan->n) != NO_STATEMENT) continue;
    if (!th_session_get(plan->session, names[i], &value)) continue;
    if (can_be_written(value)) ok = add_value(plan->session, names[i], value, out);
    else
      th_text_format(out, "# `%s` is a %s that cannot be written\n", names[i]->spelling, th_type_name(value));
  }
  return ok;
}

static bool add_kept(const Plan *plan, ThText *out) {
  bool ok = true;
  for (size_t i = 0; ok && i < plan->n; i++) {
    if (!plan->kept[i]) continue;
    if (plan->repeats[i]) add_statement(th_log_at(plan->session, i), out);
    else ok = add_values(plan, i, out);
  }
  return ok;
}

static bool write_plan(Plan *plan, ThSymbol *const *names, size_t n, ThText *out) {
  if (!find_repeating(plan)) return false;
  for (size_t i = 0; i < n; i++)
    if (!keep_writer(plan, names[i], last_writer(plan, names[i], plan->n))) return false;
  return keep_called(plan) && add_others(plan, names, n, out) && add_kept(plan, out);
}

bool th_save_script(ThSession *session, ThText *out) {
  ThContext *cx = th_session_context(session);
  size_t n_names;
  Plan plan = {.session = session};
  while (th_log_at(session, plan.n)) plan.n++;
  size_t size = 4 * plan.n + 1;
  ThSymbol **names = th_session_names(session, &n_names);
  bool *flags = names ? th_alloc_array(cx, size, sizeof *flags) : NULL;
  bool ok = flags != NULL;
  if (ok) {
    memset(flags, 0, size * sizeof *flags);
    plan.repeats = flags;
    plan.kept = flags + plan.n;
    plan.seen = flags + 2 * plan.n;
    plan.calls = flags + 3 * plan.n;
    ok = write_plan(&plan, names, n_names, out);
  }
  th_free(cx, flags, size * sizeof *flags);
  if (names) th_session_names_free(session, names, n_names);
  return ok && th_text_ok(out, cx);
}
