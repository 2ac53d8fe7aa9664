/* profile.c - the profile of a parameter: how likely each of its values is, the others being as they fit best */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bates and Watts, "Nonlinear Regression Analysis and Its Applications" (1988), section 6.1: outwards from the
 * estimate, in steps over which the signed root of the deviance, which is almost a straight line, grows evenly. */
#include "infer/profile.h"

#include <math.h>
#include <string.h>

#include "infer/names.h"
#include "infer/slice.h"
#include "num/root.h"
#include "val/array.h"

enum { MOST = 60, STEPS = 8 }; /* points on a side; steps up to the end of the interval */

static const double BEYOND = 1.3; /* how far the profile goes, in lengths of the interval */

typedef struct Point {
  double value, loglik, root;
} Point;

/* One side of the estimate, outwards. */
typedef struct Walk {
  ThSlice *slice;
  ThProfile *profile;
  double sign, limit; /* -1 or 1; the end of the range that way */
  double quantile;    /* of the signed root, at the level */
  Point points[MOST + 1];
  size_t n;
  double *x;      /* (MOST + 1, k): where the others are */
  double *trial;  /* (k) */
  bool at_limit;  /* the last point is as good as there */
  double highest; /* of the log density so far */
} Walk;

/* --- One point */

static double root_of(const Walk *w, double loglik) {
  double deviance = 2 * (w->profile->log_density - loglik);
  return w->sign * (deviance > 0 ? sqrt(deviance) : -sqrt(-deviance));
}

/* With the others starting at `from` (k), which stays; where they went is in w->trial. */
static bool evaluate(Walk *w, double value, const double *from, Point *out) {
  memcpy(w->trial, from, w->slice->k * sizeof *from);
  out->value = value;
  if (!th_slice_find(w->slice, 1, &w->profile->element, &value, w->trial, &out->loglik)) return false;
  out->root = root_of(w, out->loglik);
  w->highest = fmax(w->highest, out->loglik);
  return true;
}

static void keep(Walk *w, const Point *point) {
  memcpy(w->x + w->n * w->slice->k, w->trial, w->slice->k * sizeof *w->x);
  w->points[w->n++] = *point;
}

/* --- Outwards */

/* How far the next value lies, from the last step's slope of the root. */
static double next_step(const Walk *w, double last) {
  const Point *a = &w->points[w->n - 1], *b = w->n > 1 ? a - 1 : NULL;
  double gain = w->quantile / STEPS;
  if (!b) return last;
  double slope = fabs((a->root - b->root) / (a->value - b->value)), step = gain / slope;
  return isfinite(step) && step < 2 * last ? fmax(step, 0.2 * last) : 2 * last;
}

/* Not beyond the end of the range, of which nine tenths of what is left are gone. */
static double cap(Walk *w, double step) {
  double from = w->points[w->n - 1].value, left = fabs(w->limit - from);
  if (step < 0.95 * left) return step;
  w->at_limit = left < 1e-4 * fmax(fabs(w->limit - w->points[0].value), 1e-300);
  return 0.9 * left;
}

/* The root stays what it is, however far the steps go. */
static bool is_flat(const Walk *w) {
  if (w->n < 6) return false;
  const Point *last = &w->points[w->n - 1], *before = last - 3, *first = &w->points[1];
  return fabs(last->root - before->root) < 1e-2 * w->quantile &&
         fabs(last->value - before->value) > 30 * fabs(first->value - w->points[0].value);
}

static bool walk(Walk *w) {
  const ThProfile *p = w->profile;
  double step = p->se > 0 ? p->se * w->quantile / STEPS : 0.01 * (1 + fabs(p->estimate));
  keep(w, &(Point){p->estimate, p->log_density, 0});
  while (w->n < MOST && !w->at_limit && !is_flat(w) &&
         fabs(w->points[w->n - 1].root) < BEYOND * w->quantile) {
    Point point;
    const double *from = w->x + (w->n - 1) * w->slice->k;
    bool found = false;
    step = cap(w, next_step(w, step));
    for (int turn = 0; !found && turn < 10; turn++, step = found ? step : 0.5 * step) {
      if (!th_poll(w->slice->cx) || !evaluate(w, w->points[w->n - 1].value + w->sign * step, from, &point))
        return false;
      found = isfinite(point.loglik) && fabs(point.root) < 4 * w->quantile;
    }
    if (!found || point.value == w->points[w->n - 1].value) break;
    keep(w, &point);
  }
  return true;
}

/* --- The interval's end */

