/* test_ui_prompt.c - tests of what the prompt is made of: completion, tints, the display, saving */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "registry.h"
#include "lang/log.h"
#include "ui/completion.h"
#include "ui/history.h"
#include "ui/line_display.h"
#include "ui/locale.h"
#include "ui/save.h"
#include "ui/transcript.h"

static void run(ThSession *session, const char *code) {
  ThText error;
  ThRunStatus status = th_session_run(session, "", code, strlen(code), TH_RUN_QUIET);
  th_text_init(&error, &th_session_context(session)->heap);
  if (status != TH_RUN_DONE) th_session_take_error_text(session, &error);
  ck_assert_msg(status == TH_RUN_DONE, "%s\n%s", code, th_text_string(&error));
  th_text_clear(&error);
}

/* --- Completion */

static const struct {
  const char *pending, *line;
  size_t start;
  const char *candidates; /* joined by `|`, at most four */
} completions[] = {
    {"", "\\theta", 0, "θ"},
    {"", "2\\sig", 1, "σ"},
    {"", "\\a", 0, "\\alpha|\\approx|\\acute"},
    {"", "cumpr", 0, "cumprod("},
    {"", "1 + logis", 4, ""},
    {"", "Exponen", 0, "Exponential("},
    {"", ":dig", 1, "digits"},
    {"", "  :dig", 3, "digits"},
    {"", ":time cumpr", 6, "cumprod("},
    {"", ":vars val", 6, "value"},
    {"", "value.al", 6, "alpha|alternative"},
    {"", "value.inner.de", 12, "deep"},
    {"", "2 + value.inner.", 16, "deep"},
    {"", "value.zz", 6, ""},
    {"", "lab.", 4, "x|y"},
    {"", "1 + lab[sum([1, 0])].", 21, "x|y"},
    {"", "mle(ridge, lab).logl", 16, "loglik"},
    {"", "own(2).", 7, ""},
    {"", "sum(x, ax", 7, "axis = "},
    {"sum(\n", "ax", 0, "axis = "},
    {"", "sum(value[2], ax", 14, "axis = "},
    {"", "max(sum([1, 2], ax", 16, "axis = "},
    {"", "own(1, sec", 7, "second = "},
    {"", "own(", 4, "first = |second = "},
    {"", "mle(ridge, lab, λ", 16, "λ = "},
    {"", "# sum(ax", 6, ""},
    {"", "\"$(sum(x, ax", 10, "axis = "},
    {"", "val", 0, "value"},
    {"", "own_val with ", 13, "lab|own(|own_val|ridge"},
    {"", "own", 0, "own(|own_val"},
    {"", "ret", 0, "return"},
    {"", "?cumpr", 1, "cumprod"},
    {"", "?own_", 1, "own_val"},
};

START_TEST(completes) {
  ThUi ui;
  ThCompletion c;
  static const char setup[] =
      "own(first, second = 2) = first; value = (alpha = 1, alternative = 2, inner = (deep = 3))\n"
      "own_val = 2.385; lab = table(x = [1, 2], y = [3, 4])\n"
      "model ridge(x, y, λ = 1) {\n  a ~ Normal(0, λ)\n  y ~ Normal(a, 1)\n}";
  ck_assert(th_ui_init(&ui, th_registry_define));
  run(ui.session, setup);
  const char *line = completions[_i].line;
  ck_assert(th_complete(ui.session, completions[_i].pending, line, strlen(line), &c));
  ThText all;
  th_text_init(&all, &ui.cx->heap);
  for (size_t i = 0; i < c.n && i < 4; i++) {
    if (i > 0) th_text_char(&all, '|');
    th_text_add(&all, c.candidates[i].text);
  }
  ck_assert_str_eq(th_text_string(&all), completions[_i].candidates);
  if (c.n > 0) ck_assert_uint_eq(c.start, completions[_i].start);
  th_text_clear(&all);
  th_completion_clear(&c);
  th_ui_clear(&ui);
}
END_TEST

static void check_list(ThUi *ui, const char *line, const char *wanted) {
  ThCompletion c;
  ThText list;
  th_text_init(&list, &ui->cx->heap);
  ck_assert(th_complete(ui->session, "", line, strlen(line), &c));
  th_completion_list(&c, &list);
  ck_assert_str_eq(th_text_string(&list), wanted);
  th_completion_clear(&c);
  th_text_clear(&list);
}

