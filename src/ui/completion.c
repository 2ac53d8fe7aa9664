/* completion.c - what Tab offers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No part of this knows readline: text in, candidates out. Nothing is run to find them. */
#include "ui/completion.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "infer/fit.h"
#include "infer/model.h"
#include "infer/posterior.h"
#include "lang/builtin.h"
#include "lang/signature.h"
#include "ui/complete_words.h"
#include "ui/flow.h"
#include "ui/highlight.h"
#include "ui/ui.h"
#include "val/basic.h"

/* What the person has made stands before what is built in. */
enum { RANK_ARGUMENT, RANK_OWN = 1000, RANK_BUILTIN };

/* --- Lists of candidates */

static bool copy_or_null(ThContext *cx, const char *text, char **out) {
  *out = text ? th_copy_text(cx, text, strlen(text)) : NULL;
  return !text || *out;
}

static void free_candidate(ThContext *cx, ThCandidate *c) {
  char *const texts[] = {c->text, c->shown, c->brief};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i]) th_free(cx, texts[i], strlen(texts[i]) + 1);
}

bool th_completion_add(ThCompletion *c, const char *text, const char *shown, const char *brief, size_t rank) {
  if (c->n == c->capacity) {
    size_t capacity = c->capacity * 2 + 16, size = sizeof *c->candidates;
    ThCandidate *grown = th_resize(c->cx, c->candidates, c->capacity * size, capacity * size);
    if (!grown) return false;
    c->candidates = grown;
    c->capacity = capacity;
  }
  ThCandidate *new = &c->candidates[c->n];
  *new = (ThCandidate){.rank = rank};
  bool ok = copy_or_null(c->cx, text, &new->text) && copy_or_null(c->cx, shown, &new->shown) &&
            copy_or_null(c->cx, brief, &new->brief);
  if (ok) c->n++;
  else free_candidate(c->cx, new);
  return ok;
}

void th_completion_clear(ThCompletion *c) {
  for (size_t i = 0; i < c->n; i++) free_candidate(c->cx, &c->candidates[i]);
  th_free(c->cx, c->candidates, c->capacity * sizeof *c->candidates);
  *c = (ThCompletion){.cx = c->cx};
}

size_t th_completion_common(const ThCompletion *c) {
  if (c->n == 0) return 0;
  const char *first = c->candidates[0].text;
  size_t common = strlen(first);
  for (size_t i = 1; i < c->n; i++) {
    size_t k = 0;
    while (k < common && c->candidates[i].text[k] == first[k]) k++;
    common = k;
  }
  while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80) common--;
  return common;
}

static int by_rank(const void *a, const void *b) {
  const ThCandidate *p = a, *q = b;
  if (p->rank != q->rank) return p->rank < q->rank ? -1 : 1;
  return strcmp(p->text, q->text);
}

/* A name of the person's that hides a built-in one comes twice, and so may differ in rank: alphabetical order
 * finds both. */
static int by_text(const void *a, const void *b) {
  const ThCandidate *p = a, *q = b;
  int order = strcmp(p->text, q->text);
  return order ? order : p->rank < q->rank ? -1 : p->rank > q->rank;
}

static void sort_unique(ThCompletion *c) {
  size_t kept = 0;
  if (c->n == 0) return;
  qsort(c->candidates, c->n, sizeof *c->candidates, by_text);
  for (size_t i = 0; i < c->n; i++) {
    bool again = kept > 0 && strcmp(c->candidates[i].text, c->candidates[kept - 1].text) == 0;
    if (again) free_candidate(c->cx, &c->candidates[i]);
    else c->candidates[kept++] = c->candidates[i];
  }
  c->n = kept;
  qsort(c->candidates, c->n, sizeof *c->candidates, by_rank);
}

/* --- Names */

static bool begins_with(const char *text, const char *prefix, size_t length) {
  return strncmp(text, prefix, length) == 0;
}

typedef enum Which { ALL_NAMES, OWN_NAMES, TOPICS /* functions without their bracket */ } Which;

typedef struct Names {
  ThSession *session;
  ThCompletion *out;
  Which which;
} Names;

static bool is_callable(ThValue v) {
  return th_is_object(v) && th_as_object(v)->kind->call && !th_is_model(v);
}

