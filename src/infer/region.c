/* region.c - where two parameters of a fit may lie together */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the estimate outwards in 144 directions, evenly spaced about Wald's ellipse: along each, the root of the
 * deviance is almost proportional to the distance, so that a level is met after few evaluations. */
#include "infer/region.h"

#include <math.h>
#include <string.h>

#include "infer/names.h"
#include "infer/slice.h"
#include "num/real.h"
#include "val/array.h"

static const double FARTHEST =
    100; /* where a curve that is still open is given up, in sizes of Wald's ellipse */

typedef struct Trace {
  ThSlice *slice;
  ThRegion *region;
  double direction[2]; /* at this angle: a step of one standard error */
  double limit;        /* where the first of the two leaves its range */
  double wanted;       /* √χ² */
  double *x;           /* (n_levels, k): where the others were at the last angle */
  double *trial;       /* (k) */
  double highest;
  size_t n_open, n_cut; /* points without an end, and at an end of a range */
} Trace;

/* --- Along one direction */

/* √deviance at a distance, the others starting at `from`. */
static bool fall_at(Trace *t, double distance, const double *from, double *out) {
  const size_t *e = t->region->elements;
  const double *center = t->slice->fit->estimate;
  double values[2], log_density;
  for (int i = 0; i < 2; i++) values[i] = center[e[i]] + distance * t->direction[i];
  memcpy(t->trial, from, t->slice->k * sizeof *from);
  if (!th_poll(t->slice->cx) || !th_slice_find(t->slice, 2, e, values, t->trial, &log_density)) return false;
  double deviance = 2 * (t->slice->log_density - log_density);
  t->highest = fmax(t->highest, log_density);
  *out = deviance < 0 ? 0 : fmin(sqrt(deviance), 1e6);
  return true;
}

/* Where the search along a direction stands: the last two distances with what it has fallen there, and the greatest
 * where it has not fallen enough, and the least where it has, NaN at first. */
typedef struct Hunt {
  double at, fall, before, fall_before, low, high;
} Hunt;

/* The next distance: by the straight line through the last two points, within what is known. */
static double next_distance(const Trace *t, const Hunt *h) {
  double by_line = h->at + (t->wanted - h->fall) * (h->at - h->before) / (h->fall - h->fall_before);
  if (isnan(h->high)) {
    bool ahead = by_line > h->at && isfinite(by_line);
    return fmin(ahead ? fmin(by_line, 2 * h->at) : 2 * h->at, t->limit * (1 - 1e-7));
  }
  return by_line > h->low && by_line < h->high ? by_line : (h->low + h->high) / 2;
}

/* The distance of the curve, from where it was at the angle before; where the others are, into `from`. */
static bool find_distance(Trace *t, double *from, double guess, double *out) {
  enum { TURNS = 60 };
  Hunt h = {.high = (double)NAN};
  double at = fmin(guess, t->limit * (1 - 1e-7));
  bool found = false, cut = false;
  for (int turn = 0; turn < TURNS && !found && !cut && at < FARTHEST * t->wanted; turn++) {
    h.before = h.at, h.fall_before = h.fall;
    h.at = at;
    if (!fall_at(t, at, from, &h.fall)) return false;
    found = fabs(h.fall - t->wanted) <= 5e-8 * t->wanted || h.high - h.low < 1e-8 * h.high;
    if (h.fall < t->wanted) h.low = at;
    else h.high = at;
    cut = !found && h.fall < t->wanted && at >= t->limit * (1 - 1e-6);
    at = next_distance(t, &h);
  }
  *out = found ? h.at : cut ? t->limit : (double)NAN;
  t->n_cut += cut;
  t->n_open += !found && !cut;
  if (found) memcpy(from, t->trial, t->slice->k * sizeof *from);
  return true;
}

/* --- All directions */

void th_region_ellipse(const ThRegion *r, double size, size_t angle, double *x, double *y) {
  const ThFit *fit = th_as_fit(r->fit);
  double phi = 2 * TH_PI * (double)(angle % TH_REGION_ANGLES) / TH_REGION_ANGLES;
  *x = fit->estimate[r->elements[0]] + size * r->root[0] * cos(phi);
  *y = fit->estimate[r->elements[1]] + size * (r->root[2] * cos(phi) + r->root[3] * sin(phi));
}