START_TEST(lists_arguments_with_their_defaults) {
  ThUi ui;
  ck_assert(th_ui_init(&ui, th_registry_define));
  run(ui.session, "f(t, k = 2.385, name = \"a\") = t");
  check_list(&ui, "f(1, ", "t           k = 2.385   name = \"a\"\n");
  check_list(&ui, "cumpro", "cumprod(  running products\n");
  ui.cx->settings.width = 20;
  check_list(&ui, "f(1, ", "t\nk = 2.385\nname = \"a\"\n");
  th_ui_clear(&ui);
}
END_TEST

static double milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

/* Of three tries, the quickest. */
static double completion_time(ThSession *session, size_t n) {
  double best = 1e9;
  for (int i = 0; i < 3; i++) {
    ThCompletion c;
    double start = milliseconds();
    ck_assert(th_complete(session, "", "name_", 5, &c));
    ck_assert_uint_eq(c.n, n);
    if (milliseconds() - start < best) best = milliseconds() - start;
    th_completion_clear(&c);
  }
  return best;
}

static void define_names(ThSession *session, int from, int to) {
  ThText code;
  th_text_init(&code, &th_session_context(session)->heap);
  for (int i = from; i < to; i++) th_text_format(&code, "name_%d = %d\n", i, i);
  run(session, th_text_string(&code));
  th_text_clear(&code);
}

/* Ten times the names take little more than ten times as long, on any machine. */
START_TEST(completion_is_quick_among_many_names) {
  ThUi ui;
  ck_assert(th_ui_init(&ui, th_registry_define));
  define_names(ui.session, 0, 1000);
  double few = completion_time(ui.session, 1000);
  define_names(ui.session, 1000, 10000);
  double many = completion_time(ui.session, 10000);
  ck_assert_msg(many < 40 * few, "%g ms, %g ms", few, many);
  if (getenv("TH_SHOW_TIMES")) printf("completion among 10000 names: %.1f ms\n", many);
  th_ui_clear(&ui);
}
END_TEST

/* --- Tints */

static const struct {
  const char *text, *tints; /* . plain, k keyword, s string, c comment, b built-in, w wrong */
} tinted[] = {
    {"if x then sin(2)", "kk...kkkk.bbb..."},
    {"sin(\"a\") # b", "bbb.sss..ccc"},
    {"f(x)]", "....w"},
    {"[1, end)", "....kkkw"},
    {"end + 1", "......."},
    {"\"a$(sin(x))b", "sssssbbb...ss"},
    {"data = 3", "........"},
    {"data lab {", "kkkk......"},
    {"r.sin + sum", "........bbb"},
    {"f(sum = 2)", ".........."},
    {"own(2)", "......"},
    {":vars own", "bbbbb...."},
    {":time sin(x)", "bbbbb.bbb..."},
    {":nothing", "........"},
};

START_TEST(words_are_tinted) {
  static const char letters[] = ".?kscbw?";
  ThUi ui;
  uint8_t tints[100];
  char got[100] = "";
  ck_assert(th_ui_init(&ui, th_registry_define));
  run(ui.session, "own(x) = x");
  size_t length = strlen(tinted[_i].text);
  th_highlight(ui.session, tinted[_i].text, length, tints);
  for (size_t i = 0; i < length; i++) got[i] = letters[tints[i]];
  if (strstr(tinted[_i].text, "\"a$(")) ck_assert_int_eq(got[length - 1], 's');
  else ck_assert_str_eq(got, tinted[_i].tints);
  th_ui_clear(&ui);
}
END_TEST

START_TEST(matches_brackets) {
  uint8_t tints[20] = {0};
  th_highlight_match("f([1, (2)])", 11, 11, tints);
  ck_assert_int_eq(tints[1], TH_TINT_MATCH);
  ck_assert_int_eq(tints[10], TH_TINT_MATCH);
  ck_assert_int_eq(tints[6], TH_TINT_PLAIN);
  memset(tints, 0, sizeof tints);
  th_highlight_match("f([1, (2)])", 11, 6, tints);
  ck_assert_int_eq(tints[6], TH_TINT_MATCH);
  ck_assert_int_eq(tints[8], TH_TINT_MATCH);
  memset(tints, 0, sizeof tints);
  th_highlight_match("(\")\"", 4, 1, tints);
  ck_assert_int_eq(tints[0], TH_TINT_PLAIN);
}
END_TEST

