/* timing.h - how long an expression takes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_TIMING_H
#define TH_UI_TIMING_H

#include "ui/ui.h"

/* Runs code once, echoing its value, and says how long it took. A short expression is then evaluated again, for a
 * quarter of a second, and the time of one evaluation is told; what it prints and draws at random meanwhile is
 * as if it had not happened. An error is shown. */
void th_time(ThUi *ui, const char *code);

#endif
