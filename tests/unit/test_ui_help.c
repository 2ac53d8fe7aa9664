/* test_ui_help.c - tests of the help: complete, narrow enough, and found */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/builtin.h"
#include "lang/lexer.h"
#include "lang/session.h"
#include "ui/help.h"
#include "ui/help_topics.h"

enum { MOST_LINES = 40 };

static ThSession *begin(int width) {
  ThSession *session = unit_session(NULL);
  th_session_context(session)->settings.width = width;
  th_session_context(session)->settings.utf8 = true;
  return session;
}

/* The pages of the source. */
static const char *topics_folder(void) {
  const char *folder = getenv("THETA_HELP");
  return folder ? folder : "share/help";
}

/* --- Widths */

/* Fails when a line of a page takes more than all columns but one; gives the number of its lines. */
static size_t check_lines(const char *name, const char *page, size_t width) {
  size_t n = 0;
  for (; *page; n++) {
    size_t length = strcspn(page, "\n"), columns = th_utf8_width(page, length);
    ck_assert_msg(columns < width, "help on %s: %zu columns of %zu: %.*s", name, columns, width, (int)length,
                  page);
    page += length + (page[length] == '\n');
  }
  return n;
}

static void check_page(ThSession *session, const char *name, size_t width, size_t most) {
  ThText page;
  bool found;
  th_text_init(&page, &th_session_context(session)->heap);
  ck_assert(th_help_about(session, name, strlen(name), &found, &page));
  ck_assert_msg(found, "no help on %s", name);
  size_t lines = check_lines(name, th_text_string(&page), width);
  if (width == 80) ck_assert_msg(lines <= most, "help on %s: %zu lines", name, lines);
  th_text_clear(&page);
}

static const int widths[] = {80, 40};

START_TEST(pages_fit) {
  ThSession *session = begin(widths[_i]);
  ThContext *cx = th_session_context(session);
  const ThBuiltin *row;
  const ThHelpWord *word;
  char name[64];
  check_page(session, "", (size_t)widths[_i], MOST_LINES);
  check_page(session, "θ", (size_t)widths[_i], MOST_LINES);
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++) {
    check_page(session, th_builtin_name(row, name, sizeof name), (size_t)widths[_i], MOST_LINES);
    check_page(session, row->section, (size_t)widths[_i], SIZE_MAX);
  }
  for (size_t i = 0; (word = th_help_word_at(i)); i++) {
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word->names, " "), word->names);
    check_page(session, name, (size_t)widths[_i], MOST_LINES);
  }
  th_session_free(session);
}
END_TEST

typedef struct Topics {
  ThSession *session;
  size_t width, n;
} Topics;

static bool check_topic(void *self, const ThTopic *topic) {
  Topics *t = self;
  ThText page;
  th_text_init(&page, &th_session_context(t->session)->heap);
  ck_assert(th_topic_show(th_session_context(t->session), topic, &page));
  size_t lines = check_lines(topic->name, th_text_string(&page), t->width);
  if (t->width == 80) ck_assert_msg(lines <= MOST_LINES, "help on %s: %zu lines", topic->name, lines);
  ck_assert_msg(topic->title[0] && topic->brief[0], "help on %s: no title or no first paragraph",
                topic->name);
  th_text_clear(&page);
  t->n++;
  return true;
}

START_TEST(topics_fit) {
  Topics t = {.session = begin(widths[_i]), .width = (size_t)widths[_i]};
  ck_assert(th_topics_in(th_session_context(t.session), topics_folder(), check_topic, &t));
  ck_assert_msg(t.n > 30, "only %zu topics in %s", t.n, topics_folder());
  th_session_free(t.session);
}
END_TEST

/* --- Nothing is missing */

typedef struct Known {
  ThSession *session;
  const char *name;
  size_t length;
  bool found;
} Known;

static bool is_topic(void *self, const ThTopic *topic) {
  Known *k = self;
  k->found = k->found || (strlen(topic->name) == k->length && memcmp(topic->name, k->name, k->length) == 0);
  return !k->found;
}

/* Whether there is help on a name: of a built-in, a word, a topic; commands of the prompt are believed. */
static bool is_known(ThSession *session, const char *name, size_t length) {
  ThContext *cx = th_session_context(session);
  Known k = {.session = session, .name = name, .length = length};
  const ThSymbol *symbol = th_symbol_find(cx, name, length);
  const ThHelpWord *word;
  if (name[0] == ':' && length > 1 && isalpha((unsigned char)name[1])) return true;
  if (symbol && th_builtin_find(cx, symbol)) return true;
  for (size_t i = 0; (word = th_help_word_at(i)); i++)
    if (th_help_has_name(word->names, name, length)) return true;
  ck_assert(th_topics_in(cx, topics_folder(), is_topic, &k));
  return k.found;
}

static void check_see(ThSession *session, const char *of, const char *see) {
  for (see += strspn(see, " "); *see; see += strspn(see, " ")) {
    size_t length = strcspn(see, " ");
    ck_assert_msg(is_known(session, see, length), "help on %s: see also `%.*s`, which is unknown", of,
                  (int)length, see);
    see += length;
  }
}

START_TEST(every_builtin_is_told) {
  ThSession *session = begin(80);
  const ThBuiltin *row;
  char name[64];
  for (size_t i = 0; (row = th_builtin_at(th_session_context(session), i)); i++) {
    th_builtin_name(row, name, sizeof name);
    ck_assert_msg(row->brief && row->brief[0], "%s has no brief", name);
    ck_assert_msg(row->examples, "%s has no example", name);
    ck_assert_msg(row->see && row->see[0], "%s has no see-also", name);
    check_see(session, name, row->see);
  }
  th_session_free(session);
}
END_TEST

