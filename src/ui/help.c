/* help.c - what there is, and what it does */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All of it comes from the rows of the built-ins and from one table of words. */
#include "ui/help.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/builtin.h"
#include "lang/lib_support.h"
#include "ui/flow.h"
#include "ui/libs.h"
#include "ui/symbols.h"
#include "ui/ui.h"

enum { NAME_SIZE = 64, NAME_COLUMN = 22, SECTION_COLUMN = 26 };

static size_t width_of(const ThContext *cx) {
  int width = cx->settings.width - 1;
  return (size_t)(width < 40 ? 40 : width > 100 ? 100 : width);
}

/* --- Parts of a page */

static void heading(const ThContext *cx, const char *text, ThText *out) {
  th_text_format(out, "%s%s%s\n", th_ui_style(cx, TH_BOLD), text, th_ui_style(cx, TH_PLAIN));
}

/* Lines of text, each filled on its own, indented. */
static void paragraphs(const ThContext *cx, const char *text, size_t indent, ThText *out) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    ThFlow flow;
    th_text_repeat(out, ' ', indent);
    th_flow_init(&flow, out, width_of(cx), indent + 2);
    flow.column = indent;
    th_flow_text(&flow, text, length);
    th_flow_clear(&flow);
    text += length + (text[length] == '\n');
  }
}

/* A name, and what it is, in two columns. */
static void entry(const ThContext *cx, const char *name, const char *brief, ThText *out) {
  ThFlow flow;
  size_t width = th_utf8_width(name, strlen(name));
  th_text_format(out, "  %s%s%s", th_ui_style(cx, TH_CODE), name, th_ui_style(cx, TH_PLAIN));
  th_text_repeat(out, ' ', width + 4 > NAME_COLUMN ? 2 : NAME_COLUMN - 2 - width);
  th_flow_init(&flow, out, width_of(cx), NAME_COLUMN);
  flow.column = width + 4 > NAME_COLUMN ? width + 4 : NAME_COLUMN;
  th_flow_text(&flow, brief, strlen(brief));
  th_flow_clear(&flow);
}

/* Lines of code; output, behind `#> `, is shown dim. */
static void examples(const ThContext *cx, const char *text, ThText *out) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    bool output = strncmp(text, "#> ", 3) == 0;
    th_text_format(out, "  %s%.*s%s\n", th_ui_style(cx, output ? TH_DIM : TH_CODE), (int)length, text,
                   th_ui_style(cx, TH_PLAIN));
    text += length + (text[length] == '\n');
  }
}

/* --- One built-in */

static void about_builtin(const ThContext *cx, const ThBuiltin *row, ThText *out) {
  ThFlow flow;
  th_text_add(out, th_ui_style(cx, TH_BOLD));
  th_flow_init(&flow, out, width_of(cx), 4);
  th_flow_text(&flow, row->signature, strlen(row->signature));
  th_flow_clear(&flow);
  th_text_add(out, th_ui_style(cx, TH_PLAIN));
  paragraphs(cx, row->brief, 2, out);
  if (row->detail) {
    th_text_char(out, '\n');
    paragraphs(cx, row->detail, 2, out);
  }
  if (row->examples) {
    th_text_char(out, '\n');
    examples(cx, row->examples, out);
  }
  if (!row->see) return;
  th_text_char(out, '\n');
  th_text_format(out, "  see also: %s\n", row->see);
}

/* --- Words, letters, sections */

static bool contains_word(const char *names, const char *word, size_t length) {
  while (*names) {
    size_t n = strcspn(names, " ");
    if (n == length && memcmp(names, word, n) == 0) return true;
    names += n + strspn(names + n, " ");
  }
  return false;
}

static bool about_word(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  const ThHelpWord *word;
  for (size_t i = 0; (word = th_help_word_at(i)); i++) {
    if (!contains_word(word->names, topic, length)) continue;
    heading(cx, word->names, out);
    paragraphs(cx, word->brief, 2, out);
    if (word->example) {
      th_text_char(out, '\n');
      examples(cx, word->example, out);
    }
    return true;
  }
  return false;
}