/* A function with the bracket that comes next. */
static bool add_name(ThCompletion *c, const char *name, bool function, const char *brief, size_t rank) {
  ThText text;
  th_text_init(&text, &c->cx->heap);
  th_text_format(&text, "%s%s", name, function ? "(" : "");
  bool ok = th_text_ok(&text, c->cx) && th_completion_add(c, th_text_string(&text), NULL, brief, rank);
  th_text_clear(&text);
  return ok;
}

static bool add_found(void *self, const char *name) {
  const Names *names = self;
  ThContext *cx = names->out->cx;
  const ThSymbol *symbol = th_symbol_find(cx, name, strlen(name));
  ThValue own;
  char what[96];
  if (strcmp(name, "_") == 0) return true;
  if (symbol && th_session_get(names->session, symbol, &own))
    return add_name(names->out, name, names->which != TOPICS && is_callable(own),
                    th_describe(own, what, sizeof what), RANK_OWN);
  if (names->which == OWN_NAMES) return true;
  const ThBuiltin *row = symbol ? th_builtin_find(cx, symbol) : NULL;
  return add_name(names->out, name, names->which != TOPICS && row, row ? row->brief : NULL, RANK_BUILTIN);
}

static bool complete_names(ThSession *session, const char *prefix, size_t length, Which which,
                           ThCompletion *c) {
  Names names = {session, c, which};
  th_session_complete(session, prefix, length, add_found, &names);
  return c->cx->error.code == TH_OK;
}

/* --- Fields */

/* The value of a dotted path, text[0, length); owned. False without an error when there is none. */
static bool path_value(ThSession *session, const char *text, size_t length, ThValue *out) {
  ThContext *cx = th_session_context(session);
  size_t end = 0;
  while (end < length && text[end] != '.') end++;
  const ThSymbol *name = th_symbol_find(cx, text, end);
  ThValue value;
  if (!name || !th_session_get(session, name, &value)) return false;
  th_retain(value);
  while (end < length) {
    size_t start = ++end;
    while (end < length && text[end] != '.') end++;
    ThSymbol *field = th_symbol_find(cx, text + start, end - start);
    ThValue inner;
    bool ok = field && th_get_field(cx, value, field, &inner);
    th_release(value);
    if (!ok) {
      th_error_clear(cx);
      return false;
    }
    value = inner;
  }
  *out = value;
  return true;
}

static bool complete_fields(ThSession *session, const char *path, size_t path_length, const char *prefix,
                            size_t length, ThCompletion *c) {
  ThValue value;
  ThSymbol *field;
  bool ok = true;
  if (!path_value(session, path, path_length, &value)) return true;
  const ThKind *kind = th_is_object(value) ? th_as_object(value)->kind : NULL;
  for (size_t i = 0; ok && kind && kind->field_name && (field = kind->field_name(c->cx, value, i)); i++)
    if (begins_with(field->spelling, prefix, length))
      ok = th_completion_add(c, field->spelling, NULL, NULL, i);
  th_release(value);
  return ok && c->cx->error.code == TH_OK;
}

/* Adds the fields that all values of a kind have. */
static bool add_fields(const ThKind *kind, const char *prefix, size_t length, ThCompletion *c) {
  const ThFieldNote *field;
  bool ok = true;
  for (size_t i = 0; ok && (field = kind->field_note(i)); i++)
    if (begins_with(field->name, prefix, length)) ok = th_completion_add(c, field->name, NULL, NULL, i);
  return ok;
}

/* Behind a call or an index, which ends at `end`: what it gives is known without running it where a built-in's
 * signature says so, and for the rows of a table. */
static bool complete_result_fields(ThSession *session, const char *text, size_t end, const char *prefix,
                                   size_t length, ThCompletion *c) {
  ThOpenBrackets brackets;
  ThValue value;
  if (end == 0 || (text[end - 1] != ')' && text[end - 1] != ']')) return true;
  th_open_brackets(text, end - 1, &brackets);
  if (brackets.n == 0) return true;
  size_t open = brackets.open[brackets.n - 1].offset, start = th_name_start(text, open);
  const ThSymbol *name = start < open ? th_symbol_find(c->cx, text + start, open - start) : NULL;
  bool own = name && th_session_get(session, name, &value);
  if (own && text[open] == '[' && th_is(value, &th_table_kind))
    return complete_fields(session, text + start, open - start, prefix, length, c);
  const ThBuiltin *builtin = name && !own && text[open] == '(' ? th_builtin_find(c->cx, name) : NULL;
  const char *result = builtin ? strstr(builtin->signature, " -> ") : NULL;
  if (result && strcmp(result, " -> fit") == 0) return add_fields(&th_fit_kind, prefix, length, c);
  if (result && strcmp(result, " -> posterior") == 0)
    return add_fields(&th_posterior_kind, prefix, length, c);
  return true;
}

