/* ui.c - what the person's side of a session holds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output of programs goes to standard output, everything else to standard error. A reader that has gone
 * (`theta … | head`) ends the program quietly, as it would any other filter. */
#include "ui/ui.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/source.h"
#include "base/utf8.h"
#include "ui/flow.h"
#include "ui/highlight.h"
#include "ui/interrupt.h"
#include "ui/locale.h"
#include "ui/transcript.h"
#include "ui/wait.h"
#include "val/basic.h"

/* --- Writing */

static void end_quietly(void) {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
  _exit(EXIT_FAILURE);
}

static void check_output(ThUi *ui, bool ok) {
  if (ok) return;
  if (errno == EPIPE) end_quietly();
  clearerr(stdout);
  if (ui->output_failed) return;
  ui->output_failed = true;
  fprintf(stderr, "theta: cannot write to standard output: %s\n", strerror(errno));
}

void th_ui_flush(ThUi *ui) { check_output(ui, fflush(stdout) == 0); }

static void erase_progress(ThUi *ui) {
  if (!ui->progress_shown) return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  ui->progress_shown = false;
}

/* Text as the terminal shows it; true when all of it was written. */
static bool send(const ThUi *ui, FILE *to, const char *text, size_t length) {
  if (ui->cx->settings.utf8) return fwrite(text, 1, length, to) == length;
  ThText shown;
  th_text_init(&shown, &ui->cx->heap);
  th_locale_encode(ui->cx, text, length, &shown);
  bool ok = fwrite(th_text_string(&shown), 1, shown.length, to) == shown.length;
  th_text_clear(&shown);
  return ok;
}

static void write_bytes(ThUi *ui, const char *text, size_t length) {
  if (ui->capture) {
    th_text_bytes(ui->capture, text, length);
    return;
  }
  for (size_t i = 0; i < length; i++) ui->lines += text[i] == '\n';
  erase_progress(ui);
  th_transcript_output(ui, text, length);
  check_output(ui, send(ui, stdout, text, length));
}

void th_ui_write(ThUi *ui, const char *text) { write_bytes(ui, text, strlen(text)); }

void th_ui_print(ThUi *ui, const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (length > 0) write_bytes(ui, text, strlen(text));
}

/* A remark that does not fit on one line, folded between its words. */
static void fold(const ThUi *ui, const char *text, ThText *out) {
  size_t width = (size_t)ui->cx->settings.width;
  ThFlow flow;
  while (*text) {
    size_t length = strcspn(text, "\n"), whole = length + (text[length] == '\n');
    if (th_utf8_width(text, length) <= width) {
      th_text_bytes(out, text, whole);
    } else {
      size_t indent = strspn(text, " ");
      th_text_repeat(out, ' ', indent);
      th_flow_init(&flow, out, width - 1, indent ? indent + 2 : 0);
      flow.column = indent;
      th_flow_text(&flow, text + indent, length - indent);
      th_flow_clear(&flow);
    }
    text += whole;
  }
}

void th_ui_say(ThUi *ui, const char *format, ...) {
  ThText folded;
  char text[2048];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  th_text_init(&folded, &ui->cx->heap);
  if (length > 0) fold(ui, text, &folded);
  write_bytes(ui, th_text_string(&folded), folded.length);
  th_text_clear(&folded);
}

static void write_message(ThUi *ui, const char *text) {
  th_ui_flush(ui);
  erase_progress(ui);
  th_transcript_output(ui, text, strlen(text));
  bool ok = send(ui, stderr, text, strlen(text));
  (void)ok; /* nobody is left to be told */
}

void th_ui_message(ThUi *ui, const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  ThText folded;
  th_text_init(&folded, &ui->cx->heap);
  if (length > 0 && ui->messages_are_terminal) fold(ui, text, &folded);
  if (length > 0) write_message(ui, folded.length > 0 && !folded.failed ? th_text_string(&folded) : text);
  th_text_clear(&folded);
}

/* The error as the terminal shows it: a narrow one gets less of the program's lines, and its own folded. */
static void add_error(const ThUi *ui, ThText *out) {
  size_t width = (size_t)ui->cx->settings.width;
  ThText text, folded;
  if (!ui->messages_are_terminal) {
    th_error_show(&ui->cx->error, out);
    return;
  }
  th_text_init(&text, &ui->cx->heap);
  th_text_init(&folded, &ui->cx->heap);
  if (width < 80) th_error_show_within(&ui->cx->error, width - 5, &text);
  else th_error_show(&ui->cx->error, &text);
  fold(ui, th_text_string(&text), &folded);
  if (ui->cx->settings.color) th_highlight_error(ui->session, th_text_string(&folded), out);
  else th_text_add(out, th_text_string(&folded));
  out->failed = out->failed || text.failed || folded.failed;
  th_text_clear(&text);
  th_text_clear(&folded);
}

void th_ui_show_error(ThUi *ui) {
  /* behind the ^C that the terminal shows */
  if (ui->cx->error.code == TH_ERROR_INTERRUPTED && ui->messages_are_terminal) fputs("\n", stderr);
  ThText text;
  th_text_init(&text, &ui->cx->heap);
  add_error(ui, &text);
  if (text.failed) th_ui_message(ui, "error: %s\n", ui->cx->error.message);
  else write_message(ui, th_text_string(&text));
  th_text_clear(&text);
  th_error_clear(ui->cx);
}

/* --- The host */

static void host_write(void *self, const char *text, size_t length) { write_bytes(self, text, length); }

static void host_note(void *self, const char *text) {
  ThUi *ui = self;
  if (!ui->mute_notes) th_ui_message(ui, "%s\n", text);
}

