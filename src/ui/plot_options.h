/* plot_options.h - the options that all plotting functions share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_OPTIONS_H
#define TH_UI_PLOT_OPTIONS_H

#include "lang/builtin.h"
#include "val/figure.h"

/* For signatures, behind the `;`. */
#define TH_PLOT_OPTIONS                                                                         \
  "title: string = …, xlabel: string = …, ylabel: string = …, label: string|list = …, " \
  "xrange: vector = …, yrange: vector = …, log: string = \"\", equal: bool = false, "       \
  "color: string|integer = …, style: string = …, width: positive = …, height: positive = …"

#define TH_PLOT_OPTIONS_NOTE                                                          \
  "title, xlabel, ylabel, label: text, or for label a list with one for each curve\n" \
  "xrange, yrange: [from, to]\n"                                                      \
  "log: \"x\", \"y\" or \"xy\"; equal = true: one unit is as long on both axes\n"     \
  "color: 1 to 7, or blue red green purple orange sky black\n"                        \
  "style: \"line\", \"points\", \"dashed\" or \"impulses\"\n"                         \
  "width, height: of the picture, in inches"

/* Their order. */
enum {
  TH_OPTION_TITLE,
  TH_OPTION_XLABEL,
  TH_OPTION_YLABEL,
  TH_OPTION_LABEL,
  TH_OPTION_XRANGE,
  TH_OPTION_YRANGE,
  TH_OPTION_LOG,
  TH_OPTION_EQUAL,
  TH_OPTION_COLOR,
  TH_OPTION_STYLE,
  TH_OPTION_WIDTH,
  TH_OPTION_HEIGHT,
  TH_N_PLOT_OPTIONS
};

/* Reads the ranges and axes, which series need before they are made. `first` is where the options begin. */
TH_CHECKED bool th_plot_options_before(ThContext *cx, const ThCall *call, size_t first, ThFigure *figure);
/* The mark that `style` asks for, or `otherwise`. */
TH_CHECKED bool th_plot_options_mark(ThContext *cx, const ThCall *call, size_t first, ThMark otherwise,
                                     ThMark *mark);
/* Sets what is about the whole: texts, labels, colours, size. */
TH_CHECKED bool th_plot_options_after(ThContext *cx, const ThCall *call, size_t first, ThFigure *figure);

/* Fills a figure from a call, but for what the options say. */
typedef bool (*ThPlotFill)(ThContext *cx, const ThCall *call, ThFigure *figure);
/* A new figure from a call whose options begin at `first`. */
TH_CHECKED bool th_plot_make(ThContext *cx, const ThCall *call, size_t first, ThPlotFill fill, ThValue *out);

#endif
