/* slide.h - a number moved with the arrow keys */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SLIDE_H
#define TH_UI_SLIDE_H

#include "ui/ui.h"

/* `:slide NAME LO HI …`: moves numbers while everything that follows them is shown anew. What is wrong with the
 * argument, or the terminal, is a message. */
void th_slide_run(ThUi *ui, const char *argument);

#endif
