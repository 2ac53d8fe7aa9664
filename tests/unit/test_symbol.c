/* test_symbol.c - tests of val/symbol */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "val/symbol.h"

static void begin(ThContext *cx) {
  unit_context(cx);
  cx->symbols = th_symbols_new(cx);
  ck_assert_ptr_nonnull(cx->symbols);
}

static void end(ThContext *cx) {
  th_symbols_free(cx, cx->symbols);
  unit_done(cx);
}

static const struct {
  const char *spelling, *name;
} canonical[] = {
    {"x", "x"},
    {"lr_2", "lr_2"},
    {"beta", "β"},
    {"β", "β"},
    {"sigma_y", "σ_y"},
    {"σ_y", "σ_y"},
    {"mu0", "μ0"},
    {"μ₀", "μ0"},
    {"mu₀", "μ0"},
    {"x₁₂", "x12"},
    {"µ", "μ"},     /* the micro sign */
    {"ϵ", "ε"},     /* lunate epsilon */
    {"ϕ2", "φ2"},   /* the phi symbol */
    {"Omega", "Ω"}, /* a capital that is no Latin letter */
    {"Alpha", "Alpha"},
    {"betas", "betas"}, /* the name must end there */
    {"beta2x", "β2x"},
    {"alphabet", "alphabet"},
    {"my_beta", "my_beta"}, /* only at the start */
    {"pi", "π"},
    {"e\u0301", "é"}, /* normal form C */
    {"β̂", "β̂"},
};

START_TEST(names_are_canonical) {
  ThHeap heap = {0};
  ThText out;
  th_text_init(&out, &heap);
  th_canonical_name(canonical[_i].spelling, strlen(canonical[_i].spelling), &out);
  ck_assert_str_eq(th_text_string(&out), canonical[_i].name);
  th_text_clear(&out);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(one_name_one_symbol) {
  ThContext cx;
  begin(&cx);
  ThSymbol *beta = th_symbol_of(&cx, "beta_1");
  ck_assert_ptr_nonnull(beta);
  ck_assert_ptr_eq(th_symbol_of(&cx, "β_1"), beta);
  ck_assert_ptr_eq(th_symbol(&cx, "β_12", 4), beta);
  ck_assert_ptr_ne(th_symbol_of(&cx, "β_12"), beta);
  ck_assert_str_eq(beta->name, "β_1");
  ck_assert_str_eq(beta->spelling, "beta_1");
  ck_assert_ptr_nonnull(th_symbol_of(&cx, "θ₀"));
  ck_assert_str_eq(th_symbol_of(&cx, "theta0")->spelling, "θ₀");
  /* the program's own spelling gives way to the person's */
  th_symbols_provisional(&cx, true);
  ThSymbol *gamma = th_symbol_of(&cx, "gamma");
  th_symbols_provisional(&cx, false);
  ck_assert_str_eq(gamma->spelling, "gamma");
  ck_assert_ptr_eq(th_symbol_of(&cx, "γ"), gamma);
  ck_assert_str_eq(gamma->spelling, "γ");
  ck_assert_ptr_eq(th_symbol_of(&cx, "gamma"), gamma);
  ck_assert_str_eq(gamma->spelling, "γ");
  end(&cx);
}
END_TEST

START_TEST(finds_only_what_is_there) {
  ThContext cx;
  begin(&cx);
  ck_assert_ptr_null(th_symbol_find(&cx, "x", 1));
  ThSymbol *x = th_symbol_of(&cx, "x");
  ck_assert_ptr_eq(th_symbol_find(&cx, "x", 1), x);
  ck_assert_ptr_null(th_symbol_find(&cx, "y", 1));
  ck_assert_uint_eq(th_symbol_count(&cx), 1);
  end(&cx);
}
END_TEST

START_TEST(numbers_symbols_by_appearance) {
  ThContext cx;
  begin(&cx);
  enum { N = 5000 };
  char name[32];
  for (size_t i = 0; i < N; i++) {
    snprintf(name, sizeof name, "θ_%zu", i * 7919);
    ThSymbol *symbol = th_symbol_of(&cx, name);
    ck_assert_ptr_nonnull(symbol);
    ck_assert_uint_eq(symbol->index, i);
  }
  ck_assert_uint_eq(th_symbol_count(&cx), N);
  for (size_t i = 0; i < N; i += 13) {
    snprintf(name, sizeof name, "theta_%zu", i * 7919);
    ck_assert_ptr_eq(th_symbol_find(&cx, name, strlen(name)), th_symbol_at(&cx, i));
  }
  end(&cx);
}
END_TEST

static bool fill(ThContext *cx) {
  char name[16];
  bool ok = true;
  ThSymbols *symbols = cx->symbols = th_symbols_new(cx);
  for (int i = 0; symbols && ok && i < 20; i++) {
    snprintf(name, sizeof name, "x̄_%d", i);
    ok = th_symbol_of(cx, name) != NULL;
  }
  th_symbols_free(cx, symbols);
  return symbols && ok;
}

START_TEST(survives_every_refusal) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, fill);
  unit_done(&cx);
}
END_TEST

