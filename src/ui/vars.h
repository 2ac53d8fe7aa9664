/* vars.h - the names of the session as a table */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_VARS_H
#define TH_UI_VARS_H

#include "base/text.h"
#include "lang/session.h"

/* Appends a line for each name that begins with a text, in order of definition: name, type, shape, value, no
 * wider than the terminal. */
TH_CHECKED bool th_vars(ThSession *session, const char *beginning, ThText *out);

#endif
