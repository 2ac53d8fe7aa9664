/* help.c - what there is, and what it does */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All of it comes from the rows of the built-ins, the rows of words, and the pages of share/help. */
#include "ui/help.h"

#include <string.h>

#include "base/utf8.h"
#include "lang/builtin.h"
#include "lang/lib_support.h"
#include "ui/help_page.h"
#include "ui/help_peers.h"
#include "ui/help_rows.h"
#include "ui/help_topics.h"
#include "ui/libs.h"
#include "ui/ui.h"

enum { NAME_SIZE = 64, SECTION_COLUMN = 26, NEAR = 3, MOST_SHOWN = 300 };

/* --- Topics */

typedef struct Asked {
  ThContext *cx;
  const char *word;
  size_t length;
  ThText *out;
  bool by_names; /* the further names count, else the name alone */
  bool found, ok;
} Asked;

static bool show_asked(void *self, const ThTopic *topic) {
  Asked *a = self;
  bool is = th_help_same_word(topic->name, a->word, a->length);
  if (a->by_names) is = th_help_has_name(topic->names, a->word, a->length);
  if (!is) return true;
  a->found = true;
  a->ok = th_topic_show(a->cx, topic, a->out);
  return false;
}

/* The names of a section that is called like a topic. */
static void section_names(ThContext *cx, const char *section, size_t length, ThText *out) {
  const ThBuiltin *row;
  char name[NAME_SIZE];
  ThText names;
  th_text_init(&names, &cx->heap);
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++)
    if (th_help_same_word(row->section, section, length))
      th_text_format(&names, "%s ", th_builtin_name(row, name, sizeof name));
  if (names.length) {
    th_text_char(out, '\n');
    th_help_page_list(cx, "functions", th_text_string(&names), out);
  }
  th_text_clear(&names);
}

static bool about_topic(ThContext *cx, const char *word, size_t length, bool by_names, bool *found,
                        ThText *out) {
  Asked asked = {.cx = cx, .word = word, .length = length, .out = out, .by_names = by_names, .ok = true};
  if (!th_topics_each(cx, show_asked, &asked) || !asked.ok) return false;
  if (asked.found && !by_names) section_names(cx, word, length, out);
  *found = *found || asked.found;
  return true;
}

/* --- The overview */

static bool add_name(void *self, const ThTopic *topic) {
  th_text_format(self, "%s ", topic->name);
  return true;
}

static bool topic_names(ThContext *cx, ThText *out) {
  ThText names;
  th_text_init(&names, &cx->heap);
  bool ok = th_topics_each(cx, add_name, &names) && th_text_ok(&names, cx);
  if (ok && names.length) th_help_page_list(cx, "topics", names.data, out);
  th_text_clear(&names);
  return ok;
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
  size_t start = out->length, code, width = SECTION_COLUMN;
  th_text_format(out, "  %s", section);
  if (th_help_page_width(cx) < 2 * SECTION_COLUMN) {
    th_text_char(out, '\n');
    return;
  }
  th_text_pad(out, start, SECTION_COLUMN);
  bool more = false;
  code = out->length;
  for (size_t i = 0; !more && (row = th_builtin_at(cx, i)); i++) {
    if (strcmp(row->section, section) != 0) continue;
    th_builtin_name(row, name, sizeof name);
    width += th_utf8_width(name, strlen(name)) + 1;
    more = width + 2 > th_help_page_width(cx);
    th_text_format(out, "%s%s", out->length > code ? " " : "", more ? "…" : name);
  }
  th_text_char(out, '\n');
}

static const char intro[] =
    "An expression prints its value; x = 3 assigns; f(x) = x^2 defines; X ~ Normal(0, 1) declares a random variable, "
    "P(X > 1) asks about it.\n"
    "?name tells about a name or topic, ??word searches, Tab completes.\n"
    ":help lists the prompt's commands, :lesson the lessons; Ctrl-D leaves.";

static bool overview(ThContext *cx, ThText *out) {
  const ThBuiltin *row;
  th_help_page_heading(cx, "Theta", out);
  th_help_page_lines(cx, intro, 2, out);
  th_text_char(out, '\n');
  if (!topic_names(cx, out)) return false;
  th_text_char(out, '\n');
  th_help_page_lines(cx, "functions, by section (?section lists one):", 2, out);
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++)
    if (!section_seen(cx, i, row->section)) section_line(cx, row->section, out);
  return true;
}

/* --- Names of the session */

static bool about_value(ThSession *session, const ThSymbol *name, ThText *out) {
  ThContext *cx = th_session_context(session);
  ThValue value;
  char what[96];
  if (!name || !th_session_get(session, name, &value)) return false;
  th_text_format(out, "%s%s%s is %s\n", th_ui_style(cx, TH_BOLD), name->spelling, th_ui_style(cx, TH_PLAIN),
                 th_describe(value, what, sizeof what));
  ThText shown;
  th_text_init(&shown, out->heap);
  if (!th_format(cx, value, TH_STYLE_INLINE, &shown) && !th_is_final(cx)) th_error_clear(cx);
  if (shown.length > MOST_SHOWN) {
    shown.data[shown.length = th_utf8_forward(shown.data, 0, MOST_SHOWN, MOST_SHOWN)] = '\0';
    th_text_add(&shown, "…");
  }
  th_help_page_lines(cx, th_text_string(&shown), 0, out);
  th_text_clear(&shown);
  return true;
}