/* Where a path of names that ends at `end` begins; `end` when what stands there is no such path. */
static size_t path_start(const char *text, size_t end) {
  size_t at = end;
  for (;;) {
    size_t name = th_name_start(text, at);
    if (name == at) return end; /* `).` or `].` */
    if (name == 0 || text[name - 1] != '.') return name;
    at = name - 1;
  }
}

/* --- Arguments */

/* What is typed of an argument, and where it goes. */
typedef struct Argument {
  const char *prefix;
  size_t length, rank;
  ThCompletion *out;
} Argument;

/* `name = `, shown with its default: `upper = false`. NULL: it has none, and is shown bare. */
static bool add_argument(Argument *a, const ThSymbol *name, const char *value, size_t value_length) {
  if (!begins_with(name->spelling, a->prefix, a->length) && !begins_with(name->name, a->prefix, a->length))
    return true;
  ThText text, shown;
  th_text_init(&text, &a->out->cx->heap);
  th_text_init(&shown, &a->out->cx->heap);
  th_text_format(&text, "%s = ", name->spelling);
  th_text_format(&shown, "%s%s%.*s", name->spelling, value ? " = " : "", value ? (int)value_length : 0,
                 value ? value : "");
  bool ok = th_text_ok(&text, a->out->cx) && th_text_ok(&shown, a->out->cx) &&
            th_completion_add(a->out, th_text_string(&text), th_text_string(&shown), NULL, a->rank++);
  th_text_clear(&text);
  th_text_clear(&shown);
  return ok;
}

static bool add_function_arguments(Argument *a, ThValue function, bool knobs_only) {
  const ThSymbol *parameter;
  bool has_default, ok = true;
  for (size_t i = 0; ok && (parameter = th_function_parameter(function, i, &has_default)); i++) {
    size_t length = 0;
    const char *text = th_function_default(function, i, &length);
    if (!knobs_only || has_default) ok = add_argument(a, parameter, text, length);
  }
  return ok;
}

static bool add_builtin_argument(Argument *a, const ThParameter *p) {
  ThText value;
  th_text_init(&value, &a->out->cx->heap);
  if (p->has_default && th_is_unset(p->fallback)) th_text_add(&value, "…");
  bool ok = !p->has_default || th_is_unset(p->fallback) ||
            th_format(a->out->cx, p->fallback, TH_STYLE_SOURCE, &value);
  ok = ok && add_argument(a, p->name, p->has_default ? th_text_string(&value) : NULL, value.length);
  th_text_clear(&value);
  return ok;
}

/* Of a signature: all parameters but those that take any number of positional arguments. */
static bool add_builtin_arguments(Argument *a, const ThBuiltin *builtin, bool *takes_knobs) {
  ThContext *cx = a->out->cx;
  ThSignature *signature = th_signature_parse(cx, builtin->signature);
  if (!signature) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < signature->n_parameters; i++)
    if (!signature->parameters[i].rest) ok = add_builtin_argument(a, &signature->parameters[i]);
  *takes_knobs = signature->named_rest != NULL;
  th_signature_free(cx, signature);
  return ok;
}

/* The value of the name at the start of a text, borrowed. */
static bool first_value(ThSession *session, const char *text, size_t length, ThValue *out) {
  size_t start = 0, end;
  while (start < length && text[start] == ' ') start++;
  end = start;
  for (size_t size; end < length; end += size)
    if (!th_is_name_character(th_utf8_decode(text + end, length - end, &size))) break;
  const ThSymbol *name = th_symbol_find(th_session_context(session), text + start, end - start);
  return name && th_session_get(session, name, out);
}

