/* family_maximum.c - mle(Gamma, xs): the maximum of a family's likelihood */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a family stands in its row (family_rows.h): a formula, or where to begin. The search itself, and the
 * curvature, are those of all models (numeric.c). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/family_model.h"
#include "infer/family_rows.h"
#include "infer/law.h"
#include "infer/strategy.h"

enum { ALTERNATIONS = 50 };

#define FAR_OUT 1e4 /* an estimate that the data may not hold back */

/* --- Rows */

const ThFamilyRow *th_family_row_find(const ThFamily *family) {
  static const ThFamilyRow *const tables[] = {th_family_rows_line, th_family_rows_positive,
                                              th_family_rows_bounded, th_family_rows_counts};
  for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
    for (const ThFamilyRow *row = tables[k]; row->family; row++)
      if (row->family == family) return row;
  return NULL;
}

double *th_family_start(ThFamilyTask *t) {
  double *p = t->starts[t->n_starts++];
  memset(p, 0, TH_MAX_PARAMETERS * sizeof *p);
  return p;
}

bool th_family_fail(const ThFamilyTask *t, const char *parameter, bool grows, const char *why, ...) {
  char reason[160];
  va_list args;
  va_start(args, why);
  vsnprintf(reason, sizeof reason, why, args);
  va_end(args);
  if (grows)
    return th_fail(t->s->cx, TH_ERROR_NUMERIC,
                   "the likelihood of `%s` has no maximum, it rises for ever as `%s` grows: %s",
                   t->family->name, parameter, reason);
  return th_fail(t->s->cx, TH_ERROR_NUMERIC,
                 "the likelihood of `%s` grows without bound as `%s` goes to 0: %s", t->family->name,
                 parameter, reason);
}

/* --- The task */

typedef struct Search {
  const ThRecording *r;
  const ThFamilyModel *model;
  const ThFamilyRow *row;
  ThFamilyTask task;
  bool positional; /* no parameter goes by another name */
  bool mle;
  unsigned edges;         /* the row's, */
  const char *edge_words; /* and what they are; */
  bool rest_solved;       /* the formula gives the others too */
} Search;

/* The positional parameter of an element; one beyond them goes by another name. */
static size_t place_of(const ThRecording *r, size_t element) {
  return r->model->family->unknowns[r->elements[element].unknown].argument;
}

static void read_held(Search *s) {
  const ThFamily *family = s->model->family;
  for (int j = 0; j < family->n_parameters; j++) {
    s->task.held[j] = true; /* what is not among the parameters has its default */
    s->task.p[j] = family->parameters[j].fallback;
  }
  for (size_t i = 0; i < s->model->n; i++) {
    size_t j = s->model->unknowns[i].argument;
    double value;
    if (j >= (size_t)family->n_parameters) continue;
    s->task.held[j] = s->r->unknowns[i].is_held;
    if (s->task.held[j] && th_to_number(s->r->unknowns[i].value, &value)) s->task.p[j] = value;
  }
}

/* --- Data that allow no maximum */

/* A datum at an end of the support where the density is 0 or infinite. */
static bool check_open(const Search *s) {
  const ThObservation *o = &s->r->observations[0];
  for (size_t i = 0; i < th_value_length(o->data); i++) {
    double x = th_datum(o->data, i);
    char where[48] = "";
    if (!(s->row->open_low && x <= 0) && !(s->row->open_high && x >= 1)) continue;
    if (th_is_array(o->data)) snprintf(where, sizeof where, " at datum %zu", i + 1);
    return th_fail(s->r->cx, TH_ERROR_VALUE, "`%s` is %.6g%s, where the density of %s is 0 or infinite",
                   o->name->spelling, x, where, s->model->family->name);
  }
  return true;
}

/* All data equal, and nothing held. */
static bool check_spread(const Search *s) {
  const ThFamilyTask *t = &s->task;
  if (!s->row->collapses || t->s->low < t->s->high) return true;
  for (int j = 0; j < t->family->n_parameters; j++)
    if (t->held[j]) return true;
  const char *name = t->family->parameters[s->row->collapses - 1].name;
  return th_fail(s->r->cx, TH_ERROR_NUMERIC, "the likelihood of `%s` grows without bound as `%s` %s: %s %.6g",
                 t->family->name, name, s->row->grows ? "grows" : "goes to 0",
                 t->s->n == 1 ? "there is one datum," : "all data are", t->s->low);
}

static bool check(Search *s) {
  if (!check_open(s)) return false;
  if (!s->mle || !s->positional) return true;
  return check_spread(s) && (!s->row->check || s->row->check(&s->task));
}

/* --- By the general search */