typedef struct Crossing {
  Walk *walk;
  const double *from;
} Crossing;

static bool crossing(void *self, double value, double *y) {
  const Crossing *c = self;
  Point point;
  if (!evaluate(c->walk, value, c->from, &point)) return false;
  *y = fabs(point.root) - c->walk->quantile;
  if (c->walk->sign * point.root < 0) *y = -c->walk->quantile;
  return true;
}

/* Where the root is the quantile; NaN when it is nowhere. */
static bool find_end(Walk *w, double *out) {
  *out = (double)NAN;
  for (size_t i = 1; i < w->n; i++) {
    if (!(w->sign * w->points[i].root >= w->quantile)) continue;
    Crossing c = {w, w->x + (i - 1) * w->slice->k};
    ThRoot root;
    if (!th_root_init(w->slice->cx, &root, crossing, &c, w->points[i - 1].value, w->points[i].value))
      return false;
    while (!th_root_test(&root, 0, 1e-11))
      if (!th_poll(w->slice->cx) || !th_root_step(w->slice->cx, &root)) return false;
    *out = root.root;
    return true;
  }
  return true;
}

/* --- Words */

static void add_name(const ThProfile *p, ThText *out) {
  th_layout_name(&th_as_fit(p->fit)->layout, p->element, out);
}

/* What the walk to one side did not find. */
static void add_side(const Walk *w, double end, ThText *out) {
  const ThProfile *p = w->profile;
  const Point *last = &w->points[w->n - 1];
  if (!isnan(end)) return;
  add_name(p, out);
  if (w->at_limit) {
    th_text_format(out, " reaches the end of its range, %.6g, within the interval\n", w->limit);
    return;
  }
  th_text_format(out, " has no %s end: out to %.6g the log likelihood falls by no more than ",
                 w->sign < 0 ? "lower" : "upper", last->value);
  th_format_number(p->log_density - last->loglik, 3, out);
  th_text_char(out, '\n');
}

static void add_higher(const ThProfile *p, double highest, ThText *out) {
  if (!(highest > p->log_density + 1e-6 * (1 + fabs(p->log_density)))) return;
  th_text_add(out, "the fit is not the highest point: the profile reaches ");
  th_format_number(highest, 8, out);
  th_text_add(out, "; begin there with `init`\n");
}

static bool say(ThProfile *p, const Walk *sides, const double *ends, ThText *out) {
  for (int side = 0; side < 2; side++) add_side(&sides[side], ends[side], out);
  add_higher(p, fmax(sides[0].highest, sides[1].highest), out);
  if (!th_text_ok(out, p->cx)) return false;
  return out->length == 0 || th_string(p->cx, th_text_string(out), out->length - 1, &p->words);
}

/* --- Together */

static bool fill(ThProfile *p, const Walk *sides) {
  p->n = sides[0].n + sides[1].n - 1;
  p->value = th_alloc_array(p->cx, 3 * p->n, sizeof *p->value);
  if (!p->value) return false;
  p->loglik = p->value + p->n;
  p->root = p->loglik + p->n;
  for (size_t i = 0; i < p->n; i++) {
    bool below = i < sides[0].n;
    const Point *point = below ? &sides[0].points[sides[0].n - 1 - i] : &sides[1].points[i - sides[0].n + 1];
    p->value[i] = point->value;
    p->loglik[i] = point->loglik;
    p->root[i] = point->root + 0.0;
  }
  return true;
}

static bool find_sides(ThProfile *p, ThSlice *slice, Walk *sides, double *ends) {
  size_t k = slice->k;
  bool ok = true;
  for (int side = 0; ok && side < 2; side++) {
    Walk *w = &sides[side];
    *w = (Walk){.slice = slice,
                .profile = p,
                .sign = side ? 1 : -1,
                .limit = side ? slice->upper[p->element] : slice->lower[p->element],
                .quantile = th_level_quantile(p->level),
                .highest = p->log_density};
    w->x = th_alloc_array(p->cx, (MOST + 2) * k, sizeof *w->x);
    if (!w->x) return false;
    w->trial = w->x + (MOST + 1) * k;
    memcpy(w->trial, th_as_fit(p->fit)->estimate, k * sizeof *w->x);
    ok = walk(w) && find_end(w, &ends[side]);
  }
  return ok;
}