/* --- The display */

static void check_update(ThLineDisplay *display, const char *text, size_t point, const char *wanted) {
  ThText out;
  ThLineView view = {"> ", ". ", text, strlen(text), point, NULL, 10, 4};
  th_text_init(&out, &display->cx->heap);
  th_line_display_update(display, &view, &out);
  ck_assert_str_eq(th_text_string(&out), wanted);
  th_text_clear(&out);
}

START_TEST(display_sends_what_changes) {
  ThContext cx;
  ThLineDisplay display;
  unit_context(&cx);
  th_line_display_init(&display, &cx);
  check_update(&display, "", 0, "> ");
  check_update(&display, "a", 1, "a");
  check_update(&display, "ab", 2, "b");
  check_update(&display, "ab", 1, "\b");
  check_update(&display, "axb", 2, "xb\b");
  check_update(&display, "ab", 1, "\bb\033[K\b");
  check_update(&display, "ab\nc", 4, "\r\n. c");
  check_update(&display, "ab\nc", 2, "\033[1A\033[1C");
  check_update(&display, "ab", 2, "\r\n\033[K\033[1A\033[4C");
  check_update(&display, "abcdefgh", 8, "cdefgh\r\n");
  check_update(&display, "abcdefghi", 9, "i");
  check_update(&display, "β̂", 4, "\033[1A\033[1Cβ̂\033[K\r\n\033[K\033[1A\033[3C");
  check_update(&display, "中x", 3, "\b中x\b");
  check_update(&display, "1\n2\n3\n4\n5", 9, "\r. 2\033[K\r\n. 3\r\n. 4\r\n. 5");
  th_line_display_clear(&display);
}
END_TEST

/* --- Terminals without UTF-8 */

START_TEST(text_is_written_out_without_utf8) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  cx.settings.utf8 = false;
  th_text_init(&out, &cx.heap);
  static const char text[] = "θ₁ ≤ β̂² … 中 √x";
  th_locale_encode(&cx, text, strlen(text), &out);
  ck_assert_str_eq(th_text_string(&out), "theta1 <= beta_hat^2 ... \\u{4e2d} sqrt x");
  th_text_clear(&out);
}
END_TEST

/* --- History */

static char entries[4][100];
static size_t n_entries;

static void note_entry(const char *entry) {
  if (n_entries < 4) snprintf(entries[n_entries], sizeof entries[0], "%s", entry);
  n_entries++;
}

START_TEST(history_is_kept_private_and_bounded) {
  ThContext cx;
  struct stat about;
  char folder[] = "/tmp/theta-unit-XXXXXX", file[100];
  unit_context(&cx);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  setenv("XDG_STATE_HOME", folder, 1);
  snprintf(file, sizeof file, "%s/theta/history", folder);
  static const char block[] = "f(x) = {\n  \"a\\n\"\n}";
  for (int i = 0; i < 9; i++) th_history_append(&cx, i == 8 ? block : "x = 2.385");
  ck_assert_int_eq(stat(file, &about), 0);
  ck_assert_int_eq(about.st_mode & 0777, 0600);
  n_entries = 0;
  th_history_load(&cx, 2, note_entry);
  ck_assert_uint_eq(n_entries, 2);
  ck_assert_str_eq(entries[1], block);
  ck_assert_int_eq(stat(file, &about), 0);
  ck_assert_int_eq(about.st_mode & 0777, 0600);
  n_entries = 0;
  th_history_load(&cx, 100, note_entry); /* what was cut is gone from the file too */
  ck_assert_uint_eq(n_entries, 2);
  unlink(file);
  snprintf(file, sizeof file, "%s/theta", folder);
  rmdir(file);
  rmdir(folder);
  unsetenv("XDG_STATE_HOME");
}
END_TEST

/* --- Saving */