/* The arguments of the call whose bracket stands at `open`; of a fit also the knobs of its model. */
static bool complete_arguments(ThSession *session, const char *text, size_t length, size_t open,
                               const char *prefix, size_t prefix_length, ThCompletion *c) {
  size_t start = th_name_start(text, open);
  Argument a = {prefix, prefix_length, RANK_ARGUMENT, c};
  ThValue function, model;
  bool takes_knobs = false;
  const ThSymbol *name = start < open ? th_symbol_find(c->cx, text + start, open - start) : NULL;
  if (!name) return true;
  if (th_session_get(session, name, &function) && th_is_object(function) &&
      th_as_object(function)->kind->call)
    return add_function_arguments(&a, th_is_model(function) ? th_as_model(function)->body : function, false);
  const ThBuiltin *builtin = th_builtin_find(c->cx, name);
  if (builtin && !add_builtin_arguments(&a, builtin, &takes_knobs)) return false;
  if (takes_knobs && first_value(session, text + open + 1, length - open - 1, &model) && th_is_model(model))
    return add_function_arguments(&a, th_as_model(model)->body, true);
  return true;
}

/* --- Strings */

/* The name of the function that the string at `quote` is the first argument of, or "". */
static const char *called(const char *text, size_t quote, size_t *length) {
  size_t at = quote;
  *length = 0;
  while (at > 0 && text[at - 1] == ' ') at--;
  if (at == 0 || text[at - 1] != '(') return "";
  size_t start = th_name_start(text, at - 1);
  *length = at - 1 - start;
  return text + start;
}

static bool is_call_of(const char *name, size_t length, const char *function) {
  return strlen(function) == length && memcmp(name, function, length) == 0;
}

static bool complete_string(const char *text, size_t quote, size_t length, ThCompletion *c) {
  size_t name_length;
  const char *name = called(text, quote, &name_length), *typed = text + quote + 1;
  size_t typed_length = length - quote - 1;
  if (is_call_of(name, name_length, "dataset")) return th_complete_datasets(typed, typed_length, c);
  return th_complete_string(typed, typed_length, is_call_of(name, name_length, "read_csv"), c);
}

/* --- All of it */

/* Is the word before this place `with`? */
static bool follows_with(const char *text, size_t at) {
  size_t end = at;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\n')) end--;
  return end < at && end - th_name_start(text, end) == 4 && memcmp(text + end - 4, "with", 4) == 0;
}

/* The innermost bracket that is open, if it is that of a call. */
static size_t open_call(const ThOpenBrackets *b, const char *text) {
  if (b->n == 0 || b->open[b->n - 1].bracket != '(') return SIZE_MAX;
  size_t open = b->open[b->n - 1].offset;
  return th_name_start(text, open) < open ? open : SIZE_MAX;
}

static bool complete_code(ThSession *session, const char *text, size_t length, ThCompletion *c,
                          size_t *start) {
  ThOpenBrackets brackets;
  th_open_brackets(text, length, &brackets);
  if (brackets.n > 0 && brackets.open[brackets.n - 1].bracket == '"') {
    size_t quote = brackets.open[brackets.n - 1].offset;
    *start = quote + 1;
    return complete_string(text, quote, length, c);
  }
  *start = th_name_start(text, length);
  const char *prefix = text + *start;
  size_t prefix_length = length - *start, call = open_call(&brackets, text);
  if (*start > 0 && text[*start - 1] == '.') {
    size_t path = path_start(text, *start - 1);
    if (path == *start - 1) return complete_result_fields(session, text, path, prefix, prefix_length, c);
    return complete_fields(session, text + path, *start - 1 - path, prefix, prefix_length, c);
  }
  if (prefix_length == 0 && follows_with(text, *start)) return complete_names(session, "", 0, OWN_NAMES, c);
  if (call != SIZE_MAX && !complete_arguments(session, text, length, call, prefix, prefix_length, c))
    return false;
  return prefix_length == 0 || complete_names(session, prefix, prefix_length, ALL_NAMES, c);
}

/* Where `\name`, `\_1` or `\^2` before the end begins, or SIZE_MAX. */
static size_t backslash_start(const char *text, size_t length) {
  size_t at = length;
  while (at > 0 && (isalnum((unsigned char)text[at - 1]) || (text[at - 1] && strchr("_^-", text[at - 1]))))
    at--;
  return at > 0 && text[at - 1] == '\\' ? at - 1 : SIZE_MAX;
}

