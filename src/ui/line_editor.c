/* line_editor.c - readline, and nothing else of it anywhere */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readline is driven by its callback interface: this file waits for a key or a signal, whichever comes
 * first, and only then calls readline. Its callbacks take no argument, so that the one editor is reached
 * through a static pointer. Signals are let in only while waiting, which leaves no gap to lose one in. */
#include "ui/line_editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "ui/completion.h"
#include "ui/history.h"
#include "ui/interrupt.h"

enum { HISTORY_ENTRIES = 5000, LISTED_CANDIDATES = 200 };

typedef struct Editor {
  ThUi *ui;
  const char *pending;
  char *line; /* what readline gave; its own malloc */
  bool finished, ended;
} Editor;

static Editor editor; /* reached by readline's callbacks */

/* --- Completion */

static void list_candidates(const ThCompletion *c) {
  size_t n = c->n < LISTED_CANDIDATES ? c->n : LISTED_CANDIDATES, longest = 0;
  char **matches = th_alloc_array(c->cx, n + 2, sizeof *matches);
  if (!matches) return;
  matches[0] = c->candidates[0];
  for (size_t i = 0; i < n; i++) {
    matches[i + 1] = c->candidates[i];
    if (strlen(c->candidates[i]) > longest) longest = strlen(c->candidates[i]);
  }
  matches[n + 1] = NULL;
  rl_crlf();
  rl_display_match_list(matches, (int)n, (int)longest);
  rl_forced_update_display();
  th_free(c->cx, matches, (n + 2) * sizeof *matches);
}

/* Replaces the bytes from `start` to the cursor by `length` bytes of text. */
static void replace(size_t start, const char *text, size_t length) {
  ThText copy;
  th_text_init(&copy, &editor.ui->cx->heap);
  th_text_bytes(&copy, text, length);
  if (!copy.failed) {
    rl_begin_undo_group();
    rl_delete_text((int)start, rl_point);
    rl_point = (int)start;
    rl_insert_text(th_text_string(&copy));
    rl_end_undo_group();
  }
  th_text_clear(&copy);
}

static int on_tab(int count, int key) {
  ThCompletion c;
  (void)count, (void)key;
  if (!th_complete(editor.ui->session, editor.pending, rl_line_buffer, (size_t)rl_point, &c)) {
    th_error_clear(editor.ui->cx);
    return 0;
  }
  size_t common = th_completion_common(&c), typed = (size_t)rl_point - c.start;
  bool blank = strspn(rl_line_buffer, " \t") >= (size_t)rl_point;
  bool longer = c.n == 1 || common > typed;
  if (c.n > 0 && longer && common > 0) replace(c.start, c.candidates[0], common);
  else if (c.n > 1) list_candidates(&c);
  else if (c.n == 0 && blank && editor.pending[0]) rl_insert_text("  ");
  else if (c.n == 0) rl_ding();
  th_completion_clear(&c);
  return 0;
}

/* --- Reading */

static void on_line(char *line) {
  editor.line = line;
  editor.ended = !line;
  editor.finished = true;
  rl_callback_handler_remove(); /* the terminal is back in its own mode */
}

static void give_entry(const char *entry) { add_history(entry); }

void th_editor_init(ThUi *ui) {
  editor = (Editor){.ui = ui, .pending = ""};
  rl_readline_name = "theta";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_initialize();
  rl_bind_key('\t', on_tab);
  rl_bind_key_in_map('\t', on_tab, vi_insertion_keymap);
  using_history();
  stifle_history(HISTORY_ENTRIES);
  th_history_load(ui->cx, HISTORY_ENTRIES, give_entry);
}

static void drop_line(void) {
  rl_callback_sigcleanup();
  fputs("^C\n", rl_outstream); /* before the terminal is put back, which moves the cursor */
  fflush(rl_outstream);
  rl_replace_line("", 0);
  rl_callback_handler_remove();
}

/* A signal that ends the program: the terminal is put back first. */
static void leave_by(int number) {
  rl_callback_handler_remove();
  th_interrupt_end_editing();
  raise(number);
}

/* What came in by signal; true when the line is over. */
static bool look_at_signals(ThLineStatus *status) {
  int end = th_interrupt_take_end();
  if (end) leave_by(end);
  if (th_interrupt_take_resize()) {
    rl_resize_terminal();
    th_ui_read_terminal(editor.ui);
  }
  if (th_interrupt_take_resume()) {
    rl_prep_terminal(1);
    rl_forced_update_display();
  }
  if (!th_interrupt_take()) return false;
  drop_line();
  *status = TH_LINE_DROPPED;
  return true;
}

/* Waits for a key with signals let in; false when a signal came. A key that is there already would keep
 * pselect from letting a waiting signal in: that is done first. */
static bool wait_for_key(const sigset_t *let_in) {
  fd_set input;
  sigset_t held;
  FD_ZERO(&input);
  FD_SET(STDIN_FILENO, &input);
  bool key = pselect(STDIN_FILENO + 1, &input, NULL, NULL, NULL, let_in) > 0;
  sigprocmask(SIG_SETMASK, let_in, &held);
  sigprocmask(SIG_SETMASK, &held, NULL);
  return key;
}

static void hold_signals(sigset_t *before) {
  static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT};
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) sigaddset(&set, held[i]);
  sigprocmask(SIG_BLOCK, &set, before);
}

static ThLineStatus edit(const sigset_t *let_in) {
  ThLineStatus status = TH_LINE_READ;
  while (!editor.finished) {
    bool key = wait_for_key(let_in);
    if (look_at_signals(&status)) return status;
    if (key) rl_callback_read_char();
  }
  return editor.ended ? TH_LINE_END : TH_LINE_READ;
}

ThLineStatus th_editor_read(const char *prompt, const char *pending, const char *initial, ThText *out) {
  sigset_t before;
  editor.pending = pending;
  editor.finished = editor.ended = false;
  th_ui_flush(editor.ui);
  if (th_interrupt_take_resize()) {
    th_ui_read_terminal(editor.ui);
    rl_resize_terminal();
  }
  hold_signals(&before);
  th_interrupt_begin_editing();
  rl_callback_handler_install(prompt, on_line);
  if (initial && initial[0]) {
    rl_insert_text(initial);
    rl_redisplay();
  }
  ThLineStatus status = edit(&before);
  th_interrupt_end_editing();
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (status == TH_LINE_READ) th_text_add(out, editor.line);
  free(editor.line);
  editor.line = NULL;
  editor.pending = "";
  return status;
}

bool th_editor_input_waits(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0 && (input.revents & POLLIN);
}

void th_editor_remember(const char *entry) {
  const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (!entry[strspn(entry, " \t\n")] || (last && strcmp(last->line, entry) == 0)) return;
  add_history(entry);
  th_history_append(editor.ui->cx, entry);
}

const char *th_editor_version(void) { return rl_library_version; }