/* Starts of the free elements out of n rows of positional ones; what goes by another name begins at a plain number. */
static double *make_starts(const Search *s, const ThRecording *r, const double *from, size_t n) {
  double *starts = th_alloc_array(r->cx, n * r->n_elements + 1, sizeof *starts);
  for (size_t i = 0; starts && i < n; i++)
    for (size_t e = 0; e < r->n_elements; e++) {
      size_t j = place_of(r, e);
      const ThFamilyUnknown *u = &s->model->unknowns[r->elements[e].unknown];
      double plain = isfinite(u->upper) ? 0.5 * (u->lower + u->upper) : 1;
      double x = j < (size_t)s->model->family->n_parameters ? from[i * TH_MAX_PARAMETERS + j] : plain;
      starts[i * r->n_elements + e] = x > u->lower && x < u->upper ? x : plain;
    }
  return starts;
}

static ThAttempt search(const Search *s, const ThRecording *r, const double *from, size_t n, bool solved,
                        ThMaximum *out, ThReason *why) {
  double *starts = make_starts(s, r, from, n);
  if (!starts) return TH_FAILED;
  ThAttempt attempt = th_numeric_maximum_from(r, starts, n, solved, out, why);
  th_free(r->cx, starts, (n * r->n_elements + 1) * sizeof *starts);
  if (attempt == TH_ANSWERED && solved) out->method = "exact: closed form";
  return attempt;
}

/* What a search that failed, or went far out, means. */
static ThAttempt explain(Search *s, ThMaximum *out, ThAttempt attempt) {
  if (!s->mle || !s->positional || !s->row->explain || attempt == TH_DECLINED) return attempt;
  if (attempt == TH_FAILED && s->r->cx->error.code != TH_ERROR_NUMERIC) return TH_FAILED;
  bool far = attempt == TH_FAILED;
  for (size_t e = 0; !far && e < out->k; e++) {
    size_t j = place_of(s->r, e);
    bool shape = s->model->family->parameters[j].domain == TH_DOMAIN_POSITIVE || j == 2;
    far = shape && fabs(out->estimate[e]) > FAR_OUT * (1 + s->task.s->high - s->task.s->low);
  }
  if (!far) return attempt;
  ThError kept = s->r->cx->error;
  th_error_clear(s->r->cx);
  if (!s->row->explain(&s->task)) {
    if (attempt == TH_ANSWERED) th_maximum_clear(out);
    return TH_FAILED;
  }
  s->r->cx->error = kept;
  return attempt;
}

/* --- Parameters at whose maximum the likelihood is not level */

static bool is_edge(const Search *s, size_t j) { return (s->edges >> j & 1) && !s->task.held[j]; }

/* "a = 0.2 is an end of the data:" */
static void add_edge(const Search *s, size_t j, bool first, ThText *out) {
  th_text_format(out, "%s%s = %.6g %s", first ? "" : ", ", s->model->family->parameters[j].name, s->task.p[j],
                 s->edge_words);
}

static bool set_fixed(const Search *s, ThRecord **out) {
  const ThRecord *fix = s->r->options.fix;
  ThContext *cx = s->r->cx;
  ThRecord *fixed = *out = th_record_new(cx, s->model->n);
  bool ok = fixed != NULL;
  for (size_t i = 0; ok && fix && i < fix->length; i++)
    ok = th_record_set_take(cx, fixed, fix->names[i], th_retain(fix->values[i]));
  for (size_t i = 0; ok && i < s->model->n; i++) {
    size_t j = s->model->unknowns[i].argument;
    if (is_edge(s, j))
      ok = th_record_set_take(cx, fixed, s->model->unknowns[i].name, th_number(s->task.p[j]));
  }
  if (!ok && fixed) th_release(th_object(fixed));
  return ok;
}

/* The maximum of the others, with the edges held, into that of all. */
static ThAttempt search_rest(const Search *s, const ThRecord *fixed, ThMaximum *out, ThReason *why) {
  ThRecordOptions options = s->r->options;
  ThRecording rest;
  ThMaximum part;
  options.fix = fixed;
  if (!th_record_model(s->r->cx, s->r->model, s->r->data, &options, &rest)) return TH_FAILED;
  ThAttempt attempt = TH_ANSWERED;
  if (rest.n_elements > 0) {
    attempt = search(s, &rest, s->task.p, 1, s->rest_solved, &part, why);
    for (size_t e = 0, at = 0; attempt == TH_ANSWERED && e < out->k; e++) {
      if (is_edge(s, place_of(s->r, e))) continue;
      out->estimate[e] = part.estimate[at];
      for (size_t f = 0, to = 0; f < out->k; f++) {
        if (is_edge(s, place_of(s->r, f))) continue;
        out->covariance[e * out->k + f] = part.covariance[at * part.k + to];
        out->information[e * out->k + f] = part.information[at * part.k + to];
        to++;
      }
      at++;
    }
    if (attempt == TH_ANSWERED) {
      out->method = part.method;
      out->calls = part.calls;
      th_maximum_clear(&part);
    }
  }
  th_recording_clear(&rest);
  return attempt;
}

