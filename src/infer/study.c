/* study.c - an estimator on repeated data: study(n -> estimate, truth) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The function is called again and again for each size of the data; it draws them itself. What it gives is compared
 * with the truth, which has the same form, or names the fields of a fit. */
#include "infer/study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/libs.h"
#include "infer/model_data.h"
#include "lang/replay.h"
#include "num/normality.h"
#include "num/random.h"
#include "num/stats.h"

/* --- Storage */

static size_t numbers_of(const ThStudy *s) {
  return s->n_sizes + s->n_sizes * s->reps * s->k + 3 * s->n_sizes * s->k;
}

static bool make_room(ThStudy *s) {
  s->sizes = th_alloc_array(s->cx, numbers_of(s), sizeof *s->sizes);
  if (!s->sizes) return false;
  s->estimates = s->sizes + s->n_sizes;
  s->intervals = s->estimates + s->n_sizes * s->reps * s->k;
  s->covered = s->intervals + s->n_sizes * s->k;
  s->bound = s->covered + s->n_sizes * s->k;
  for (size_t i = 0; i < s->n_sizes * s->k; i++) s->intervals[i] = s->covered[i] = 0;
  for (size_t i = 0; i < s->n_sizes * s->k; i++) s->bound[i] = (double)NAN;
  s->done = th_alloc_array(s->cx, 2 * s->n_sizes, sizeof *s->done);
  if (s->done) s->without = s->done + s->n_sizes;
  s->cells = s->done ? th_alloc_array(s->cx, s->n_sizes * s->k, sizeof *s->cells) : NULL;
  for (size_t i = 0; s->cells && i < s->n_sizes; i++) s->done[i] = s->without[i] = 0;
  return s->cells != NULL;
}

static void release(ThObject *self) {
  ThStudy *s = (ThStudy *)self;
  if (s->sizes) th_free(s->cx, s->sizes, numbers_of(s) * sizeof *s->sizes);
  if (s->done) th_free(s->cx, s->done, 2 * s->n_sizes * sizeof *s->done);
  if (s->cells) th_free(s->cx, s->cells, s->n_sizes * s->k * sizeof *s->cells);
  th_flatten_clear(&s->form);
  th_release(s->truth);
  th_object_free(self, sizeof *s);
}

static double *estimate_at(const ThStudy *s, size_t i, size_t r) {
  return s->estimates + (i * s->reps + r) * s->k;
}

bool th_study_sorted(const ThStudy *s, size_t i, size_t j, double *x) {
  for (size_t r = 0; r < s->done[i]; r++) x[r] = estimate_at(s, i, r)[j];
  return th_stats_sort(s->cx, s->done[i], x);
}

/* --- One repetition */

static bool fail_form(const ThStudy *s, ThValue v) {
  char got[96], wanted[96];
  th_fail(s->cx, TH_ERROR_TYPE, "the truth is %s, but the function gave %s",
          th_describe(s->truth, wanted, sizeof wanted), th_describe(v, got, sizeof got));
  return th_is_object(v) && !th_is_array(v) && !th_is_record(s->truth)
             ? th_hint(s->cx, "give the truth of a fit by names: `(a = 2)`")
             : false;
}

