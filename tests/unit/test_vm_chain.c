/* test_vm_chain.c - elementwise expressions give the same bits in chains as one operation at a time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lang/session.h"
#include "num/chain.h"
#include "num/random.h"

/* A random expression of x, y (arrays), a, b (numbers) and literals. */
static void write_expression(ThRandom *random, int depth, ThText *out) {
  static const char *const leaves[] = {"x", "y", "x", "a", "b", "2.385", "0.5", "g", "pi"};
  static const char *const operators[] = {"+", "-", "*", "/", "^", "%", ">", "<="};
  static const char *const functions[] = {"exp", "sqrt", "abs", "sin", "tanh", "log", "floor", "sign", "-"};
  double what = th_random_uniform(random);
  if (depth == 0 || what < 0.1) {
    th_text_add(out, leaves[(size_t)(th_random_uniform(random) * (double)COUNT(leaves))]);
  } else if (what < 0.4) {
    th_text_format(out, "%s(", functions[(size_t)(th_random_uniform(random) * (double)COUNT(functions))]);
    write_expression(random, depth - 1, out);
    th_text_add(out, ")");
  } else if (what < 0.5) {
    th_text_add(out, "(");
    write_expression(random, depth - 1, out);
    th_text_add(out, ")^2");
  } else {
    th_text_add(out, "(");
    write_expression(random, depth - 1, out);
    th_text_format(out, " %s ", operators[(size_t)(th_random_uniform(random) * (double)COUNT(operators))]);
    write_expression(random, depth - 1, out);
    th_text_add(out, ")");
  }
}

static ThSession *begin(void) {
  ThSession *session = unit_session(NULL);
  unit_run(session,
           "n = 1003; x = sample(Normal(0, 2), n); y = sample(Normal(1, 1), n); a = 1.7; b = -0.3; g = 0.25\n"
           "same(u, v) = all((u == v) or (is_nan(u) and is_nan(v)))\n");
  return session;
}

/* Slices of 17 elements are too short for chains. */
START_TEST(same_bits) {
  ThSession *session = begin();
  ThRandom random;
  th_random_seed(&random, (uint64_t)_i + 1);
  for (int round = 0; round < 60; round++) {
    ThText text;
    th_text_init(&text, &th_session_context(session)->heap);
    th_text_add(&text, "e(x, y, a, b) = { w = ");
    write_expression(&random, 4, &text);
    th_text_add(&text, "; w }\nwhole = e(x, y, a, b)\n"
                       "if length(whole) == n {\n"
                       "  for i in 1:17:n {\n"
                       "    k = i:min(i + 16, n)\n"
                       "    part = e(x[k], y[k], a, b)\n"
                       "    assert(same(whole[k], part), \"$i\")\n"
                       "  }\n"
                       "}\n");
    unit_run(session, th_text_string(&text));
    th_text_clear(&text);
  }
  th_session_free(session);
}
END_TEST

/* The reduction of an expression, and of the array that it makes, in functions, at top level, and in a closure. */
START_TEST(same_sums) {
  ThSession *session = begin();
  ThRandom random;
  th_random_seed(&random, (uint64_t)_i + 77);
  for (int round = 0; round < 40; round++) {
    ThText text, expression;
    th_text_init(&text, &th_session_context(session)->heap);
    th_text_init(&expression, &th_session_context(session)->heap);
    write_expression(&random, 4, &expression);
    const char *e = th_text_string(&expression);
    th_text_format(&text, "w = %s\n", e);
    for (const char *const *f = (const char *const[]){"sum", "mean", "min", "max", NULL}; *f; f++)
      th_text_format(&text,
                     "assert(same(%s(w), %s(%s)), \"%s\")\n"
                     "h(x, y, a, b) = { z = %s(%s); f = () -> %s(%s); list(z, f()) }\n"
                     "(u, v) = h(x, y, a, b); assert(same(u, v) and same(u, %s(w)), \"%s, in a function\")\n",
                     *f, *f, e, *f, *f, e, *f, e, *f, *f);
    unit_run(session, th_text_string(&text));
    th_text_clear(&text);
    th_text_clear(&expression);
  }
  th_session_free(session);
}
END_TEST

