/* prompt.c - the interactive prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read, run, and again. An input is what was typed up to the line that finishes it: it is one entry of the
 * history. Every input, whatever becomes of it, ends at the prompt with the session intact. */
#include "ui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "ui/commands.h"
#include "ui/help.h"
#include "ui/input.h"
#include "ui/interrupt.h"
#include "ui/lesson_player.h"
#include "ui/line_editor.h"

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
  if (th_help_search(prompt->ui->session, th_text_string(&words), &page))
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

void th_prompt_keep_for_undo(ThPrompt *prompt, ThCheckpoint *before) {
  ThSession *session = prompt->ui->session;
  if (!before) return;
  if (!th_session_differs(session, before)) {
    th_checkpoint_free(session, before);
    return;
  }
  prompt->undo[prompt->n_undo++] = before;
  while (prompt->n_undo == TH_MAX_UNDO || (prompt->n_undo > 1 && prompt->ui->cx->heap.used > UNDO_MEMORY))
    forget_oldest(prompt);
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
  th_interrupt_take();
  ThCheckpoint *before = prompt->player ? NULL : th_session_checkpoint(ui->session);
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
  if (status == TH_RUN_FAILED) show_failure(prompt);
  if (prompt->player) th_player_after(prompt->player, text, status);
}

static void drop_finished_lesson(ThPrompt *prompt) {
  if (!prompt->player || !th_player_is_over(prompt->player)) return;
  th_player_free(prompt->player);
  prompt->player = NULL;
}

/* A command typed behind a starter whose blanks are not filled in: `sum(x)/____:hint`. NULL when there is
 * none. */
static const char *command_behind_blanks(const ThPrompt *prompt, const char *text) {
  const char *colon = prompt->player && strstr(text, "____") ? strrchr(text, ':') : NULL;
  return colon && th_command_known(colon + 1) ? colon : NULL;
}

static void submit_one(ThPrompt *prompt, const char *text) {
  const char *start = text + strspn(text, " \t"), *behind = command_behind_blanks(prompt, text);
  if (is_blank(start)) {
    if (prompt->player) th_player_enter(prompt->player);
  } else if (behind) {
    th_player_return_line(prompt->player, text, (size_t)(behind - text));
    th_command_run(prompt, behind);
  } else if (start[0] == ':') {
    th_command_run(prompt, start);
  } else if (start[0] == '?') {
    question(prompt, start);
  } else if (!prompt->player || !th_player_takes(prompt->player, start)) {
    run_code(prompt, text);
  }
  drop_finished_lesson(prompt);
}

/* Whether some line of a text is for the prompt, not for the language. */
static bool has_commands(const char *text) {
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
    if (line[strspn(line, " \t")] == ':' || line[strspn(line, " \t")] == '?') return true;
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
  drop_finished_lesson(prompt);
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

static const char *prompt_text(const ThPrompt *prompt) {
  if (prompt->pending.length > 0) return ".. ";
  return prompt->ui->cx->settings.utf8 ? "θ> " : "theta> ";
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

static void run_line(ThPrompt *prompt, const char *typed, bool pasted) {
  ThText code, entry;
  th_text_init(&code, &prompt->ui->cx->heap);
  th_text_init(&entry, &prompt->ui->cx->heap);
  if (take_line(prompt, typed, pasted, &code)) {
    th_text_bytes(&entry, th_text_string(&prompt->pending), prompt->pending.length);
    th_text_add(&entry, th_text_string(&code));
    th_prompt_submit(prompt, th_text_string(&code));
    if (prompt->pending.length == 0 && !entry.failed) remember(prompt, &entry);
  }
  th_text_clear(&code);
  th_text_clear(&entry);
}

/* One round: false when the person leaves. */
static bool round_trip(ThPrompt *prompt) {
  ThText typed;
  bool pasted = th_editor_input_waits();
  const char *initial = prompt->player && prompt->pending.length == 0 ? th_player_take_starter(prompt->player)
                                                                      : "";
  th_text_init(&typed, &prompt->ui->cx->heap);
  ThLineStatus status = th_editor_read(prompt_text(prompt), th_text_string(&prompt->pending), initial,
                                       &typed);
  if (status == TH_LINE_DROPPED) {
    th_text_clear(&prompt->pending);
    prompt->transcript = false;
  }
  if (status == TH_LINE_READ) run_line(prompt, th_text_string(&typed), pasted);
  if (status == TH_LINE_END) th_ui_write(prompt->ui, "\n");
  th_text_clear(&typed);
  return status != TH_LINE_END && !prompt->leave;
}

static void greet(ThUi *ui) {
  if (ui->quiet) return;
  th_ui_print(ui, "Theta %s. `?` for help, `:lesson` to learn, Ctrl-D to leave.\n", TH_VERSION);
}

int th_prompt_run(ThUi *ui, ThPlayer *player) {
  ThPrompt prompt = {.ui = ui, .player = player};
  th_text_init(&prompt.pending, &ui->cx->heap);
  ui->cx->settings.echo_assignments = true;
  if (!player) greet(ui);
  th_editor_init(ui);
  if (player) th_player_begin(player);
  drop_finished_lesson(&prompt);
  while (round_trip(&prompt)) {}
  th_player_free(prompt.player);
  while (prompt.n_undo > 0) forget_oldest(&prompt);
  th_text_clear(&prompt.pending);
  return EXIT_SUCCESS;
}
