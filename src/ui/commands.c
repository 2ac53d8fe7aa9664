/* commands.c - what begins with a colon at the prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/commands.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "ui/help.h"
#include "ui/lesson_player.h"
#include "ui/live_list.h"
#include "ui/slide.h"

/* --- Help */

static void show_text_take(ThPrompt *prompt, bool ok, ThText *text) {
  if (ok) th_ui_write(prompt->ui, th_text_string(text));
  else th_ui_show_error(prompt->ui);
  th_text_clear(text);
}

static void list_commands(ThUi *ui) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    char form[48];
    snprintf(form, sizeof form, ":%s %s", command->name, command->arguments);
    th_ui_print(ui, "  %s%-24s%s %s\n", th_ui_style(ui->cx, TH_CODE), form, th_ui_style(ui->cx, TH_PLAIN),
                command->brief);
  }
  th_ui_write(ui, "  ?name tells about a name, ??word searches; `?` alone gives an overview.\n");
}

static void run_help(ThPrompt *prompt, const char *argument) {
  ThText text;
  if (!argument[0]) {
    list_commands(prompt->ui);
    return;
  }
  th_text_init(&text, &prompt->ui->cx->heap);
  bool ok = th_help_about(prompt->ui->session, argument, strlen(argument), NULL, &text);
  show_text_take(prompt, ok, &text);
}

/* --- The session */

/* `name  a number  3`, cut to the terminal. */
static void show_variable(ThUi *ui, const ThSymbol *name, ThValue value) {
  ThText line;
  char what[96];
  size_t start = 0, width = (size_t)ui->cx->settings.width - 1;
  th_text_init(&line, &ui->cx->heap);
  th_text_format(&line, "  %s", name->spelling);
  th_text_pad(&line, start, 16);
  th_text_format(&line, " %s", th_describe(value, what, sizeof what));
  th_text_pad(&line, start, 40);
  th_text_char(&line, ' ');
  if (!th_format(ui->cx, value, TH_STYLE_INLINE, &line)) th_error_clear(ui->cx);
  const char *text = th_text_string(&line);
  size_t length = strcspn(text, "\n"), shown = th_utf8_forward(text, 0, length, width - 1);
  th_ui_print(ui, "%.*s%s\n", (int)shown, text, shown < length ? "…" : "");
  th_text_clear(&line);
}

static void run_vars(ThPrompt *prompt, const char *argument) {
  ThUi *ui = prompt->ui;
  ThSymbol *name;
  ThValue value;
  size_t shown = 0;
  for (size_t i = 0; (name = th_session_name_at(ui->session, i)); i++) {
    if (!th_session_get(ui->session, name, &value)) continue;
    if (argument[0] && strncmp(name->spelling, argument, strlen(argument)) != 0) continue;
    show_variable(ui, name, value);
    shown++;
  }
  if (shown == 0) th_ui_write(ui, "No names are defined.\n");
}

static void run_live(ThPrompt *prompt, const char *argument) {
  (void)argument;
  th_live_list(prompt->ui);
}

static void run_slide(ThPrompt *prompt, const char *argument) {
  ThCheckpoint *before = prompt->player ? NULL : th_session_checkpoint(prompt->ui->session);
  th_slide_run(prompt->ui, argument);
  th_prompt_keep_for_undo(prompt, before);
}

static void run_undo(ThPrompt *prompt, const char *argument) {
  (void)argument;
  if (prompt->player)
    th_ui_write(prompt->ui, "In a lesson `:reset` begins the step anew, `:back` goes one step back.\n");
  else if (th_prompt_undo(prompt)) th_ui_write(prompt->ui, "The names are as they were before the last input.\n");
  else th_ui_write(prompt->ui, "There is nothing to undo.\n");
}

static void run_clear(ThPrompt *prompt, const char *argument) {
  (void)argument;
  th_session_clear(prompt->ui->session);
  th_ui_write(prompt->ui, "All names are forgotten.\n");
}