static ThAttempt answer_edges(const Search *s, ThMaximum *out, ThReason *why) {
  size_t k = s->r->n_elements;
  ThRecord *fixed;
  if (!set_fixed(s, &fixed)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_maximum_init(s->r->cx, k, out)) {
    for (size_t i = 0; i < k * k; i++) out->covariance[i] = out->information[i] = (double)NAN;
    bool first = true;
    for (size_t e = 0; e < k; e++) {
      size_t j = place_of(s->r, e);
      out->estimate[e] = s->task.p[j];
      if (!is_edge(s, j)) continue;
      add_edge(s, j, first, &out->words);
      first = false;
    }
    th_text_add(&out->words, ":\nthe likelihood is not level there, so that its curvature gives no ±\n");
    out->method = "exact: closed form";
    if (th_text_ok(&out->words, s->r->cx)) attempt = search_rest(s, fixed, out, why);
    if (attempt != TH_ANSWERED) th_maximum_clear(out);
  }
  th_release(th_object(fixed));
  return attempt;
}

/* --- A formula whose curvature is not asked of the search */

/* At a kink: the expected information. */
static ThAttempt answer_kink(const Search *s, ThMaximum *out) {
  double fisher[TH_MAX_PARAMETERS * TH_MAX_PARAMETERS];
  size_t k = s->r->n_elements, m = (size_t)s->model->family->n_parameters;
  if (!th_maximum_init(s->r->cx, k, out)) return TH_FAILED;
  s->model->family->math->fisher(s->task.p, fisher);
  for (size_t e = 0; e < k; e++) {
    size_t j = place_of(s->r, e);
    double information = s->task.s->total * fisher[j * m + j]; /* location and scale do not mix */
    out->estimate[e] = s->task.p[j];
    out->information[e * k + e] = information;
    out->covariance[e * k + e] = 1 / information;
  }
  out->method = "exact: closed form";
  out->expected = true;
  if (!s->task.held[0])
    th_text_format(&out->words,
                   "the likelihood has a kink at %s: its ± is that of the expected information\n",
                   s->model->family->parameters[0].name);
  return TH_ANSWERED;
}

/* An element at an end of its range: a probability of 1. */
static bool is_at_end(const Search *s, size_t e) {
  const ThFamilyUnknown *u = &s->model->unknowns[s->r->elements[e].unknown];
  double x = s->task.p[u->argument];
  return x <= u->lower || x >= u->upper;
}

static ThAttempt answer_end(const Search *s, size_t at, ThMaximum *out) {
  size_t k = s->r->n_elements, j = place_of(s->r, at);
  if (!th_maximum_init(s->r->cx, k, out)) return TH_FAILED;
  for (size_t i = 0; i < k * k; i++) out->covariance[i] = out->information[i] = (double)NAN;
  for (size_t e = 0; e < k; e++) out->estimate[e] = s->task.p[place_of(s->r, e)];
  th_text_format(
      &out->words,
      "%s = %.6g is an end of its range:\nthe likelihood is not level there, so that its curvature "
      "gives no ±\n",
      s->model->family->parameters[j].name, s->task.p[j]);
  out->method = "exact: closed form";
  return TH_ANSWERED;
}

/* The others at given edges, the edges at given others, until these stay. */
static ThAttempt alternate(Search *s, ThMaximum *out, ThReason *why) {
  ThAttempt attempt = answer_edges(s, out, why);
  for (int turn = 0; turn < ALTERNATIONS && attempt == TH_ANSWERED; turn++) {
    bool stays = true;
    for (size_t e = 0; e < out->k; e++) s->task.p[place_of(s->r, e)] = out->estimate[e];
    s->row->solve(&s->task);
    for (size_t e = 0; e < out->k; e++)
      if (is_edge(s, place_of(s->r, e))) stays = stays && s->task.p[place_of(s->r, e)] == out->estimate[e];
    if (stays) break;
    th_maximum_clear(out);
    attempt = answer_edges(s, out, why);
  }
  return attempt;
}

/* The log likelihood at a maximum, whose numbers become the task's. */
static double likelihood_at(Search *s, const ThMaximum *m) {
  for (size_t e = 0; e < m->k; e++) s->task.p[place_of(s->r, e)] = m->estimate[e];
  return th_sample_log_density(s->task.s, s->model->family->math, s->task.p);
}

/* The datum next to x, upward or downward; x where there is none. The data are sorted. */
static double neighbour(const ThSample *s, double x, bool upward) {
  double found = x;
  for (size_t i = 0; i < s->n; i++) {
    if (upward && s->x[i] > x) return s->x[i];
    if (!upward && s->x[i] < x) found = s->x[i];
  }
  return found;
}

