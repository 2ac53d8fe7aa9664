/* prompt.c - the interactive prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read, run, and again. An input is what was typed up to the line that finishes it: it is one entry of the
 * history. Every input, whatever becomes of it, ends at the prompt with the session intact. */
#include "ui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "lang/log.h"
#include "ui/blank.h"
#include "ui/commands.h"
#include "ui/demo.h"
#include "ui/help.h"
#include "ui/input.h"
#include "ui/interrupt.h"
#include "ui/lesson_player.h"
#include "ui/line_editor.h"
#include "ui/transcript.h"

/* --- One input */

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

static void ask(ThPrompt *prompt, const char *topic, size_t length) {
  ThText page;
  th_text_init(&page, &prompt->ui->cx->heap);
  if (th_help_about(prompt->ui->session, topic, length, NULL, &page))
    th_ui_write(prompt->ui, th_text_string(&page));
  else th_ui_show_error(prompt->ui);
  th_text_clear(&page);
}

/* `?name` or `??words`. */
static void question(ThPrompt *prompt, const char *text) {
  bool search = text[1] == '?';
  const char *topic = text + 1 + search;
  topic += strspn(topic, " \t");
  size_t length = strlen(topic);
  while (length > 0 && strchr(" \t\r\n", topic[length - 1])) length--;
  if (!search) {
    ask(prompt, topic, length);
    return;
  }
  ThText words, page;
  th_text_init(&words, &prompt->ui->cx->heap);
  th_text_init(&page, &prompt->ui->cx->heap);
  th_text_bytes(&words, topic, length);
  if (th_help_search(prompt->ui->session, th_text_string(&words), NULL, &page))
    th_ui_write(prompt->ui, th_text_string(&page));
  else th_ui_show_error(prompt->ui);
  th_text_clear(&words);
  th_text_clear(&page);
}

/* `help(name)` of a bare name, which need not have a value: `help(for)`. */
static bool is_help_call(const char *text, const char **topic, size_t *length) {
  text += strspn(text, " \t");
  if (strncmp(text, "help(", 5) != 0) return false;
  *topic = text + 5;
  *length = strcspn(*topic, ")");
  const char *after = *topic + *length;
  return *after == ')' && is_blank(after + 1) && !memchr(*topic, '"', *length) &&
         !memchr(*topic, '(', *length);
}

static void show_failure(ThPrompt *prompt) {
  th_ui_show_error(prompt->ui);
  th_interrupt_take(); /* a Ctrl-C that has had its effect */
}

enum { UNDO_MEMORY = 256 << 20 }; /* bytes in use from which only the last input can be undone */

static void forget_oldest(ThPrompt *prompt) {
  th_checkpoint_free(prompt->ui->session, prompt->undo[0]);
  memmove(prompt->undo, prompt->undo + 1, --prompt->n_undo * sizeof *prompt->undo);
}

ThCheckpoint *th_prompt_checkpoint(ThPrompt *prompt) {
  ThCheckpoint *before = prompt->player ? NULL : th_session_checkpoint(prompt->ui->session);
  th_error_clear(prompt->ui->cx);
  return before;
}

/* The oldest goes when there are many. */
bool th_prompt_keep_for_undo(ThPrompt *prompt, ThCheckpoint *before) {
  ThSession *session = prompt->ui->session;
  if (!before) return false;
  if (!th_session_differs(session, before)) {
    th_checkpoint_free(session, before);
    return false;
  }
  prompt->undo[prompt->n_undo++] = before;
  while (prompt->n_undo == TH_MAX_UNDO || (prompt->n_undo > 1 && prompt->ui->cx->heap.used > UNDO_MEMORY))
    forget_oldest(prompt);
  return true;
}

bool th_prompt_undo(ThPrompt *prompt) {
  if (prompt->n_undo == 0) return false;
  ThCheckpoint *before = prompt->undo[--prompt->n_undo];
  bool ok = th_session_restore(prompt->ui->session, before);
  th_checkpoint_free(prompt->ui->session, before);
  ok = ok && th_session_redraw(prompt->ui->session);
  if (!ok) show_failure(prompt);
  return ok;
}

