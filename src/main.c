/* main.c - start-up, settings, exit codes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit status: 0; 1 on an error in the code that was run; 2 on wrong usage. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "num/init.h"
#include "registry.h"
#include "ui/check.h"
#include "ui/command_line.h"
#include "ui/gnuplot.h"
#include "ui/help.h"
#include "ui/help_table.h"
#include "ui/interrupt.h"
#include "ui/lesson_library.h"
#include "ui/lesson_player.h"
#include "ui/line_editor.h"
#include "ui/prompt.h"
#include "ui/report.h"
#include "ui/state.h"

enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

/* --- Settings */

static bool read_number(const char *text, unsigned long long most, unsigned long long *out) {
  char *end;
  errno = 0;
  *out = strtoull(text, &end, 10);
  return isdigit((unsigned char)text[0]) && *end == '\0' && errno == 0 && *out <= most;
}

/* 500M, 2G, 1000000 */
static bool read_size(const char *text, size_t *out) {
  static const char units[] = "kMGT";
  char *end;
  double size = strtod(text, &end);
  const char *unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
  if (!isdigit((unsigned char)text[0]) || (*end && (!unit || end[1]))) return false;
  for (const char *u = units; unit && u <= unit; u++) size *= 1024;
  if (!(size >= 1 && size < 1e18)) return false;
  *out = (size_t)size;
  return true;
}

static uint64_t random_seed(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec << 20 ^ (uint64_t)getpid();
}

/* What an option takes, and what it got. */
static int fail_value(const char *what, const char *got) {
  th_command_line_complain(what, got);
  return STATUS_USAGE;
}

static int set_seed(ThUi *ui, const char *text) {
  unsigned long long seed;
  if (strcmp(text, "random") == 0) seed = random_seed();
  else if (!read_number(text, ULLONG_MAX, &seed))
    return fail_value("--seed takes a whole number, or random; got", text);
  th_session_seed(ui->session, seed);
  return STATUS_OK;
}

/* What must hold before anything runs, the start-up file included. */
static int set_limits(ThUi *ui, const ThCommandLine *c) {
  ThHeap *heap = &ui->cx->heap;
  ui->quiet = c->quiet;
  ui->cx->settings.sandbox = c->sandbox;
  if (c->max_memory && !read_size(c->max_memory, &heap->limit))
    return fail_value("--max-memory takes a size like 500M or 2G; got", c->max_memory);
  if (heap->limit && heap->used >= heap->limit)
    return fail_value("--max-memory is less than the program itself needs:", c->max_memory);
  return STATUS_OK;
}

/* The person's own start-up file; an error in it is told, and no more. Without one nothing happens. */
static void run_startup_file(ThUi *ui) {
  ThText path;
  th_text_init(&path, &ui->cx->heap);
  if (th_config_path("rc.theta", &path) && access(th_text_string(&path), F_OK) == 0 &&
      th_ui_run_file(ui, th_text_string(&path), TH_RUN_QUIET) != TH_RUN_DONE) {
    th_ui_message(ui, "warning: the start-up file ended in an error; --no-rc leaves it out\n");
    th_ui_show_error(ui);
  }
  th_text_clear(&path);
}

/* What a lesson or a test shows must not hang on the person's own file. */
static bool has_startup_file(const ThCommandLine *c) {
  return !c->no_rc && (c->form == TH_FORM_PROMPT || c->form == TH_FORM_SCRIPT || c->form == TH_FORM_CODE);
}

static int set_plot(ThUi *ui, const ThCommandLine *c) {
  if (!th_plotter_set_target(ui->plotter, c->plot)) {
    th_ui_show_error(ui);
    return STATUS_USAGE;
  }
  if (c->sandbox && th_plotter_writes_files(ui->plotter))
    return fail_value("the sandbox writes no file; --plot got", c->plot);
  return STATUS_OK;
}