static bool measure(ThProfile *p, ThSlice *slice) {
  double ends[2] = {0};
  Walk *sides = th_alloc_array(p->cx, 2, sizeof *sides);
  ThText words;
  if (!sides) return false;
  memset(sides, 0, 2 * sizeof *sides);
  th_text_init(&words, &p->cx->heap);
  double wide = th_level_quantile(p->level) * p->se;
  p->log_density = slice->log_density;
  p->wald[0] = p->estimate - fmin(wide, p->estimate - slice->lower[p->element]);
  p->wald[1] = p->estimate + fmin(wide, slice->upper[p->element] - p->estimate);
  if (isnan(wide)) p->wald[0] = p->wald[1] = wide;
  bool ok = find_sides(p, slice, sides, ends) && fill(p, sides) && say(p, sides, ends, &words);
  for (int side = 0; ok && side < 2; side++) {
    p->at_end[side] = isnan(ends[side]) && sides[side].at_limit;
    p->interval[side] = !isnan(ends[side]) ? ends[side]
                        : p->at_end[side]  ? sides[side].limit
                                           : sides[side].sign * (double)INFINITY;
  }
  for (int side = 0; side < 2; side++)
    if (sides[side].x) th_free(p->cx, sides[side].x, (MOST + 2) * slice->k * sizeof *sides[side].x);
  th_text_clear(&words);
  th_free(p->cx, sides, 2 * sizeof *sides);
  return ok;
}

bool th_profile_find(ThContext *cx, ThFit *fit, size_t element, double level, ThValue *out) {
  ThSlice slice;
  ThProfile *p = th_object_new(cx, &th_profile_kind, sizeof *p);
  if (!p) return false;
  p->cx = cx;
  p->fit = th_retain(th_object(fit));
  p->element = element;
  p->level = level;
  p->words = th_none();
  p->estimate = fit->estimate[element];
  p->se = fit->se[element];
  bool ok = th_slice_init(cx, fit, &slice);
  if (ok) {
    ok = measure(p, &slice);
    th_slice_clear(&slice);
  }
  if (ok) *out = th_object(p);
  else th_release(th_object(p));
  return ok;
}

/* --- The kind */

static void release(ThObject *self) {
  ThProfile *p = (ThProfile *)self;
  if (p->value) th_free(p->cx, p->value, 3 * p->n * sizeof *p->value);
  th_release(p->fit);
  th_release(p->words);
  th_object_free(self, sizeof *p);
}

static const ThFieldNote fields[] = {
    {"interval", "the interval of the likelihood, [lower, upper]"},
    {"wald", "Wald's interval, from the ±, for comparison"},
    {"table", "the curve: the parameter, the log likelihood loglik, and its signed root"},
    {"estimate", "the parameter's estimate"},
    {"level", "the level of the intervals"},
};
enum { INTERVAL, WALD, TABLE, ESTIMATE, LEVEL, N_FIELDS };

static bool add_column(const ThProfile *p, ThTable *table, const char *name, const double *x) {
  ThValue column;
  ThSymbol *symbol = th_symbol_of(p->cx, name);
  return symbol && th_vector_from(p->cx, x, p->n, &column) && th_table_set_take(p->cx, table, symbol, column);
}

static bool make_table(const ThProfile *p, ThValue *out) {
  ThTable *table = th_table_new(p->cx, p->n);
  ThText name;
  if (!table) return false;
  th_text_init(&name, &p->cx->heap);
  add_name(p, &name);
  bool ok = th_text_ok(&name, p->cx) && add_column(p, table, th_text_string(&name), p->value) &&
            add_column(p, table, "loglik", p->loglik) && add_column(p, table, "root", p->root);
  th_text_clear(&name);
  if (ok) *out = th_object(table);
  else th_release(th_object(table));
  return ok;
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThProfile *p = th_as_profile(self);
  size_t i = 0;
  while (i < N_FIELDS && !th_is_symbol(cx, name, fields[i].name)) i++;
  switch (i) {
    case INTERVAL: return th_vector_from(cx, p->interval, 2, out);
    case WALD: return th_vector_from(cx, p->wald, 2, out);
    case TABLE: return make_table(p, out);
    case ESTIMATE: *out = th_number(p->estimate); return true;
    case LEVEL: *out = th_number(p->level); return true;
    default: return false;
  }
}

static const ThFieldNote *field_note(size_t i) { return i < N_FIELDS ? &fields[i] : NULL; }

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i < N_FIELDS ? th_symbol_of(cx, fields[i].name) : NULL;
}

const ThKind th_profile_kind = {.name = "profile",
                                .release = release,
                                .format = th_profile_format,
                                .get_field = get_field,
                                .field_name = field_name,
                                .field_note = field_note,
                                .plot = th_profile_plot};
