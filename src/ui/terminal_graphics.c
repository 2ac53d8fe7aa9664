/* terminal_graphics.c - what a terminal can show besides letters, and its background */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three questions go out at once: the background (OSC 11), a picture of one dot that is only to be looked at (kitty's
 * graphics protocol), and last the device attributes, which every terminal answers: when that answer is there, those
 * to the others are, or never come. Attribute 4 is sixel. */
#include "ui/terminal_graphics.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/line_editor.h"

enum { ESCAPE = 27, BELL = 7, PATIENCE = 200 /* ms */, ANSWER_SIZE = 512 };

/* --- The environment */

static bool begins(const char *text, const char *with) {
  return text && strncmp(text, with, strlen(with)) == 0;
}

static bool is_nested(void) {
  const char *term = getenv("TERM");
  return getenv("TMUX") || getenv("STY") || begins(term, "screen") || begins(term, "tmux");
}

static bool can_be_asked(void) {
  const char *term = getenv("TERM");
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && term[0] && strcmp(term, "dumb") != 0 &&
         strcmp(term, "linux") != 0 && !is_nested() && poll(&input, 1, 0) == 0;
}

/* COLORFGBG is "15;0", or "15;default;0": the last number is the background's, 0 to 6 and 8 are dark ones. */
static void read_environment(ThTerminalReport *report) {
  const char *colors = getenv("COLORFGBG"), *last = colors ? strrchr(colors, ';') : NULL;
  if (last && last[1] >= '0' && last[1] <= '9') {
    long color = strtol(last + 1, NULL, 10);
    report->knows_background = true;
    report->is_dark = color <= 6 || color == 8;
  }
  if (getenv("KITTY_WINDOW_ID") && isatty(STDOUT_FILENO) && !is_nested())
    report->graphics = TH_GRAPHICS_KITTY;
}

/* --- The answer */

/* The bytes of the escape sequence at the start of a text: up to the letter of ESC [ …, or to the ESC \ or BEL that
 * ends a string; 0 when it is none, or is not complete. */
static size_t sequence_length(const char *text, size_t n) {
  if (n < 2 || text[0] != ESCAPE) return 0;
  bool control = text[1] == '[';
  if (!control && !strchr("]P_^", text[1])) return 0;
  for (size_t i = 2; i < n; i++) {
    if (control && text[i] >= 0x40 && text[i] <= 0x7e) return i + 1;
    if (!control && text[i] == BELL) return i + 1;
    if (!control && text[i] == '\\' && text[i - 1] == ESCAPE) return i + 1;
  }
  return 0;
}

/* ESC ] 11 ; rgb:RRRR/GGGG/BBBB: of each colour the first two digits, by how bright the eye finds it. */
static void read_background(const char *text, ThTerminalReport *report) {
  unsigned color[3];
  const char *at = strstr(text, "rgb:");
  if (!at) return;
  at += 4;
  for (int k = 0; k < 3; k++) {
    char digits[3] = {at[0], at[0] ? at[1] : '\0', '\0'};
    color[k] = (unsigned)strtoul(digits, NULL, 16);
    at = strchr(at, '/');
    if (!at && k < 2) return;
    at = at ? at + 1 : "";
  }
  report->knows_background = true;
  report->is_dark = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2] < 128;
}

/* ESC [ ? 62 ; 4 ; 22 c: is 4 among the numbers? */
static bool has_sixel(const char *text) {
  for (const char *at = text + 3; *at && *at != 'c';) {
    char *end;
    if (strtol(at, &end, 10) == 4) return true;
    at = *end == ';' ? end + 1 : "";
  }
  return false;
}

static void read_sequence(const char *text, size_t length, ThTerminalReport *report) {
  char copy[ANSWER_SIZE];
  snprintf(copy, sizeof copy, "%.*s", (int)length, text);
  if (begins(copy, "\033]11;")) read_background(copy, report);
  else if (begins(copy, "\033_G") && strstr(copy, ";OK")) report->graphics = TH_GRAPHICS_KITTY;
  else if (begins(copy, "\033[?") && copy[length - 1] == 'c') {
    report->answered = true;
    if (report->graphics == TH_GRAPHICS_NONE && has_sixel(copy)) report->graphics = TH_GRAPHICS_SIXEL;
  }
}

static bool is_answer(const char *text) {
  return begins(text, "\033]11;") || begins(text, "\033_G") || begins(text, "\033[?");
}

size_t th_terminal_read_report(const char *answer, size_t n, ThTerminalReport *report, char *typed) {
  size_t kept = 0;
  for (size_t i = 0; i < n;) {
    size_t length = is_answer(answer + i) ? sequence_length(answer + i, n - i) : 0;
    if (length) read_sequence(answer + i, length, report);
    else typed[kept++] = answer[i];
    i += length ? length : 1;
  }
  return kept;
}

/* --- Asking */

static bool is_complete(const char *answer, size_t n) {
  ThTerminalReport report = {0};
  char typed[ANSWER_SIZE];
  th_terminal_read_report(answer, n, &report, typed);
  return report.answered;
}

/* What comes until the answer is complete, or nothing more does. */
static size_t read_answer(char answer[ANSWER_SIZE]) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  size_t n = 0;
  answer[0] = '\0';
  while (n + 1 < ANSWER_SIZE && !is_complete(answer, n) && poll(&input, 1, PATIENCE) > 0) {
    ssize_t got = read(STDIN_FILENO, answer + n, ANSWER_SIZE - 1 - n);
    if (got <= 0) break;
    n += (size_t)got;
    answer[n] = '\0';
  }
  return n;
}

bool th_terminal_ask(ThTerminalReport *report) {
  static const char question[] = "\033]11;?\033\\\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[c";
  char answer[ANSWER_SIZE], typed[ANSWER_SIZE];
  struct termios ordinary, single;
  *report = (ThTerminalReport){0};
  read_environment(report);
  if (!can_be_asked() || tcgetattr(STDIN_FILENO, &ordinary) != 0) return false;
  single = ordinary;
  single.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
  single.c_cc[VMIN] = 0;
  single.c_cc[VTIME] = 0;
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &single) != 0) return false;
  fflush(stdout);
  bool asked = write(STDOUT_FILENO, question, sizeof question - 1) == (ssize_t)sizeof question - 1;
  size_t n = asked ? read_answer(answer) : 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &ordinary);
  size_t kept = th_terminal_read_report(answer, n, report, typed);
  th_editor_type(typed, kept);
  return true;
}

/* --- Pictures */

static void add_base64(const unsigned char *bytes, size_t n, ThText *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < n; i += 3) {
    unsigned three = (unsigned)bytes[i] << 16 | (i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0) |
                     (i + 2 < n ? bytes[i + 2] : 0);
    th_text_char(out, digits[three >> 18]);
    th_text_char(out, digits[three >> 12 & 63]);
    th_text_char(out, i + 1 < n ? digits[three >> 6 & 63] : '=');
    th_text_char(out, i + 2 < n ? digits[three & 63] : '=');
  }
}

void th_kitty_picture(const ThText *png, ThText *out) {
  enum { PIECE = 3 * 1024 }; /* 4096 letters */
  const unsigned char *bytes = (const unsigned char *)th_text_string(png);
  for (size_t at = 0; at < png->length; at += PIECE) {
    size_t size = png->length - at < PIECE ? png->length - at : PIECE;
    th_text_format(out, "\033_G%sm=%d;", at ? "" : "a=T,f=100,q=2,", at + size < png->length);
    add_base64(bytes + at, size, out);
    th_text_add(out, "\033\\");
  }
  th_text_char(out, '\n');
}
