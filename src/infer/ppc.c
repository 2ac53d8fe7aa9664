/* ppc.c - a posterior predictive check: data as the posterior would give them, beside those that were observed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each draw of the parameters the body is run with them held, which gives the laws of the data; one data set is
 * drawn from these, and its statistics are kept (Gelman, Meng and Stern 1996). */
#include "infer/ppc.h"

#include <math.h>
#include <string.h>

#include "infer/columns.h"
#include "infer/law.h"
#include "infer/names.h"
#include "infer/posterior_draws.h"
#include "num/stats.h"
#include "prob/event.h"

static double mean_of(size_t n, const double *x) { return th_stats_mean(n, x); }
static double sd_of(size_t n, const double *x) { return th_stats_sd(n, x, 1); }

static const struct {
  const char *name;
  double (*of)(size_t n, const double *x);
} plain[] = {{"mean", mean_of}, {"sd", sd_of}, {"min", th_stats_min}, {"max", th_stats_max}};
enum { N_PLAIN = sizeof plain / sizeof *plain };

/* What is observed under one name: in this run, and in fact. */
typedef struct Group {
  ThSymbol *name;
  size_t n, filled;
  double *observed, *drawn; /* (n) each */
} Group;

typedef struct Check {
  ThContext *cx;
  const ThPosterior *p;
  ThQuestion question; /* borrowed */
  const ThPpcStatistics *own;
  size_t n_draws, n_groups, n_statistics;
  Group *groups;
  double *values;     /* (n_groups·n_statistics, n_draws): statistics of replicated data */
  double *parameters; /* (n_draws, k) */
  ThPpc *out;
} Check;

/* --- Groups */

static Group *find_group(const Check *c, const ThSymbol *name) {
  for (size_t i = 0; i < c->n_groups; i++)
    if (c->groups[i].name == name) return &c->groups[i];
  return NULL;
}

static bool run(const Check *c, size_t draw, ThRecording *r) {
  ThRecord *record;
  if (!th_layout_record(c->cx, &c->p->layout, c->parameters + draw * c->p->k, false, &record)) return false;
  bool ok = th_question_replay(c->cx, &c->question, &c->question.data, record, r);
  th_release(th_object(record));
  return ok;
}

static bool count_groups(Check *c, const ThRecording *r) {
  c->groups = th_alloc_array(c->cx, r->n_observations, sizeof *c->groups);
  if (!c->groups) return false;
  for (size_t i = 0; i < r->n_observations; i++) {
    const ThObservation *o = &r->observations[i];
    Group *g = find_group(c, o->name);
    if (!g) {
      g = &c->groups[c->n_groups++];
      *g = (Group){.name = o->name};
    }
    g->n += th_value_length(o->data);
  }
  return true;
}

static bool fill_groups(Check *c, const ThRecording *r) {
  for (size_t i = 0; i < c->n_groups; i++) {
    Group *g = &c->groups[i];
    g->observed = th_alloc_array(c->cx, 2 * g->n, sizeof *g->observed);
    if (!g->observed) return false;
    g->drawn = g->observed + g->n;
  }
  for (size_t i = 0; i < r->n_observations; i++) {
    const ThObservation *o = &r->observations[i];
    Group *g = find_group(c, o->name);
    for (size_t j = 0; j < th_value_length(o->data); j++) g->observed[g->filled++] = th_datum(o->data, j);
  }
  return true;
}

static void clear_groups(Check *c, size_t capacity) {
  if (!c->groups) return;
  for (size_t i = 0; i < c->n_groups; i++)
    if (c->groups[i].observed) th_free(c->cx, c->groups[i].observed, 2 * c->groups[i].n * sizeof(double));
  th_free(c->cx, c->groups, capacity * sizeof *c->groups);
}

/* --- Replicated data */

static bool fail_number(ThContext *cx, const ThSymbol *name) {
  return th_fail(cx, TH_ERROR_VALUE, "how many data `%s` there are hangs on the parameters", name->spelling);
}

/* As many as there are data, from one law. */
static bool draw_observation(ThContext *cx, const ThObservation *o, Group *g) {
  const ThDistribution *d = th_as_distribution(o->distribution);
  size_t n = th_value_length(o->data);
  if (!g || g->filled + n > g->n) return fail_number(cx, o->name);
  double *x = g->drawn + g->filled;
  g->filled += n;
  size_t size = d->family->event ? th_event_size(d) : 1;
  for (size_t i = 0; i < n; i += size) {
    bool ok = d->family->event ? d->family->event->sample(cx, d, cx->random, x + i)
                               : th_distribution_sample(cx, d, d->length == 1 ? 0 : i, cx->random, 1, x + i);
    if (!ok) return false;
  }
  return true;
}

static bool replicate(Check *c, size_t draw) {
  ThRecording r;
  if (!run(c, draw, &r)) return false;
  bool ok = true;
  for (size_t i = 0; i < c->n_groups; i++) c->groups[i].filled = 0;
  for (size_t i = 0; ok && i < r.n_observations; i++)
    ok = draw_observation(c->cx, &r.observations[i], find_group(c, r.observations[i].name));
  for (size_t i = 0; ok && i < c->n_groups; i++)
    ok = c->groups[i].filled == c->groups[i].n || fail_number(c->cx, c->groups[i].name);
  th_recording_clear(&r);
  return ok;
}

