/* divergence.c - where trajectories of the no-U-turn sampler diverge, and what to do about it, in words */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each element the divergent draws are held against all of them: where the two distribution functions are farthest
 * apart (Kolmogorov and Smirnov) the draws are cut in two, below and above; coordinates are monotone in parameters, so
 * that it does not matter which of the two are ranked. The element with the largest distance is named, when chance
 * would hardly give as much and most of the divergent draws lie on one side. */
#include "infer/divergence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/law.h"
#include "infer/relative.h"
#include "num/real.h"
#include "num/stats.h"
#include "prob/distribution.h"

enum { FEWEST = 5 }; /* divergent draws that tell a place */

/* Draws of one element on one side of a number. */
typedef struct Place {
  size_t element;
  bool below;
  double at;
  double distance;             /* between the distribution functions there; 0: nowhere */
  size_t n_divergent, n_draws; /* that lie there */
} Place;

typedef struct Search {
  const ThChains *sample;
  size_t n, m;       /* draws; those that diverged */
  double *all, *bad; /* (n), (m): of one element, ascending */
} Search;

/* --- Where */

static void gather(Search *s, size_t j) {
  const ThChains *c = s->sample;
  size_t m = 0;
  for (size_t i = 0; i < s->n; i++) {
    s->all[i] = c->x[i * c->k + j];
    if (c->is_divergent[i]) s->bad[m++] = s->all[i];
  }
}

/* x to two digits, for people. */
static double to_two_digits(double x) {
  char text[32];
  snprintf(text, sizeof text, "%.1e", x);
  return strtod(text, NULL);
}

/* The cut of one element, at a number that can be read. */
static Place cut(const Search *s, size_t element) {
  Place best = {.element = element};
  double at = 0;
  for (size_t i = 0; i < s->m; i++) {
    size_t under = th_stats_count_below(s->n, s->all, s->bad[i], true);
    double share = (double)under / (double)s->n, low = (double)(i + 1) / (double)s->m - share,
           high = share - (double)i / (double)s->m;
    if (fmax(low, high) <= best.distance) continue;
    best.distance = fmax(low, high);
    best.below = low > high;
    at = s->bad[i];
  }
  best.at = to_two_digits(at);
  if (best.below && best.at < at) best.at = to_two_digits(at + 0.1 * fabs(at));
  if (!best.below && best.at > at) best.at = to_two_digits(at - 0.1 * fabs(at));
  best.n_divergent = th_stats_count_below(s->m, s->bad, best.at, !best.below);
  best.n_draws = th_stats_count_below(s->n, s->all, best.at, !best.below);
  if (!best.below) best.n_divergent = s->m - best.n_divergent, best.n_draws = s->n - best.n_draws;
  return best;
}

static bool search(ThContext *cx, Search *s, Place *out) {
  *out = (Place){0};
  for (size_t j = 0; j < s->sample->k; j++) {
    gather(s, j);
    if (!th_stats_sort(cx, s->n, s->all) || !th_stats_sort(cx, s->m, s->bad)) return false;
    Place place = cut(s, j);
    if (place.distance > out->distance) *out = place;
  }
  /* one in a hundred by chance, over all elements (Massart 1990) */
  double chance = sqrt(0.5 * log(200.0 * (double)s->sample->k) / (double)s->m);
  if (s->m < FEWEST || out->distance < chance || 2 * out->n_divergent < s->m) out->distance = 0;
  return true;
}

static bool find_place(const ThChains *sample, Place *out) {
  Search s = {.sample = sample, .n = sample->n_chains * sample->n_draws, .m = sample->n_divergent};
  size_t size = s.n + s.m;
  s.all = th_alloc_array(sample->cx, size, sizeof *s.all);
  if (!s.all) return false;
  s.bad = s.all + s.n;
  bool ok = search(sample->cx, &s, out);
  th_free(sample->cx, s.all, size * sizeof *s.all);
  return ok;
}

/* --- What to do */

/* A name for standard normal numbers that the model does not use. */
static const char *free_name(const ThRecording *r) {
  static const char *const names[] = {"η", "z", "ζ", "η_1"};
  for (size_t i = 0; i + 1 < sizeof names / sizeof *names; i++) {
    bool used = false, is_knob;
    for (size_t j = 0; j < r->n_unknowns; j++)
      used = used || strcmp(r->unknowns[j].name->spelling, names[i]) == 0;
    for (size_t j = 0; j < r->data->n; j++)
      used = used || strcmp(th_model_argument(r->model, j, &is_knob)->spelling, names[i]) == 0;
    if (!used) return names[i];
  }
  return names[3];
}

/* An unknown with a scale that hangs on others, and its law. */
typedef struct Child {
  const ThUnknown *unknown; /* NULL: there is none */
  const ThFamily *family;
  int location, scale;
  ThValue p[TH_MAX_PARAMETERS]; /* owned */
} Child;

static void child_clear(Child *c) {
  if (c->unknown) th_release_all(c->p, TH_MAX_PARAMETERS);
}

