/* vars.c - the names of the session as a table */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/vars.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/ui.h"
#include "val/array.h"
#include "val/basic.h"

enum { GAP = 2, NAME_WIDTH = 20, TYPE_WIDTH = 14, SHAPE_WIDTH = 12, MOST_VALUE = 400 };

typedef struct Columns {
  size_t name, type, shape; /* widths */
} Columns;

/* "3 × 2", "24 rows", "10"; "" for what has no shape. */
static void add_shape(ThContext *cx, ThValue v, ThText *out) {
  const ThKind *kind = th_is_object(v) ? th_as_object(v)->kind : NULL;
  size_t length;
  if (th_is_array(v)) {
    const ThArray *a = th_as_array(v);
    for (size_t i = 0; i < a->rank; i++) th_text_format(out, "%s%zu", i ? " × " : "", a->shape[i]);
  } else if (th_is(v, &th_table_kind)) {
    const ThTable *t = th_as_table(v);
    th_text_format(out, "%zu × %zu", t->n_rows, t->n_columns);
  } else if (kind && kind->length && !th_is_string(v) && kind->length(cx, v, SIZE_MAX, &length)) {
    th_text_format(out, "%zu", length);
  }
  th_error_clear(cx);
}

static const char *type_of(ThSession *session, const ThSymbol *name, ThValue *v) {
  if (th_session_get(session, name, v)) return th_type_name(*v);
  *v = th_unset();
  return "live";
}

/* Its first line, or what of it is needed. */
static void add_value(ThContext *cx, ThValue v, size_t room, ThText *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  if (th_is_unset(v)) th_text_add(&text, "computed when needed");
  else if (!th_format(cx, v, TH_STYLE_INLINE, &text)) th_error_clear(cx);
  const char *value = th_text_string(&text);
  size_t length = strcspn(value, "\n");
  bool cut = value[length] || th_utf8_width(value, length) > room;
  size_t shown = cut ? th_utf8_forward(value, 0, length, room > 1 ? room - 1 : 0) : length;
  th_text_bytes(out, value, shown);
  if (cut) th_text_add(out, "…");
  th_text_clear(&text);
}

static size_t at_most(size_t width, size_t most) { return width < most ? width : most; }

static void widen(size_t *column, const char *text, size_t most) {
  size_t width = at_most(th_utf8_width(text, strlen(text)), most);
  if (width > *column) *column = width;
}

static void measure(ThSession *session, ThSymbol *const *names, size_t n, Columns *columns) {
  ThContext *cx = th_session_context(session);
  for (size_t i = 0; i < n; i++) {
    ThValue v;
    ThText shape;
    th_text_init(&shape, &cx->heap);
    widen(&columns->type, type_of(session, names[i], &v), TYPE_WIDTH);
    widen(&columns->name, names[i]->spelling, NAME_WIDTH);
    add_shape(cx, v, &shape);
    widen(&columns->shape, th_text_string(&shape), SHAPE_WIDTH);
    th_text_clear(&shape);
  }
}

/* A cell cut to its column. */
static void add_cell(const char *text, size_t width, ThText *out) {
  size_t length = strlen(text), start = out->length;
  bool cut = th_utf8_width(text, length) > width;
  th_text_bytes(out, text, cut ? th_utf8_forward(text, 0, length, width - 1) : length);
  if (cut) th_text_add(out, "…");
  th_text_pad(out, start, width + GAP);
}

static void add_row(ThSession *session, const ThSymbol *name, const Columns *columns, ThText *out) {
  ThContext *cx = th_session_context(session);
  size_t start = out->length, width = (size_t)cx->settings.width;
  ThValue v;
  ThText shape;
  th_text_init(&shape, &cx->heap);
  const char *type = type_of(session, name, &v);
  add_shape(cx, v, &shape);
  add_cell(name->spelling, columns->name, out);
  add_cell(type, columns->type, out);
  if (columns->shape) add_cell(th_text_string(&shape), columns->shape, out);
  size_t used = th_utf8_width(out->data + start, out->length - start);
  if (!out->failed && used + 4 < width) add_value(cx, v, at_most(width - used - 1, MOST_VALUE), out);
  while (out->length > start && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
  th_text_char(out, '\n');
  th_text_clear(&shape);
}

bool th_vars(ThSession *session, const char *beginning, ThText *out) {
  size_t n, kept = 0, length = strlen(beginning);
  ThSymbol **names = th_session_names(session, &n);
  if (!names) return false;
  for (size_t i = 0; i < n; i++) {
    ThSymbol *name = names[i];
    bool wanted = strncmp(name->spelling, beginning, length) == 0 ||
                  strncmp(name->name, beginning, length) == 0;
    names[i] = names[kept];
    if (wanted) names[kept++] = name;
  }
  Columns columns = {0};
  measure(session, names, kept, &columns);
  for (size_t i = 0; i < kept; i++) add_row(session, names[i], &columns, out);
  th_session_names_free(session, names, n);
  return th_text_ok(out, th_session_context(session));
}
