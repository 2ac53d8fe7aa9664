/* main.c - options, start-up, exit codes */
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

#include "num/init.h"
#include "registry.h"
#include "ui/check.h"
#include "ui/gnuplot.h"
#include "ui/help.h"
#include "ui/interrupt.h"
#include "ui/lesson_player.h"
#include "ui/line_editor.h"
#include "ui/prompt.h"
#include "val/basic.h"

enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

static const char usage[] =
    "theta                     the prompt\n"
    "theta FILE [ARG...]       run a script; ARG are in `args`; - is standard input\n"
    "theta -e CODE             evaluate\n"
    "theta lesson [NAME|FILE]  list the lessons, or play one\n"
    "theta check FILE...       run lessons and scripts as tests; --write puts what they print into lessons;\n"
    "                          --examples instead of files runs those of the built-ins\n"
    "theta help [NAME]         help\n"
    "theta --version           the version, and what was found\n"
    "options:\n"
    "  --seed N|random         where the random draws begin\n"
    "  --plot TERMINAL|FILE    where pictures go: text, none, qt, fig.png, fig-%d.pdf, ...\n"
    "  --digits N              how many digits numbers show\n"
    "  --max-memory SIZE       at most so much: 500M, 2G\n"
    "  --sandbox               write no file, import none\n"
    "  --quiet                 no greeting\n"
    "  --no-rc                 read no start-up file\n";

typedef struct Options {
  int n; /* what is left after the options: FILE or a word, and its arguments */
  char *const *rest;
  const char *seed, *plot, *digits, *max_memory;
  const char *code[64]; /* of -e, in order */
  size_t n_code;
  bool quiet, sandbox, examples, write, version, help;
} Options;

static int fail_usage(const char *what, const char *which) {
  fprintf(stderr, "theta: %s%s%s\n`theta --help` lists what there is\n", what, which ? ": " : "",
          which ? which : "");
  return STATUS_USAGE;
}

/* --- Options */

typedef struct Flag {
  const char *name;
  bool *set;
} Flag;

typedef struct ValueOption {
  const char *name;
  const char **value;
} ValueOption;

static bool take_flag(const char *word, Options *o) {
  bool unused = false;
  const Flag flags[] = {{"--quiet", &o->quiet}, {"--sandbox", &o->sandbox}, {"--examples", &o->examples},
                        {"--write", &o->write}, {"--version", &o->version}, {"--help", &o->help},
                        {"-h", &o->help},       {"--no-rc", &unused}};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if (strcmp(word, flags[i].name) == 0) return *flags[i].set = true;
  return false;
}

/* `--name VALUE` or `--name=VALUE`: how many words it took; 0 when it is none of these, -1 without a value.
 * */
static int take_value(int n, char *const *words, Options *o) {
  const char *code = NULL;
  const ValueOption options[] = {{"--seed", &o->seed},
                                 {"--plot", &o->plot},
                                 {"--digits", &o->digits},
                                 {"--max-memory", &o->max_memory},
                                 {"-e", &code}};
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    size_t length = strlen(options[i].name);
    if (strncmp(words[0], options[i].name, length) != 0) continue;
    bool joined = words[0][length] == '=' && length > 2;
    if (words[0][length] && !joined) continue;
    if (!joined && n < 2) return -1;
    *options[i].value = joined ? words[0] + length + 1 : words[1];
    if (code && o->n_code < sizeof o->code / sizeof *o->code) o->code[o->n_code++] = code;
    return joined ? 1 : 2;
  }
  return 0;
}

static bool is_subcommand(const char *word) {
  return strcmp(word, "lesson") == 0 || strcmp(word, "check") == 0 || strcmp(word, "help") == 0;
}

/* Options stand before FILE, or anywhere beside a subcommand; `words` is reordered: the rest moves to its
 * end. */
static int parse(int n, char **words, Options *o) {
  int kept = 0;
  for (int i = 0; i < n;) {
    int taken = 1;
    bool script = kept > 0 && !is_subcommand(words[0]);
    if (script || words[i][0] != '-' || strcmp(words[i], "-") == 0) words[kept++] = words[i];
    else if (!take_flag(words[i], o)) {
      taken = take_value(n - i, words + i, o);
      if (taken == 0) return fail_usage("there is no option", words[i]);
      if (taken < 0) return fail_usage("this option needs a value", words[i]);
    }
    i += taken;
  }
  o->n = kept;
  o->rest = words;
  return STATUS_OK;
}

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

static int set_seed(ThUi *ui, const char *text) {
  unsigned long long seed;
  if (strcmp(text, "random") == 0) seed = random_seed();
  else if (!read_number(text, ULLONG_MAX, &seed))
    return fail_usage("--seed takes a whole number, or random; got", text);
  th_session_seed(ui->session, seed);
  return STATUS_OK;
}

static int apply(ThUi *ui, const Options *o) {
  unsigned long long digits;
  ui->quiet = o->quiet;
  ui->cx->settings.sandbox = o->sandbox;
  if (o->max_memory && !read_size(o->max_memory, &ui->cx->heap.limit))
    return fail_usage("--max-memory takes a size like 500M or 2G; got", o->max_memory);
  if (ui->cx->heap.limit && ui->cx->heap.used >= ui->cx->heap.limit)
    return fail_usage("--max-memory is less than the program itself needs", o->max_memory);
  if (o->digits) {
    if (!read_number(o->digits, 17, &digits) || digits < 1)
      return fail_usage("--digits takes 1 to 17; got", o->digits);
    ui->cx->settings.digits = (int)digits;
  }
  if (o->plot && !th_plotter_set_target(ui->plotter, o->plot)) {
    int status = fail_usage(ui->cx->error.message, NULL);
    th_error_clear(ui->cx);
    return status;
  }
  return o->seed ? set_seed(ui, o->seed) : STATUS_OK;
}

