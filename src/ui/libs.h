/* libs.h - the tables of built-in functions of ui/ */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LIBS_H
#define TH_UI_LIBS_H

#include "lang/builtin.h"

extern const ThBuiltin th_lib_plot[];       /* plot, scatter, hist, save, … */
extern const ThBuiltin th_lib_plot_plane[]; /* contour, heatmap, surface, quiver */
extern const ThBuiltin th_lib_plot_many[];  /* panels, animate, corner, trace_plot, residual_plot */
extern const ThBuiltin th_lib_help[];       /* help */

#endif