/* From where alternating ends, edge j goes from datum to datum as long as the likelihood, with the others found anew,
 * grows: alternating creeps along a ridge, and may end on it. */
static ThAttempt climb_edge(Search *s, size_t j, bool upward, ThMaximum *out, ThReason *why) {
  double best = likelihood_at(s, out);
  for (;;) {
    ThMaximum other;
    double at = s->task.p[j];
    s->task.p[j] = neighbour(s->task.s, at, upward);
    if (s->task.p[j] == at) return TH_ANSWERED;
    ThAttempt attempt = answer_edges(s, &other, why);
    if (attempt != TH_ANSWERED && s->r->cx->error.code != TH_ERROR_NUMERIC) {
      th_maximum_clear(out);
      return TH_FAILED;
    }
    if (attempt != TH_ANSWERED) th_error_clear(s->r->cx);
    double value = attempt == TH_ANSWERED ? likelihood_at(s, &other) : -(double)INFINITY;
    if (!(value > best)) {
      if (attempt == TH_ANSWERED) th_maximum_clear(&other);
      likelihood_at(s, out);
      return TH_ANSWERED;
    }
    th_maximum_clear(out);
    *out = other;
    best = value;
  }
}

static ThAttempt climb_edges(Search *s, ThMaximum *out, ThReason *why) {
  ThAttempt attempt = alternate(s, out, why);
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++)
    for (int upward = 0; upward < 2 && attempt == TH_ANSWERED && is_edge(s, j); upward++)
      attempt = climb_edge(s, j, upward == 1, out, why);
  return attempt;
}

static ThAttempt answer_solved(Search *s, ThMaximum *out, ThReason *why) {
  s->rest_solved = !s->row->alternates;
  for (size_t e = 0; e < s->r->n_elements; e++)
    if (is_edge(s, place_of(s->r, e)))
      return s->row->alternates ? climb_edges(s, out, why) : answer_edges(s, out, why);
  if (s->row->kinked) return answer_kink(s, out);
  for (size_t e = 0; e < s->r->n_elements; e++)
    if (is_at_end(s, e)) return answer_end(s, e, out);
  return search(s, s->r, s->task.p, 1, true, out, why);
}

/* --- All of it */

/* A parameter that may be 0, as Voigt's σ and γ, and went there as far as numbers without bounds go: it is 0. */
static ThAttempt settle_zeros(Search *s, ThMaximum *out, ThReason *why) {
  double small = 1e-6 * (s->task.s->high - s->task.s->low);
  s->edges = 0;
  for (size_t e = 0; e < out->k; e++) {
    size_t j = place_of(s->r, e);
    bool zero = s->model->family->parameters[j].domain == TH_DOMAIN_NON_NEGATIVE && out->estimate[e] < small;
    s->task.p[j] = zero ? 0 : out->estimate[e];
    if (zero) s->edges |= 1u << j;
  }
  if (!s->edges) return TH_ANSWERED;
  s->edge_words = "is an end of its range";
  s->rest_solved = false;
  th_maximum_clear(out);
  return answer_edges(s, out, why);
}

static ThAttempt answer(Search *s, ThMaximum *out, ThReason *why) {
  ThFamilyTask *t = &s->task;
  if (s->row->sorted && !th_sample_sort(t->s)) return TH_FAILED;
  if (!check(s)) return TH_FAILED;
  if (s->mle && s->positional && s->row->solve && s->row->solve(t)) return answer_solved(s, out, why);
  if (!s->row->start) return th_decline(why, "no start is known");
  s->row->start(t);
  ThAttempt attempt = explain(s, out, search(s, s->r, t->starts[0], t->n_starts, false, out, why));
  return attempt == TH_ANSWERED && s->positional ? settle_zeros(s, out, why) : attempt;
}

ThAttempt th_family_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  const ThFamilyModel *model = r->model->family;
  const ThFamilyRow *row = model ? th_family_row_find(model->family) : NULL;
  if (!row) return th_decline(why, "it is no family with a likelihood of numbers");
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  ThSample sample;
  Search s = {.r = r,
              .model = model,
              .row = row,
              .task = {.family = model->family, .s = &sample},
              .positional = th_family_model_is_positional(model),
              .mle = r->options.verb == TH_VERB_MLE,
              .edges = row->edges,
              .edge_words = row->edge_words,
              .rest_solved = true};
  read_held(&s);
  if (!th_sample_init(r->cx, &r->observations[0], r->options.weights, &sample)) return TH_FAILED;
  ThAttempt attempt = answer(&s, out, why);
  th_sample_clear(&sample);
  return attempt;
}
