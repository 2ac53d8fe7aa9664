/* test_derivatives.c - every operation and rule of derivatives, checked by one driver */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* At each point of a row of derivative_table.c: the value while tracing is the plain one, bit for bit; weights times
 * the Jacobian (backwards) against extrapolated differences; forwards against backwards; the Hessian of the weighted
 * sum against differences of the gradient, and against itself transposed; a compiled program at a second point against
 * a trace there. An operator or built-in with a rule that has no row fails. */
#include <math.h>
#include <stdio.h>

#include "derivative_table.h"
#include "lang/builtin.h"
#include "lang/replay.h"
#include "prob/traced_distribution.h"
#include "unit.h"
#include "val/array.h"
#include "val/basic.h"

enum { MOST = 32, LEVELS = 5 }; /* numbers of an argument or a value; halvings of a step */

/* A function at a point: f, and sum = w·f with one number as its value. */
typedef struct Subject {
  ThSession *session;
  ThContext *cx;
  const char *function, *point;
  ThValue f, sum, w;
  ThReplay *form; /* traces at each new place */
  ThReplay *kept; /* runs a program from the second place on */
  size_t n, m;    /* numbers of the argument and of the value */
  double x[MOST], weights[MOST];
} Subject;

static void must(const Subject *s, bool ok, const char *what) {
  ThText message;
  if (ok) return;
  th_text_init(&message, &s->cx->heap);
  th_session_take_error_text(s->session, &message);
  ck_abort_msg("%s at %s: %s: %s", s->function, s->point, what, th_text_string(&message));
}

static ThValue value_of(const Subject *s, const char *text) {
  ThValue v;
  must(s, th_session_evaluate(s->session, "test", text, strlen(text), &v), text);
  return v;
}

static ThValue call_with(const Subject *s, ThValue f, ThValue *values, size_t count) {
  ThValue out;
  ThArguments args = {.count = count, .values = values};
  must(s, th_call(s->cx, f, &args, &out), "a call");
  return out;
}

static ThValue built(const Subject *s, const double *x) {
  ThValue point;
  must(s, th_replay_build(s->form, x, &point), "an argument");
  return point;
}

/* The numbers of a value, complex ones as pairs. */
static size_t flatten(const Subject *s, ThValue v, double *out) {
  ThArray *a;
  bool scalar;
  must(s, th_to_array(s->cx, v, "the value", &scalar, &a), "the value");
  size_t step = a->element == TH_COMPLEX ? 2 : 1;
  ck_assert_msg(a->length * step <= MOST, "%s: %zu numbers are too many", s->function, a->length);
  for (size_t i = 0; i < a->length; i++) {
    double complex z = th_array_complex(a, i);
    out[step * i] = creal(z);
    if (step == 2) out[2 * i + 1] = cimag(z);
  }
  size_t n = a->length * step;
  th_release(th_object(a));
  return n;
}

static double weight(size_t k) { return cos(1.3 * (double)k + 0.7) + 0.2; }

/* Weights of the shape of y, as a value and as numbers. */
static void make_weights(Subject *s, ThValue y) {
  ThArray *a, *w;
  bool scalar;
  must(s, th_to_array(s->cx, y, "the value", &scalar, &a), "the value");
  w = th_array_new(s->cx, a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE, a->rank, a->shape);
  ck_assert_ptr_nonnull(w);
  for (size_t i = 0; i < a->length; i++) {
    if (w->element == TH_COMPLEX) w->complex_[i] = weight(2 * i) + _Complex_I * weight(2 * i + 1);
    else w->real[i] = weight(i);
  }
  th_release(th_object(a));
  must(s, th_from_array_take(s->cx, w, scalar, &s->w), "weights");
  s->m = flatten(s, s->w, s->weights);
}

static void begin(Subject *s, ThSession *session, const char *function, const char *point) {
  *s = (Subject){.session = session, .cx = th_session_context(session), .function = function, .point = point};
  bool fits;
  s->f = value_of(s, function);
  ThValue at = value_of(s, point), y = call_with(s, s->f, &at, 1);
  make_weights(s, y);
  th_release(y);
  ThValue both[2] = {s->f, s->w};
  ThValue weigh = value_of(s, "(f, w) -> x -> weighted(f, w, x)");
  s->sum = call_with(s, weigh, both, 2);
  th_release(weigh);
  s->form = th_replay_new(s->cx, "grad", s->sum, at);
  s->kept = s->form ? th_replay_new(s->cx, "grad", s->sum, at) : NULL;
  must(s, s->kept != NULL, "the argument");
  s->n = th_replay_dimension(s->form);
  ck_assert_msg(s->n <= MOST, "%s: %zu numbers are too many", function, s->n);
  must(s, th_replay_read(s->form, at, s->x, &fits) && fits, "the argument's numbers");
  th_release(at);
}

