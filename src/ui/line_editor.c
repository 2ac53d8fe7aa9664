/* line_editor.c - readline, and nothing else of it anywhere */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readline is driven by its callback interface: this file waits for a key or a signal, whichever comes
 * first, and only then calls readline. Its callbacks take no argument, so that the one editor is reached
 * through a static pointer. */
#include "ui/line_editor.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/utf8.h"
#include "ui/blank.h"
#include "ui/completion.h"
#include "ui/history.h"
#include "ui/input.h"
#include "ui/interrupt.h"
#include "ui/line_display.h"
#include "ui/locale.h"

enum { HISTORY_ENTRIES = 5000 };

typedef struct Editor {
  ThUi *ui;
  const ThLineRequest *request;
  char *line; /* what readline gave; its own malloc */
  bool finished, ended, dropped;
  bool blocks; /* the display is this file's, and an input may have several lines */
  ThLineDisplay display;
  char typed[512]; /* bytes that come before those of the terminal */
  size_t n_typed;
} Editor;

static Editor editor; /* reached by readline's callbacks */

bool th_editor_edits_blocks(void) { return editor.blocks; }

bool th_editor_input_waits(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return editor.n_typed > 0 || (poll(&input, 1, 0) > 0 && (input.revents & POLLIN));
}

bool th_editor_input_ended(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* --- Display */

static void send_take(ThText *text) {
  if (text->length > 0) fwrite(text->data, 1, text->length, rl_outstream);
  fflush(rl_outstream);
  th_text_clear(text);
}

static void show_input(size_t point, bool match) {
  ThContext *cx = editor.ui->cx;
  size_t length = (size_t)rl_end;
  uint8_t *tints = cx->settings.color ? th_alloc(cx, length + 1) : NULL;
  ThText out;
  th_text_init(&out, &cx->heap);
  if (tints) th_highlight(editor.ui->session, rl_line_buffer, length, tints);
  if (tints && match) th_highlight_match(rl_line_buffer, length, point, tints);
  ThLineView view = {.prompt = rl_display_prompt ? rl_display_prompt : "",
                     .more = ".. ",
                     .text = rl_line_buffer,
                     .length = length,
                     .point = point,
                     .tints = tints,
                     .width = (size_t)editor.ui->cx->settings.width,
                     .height = (size_t)editor.ui->cx->settings.height};
  th_line_display_update(&editor.display, &view, &out);
  send_take(&out);
  th_free(cx, tints, length + 1);
  th_error_clear(cx);
}

/* While keys wait the screen need not follow: the last of them brings it up to date. */
static void redisplay(void) {
  if (!th_editor_input_waits()) show_input((size_t)rl_point, true);
}

/* Leaves the input on the screen, the cursor behind it. */
static void leave_input(void) {
  ThText out;
  if (!editor.blocks) return;
  th_text_init(&out, &editor.ui->cx->heap);
  show_input((size_t)rl_end, false);
  th_line_display_leave(&editor.display, &out);
  send_take(&out);
}

static void show_anew(void) {
  if (!editor.blocks) {
    rl_forced_update_display();
    return;
  }
  th_line_display_forget(&editor.display);
  show_input((size_t)rl_point, true);
}

static int on_clear_screen(int count, int key) {
  (void)count, (void)key;
  fputs("\033[H\033[2J", rl_outstream);
  show_anew();
  return 0;
}

/* --- Blanks */

/* What is typed on a blank takes its place; a command or a question that of all that stood on the line to begin
 * with. */
static void make_room(int key) {
  size_t length = th_blank_length(rl_line_buffer + rl_point);
  if (length == 0) return;
  if (strchr(":?", key) && strcmp(rl_line_buffer, editor.request->initial) == 0) {
    *editor.request->set_aside = true;
    rl_delete_text(0, rl_end);
    rl_point = 0;
  } else {
    rl_delete_text(rl_point, rl_point + (int)length);
  }
}

static int on_insert(int count, int key) {
  make_room(key);
  return rl_insert(count, key);
}

static int on_paste(int count, int key) {
  make_room(' ');
  return rl_bracketed_paste_begin(count, key);
}

/* --- Completion */

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

static void list_candidates(const ThCompletion *c) {
  ThText list;
  th_text_init(&list, &editor.ui->cx->heap);
  th_completion_list(c, &list);
  leave_input();
  rl_crlf();
  send_take(&list);
  show_anew();
}

/* The only candidate, or what all begin with; a bracket or quote that stands there already is not doubled. */
static void insert_candidate(const ThCompletion *c, size_t common) {
  const char *text = c->candidates[0].text;
  char next = rl_line_buffer[rl_point];
  if (c->n == 1 && common > 0 && (next == '(' || next == '"') && text[common - 1] == next) common--;
  replace(c->start, text, common);
}

/* Whether what stands before the cursor can stay as it is: no word, or one of the candidates. */
static bool is_whole(const ThCompletion *c) {
  size_t typed = (size_t)rl_point - c->start;
  bool whole = c->n == 0 || typed == 0;
  for (size_t i = 0; !whole && i < c->n; i++) {
    const char *text = c->candidates[i].text;
    whole = strncmp(text, rl_line_buffer + c->start, typed) == 0 && (!text[typed] || text[typed] == '(');
  }
  return whole;
}

static int on_tab(int count, int key) {
  ThCompletion c;
  size_t next;
  (void)count, (void)key;
  const char *pending = editor.request->pending;
  bool has_next = th_blank_next(rl_line_buffer, (size_t)rl_point, &next);
  if (th_blank_length(rl_line_buffer + rl_point)) {
    if (has_next) rl_point = (int)next;
    return 0;
  }
  if (!th_complete(editor.ui->session, pending, rl_line_buffer, (size_t)rl_point, &c)) {
    th_error_clear(editor.ui->cx);
    return 0;
  }
  size_t common = th_completion_common(&c), typed = (size_t)rl_point - c.start;
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point);
  bool blank = line + strspn(rl_line_buffer + line, " \t") >= (size_t)rl_point;
  bool longer = c.n == 1 || common > typed;
  if (has_next && is_whole(&c)) rl_point = (int)next;
  else if (c.n > 0 && longer && common > 0) insert_candidate(&c, common);
  else if (c.n > 1) list_candidates(&c);
  else if (c.n == 0 && blank && (pending[0] || line > 0)) rl_insert_text("  ");
  else if (c.n == 0) rl_ding();
  th_completion_clear(&c);
  return 0;
}

