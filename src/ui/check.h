/* check.h - lessons, scripts and examples run as tests */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_CHECK_H
#define TH_UI_CHECK_H

#include "ui/ui.h"

/* Runs files: a script passes when it runs without error. Of a lesson every block must run and print what
 * stands in its `output`; the check of each exercise must fail before the answer, pass after each answer,
 * and fail after each wrong one. A line for each file and exercise, then `N passed, M failed`. Each file has
 * a session of its own. `write` puts what the blocks print into the lessons' `output`, instead of comparing.
 * `examples` runs those of the help's rows as well: each must print what stands behind its `#> `. Returns whether
 * all passed. */
bool th_check_run(ThUi *ui, char *const *paths, size_t n, bool write, bool examples);

#endif