/* `[########············] 40 % what`, on a line that is written over. */
static void host_progress(void *self, double fraction, const char *what) {
  enum { CELLS = 24 };
  ThUi *ui = self;
  if (!ui->messages_are_terminal || ui->capture) return;
  if (fraction < 0) {
    erase_progress(ui);
    return;
  }
  th_ui_flush(ui);
  int done = (int)((fraction < 1 ? fraction : 1) * CELLS);
  fputs("\r[", stderr);
  for (int i = 0; i < CELLS; i++) fputs(i < done ? "#" : ".", stderr);
  int room = ui->cx->settings.width - CELLS - 10;
  fprintf(stderr, "] %3.0f%% %.*s\033[K", 100 * fraction, room > 0 ? room : 0, what ? what : "");
  fflush(stderr);
  ui->progress_shown = true;
}

static bool host_show(void *self, ThContext *cx, void *figure) {
  ThUi *ui = self;
  (void)cx;
  return th_plotter_show(ui->plotter, figure);
}

static bool host_save(void *self, ThContext *cx, void *figure, const char *path) {
  ThUi *ui = self;
  (void)cx;
  return th_plotter_save(ui->plotter, figure, path);
}

static bool host_wait(void *self) { return th_wait_for_person(self); }

bool th_ui_init(ThUi *ui, bool (*define)(ThSession *session)) {
  *ui = (ThUi){.session = th_session_new(), .define = define};
  if (ui->session && define(ui->session)) {
    ui->cx = th_session_context(ui->session);
    ui->plotter = th_plotter_new(ui->cx);
  }
  if (!ui->plotter) {
    th_session_free(ui->session);
    fputs("theta: not enough memory to start\n", stderr);
    return false;
  }
  ui->cx->host = (ThHost){.write = host_write,
                          .note = host_note,
                          .progress = host_progress,
                          .show_figure = host_show,
                          .save_figure = host_save,
                          .wait = host_wait,
                          .self = ui};
  ui->cx->interrupt = th_interrupt_flag();
  ui->input_is_terminal = isatty(STDIN_FILENO);
  ui->output_is_terminal = isatty(STDOUT_FILENO);
  ui->messages_are_terminal = isatty(STDERR_FILENO);
  th_ui_read_terminal(ui);
  return true;
}

bool th_ui_set_args(ThUi *ui, char *const *words, size_t n) {
  ThList *list = th_list_new(ui->cx, n);
  ThSymbol *name = th_symbol_of(ui->cx, "args");
  bool ok = list && name;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue word;
    ok = th_string_of(ui->cx, words[i], &word) && th_list_push_take(ui->cx, list, word);
  }
  if (ok) return th_session_set_take(ui->session, name, th_object(list));
  if (list) th_release(th_object(list));
  return false;
}

ThRunStatus th_ui_run_file(ThUi *ui, const char *path, ThRunMode mode) {
  ThText text;
  ThRunStatus status = TH_RUN_FAILED;
  th_text_init(&text, &ui->cx->heap);
  if (th_read_file(ui->cx, path, &text))
    status = th_session_run(ui->session, path, th_text_string(&text), text.length, mode);
  th_text_clear(&text);
  return status;
}

bool th_ui_init_beside(ThUi *own, const ThUi *ui) {
  if (!th_ui_init(own, ui->define)) return false;
  bool echo_assignments = own->cx->settings.echo_assignments;
  own->cx->settings = ui->cx->settings;
  own->cx->settings.color = false;
  own->cx->settings.utf8 = true;
  own->cx->settings.width = 80;
  own->cx->settings.height = 24;
  own->cx->settings.echo_assignments = echo_assignments;
  own->cx->heap.limit = ui->cx->heap.limit;
  own->mute_notes = true;
  return th_plotter_set_target(own->plotter, "none");
}

void th_ui_clear(ThUi *ui) {
  th_ui_flush(ui);
  th_transcript_close(ui);
  th_plotter_free(ui->plotter);
  th_session_free(ui->session);
  *ui = (ThUi){0};
}

/* --- The terminal */

void th_ui_read_terminal(ThUi *ui) {
  ThSettings *settings = &ui->cx->settings;
  struct winsize size;
  const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
  settings->width = 80;
  settings->height = 24;
  if (ui->output_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 10 &&
      size.ws_row >= 4) {
    settings->width = size.ws_col;
    settings->height = size.ws_row;
  }
  settings->color = ui->output_is_terminal && term && strcmp(term, "dumb") != 0 && !(no_color && no_color[0]);
}

void th_ui_set_locale(ThUi *ui) {
  const char *codeset;
  bool utf8 = th_locale_set(&codeset);
  ui->cx->settings.utf8 = utf8 || !ui->output_is_terminal; /* a file or pipe: UTF-8 always */
  if (utf8 || ui->quiet || !ui->output_is_terminal) return;
  th_ui_message(ui,
                "The locale is not UTF-8 but %s: Greek letters are typed and shown by their names. "
                "`export LC_ALL=C.UTF-8` before `theta` mends it.\n",
                codeset);
}

const char *th_ui_style(const ThContext *cx, ThEmphasis emphasis) {
  static const char *const codes[] = {
      [TH_PLAIN] = "\033[0m", [TH_BOLD] = "\033[1m",      [TH_DIM] = "\033[2m",   [TH_ITALIC] = "\033[3m",
      [TH_CODE] = "\033[36m", [TH_HEADING] = "\033[1;4m", [TH_GOOD] = "\033[32m",
  };
  return cx->settings.color ? codes[emphasis] : "";
}
