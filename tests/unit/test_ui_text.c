/* test_ui_text.c - tests of filling lines, Markdown, transcripts, history entries, characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "ui/flow.h"
#include "ui/history.h"
#include "ui/input.h"
#include "ui/markdown.h"
#include "ui/symbols.h"

/* --- Lines */

static const struct {
  const char *text, *lines;
  size_t width, indent;
} fills[] = {
    {"one two three", "one two three\n", 20, 0},
    {"one two three", "one two\nthree\n", 8, 0},
    {"one two three", "one two\n  three\n", 8, 2},
    {"incomprehensibly long", "incomprehensibly\nlong\n", 5, 0},
    {"  many   blanks\nand lines ", "many blanks and lines\n", 40, 0},
    {"αβγ δεζ ηθι", "αβγ δεζ\nηθι\n", 7, 0},
    {"", "", 7, 0},
};

START_TEST(fills_lines) {
  ThContext cx;
  ThText out;
  ThFlow flow;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_flow_init(&flow, &out, fills[_i].width, fills[_i].indent);
  th_flow_text(&flow, fills[_i].text, strlen(fills[_i].text));
  th_flow_clear(&flow);
  ck_assert_str_eq(th_text_string(&out), fills[_i].lines);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

/* --- Markdown */

static const struct {
  const char *markdown, *lines;
} pages[] = {
    {"# Title\n\nSome *words* and `code`.\n", "Title\n\nSome words and `code`.\n"},
    {"- a\n- b\n  c\n", "• a\n• b c\n"},
    {"1. a\n2. b\n", "1. a\n2. b\n"},
    {"- a\n  1. b\n  2. c\n", "• a\n  1. b\n  2. c\n"},
    {"- a\n\n- b\n\n  more\n", "• a\n• b\n\n  more\n"},
    {"> quoted\n", "  quoted\n"},
    {"    x = 1\n    y = 2\n", "  x = 1\n  y = 2\n"},
    {"```python\nimport this\n\nthat\n```\n", "  import this\n\n  that\n"},
    {"| n | α |\n|---|---|\n| 1 | 2.385 |\n", "  n  α\n  ────────\n  1  2.385\n"},
    {"- a\n\n  ```\n  b\n  ```\n- ```\n  c\n  ```\n", "• a\n\n    b\n•\n    c\n"},
    {"```theta\n2 + 0.385\n```\n\n```output\n2.385\n\n2.5\n```\n\nb\n",
     "  2 + 0.385\n  #> 2.385\n  #>\n  #> 2.5\n\nb\n"},
    {"[a link](http://x.org)", "a link (http://x.org)\n"},
    {"a &lt; b &amp; c", "a < b & c\n"},
    {"one  \ntwo", "one\ntwo\n"},
    {"text <!-- hidden --> after\n\n<!-- a block -->\n", "text after\n"},
};

/* The same at 24 columns. */
static const struct {
  const char *markdown, *lines;
} narrow_pages[] = {
    {"```\nfunction_of(first, second)\n```\n", "  function_of(first,\n      second)\n"},
    {"```\nabcdefghijklmnopqrstuvwxyz\n```\n", "  abcdefghijklmnopqrstu\n      vwxyz\n"},
    {"`one long piece of code it is`\n", "`one long piece of code\nit is`\n"},
    {"| theirs | ours |\n|---|---|\n| one two three four | f(x, y, z, w) |\n",
     "  theirs     ours\n  ─────────────────────\n  one two    f(x, y, z,\n  three      w)\n  four\n"},
    {"| a |\n|---|\n| abcdefghijklmnopqrstuvwxyz |\n",
     "  a\n  ─────────────────────\n  abcdefghijklmnopqrstu\n  vwxyz\n"},
};

START_TEST(lays_markdown_out_where_it_is_narrow) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  cx.settings.width = 24;
  th_text_init(&out, &cx.heap);
  ck_assert(th_markdown(&cx, narrow_pages[_i].markdown, strlen(narrow_pages[_i].markdown), &out));
  ck_assert_str_eq(th_text_string(&out), narrow_pages[_i].lines);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

START_TEST(lays_markdown_out) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  ck_assert(th_markdown(&cx, pages[_i].markdown, strlen(pages[_i].markdown), &out));
  ck_assert_str_eq(th_text_string(&out), pages[_i].lines);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static bool lay_out(ThContext *cx) {
  static const char text[] = "# Title\n\n- *a*\n- b\n\n| n | m |\n|---|---|\n| 1 | 2 |\n";
  ThText out;
  th_text_init(&out, &cx->heap);
  bool ok = th_markdown(cx, text, strlen(text), &out);
  th_text_clear(&out);
  return ok;
}

START_TEST(markdown_survives_a_lack_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, lay_out);
  unit_done(&cx);
}
END_TEST