static int apply(ThUi *ui, const ThCommandLine *c) {
  unsigned long long digits;
  int status = set_limits(ui, c);
  if (status == STATUS_OK && has_startup_file(c)) run_startup_file(ui);
  if (status == STATUS_OK && c->digits) {
    if (!read_number(c->digits, 17, &digits) || digits < 1)
      return fail_value("--digits takes 1 to 17; got", c->digits);
    ui->cx->settings.digits = (int)digits;
  }
  if (status == STATUS_OK && c->plot) status = set_plot(ui, c);
  if (status == STATUS_OK && c->seed) status = set_seed(ui, c->seed);
  return status;
}

/* --- What is run */

static int outcome(ThUi *ui, ThRunStatus status) {
  if (status == TH_RUN_DONE) return STATUS_OK;
  th_ui_show_error(ui);
  return STATUS_FAILED;
}

static int verdict(bool ok) { return ok ? STATUS_OK : STATUS_FAILED; }

static int run_text(ThUi *ui, const char *name, const ThText *text) {
  return outcome(ui, th_session_run(ui->session, name, th_text_string(text), text->length, TH_RUN_SCRIPT));
}

/* A file that cannot be read is wrong usage; so is a word that was meant to be a form. */
static int fail_file(ThUi *ui, const ThCommandLine *c) {
  const char *form = th_command_line_nearest_form(c->file);
  if (form && ui->cx->error.code == TH_ERROR_IO) th_hint(ui->cx, "did you mean `theta %s`?", form);
  th_ui_show_error(ui);
  return STATUS_USAGE;
}

static int run_script(ThUi *ui, const ThCommandLine *c) {
  bool standard = !c->file || strcmp(c->file, "-") == 0;
  ThText text;
  th_plotter_persist(ui->plotter);
  if (!th_ui_set_args(ui, c->words, (size_t)c->n)) return outcome(ui, TH_RUN_FAILED);
  th_text_init(&text, &ui->cx->heap);
  bool read = standard ? th_read_standard_input(ui->cx, &text) : th_read_file(ui->cx, c->file, &text);
  int status = read ? run_text(ui, standard ? "stdin" : c->file, &text) : fail_file(ui, c);
  th_text_clear(&text);
  return status;
}

static int run_code(ThUi *ui, const ThCommandLine *c) {
  int status = STATUS_OK;
  th_plotter_persist(ui->plotter);
  if (!th_ui_set_args(ui, c->words, (size_t)c->n)) return outcome(ui, TH_RUN_FAILED);
  for (size_t i = 0; i < c->n_code && status == STATUS_OK; i++)
    status = outcome(ui, th_session_run(ui->session, "", c->code[i], strlen(c->code[i]), TH_RUN_SCRIPT));
  return status;
}

static int run_prompt(ThUi *ui, const ThCommandLine *c) {
  return ui->input_is_terminal ? th_prompt_run(ui, NULL) : run_script(ui, c);
}

/* Runs something on a lesson, given by its file or name; one that is not there is wrong usage. */
static int with_lesson(ThUi *ui, const ThCommandLine *c,
                       int (*act)(ThUi *ui, const char *path, const char *output)) {
  ThText path;
  th_text_init(&path, &ui->cx->heap);
  bool found = th_library_find(ui->cx, c->words[0], &path);
  int status = found ? act(ui, th_text_string(&path), c->output) : STATUS_USAGE;
  if (!found) th_ui_show_error(ui);
  th_text_clear(&path);
  return status;
}

static int play(ThUi *ui, const char *path, const char *output) {
  (void)output;
  if (!ui->input_is_terminal) return verdict(th_player_play_through(ui, path));
  ThPlayer *player = th_player_open(ui, path);
  return player ? th_prompt_run(ui, player) : outcome(ui, TH_RUN_FAILED);
}

static int report(ThUi *ui, const char *path, const char *output) {
  return verdict(th_report_write(ui, path, output));
}