/* Runs code; when it is not finished, it waits in `pending` for more. */
static void run_code(ThPrompt *prompt, const char *text) {
  ThUi *ui = prompt->ui;
  const char *topic;
  size_t length;
  if (is_help_call(text, &topic, &length)) {
    ask(prompt, topic, length);
    return;
  }
  ThCheckpoint *before = th_prompt_checkpoint(prompt);
  ThRunStatus status = th_session_run(ui->session, "", text, strlen(text), TH_RUN_PROMPT);
  th_prompt_keep_for_undo(prompt, before);
  if (status == TH_RUN_INCOMPLETE) {
    th_error_clear(ui->cx);
    th_text_clear(&prompt->pending);
    th_text_add(&prompt->pending, text);
    th_text_char(&prompt->pending, '\n');
    return;
  }
  th_text_clear(&prompt->pending);
  ThErrorCode code = ui->cx->error.code;
  if (status == TH_RUN_FAILED) show_failure(prompt);
  if (prompt->demo) th_demo_after(prompt->demo, status);
  else if (prompt->player) th_player_after(prompt->player, text, status, code);
}

/* A lesson or demo that has come to its end. */
static void drop_finished(ThPrompt *prompt) {
  if (prompt->demo && th_demo_is_over(prompt->demo)) {
    th_demo_free(prompt->demo);
    prompt->demo = NULL;
  }
  if (prompt->player && th_player_is_over(prompt->player)) {
    th_player_free(prompt->played);
    prompt->played = prompt->player;
    prompt->player = NULL;
  }
}

static bool has_blanks(const ThPrompt *prompt, const char *text) {
  size_t at;
  return prompt->player && th_blank_find(text, 0, &at);
}

/* A command typed behind a starter whose blanks are not filled in: `sum(x)/____:hint`. NULL when there is
 * none. */
static const char *command_behind_blanks(const ThPrompt *prompt, const char *text) {
  const char *colon = has_blanks(prompt, text) ? strrchr(text, ':') : NULL;
  return colon && th_command_known(colon + 1) ? colon : NULL;
}

/* An empty line. */
static void enter(ThPrompt *prompt) {
  if (prompt->demo) {
    ThCheckpoint *before = th_prompt_checkpoint(prompt);
    th_demo_enter(prompt->demo);
    th_prompt_keep_for_undo(prompt, before);
  } else if (prompt->player) {
    th_player_enter(prompt->player);
  }
}

static bool is_taken(ThPrompt *prompt, const char *input) {
  if (prompt->demo) return th_demo_takes(prompt->demo, input);
  return prompt->player && th_player_takes(prompt->player, input);
}

static void submit_one(ThPrompt *prompt, const char *text) {
  const char *start = text + strspn(text, " \t"), *behind = command_behind_blanks(prompt, text);
  if (is_blank(start)) {
    enter(prompt);
  } else if (behind) {
    th_player_return_line(prompt->player, text, (size_t)(behind - text));
    th_command_run(prompt, behind);
  } else if (start[0] == ':') {
    th_command_run(prompt, start);
  } else if (start[0] == '?') {
    question(prompt, start);
  } else if (!is_taken(prompt, start)) {
    run_code(prompt, text);
  }
  drop_finished(prompt);
}

/* Whether some line of a text is for the prompt, not for the language. */
static bool has_commands(const char *text) {
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    const char *start = line + strspn(line, " \t");
    if (*start == '?' || (*start == ':' && th_command_known(start + 1))) return true;
  }
  return false;
}

/* A line that may finish what is pending. */
static void add_line(ThPrompt *prompt, const char *line) {
  if (prompt->pending.length == 0) {
    submit_one(prompt, line);
    return;
  }
  ThText whole;
  th_text_init(&whole, &prompt->ui->cx->heap);
  th_text_bytes(&whole, th_text_string(&prompt->pending), prompt->pending.length);
  th_text_add(&whole, line);
  run_code(prompt, th_text_string(&whole));
  drop_finished(prompt);
  th_text_clear(&whole);
}