/* A bracket typed by habit right behind the one that Tab has set. */
static int on_bracket(int count, int key) {
  if (rl_last_func == on_tab && rl_point > 0 && rl_line_buffer[rl_point - 1] == '(') return 0;
  return on_insert(count, key);
}

/* --- Several lines */

static int move_point(size_t point) {
  rl_point = (int)point;
  return 0;
}

/* The same column of the line that begins at `start`, columns counted from `from`. */
static int move_to_line(size_t from, size_t start) {
  size_t column = th_utf8_width(rl_line_buffer + from, (size_t)rl_point - from);
  size_t end = start + strcspn(rl_line_buffer + start, "\n");
  return move_point(th_utf8_forward(rl_line_buffer, start, end, column));
}

static int on_up(int count, int key) {
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point);
  if (line == 0) return rl_get_previous_history(count, key);
  return move_to_line(line, th_input_line_start(rl_line_buffer, line - 1));
}

static int on_down(int count, int key) {
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point);
  size_t end = line + strcspn(rl_line_buffer + line, "\n");
  if (rl_line_buffer[end] == '\0') return rl_get_next_history(count, key);
  return move_to_line(line, end + 1);
}

static int on_line_start(int count, int key) {
  (void)count, (void)key;
  return move_point(th_input_line_start(rl_line_buffer, (size_t)rl_point));
}

static int on_line_end(int count, int key) {
  (void)count, (void)key;
  return move_point((size_t)rl_point + strcspn(rl_line_buffer + rl_point, "\n"));
}

/* To the end of the line; the line end itself when the cursor stands there. */
static int on_kill_line(int count, int key) {
  size_t length = strcspn(rl_line_buffer + rl_point, "\n");
  if (length == 0 && rl_point < rl_end) length = 1;
  (void)count, (void)key;
  return rl_kill_text(rl_point, rl_point + (int)length);
}

static int on_kill_to_start(int count, int key) {
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point);
  if (line == (size_t)rl_point && line > 0) line--;
  (void)count, (void)key;
  rl_kill_text((int)line, rl_point);
  return move_point(line);
}

/* Begins a line, indented by two blanks for each brace that is open; pasted lines bring their own blanks. */
static int on_new_line(int count, int key) {
  ThOpenBrackets brackets;
  size_t depth = 0;
  (void)count, (void)key;
  rl_insert_text("\n");
  if (th_editor_input_waits()) return 0;
  th_open_brackets(rl_line_buffer, (size_t)rl_point, &brackets);
  for (size_t i = 0; i < brackets.n && brackets.open[i].bracket != '"'; i++) depth++;
  if (brackets.n > 0 && brackets.open[brackets.n - 1].bracket == '"') return 0;
  for (size_t i = 0; i < depth; i++) rl_insert_text("  ");
  return 0;
}

static bool is_finished(void) {
  const ThLineRequest *request = editor.request;
  return !editor.blocks || !request->finished || request->finished(request->self, rl_line_buffer);
}

