/* live_list.h - the names that follow others, listed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LIVE_LIST_H
#define TH_UI_LIVE_LIST_H

#include "ui/ui.h"

/* A line for each live value and declared variable: definition, state, what it hangs on; why it failed. */
void th_live_list(ThUi *ui);

#endif
