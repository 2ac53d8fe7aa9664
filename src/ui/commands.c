/* commands.c - what begins with a colon at the prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/commands.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "ui/demo.h"
#include "ui/flow.h"
#include "ui/help.h"
#include "ui/lesson_player.h"
#include "ui/live_list.h"
#include "ui/slide.h"
#include "ui/save.h"
#include "ui/timing.h"
#include "ui/transcript.h"
#include "ui/vars.h"

/* --- Help */

static void show_text_take(ThPrompt *prompt, bool ok, ThText *text) {
  if (ok) th_ui_write(prompt->ui, th_text_string(text));
  else th_ui_show_error(prompt->ui);
  th_text_clear(text);
}

/* A line and its explanation, folded under itself. */
static void add_entry(const ThContext *cx, const char *name, const char *brief, ThText *out) {
  enum { COLUMN = 26 };
  size_t start = out->length, width = (size_t)cx->settings.width - 1, column = width < 60 ? 6 : COLUMN;
  ThFlow flow;
  th_text_format(out, "  %s", name);
  size_t used = th_utf8_width(out->data + start, out->length - start);
  if (used + 1 > column) th_text_char(out, '\n');
  th_text_repeat(out, ' ', used + 1 > column ? column : column - used);
  th_flow_init(&flow, out, width, column);
  flow.column = column;
  th_flow_text(&flow, brief, strlen(brief));
  th_flow_clear(&flow);
}

static void list_commands(ThPrompt *prompt) {
  const ThCommand *command;
  ThText page;
  th_text_init(&page, &prompt->ui->cx->heap);
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    char form[48];
    snprintf(form, sizeof form, ":%s %s", command->name, command->arguments);
    add_entry(prompt->ui->cx, form, command->brief, &page);
  }
  add_entry(prompt->ui->cx, "?name, ??word", "tell about a name, search; `?` alone is an overview", &page);
  add_entry(prompt->ui->cx, "Tab, Ctrl-R, Alt-Enter", "complete, search what was typed, begin a new line",
            &page);
  show_text_take(prompt, th_text_ok(&page, prompt->ui->cx), &page);
}

static void run_help(ThPrompt *prompt, const char *argument) {
  ThText text;
  if (!argument[0]) {
    list_commands(prompt);
    return;
  }
  th_text_init(&text, &prompt->ui->cx->heap);
  bool found, ok = th_help_answer(prompt->ui->session, argument, &found, &text);
  show_text_take(prompt, ok, &text);
}

/* --- The session */

static void run_vars(ThPrompt *prompt, const char *argument) {
  ThText table;
  th_text_init(&table, &prompt->ui->cx->heap);
  bool ok = th_vars(prompt->ui->session, argument, &table);
  if (ok && table.length == 0)
    th_text_add(&table, argument[0] ? "No name begins so.\n" : "No names are defined.\n");
  show_text_take(prompt, ok, &table);
}

static void run_live(ThPrompt *prompt, const char *argument) {
  (void)argument;
  th_live_list(prompt->ui);
}

static void run_slide(ThPrompt *prompt, const char *argument) {
  ThCheckpoint *before = th_prompt_checkpoint(prompt);
  th_slide_run(prompt->ui, argument);
  th_prompt_keep_for_undo(prompt, before);
}

static void run_undo(ThPrompt *prompt, const char *argument) {
  (void)argument;
  if (prompt->player)
    th_ui_say(prompt->ui, "In a lesson `:reset` begins the step anew, `:back` goes one step back.\n");
  else if (th_prompt_undo(prompt))
    th_ui_say(prompt->ui, "The names are as they were before the last input.\n");
  else th_ui_say(prompt->ui, "There is nothing to undo.\n");
}