static void end(Subject *s) {
  th_replay_free(s->form);
  th_replay_free(s->kept);
  th_release(s->f);
  th_release(s->sum);
  th_release(s->w);
}

/* --- Differences */

typedef void (*Evaluate)(const Subject *s, const double *x, double *out);

static void value_at(const Subject *s, const double *x, double *out) {
  ThValue point = built(s, x), y = call_with(s, s->sum, &point, 1);
  ck_assert_msg(th_is_scalar(y), "%s: the weighted sum is no number", s->function);
  *out = th_as_scalar(y);
  th_release(point);
  th_release(y);
}

static void gradient_at(const Subject *s, const double *x, double *out) {
  double value;
  must(s, th_replay_gradient(s->kept, x, &value, out), "the gradient");
}

/* Central differences along number i with steps h, h/2, …, extrapolated (Ridders 1982); for each of m numbers the entry
 * that differs least from those it is made of, and by how much. */
static void differences(const Subject *s, Evaluate evaluate, size_t i, size_t m, double *out, double *error) {
  double x[MOST], above[MOST], below[MOST], table[LEVELS][MOST];
  double size = fmin(fabs(s->x[i]), 3), h = 0.02 * (size > 0 ? size : 1);
  memcpy(x, s->x, sizeof x);
  for (size_t j = 0; j < m; j++) error[j] = INFINITY;
  for (int k = 0; k < LEVELS; k++, h /= 2) {
    double up = s->x[i] + h, down = s->x[i] - h;
    x[i] = up;
    evaluate(s, x, above);
    x[i] = down;
    evaluate(s, x, below);
    for (size_t j = 0; j < m; j++) {
      double now = (above[j] - below[j]) / (up - down), factor = 4;
      for (int l = 0; l < k; l++, factor *= 4) {
        double before = table[l][j], better = now + (now - before) / (factor - 1);
        double change = fmax(fabs(better - now), fabs(better - before));
        table[l][j] = now;
        now = better;
        if (change >= error[j]) continue;
        error[j] = change;
        out[j] = better;
      }
      table[k][j] = now;
    }
  }
}

static void assert_near(const Subject *s, double got, double wanted, double allowed, const char *what) {
  ck_assert_msg(fabs(got - wanted) <= allowed, "%s at %s: %s is %.17g, not %.17g", s->function, s->point,
                what, got, wanted);
}

/* --- The checks */

/* Bit for bit. */
static void check_value(const Subject *s) {
  ThTrace t;
  ThValue point = built(s, s->x), plain = call_with(s, s->f, &point, 1), traced = th_none();
  ThArguments args = {.count = 1, .values = &point};
  double wanted[MOST], got[MOST];
  size_t n = flatten(s, plain, wanted);
  must(s, th_trace(s->cx, s->f, &args, &t) && th_traced_value(s->cx, t.result, &traced), "a trace");
  ck_assert_msg(flatten(s, traced, got) == n && memcmp(got, wanted, n * sizeof *got) == 0,
                "%s at %s: the traced value is %.17g, not %.17g, or in bits", s->function, s->point, got[0],
                wanted[0]);
  th_trace_clear(&t);
  th_release(traced);
  th_release(plain);
  th_release(point);
}

/* w·J */
static void pulled(const Subject *s, double *out) {
  bool fits;
  ThValue vjp = value_of(s, "vjp"), point = built(s, s->x), all[3] = {s->f, point, s->w};
  ThValue got = call_with(s, vjp, all, 3);
  must(s, th_replay_read(s->form, got, out, &fits), "vjp");
  ck_assert_msg(fits, "%s at %s: vjp has another form than the argument", s->function, s->point);
  th_release(got);
  th_release(point);
  th_release(vjp);
}

/* J·v */
static void pushed(const Subject *s, const double *v, double *out) {
  ThValue jvp = value_of(s, "jvp"), point = built(s, s->x), direction = built(s, v),
          all[3] = {s->f, point, direction};
  ThValue got = call_with(s, jvp, all, 3);
  size_t m = flatten(s, got, out);
  if (2 * m == s->m) /* a real tangent of a complex value */
    for (size_t k = m; k-- > 0; out[2 * k + 1] = 0) out[2 * k] = out[k];
  else ck_assert_msg(m == s->m, "%s at %s: jvp has another shape than the value", s->function, s->point);
  th_release(got);
  th_release(point);
  th_release(direction);
  th_release(jvp);
}

