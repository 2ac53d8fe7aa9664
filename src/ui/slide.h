/* slide.h - numbers moved with the arrow keys */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SLIDE_H
#define TH_UI_SLIDE_H

#include "ui/slider.h"
#include "ui/ui.h"

/* `:slide NAME LO HI …`: moves numbers while everything that follows them is shown anew. Left and right move by a step,
 * PgUp and PgDn by ten, Home and End to the ends; up, down and Tab choose among several numbers; a number that is typed
 * is taken at Enter, and may lie outside; r resets; q and Enter end, and keep the values; Esc and Ctrl-C end, and give
 * back those of before. What is wrong with the argument, or with the terminal, is a message. */
void th_slide_run(ThUi *ui, const char *argument);

/* --- slide_show.c: what is drawn */

enum { TH_MAX_SLIDERS = 6, TH_MAX_SLIDE_PICTURES = 4 };

typedef struct ThSlide {
  ThUi *ui;
  size_t n, at; /* sliders, and the one that the keys move */
  ThSlider sliders[TH_MAX_SLIDERS];
  char typed[40];        /* the number that is being typed */
  const char *complaint; /* about it, or NULL */
  size_t n_pictures;     /* the pictures as they were at the beginning, for comparison */
  const ThSymbol *picture_names[TH_MAX_SLIDE_PICTURES];
  ThValue pictures[TH_MAX_SLIDE_PICTURES];
  size_t lines; /* of the drawing that stands on the screen */
} ThSlide;

/* Appends the drawing: the sliders, the values that follow them, their pictures, a line about the keys; at most
 * `height` lines. False when it was interrupted. */
TH_CHECKED bool th_slide_draw(ThSlide *slide, int height, ThText *out);

#endif