/* --- Statistics */

static bool own_statistic(const Check *c, size_t which, size_t n, const double *x, double *out) {
  ThValue data, value;
  char got[96];
  if (!th_vector_from(c->cx, x, n, &data)) return false;
  ThArguments args = {.count = 1, .values = &data};
  bool ok = th_call(c->cx, c->own->functions[which], &args, &value);
  th_release(data);
  if (!ok) return false;
  ok = th_to_number(value, out);
  if (!ok)
    th_fail(c->cx, TH_ERROR_TYPE, "`%s` must give a number, got %s", c->own->names[which],
            th_describe(value, got, sizeof got));
  th_release(value);
  return ok;
}

static bool statistic(const Check *c, size_t which, size_t n, const double *x, double *out) {
  if (which >= N_PLAIN) return own_statistic(c, which - N_PLAIN, n, x, out);
  *out = plain[which].of(n, x);
  return true;
}

static bool measure(Check *c, size_t draw) {
  for (size_t g = 0; g < c->n_groups; g++)
    for (size_t s = 0; s < c->n_statistics; s++)
      if (!statistic(c, s, c->groups[g].n, c->groups[g].drawn,
                     &c->values[(g * c->n_statistics + s) * c->n_draws + draw]))
        return false;
  return true;
}

static bool name_row(const Check *c, size_t g, size_t s, ThValue *out) {
  const char *name = s < N_PLAIN ? plain[s].name : c->own->names[s - N_PLAIN];
  ThText text;
  th_text_init(&text, &c->cx->heap);
  th_text_format(&text, c->n_groups > 1 ? "%s(%s)" : "%s", name, c->groups[g].name->spelling);
  bool ok = th_text_ok(&text, c->cx) && th_string(c->cx, th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

static bool fill_row(Check *c, size_t g, size_t s, ThPpcRow *row) {
  double *x = c->values + (g * c->n_statistics + s) * c->n_draws, tail = (1 - c->out->level) / 2;
  size_t n = c->n_draws;
  if (!name_row(c, g, s, &row->name) ||
      !statistic(c, s, c->groups[g].n, c->groups[g].observed, &row->observed) || !th_stats_sort(c->cx, n, x))
    return false;
  row->median = th_stats_quantile_sorted(n, x, 0.5);
  row->lower = th_stats_quantile_sorted(n, x, tail);
  row->upper = th_stats_quantile_sorted(n, x, 1 - tail);
  row->p = isnan(row->observed) ? (double)NAN
                                : (double)(n - th_stats_count_below(n, x, row->observed, false)) / (double)n;
  return true;
}

/* --- The check */

static bool is_discrete(const ThRecording *r) {
  return th_law_family(r->observations[0].distribution)->discrete;
}

static bool make_result(Check *c, const ThRecording *r) {
  ThPpc *out = c->out;
  const Group *first = &c->groups[0];
  size_t n_rows = c->n_groups * c->n_statistics;
  out->data = first->name;
  out->is_discrete = is_discrete(r);
  out->n_kept = c->n_draws < TH_PPC_KEPT ? c->n_draws : TH_PPC_KEPT;
  out->y = th_vector_new(c->cx, TH_DOUBLE, first->n);
  out->replicates = out->y ? th_matrix_new(c->cx, TH_DOUBLE, out->n_kept, first->n) : NULL;
  out->rows = out->replicates ? th_alloc_array(c->cx, n_rows, sizeof *out->rows) : NULL;
  if (!out->rows) return false;
  out->n_rows = n_rows;
  for (size_t i = 0; i < n_rows; i++) out->rows[i] = (ThPpcRow){.name = th_none()};
  memcpy(out->y->real, first->observed, first->n * sizeof(double));
  return true;
}

/* Every so many a data set is kept. */
static void keep(const Check *c, size_t draw) {
  size_t each = c->n_draws / c->out->n_kept, n = c->groups[0].n;
  if (draw % each != 0 || draw / each >= c->out->n_kept) return;
  memcpy(c->out->replicates->real + draw / each * n, c->groups[0].drawn, n * sizeof(double));
}

static bool check_all(Check *c) {
  for (size_t i = 0; i < c->n_draws; i++) {
    if (!th_poll(c->cx) || !replicate(c, i) || !measure(c, i)) return false;
    keep(c, i);
  }
  for (size_t g = 0; g < c->n_groups; g++)
    for (size_t s = 0; s < c->n_statistics; s++)
      if (!fill_row(c, g, s, &c->out->rows[g * c->n_statistics + s])) return false;
  return true;
}

static bool check(Check *c) {
  size_t k = c->p->k, n_parameters = c->n_draws * k + 1, n_values = 0, capacity;
  ThRecording r;
  c->parameters = th_alloc_array(c->cx, n_parameters, sizeof *c->parameters);
  bool ok = c->parameters && th_posterior_draws(c->p, c->n_draws, c->parameters) && run(c, 0, &r);
  if (ok) {
    capacity = r.n_observations;
    ok = (capacity > 0 || th_fail_no_likelihood(c->cx, r.model->name)) && count_groups(c, &r) &&
         fill_groups(c, &r) && make_result(c, &r);
    th_recording_clear(&r);
    n_values = c->n_groups * c->n_statistics * c->n_draws;
    c->values = ok ? th_alloc_array(c->cx, n_values, sizeof *c->values) : NULL;
    ok = c->values && check_all(c);
    clear_groups(c, capacity);
  }
  if (c->values) th_free(c->cx, c->values, n_values * sizeof *c->values);
  if (c->parameters) th_free(c->cx, c->parameters, n_parameters * sizeof *c->parameters);
  return ok;
}

bool th_ppc_find(const ThPosterior *p, const ThPpcStatistics *own, size_t n, double level, ThValue *out) {
  Check c = {.cx = p->cx,
             .p = p,
             .question = th_posterior_question(p),
             .own = own,
             .n_draws = n,
             .n_statistics = N_PLAIN + own->n};
  c.out = th_object_new(p->cx, &th_ppc_kind, sizeof *c.out);
  if (!c.out) return false;
  c.out->cx = p->cx;
  c.out->model = th_question_model(&p->question)->name;
  c.out->level = level;
  c.out->n = n;
  if (check(&c)) {
    *out = th_object(c.out);
    return true;
  }
  th_release(th_object(c.out));
  return false;
}

/* --- The kind */

static const struct {
  ThFieldNote note;
  size_t offset;
} fields[] = {
    {{"observed", "the statistics of the data"}, offsetof(ThPpcRow, observed)},
    {{"median", "the medians of the statistics of the replicated data"}, offsetof(ThPpcRow, median)},
    {{"lower", "where the intervals of the replicated statistics begin"}, offsetof(ThPpcRow, lower)},
    {{"upper", "where the intervals of the replicated statistics end"}, offsetof(ThPpcRow, upper)},
    {{"p", "how often the replicated statistics are as large as the observed ones, or larger"},
     offsetof(ThPpcRow, p)},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static bool get_names(const ThPpc *c, ThValue *out) {
  ThList *list = th_list_new(c->cx, c->n_rows);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < c->n_rows; i++)
    ok = th_list_push_take(c->cx, list, th_retain(c->rows[i].name));
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

static bool get_numbers(const ThPpc *c, size_t offset, ThValue *out) {
  ThArray *a = th_vector_new(c->cx, TH_DOUBLE, c->n_rows);
  for (size_t i = 0; a && i < c->n_rows; i++)
    memcpy(&a->real[i], (const char *)&c->rows[i] + offset, sizeof a->real[i]);
  if (a) *out = th_object(a);
  return a != NULL;
}

/* statistic, observed, … as columns. */
static bool get_table(const ThPpc *c, ThValue *out) {
  ThTable *table = th_table_new(c->cx, c->n_rows);
  ThValue names;
  bool ok = table && get_names(c, &names) &&
            th_columns_add_texts_take(c->cx, table, "statistic", th_as_list(names));
  for (size_t i = 0; ok && i < N_FIELDS; i++)
    ok = th_columns_add(c->cx, table, fields[i].note.name,
                        (const double *)(const void *)((const char *)c->rows + fields[i].offset),
                        sizeof *c->rows / sizeof(double));
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

static const ThFieldNote others[] = {
    {"statistic", "the names of the statistics"},
    {"table", "the other fields as its columns"},
    {"replicates", "some of the replicated data sets, as rows"},
};
enum { N_OTHERS = sizeof others / sizeof *others };

static const ThFieldNote *field_note(size_t i) {
  if (i < N_FIELDS) return &fields[i].note;
  return i < N_FIELDS + N_OTHERS ? &others[i - N_FIELDS] : NULL;
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThPpc *c = th_as_ppc(self);
  if (th_is_symbol(cx, name, others[0].name)) return get_names(c, out);
  if (th_is_symbol(cx, name, others[1].name)) return get_table(c, out);
  for (size_t i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].note.name)) return get_numbers(c, fields[i].offset, out);
  if (!th_is_symbol(cx, name, others[2].name)) return false;
  *out = th_retain(th_object(c->replicates));
  return true;
}

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return field_note(i) ? th_symbol_of(cx, field_note(i)->name) : NULL;
}

static void release(ThObject *self) {
  ThPpc *c = (ThPpc *)self;
  if (c->y) th_release(th_object(c->y));
  if (c->replicates) th_release(th_object(c->replicates));
  for (size_t i = 0; i < c->n_rows; i++) th_release(c->rows[i].name);
  if (c->rows) th_free(c->cx, c->rows, c->n_rows * sizeof *c->rows);
  th_object_free(self, sizeof *c);
}

const ThKind th_ppc_kind = {.name = "ppc",
                            .release = release,
                            .format = th_ppc_format,
                            .get_field = get_field,
                            .field_name = field_name,
                            .field_note = field_note,
                            .plot = th_ppc_plot};