/* --- What is run */

static int outcome(ThUi *ui, ThRunStatus status) {
  if (status == TH_RUN_DONE) return STATUS_OK;
  th_ui_show_error(ui);
  return STATUS_FAILED;
}

/* The words behind a script's name, as a list of strings. */
static bool set_args(ThUi *ui, char *const *words, int n) {
  ThList *list = th_list_new(ui->cx, (size_t)n);
  ThSymbol *name = th_symbol_of(ui->cx, "args");
  bool ok = list && name;
  for (int i = 0; ok && i < n; i++) {
    ThValue word;
    ok = th_string_of(ui->cx, words[i], &word) && th_list_push_take(ui->cx, list, word);
  }
  if (ok) return th_session_set_take(ui->session, name, th_object(list));
  if (list) th_release(th_object(list));
  return false;
}

static ThRunStatus run_input(ThUi *ui) {
  ThText text;
  char buffer[16384];
  ssize_t got;
  th_text_init(&text, &ui->cx->heap);
  while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) th_text_bytes(&text, buffer, (size_t)got);
  ThRunStatus status = TH_RUN_FAILED;
  if (th_text_ok(&text, ui->cx))
    status = th_session_run(ui->session, "stdin", th_text_string(&text), text.length, TH_RUN_SCRIPT);
  th_text_clear(&text);
  return status;
}

static int run_script(ThUi *ui, const Options *o) {
  th_plotter_persist(ui->plotter);
  if (!set_args(ui, o->rest + 1, o->n - 1)) return outcome(ui, TH_RUN_FAILED);
  if (strcmp(o->rest[0], "-") == 0) return outcome(ui, run_input(ui));
  return outcome(ui, th_session_run_file(ui->session, o->rest[0], TH_RUN_SCRIPT));
}

static int run_code(ThUi *ui, const Options *o) {
  int status = STATUS_OK;
  th_plotter_persist(ui->plotter);
  if (!set_args(ui, o->rest, o->n)) return outcome(ui, TH_RUN_FAILED);
  for (size_t i = 0; i < o->n_code && status == STATUS_OK; i++)
    status = outcome(ui, th_session_run(ui->session, "", o->code[i], strlen(o->code[i]), TH_RUN_SCRIPT));
  return status;
}

static int run_lesson(ThUi *ui, const Options *o) {
  if (o->n > 2) return fail_usage("theta lesson takes one name", NULL);
  if (o->n == 1) {
    th_player_list(ui);
    return STATUS_OK;
  }
  if (!ui->input_is_terminal) return th_player_play_through(ui, o->rest[1]) ? STATUS_OK : STATUS_FAILED;
  ThPlayer *player = th_player_open(ui, o->rest[1]);
  return player ? th_prompt_run(ui, player) : outcome(ui, TH_RUN_FAILED);
}

static int run_check(ThUi *ui, const Options *o) {
  if (o->examples) return th_check_examples(ui) ? STATUS_OK : STATUS_FAILED;
  if (o->n < 2) return fail_usage("theta check takes files", NULL);
  return th_check_files(ui, o->rest + 1, (size_t)o->n - 1, o->write) ? STATUS_OK : STATUS_FAILED;
}

static int run_help(ThUi *ui, const Options *o) {
  const char *topic = o->n > 1 ? o->rest[1] : "";
  bool found = true;
  ThText page;
  th_text_init(&page, &ui->cx->heap);
  bool ok = th_help_about(ui->session, topic, strlen(topic), &found, &page);
  if (ok) th_ui_write(ui, th_text_string(&page));
  th_text_clear(&page);
  if (!ok) return outcome(ui, TH_RUN_FAILED);
  return found ? STATUS_OK : STATUS_FAILED;
}

static int run(ThUi *ui, const Options *o) {
  if (o->n_code > 0) return run_code(ui, o);
  if (o->n == 0) {
    if (ui->input_is_terminal) return th_prompt_run(ui, NULL);
    th_plotter_persist(ui->plotter);
    return outcome(ui, run_input(ui));
  }
  if (strcmp(o->rest[0], "lesson") == 0) return run_lesson(ui, o);
  if (strcmp(o->rest[0], "check") == 0) return run_check(ui, o);
  if (strcmp(o->rest[0], "help") == 0) return run_help(ui, o);
  return run_script(ui, o);
}

/* --- The program */

static int show_version(void) {
  char gnuplot[100];
  bool found = th_gnuplot_version(gnuplot, sizeof gnuplot);
  printf("theta %s\n", TH_VERSION);
  printf("  %s\n", found ? gnuplot : "gnuplot: not found (pictures as text; Debian: apt install gnuplot)");
  printf("  readline %s\n", th_editor_version());
  printf("  GSL %s\n", th_num_gsl_version());
  printf("  %s\n", th_num_blas_version());
  return STATUS_OK;
}

int main(int argc, char **argv) {
  ThUi ui;
  Options options = {0};
  int status = parse(argc > 0 ? argc - 1 : 0, argv + 1, &options);
  if (status == STATUS_OK && options.help) fputs(usage, stdout);
  else if (status == STATUS_OK && options.version) status = show_version();
  else if (status == STATUS_OK) {
    th_num_init();
    th_interrupt_install();
    if (!th_ui_init(&ui, th_registry_define)) status = STATUS_FAILED;
    else {
      th_ui_set_locale(&ui);
      status = apply(&ui, &options);
      if (status == STATUS_OK) status = run(&ui, &options);
      th_ui_flush(&ui);
      if (ui.output_failed) status = STATUS_FAILED;
      th_ui_clear(&ui);
    }
  }
  return status;
}