/* Code on the line from byte `from` on, after the pending lines. */
static bool complete_line(ThSession *session, const char *pending, const char *line, size_t from,
                          size_t point, ThCompletion *out) {
  ThText text;
  size_t before = strlen(pending), start = 0;
  th_text_init(&text, &out->cx->heap);
  th_text_bytes(&text, pending, before);
  th_text_bytes(&text, line + from, point - from);
  bool ok = th_text_ok(&text, out->cx) &&
            complete_code(session, th_text_string(&text), text.length, out, &start);
  th_text_clear(&text);
  out->start = start >= before ? from + start - before : 0;
  if (start < before) th_completion_clear(out), out->start = point;
  return ok;
}

bool th_complete(ThSession *session, const char *pending, const char *line, size_t point, ThCompletion *out) {
  size_t blanks = strspn(line, " \t"), code = 0;
  *out = (ThCompletion){.cx = th_session_context(session)};
  th_error_clear(out->cx);
  bool ok = true, command = pending[0] == '\0' && line[blanks] == ':' && blanks < point;
  size_t backslash = backslash_start(line, point);
  if (backslash != SIZE_MAX) {
    out->start = backslash;
    ok = th_complete_characters(line + backslash + 1, point - backslash - 1, out);
  } else if (pending[0] == '\0' && line[blanks] == '?' && blanks < point) {
    out->start = th_name_start(line, point);
    ok = complete_names(session, line + out->start, point - out->start, TOPICS, out);
  } else {
    if (command) ok = th_complete_command(session, line, point, out, &code);
    if (ok && code != SIZE_MAX) ok = complete_line(session, pending, line, code, point, out);
  }
  if (ok) sort_unique(out);
  else th_completion_clear(out);
  return ok;
}

/* --- The list */

enum { MOST_LISTED = 200, FEW = 12, GAP = 2 };

static const char *shown_text(const ThCandidate *c) { return c->shown ? c->shown : c->text; }

/* In columns what has an explanation is shown by its name alone. */
static const char *short_text(const ThCandidate *c) { return c->brief ? c->text : shown_text(c); }

static size_t widest(const ThCompletion *c, size_t n, const char *(*text_of)(const ThCandidate *c)) {
  size_t most = 0;
  for (size_t i = 0; i < n; i++) {
    const char *text = text_of(&c->candidates[i]);
    size_t width = th_utf8_width(text, strlen(text));
    if (width > most) most = width;
  }
  return most;
}

/* A candidate a line, and what it is, cut to the width. */
static void list_briefs(const ThCompletion *c, ThText *out) {
  size_t width = (size_t)c->cx->settings.width, column = widest(c, c->n, shown_text);
  for (size_t i = 0; i < c->n; i++) {
    const ThCandidate *candidate = &c->candidates[i];
    size_t start = out->length;
    th_text_add(out, shown_text(candidate));
    if (candidate->brief && column + GAP + 8 < width) {
      size_t length = strlen(candidate->brief), room = width - column - GAP - 1;
      th_text_pad(out, start, column + GAP);
      th_text_add(out, th_ui_style(c->cx, TH_DIM));
      th_text_bytes(out, candidate->brief, th_utf8_forward(candidate->brief, 0, length, room));
      th_text_add(out, th_ui_style(c->cx, TH_PLAIN));
    }
    th_text_char(out, '\n');
  }
}

/* In columns, read downwards. */
static void list_columns(const ThCompletion *c, size_t n, ThText *out) {
  size_t width = (size_t)c->cx->settings.width, column = widest(c, n, short_text);
  size_t n_columns = (width + GAP) / (column + GAP);
  if (n_columns == 0) n_columns = 1;
  size_t n_rows = (n + n_columns - 1) / n_columns;
  for (size_t i = 0; i < n_rows; i++) {
    size_t start = out->length;
    for (size_t j = i, k = 0; j < n; j += n_rows, k++) {
      th_text_pad(out, start, k * (column + GAP));
      th_text_add(out, short_text(&c->candidates[j]));
    }
    th_text_char(out, '\n');
  }
}

void th_completion_list(const ThCompletion *c, ThText *out) {
  size_t n = c->n < MOST_LISTED ? c->n : MOST_LISTED;
  bool briefs = false;
  for (size_t i = 0; i < n; i++) briefs = briefs || c->candidates[i].brief;
  if (briefs && c->n <= FEW) list_briefs(c, out);
  else list_columns(c, n, out);
  if (n < c->n) th_text_format(out, "and %zu more\n", c->n - n);
}