/* How a character is typed, and what else it is called. */
static bool about_character(const char *topic, size_t length, ThText *out) {
  char text[16];
  if (length == 0 || length >= sizeof text) return false;
  memcpy(text, topic, length);
  text[length] = '\0';
  const char *name = th_character_name(text);
  if (!name) return false;
  th_text_format(out, "%s is typed \\%s and then Tab.", text, name);
  if (th_greek_letter(name, strlen(name)))
    th_text_format(out, " The name `%s` is the same: %s_1, %s1 and %s₁ are one variable.", name, name, text,
                   text);
  th_text_char(out, '\n');
  return true;
}

static bool same_word(const char *a, const char *b, size_t length) {
  if (strlen(a) != length) return false;
  for (size_t i = 0; i < length; i++)
    if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i])) return false;
  return true;
}

static bool about_section(ThContext *cx, const char *topic, size_t length, ThText *out) {
  const ThBuiltin *row;
  char name[NAME_SIZE];
  bool any = false;
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++) {
    if (!same_word(row->section, topic, length)) continue;
    if (!any) heading(cx, row->section, out);
    any = true;
    entry(cx, th_builtin_name(row, name, sizeof name), row->brief, out);
  }
  return any;
}

static bool section_seen(ThContext *cx, size_t before, const char *section) {
  for (size_t i = 0; i < before; i++)
    if (strcmp(th_builtin_at(cx, i)->section, section) == 0) return true;
  return false;
}

/* A section and the first of its names, on one line. */
static void section_line(ThContext *cx, const char *section, ThText *out) {
  const ThBuiltin *row;
  char name[NAME_SIZE];
  size_t start = out->length, code;
  th_text_format(out, "  %s", section);
  th_text_pad(out, start, SECTION_COLUMN);
  size_t width = SECTION_COLUMN;
  bool more = false;
  code = out->length;
  for (size_t i = 0; !more && (row = th_builtin_at(cx, i)); i++) {
    if (strcmp(row->section, section) != 0) continue;
    th_builtin_name(row, name, sizeof name);
    width += th_utf8_width(name, strlen(name)) + 1;
    more = width + 2 > width_of(cx);
    th_text_format(out, "%s%s", out->length > code ? " " : "", more ? "…" : name);
  }
  th_text_char(out, '\n');
}

static const char intro[] =
    "An expression prints its value; x = 3 assigns; f(x) = x^2 defines a function; X ~ Normal(0, 1) declares "
    "a random variable, and P(X > 1) asks about it.\n"
    "?name tells about a name, ??word searches, Tab completes; \\theta and then Tab types θ.\n"
    ":help lists the commands of the prompt, :lesson the lessons. Ctrl-C stops, Ctrl-D leaves.\n"
    "?section lists what is in a section:";

static void overview(ThContext *cx, ThText *out) {
  const ThBuiltin *row;
  heading(cx, "Theta", out);
  paragraphs(cx, intro, 2, out);
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++)
    if (!section_seen(cx, i, row->section)) section_line(cx, row->section, out);
}

/* --- Names of the session */

static bool about_value(ThSession *session, const ThSymbol *name, ThText *out) {
  ThContext *cx = th_session_context(session);
  ThValue value;
  char what[96];
  if (!name || !th_session_get(session, name, &value)) return false;
  th_text_format(out, "%s%s%s is %s\n", th_ui_style(cx, TH_BOLD), name->spelling, th_ui_style(cx, TH_PLAIN),
                 th_describe(value, what, sizeof what));
  size_t start = out->length;
  if (!th_format(cx, value, TH_STYLE_INLINE, out)) th_error_clear(cx);
  if (out->length > start + 300) {
    out->length = start + th_utf8_forward(out->data, 0, 300, 300);
    out->data[out->length] = '\0';
    th_text_add(out, "…");
  }
  th_text_char(out, '\n');
  return true;
}

