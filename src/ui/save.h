/* save.h - a script that rebuilds the session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SAVE_H
#define TH_UI_SAVE_H

#include "base/text.h"
#include "lang/session.h"

/* Appends statements that give every name that is in force its value again, in a new session: those that were
 * run, in their order, as far as something still hangs on them; where what was run is not known, or drew at
 * random, the value itself. A session that keeps no log (lang/log.h) is written as values. */
TH_CHECKED bool th_save_script(ThSession *session, ThText *out);

#endif