static void set_direction(Trace *t, size_t angle) {
  const ThRegion *r = t->region;
  const double *center = t->slice->fit->estimate;
  double at[2];
  th_region_ellipse(r, 1, angle, &at[0], &at[1]);
  t->limit = (double)INFINITY;
  for (int i = 0; i < 2; i++) {
    size_t e = r->elements[i];
    t->direction[i] = at[i] - center[e];
    double end = t->direction[i] > 0 ? t->slice->upper[e] : t->slice->lower[e];
    if (t->direction[i] != 0) t->limit = fmin(t->limit, (end - center[e]) / t->direction[i]);
  }
}

static bool trace_angle(Trace *t, size_t angle, double *last) {
  ThRegion *r = t->region;
  const double *center = t->slice->fit->estimate;
  set_direction(t, angle);
  for (size_t i = 0; i < r->n_levels; i++) {
    double distance;
    t->wanted = sqrt(r->chi2[i]);
    if (!find_distance(t, t->x + i * t->slice->k, isfinite(last[i]) ? last[i] : t->wanted, &distance))
      return false;
    last[i] = distance;
    r->x[i * (TH_REGION_ANGLES + 1) + angle] = center[r->elements[0]] + distance * t->direction[0];
    r->y[i * (TH_REGION_ANGLES + 1) + angle] = center[r->elements[1]] + distance * t->direction[1];
  }
  return true;
}

static bool trace_all(Trace *t) {
  ThRegion *r = t->region;
  double last[TH_REGION_LEVELS];
  bool ok = true;
  for (size_t i = 0; i < r->n_levels; i++) {
    last[i] = sqrt(r->chi2[i]);
    memcpy(t->x + i * t->slice->k, t->slice->fit->estimate, t->slice->k * sizeof *t->x);
  }
  for (size_t angle = 0; ok && angle < TH_REGION_ANGLES; angle++) ok = trace_angle(t, angle, last);
  for (size_t i = 0; i < r->n_levels; i++) {
    size_t first = i * (TH_REGION_ANGLES + 1);
    r->x[first + TH_REGION_ANGLES] = r->x[first];
    r->y[first + TH_REGION_ANGLES] = r->y[first];
  }
  return ok;
}

/* --- Words */

static bool say(ThRegion *r, const Trace *t) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  if (t->n_cut) th_text_add(&text, "the region reaches an end of the parameters' range, and is cut there\n");
  if (t->n_open)
    th_text_add(&text, "the region is open: in some directions the likelihood never falls by so much\n");
  if (t->highest > t->slice->log_density + 1e-6 * (1 + fabs(t->slice->log_density)))
    th_text_add(&text, "the fit is not the highest point: fit again with another `init`\n");
  bool ok = th_text_ok(&text, r->cx);
  if (ok && text.length) ok = th_string(r->cx, th_text_string(&text), text.length - 1, &r->words);
  th_text_clear(&text);
  return ok;
}

/* --- Together */

void th_region_name(const ThRegion *r, int which, ThText *out) {
  th_layout_name(&th_as_fit(r->fit)->layout, r->elements[which], out);
}

static bool fail_pair(ThContext *cx, const ThFit *fit, size_t element, const char *problem) {
  ThText name;
  th_text_init(&name, &cx->heap);
  th_layout_name(&fit->layout, element, &name);
  if (th_text_ok(&name, cx)) {
    th_fail(cx, TH_ERROR_VALUE, "`%s` %s", th_text_string(&name), problem);
    if (isnan(fit->se[element])) th_hint(cx, "profile(f, \"%s\") needs none", th_text_string(&name));
  }
  th_text_clear(&name);
  return false;
}

static bool check_pair(ThContext *cx, const ThFit *fit, const size_t *elements) {
  for (int i = 0; i < 2; i++)
    if (!(fit->se[elements[i]] > 0))
      return fail_pair(cx, fit, elements[i], "has no ±, from which `contour` begins");
  return elements[0] != elements[1] ||
         fail_pair(cx, fit, elements[0], "is given twice: `contour` takes two parameters");
}

/* The root of the two's covariance, and room for the curves. */
static bool prepare(ThRegion *r, const ThFit *fit) {
  size_t a = r->elements[0], b = r->elements[1], k = fit->k, size = r->n_levels * (TH_REGION_ANGLES + 1);
  double mixed = fit->covariance[a * k + b] / fit->se[a];
  r->root[0] = fit->se[a];
  r->root[2] = mixed;
  r->root[3] = sqrt(fmax(fit->se[b] * fit->se[b] - mixed * mixed, 1e-12 * fit->se[b] * fit->se[b]));
  r->x = th_alloc_array(r->cx, 2 * size, sizeof *r->x);
  r->y = r->x ? r->x + size : NULL;
  return r->x != NULL;
}

