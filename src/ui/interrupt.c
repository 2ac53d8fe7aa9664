/* interrupt.c - Ctrl-C and the other signals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only mutable globals of the program: flags that signal handlers set. No handler restarts system calls,
 * so that whatever waits comes back and looks. */
#include "ui/interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t interrupted, resized, resumed, stopped, ended;

static void on_signal(int number) {
  switch (number) {
    case SIGINT: interrupted = 1; break;
    case SIGWINCH: resized = 1; break;
    case SIGCONT: resumed = 1; break;
    case SIGTSTP: stopped = 1; break;
    default: ended = number;
  }
}

static void set_handler(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/* A shell that starts a program in the background has it ignore Ctrl-C: that stays so. */
static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void th_interrupt_install(void) {
  if (!is_ignored(SIGINT)) set_handler(SIGINT, on_signal);
  set_handler(SIGWINCH, on_signal);
  set_handler(SIGPIPE, SIG_IGN);
}

volatile sig_atomic_t *th_interrupt_flag(void) { return &interrupted; }

void th_interrupt_begin_editing(void) {
  set_handler(SIGTERM, on_signal);
  set_handler(SIGHUP, on_signal);
  set_handler(SIGCONT, on_signal);
  if (!is_ignored(SIGTSTP)) set_handler(SIGTSTP, on_signal);
}

void th_interrupt_end_editing(void) {
  set_handler(SIGTERM, SIG_DFL);
  set_handler(SIGHUP, SIG_DFL);
  set_handler(SIGCONT, SIG_DFL);
  if (!is_ignored(SIGTSTP)) set_handler(SIGTSTP, SIG_DFL);
}

void th_interrupt_stop(void) {
  sigset_t set, held;
  set_handler(SIGTSTP, SIG_DFL);
  raise(SIGTSTP);
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &set, &held); /* here the program stops, and here it goes on */
  sigprocmask(SIG_SETMASK, &held, NULL);
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