/* The fields of a fit that the truth names, as a record; unset where it has none of them. */
static bool read_fields(const ThStudy *s, ThValue fit, ThValue *out) {
  const ThRecord *truth = th_as_record(s->truth);
  ThRecord *record = th_record_new(s->cx, truth->length);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < truth->length; i++) {
    ThValue field, plain;
    ok = th_get_field(s->cx, fit, truth->names[i], &field);
    if (!ok) break;
    ok = th_decay(s->cx, field, &plain);
    th_release(field);
    ok = ok && th_record_set_take(s->cx, record, truth->names[i], plain);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* The intervals of n elements of the truth from element `at`: [lower, upper], or a row of that for each; none where the
 * fit has none. False in *all when one is missing. */
static void count_intervals(ThStudy *s, size_t i, size_t at, size_t n, ThValue v, const double *truth,
                            bool *all) {
  const ThArray *a = th_is_array(v) ? th_as_array(v) : NULL;
  for (size_t j = 0; j < n; j++) {
    const double *ends = a && a->length == 2 * n ? a->real + 2 * j : NULL;
    size_t cell = i * s->k + at + j;
    bool has = ends && !isnan(ends[0]) && !isnan(ends[1]);
    s->intervals[cell] += has;
    s->covered[cell] += has && truth[at + j] >= ends[0] && truth[at + j] <= ends[1];
    *all = *all && has;
  }
}

/* Whether the intervals of a fit hold the truth: the record f.interval. What has no such field has no intervals. */
static bool read_intervals(ThStudy *s, size_t i, ThValue fit, const double *truth) {
  ThSymbol *name = th_symbol_of(s->cx, "interval");
  const ThRecord *names = th_as_record(s->truth);
  ThValue intervals;
  if (!name) return false;
  if (!th_get_field(s->cx, fit, name, &intervals)) {
    if (th_is_final(s->cx)) return false;
    th_error_clear(s->cx);
    return true;
  }
  bool all = true, ok = true;
  size_t at = 0;
  for (size_t l = 0; ok && th_is_record(intervals) && l < names->length; l++) {
    const ThValue *v = th_record_find(th_as_record(intervals), names->names[l]);
    ThValue plain;
    ok = th_decay(s->cx, names->values[l], &plain);
    if (!ok) break;
    size_t n = th_value_length(plain);
    th_release(plain);
    count_intervals(s, i, at, n, v ? *v : th_none(), truth, &all);
    at += n;
  }
  s->without[i] += !all;
  th_release(intervals);
  return ok;
}

static bool read_estimate(ThStudy *s, size_t i, ThValue v, const double *truth) {
  ThValue plain;
  bool same = false;
  bool is_fit = th_is_object(v) && th_is_record(s->truth) && !th_is_record(v) &&
                th_as_object(v)->kind->get_field;
  if (!(is_fit ? read_fields(s, v, &plain) : th_decay(s->cx, v, &plain))) return false;
  bool ok = th_flatten_read(s->cx, &s->form, plain, estimate_at(s, i, s->done[i]), &same);
  th_release(plain);
  if (ok && !same) return fail_form(s, v);
  return ok && (!is_fit || read_intervals(s, i, v, truth));
}

/* n -> x without a draw in it. */
static bool fail_no_draw(const ThStudy *s, size_t i) {
  char name[64];
  double x = estimate_at(s, i, 0)[0], n = s->sizes[i];
  ThText value;
  th_text_init(&value, &s->cx->heap);
  th_format_number(x, s->cx->settings.digits, &value);
  th_operand(s->cx, 0, "f", name, sizeof name);
  th_fail_argument(s->cx, 1, TH_ERROR_VALUE, "every repetition gave %s: the function draws no new data",
                   th_text_string(&value));
  th_text_clear(&value);
  bool plain = strchr(name, '>') == NULL && strchr(name, ' ') == NULL;
  if (plain && x == n) return th_hint(s->cx, "it is called with the size n: `n -> %s(sample(d, n))`", name);
  return th_hint(s->cx, "it is called with the size n and draws the data: `n -> mean(sample(d, n))`");
}

static bool repeat(ThStudy *s, ThValue function, size_t i, const double *truth) {
  ThValue n = th_number(s->sizes[i]), v;
  const ThRandom before = *s->cx->random;
  if (!th_poll(s->cx) || !th_call_values(s->cx, function, &n, 1, &v)) return false;
  bool ok = read_estimate(s, i, v, truth);
  if (ok && s->done[i] == 0 && th_is_fit(v)) ok = th_study_bound_fit(s, i, th_as_fit(v), truth);
  th_release(v);
  if (!ok) return false;
  if (memcmp(&before, s->cx->random, sizeof before) == 0) return fail_no_draw(s, i);
  s->done[i]++;
  return true;
}

static void tell(const ThStudy *s, size_t i, size_t r) {
  const ThHost *host = &s->cx->host;
  char what[48];
  size_t each = s->reps / 50 + 1;
  if (!host->progress || r % each) return;
  snprintf(what, sizeof what, "n = %.0f", s->sizes[i]);
  host->progress(host->self, (double)(i * s->reps + r) / (double)(s->n_sizes * s->reps), what);
}

/* All repetitions; Ctrl-C keeps what there is. */
static bool repeat_all(ThStudy *s, ThValue function, const double *truth) {
  bool ok = true;
  for (size_t i = 0; ok && i < s->n_sizes; i++)
    for (size_t r = 0; ok && r < s->reps; r++) {
      tell(s, i, r);
      ok = repeat(s, function, i, truth);
    }
  if (s->cx->host.progress) s->cx->host.progress(s->cx->host.self, -1, NULL);
  for (size_t i = 0; i < s->n_sizes && s->done[i] > 1; i++) s->n_done++;
  if (ok || s->cx->error.code != TH_ERROR_INTERRUPTED || s->n_done == 0) return ok;
  th_error_clear(s->cx);
  s->interrupted = true;
  return true;
}

/* --- What the estimates say */

static void measure(ThStudy *s, size_t i, size_t j, double truth, const double *x) {
  ThStudyCell *c = &s->cells[i * s->k + j];
  size_t n = s->done[i];
  double count = (double)n, kurtosis = th_stats_kurtosis(n, x) + 3;
  c->bias = th_stats_mean(n, x) - truth;
  c->sd = th_stats_sd(n, x, 1);
  c->bias_error = c->sd / sqrt(count);
  c->sd_error = 0.5 * c->sd * sqrt(fmax(kurtosis - 1, 0) / count); /* of √(m₂), by the delta method */
  c->bound = s->bound[i * s->k + j];
  c->efficiency = c->bound * c->bound / (c->sd * c->sd);
  c->normality = th_normality_anderson_darling(n, x);
  c->coverage = s->covered[i * s->k + j] / s->intervals[i * s->k + j];
}

static bool measure_all(ThStudy *s, const double *truth) {
  double *x = th_alloc_array(s->cx, s->reps, sizeof *x);
  bool ok = x != NULL;
  for (size_t i = 0; ok && i < s->n_done; i++)
    for (size_t j = 0; ok && j < s->k; j++) {
      ok = th_study_sorted(s, i, j, x);
      if (ok) measure(s, i, j, truth[j], x);
    }
  th_free(s->cx, x, s->reps * sizeof *x);
  return ok;
}

/* --- study: function, truth, n, reps, fisher, seed */

enum { FUNCTION, TRUTH, SIZES, REPS, FISHER, SEED };

static bool read_sizes(ThStudy *s, const ThArray *a) {
  for (size_t i = 0; i < a->length; i++) {
    s->sizes[i] = th_array_real(a, i);
    if (!(s->sizes[i] >= 1) || floor(s->sizes[i]) != s->sizes[i])
      return th_fail(s->cx, TH_ERROR_VALUE, "a size of the data is a whole number above 0, got %.6g",
                     s->sizes[i]);
  }
  return true;
}

static bool run(ThStudy *s, const ThCall *call) {
  double *truth = th_alloc_array(s->cx, s->k, sizeof *truth);
  bool same, ok = truth && th_flatten_read(s->cx, &s->form, s->truth, truth, &same);
  ThRandom saved = *s->cx->random;
  if (ok && call->given[SEED]) th_random_seed(s->cx->random, (uint64_t)th_arg_number(call, SEED));
  ok = ok && repeat_all(s, call->args[FUNCTION], truth) && measure_all(s, truth);
  if (call->given[SEED]) *s->cx->random = saved;
  th_free(s->cx, truth, s->k * sizeof *truth);
  return ok;
}

static bool check_truth(const ThStudy *s) {
  char got[96];
  if (th_replay_takes(s->truth)) return true;
  th_fail_argument(s->cx, 2, TH_ERROR_TYPE, "`truth` is a number, an array or a record of those, got %s",
                   th_describe(s->truth, got, sizeof got));
  return false;
}

static bool begin(ThStudy *s, const ThCall *call, ThArray **sizes) {
  bool scalar;
  s->reps = th_arg_count(call, REPS);
  if (s->reps < 2)
    return th_fail(s->cx, TH_ERROR_VALUE, "a study needs at least 2 repetitions, got %zu", s->reps);
  if (!th_decay(s->cx, call->args[TRUTH], &s->truth) || !check_truth(s)) return false;
  if (!th_flatten_init(s->cx, s->truth, "truth", &s->form)) return false;
  s->k = s->form.n;
  if (s->k == 0) return th_fail_argument(s->cx, 2, TH_ERROR_VALUE, "the truth holds no number");
  if (call->given[SIZES]) return th_to_array(s->cx, call->args[SIZES], "n", &scalar, sizes);
  *sizes = th_vector_new(s->cx, TH_DOUBLE, 3);
  for (size_t i = 0; *sizes && i < 3; i++) (*sizes)->real[i] = pow(10, (double)i + 1);
  return *sizes != NULL;
}

static bool fill(ThStudy *s, const ThCall *call) {
  ThArray *sizes;
  if (!begin(s, call, &sizes)) return false;
  s->n_sizes = sizes->length;
  bool ok = s->n_sizes > 0 || th_fail(s->cx, TH_ERROR_VALUE, "`n` names no size of the data");
  ok = ok && make_room(s) && read_sizes(s, sizes);
  th_release(th_object(sizes));
  return ok && th_study_read_fisher(s, call->args[FISHER]) && run(s, call);
}

static bool body_study(ThContext *cx, const ThCall *call, ThValue *out) {
  ThStudy *s = th_object_new(cx, &th_study_kind, sizeof *s);
  if (!s) return false;
  s->cx = cx;
  s->truth = th_none();
  s->form.pattern = th_none();
  *out = th_object(s);
  if (fill(s, call)) return true;
  th_release(*out);
  return false;
}

/* --- Fields: vectors over the sizes, or matrices with a column for each parameter */

static const struct {
  ThFieldNote note;
  size_t offset;
} fields[] = {
    {{"bias", "the mean of the estimates less the truth, for each size"}, offsetof(ThStudyCell, bias)},
    {{"bias_error", "the standard error of bias"}, offsetof(ThStudyCell, bias_error)},
    {{"sd", "the standard deviation of the estimates, for each size"}, offsetof(ThStudyCell, sd)},
    {{"sd_error", "the standard error of sd"}, offsetof(ThStudyCell, sd_error)},
    {{"bound", "the Cramér–Rao bound of the sd: no unbiased estimator has less"},
     offsetof(ThStudyCell, bound)},
    {{"efficiency", "(bound/sd)²: 1 of an estimator that makes the most of its data"},
     offsetof(ThStudyCell, efficiency)},
    {{"normality", "the p-value of Anderson and Darling's test that the estimates are normal"},
     offsetof(ThStudyCell, normality)},
    {{"coverage", "how often the intervals of the fits hold the truth"}, offsetof(ThStudyCell, coverage)},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static const ThFieldNote others[] = {
    {"n", "the sizes of the data"},
    {"estimates", "the estimates themselves: a list of arrays, one for each size"},
};
enum { N_OTHERS = sizeof others / sizeof *others };

static const ThFieldNote *field_note(size_t i) {
  if (i < N_FIELDS) return &fields[i].note;
  return i < N_FIELDS + N_OTHERS ? &others[i - N_FIELDS] : NULL;
}

static bool get_column(const ThStudy *s, size_t offset, ThValue *out) {
  ThArray *a = s->k == 1 ? th_vector_new(s->cx, TH_DOUBLE, s->n_done)
                         : th_matrix_new(s->cx, TH_DOUBLE, s->n_done, s->k);
  if (!a) return false;
  for (size_t i = 0; i < a->length; i++)
    memcpy(&a->real[i], (const char *)&s->cells[i] + offset, sizeof a->real[i]);
  *out = th_object(a);
  return true;
}

/* A list: of each size the estimates, a row for each repetition. */
static bool get_estimates(const ThStudy *s, ThValue *out) {
  ThList *list = th_list_new(s->cx, s->n_done);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < s->n_done; i++) {
    ThArray *a = s->k == 1 ? th_vector_new(s->cx, TH_DOUBLE, s->done[i])
                           : th_matrix_new(s->cx, TH_DOUBLE, s->done[i], s->k);
    ok = a != NULL;
    if (ok) memcpy(a->real, estimate_at(s, i, 0), a->length * sizeof *a->real);
    ok = ok && th_list_push_take(s->cx, list, th_object(a));
  }
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThStudy *s = th_as_study(self);
  if (strcmp(name->name, others[0].name) == 0) return th_vector_from(cx, s->sizes, s->n_done, out);
  if (strcmp(name->name, others[1].name) == 0) return get_estimates(s, out);
  for (size_t i = 0; i < N_FIELDS; i++)
    if (strcmp(name->name, fields[i].note.name) == 0) return get_column(s, fields[i].offset, out);
  return false;
}

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return field_note(i) ? th_symbol_of(cx, field_note(i)->name) : NULL;
}