/* A refusal while the table grows leaves it as it was. */
START_TEST(survives_refusals_while_it_grows) {
  ThContext cx;
  char name[16];
  begin(&cx);
  for (int i = 0; i < 512; i++) {
    snprintf(name, sizeof name, "x_%d", i);
    ck_assert_ptr_nonnull(th_symbol_of(&cx, name));
  }
  size_t refusals = 0;
  for (;; refusals++) {
    cx.heap.allocations = 0;
    cx.heap.fail_at = refusals + 1;
    bool done = th_symbol_of(&cx, "x_512") != NULL;
    cx.heap.fail_at = 0;
    if (done) break;
    ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
    th_error_clear(&cx);
    ck_assert_uint_eq(th_symbol_count(&cx), 512);
    ck_assert_ptr_null(th_symbol_find(&cx, "x_512", 5));
    ck_assert_ptr_eq(th_symbol_find(&cx, "x_385", 5), th_symbol_at(&cx, 385));
  }
  ck_assert_uint_ge(refusals, 4); /* of the name, the table, the symbol, its spellings */
  ck_assert_uint_eq(th_symbol_count(&cx), 513);
  end(&cx);
}
END_TEST

START_TEST(knows_the_greek_letters) {
  ck_assert_str_eq(th_greek_letter("theta", 5), "θ");
  ck_assert_str_eq(th_greek_letter("Sigma_y", 5), "Σ");
  ck_assert_str_eq(th_greek_letter("xi", 2), "ξ");
  ck_assert_ptr_null(th_greek_letter("thet", 4));
  ck_assert_ptr_null(th_greek_letter("Alpha", 5));
  ck_assert_ptr_null(th_greek_letter("", 0));
}
END_TEST

static const struct {
  const char *a, *b;
  size_t distance;
} distances[] = {
    {"", "", 0},
    {"mean", "mean", 0},
    {"mean", "maen", 1}, /* a transposition */
    {"mean", "men", 1},
    {"mean", "means", 1},
    {"mean", "moan", 1},
    {"mean", "median", 2},
    {"", "sd", 2},
    {"quantile", "sd", 8},
    {"ca", "abc", 3},
    {"kitten", "sitting", 3},
    {"a234567890123456789012345678901234", "a", 32}, /* long names are far apart */
};

START_TEST(measures_how_far_names_are_apart) {
  ck_assert_uint_eq(th_name_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
  ck_assert_uint_eq(th_name_distance(distances[_i].b, distances[_i].a), distances[_i].distance);
}
END_TEST

Suite *th_suite_symbol(void) {
  Suite *suite = suite_create("symbol");
  ADD_ROWS(suite, names_are_canonical, COUNT(canonical));
  ADD(suite, one_name_one_symbol);
  ADD(suite, finds_only_what_is_there);
  ADD(suite, numbers_symbols_by_appearance);
  ADD(suite, survives_every_refusal);
  ADD(suite, survives_refusals_while_it_grows);
  ADD(suite, knows_the_greek_letters);
  ADD_ROWS(suite, measures_how_far_names_are_apart, COUNT(distances));
  return suite;
}