START_TEST(every_word_is_told) {
  ThSession *session = begin(80);
  const ThHelpWord *word;
  const char *reserved;
  for (size_t i = 0; (word = th_help_word_at(i)); i++) {
    ck_assert_msg(word->brief && word->see, "%s has no brief or no see-also", word->names);
    check_see(session, word->names, word->see);
  }
  for (size_t i = 0; (reserved = th_reserved_word(i)); i++)
    ck_assert_msg(is_known(session, reserved, strlen(reserved)), "no help on `%s`", reserved);
  th_session_free(session);
}
END_TEST

static bool check_topic_see(void *self, const ThTopic *topic) {
  ThSession *session = self;
  const char *line = strstr(topic->text, "\nSee also: ");
  for (const char *tick = line ? strchr(line, '`') : NULL; tick; tick = strchr(tick + 1, '`')) {
    size_t length = strcspn(tick + 1, "`");
    ck_assert_msg(is_known(session, tick + 1, length), "help on %s: see also `%.*s`, which is unknown",
                  topic->name, (int)length, tick + 1);
    tick += length + 1;
  }
  return true;
}

START_TEST(topics_name_what_there_is) {
  ThSession *session = begin(80);
  ck_assert(th_topics_in(th_session_context(session), topics_folder(), check_topic_see, session));
  th_session_free(session);
}
END_TEST

/* --- The tables of other languages */

/* A name before a bracket in code must be known, but for those that the row itself stands for. */
static bool check_row(void *self, const char *theirs, const char *ours) {
  ThSession *session = self;
  for (const char *at = ours; *at;) {
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_') n++;
    bool stands_for_any = n == 1;
    if (n > 1 && at[n] == '(' && !stands_for_any)
      ck_assert_msg(is_known(session, at, n), "`%s`: there is no %.*s", theirs, (int)n, at);
    at += n ? n : 1;
  }
  return true;
}

static bool check_rows(void *self, const ThTopic *topic) {
  return th_topic_rows(th_session_context(self), topic, check_row, self);
}

START_TEST(what_peers_are_told_exists) {
  ThSession *session = begin(80);
  ck_assert(th_topics_in(th_session_context(session), topics_folder(), check_rows, session));
  th_session_free(session);
}
END_TEST

/* --- Search */

static const struct {
  const char *question, *start; /* of the answer */
  bool found;
} answers[] = {
    {"sum", "sum(", true},
    {"?sum", "sum(", true},
    {"while", "while\n  runs a block", true},
    {":=", ":=\n  a live value", true},
    {"?", "? ??\n", true},
    {" sum( ", "sum(", true},
    {"mean()", "mean(", true},
    {"alpha", "α is typed \\alpha", true},
    {"β", "β is typed \\beta", true},
    {":digits", ":digits [N]\n  how many digits", true},
    {"??random draws anew", "  :seed  ", true},
    {"&&", "& && || !\n", true},
    {"??medi", "  median  ", true},
    {"??NORMAL", "  Normal  ", true},
    {"??thrice width", "Nothing is found for `thrice width`.", false},
    {"??mediann", "Nothing is found for `mediann`. Did you mean `median`?\n", false},
    {"medain", "There is no help on `medain`. Did you mean `median`?\n", false},
    {"running sums", "There is no help on `running sums`.\nIt is spoken of here:\n  cumsum  ", false},
    {"slide", ":slide NAME LO HI", true},
    {"expected_fisher", "expected_fisher\n  fit                 the information that such data have", true},
    {"grad_norm", "grad_norm\n  minimum             the norm of the gradient at x\n", true},
    {"?wald", "wald\n  profile             Wald's interval", true},
    {"??", "? ??\n", true},
};

START_TEST(answers_questions) {
  ThSession *session = begin(80);
  ThText page;
  bool found;
  th_text_init(&page, &th_session_context(session)->heap);
  ck_assert(th_help_answer(session, answers[_i].question, &found, &page));
  ck_assert_int_eq(found, answers[_i].found);
  ck_assert_msg(strncmp(th_text_string(&page), answers[_i].start, strlen(answers[_i].start)) == 0,
                "%s is answered by: %s", answers[_i].question, th_text_string(&page));
  th_text_clear(&page);
  th_session_free(session);
}
END_TEST

START_TEST(fields_of_a_builtins_name_stand_behind_it) {
  ThSession *session = begin(80);
  ThText page;
  th_text_init(&page, &th_session_context(session)->heap);
  ck_assert(th_help_answer(session, "trace", NULL, &page));
  ck_assert_ptr_nonnull(
      strstr(th_text_string(&page), "\n  as a field:\n  fit                 the steps of a search"));
  th_text_clear(&page);
  th_session_free(session);
}
END_TEST

Suite *th_suite_ui_help(void) {
  Suite *suite = suite_create("ui_help");
  ADD_ROWS(suite, pages_fit, COUNT(widths));
  ADD_ROWS(suite, topics_fit, COUNT(widths));
  ADD(suite, every_builtin_is_told);
  ADD(suite, every_word_is_told);
  ADD(suite, topics_name_what_there_is);
  ADD(suite, what_peers_are_told_exists);
  ADD_ROWS(suite, answers_questions, COUNT(answers));
  ADD(suite, fields_of_a_builtins_name_stand_behind_it);
  return suite;
}
