/* test_replay.c - functions traced once and run again */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/replay.h"

#include <math.h>
#include <stdio.h>

#include "unit.h"
#include "val/basic.h"

/* What each row sets up, the function, and an argument. Values, gradients and products with the Hessian of a replay are
 * compared with those of a trace at the very place. */
typedef struct Row {
  const char *setup, *function, *point;
  size_t traces; /* how often it may be traced at five places */
} Row;

static const Row rows[] = {
    {"0", "x -> x^3 - 2x", "2.385", 1},
    {"0", "x -> (1 - x[1])^2 + 100*(x[2] - x[1]^2)^2", "[-1.2, 1]", 1},
    {"0", "x -> { s = 0; for i in 1:4 { s += x[i]*x[5 - i]^i }; s }", "[0.3, -0.4, 0.7, 1.1]", 1},
    {"y = sample(Normal(2, 3), 1000)", "p -> { s = exp(p[2]); mean(((y - p[1])/s)^2)/2 + p[2] }",
     "[0.5, 0.3]", 1},
    {"y = sample(Normal(0, 1), 777)",
     "p -> -sum(log(sigmoid(p.w)*exp(-(y - p.m[1])^2) + (1 - sigmoid(p.w))*exp(-(y - p.m[2])^2/2)))",
     "(w = 0.2, m = [-1, 1.5])", 1},
    {"X = sample(Normal(0, 1), 64, 3)", "q -> mean((tanh(X @ q.W1 + q.b1) @ q.W2 + q.b2 - X[:, 1:1])^2)",
     "(W1 = sample(Normal(0, 0.5), 3, 8), b1 = zeros(8), W2 = sample(Normal(0, 0.5), 8, 1), b2 = 0.1)", 1},
    {"A = [2, 1; 1, 3]", "x -> sum(log(A @ abs(x)) * (A \\ x)) + log(det(A + x[1]*x[1]))", "[1.5, 0.7]", 1},
    {"0", "M -> sum((M + M')^2 / [1, 2, 3]) + sum(M[2, :] * M[:, 1])", "[1, 2, 3; -1, 0.5, 2; 0.3, 0.1, 4]",
     1},
    {"0", "x -> { w = zeros(3); w[1] = x[2]; w[2:3] = x; sum(w^3) }", "[1.5, 0.7]", 1},
    {"0", "x -> abs(sum(exp(1i*x)))^2", "[0.3, 1.2, 2.5]", 1},
    {"0", "x -> if x[1] > 0.5 then x[1]^2*x[2] else exp(x[1]) - x[2]", "[0.49, 1.2]", 15},
    {"0", "x -> sum(sample(Normal(0, 1), 3))*0 + sum(x^2)", "[0.3, 1.2, 2.5]", 99},
    {"big = sample(Normal(0, 1), 3000)", "x -> sum(clip(big*x, -1, 1)) + sum(x)/3", "0.8", 1},
};

static ThValue value_of(ThSession *session, const char *text) {
  ThValue v;
  ck_assert(th_session_evaluate(session, "test", text, strlen(text), &v));
  return v;
}

/* A replay that has just been made traces at x: what it says is what the graph says. */
static void ask(ThContext *cx, ThReplay *r, const double *x, double *value, double *gradient,
                double *product) {
  size_t n = th_replay_dimension(r);
  double *v = th_alloc_array(cx, n, sizeof *v);
  ck_assert_ptr_nonnull(v);
  for (size_t i = 0; i < n; i++) v[i] = 0.3 + 0.1 * (double)(i % 7);
  ck_assert(th_replay_gradient(r, x, value, gradient));
  ck_assert(th_replay_product(r, x, v, product));
  th_free(cx, v, n * sizeof *v);
}

static void assert_close(double got, double wanted, const char *what, const char *function) {
  double error = fabs(got - wanted) / fmax(1, fabs(wanted));
  ck_assert_msg(error < 1e-12 || (isnan(got) && isnan(wanted)), "%s of %s: %.17g, not %.17g", what, function,
                got, wanted);
}

