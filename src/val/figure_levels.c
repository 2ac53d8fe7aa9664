/* figure_levels.c - level lines of a function that is given on a grid, as a series of a figure */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/contour.h"
#include "val/figure.h"

#include <math.h>

/* Three points for each piece: its ends, and a gap. */
static void fill(const ThContourPieces *p, size_t first, size_t end, double level,
                 ThArray *const columns[3]) {
  for (size_t i = first; i < end; i++) {
    const double *ends = p->ends + 4 * i;
    for (size_t k = 0; k < 3; k++) {
      columns[0]->real[3 * i + k] = k < 2 ? ends[2 * k] : (double)NAN;
      columns[1]->real[3 * i + k] = k < 2 ? ends[2 * k + 1] : (double)NAN;
      if (columns[2]) columns[2]->real[3 * i + k] = level;
    }
  }
}

static bool add_pieces(ThContext *cx, ThFigure *figure, ThMark mark, const ThContourPieces *p,
                       const size_t *first, size_t n_levels, const double *levels, const char *label) {
  ThArray *columns[3] = {0};
  size_t n_columns = mark == TH_MARK_LEVELS ? 3 : 2;
  bool ok = true;
  for (size_t k = 0; ok && k < n_columns; k++) ok = (columns[k] = th_vector_new(cx, TH_DOUBLE, 3 * p->count));
  if (!ok) {
    for (size_t k = 0; k < n_columns; k++)
      if (columns[k]) th_release(th_object(columns[k]));
    return false;
  }
  for (size_t i = 0; i < n_levels; i++) fill(p, first[i], first[i + 1], levels[i], columns);
  return th_figure_add_take(cx, figure, mark, columns[0], columns[1], columns[2], label);
}

bool th_figure_levels(ThContext *cx, ThFigure *figure, ThMark mark, size_t nx, size_t ny, const double *x,
                      const double *y, const double *z, size_t n_levels, const double *levels,
                      const char *label) {
  ThContourPieces pieces = {0};
  size_t *first = th_alloc_array(cx, n_levels + 1, sizeof *first);
  bool ok = first != NULL;
  if (ok) first[0] = 0;
  for (size_t i = 0; ok && i < n_levels; i++) {
    ok = th_contour_add(cx, nx, ny, x, y, z, levels[i], &pieces);
    first[i + 1] = pieces.count;
  }
  ok = ok && (pieces.count == 0 || add_pieces(cx, figure, mark, &pieces, first, n_levels, levels, label));
  th_contour_clear(cx, &pieces);
  th_free(cx, first, (n_levels + 1) * sizeof *first);
  return ok;
}