const ThKind th_study_kind = {.name = "study",
                              .release = release,
                              .format = th_study_format,
                              .get_field = get_field,
                              .field_name = field_name,
                              .field_note = field_note,
                              .plot = th_study_plot};

const ThBuiltin th_lib_study[] = {
    {"study(estimate: function, truth: any, n: any = …, reps: count = 500, fisher: any = none, "
     "seed: count = …) -> study",
     body_study, "models", "how good an estimator is: on data drawn again and again, of several sizes",
     "estimate(n) draws n data and estimates; truth is a number, array or record of the same form, or names the "
     "parameters of a fit. For each n: bias, its mean error, and sd, each ± one standard error; the Cramér–Rao bound "
     "of the sd, from `fisher`, the information of one datum, or of a fit from its model; efficiency, (bound/sd)²; "
     "the p-value of Anderson and Darling's test that the estimates are normal; for fits the coverage of their "
     "intervals, of those that have one. Fields: n bias bias_error sd sd_error bound efficiency normality coverage "
     "estimates. plot(s) shows the estimates of the first parameter beside the normal limit. Ctrl-C keeps what there "
     "is.",
     "s = study(n -> mean(sample(Normal(2, 3), n)), 2, n = [10, 1000], reps = 200, fisher = 1/9);\n"
     "s.bound\n#> [0.948683, 0.0948683]\nall(abs(s.bias) < 4*s.bias_error)\n#> true",
     "mle fisher sample plot", NULL},
    {0},
};