static bool find(ThRegion *r, ThFit *fit) {
  ThSlice slice;
  size_t size = (r->n_levels + 1) * fit->k;
  if (!prepare(r, fit) || !th_slice_init(r->cx, fit, &slice)) return false;
  Trace t = {.slice = &slice, .region = r, .highest = slice.log_density};
  t.x = th_alloc_array(r->cx, size, sizeof *t.x);
  t.trial = t.x ? t.x + r->n_levels * fit->k : NULL;
  bool ok = t.x && trace_all(&t) && say(r, &t);
  if (t.x) th_free(r->cx, t.x, size * sizeof *t.x);
  th_slice_clear(&slice);
  return ok;
}

bool th_region_find(ThContext *cx, ThFit *fit, const size_t *elements, size_t n_levels, const double *levels,
                    ThValue *out) {
  if (!check_pair(cx, fit, elements)) return false;
  ThRegion *r = th_object_new(cx, &th_region_kind, sizeof *r);
  if (!r) return false;
  r->cx = cx;
  r->fit = th_retain(th_object(fit));
  r->words = th_none();
  r->n_levels = n_levels;
  memcpy(r->elements, elements, sizeof r->elements);
  for (size_t i = 0; i < n_levels; i++) {
    r->levels[i] = levels[i];
    r->chi2[i] = -2 * log1p(-levels[i]);
  }
  bool ok = find(r, fit);
  if (ok) *out = th_object(r);
  else th_release(th_object(r));
  return ok;
}

/* --- The kind */

static void release(ThObject *self) {
  ThRegion *r = (ThRegion *)self;
  if (r->x) th_free(r->cx, r->x, 2 * r->n_levels * (TH_REGION_ANGLES + 1) * sizeof *r->x);
  th_release(r->fit);
  th_release(r->words);
  th_object_free(self, sizeof *r);
}

static const ThFieldNote fields[] = {
    {"levels", "the probabilities that the regions are of"},
    {"chi2", "how far 2 log likelihood falls on the way to each region's edge"},
    {"curves", "the edge of each region: a list of tables"},
};
enum { LEVELS, CHI2, CURVES, N_FIELDS };

static bool add_column(const ThRegion *r, ThTable *table, int which, const double *x) {
  ThText name;
  ThValue column;
  th_text_init(&name, &r->cx->heap);
  th_region_name(r, which, &name);
  ThSymbol *symbol = th_text_ok(&name, r->cx) ? th_symbol_of(r->cx, th_text_string(&name)) : NULL;
  th_text_clear(&name);
  return symbol && th_vector_from(r->cx, x, TH_REGION_ANGLES + 1, &column) &&
         th_table_set_take(r->cx, table, symbol, column);
}

/* A table a level, whose columns have the names of the two. */
static bool make_curves(const ThRegion *r, ThValue *out) {
  ThList *list = th_list_new(r->cx, r->n_levels);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < r->n_levels; i++) {
    ThTable *table = th_table_new(r->cx, TH_REGION_ANGLES + 1);
    size_t first = i * (TH_REGION_ANGLES + 1);
    ok = table && add_column(r, table, 0, r->x + first) && add_column(r, table, 1, r->y + first);
    if (ok) ok = th_list_push_take(r->cx, list, th_object(table));
    else if (table) th_release(th_object(table));
  }
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThRegion *r = th_as_region(self);
  size_t i = 0;
  while (i < N_FIELDS && !th_is_symbol(cx, name, fields[i].name)) i++;
  switch (i) {
    case LEVELS: return th_vector_from(cx, r->levels, r->n_levels, out);
    case CHI2: return th_vector_from(cx, r->chi2, r->n_levels, out);
    case CURVES: return make_curves(r, out);
    default: return false;
  }
}

static const ThFieldNote *field_note(size_t i) { return i < N_FIELDS ? &fields[i] : NULL; }

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i < N_FIELDS ? th_symbol_of(cx, fields[i].name) : NULL;
}

const ThKind th_region_kind = {.name = "region",
                               .release = release,
                               .format = th_region_format,
                               .get_field = get_field,
                               .field_name = field_name,
                               .field_note = field_note,
                               .echo = th_region_echo,
                               .plot = th_region_plot};