/* One whose scale hangs on this element, or on any (SIZE_MAX). */
static bool find_child(const ThRecording *r, size_t element, Child *out) {
  bool is_any = element == SIZE_MAX;
  const ThElementary *e = &r->elements[is_any ? 0 : element];
  ThValue variable = th_law_element(r->unknowns[e->unknown].value, e->index);
  *out = (Child){0};
  for (size_t i = 0; (is_any || e->variable) && !out->unknown && i < r->n_unknowns; i++) {
    const ThUnknown *u = &r->unknowns[i];
    if (u->is_held || !th_is_conditional(u->prior)) continue;
    if (!th_relative_scale_of(th_law_family(u->prior), &out->location, &out->scale)) continue;
    if (!th_law_parameters(r->cx, u->prior, &out->family, out->p)) return false;
    ThValue scale = out->p[out->scale];
    bool hangs = th_is_random(scale);
    bool ok = !hangs || is_any || th_variable_hangs_on(r->cx, scale, variable, &hangs);
    if (ok && hangs) out->unknown = u;
    else th_release_all(out->p, TH_MAX_PARAMETERS);
    if (!ok) return false;
  }
  return true;
}

/* Does a product need brackets around it? When an operator stands outside of brackets. */
static bool is_compound(const char *text) {
  int depth = 0;
  for (; *text; text++) {
    depth += (*text == '(' || *text == '[') - (*text == ')' || *text == ']');
    if (depth == 0 && strchr("+-/ ", *text)) return true;
  }
  return false;
}

/* "μ + τ*η" */
static bool add_noncentred(const ThRecording *r, const Child *c, ThText *out) {
  ThValue location = c->p[c->location];
  bool zero = th_is_number(location) && th_as_number(location) == 0;
  ThText text;
  th_text_init(&text, &r->cx->heap);
  bool ok = zero || th_format(r->cx, location, TH_STYLE_INLINE, out);
  if (!zero) th_text_add(out, " + ");
  ok = ok && th_format(r->cx, c->p[c->scale], TH_STYLE_INLINE, &text);
  const char *shown = th_text_string(&text);
  th_text_format(out, is_compound(shown) ? "(%s)*%s" : "%s*%s", shown, free_name(r));
  th_text_clear(&text);
  return ok && th_text_ok(out, r->cx);
}

/* "μ + τ*η with η[8] ~ Normal(0, 1)" */
static bool add_remedy(const ThRecording *r, const Child *c, ThText *out) {
  if (!add_noncentred(r, c, out)) return false;
  th_text_format(out, " with %s", free_name(r));
  if (c->unknown->count != SIZE_MAX) th_text_format(out, "[%zu]", c->unknown->count);
  th_text_format(out, " ~ %s(", c->family->name);
  for (int i = 0; i < c->location; i++) {
    if (!th_format(r->cx, c->p[i], TH_STYLE_INLINE, out)) return false;
    th_text_add(out, ", ");
  }
  th_text_add(out, "0, 1)");
  return th_text_ok(out, r->cx);
}

static bool advise(const ThRecording *r, const Place *place, ThText *out) {
  Child child = {0};
  if (place->distance > 0 && place->below && !find_child(r, place->element, &child)) return false;
  if (!child.unknown) {
    th_text_add(out,
                ": a longer warmup takes smaller steps; narrower priors or other parameters make it easier");
    return th_text_ok(out, r->cx);
  }
  th_text_format(out, ": the funnel of a hierarchy; write %s as ", child.unknown->name->spelling);
  bool ok = add_remedy(r, &child, out);
  child_clear(&child);
  return ok;
}

/* "31 of 4000 trajectories diverged, 29 of them where τ < 0.8 (12 % of the draws)" */
static bool tell_place(const ThLayout *layout, const ThChains *s, Place *place, ThText *out) {
  size_t n = s->n_chains * s->n_draws;
  if (!find_place(s, place)) return false;
  th_text_format(out, "%zu of %zu trajectories diverged", s->n_divergent, n);
  if (place->distance > 0) {
    th_text_format(out, ", %zu of them where ", place->n_divergent);
    th_layout_name(layout, place->element, out);
    th_text_format(out, " %s %.6g (%.2g %% of the draws)", place->below ? "<" : ">", place->at,
                   100 * (double)place->n_draws / (double)n);
  }
  return th_text_ok(out, s->cx);
}

bool th_divergence_tell(const ThRecording *r, const ThLayout *layout, const ThChains *s, ThText *out) {
  Place place;
  return s->n_divergent == 0 || (tell_place(layout, s, &place, out) && advise(r, &place, out));
}

static bool add_mended(const ThRecording *r, const Child *c, ThText *out) {
  th_text_add(out, ": the funnel of a hierarchy. So ");
  if (!c->unknown) {
    th_text_add(out, "what has a scale was sampled in units of it");
    return th_text_ok(out, r->cx);
  }
  th_text_format(out, "%s was sampled as ", c->unknown->name->spelling);
  return add_remedy(r, c, out);
}

bool th_divergence_tell_mended(const ThRecording *r, const ThLayout *layout, const ThChains *s, size_t n_left,
                               ThText *out) {
  Place place = {0};
  Child child = {0};
  if (s->n_divergent == 0) th_text_add(out, "the chains did not reach all energies");
  else if (!tell_place(layout, s, &place, out)) return false;
  if (place.distance > 0 && !find_child(r, place.element, &child)) return false;
  if (!child.unknown && !find_child(r, SIZE_MAX, &child)) return false;
  bool ok = add_mended(r, &child, out);
  child_clear(&child);
  if (n_left) th_text_format(out, ", and %zu diverged", n_left);
  else if (s->n_divergent) th_text_add(out, ", and none diverged");
  return ok && th_text_ok(out, r->cx);
}