START_TEST(same_as_traced) {
  const Row *row = &rows[_i];
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  th_session_seed(session, 7);
  unit_run(session, row->setup);
  ThValue f = value_of(session, row->function), point = value_of(session, row->point);
  ThReplay *kept = th_replay_new(cx, "grad", f, point);
  ck_assert_ptr_nonnull(kept);
  size_t n = th_replay_dimension(kept), n_traces, n_runs;
  double *x = th_alloc_array(cx, 5 * n, sizeof *x), values[3];
  bool fits;
  ck_assert(x && th_replay_read(kept, point, x, &fits) && fits);
  for (size_t k = 0; k < 5; k++) {
    ThReplay *fresh = th_replay_new(cx, "grad", f, point);
    ck_assert_ptr_nonnull(fresh);
    ask(cx, fresh, x, &values[0], x + n, x + 2 * n);
    ask(cx, kept, x, &values[1], x + 3 * n, x + 4 * n);
    ck_assert(th_replay_value(kept, x, &values[2]));
    assert_close(values[1], values[0], "the value", row->function);
    assert_close(values[2], values[0], "the value alone", row->function);
    for (size_t i = 0; i < n; i++) {
      assert_close(x[3 * n + i], x[n + i], "the gradient", row->function);
      assert_close(x[4 * n + i], x[2 * n + i], "the product", row->function);
    }
    th_replay_free(fresh);
    for (size_t i = 0; i < n; i++) x[i] += 0.013 * (double)(i + 1) * (k % 2 ? -0.7 : 1);
  }
  th_replay_counts(kept, &n_traces, &n_runs);
  ck_assert_msg(n_traces <= row->traces, "%s was traced %zu times", row->function, n_traces);
  th_replay_free(kept);
  th_free(cx, x, 5 * n * sizeof *x);
  th_release(f);
  th_release(point);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

/* Functions with several values: values, Jacobian, and the Hessian of their weighted sum. */
START_TEST(several_values) {
  static const char *const texts[] = {"x -> x[1]*exp(-[1, 2, 3.5, 4]*x[2])/(1 + x[3]^2)",
                                      "x -> concat(x^2, [x[1]*x[2]])",
                                      "x -> [x[1], x[2], x[3], 2.5]*(if x[1] > 0.33 then x[2] else x[3])"};
  static const double weights[4] = {0.3, -1.2, 2.5, 0.7};
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue f = value_of(session, texts[_i]), point = value_of(session, "[0.3, -0.4, 1.2]"), wanted;
  unit_run(session, "w = [0.3, -1.2, 2.5, 0.7]");
  ThReplay *r = th_replay_new_array(cx, "mle", f, point, 4);
  ck_assert_ptr_nonnull(r);
  double x[3] = {0.3, -0.4, 1.2};
  for (int k = 0; k < 3; k++) {
    double y[4], j[12], h[9];
    char text[400];
    ck_assert(th_replay_value(r, x, y) && th_replay_jacobian(r, x, j) && th_replay_bend(r, x, weights, h));
    snprintf(
        text, sizeof text,
        "{ f = %s; x = [%.17g, %.17g, %.17g]; list(f(x), jacobian(f, x), hessian(x -> sum(w*f(x)), x)) }",
        texts[_i], x[0], x[1], x[2]);
    wanted = value_of(session, text);
    const ThList *list = th_as_list(wanted);
    const double *got[3] = {y, j, h};
    for (size_t part = 0; part < 3; part++) {
      const ThArray *a = th_as_array(list->items[part]);
      for (size_t i = 0; i < a->length; i++)
        assert_close(got[part][i], a->real[i], part == 0 ? "a value" : "a derivative", texts[_i]);
    }
    th_release(wanted);
    for (int i = 0; i < 3; i++) x[i] += 0.04 * (i + 1);
  }
  th_replay_free(r);
  th_release(f);
  th_release(point);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

/* grad(f, x) in a loop follows the globals that f reads. */
START_TEST(follows_globals) {
  ThSession *session = unit_session(NULL);
  unit_run(session, "a = 2\nf(x) = a*x^2\ng = [grad(f, k) for k in 1:5]\nassert(sum(g) == 60)\n"
                    "a = 3\nassert(grad(f, 1.5) == 9)\nb = list()\n"
                    "for k in 1:5 { a = k; b = push(b, grad(f, 1)) }\nassert(sum(to_array(b)) == 30)\n"
                    "for k in 1:4 { assert(grad(x -> x*grad(f, x), k) == 4*a*k) }");
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

Suite *th_suite_replay(void) {
  Suite *suite = suite_create("replay");
  ADD_ROWS(suite, same_as_traced, COUNT(rows));
  ADD_ROWS(suite, several_values, 3);
  ADD(suite, follows_globals);
  return suite;
}