static void check_gradient(const Subject *s, double tolerance) {
  double back[MOST], slope, error, v[MOST], along[MOST];
  pulled(s, back);
  for (size_t i = 0; i < s->n; i++) {
    differences(s, value_at, i, 1, &slope, &error);
    double most = tolerance * fmax(1, fabs(slope));
    ck_assert_msg(error < 1e3 * most, "%s at %s: differences differ by %g", s->function, s->point, error);
    assert_near(s, back[i], slope, fmax(most, fmin(10 * error, 100 * most)), "backwards");
  }
  double left = 0, right = 0, size = 1;
  for (size_t i = 0; i < s->n; i++) {
    v[i] = weight(i + 5);
    right += back[i] * v[i];
    size += fabs(back[i] * v[i]);
  }
  pushed(s, v, along);
  for (size_t k = 0; k < s->m; k++) {
    left += s->weights[k] * along[k];
    size += fabs(s->weights[k] * along[k]);
  }
  assert_near(s, left, right, 1e-12 * size, "forwards");
}

static void check_hessian(const Subject *s, double tolerance) {
  double hessian[MOST * MOST], column[MOST], error[MOST];
  must(s, th_replay_hessian(s->form, s->x, hessian), "the Hessian");
  for (size_t i = 0; i < s->n; i++) {
    differences(s, gradient_at, i, s->n, column, error);
    for (size_t j = 0; j < s->n; j++) {
      double got = hessian[i * s->n + j], most = tolerance * fmax(1, fabs(got));
      assert_near(s, got, hessian[j * s->n + i], 1e-10 * fmax(1, fabs(got)), "the Hessian, transposed,");
      assert_near(s, got, column[j], fmax(most, fmin(10 * error[j], 100 * most)), "the Hessian");
    }
  }
}

/* At a second place. */
static void check_replay(const Subject *s) {
  double x[MOST], there[MOST], wanted[MOST], value, plain = NAN, other;
  for (size_t i = 0; i < s->n; i++) x[i] = s->x[i] + 3e-3 * (s->x[i] != 0 ? s->x[i] : 1) * weight(i);
  gradient_at(s, s->x, there);
  must(s, th_replay_gradient(s->kept, x, &value, there), "a run");
  must(s, th_replay_value(s->kept, x, &other), "a run for the value");
  ThValue point = built(s, x);
  ThReplay *fresh = th_replay_new(s->cx, "grad", s->sum, point);
  th_release(point);
  must(s, fresh && th_replay_gradient(fresh, x, &plain, wanted), "a trace");
  th_replay_free(fresh);
  assert_near(s, value, plain, 1e-13 * fmax(1, fabs(plain)), "a run's value");
  assert_near(s, other, plain, 1e-13 * fmax(1, fabs(plain)), "a run's value alone");
  for (size_t i = 0; i < s->n; i++)
    assert_near(s, there[i], wanted[i], 1e-13 * fmax(1, fabs(wanted[i])), "a run's gradient");
}

static void check(ThSession *session, const char *function, const char *point, double tolerance) {
  Subject s;
  if (tolerance == 0) tolerance = 1e-8;
  begin(&s, session, function, point);
  check_value(&s);
  check_replay(&s);
  check_gradient(&s, tolerance);
  check_hessian(&s, 10 * tolerance);
  end(&s);
}

static ThSession *new_session(void) {
  ThSession *session = unit_session(NULL);
  unit_run(session, derivative_setup);
  return session;
}

