/* slide.c - a number moved with the arrow keys */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/slide.h"

void th_slide_run(ThUi *ui, const char *argument) { (void)argument; th_ui_write(ui, "\n"); }