static const struct {
  const char *code, *script; /* the whole script, or NULL */
} sessions[] = {
    {"x = 2.385; y = x + 1", "x = 2.385\ny = x + 1\n"},
    {"x = 3; y = x + 1; x = 5", "x = 3\ny = x + 1\nx = 5\n"},
    {"x = 3; x = 4", "x = 4\n"},
    {"a = 2; f(t) = t + a; y = f(1); a = 7", "a = 2\nf(t) = t + a\ny = f(1)\na = 7\n"},
    {"x = [1, 2, 3]; x[2] = 9; x += 1", "x = [1, 2, 3]\nx[2] = 9\nx += 1\n"},
    {"unused = 3; r = (a = 1, b = \"s\"); r.a = unused; unused = 4", NULL},
    {"x = sample(Normal(0, 1), 3); y = 2x; x = 1", NULL},
    {"a = 2; c := a*3; a = 5", "a = 2\nc := a*3\na = 5\n"},
    {"a = sample(Normal(0, 1)); c := 2a; a = 3", NULL},
    {"data lab {\n  x  y\n  1  2.5\n  2  \"q\"\n}", NULL},
    {"model line(x, y) {\n  a ~ Normal(0, 10)\n  y ~ Normal(a*x, 1)\n}\nk = 2", NULL},
    {"s = 0; for i in 1:4 { s = s + i^2 }", NULL},
    {"(p, q) = [2.5, 3.5]; z = 1 + 2i; l = list(1, \"a\", 1:3); t = true; n = none", NULL},
    {"mean = mean([1, 2, 6]); w = mean + 1", NULL},
    {"prior = 0.01; sick ~ Bernoulli(prior); risk = P(sick); prior = 0.2", NULL},
    {"g = x -> x^2; h = g(3); v = 0.1 + 0.2; m = [0.1, 1/3; -0.0, 1e300]", NULL},
    {"t = table(x = 1:3, y = sample(Normal(0, 1), 3)); t.z = t.x^2", NULL},
    {"y = 2; h = x -> x + y; b = h(1); y = 5", "y = 2\nh = x -> x + y\nb = h(1)\ny = 5\n"},
    {"y = 1; z ~ Normal(y, 1); y = 3; d = mean(z); y = 4", NULL},
    {"r = (f = x -> x + k); k = 2; s = list(r); v = s[1].f(1); k = 5; w = 2v", NULL},
    {"d = Gamma(2, 3); m2 = mean(d); b = digits(3)", NULL},
};

static void check_same_names(ThSession *a, ThSession *b) {
  size_t n, n_b;
  ThSymbol **names = th_session_names(a, &n), **names_b = th_session_names(b, &n_b);
  ck_assert_uint_eq(n, n_b);
  for (size_t i = 0; i < n; i++) {
    ThText text[2];
    ThSession *sessions_of[] = {a, b};
    for (int k = 0; k < 2; k++) {
      ThContext *cx = th_session_context(sessions_of[k]);
      ThValue v;
      th_text_init(&text[k], &cx->heap);
      ck_assert(th_session_evaluate(sessions_of[k], "", names[i]->spelling, strlen(names[i]->spelling), &v));
      ck_assert(th_format(cx, v, TH_STYLE_SOURCE, &text[k]));
      th_release(v);
    }
    ck_assert_str_eq(th_text_string(&text[0]), th_text_string(&text[1]));
    th_text_clear(&text[0]);
    th_text_clear(&text[1]);
  }
  th_session_names_free(a, names, n);
  th_session_names_free(b, names_b, n_b);
}

START_TEST(a_saved_session_is_rebuilt) {
  ThUi ui, again;
  ThText script;
  ck_assert(th_ui_init(&ui, th_registry_define) && th_ui_init(&again, th_registry_define));
  th_log_keep(ui.session);
  run(ui.session, sessions[_i].code);
  th_text_init(&script, &ui.cx->heap);
  ck_assert(th_save_script(ui.session, &script));
  if (sessions[_i].script) ck_assert_str_eq(th_text_string(&script), sessions[_i].script);
  run(again.session, th_text_string(&script));
  check_same_names(ui.session, again.session);
  th_text_clear(&script);
  th_ui_clear(&ui);
  th_ui_clear(&again);
}
END_TEST