/* Blank lines at the end, which a paste brings. */
static void trim_end(void) {
  int end = rl_end;
  while (end > 0 && strchr(" \t\n", rl_line_buffer[end - 1])) end--;
  if (memchr(rl_line_buffer + end, '\n', (size_t)(rl_end - end))) rl_delete_text(end, rl_end);
  if (rl_point > rl_end) rl_point = rl_end;
}

static int on_enter(int count, int key) {
  if (!is_finished()) return on_new_line(count, key);
  trim_end();
  leave_input();
  rl_crlf();
  rl_done = 1; /* rl_newline would look at readline's own display, which is not used */
  RL_SETSTATE(RL_STATE_DONE);
  return 0;
}

/* A closing brace that is first on its line stands under the line that opened it. */
static int on_brace(int count, int key) {
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point), point = (size_t)rl_point;
  bool first = line > 0 && line + strspn(rl_line_buffer + line, " ") >= point && point >= line + 2;
  if (first && !th_editor_input_waits()) {
    rl_delete_text((int)point - 2, (int)point);
    rl_point = (int)point - 2;
  }
  return on_insert(count, key);
}

/* On an empty line it ends the session; at the end of an unfinished input it drops that. */
static int on_delete(int count, int key) {
  size_t line = th_input_line_start(rl_line_buffer, (size_t)rl_point);
  bool blank = line + strspn(rl_line_buffer + line, " ") >= (size_t)rl_end;
  if (rl_end == 0) leave_input();
  if (rl_end == 0 || line == 0 || rl_point < rl_end || !blank) return rl_delete(count, key);
  editor.dropped = true;
  return 0;
}

/* --- Setting up */

static void bind(const char *keys, rl_command_func_t *function) {
  Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) rl_bind_keyseq_in_map(keys, function, maps[i]);
}

/* Gives the keys that put themselves on the line another function. Elsewhere than in starters it is readline's, which
 * takes all that was typed ahead at once. */
static void bind_insert(rl_command_func_t *from, rl_command_func_t *to) {
  Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
    for (int key = ' '; key < 256; key++)
      if (maps[i][key].type == ISFUNC && maps[i][key].function == from) rl_bind_key_in_map(key, to, maps[i]);
}

/* Keys that mean something else, or something more, where an input has several lines. */
static void bind_block_keys(void) {
  static const struct {
    const char *keys;
    rl_command_func_t *function;
  } bindings[] = {
      {"\\C-m", on_enter},
      {"\\C-j", on_enter},
      {"\\e\\C-m", on_new_line},
      {"\\e[A", on_up},
      {"\\eOA", on_up},
      {"\\e[B", on_down},
      {"\\eOB", on_down},
      {"\\C-a", on_line_start},
      {"\\e[H", on_line_start},
      {"\\eOH", on_line_start},
      {"\\e[1~", on_line_start},
      {"\\C-e", on_line_end},
      {"\\e[F", on_line_end},
      {"\\eOF", on_line_end},
      {"\\e[4~", on_line_end},
      {"\\C-k", on_kill_line},
      {"\\C-u", on_kill_to_start},
      {"\\C-l", on_clear_screen},
      {"}", on_brace},
      {"\\C-d", on_delete},
  };
  for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
    bind(bindings[i].keys, bindings[i].function);
  rl_bind_keyseq_in_map("\\C-m", on_enter, vi_movement_keymap);
  rl_bind_keyseq_in_map("\\C-j", on_enter, vi_movement_keymap);
}

static void on_line(char *line) {
  editor.line = line;
  editor.ended = !line;
  editor.finished = true;
  rl_callback_handler_remove(); /* the terminal is back in its own mode */
}

static void give_entry(const char *entry) { add_history(entry); }

void th_editor_init(ThUi *ui) {
  const char *term = getenv("TERM");
  if (editor.ui) return;
  editor = (Editor){.ui = ui};
  th_line_display_init(&editor.display, ui->cx);
  rl_readline_name = "theta";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_initialize();
  editor.blocks = term && strcmp(term, "dumb") != 0 && rl_get_termcap("up") && ui->output_is_terminal;
  if (!ui->cx->settings.utf8) { /* bytes beyond ASCII are characters, not Meta keys */
    rl_variable_bind("input-meta", "on");
    rl_variable_bind("output-meta", "on");
    rl_variable_bind("convert-meta", "off");
  }
  bind("\t", on_tab);
  bind("(", on_bracket);
  bind("\\e[200~", on_paste);
  if (editor.blocks) {
    rl_redisplay_function = redisplay;
    rl_variable_bind("bind-tty-special-chars", "off"); /* it would take Ctrl-U back at each prompt */
    bind_block_keys();
    if (!ui->cx->settings.color) rl_variable_bind("blink-matching-paren", "on");
  }
  using_history();
  stifle_history(HISTORY_ENTRIES);
  th_history_load(ui->cx, HISTORY_ENTRIES, give_entry);
}