static void unknown(ThSession *session, const char *topic, size_t length, ThText *out) {
  ThContext *cx = th_session_context(session);
  ThSymbol *name = th_symbol(cx, topic, length);
  const char *nearest = name ? th_session_nearest_name(session, name) : NULL;
  th_error_clear(cx);
  th_text_format(out, "There is no help on `%.*s`.", (int)length, topic);
  if (nearest) th_text_format(out, " Did you mean `%s`?", nearest);
  th_text_format(out, " ??%.*s searches the texts.\n", (int)length, topic);
}

bool th_help_about(ThSession *session, const char *topic, size_t length, bool *found, ThText *out) {
  ThContext *cx = th_session_context(session);
  bool any = true;
  if (length == 0) overview(cx, out);
  else {
    const ThSymbol *name = th_symbol_find(cx, topic, length);
    const ThBuiltin *row = name ? th_builtin_find(cx, name) : NULL;
    any = about_character(topic, length, out);
    any |= about_value(session, name, out);
    if (row) about_builtin(cx, row, out), any = true;
    else any |= about_word(cx, topic, length, out);
    any = any || about_section(cx, topic, length, out);
    if (!any) unknown(session, topic, length, out);
  }
  if (found) *found = any;
  return th_text_ok(out, cx);
}

/* --- Search */

/* Whether `text` contains `word`, upper and lower case alike. */
static bool contains(const char *text, const char *word) {
  size_t n = strlen(word);
  for (; text && *text; text++) {
    size_t i = 0;
    while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i])) i++;
    if (i == n) return true;
  }
  return false;
}

bool th_help_search(ThSession *session, const char *words, ThText *out) {
  ThContext *cx = th_session_context(session);
  const ThBuiltin *row;
  const ThHelpWord *word;
  char name[NAME_SIZE];
  size_t start = out->length;
  for (int pass = 0; pass < 2; pass++) /* first what has it in its name or brief, then in its detail */
    for (size_t i = 0; (row = th_builtin_at(cx, i)); i++) {
      th_builtin_name(row, name, sizeof name);
      bool near = contains(name, words) || contains(row->brief, words) || contains(row->section, words);
      if (pass == 0 ? near : !near && contains(row->detail, words)) entry(cx, name, row->brief, out);
    }
  for (size_t i = 0; (word = th_help_word_at(i)); i++)
    if (contains(word->names, words) || contains(word->brief, words))
      entry(cx, word->names, word->brief, out);
  if (out->length == start) th_text_format(out, "Nothing is found for `%s`.\n", words);
  return th_text_ok(out, cx);
}

/* --- help(…) */

static bool body_help(ThContext *cx, const ThCall *call, ThValue *out) {
  ThSession *session = th_session_of(cx);
  ThValue topic = call->args[0];
  char name[NAME_SIZE];
  const ThBuiltin *row = th_builtin_row(topic);
  const char *text = "";
  if (row) text = th_builtin_name(row, name, sizeof name);
  else if (th_is_string(topic)) text = th_as_string(topic)->text;
  else if (!th_is_unset(topic)) text = th_operand(cx, 0, th_type_name(topic), name, sizeof name);
  ThText page;
  th_text_init(&page, &cx->heap);
  *out = th_none();
  bool ok = th_help_about(session, text, strlen(text), NULL, &page);
  if (ok) th_write(cx, th_text_string(&page), page.length);
  th_text_clear(&page);
  return ok;
}

const ThBuiltin th_lib_help[] = {
    {"help(topic: any = …) -> none", body_help, "the session", "tell about a function, a word or a section",
     "help() is an overview; at the prompt ?name does the same, and ??word searches", NULL, NULL, NULL},
    {0},
};
