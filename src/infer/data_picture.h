/* data_picture.h - the data of a model in the plane: one input that the mean hangs on, one response */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DATA_PICTURE_H
#define TH_INFER_DATA_PICTURE_H

#include "infer/curve_plot.h"
#include "infer/mean.h"

typedef struct ThDataPicture {
  ThContext *cx;
  const ThQuestion *question;
  const ThRecord *parameters; /* numbers, at which the model is looked at */
  ThSymbol *input, *response;
  ThArray *x, *y; /* borrowed: the data */
} ThDataPicture;

/* Of a model with several inputs, or none, that is an error. The question and the parameters must outlive it. */
TH_CHECKED bool th_data_picture_find(ThContext *cx, const ThQuestion *question, const ThRecord *parameters,
                                     ThDataPicture *out);
/* The data for the body with a grid (th_curve_grid) in the place of the input. */
TH_CHECKED bool th_data_picture_at(const ThDataPicture *p, ThArray *grid, ThModelData *out);
/* The σ of each datum, owned; NULL where the data are not normal. */
TH_CHECKED bool th_data_picture_errors(const ThDataPicture *p, ThArray **out);
/* Points, with error bars where the data are normal; names of the axes. */
TH_CHECKED bool th_data_picture_draw(const ThDataPicture *p, ThFigure *figure);

#endif
