/* family_computed.c - a distribution known by its density on panels */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No constructor has this name: dist(…) makes one where there is no closed form. */
#include <math.h>

#include "num/real.h"
#include "prob/computed.h"
#include "prob/families.h"
#include "prob/numeric.h"
#include "prob/quantile.h"

/* Panels that hold little are followed to so much of themselves; those that hold less than the second need not be
 * (num/pieces.c). */
#define TAIL_ERROR 1e-7
#define LEAST_TAIL 1e-30

typedef struct Computed {
  ThObject object;
  ThPieces panels;
  ThValue text;          /* a string */
  ThComputedFacts facts; /* without its text */
} Computed;

static void computed_release(ThObject *self) {
  Computed *c = (Computed *)self;
  th_release(c->text);
  th_heap_free(self->heap, c->panels.panels, c->panels.capacity * sizeof *c->panels.panels);
  th_object_free(self, sizeof *c);
}

static bool computed_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  (void)style;
  th_text_format(out, "%zu polynomials", ((const Computed *)th_as_object(self))->panels.n);
  return th_text_ok(out, cx);
}

static const ThKind computed_kind = {
    .name = "density on panels", .release = computed_release, .format = computed_format};

static const Computed *computed_of(const ThDistribution *d) {
  return (const Computed *)th_as_object(d->parameters[0]);
}

bool th_computed_new_take(ThContext *cx, ThPieces *panels, const ThComputedFacts *facts, ThValue *out) {
  Computed *c = th_object_new(cx, &computed_kind, sizeof *c);
  if (!c) {
    th_pieces_clear(panels);
    return false;
  }
  c->panels = *panels;
  c->text = th_none();
  c->facts = *facts;
  c->facts.text = NULL;
  ThValue parameter = th_object(c);
  bool ok = th_string_of(cx, facts->text, &c->text) &&
            th_distribution_new(cx, &th_family_computed, &parameter, out);
  th_release(parameter);
  return ok;
}

/* --- Moments */

/* A tail: from this distance of the peak on lies this mass, and the density falls as this power of the distance,
 * infinite for all that falls faster. */
typedef struct Tail {
  double sign, distance, mass, power;
  size_t n_panels; /* of it, which do not count where it is taken for a power */
} Tail;

enum { LIGHT = 15 }; /* a power so large is none */

/* From its last doubling: of panels that are exact to the last. */
static double tail_power(const ThPieces *p, double from, double x) {
  double far = th_pieces_value(p, x), near = th_pieces_value(p, from + 0.25 * (x - from));
  return far > 0 && near > far ? log(near / far) / log(4) : TH_INFINITY;
}

/* Panel i, counted from the end of the tail: where it begins, and the mass behind that. */
static double edge(const ThPieces *p, double sign, size_t i, double *mass) {
  const ThPiece *panel = &p->panels[sign < 0 ? i : p->n - 1 - i];
  *mass = panel->mass + (sign < 0 ? panel->below : panel->above);
  return sign < 0 ? panel->b : panel->a;
}

/* The power between two edges that are well above the noise: the outer one begins the tail. */
static Tail noisy_tail(const ThPieces *p, double peak, double sign, double noise) {
  Tail t = {.sign = sign, .power = TH_INFINITY};
  double mass = 0, x = 0;
  size_t i = 0;
  while (i < p->n && (x = edge(p, sign, i, &mass), mass < noise)) i++;
  t.distance = sign * (x - peak);
  t.mass = mass;
  t.n_panels = i + 1;
  while (i < p->n && (x = edge(p, sign, i, &mass), mass < 10 * t.mass)) i++;
  double near = sign * (x - peak);
  if (i < p->n && near > 0 && t.distance > near) t.power = 1 + log(mass / t.mass) / log(t.distance / near);
  return t.power < LIGHT ? t : (Tail){.power = TH_INFINITY};
}

/* Only what reaches far out is taken for a power. */
static Tail find_tail(const ThPieces *p, double peak, double width, double sign, double noise) {
  double end = sign < 0 ? p->panels[0].a : p->panels[p->n - 1].b;
  if (!(fabs(end - peak) > 1e6 * width)) return (Tail){.power = TH_INFINITY};
  return noise > 0 ? noisy_tail(p, peak, sign, noise) : (Tail){.power = tail_power(p, peak, end)};
}

/* ∫ ((x - peak)/width)^order over the tail. */
static double tail_moment(const Tail *t, double width, int order) {
  if (t->n_panels == 0) return 0;
  return pow(t->sign, order) * t->mass * pow(t->distance / width, order) * (t->power - 1) /
         (t->power - 1 - order);
}

/* The moment of that order about the peak: of the panels that count, and of the tails, which are known to a tenth. */
static double moment(const ThPieces *p, const Tail *tails, double peak, double width, int order,
                     double *error) {
  ThPieces middle = *p;
  middle.panels += tails[0].n_panels;
  middle.n -= tails[0].n_panels + tails[1].n_panels;
  double sum = th_pieces_moment(&middle, peak, width, order, error);
  for (int i = 0; i < 2; i++) {
    double part = tail_moment(&tails[i], width, order);
    sum += part;
    *error += 0.1 * fabs(part);
  }
  return sum;
}