/* Several lines with commands among them: one after the other. */
static void add_each_line(ThPrompt *prompt, const char *text) {
  ThText line;
  th_text_init(&line, &prompt->ui->cx->heap);
  while (*text && !prompt->leave) {
    size_t length = strcspn(text, "\n");
    th_text_clear(&line);
    th_text_bytes(&line, text, length);
    add_line(prompt, th_text_string(&line));
    text += length + (text[length] == '\n');
  }
  th_text_clear(&line);
}

void th_prompt_submit(ThPrompt *prompt, const char *text) {
  if (strchr(text, '\n') && has_commands(text) && prompt->pending.length == 0) add_each_line(prompt, text);
  else add_line(prompt, text);
}

/* --- Reading */

static void prompt_text(const ThPrompt *prompt, ThText *out) {
  if (prompt->pending.length > 0 && !th_editor_edits_blocks()) th_text_add(out, ".. ");
  else if (prompt->demo) th_demo_prompt(prompt->demo, out);
  else th_text_add(out, prompt->ui->cx->settings.utf8 ? "θ> " : "theta> ");
}

/* Whether Enter ends an input: code to which nothing more belongs, and all that is no code. */
static bool is_finished(void *self, const char *text) {
  const ThPrompt *prompt = self;
  const char *topic;
  size_t length;
  if (is_blank(text) || has_commands(text) || is_help_call(text, &topic, &length)) return true;
  if (has_blanks(prompt, text)) return true;
  ThText code;
  th_text_init(&code, &prompt->ui->cx->heap);
  th_input_code(text, &code);
  bool finished = code.failed ||
                  th_session_is_finished(prompt->ui->session, th_text_string(&code), code.length);
  th_text_clear(&code);
  return finished;
}

/* The code of a line as it was typed or pasted; false when it is output of a pasted transcript. */
static bool take_line(ThPrompt *prompt, const char *typed, bool pasted, ThText *code) {
  bool first;
  size_t size;
  if (th_input_code(typed, code)) {
    prompt->transcript = true;
    return true;
  }
  if (!prompt->transcript) return true;
  if (prompt->pending.length > 0 && th_input_has_prompt(typed, &first, &size)) {
    th_text_clear(code);
    th_text_add(code, typed + size);
    return true;
  }
  prompt->transcript = prompt->transcript && pasted;
  return !pasted;
}

/* The whole input, however many lines it took, becomes one entry of the history. */
static void remember(ThPrompt *prompt, const ThText *entry) {
  ThText trimmed;
  size_t length = entry->length;
  while (length > 0 && strchr(" \t\r\n", entry->data[length - 1])) length--;
  th_text_init(&trimmed, &prompt->ui->cx->heap);
  th_text_bytes(&trimmed, th_text_string(entry), length);
  if (!trimmed.failed) th_editor_remember(th_text_string(&trimmed));
  th_text_clear(&trimmed);
}

static void transcribe(ThPrompt *prompt, const char *code) {
  ThText before;
  th_text_init(&before, &prompt->ui->cx->heap);
  prompt_text(prompt, &before);
  if (!before.failed) th_transcript_input(prompt->ui, th_text_string(&before), code);
  th_text_clear(&before);
}

static void run_line(ThPrompt *prompt, const char *typed, bool pasted) {
  ThText code, entry;
  th_text_init(&code, &prompt->ui->cx->heap);
  th_text_init(&entry, &prompt->ui->cx->heap);
  if (take_line(prompt, typed, pasted, &code)) {
    th_text_bytes(&entry, th_text_string(&prompt->pending), prompt->pending.length);
    th_text_add(&entry, th_text_string(&code));
    if (!entry.failed && is_finished(prompt, th_text_string(&entry))) remember(prompt, &entry);
    transcribe(prompt, th_text_string(&code));
    th_prompt_submit(prompt, th_text_string(&code));
  }
  th_text_clear(&code);
  th_text_clear(&entry);
}

