/* vm_live.c - instructions of live names and `with` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/live.h"
#include "val/array.h"
#include "val/basic.h"

static const ThNames *names_of(const ThSession *session, const ThInstruction *ins) {
  return (const ThNames *)th_as_object(th_vm_constants(session)[ins->b]);
}

static bool live(ThSession *session, ThValue *base, const ThInstruction *ins) {
  bool ok = th_live_define(session, names_of(session, ins)->names[0], base[ins->a]);
  th_replace_take(&base[ins->a], th_number(0));
  return ok;
}

static bool declare(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue *operands = &base[ins->c], variable;
  size_t count;
  if (!session->hooks.declare)
    return th_fail(&session->cx, TH_ERROR_TYPE, "random variables are not available");
  if (!th_vm_count(session, operands[1], &count) ||
      !th_live_declare(session, names_of(session, ins)->names[0], operands[0], count, &variable))
    return false;
  th_replace_take(&operands[0], th_number(0));
  th_replace_take(&operands[1], th_number(0));
  th_replace_take(&base[ins->a], variable);
  return true;
}

/* The grid of `with a in xs, b in ys`: one row a combination, the last name moving fastest. */
typedef struct Grid {
  ThSession *session;
  ThValue thunk;
  const ThNames *names;
  unsigned several; /* bit i: name i runs over values */
  const ThValue *given;
  size_t lengths[16];
  ThList *columns[17]; /* the names that run, and the value */
  ThValue now[16];
} Grid;

/* "with `a` = 5": which row failed, unless there is a better hint. */
static bool hint_row(Grid *g) {
  ThContext *cx = &g->session->cx;
  ThText text;
  ThError error;
  if (cx->error.hint[0] || cx->error.code == TH_ERROR_INTERRUPTED) return false;
  th_error_take(cx, &error);
  th_text_init(&text, &cx->heap);
  bool ok = true, any = false;
  for (size_t i = 0; ok && i < g->names->length; i++) {
    if (!(g->several >> i & 1)) continue;
    th_text_format(&text, "%s`%s` = ", any ? ", " : "in the row with ", g->names->names[i]->spelling);
    ok = th_format(cx, g->now[i], TH_STYLE_INLINE, &text);
    any = true;
  }
  th_error_restore(cx, &error);
  if (ok && !text.failed) th_hint(cx, "%s", th_text_string(&text));
  th_text_clear(&text);
  return false;
}

static bool grid_row(Grid *g) {
  ThContext *cx = &g->session->cx;
  ThValue value;
  if (!th_live_with(g->session, g->thunk, g->names->names, g->now, g->names->length, &value))
    return hint_row(g);
  ThValue plain;
  bool ok = th_decay(cx, value, &plain);
  th_release(value);
  if (!ok || !th_list_push_take(cx, g->columns[16], plain)) return false;
  for (size_t i = 0; i < g->names->length; i++)
    if ((g->several >> i & 1) && !th_list_push_take(cx, g->columns[i], th_retain(g->now[i]))) return false;
  return true;
}

static bool grid_run(Grid *g, size_t i) {
  ThContext *cx = &g->session->cx;
  if (i == g->names->length) return th_poll(cx) && grid_row(g);
  if (!(g->several >> i & 1)) {
    th_replace_take(&g->now[i], th_retain(g->given[i]));
    return grid_run(g, i + 1);
  }
  for (size_t k = 0; k < g->lengths[i]; k++) {
    ThValue index = th_number((double)(k + 1)), item;
    if (!th_get_index(cx, g->given[i], &index, 1, &item)) return false;
    th_replace_take(&g->now[i], item);
    if (!grid_run(g, i + 1)) return false;
  }
  return true;
}