START_TEST(what_was_undone_is_not_saved) {
  ThUi ui;
  ThText script;
  ck_assert(th_ui_init(&ui, th_registry_define));
  th_log_keep(ui.session);
  th_text_init(&script, &ui.cx->heap);
  run(ui.session, "x = 2.385");
  ThCheckpoint *before = th_session_checkpoint(ui.session);
  th_session_clear(ui.session);
  run(ui.session, "x = 4; y = 5");
  ck_assert(th_session_restore(ui.session, before));
  th_checkpoint_free(ui.session, before);
  run(ui.session, "z = x");
  ck_assert(th_save_script(ui.session, &script));
  ck_assert_str_eq(th_text_string(&script), "x = 2.385\nz = x\n");
  th_text_clear(&script);
  th_ui_clear(&ui);
}
END_TEST

START_TEST(a_statement_that_failed_is_not_saved) {
  ThUi ui;
  ThText script;
  ck_assert(th_ui_init(&ui, th_registry_define));
  th_log_keep(ui.session);
  th_text_init(&script, &ui.cx->heap);
  run(ui.session, "d := 3.5; x = 2.385; s = 0");
  static const char *const failing[] = {"d = nope", "x = x + nope", "for i in 1:3 { s = s + [1, 2][i] }"};
  for (size_t i = 0; i < COUNT(failing); i++)
    ck_assert_int_eq(th_session_run(ui.session, "", failing[i], strlen(failing[i]), TH_RUN_QUIET),
                     TH_RUN_FAILED);
  th_error_clear(ui.cx);
  ck_assert(th_save_script(ui.session, &script));
  ck_assert_str_eq(th_text_string(&script), "d := 3.5\nx = 2.385\ns = 3\n");
  th_text_clear(&script);
  th_ui_clear(&ui);
}
END_TEST

/* The n-th allocation fails, for every n: an error or none, and a session that goes on; what leaks valgrind and the
 * sanitizers tell. */
START_TEST(completing_and_saving_survive_a_lack_of_memory) {
  ThUi ui;
  bool failed = true;
  ck_assert(th_ui_init(&ui, th_registry_define));
  run(ui.session, "lab = table(x = [1, 2], y = [3, 4]); value = (alpha = 1, beta = 2)");
  th_log_keep(ui.session);
  for (size_t n = 1; failed; n++) {
    static const char code[] = "a = 2.385; f(t, k = 2) = t + a; (p, q) = [a, 2]; r = (s = a); r.s = 3; nope";
    ThText script;
    ThCompletion c;
    th_text_init(&script, &ui.cx->heap);
    ui.cx->heap.fail_at = ui.cx->heap.allocations + n;
    ThRunStatus status = th_session_run(ui.session, "", code, strlen(code), TH_RUN_QUIET);
    ck_assert_int_eq(status, TH_RUN_FAILED);
    bool saved = th_save_script(ui.session, &script);
    bool completed = th_complete(ui.session, "", "quantile(lab.x, ", 16, &c) &&
                     (th_completion_clear(&c), true) && th_complete(ui.session, "", "value.", 6, &c) &&
                     (th_completion_clear(&c), true);
    failed = ui.cx->heap.allocations >= ui.cx->heap.fail_at;
    ui.cx->heap.fail_at = 0;
    ck_assert(failed || (saved && completed));
    th_error_clear(ui.cx);
    th_text_clear(&script);
    run(ui.session, "after = 5.5");
  }
  th_ui_clear(&ui);
}
END_TEST

Suite *th_suite_ui_prompt(void) {
  Suite *suite = suite_create("ui_prompt");
  ADD_ROWS(suite, completes, COUNT(completions));
  ADD(suite, lists_arguments_with_their_defaults);
  ADD(suite, completion_is_quick_among_many_names);
  ADD_ROWS(suite, words_are_tinted, COUNT(tinted));
  ADD(suite, matches_brackets);
  ADD(suite, display_sends_what_changes);
  ADD(suite, text_is_written_out_without_utf8);
  ADD(suite, history_is_kept_private_and_bounded);
  ADD_ROWS(suite, a_saved_session_is_rebuilt, COUNT(sessions));
  ADD(suite, what_was_undone_is_not_saved);
  ADD(suite, a_statement_that_failed_is_not_saved);
  ADD(suite, completing_and_saving_survive_a_lack_of_memory);
  return suite;
}