/* A whole number from `low` to `high`; false with a message. */
static bool read_whole(ThPrompt *prompt, const char *argument, const char *what, unsigned long long low,
                       unsigned long long high, unsigned long long *out) {
  char *end;
  errno = 0;
  *out = strtoull(argument, &end, 10);
  if (isdigit((unsigned char)argument[0]) && *end == '\0' && errno == 0 && *out >= low && *out <= high)
    return true;
  th_ui_message(prompt->ui, "`:%s` takes a whole number from %llu to %llu.\n", what, low, high);
  return false;
}

static void run_digits(ThPrompt *prompt, const char *argument) {
  unsigned long long digits;
  if (!argument[0]) th_ui_print(prompt->ui, "Numbers show %d digits.\n", prompt->ui->cx->settings.digits);
  else if (read_whole(prompt, argument, "digits", 1, 17, &digits))
    prompt->ui->cx->settings.digits = (int)digits;
}

static void run_seed(ThPrompt *prompt, const char *argument) {
  unsigned long long seed;
  if (read_whole(prompt, argument, "seed", 0, ULLONG_MAX, &seed)) th_session_seed(prompt->ui->session, seed);
}

static void run_load(ThPrompt *prompt, const char *argument) {
  size_t length = strlen(argument);
  if (length == 0) {
    th_ui_message(prompt->ui, "`:load` takes the name of a file.\n");
    return;
  }
  ThText path;
  bool quoted = length >= 2 && argument[0] == '"' && argument[length - 1] == '"';
  th_text_init(&path, &prompt->ui->cx->heap);
  th_text_bytes(&path, argument + quoted, length - 2 * (size_t)quoted);
  if (!th_text_ok(&path, prompt->ui->cx) ||
      th_session_run_file(prompt->ui->session, th_text_string(&path), TH_RUN_SCRIPT) != TH_RUN_DONE)
    th_ui_show_error(prompt->ui);
  th_text_clear(&path);
}

