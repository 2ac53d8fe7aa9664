/* silent.h - a session whose output goes nowhere, for programs that run much code */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_SILENT_H
#define TH_TESTS_SILENT_H

#include "lang/session.h"

/* A session with all that the program defines. What it prints is thrown away; pictures, shown or saved, are drawn as
 * text first. Without memory for it the program ends. */
ThSession *silent_session(void);

#endif