/* Sums have the same bits by stretches, on two threads, and plainly. */
START_TEST(threads) {
  ThSession *session = begin();
  unit_run(session, "m = 400001; t = (1:m)*sqrt(3); t = t - floor(t)\n"
                    "w = exp(-0.5*((t - 0.1)/1.5)^2)/1.5\n"
                    "assert(sum(w) == sum(exp(-0.5*((t - 0.1)/1.5)^2)/1.5))\n"
                    "k = m - 700:m; s = t[k]; assert(same(w[k], exp(-0.5*((s - 0.1)/1.5)^2)/1.5))\n"
                    "assert(count(t > 0.5) == sum(t > 0.5) and abs(mean(t > 0.5) - 0.5) < 1e-4)\n"
                    "assert(max(exp(t)) == exp(max(t)) and min(exp(t) + 1) == exp(min(t)) + 1)\n");
  th_session_free(session);
}
END_TEST

/* What is not elementwise on equal shapes keeps its meaning and its errors. */
START_TEST(left_alone) {
  ThSession *session = begin();
  unit_run(session, "r = reshape(x[1:1000], 100, 10); v = r[1, :]; c = r[:, 1:1]\n"
                    "assert(all(shape(r*v + 1) == [100, 10]) and all((r - c)[:, 1] == 0))\n"
                    "assert(all(re((x + 1i)*2) == 2x) and all((x > 0) == (x > 0)))\n"
                    "exp = 3; assert(exp == 3 and all(exp(0*x) == 1))\n"
                    "q(x) = { exp = u -> 2u; exp(x + 1) }; assert(all(q(x) == 2*(x + 1)))\n"
                    "p(x) = { x = x + 1; x = x*2; x }; assert(all(p(x) == (x + 1)*2))\n"
                    "d := sum(2*x + a); d0 = d; a = 2.7; assert(near(d - d0, n, 1e-6))\n");
  static const char wrong[] = "x*2 + y[1:10]";
  ck_assert_int_eq(th_session_run(session, "", wrong, sizeof wrong - 1, TH_RUN_QUIET), TH_RUN_FAILED);
  ck_assert_int_eq(th_session_context(session)->error.code, TH_ERROR_SHAPE);
  th_session_free(session);
}
END_TEST

/* A chain that is full refuses the next step and stays as it was. */
START_TEST(limits) {
  ThChain chain = {0};
  ThChainOperand x, y = {0};
  double values[] = {2.385, 1};
  ck_assert(th_chain_array(&chain, values, &x));
  size_t steps = 0;
  for (y = x; th_chain_unary(&chain, th_kernel_negate, y, &y); steps++) continue;
  ck_assert_uint_eq(steps, TH_CHAIN_STEPS);
  double out[2];
  ThSession *session = th_session_new();
  ck_assert(th_chain_run(th_session_context(session), &chain, 2, TH_CHAIN_DOUBLES, out));
  ck_assert_double_eq(out[0], TH_CHAIN_STEPS % 2 ? -2.385 : 2.385);
  volatile sig_atomic_t flag = 1;
  th_session_context(session)->interrupt = &flag;
  ck_assert(!th_chain_run(th_session_context(session), &chain, 2, TH_CHAIN_SUM, out));
  ck_assert_int_eq(th_session_context(session)->error.code, TH_ERROR_INTERRUPTED);
  th_session_free(session);
}
END_TEST

Suite *th_suite_vm_chain(void) {
  Suite *suite = suite_create("vm_chain");
  TCase *tcase = tcase_create("all");
  tcase_set_timeout(tcase, 120);
  tcase_add_loop_test(tcase, same_bits, 0, 4);
  tcase_add_loop_test(tcase, same_sums, 0, 2);
  tcase_add_test(tcase, threads);
  tcase_add_test(tcase, left_alone);
  tcase_add_test(tcase, limits);
  suite_add_tcase(suite, tcase);
  return suite;
}
