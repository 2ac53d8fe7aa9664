/* interrupt.c - Ctrl-C and the other signals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only mutable globals of the program: flags that signal handlers set, and a pipe that wakes whoever waits
 * for keys. A handler may run in a thread of the linear algebra library, so that it need not interrupt the wait;
 * and no signal is ever held back here, since only then the kernel prefers the main thread. No handler restarts
 * system calls. */
#include "ui/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted, resized, resumed, stopped, ended;
static int wake[2] = {-1, -1};

static void on_signal(int number) {
  int saved = errno;
  switch (number) {
    case SIGINT: interrupted = 1; break;
    case SIGWINCH: resized = 1; break;
    case SIGCONT: resumed = 1; break;
    case SIGTSTP: stopped = 1; break;
    default: ended = number, interrupted = 1; /* what is being computed stops */
  }
  ssize_t sent = write(wake[1], "", 1); /* a full pipe wakes too */
  (void)sent;
  errno = saved;
}

static void make_pipe(void) {
  if (wake[0] >= 0 || pipe(wake) != 0) return;
  for (int i = 0; i < 2; i++) {
    fcntl(wake[i], F_SETFL, O_NONBLOCK);
    fcntl(wake[i], F_SETFD, FD_CLOEXEC);
  }
}

bool th_interrupt_wait(int file) {
  struct pollfd wait[] = {{.fd = file, .events = POLLIN}, {.fd = wake[0], .events = POLLIN}};
  char bytes[64];
  bool ready = poll(wait, 2, -1) > 0 && wait[0].revents != 0;
  while (read(wake[0], bytes, sizeof bytes) > 0) {}
  return ready;
}

static void set_handler(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/* A shell that starts a program in the background has it ignore Ctrl-C. */
static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void th_interrupt_install(void) {
  make_pipe();
  if (!is_ignored(SIGINT)) set_handler(SIGINT, on_signal);
  set_handler(SIGWINCH, on_signal);
  set_handler(SIGPIPE, SIG_IGN);
}

volatile sig_atomic_t *th_interrupt_flag(void) { return &interrupted; }

/* What was ignored when the program began, as by `nohup`, stays ignored. */
static void handle_while_editing(void (*handler)(int)) {
  static const int numbers[] = {SIGTERM, SIGHUP, SIGCONT, SIGTSTP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (!is_ignored(numbers[i])) set_handler(numbers[i], handler);
}

void th_interrupt_begin_editing(void) { handle_while_editing(on_signal); }
void th_interrupt_end_editing(void) { handle_while_editing(SIG_DFL); }

void th_interrupt_stop(void) {
  set_handler(SIGTSTP, SIG_DFL);
  raise(SIGTSTP); /* here the program stops, and here it goes on */
  set_handler(SIGTSTP, on_signal);
}

static bool take(volatile sig_atomic_t *flag) {
  bool was = *flag;
  *flag = 0;
  return was;
}

bool th_interrupt_take(void) { return take(&interrupted); }
bool th_interrupt_take_resize(void) { return take(&resized); }
bool th_interrupt_take_resume(void) { return take(&resumed); }

bool th_interrupt_take_stop(void) { return take(&stopped); }

int th_interrupt_take_end(void) {
  int number = ended;
  ended = 0;
  return number;
}
