/* gnuplot.h - one gnuplot process that is kept alive */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_GNUPLOT_H
#define TH_UI_GNUPLOT_H

#include "base/text.h"

typedef struct ThGnuplot ThGnuplot;

/* What a process is for. One for files ends at the first error, so that data behind a command that failed are
 * never read as commands: only there may data be binary. One for windows goes on, and answers the mouse. */
typedef enum ThGnuplotUse { TH_GNUPLOT_FILES, TH_GNUPLOT_WINDOWS } ThGnuplotUse;

/* Starts nothing: the process begins with the first picture. NULL when memory is out. */
TH_CHECKED ThGnuplot *th_gnuplot_new(ThContext *cx, ThGnuplotUse use);
void th_gnuplot_free(ThGnuplot *gnuplot); /* NULL is allowed */

/* Whether gnuplot runs, or could be started now; false with an error that says what to install. */
TH_CHECKED bool th_gnuplot_start(ThGnuplot *gnuplot);
/* Whether the last attempt to start it failed. */
bool th_gnuplot_is_absent(const ThGnuplot *gnuplot);
/* Whether the running gnuplot knows a terminal. */
bool th_gnuplot_has_terminal(const ThGnuplot *gnuplot, const char *name);

/* Sends commands, with their data inline, and waits until gnuplot has done them. What its terminal wrote
 * to standard output (a PNG file, a drawing in letters) is appended to `picture`. False with an error when
 * gnuplot is absent, stopped, does not answer or complains; it is then started anew for the next picture. */
TH_CHECKED bool th_gnuplot_run(ThGnuplot *gnuplot, const ThText *commands, ThText *picture);

/* Asks the program for its version: "gnuplot 5.4 patchlevel 4"; false when there is none. */
bool th_gnuplot_version(char *buffer, size_t size);

/* Appends text as a gnuplot string in which nothing is ever executed or interpreted. Line ends stay line
 * ends; other control characters become blanks; text beyond `limit` characters is cut. */
void th_gnuplot_quote(const char *text, size_t limit, ThText *out);

#endif
