/* plot_command.h - the series of a picture as gnuplot's `plot`, with their data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_COMMAND_H
#define TH_UI_PLOT_COMMAND_H

#include "ui/plot_colors.h"
#include "ui/plot_numbers.h"
#include "ui/plot_range.h"

/* How data are written: as doubles into a file where there is `numbers`, as doubles behind the command where `binary`,
 * else as blocks of text before it, whose names have `number` in them. What a picture that is `dots` wide does not show
 * is left out; 0: all is written. */
typedef struct ThPlotWriting {
  ThPlotNumbers *numbers; /* open, or NULL */
  bool binary;
  size_t dots;
  unsigned number;
  size_t label_limit; /* characters of an entry in the key */
} ThPlotWriting;

/* Appends the command that draws the series of a single figure, what lies behind first. */
TH_CHECKED bool th_plot_command(ThContext *cx, const ThFigure *figure, const ThPlotRange *range,
                                const ThPlotTheme *theme, const ThPlotWriting *writing, ThText *out);
/* Is it drawn in space? */
bool th_plot_is_landscape(const ThFigure *figure);

#endif