/* What stands on the line to begin with: a starter, a step to be edited, or an input that is not finished
 * where it is edited as a whole. */
static void initial_text(ThPrompt *prompt) {
  ThText *out = &prompt->initial;
  th_text_clear(out);
  if (prompt->pending.length > 0) {
    if (!th_editor_edits_blocks()) return;
    th_text_add(out, th_text_string(&prompt->pending));
    th_text_clear(&prompt->pending);
  } else if (prompt->demo) {
    th_text_add(out, th_demo_take_line(prompt->demo));
  } else if (prompt->player) {
    th_text_add(out, th_player_take_starter(prompt->player));
  }
}

static void drop_input(ThPrompt *prompt) {
  th_text_clear(&prompt->pending);
  prompt->transcript = false;
  if (prompt->demo) th_demo_drop(prompt->demo);
}

static ThLineStatus read_input(ThPrompt *prompt, ThText *typed, bool *set_aside) {
  ThText before;
  th_text_init(&before, &prompt->ui->cx->heap);
  initial_text(prompt);
  prompt_text(prompt, &before);
  ThLineRequest request = {.prompt = th_text_string(&before),
                           .pending = th_text_string(&prompt->pending),
                           .initial = th_text_string(&prompt->initial),
                           .finished = is_finished,
                           .self = prompt,
                           .set_aside = set_aside};
  ThLineStatus status = th_editor_read(&request, typed);
  th_text_clear(&before);
  return status;
}

/* One round: false when the person leaves. Ctrl-D in an unfinished input only drops that. */
static bool round_trip(ThPrompt *prompt) {
  ThText typed;
  bool pasted = th_editor_input_waits(), set_aside = false;
  th_text_init(&typed, &prompt->ui->cx->heap);
  ThLineStatus status = read_input(prompt, &typed, &set_aside);
  bool unfinished = prompt->pending.length > 0;
  if (set_aside && prompt->player)
    th_player_return_line(prompt->player, th_text_string(&prompt->initial), prompt->initial.length);
  if (status == TH_LINE_READ) run_line(prompt, th_text_string(&typed), pasted);
  else drop_input(prompt);
  if (status == TH_LINE_END) th_ui_write(prompt->ui, "\n");
  th_text_clear(&typed);
  return (status != TH_LINE_END || (unfinished && !th_editor_input_ended())) && !prompt->leave;
}

static void greet(ThUi *ui) {
  if (ui->quiet) return;
  th_ui_print(ui, "Theta %s. `?` for help, `:lesson` to learn, Ctrl-D to leave.\n", TH_VERSION);
}

static int run(ThPrompt *prompt) {
  th_log_keep(prompt->ui->session);
  th_text_init(&prompt->pending, &prompt->ui->cx->heap);
  th_text_init(&prompt->initial, &prompt->ui->cx->heap);
  prompt->ui->cx->settings.echo_assignments = true;
  th_editor_init(prompt->ui);
  if (prompt->player) th_player_begin(prompt->player);
  if (prompt->demo) th_demo_begin(prompt->demo);
  drop_finished(prompt);
  while (round_trip(prompt)) {}
  th_demo_free(prompt->demo);
  th_player_free(prompt->player);
  th_player_free(prompt->played);
  while (prompt->n_undo > 0) forget_oldest(prompt);
  th_text_clear(&prompt->pending);
  th_text_clear(&prompt->initial);
  th_editor_end();
  return EXIT_SUCCESS;
}

int th_prompt_run(ThUi *ui, ThPlayer *player) {
  ThPrompt prompt = {.ui = ui, .player = player};
  if (!player) greet(ui);
  return run(&prompt);
}

int th_prompt_demo(ThUi *ui, const char *path) {
  if (!ui->input_is_terminal) return th_demo_play(ui, path) ? EXIT_SUCCESS : EXIT_FAILURE;
  ThPrompt prompt = {.ui = ui, .demo = th_demo_open(ui, path)};
  if (prompt.demo) return run(&prompt);
  th_ui_show_error(ui);
  return EXIT_FAILURE;
}