void th_editor_end(void) {
  if (editor.ui) th_line_display_clear(&editor.display);
  editor = (Editor){0};
}

/* --- Signals */

/* `mark` tells what dropped it: ^C or ^D. */
static void drop_line(const char *mark) {
  rl_callback_sigcleanup();
  leave_input();
  fprintf(rl_outstream, "%s\n", mark); /* before the terminal is put back, which moves the cursor */
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

/* Ctrl-Z: the terminal is the shell's until the person comes back. */
static void stop(void) {
  leave_input();
  rl_crlf();
  rl_deprep_terminal();
  th_interrupt_stop();
  rl_prep_terminal(1);
  th_interrupt_take_resume();
  show_anew();
}

static void resize(void) {
  ThText out;
  th_text_init(&out, &editor.ui->cx->heap);
  th_ui_read_terminal(editor.ui);
  rl_set_screen_size(editor.ui->cx->settings.height, editor.ui->cx->settings.width);
  if (!editor.blocks) {
    rl_resize_terminal();
    return;
  }
  th_line_display_erase(&editor.display, (size_t)editor.ui->cx->settings.width, &out);
  send_take(&out);
  show_input((size_t)rl_point, true);
}

/* What came in by signal; true when the line is over. */
static bool look_at_signals(ThLineStatus *status) {
  int end = th_interrupt_take_end();
  if (end) leave_by(end);
  if (th_interrupt_take_resize()) resize();
  if (th_interrupt_take_stop()) stop();
  if (th_interrupt_take_resume()) {
    rl_prep_terminal(1);
    show_anew();
  }
  if (!th_interrupt_take()) return false;
  drop_line("^C");
  *status = TH_LINE_DROPPED;
  return true;
}

bool th_editor_is_ready(void) { return editor.ui != NULL; }

void th_editor_type(const char *bytes, size_t n) {
  size_t room = sizeof editor.typed - editor.n_typed;
  if (n > room) n = room;
  memcpy(editor.typed + editor.n_typed, bytes, n);
  editor.n_typed += n;
}

/* Gives readline the first byte that was typed before, if there is one. */
static bool take_typed(void) {
  if (editor.n_typed == 0) return false;
  rl_stuff_char((unsigned char)editor.typed[0]);
  memmove(editor.typed, editor.typed + 1, --editor.n_typed);
  return true;
}

static ThLineStatus edit(void) {
  ThLineStatus status = TH_LINE_READ;
  while (!editor.finished) {
    bool key = take_typed() || th_interrupt_wait(STDIN_FILENO);
    if (look_at_signals(&status)) return status;
    if (key) rl_callback_read_char();
    if (!editor.dropped) continue;
    drop_line("^D");
    return TH_LINE_DROPPED;
  }
  if (editor.ended && th_editor_input_ended()) leave_by(SIGHUP); /* the signal may be on its way still */
  return editor.ended ? TH_LINE_END : TH_LINE_READ;
}

static void begin(const ThLineRequest *request) {
  editor.request = request;
  editor.finished = editor.ended = editor.dropped = false;
  th_ui_flush(editor.ui);
  if (th_interrupt_take_resize()) {
    th_ui_read_terminal(editor.ui);
    rl_set_screen_size(editor.ui->cx->settings.height, editor.ui->cx->settings.width);
  }
  th_line_display_forget(&editor.display);
}

ThLineStatus th_editor_read(const ThLineRequest *request, ThText *out) {
  begin(request);
  th_interrupt_begin_editing();
  rl_callback_handler_install(request->prompt, on_line);
  size_t blank;
  bool has_blank = th_blank_find(request->initial, 0, &blank);
  if (request->initial[0]) {
    rl_insert_text(request->initial);
    if (has_blank) rl_point = (int)blank;
    rl_redisplay_function();
  }
  if (has_blank) bind_insert(rl_insert, on_insert);
  ThLineStatus status = edit();
  if (has_blank) bind_insert(on_insert, rl_insert);
  th_interrupt_end_editing();
  if (status == TH_LINE_READ) th_locale_decode(editor.ui->cx, editor.line, out);
  free(editor.line);
  editor.line = NULL;
  return status;
}

void th_editor_remember(const char *entry) {
  const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (!entry[strspn(entry, " \t\n")] || (last && strcmp(last->line, entry) == 0)) return;
  add_history(entry);
  th_history_append(editor.ui->cx, entry);
}

const char *th_editor_version(void) { return rl_library_version; }
