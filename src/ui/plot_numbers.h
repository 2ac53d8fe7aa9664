/* plot_numbers.h - a file that hands the numbers of a picture to gnuplot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_NUMBERS_H
#define TH_UI_PLOT_NUMBERS_H

#include "base/text.h"

/* Doubles for a window: gnuplot reads them again where the mouse asks for another part of the picture, and never as
 * commands. The file is there until the next picture, and goes with the plotter. */
typedef struct ThPlotNumbers {
  char path[256]; /* empty: there is no file */
  int file;
  ThText bytes; /* what is to be written */
} ThPlotNumbers;

/* Starts nothing. */
void th_plot_numbers_init(ThContext *cx, ThPlotNumbers *numbers);
/* Begins anew, without bytes; false, without an error, where no file can be made. */
bool th_plot_numbers_open(ThPlotNumbers *numbers);
/* Writes the bytes over what was there; false, without an error, where that fails. */
bool th_plot_numbers_write(ThPlotNumbers *numbers);
void th_plot_numbers_clear(ThPlotNumbers *numbers);

#endif