static bool no_elements(const Grid *g, size_t i) {
  ThContext *cx = &g->session->cx;
  char text[96];
  const char *name = g->names->names[i]->spelling;
  if (cx->error.code != TH_ERROR_TYPE) return false;
  th_fail(cx, TH_ERROR_TYPE, "`with %s in …` runs over an array, a range or a list, got %s", name,
          th_describe(g->given[i], text, sizeof text));
  return th_hint(cx, "one value is given by `with %s = …`", name);
}

static bool grid_open(Grid *g) {
  ThContext *cx = &g->session->cx;
  for (size_t i = 0; i < 16; i++) g->now[i] = th_none();
  for (size_t i = 0; i < g->names->length; i++) {
    if (!(g->several >> i & 1)) continue;
    if (!th_length(cx, g->given[i], SIZE_MAX, &g->lengths[i])) return no_elements(g, i);
    if (!(g->columns[i] = th_list_new(cx, 0))) return false;
  }
  g->columns[16] = th_list_new(cx, 0);
  return g->columns[16] != NULL;
}

/* A table holds numbers and strings: other values are named by their text. */
static bool is_column(const ThList *list) {
  bool numbers = true, strings = true;
  for (size_t i = 0; i < list->length; i++) {
    numbers = numbers && (th_is_scalar(list->items[i]));
    strings = strings && th_is_string(list->items[i]);
  }
  return numbers || strings;
}

static bool name_by_text(ThContext *cx, ThList *list) {
  ThText text;
  bool ok = true;
  for (size_t i = 0; ok && i < list->length; i++) {
    ThValue string;
    if (th_is_string(list->items[i])) continue;
    th_text_init(&text, &cx->heap);
    ok = th_format(cx, list->items[i], TH_STYLE_INLINE, &text) &&
         th_string(cx, th_text_string(&text), text.length, &string);
    th_text_clear(&text);
    if (ok) th_replace_take(&list->items[i], string);
  }
  return ok;
}

static bool grid_column(Grid *g, ThTable *table, ThSymbol *name, ThList *list) {
  ThContext *cx = &g->session->cx;
  ThValue column;
  if (!name || (!is_column(list) && !name_by_text(cx, list))) return false;
  return th_stack(cx, list->items, list->length, &column) && th_table_set_take(cx, table, name, column);
}

static bool grid_table(Grid *g, ThValue *out) {
  ThContext *cx = &g->session->cx;
  ThTable *table = th_table_new(cx, g->columns[16]->length);
  if (!table) return false;
  *out = th_object(table);
  bool ok = true;
  for (size_t i = 0; ok && i < g->names->length; i++)
    if (g->columns[i]) ok = grid_column(g, table, g->names->names[i], g->columns[i]);
  ok = ok && grid_column(g, table, th_symbol_of(cx, "value"), g->columns[16]);
  if (!ok) th_release(*out);
  return ok;
}

static void grid_clear(Grid *g) {
  for (size_t i = 0; i < 17; i++)
    if (g->columns[i]) th_release(th_object(g->columns[i]));
  th_release_all(g->now, 16);
}

static bool with(ThSession *session, ThValue *base, const ThInstruction *ins) {
  const ThNames *names = names_of(session, ins);
  ThValue *thunk = &base[ins->a], result;
  bool ok;
  if (ins->c == 0) {
    ok = th_live_with(session, *thunk, names->names, thunk + 1, names->length, &result);
  } else {
    Grid g = {.session = session, .thunk = *thunk, .names = names, .several = ins->c, .given = thunk + 1};
    ok = grid_open(&g) && grid_run(&g, 0) && grid_table(&g, &result);
    grid_clear(&g);
  }
  if (!ok) return false;
  for (size_t i = 1; i <= names->length; i++) th_replace_take(&thunk[i], th_number(0));
  th_replace_take(thunk, result);
  return true;
}

bool th_vm_live(ThSession *session, ThValue *base, const ThInstruction *ins) {
  if (ins->code == TH_INS_LIVE) return live(session, base, ins);
  return ins->code == TH_INS_WITH ? with(session, base, ins) : declare(session, base, ins);
}