static void run_clear(ThPrompt *prompt, const char *argument) {
  (void)argument;
  ThCheckpoint *before = th_prompt_checkpoint(prompt);
  th_session_clear(prompt->ui->session);
  th_prompt_keep_for_undo(prompt, before);
  th_ui_say(prompt->ui, "All names are forgotten.%s\n", before ? " `:undo` brings them back." : "");
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
  if (!argument[0]) th_ui_say(prompt->ui, "Numbers show %d digits.\n", prompt->ui->cx->settings.digits);
  else if (read_whole(prompt, argument, "digits", 1, 17, &digits))
    prompt->ui->cx->settings.digits = (int)digits;
}

static void run_seed(ThPrompt *prompt, const char *argument) {
  unsigned long long seed;
  if (read_whole(prompt, argument, "seed", 0, ULLONG_MAX, &seed)) th_session_seed(prompt->ui->session, seed);
}

/* The path of a command's argument: without quotes, `~` being the home folder. False with a message when there
 * is none. */
static bool read_path(ThPrompt *prompt, const char *command, const char *argument, ThText *path) {
  size_t length = strlen(argument);
  const char *home = getenv("HOME");
  if (length == 0) {
    th_ui_message(prompt->ui, "`:%s` takes the name of a file.\n", command);
    return false;
  }
  bool quoted = length >= 2 && argument[0] == '"' && argument[length - 1] == '"';
  argument += quoted;
  length -= 2 * (size_t)quoted;
  if (length >= 2 && argument[0] == '~' && argument[1] == '/' && home) {
    th_text_add(path, home);
    argument++;
    length--;
  }
  th_text_bytes(path, argument, length);
  if (th_text_ok(path, prompt->ui->cx)) return true;
  th_ui_show_error(prompt->ui);
  return false;
}

/* Acts on the file that the argument names; a failure is shown. */
static void with_file(ThPrompt *prompt, const char *command, const char *argument,
                      bool (*act)(ThPrompt *prompt, const char *path)) {
  ThText path;
  th_text_init(&path, &prompt->ui->cx->heap);
  if (read_path(prompt, command, argument, &path) && !act(prompt, th_text_string(&path)))
    th_ui_show_error(prompt->ui);
  th_text_clear(&path);
}

static bool load(ThPrompt *prompt, const char *path) {
  ThCheckpoint *before = th_prompt_checkpoint(prompt);
  ThRunStatus status = th_session_run_file(prompt->ui->session, path, TH_RUN_SCRIPT);
  th_prompt_keep_for_undo(prompt, before);
  return status == TH_RUN_DONE;
}

static void run_load(ThPrompt *prompt, const char *argument) { with_file(prompt, "load", argument, load); }

static bool save(ThPrompt *prompt, const char *path) {
  ThText script;
  ThContext *cx = prompt->ui->cx;
  th_text_init(&script, &cx->heap);
  th_text_format(&script, "# Saved by Theta %s; `:load`, or `theta FILE`, makes the names again.\n",
                 TH_VERSION);
  size_t head = script.length;
  bool ok = th_save_script(prompt->ui->session, &script);
  if (ok && script.length == head) th_ui_say(prompt->ui, "No names are defined.\n");
  else if (ok) ok = th_write_file(cx, path, th_text_string(&script), script.length);
  if (ok && script.length > head) th_ui_say(prompt->ui, "Saved in %.1000s\n", path);
  th_text_clear(&script);
  return ok;
}

static void run_save(ThPrompt *prompt, const char *argument) { with_file(prompt, "save", argument, save); }

static bool transcribe(ThPrompt *prompt, const char *path) {
  if (!th_transcript_open(prompt->ui, path)) return false;
  th_ui_say(prompt->ui, "What is typed and shown goes to %.1000s too; `:transcript off` ends it.\n", path);
  return true;
}

static void run_transcript(ThPrompt *prompt, const char *argument) {
  bool off = strcmp(argument, "off") == 0 || (!argument[0] && prompt->ui->transcript);
  if (!off) with_file(prompt, "transcript", argument, transcribe);
  else if (th_transcript_close(prompt->ui)) th_ui_say(prompt->ui, "The transcript is closed.\n");
  else th_ui_say(prompt->ui, "No transcript is kept; `:transcript FILE` begins one.\n");
}

