/* contour.c - level lines of a function that is given on a grid */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/contour.h"

#include <math.h>

typedef struct Corner {
  double x, y, z;
} Corner;

static bool reserve(ThContext *cx, ThContourPieces *p) {
  if (p->count < p->capacity) return true;
  size_t piece = 4 * sizeof *p->ends, capacity = p->capacity ? 2 * p->capacity : 64;
  double *ends = th_resize(cx, p->ends, p->capacity * piece, capacity * piece);
  if (!ends) return false;
  p->ends = ends;
  p->capacity = capacity;
  return true;
}

/* Where the level is crossed between two corners on different sides of it. */
static void cross(const Corner *a, const Corner *b, double level, double *place) {
  double t = (level - a->z) / (b->z - a->z);
  place[0] = a->x + t * (b->x - a->x);
  place[1] = a->y + t * (b->y - a->y);
}

/* One triangle: the corner that is alone on its side of the level is cut off. */
static bool add_triangle(ThContext *cx, const Corner *a, const Corner *b, const Corner *c, double level,
                         ThContourPieces *p) {
  bool above_a = a->z > level, above_b = b->z > level, above_c = c->z > level;
  if (above_a == above_b && above_b == above_c) return true;
  const Corner *alone = above_a == above_b ? c : above_a == above_c ? b : a;
  const Corner *one = alone == a ? b : a, *two = alone == c ? b : c;
  if (!reserve(cx, p)) return false;
  double *ends = p->ends + 4 * p->count++;
  cross(alone, one, level, ends);
  cross(alone, two, level, ends + 2);
  return true;
}

bool th_contour_add(ThContext *cx, size_t nx, size_t ny, const double *x, const double *y, const double *z,
                    double level, ThContourPieces *out) {
  for (size_t i = 0; i + 1 < ny; i++)
    for (size_t j = 0; j + 1 < nx; j++) {
      const double *here = z + i * nx + j;
      Corner corners[4] = {{x[j], y[i], here[0]},
                           {x[j + 1], y[i], here[1]},
                           {x[j + 1], y[i + 1], here[nx + 1]},
                           {x[j], y[i + 1], here[nx]}};
      Corner middle = {0, 0, 0};
      for (int k = 0; k < 4; k++) {
        middle.x += 0.25 * corners[k].x;
        middle.y += 0.25 * corners[k].y;
        middle.z += 0.25 * corners[k].z;
      }
      if (!isfinite(middle.z)) continue;
      for (int k = 0; k < 4; k++)
        if (!add_triangle(cx, &corners[k], &corners[(k + 1) % 4], &middle, level, out)) return false;
    }
  return true;
}

void th_contour_clear(ThContext *cx, ThContourPieces *p) {
  th_free(cx, p->ends, 4 * p->capacity * sizeof *p->ends);
  *p = (ThContourPieces){0};
}
