/* terminal_keys.c - single keys from the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrow keys come as escape sequences: ESC [ C, ESC O C, ESC [ 5 ~, ESC [ 1 ; 5 C. An ESC that nothing follows
 * within a moment is the key itself. */
#include "ui/terminal_keys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "ui/interrupt.h"

enum { ESCAPE = 27, MOMENT = 50 /* ms */, LOOK_AGAIN = 200 };

static struct termios ordinary; /* the terminal's own mode, between begin and end */

static bool set_single_keys(void) {
  struct termios mode = ordinary;
  mode.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  return tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) == 0;
}

bool th_keys_begin(void) {
  if (tcgetattr(STDIN_FILENO, &ordinary) != 0 || !set_single_keys()) return false;
  th_interrupt_begin_editing();
  return true;
}

void th_keys_end(void) {
  tcsetattr(STDIN_FILENO, TCSADRAIN, &ordinary);
  th_interrupt_end_editing();
}

bool th_keys_wait(int milliseconds) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, milliseconds) > 0;
}

static bool read_byte(unsigned char *c) { return read(STDIN_FILENO, c, 1) == 1; }

bool th_keys_end_if_asked(void) {
  int end = th_interrupt_take_end();
  if (!end) return false;
  th_keys_end();
  raise(end);
  return true;
}

/* Signals as keys; 0 when there are none. */
static int signal_key(void) {
  if (th_keys_end_if_asked()) return TH_KEY_GONE;
  if (th_interrupt_take()) return TH_KEY_INTERRUPT;
  if (th_interrupt_take_resume()) return set_single_keys() ? TH_KEY_RESIZE : TH_KEY_GONE;
  return th_interrupt_take_resize() ? TH_KEY_RESIZE : 0;
}

static int named_key(unsigned char last, int number) {
  switch (last) {
    case 'A': return TH_KEY_UP;
    case 'B': return TH_KEY_DOWN;
    case 'C': return TH_KEY_RIGHT;
    case 'D': return TH_KEY_LEFT;
    case 'H': return TH_KEY_HOME;
    case 'F': return TH_KEY_END;
    case '~': break;
    default: return TH_KEY_OTHER;
  }
  switch (number) {
    case 1:
    case 7: return TH_KEY_HOME;
    case 4:
    case 8: return TH_KEY_END;
    case 5: return TH_KEY_PAGE_UP;
    case 6: return TH_KEY_PAGE_DOWN;
    default: return TH_KEY_OTHER;
  }
}

/* What follows ESC. */
static int escape_key(void) {
  unsigned char c;
  int number = 0;
  if (!th_keys_wait(MOMENT) || !read_byte(&c)) return ESCAPE;
  if (c != '[' && c != 'O') return TH_KEY_OTHER;
  bool first = true; /* the number before a `;` */
  while (th_keys_wait(MOMENT) && read_byte(&c)) {
    if (c >= '@') return named_key(c, number);
    if (c == ';') first = false;
    if (first && c >= '0' && c <= '9' && number < 100) number = 10 * number + (c - '0');
  }
  return TH_KEY_OTHER;
}

int th_keys_read(void) {
  for (;;) {
    unsigned char c;
    int key = signal_key();
    if (key) return key;
    if (!th_keys_wait(LOOK_AGAIN)) continue;
    if (read_byte(&c)) return c == ESCAPE ? escape_key() : c;
    if (errno != EINTR) return TH_KEY_GONE;
  }
}