typedef struct Nearest {
  const char *name;
  ThText *best;
  size_t distance;
} Nearest;

static void offer(Nearest *n, const char *candidate) {
  size_t distance = th_name_distance(n->name, candidate);
  if (distance >= n->distance || distance >= strlen(n->name)) return;
  n->distance = distance;
  th_text_reset(n->best);
  th_text_add(n->best, candidate);
}

static bool offer_topic(void *self, const ThTopic *topic) {
  offer(self, topic->name);
  return true;
}

bool th_help_nearest(ThSession *session, const char *name, ThText *out) {
  ThContext *cx = th_session_context(session);
  const ThSymbol *symbol = th_symbol(cx, name, strlen(name));
  if (!symbol) return false;
  const char *known = th_session_nearest_name(session, symbol);
  Nearest n = {.name = name, .best = out, .distance = NEAR};
  if (known) offer(&n, known);
  return th_topics_each(cx, offer_topic, &n) && th_text_ok(out, cx) && out->length > 0;
}

/* What has no page of its own may be spoken of elsewhere. */
static bool unknown(ThSession *session, const char *topic, size_t length, ThText *out) {
  ThText name, nearest, places;
  bool found = false;
  th_text_init(&name, out->heap);
  th_text_init(&nearest, out->heap);
  th_text_init(&places, out->heap);
  th_text_bytes(&name, topic, length);
  th_text_format(out, "There is no help on `%s`.", th_text_string(&name));
  if (!name.failed && th_help_nearest(session, th_text_string(&name), &nearest))
    th_text_format(out, " Did you mean `%s`?", nearest.data);
  th_text_char(out, '\n');
  bool ok = th_session_context(session)->error.code == TH_OK &&
            th_help_search(session, th_text_string(&name), &found, &places);
  if (found) th_text_format(out, "It is spoken of here:\n%s", th_text_string(&places));
  if (name.failed || nearest.failed || places.failed) out->failed = true;
  th_text_clear(&name);
  th_text_clear(&nearest);
  th_text_clear(&places);
  return ok;
}

/* The first source that knows the word answers; how a letter is typed, and the value of a name of the session,
 * come before it. */
static bool answer(ThSession *session, const char *topic, size_t length, bool *found, ThText *out) {
  ThContext *cx = th_session_context(session);
  const ThSymbol *name = th_symbol_find(cx, topic, length);
  const ThBuiltin *row = name ? th_builtin_find(cx, name) : NULL;
  *found = th_help_about_character(cx, topic, length, out);
  *found |= about_value(session, name, out);
  if (row) {
    th_help_about_builtin(cx, row, out);
    th_help_about_field(cx, topic, length, out);
    *found = true;
    return true;
  }
  bool known = false;
  bool ok = about_topic(cx, topic, length, false, &known, out);
  known = known || th_help_about_word(cx, topic, length, out) ||
          th_help_about_section(cx, topic, length, out);
  if (ok && !known) ok = about_topic(cx, topic, length, true, &known, out);
  known = known || th_help_about_command(cx, topic, length, out);
  if (!known && !*found)
    *found = th_help_about_named_character(cx, topic, length, out) ||
             th_help_about_field(cx, topic, length, out);
  if (ok && !known) ok = th_help_about_peer(cx, topic, length, &known, out);
  *found |= known;
  return ok;
}

/* A topic without the blanks around it, and without the bracket of a call. */
static size_t trim(const char **topic, size_t length) {
  while (length > 0 && **topic == ' ') ++*topic, length--;
  while (length > 0 && (*topic)[length - 1] == ' ') length--;
  if (length > 2 && memcmp(*topic + length - 2, "()", 2) == 0) return length - 2;
  return length > 1 && (*topic)[length - 1] == '(' ? length - 1 : length;
}

bool th_help_about(ThSession *session, const char *topic, size_t length, bool *found, ThText *out) {
  ThContext *cx = th_session_context(session);
  length = trim(&topic, length);
  th_error_clear(cx);
  bool any = true;
  bool ok = length == 0 ? overview(cx, out) : answer(session, topic, length, &any, out);
  if (ok && !any) ok = unknown(session, topic, length, out);
  if (found) *found = any;
  return ok && cx->error.code == TH_OK && th_text_ok(out, cx);
}

bool th_help_answer(ThSession *session, const char *question, bool *found, ThText *out) {
  question += strspn(question, " ");
  size_t marks = strspn(question, "?");
  bool is_sign = question[marks] == '\0'; /* about ? itself */
  if (marks < 2 || is_sign)
    return th_help_about(session, question + (is_sign ? 0 : marks), strlen(question + (is_sign ? 0 : marks)),
                         found, out);
  return th_help_search(session, question + 2 + strspn(question + 2, " "), found, out);
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
  bool found, ok = th_help_answer(session, text, &found, &page);
  if (ok) th_write(cx, th_text_string(&page), page.length);
  th_text_clear(&page);
  return ok;
}

const ThBuiltin th_lib_help[] = {
    {"help(topic: any = …) -> none", body_help, "the session", "tell about a function, a word or a section",
     "help() is an overview, help(\"??word\") searches; at the prompt ?name and ??word do the same",
     "help(\"pi\")\n#> pi π\n#>   the number π\n#>\n#>   2π\n#>   #> 6.28319\n#>\n#>   see also: sin", "? ??",
     NULL},
    {0},
};
