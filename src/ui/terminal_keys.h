/* terminal_keys.h - single keys from the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_TERMINAL_KEYS_H
#define TH_UI_TERMINAL_KEYS_H

#include <stdbool.h>

/* A key: a byte, or one of these. */
enum {
  TH_KEY_UP = 256,
  TH_KEY_DOWN,
  TH_KEY_RIGHT,
  TH_KEY_LEFT,
  TH_KEY_PAGE_UP,
  TH_KEY_PAGE_DOWN,
  TH_KEY_HOME,
  TH_KEY_END,
  TH_KEY_OTHER,     /* some other key with a name */
  TH_KEY_INTERRUPT, /* Ctrl-C */
  TH_KEY_RESIZE,    /* the terminal has another size, or the program was stopped and goes on: draw again */
  TH_KEY_GONE       /* the terminal is gone, or the program is to end */
};

/* From begin to end keys are not echoed, and come at once. False when the terminal cannot do that. */
bool th_keys_begin(void);
void th_keys_end(void);
/* A signal that ends the program has come: it is sent again once the terminal is in order. False when there is none. */
bool th_keys_end_if_asked(void);
/* Waits for a key. */
int th_keys_read(void);
/* Whether one is there already. */
bool th_keys_wait(int milliseconds);

#endif
