/* wait.h - until the person goes on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_WAIT_H
#define TH_UI_WAIT_H

#include "ui/ui.h"

/* Waits for Enter or a blank, with a word about it on the terminal's line meanwhile. False when nobody is there: input
 * or output is no terminal, or its keys cannot be read. Ctrl-C interrupts what runs, and so does
 * the `:` of a command or the `?` of a question, which is then typed at the prompt. */
bool th_wait_for_person(ThUi *ui);

#endif