/* --- Transcripts */

static const struct {
  const char *text, *code;
  bool transcript;
} transcripts[] = {
    {"x = 1", "x = 1", false},
    {"θ> x = 1", "x = 1", true},
    {"θ> x = 1\n1\nθ> x + 1\n2\n", "x = 1\nx + 1", true},
    {"theta> f(x) = {\n..   2x\n.. }\n", "f(x) = {\n  2x\n}", true},
    {"  θ> x\n", "x", true},
    {"θ>\nθ> y", "\ny", true},
    {"θ > 2", "θ > 2", false},
    {"a..b\n.. c", "a..b\n.. c", false},
    {"", "", false},
};

START_TEST(takes_transcripts_apart) {
  ThContext cx;
  ThText code;
  unit_context(&cx);
  th_text_init(&code, &cx.heap);
  ck_assert_int_eq(th_input_code(transcripts[_i].text, &code), transcripts[_i].transcript);
  ck_assert_str_eq(th_text_string(&code), transcripts[_i].code);
  th_text_clear(&code);
  unit_done(&cx);
}
END_TEST

/* --- History */

static const char *const entries[] = {"x = 2.385",           "f(x) = {\n  2x\n}", "A \\ b",
                                      "\"a\\n\" + \"\\\\\"", "\\\n\\n",           ""};

START_TEST(history_entries_come_back) {
  ThContext cx;
  ThText line, entry;
  unit_context(&cx);
  th_text_init(&line, &cx.heap);
  th_text_init(&entry, &cx.heap);
  th_history_escape(entries[_i], &line);
  ck_assert_ptr_null(strchr(th_text_string(&line), '\n'));
  th_history_unescape(th_text_string(&line), line.length, &entry);
  ck_assert_str_eq(th_text_string(&entry), entries[_i]);
  th_text_clear(&line);
  th_text_clear(&entry);
  unit_done(&cx);
}
END_TEST

/* --- Characters */

START_TEST(characters_have_names) {
  ck_assert_str_eq(th_character_find("theta", 5), "θ");
  ck_assert_str_eq(th_character_find("le", 2), "≤");
  ck_assert_str_eq(th_character_find("_1", 2), "₁");
  ck_assert_ptr_null(th_character_find("the", 3));
  ck_assert_str_eq(th_character_name("α"), "alpha");
  ck_assert_ptr_null(th_character_name("a"));
  for (size_t i = 0; th_character_at(i); i++)
    for (size_t j = 0; j < i; j++) ck_assert_str_ne(th_character_at(i)->name, th_character_at(j)->name);
}
END_TEST

Suite *th_suite_ui_text(void) {
  Suite *suite = suite_create("ui_text");
  ADD_ROWS(suite, fills_lines, COUNT(fills));
  ADD_ROWS(suite, lays_markdown_out, COUNT(pages));
  ADD_ROWS(suite, lays_markdown_out_where_it_is_narrow, COUNT(narrow_pages));
  ADD(suite, markdown_survives_a_lack_of_memory);
  ADD_ROWS(suite, takes_transcripts_apart, COUNT(transcripts));
  ADD_ROWS(suite, history_entries_come_back, COUNT(entries));
  ADD(suite, characters_have_names);
  return suite;
}