static void run_plot(ThPrompt *prompt, const char *argument) {
  if (!th_plotter_set_target(prompt->ui->plotter, argument[0] ? argument : "auto"))
    th_ui_show_error(prompt->ui);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void show_time(ThUi *ui, double seconds) {
  const char *unit = "s";
  if (seconds < 1e-3) seconds *= 1e6, unit = "µs";
  else if (seconds < 1) seconds *= 1e3, unit = "ms";
  th_ui_print(ui, "%.3g %s\n", seconds, unit);
}

static void run_time(ThPrompt *prompt, const char *argument) {
  ThUi *ui = prompt->ui;
  if (!argument[0]) {
    th_ui_message(ui, "`:time` takes an expression.\n");
    return;
  }
  double start = seconds_now();
  ThRunStatus status = th_session_run(ui->session, "", argument, strlen(argument), TH_RUN_PROMPT);
  double seconds = seconds_now() - start;
  if (status == TH_RUN_FAILED) th_ui_show_error(ui);
  else if (status == TH_RUN_INCOMPLETE) th_ui_message(ui, "The expression is not finished.\n");
  else show_time(ui, seconds);
}

static void run_quit(ThPrompt *prompt, const char *argument) {
  (void)argument;
  prompt->leave = true;
}

/* --- Lessons */

static void run_lesson(ThPrompt *prompt, const char *argument) {
  if (!argument[0]) {
    th_player_list(prompt->ui);
    return;
  }
  ThPlayer *player = th_player_open(prompt->ui, argument);
  if (!player) {
    th_ui_show_error(prompt->ui);
    return;
  }
  th_player_free(prompt->player);
  prompt->player = player;
  th_player_begin(player);
}

static void with_player(ThPrompt *prompt, void (*act)(ThPlayer *player)) {
  if (prompt->player) act(prompt->player);
  else th_ui_message(prompt->ui, "No lesson is open; `:lesson` lists them.\n");
}

#define LESSON_COMMAND(name)                                       \
  static void run_##name(ThPrompt *prompt, const char *argument) { \
    (void)argument;                                                \
    with_player(prompt, th_player_##name);                         \
  }

LESSON_COMMAND(next)
LESSON_COMMAND(hint)
LESSON_COMMAND(answer)
LESSON_COMMAND(check)
LESSON_COMMAND(skip)
LESSON_COMMAND(back)
LESSON_COMMAND(reset)
LESSON_COMMAND(outline)
LESSON_COMMAND(progress)

/* --- The table */

static const ThCommand commands[] = {
    {"help", "[NAME]", "this list, or help on a name", run_help},
    {"vars", "[BEGINNING]", "the names that are defined", run_vars},
    {"live", "", "the names that follow others", run_live},
    {"slide", "NAME LO HI …", "move numbers with the arrow keys, and see what follows", run_slide},
    {"undo", "", "the names as they were before the last input", run_undo},
    {"lesson", "[NAME [restart]]", "list the lessons, or take one up, or begin it anew", run_lesson},
    {"next", "", "go on in the lesson", run_next},
    {"hint", "", "a hint for the exercise", run_hint},
    {"answer", "", "an answer to the exercise", run_answer},
    {"check", "", "look again whether the exercise is solved", run_check},
    {"skip", "", "leave the exercise out", run_skip},
    {"back", "", "one step back, names included", run_back},
    {"reset", "", "the names as they were at the beginning of this step", run_reset},
    {"outline", "", "the steps of the lesson", run_outline},
    {"progress", "", "exercises and points so far", run_progress},
    {"digits", "[N]", "how many digits numbers show", run_digits},
    {"seed", "N", "begin the random draws anew", run_seed},
    {"load", "FILE", "run a file", run_load},
    {"plot", "[TERMINAL|FILE]", "where pictures go: text, qt, fig.png, …", run_plot},
    {"time", "EXPRESSION", "how long it takes", run_time},
    {"clear", "", "forget all names", run_clear},
    {"quit", "", "leave; Ctrl-D does too", run_quit},
};

const ThCommand *th_command_at(size_t i) {
  return i < sizeof commands / sizeof *commands ? &commands[i] : NULL;
}

static const ThCommand *find_command(const char *name, size_t length) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++)
    if (strlen(command->name) == length && memcmp(command->name, name, length) == 0) return command;
  return NULL;
}

bool th_command_known(const char *name) { return find_command(name, strcspn(name, " \t\n")) != NULL; }

static void say_unknown(ThPrompt *prompt, const char *name, size_t length) {
  const ThCommand *command, *nearest = NULL;
  char typed[32];
  size_t best = 3;
  snprintf(typed, sizeof typed, "%.*s", (int)(length < 31 ? length : 31), name);
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    size_t distance = th_name_distance(typed, command->name);
    bool begins = length > 0 && strncmp(command->name, typed, length) == 0;
    if (begins) distance = 0;
    if (distance < best) best = distance, nearest = command;
  }
  if (nearest)
    th_ui_message(prompt->ui, "There is no command `:%s`. Did you mean `:%s`?\n", typed, nearest->name);
  else th_ui_message(prompt->ui, "There is no command `:%s`. `:help` lists them.\n", typed);
}

void th_command_run(ThPrompt *prompt, const char *line) {
  const char *name = line + strspn(line, " \t:");
  size_t length = strcspn(name, " \t\n");
  const ThCommand *command = find_command(name, length);
  if (!command) {
    say_unknown(prompt, name, length);
    return;
  }
  ThText argument;
  const char *start = name + length + strspn(name + length, " \t");
  size_t end = strlen(start);
  while (end > 0 && isspace((unsigned char)start[end - 1])) end--;
  th_text_init(&argument, &prompt->ui->cx->heap);
  th_text_bytes(&argument, start, end);
  if (!th_text_ok(&argument, prompt->ui->cx)) th_ui_show_error(prompt->ui);
  else command->run(prompt, th_text_string(&argument));
  th_text_clear(&argument);
}