/* A moment of order n exists when the density falls faster than |x|^-(n + 1). */
void th_computed_moments(const ThPieces *p, double peak, double width, ThComputedFacts *facts) {
  double noise = facts->error > 1e-12 ? 1e2 * facts->error : 0;
  Tail tails[2] = {{.power = TH_INFINITY}, {.power = TH_INFINITY}};
  ThFinding *mean = &facts->mean, *variance = &facts->variance;
  if (isinf(facts->lower)) tails[0] = find_tail(p, peak, width, -1, noise);
  if (isinf(facts->upper)) tails[1] = find_tail(p, peak, width, 1, noise);
  double power = fmin(tails[0].power, tails[1].power);
  mean->value = variance->value = TH_NAN;
  if (!(power > 2.01)) return;
  double first = moment(p, tails, peak, width, 1, &mean->error);
  mean->method = facts->method;
  mean->value = peak + width * first;
  mean->error *= width;
  variance->value = TH_INFINITY;
  if (!(power > 3.01)) return;
  variance->method = facts->method;
  bool is_cut = tails[0].n_panels + tails[1].n_panels > 0;
  double second = is_cut ? moment(p, tails, peak, width, 2, &variance->error) - first * first
                         : th_pieces_moment(p, mean->value, width, 2, &variance->error);
  variance->value = width * width * second;
  variance->error *= width * width;
}

static bool build(ThContext *cx, ThDistribution *d) { return th_distribution_room(cx, d, 1, 1); }

/* --- The law */

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  const Computed *c = computed_of(d);
  const ThPieces *panels = &c->panels;
  (void)p;
  bool quantile = what == TH_QUANTILE || what == TH_UPPER_QUANTILE;
  if (quantile && (x == 0 || x == 1)) {
    *out = (x == 0) == (what == TH_QUANTILE) ? c->facts.lower : c->facts.upper;
    return true;
  }
  if (quantile)
    return th_quantile_search(cx, d, 0, what == TH_UPPER_QUANTILE, x, panels->panels[0].a,
                              panels->panels[panels->n - 1].b, TH_NAN, out);
  *out = TH_NAN;
  if (x != x) return true;
  switch (what) {
    case TH_PDF: *out = th_pieces_value(panels, x); break;
    case TH_LOGPDF: *out = log(th_pieces_value(panels, x)); break;
    case TH_CDF: *out = fmin(1, th_pieces_below(panels, x)); break;
    case TH_CCDF: *out = fmin(1, th_pieces_above(panels, x)); break;
    case TH_LOGCDF: *out = log(fmin(1, th_pieces_below(panels, x))); break;
    case TH_LOGCCDF: *out = log(fmin(1, th_pieces_above(panels, x))); break;
    case TH_QUANTILE:
    case TH_UPPER_QUANTILE: break;
  }
  return true;
}

static void standardised(const Computed *c, int n, ThFinding *out) {
  ThFinding sd = c->facts.variance;
  th_finding_root(&sd);
  *out = (ThFinding){.value = TH_NAN};
  if (!isfinite(sd.value)) return;
  out->method = c->facts.method;
  out->value = th_pieces_moment(&c->panels, c->facts.mean.value, sd.value, n, &out->error);
  th_finding_standardised(out, n, &c->facts.mean, &sd);
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  const Computed *c = computed_of(d);
  (void)p;
  switch (what) {
    case TH_MEAN: *out = c->facts.mean; return true;
    case TH_VARIANCE:
    case TH_SD: *out = c->facts.variance; break;
    case TH_SKEWNESS: standardised(c, 3, out); return true;
    case TH_KURTOSIS:
      standardised(c, 4, out);
      out->value -= 3;
      return true;
    default: return th_numeric_find(cx, d, 0, what, out);
  }
  if (what == TH_SD) th_finding_root(out);
  return true;
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  (void)p;
  if (!th_numeric_log_mgf(cx, d, 0, t, out, relative)) return false;
  *relative += computed_of(d)->facts.error;
  return true;
}

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  const ThComputedFacts *facts = &computed_of(d)->facts;
  const ThPieces *panels = &computed_of(d)->panels;
  (void)p;
  *method = facts->method;
  if (what == TH_PDF) return facts->error * th_pieces_height(panels, x);
  double tail = fmin(th_pieces_below(panels, x), th_pieces_above(panels, x));
  return fmax(fmin(facts->error, TAIL_ERROR * tail), LEAST_TAIL);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  for (size_t i = 0; i < n; i++)
    if ((i % 256 == 0 && !th_poll(cx)) ||
        !measure(cx, d, p, TH_QUANTILE, fmax(th_random_uniform(r), 0x1p-60), &x[i]))
      return false;
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)p;
  *lower = computed_of(d)->facts.lower;
  *upper = computed_of(d)->facts.upper;
}

static bool discrete(const ThDistribution *d) { return (void)d, false; }

/* Ends of panels, evenly chosen. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  const ThPieces *panels = &computed_of(d)->panels;
  size_t step = panels->n / most + 1;
  (void)cx, (void)p;
  *n = 0;
  for (size_t i = 0; i < panels->n && *n < most; i += step) points[(*n)++] = panels->panels[i].a;
  return true;
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  (void)style;
  th_text_add(out, th_as_string(computed_of(d)->text)->text);
  return th_text_ok(out, cx);
}

static const ThLaw law = {.measure = measure,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .breaks = breaks,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .error = error_of};

const ThFamily th_family_computed = {
    .builtin = {{.signature = "Computed(density = …) -> distribution"}, {0}},
    .name = "Computed",
    .n_parameters = 1,
    .parameters = {{"density", TH_DOMAIN_ANY, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
};