static bool step_through(ThPrompt *prompt, const char *path) {
  ThDemo *demo = th_demo_open(prompt->ui, path);
  if (!demo) return false;
  th_demo_free(prompt->demo);
  prompt->demo = demo;
  th_demo_begin(demo);
  return true;
}

static void run_demo(ThPrompt *prompt, const char *argument) {
  with_file(prompt, "demo", argument, step_through);
}

static void run_plot(ThPrompt *prompt, const char *argument) {
  if (!th_plotter_set_target(prompt->ui->plotter, argument[0] ? argument : "auto"))
    th_ui_show_error(prompt->ui);
}

static void run_time(ThPrompt *prompt, const char *argument) {
  if (argument[0]) th_time(prompt->ui, argument);
  else th_ui_message(prompt->ui, "`:time` takes an expression.\n");
}

static void run_quit(ThPrompt *prompt, const char *argument) {
  (void)argument;
  prompt->leave = true;
}

/* --- Lessons */

static bool has_names(ThPrompt *prompt) {
  size_t n = 0;
  ThSymbol **names = th_session_names(prompt->ui->session, &n);
  th_session_names_free(prompt->ui->session, names, n);
  th_error_clear(prompt->ui->cx);
  return n > 0;
}

static void run_lesson(ThPrompt *prompt, const char *argument) {
  if (!argument[0]) {
    th_player_list(prompt->ui);
    return;
  }
  ThCheckpoint *before = has_names(prompt) ? th_prompt_checkpoint(prompt) : NULL;
  ThPlayer *player = th_player_open(prompt->ui, argument);
  if (!player) th_ui_show_error(prompt->ui);
  if (th_prompt_keep_for_undo(prompt, before))
    th_ui_say(prompt->ui, "A lesson has names of its own; `:undo` behind it brings yours back.\n");
  if (!player) return;
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

static bool write_notes(ThPrompt *prompt, const char *path) {
  if (!th_player_write_notes(prompt->player ? prompt->player : prompt->played, path)) return false;
  th_ui_say(prompt->ui, "Notes of the lesson so far are in %.1000s\n", path);
  return true;
}

static void run_notes(ThPrompt *prompt, const char *argument) {
  if (prompt->player || prompt->played) with_file(prompt, "notes", argument, write_notes);
  else th_ui_message(prompt->ui, "No lesson is open; `:transcript FILE` keeps what is typed and shown.\n");
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
    {"notes", "FILE", "what was read, typed and answered, as Markdown", run_notes},
    {"demo", "FILE", "step through a script with Enter", run_demo},
    {"digits", "[N]", "how many digits numbers show", run_digits},
    {"seed", "N", "begin the random draws anew", run_seed},
    {"load", "FILE", "run a script", run_load},
    {"save", "FILE", "write a script that makes the names again", run_save},
    {"transcript", "FILE|off", "keep what is typed and shown", run_transcript},
    {"plot", "[TERMINAL|FILE]", "where pictures go: text, qt, fig.png, …; dark, light", run_plot},
    {"time", "EXPR", "how long it takes", run_time},
    {"clear", "", "forget all names", run_clear},
    {"quit", "", "leave; Ctrl-D does too", run_quit},
};

const ThCommand *th_command_at(size_t i) {
  return i < sizeof commands / sizeof *commands ? &commands[i] : NULL;
}

const ThCommand *th_command_find(const char *name, size_t length) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++)
    if (strlen(command->name) == length && memcmp(command->name, name, length) == 0) return command;
  return NULL;
}

bool th_command_known(const char *name) { return th_command_find(name, strcspn(name, " \t\n")) != NULL; }

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
  const ThCommand *command = th_command_find(name, length);
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