static int run_lesson(ThUi *ui, const ThCommandLine *c) {
  if (c->n > 1) return fail_value("theta lesson takes one name; got also", c->words[1]);
  if (c->n == 1) return with_lesson(ui, c, play);
  th_player_list(ui);
  return STATUS_OK;
}

static int run_check(ThUi *ui, const ThCommandLine *c) {
  if (c->n == 0 && !c->examples) return fail_value("theta check takes files", NULL);
  return verdict(th_check_run(ui, c->words, (size_t)c->n, c->write, c->examples));
}

static int run_demo(ThUi *ui, const ThCommandLine *c) {
  if (c->n != 1) return fail_value("theta demo takes one file", NULL);
  return th_prompt_demo(ui, c->words[0]);
}

static int run_report(ThUi *ui, const ThCommandLine *c) {
  if (c->n != 1) return fail_value("theta report takes one file, and -o PAGE", NULL);
  return with_lesson(ui, c, report);
}

/* What is asked of the help: everything as a table, a search, or a name. */
static bool answer_help(ThUi *ui, const ThCommandLine *c, bool *found, ThText *out) {
  if (c->rows) return th_help_table(ui->cx, out);
  if (c->search) return th_help_search(ui->session, c->search, found, out);
  return th_help_answer(ui->session, c->n > 0 ? c->words[0] : "", found, out);
}

static int run_help(ThUi *ui, const ThCommandLine *c) {
  bool found = true;
  ThText page;
  bool alone = c->rows || c->search;
  if (c->n > !alone) return fail_value("theta help takes one name; got also", c->words[!alone]);
  th_text_init(&page, &ui->cx->heap);
  bool ok = answer_help(ui, c, &found, &page);
  if (ok) th_ui_write(ui, th_text_string(&page));
  th_text_clear(&page);
  return ok ? verdict(found) : outcome(ui, TH_RUN_FAILED);
}

static int run(ThUi *ui, const ThCommandLine *c) {
  static int (*const runs[])(ThUi *, const ThCommandLine *) = {
      [TH_FORM_PROMPT] = run_prompt, [TH_FORM_SCRIPT] = run_script, [TH_FORM_CODE] = run_code,
      [TH_FORM_LESSON] = run_lesson, [TH_FORM_CHECK] = run_check,   [TH_FORM_REPORT] = run_report,
      [TH_FORM_DEMO] = run_demo,     [TH_FORM_HELP] = run_help,
  };
  return runs[c->form](ui, c);
}

/* --- The program */

static void show_version(void) {
  char gnuplot[100];
  bool found = th_gnuplot_version(gnuplot, sizeof gnuplot);
  printf("theta %s\n", TH_VERSION);
  printf("  %s\n", found ? gnuplot : "gnuplot: not found (pictures as text; Debian: apt install gnuplot)");
  printf("  readline %s\n", th_editor_version());
  printf("  GSL %s\n", th_num_gsl_version());
  printf("  %s\n", th_num_blas_version());
  printf("  SLEEF %s\n", th_num_sleef_version());
}

static int run_session(const ThCommandLine *c) {
  ThUi ui;
  th_memory_init();
  th_num_init();
  th_interrupt_install();
  if (!th_ui_init(&ui, th_registry_define)) return STATUS_FAILED;
  th_ui_set_locale(&ui);
  int status = apply(&ui, c);
  if (status == STATUS_OK) status = run(&ui, c);
  th_ui_flush(&ui);
  if (ui.output_failed) status = STATUS_FAILED;
  th_ui_clear(&ui);
  return status;
}

int main(int argc, char **argv) {
  ThCommandLine words;
  if (!th_command_line_parse(argc > 0 ? argc - 1 : 0, argv + 1, &words)) return STATUS_USAGE;
  if (!words.help && !words.version) return run_session(&words);
  if (words.help) th_command_line_usage();
  else show_version();
  return fflush(stdout) == 0 ? STATUS_OK : STATUS_FAILED;
}