START_TEST(rows_hold) {
  const DerivativeRow *row = &derivative_rows[_i];
  ThSession *session = new_session();
  for (size_t k = 0; k < DERIVATIVE_POINTS && row->points[k]; k++)
    check(session, row->function, row->points[k], row->tolerance);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

/* Numbers, (3), (2, 3) and (2, 1, 3), each with each. */
START_TEST(broadcast) {
  static const char *const shapes[] = {"s", "v", "m", "t"};
  const BroadcastRow *row = &broadcast_rows[_i];
  ThSession *session = new_session();
  char function[256], point[64];
  snprintf(function, sizeof function, "p -> { f = %s; f(p.a, p.b) }", row->function);
  for (size_t a = 0; a < COUNT(shapes); a++)
    for (size_t b = 0; b < COUNT(shapes); b++) {
      snprintf(point, sizeof point, "(a = a%s, b = b%s)", shapes[a], shapes[b]);
      check(session, function, point, 0);
    }
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

START_TEST(edges_hold) {
  const EdgeRow *row = &edge_rows[_i];
  ThSession *session = new_session();
  Subject s = {.session = session,
               .cx = th_session_context(session),
               .function = row->expression,
               .point = "its edge"};
  double got[MOST], wanted[MOST];
  ThValue a = value_of(&s, row->expression), b = value_of(&s, row->expected);
  size_t n = flatten(&s, a, got);
  ck_assert_msg(flatten(&s, b, wanted) == n, "%s has another shape than %s", row->expression, row->expected);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(got[i] == wanted[i] || fabs(got[i] - wanted[i]) < 1e-12 ||
                      (isnan(got[i]) && isnan(wanted[i])),
                  "%s has %.17g, not %.17g", row->expression, got[i], wanted[i]);
  th_release(a);
  th_release(b);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

START_TEST(refuses) {
  const RefusedRow *row = &refused_rows[_i];
  ThSession *session = new_session();
  ThContext *cx = th_session_context(session);
  ThValue v;
  bool ok = th_session_evaluate(session, "test", row->expression, strlen(row->expression), &v);
  if (ok) th_release(v);
  ck_assert_msg(!ok, "%s has a derivative", row->expression);
  ck_assert_msg(strstr(cx->error.message, row->message), "%s says: %s", row->expression, cx->error.message);
  th_error_clear(cx);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

/* --- Nothing is kept */

START_TEST(does_not_grow) {
  static const char *const calls[] = {
      "grad(x -> sum(x^2), v)",
      "grad(x -> sum(x^2) + 0*length(\"$x\"), v)",
      "jacobian(x -> x^2*x[1], v)",
      "vjp(x -> sin(x), v, v)",
      "hessian(x -> x[1]^2*x[2], v)",
      "derivative(x -> x^3*v[1], 2.385, 2)",
      "grad(x -> x*grad(y -> x*y^2, v[2]), v[1])",
  };
  char text[160];
  ThSession *session = new_session();
  size_t used = 0;
  snprintf(text, sizeof text, "steps(v, n) = { for i in 1:n { v = v + 1e-4*i; y = %s }; 0 }", calls[_i]);
  unit_run(session, text);
  for (int turn = 0; turn < 4; turn++) {
    unit_run(session, "steps(v, 300);");
    if (turn == 1) used = th_session_context(session)->heap.used;
  }
  ck_assert_uint_le(th_session_context(session)->heap.used, used + 4 * 1024); /* the texts that were run */
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

/* --- Is there a row for everything? */

static bool names(const char *covers, const char *name) {
  size_t length = strlen(name);
  for (const char *at = covers; (at = strstr(at, name)); at += length)
    if ((at == covers || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return true;
  return false;
}

static bool is_covered(const char *name) {
  bool found = false;
  for (const DerivativeRow *row = derivative_rows; row->covers; row++) found |= names(row->covers, name);
  for (const BroadcastRow *row = broadcast_rows; row->covers; row++) found |= names(row->covers, name);
  for (const EdgeRow *row = edge_rows; row->covers; row++) found |= names(row->covers, name);
  for (const RefusedRow *row = refused_rows; row->covers; row++) found |= names(row->covers, name);
  return found;
}

static void require(const char *name, ThText *missing) {
  if (!is_covered(name)) th_text_format(missing, " %s", name);
}

START_TEST(everything_has_a_row) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThText missing;
  char name[64];
  ThValue v;
  th_text_init(&missing, &cx->heap);
  for (int op = 0; op < TH_N_OPERATORS; op++) require(th_operator_text((ThOperator)op), &missing);
  for (size_t i = 0; th_builtin_at(cx, i); i++) {
    th_builtin_name(th_builtin_at(cx, i), name, sizeof name);
    if (th_builtin_value(cx, th_symbol(cx, name, strlen(name)), &v) && th_builtin_has_rule(v))
      require(name, &missing);
  }
  for (size_t i = 0; th_traced_verb_name(i); i++) require(th_traced_verb_name(i), &missing);
  ck_assert_msg(strcmp(th_text_string(&missing), "") == 0, "derivative_table.c has no row for%s",
                th_text_string(&missing));
  th_text_clear(&missing);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

#define COUNT_ROWS(rows, n) \
  size_t n = 0;             \
  while (rows[n].covers) n++

Suite *th_suite_derivatives(void) {
  Suite *suite = suite_create("derivatives");
  COUNT_ROWS(derivative_rows, n_rows);
  COUNT_ROWS(broadcast_rows, n_broadcast);
  COUNT_ROWS(edge_rows, n_edges);
  COUNT_ROWS(refused_rows, n_refused);
  ADD(suite, everything_has_a_row);
  ADD_ROWS(suite, rows_hold, n_rows);
  ADD_ROWS(suite, broadcast, n_broadcast);
  ADD_ROWS(suite, edges_hold, n_edges);
  ADD_ROWS(suite, refuses, n_refused);
  ADD_ROWS(suite, does_not_grow, 7);
  return suite;
}
