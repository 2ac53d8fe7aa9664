/* plot_command.h - the series of a picture as gnuplot's `plot`, with their data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_COMMAND_H
#define TH_UI_PLOT_COMMAND_H

#include "ui/plot_colors.h"
#include "ui/plot_range.h"

/* Appends the command that draws the series of a single figure, what lies behind first. Data are doubles behind the
 * command where `binary`, thinned to what the picture shows; else blocks of text before it, whose names have `number`
 * in them. */
TH_CHECKED bool th_plot_command(ThContext *cx, const ThFigure *figure, const ThPlotRange *range,
                                const ThPlotTheme *theme, bool binary, unsigned number, ThText *out);
/* Is it drawn in space? */
bool th_plot_is_landscape(const ThFigure *figure);

enum { TH_PLOT_LABEL_LIMIT = 54 }; /* characters of an entry in the key */

#endif
