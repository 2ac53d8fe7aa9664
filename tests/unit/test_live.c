/* test_live.c - tests of lang/live: what is computed anew after a change, and how often */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random graphs of live names stand beside an oracle in C, which computes everything anew and notes which names
 * each value hangs on. Every live value calls the built-in `tick` of its number, so that evaluations are counted. */
#include "unit.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "lang/builtin.h"
#include "lang/session.h"
#include "num/random.h"

enum { N_GLOBALS = 5, N_FUNCTIONS = 4, N_LIVE = 24, MAX_NODES = 1200, TEXT_SIZE = 4096 };

static int ticks[N_LIVE];

static bool body_tick(ThContext *cx, const ThCall *call, ThValue *out) {
  (void)cx;
  ticks[th_arg_count(call, 0)]++;
  *out = th_number(th_arg_number(call, 1));
  return true;
}

static const ThBuiltin counting[] = {
    {"tick(i: count, x: number) -> number", body_tick, "test", "counts", NULL, NULL, NULL, NULL},
    {0},
};

/* --- Expressions of the oracle */

typedef enum Kind { NUMBER, GLOBAL, LIVE, PARAMETER, MEAN, DIFFERENCE, CALL, IF, SUM, FIELD } Kind;

/* IF: the first global or live name above 0.5. SUM: function `which` at 1, 2, 3. FIELD: as CALL, from a record. */
typedef struct Node {
  Kind kind;
  double number;
  int which;
  struct Node *a, *b;
} Node;

typedef struct Graph {
  ThRandom random;
  Node nodes[MAX_NODES];
  int n_nodes;
  double globals[N_GLOBALS];
  Node *functions[N_FUNCTIONS], *live[N_LIVE]; /* live: NULL once the name is ordinary */
  double values[N_LIVE];
  uint64_t hangs_on[N_LIVE]; /* bits: globals, then functions, then live names */
} Graph;

static uint64_t bit_of(Kind kind, int which) {
  int first = kind == GLOBAL ? 0 : kind == LIVE ? N_GLOBALS + N_FUNCTIONS : N_GLOBALS;
  return UINT64_C(1) << (first + which);
}

static int below(Graph *g, int n) { return (int)th_random_below(&g->random, (uint64_t)n); }

static Node *node(Graph *g, Kind kind, int which, Node *a, Node *b) {
  ck_assert_int_lt(g->n_nodes, MAX_NODES);
  Node *new = &g->nodes[g->n_nodes++];
  *new = (Node){.kind = kind, .number = (double)(1 + below(g, 99)) / 8, .which = which, .a = a, .b = b};
  return new;
}

/* An expression of live names before `live`, functions before `function`; with or without a parameter. */
static Node *random_node(Graph *g, int live, int function, bool parameter, int depth) {
  if (depth == 0 || below(g, 6) == 0) {
    if (parameter && below(g, 2) == 0) return node(g, PARAMETER, 0, NULL, NULL);
    if (live > 0 && below(g, 2) == 0) return node(g, LIVE, below(g, live), NULL, NULL);
    return below(g, 6) == 0 ? node(g, NUMBER, 0, NULL, NULL)
                            : node(g, GLOBAL, below(g, N_GLOBALS), NULL, NULL);
  }
  int kind = below(g, function > 0 ? 6 : 3);
  Node *a = random_node(g, live, function, parameter, depth - 1);
  if (kind >= 3) return node(g, kind == 3 ? CALL : kind == 4 ? SUM : FIELD, below(g, function), a, NULL);
  Node *b = random_node(g, live, function, parameter, depth - 1);
  return node(g, kind == 0 ? MEAN : kind == 1 ? DIFFERENCE : IF, below(g, N_GLOBALS), a, b);
}

static double value_of(const Graph *g, const Node *e, double x, uint64_t *hangs) {
  switch (e->kind) {
    case NUMBER: return e->number;
    case PARAMETER: return x;
    case GLOBAL: *hangs |= bit_of(GLOBAL, e->which); return g->globals[e->which];
    case LIVE: *hangs |= bit_of(LIVE, e->which) | g->hangs_on[e->which]; return g->values[e->which];
    case MEAN: return (value_of(g, e->a, x, hangs) + value_of(g, e->b, x, hangs)) / 2;
    case DIFFERENCE: return value_of(g, e->a, x, hangs) - value_of(g, e->b, x, hangs);
    case CALL:
    case FIELD:
      *hangs |= bit_of(CALL, e->which);
      return value_of(g, g->functions[e->which], value_of(g, e->a, x, hangs), hangs);
    case IF:
      *hangs |= bit_of(GLOBAL, e->which);
      return value_of(g, g->globals[e->which] > 0.5 ? e->a : e->b, x, hangs);
    case SUM: break;
  }
  double sum = value_of(g, e->a, x, hangs);
  *hangs |= bit_of(CALL, e->which);
  for (int i = 1; i <= 3; i++) sum += value_of(g, g->functions[e->which], i, hangs);
  return sum / 4;
}

__attribute__((format(printf, 2, 3))) static void write_text(char *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  ck_assert_int_lt(vsnprintf(out, TEXT_SIZE, format, arguments), TEXT_SIZE);
  va_end(arguments);
}

static void print(const Node *e, char *out) {
  char a[TEXT_SIZE] = "", b[TEXT_SIZE] = "";
  if (e->a) print(e->a, a);
  if (e->b) print(e->b, b);
  switch (e->kind) {
    case NUMBER: write_text(out, "%.17g", e->number); return;
    case PARAMETER: write_text(out, "x"); return;
    case GLOBAL: write_text(out, "g%d", e->which); return;
    case LIVE: write_text(out, "c%d", e->which); return;
    case MEAN: write_text(out, "(%s + %s)/2", a, b); return;
    case DIFFERENCE: write_text(out, "(%s - %s)", a, b); return;
    case CALL: write_text(out, "f%d(%s)", e->which, a); return;
    case FIELD: write_text(out, "(p = f%d).p(%s)", e->which, a); return;
    case IF: write_text(out, "(if g%d > 0.5 then %s else %s)", e->which, a, b); return;
    case SUM: write_text(out, "(%s + sum([f%d(i) for i in 1:3]))/4", a, e->which); return;
  }
}

static void recompute(Graph *g) {
  for (int i = 0; i < N_LIVE; i++) {
    if (!g->live[i]) continue;
    g->hangs_on[i] = 0;
    g->values[i] = value_of(g, g->live[i], 0, &g->hangs_on[i]);
  }
}

/* --- Both side by side */

static double evaluate(ThSession *session, const char *text) {
  ThValue v;
  double x = 0;
  ck_assert_msg(th_session_evaluate(session, "", text, strlen(text), &v), "%s: %s", text,
                th_session_context(session)->error.message);
  ck_assert(th_to_number(v, &x));
  th_release(v);
  return x;
}

static void define_function(Graph *g, ThSession *session, int i) {
  char body[TEXT_SIZE], text[TEXT_SIZE + 40];
  g->functions[i] = random_node(g, 0, i, true, 2);
  print(g->functions[i], body);
  snprintf(text, sizeof text, "f%d(x) = %s", i, body);
  unit_run(session, text);
}

static void define_live(Graph *g, ThSession *session, int i) {
  char body[TEXT_SIZE], text[TEXT_SIZE + 40];
  g->live[i] = random_node(g, i, N_FUNCTIONS, false, 3);
  print(g->live[i], body);
  snprintf(text, sizeof text, "c%d := tick(%d, %s)", i, i, body);
  unit_run(session, text);
}

static void set_global(Graph *g, ThSession *session, int i, double value) {
  char text[80];
  g->globals[i] = value;
  snprintf(text, sizeof text, "g%d = %.17g", i, value);
  unit_run(session, text);
}

static double random_value(Graph *g) { return (double)(1 + below(g, 4000)) / 4096; }

static void build(Graph *g, ThSession *session, uint64_t seed) {
  memset(g, 0, sizeof *g);
  th_random_seed(&g->random, seed);
  for (int i = 0; i < N_GLOBALS; i++) set_global(g, session, i, random_value(g));
  for (int i = 0; i < N_FUNCTIONS; i++) define_function(g, session, i);
  for (int i = 0; i < N_LIVE; i++) define_live(g, session, i);
  recompute(g);
}

/* Reads every live value, in a random order, and compares: those in `changed` were computed once, no other. */
static void compare(Graph *g, ThSession *session, uint64_t changed) {
  size_t order[N_LIVE];
  char name[16];
  ck_assert(th_random_permutation(th_session_context(session), &g->random, N_LIVE, order));
  for (size_t k = 0; k < N_LIVE; k++) {
    snprintf(name, sizeof name, "c%zu", order[k]);
    ck_assert_double_eq(evaluate(session, name), g->values[order[k]]);
  }
  for (int i = 0; i < N_LIVE; i++) {
    ck_assert_msg(ticks[i] == (int)(changed >> i & 1), "c%d was computed %d times", i, ticks[i]);
    ticks[i] = 0;
  }
}

/* The live names that hang on a name of this bit. */
static uint64_t followers(const Graph *g, uint64_t bit) {
  uint64_t found = 0;
  for (int i = 0; i < N_LIVE; i++)
    if (g->live[i] && (g->hangs_on[i] & bit)) found |= UINT64_C(1) << i;
  return found;
}

static uint64_t all_live(const Graph *g) {
  uint64_t found = 0;
  for (int i = 0; i < N_LIVE; i++)
    if (g->live[i]) found |= UINT64_C(1) << i;
  return found;
}

/* Changes something; returns the live names that are to be computed anew. */
static uint64_t change(Graph *g, ThSession *session) {
  char text[80];
  uint64_t changed;
  int what = below(g, 10), i = below(g, what < 7 ? N_GLOBALS : what == 7 ? N_FUNCTIONS : N_LIVE);
  if (what < 7) {
    changed = followers(g, bit_of(GLOBAL, i));
    set_global(g, session, i, random_value(g) + (double)below(g, 2));
  } else if (what == 7) {
    changed = followers(g, bit_of(CALL, i));
    define_function(g, session, i);
  } else if (what == 8) {
    changed = followers(g, bit_of(LIVE, i)) | UINT64_C(1) << i;
    define_live(g, session, i);
  } else {
    changed = followers(g, bit_of(LIVE, i)) & ~(UINT64_C(1) << i);
    g->live[i] = NULL;
    g->hangs_on[i] = 0;
    g->values[i] = random_value(g);
    snprintf(text, sizeof text, "c%d = %.17g", i, g->values[i]);
    unit_run(session, text);
  }
  return changed;
}

/* One-off values: the right answer, nothing computed that does not hang on the names, everything as before. */
static void one_off(Graph *g, ThSession *session) {
  static Graph other;
  char text[160];
  int i = below(g, N_LIVE), k = below(g, N_GLOBALS), k2 = (k + 1) % N_GLOBALS;
  if (!(g->hangs_on[i] & bit_of(GLOBAL, k)) || !(g->hangs_on[i] & bit_of(GLOBAL, k2))) return;
  uint64_t may_change = followers(g, bit_of(GLOBAL, k)) | followers(g, bit_of(GLOBAL, k2));
  other = *g;
  other.globals[k] = random_value(g);
  other.globals[k2] = random_value(g) + 1;
  recompute(&other);
  snprintf(text, sizeof text, "(c%d with g%d = %.17g, g%d = %.17g)", i, k, other.globals[k], k2,
           other.globals[k2]);
  ck_assert_double_eq(evaluate(session, text), other.values[i]);
  for (int j = 0; j < N_LIVE; j++) {
    ck_assert_int_le(ticks[j], (int)(may_change >> j & 1));
    ticks[j] = 0;
  }
  compare(g, session, 0);
}

static ThSession *begin(void) {
  ThSession *session = unit_session(NULL);
  ck_assert(th_builtins_define(th_session_context(session), counting));
  memset(ticks, 0, sizeof ticks);
  return session;
}

START_TEST(random_graphs) {
  static Graph g;
  ThSession *session = begin();
  for (uint64_t seed = 1; seed <= 25; seed++) {
    build(&g, session, 25 * (uint64_t)_i + seed);
    compare(&g, session, all_live(&g));
    for (int step = 0; step < 25; step++) {
      uint64_t changed = change(&g, session);
      recompute(&g);
      compare(&g, session, changed & all_live(&g));
      one_off(&g, session);
    }
  }
  th_session_free(session);
}
END_TEST

/* Several changes before anything is read: each value is still computed once. */
START_TEST(changes_together) {
  static Graph g;
  ThSession *session = begin();
  for (uint64_t seed = 1; seed <= 50; seed++) {
    build(&g, session, 1000 + seed);
    compare(&g, session, all_live(&g));
    for (int step = 0; step < 10; step++) {
      uint64_t changed = 0;
      for (int k = 0; k < N_GLOBALS; k++) {
        changed |= followers(&g, bit_of(GLOBAL, k));
        set_global(&g, session, k, g.globals[k] + 0.25 * (1 + below(&g, 2)));
      }
      for (int i = 0; i < N_LIVE; i++) ck_assert_int_eq(ticks[i], 0);
      recompute(&g);
      compare(&g, session, changed);
    }
  }
  th_session_free(session);
}
END_TEST

/* Checkpoints bring definitions and values back, the last first. */
START_TEST(several_checkpoints) {
  enum { STEPS = 6 };
  static Graph g, kept[STEPS];
  ThSession *session = begin();
  ThCheckpoint *checkpoints[STEPS];
  for (uint64_t seed = 1; seed <= 20; seed++) {
    build(&g, session, 2000 + seed);
    compare(&g, session, all_live(&g));
    for (int k = 0; k < STEPS; k++) {
      kept[k] = g;
      checkpoints[k] = th_session_checkpoint(session);
      ck_assert_ptr_nonnull(checkpoints[k]);
      uint64_t changed = change(&g, session);
      recompute(&g);
      compare(&g, session, changed & all_live(&g));
    }
    for (int k = STEPS - 1; k >= 0; k -= 1 + below(&g, 2)) {
      ck_assert(th_session_restore(session, checkpoints[k]));
      ck_assert(!th_session_differs(session, checkpoints[k]));
      compare(&kept[k], session, 0);
    }
    ck_assert(th_session_restore(session, checkpoints[0]));
    g = kept[0];
    uint64_t changed = change(&g, session);
    recompute(&g);
    compare(&g, session, changed & all_live(&g));
    for (int k = 0; k < STEPS; k++) th_checkpoint_free(session, checkpoints[k]);
  }
  th_session_free(session);
}
END_TEST

static void expect_failure(ThSession *session, const char *text, const char *message) {
  ThContext *cx = th_session_context(session);
  ck_assert_int_eq(th_session_run(session, "", text, strlen(text), TH_RUN_QUIET), TH_RUN_FAILED);
  ck_assert_str_eq(cx->error.message, message);
}

/* An error is kept as a value is: told again at each reading, computed again when an ingredient is mended. */
START_TEST(failures) {
  ThSession *session = begin();
  unit_run(session,
           "n = 3; v = [2.385, 5]\nc0 := tick(0, n) + v[n] - n\nc1 := tick(1, c0 + 1)\nc2 := tick(2, n)");
  const char *message = "index 3 is past the end of `v`, which has length 2";
  for (int i = 0; i < 3; i++) {
    expect_failure(session, "c1", message);
    expect_failure(session, "c0", message);
  }
  ck_assert_double_eq(evaluate(session, "c2"), 3);
  ck_assert_int_eq(ticks[0], 1);
  unit_run(session, "n = 1");
  ck_assert_double_eq(evaluate(session, "c1"), 3.385);
  ck_assert_double_eq(evaluate(session, "c0 + c2"), 3.385);
  ck_assert_int_eq(ticks[0], 2);
  ck_assert_int_eq(ticks[1], 1);
  ck_assert_int_eq(ticks[2], 2);
  expect_failure(session, "c1 with n = 7", "index 7 is past the end of `v`, which has length 2");
  expect_failure(session, "c1 with n in [2, 0]", "indices start at 1; got 0");
  ck_assert_double_eq(evaluate(session, "c1"), 3.385);
  ck_assert_int_eq(ticks[1], 2); /* the row of n = 2 */
  expect_failure(session, "w = 4\nc3 := tick(3, w + missing(1))", "`missing` is not defined");
  unit_run(session, "f(x) = x + late\nc3 := tick(3, f(w))");
  expect_failure(session, "c3", "`late` is not defined");
  unit_run(session, "late = 0.5");
  ck_assert_double_eq(evaluate(session, "c3"), 4.5);
  th_session_free(session);
}
END_TEST

/* Ctrl-C in the middle leaves every value and definition as it was. */
START_TEST(interrupted) {
  ThSession *session = begin();
  ThContext *cx = th_session_context(session);
  volatile sig_atomic_t flag = 0;
  unit_run(
      session,
      "n = 3; spin(k) = { s = 0; for i in 1:k { s += 1 }; s }\nc0 := tick(0, spin(n))\nc1 := tick(1, c0)");
  ck_assert_double_eq(evaluate(session, "c1"), 3);
  cx->interrupt = &flag;
  flag = 1;
  expect_failure(session, "c1 with n = 4", "interrupted");
  flag = 1;
  expect_failure(session, "n = 5\nc1", "interrupted");
  ck_assert_double_eq(evaluate(session, "c1"), 5);
  ck_assert_int_eq(ticks[1], 2);
  th_session_free(session);
}
END_TEST

static volatile sig_atomic_t armed, pressed;

/* A signal that comes late, after the statement it was meant for, is none. */
static void press(int number) {
  (void)number;
  if (armed) pressed = 1;
}

/* Ctrl-C at any moment, in `with` and in what it evaluates. */
START_TEST(interrupted_anywhere) {
  static Graph g;
  ThSession *session = begin();
  ThContext *cx = th_session_context(session);
  struct sigaction action = {.sa_handler = press};
  sigemptyset(&action.sa_mask);
  sigaction(SIGALRM, &action, NULL);
  build(&g, session, 4000);
  compare(&g, session, all_live(&g));
  unit_run(session, "all() = c5 + c11 + c17 + c23\nX ~ Normal(c7, 1)\nlast := all() + E(X)");
  double total = evaluate(session, "last"), mean = evaluate(session, "E(X)");
  cx->interrupt = &pressed;
  const char *text = "for i in 1:20 { t = (last with g0 in [0.25, 0.75], g1 in [0.3, 0.8], g2 = i/16) }";
  for (int i = 0; i < 200; i++) {
    struct itimerval moment = {.it_value.tv_usec = 1 + below(&g, 3000)};
    armed = 1;
    setitimer(ITIMER_REAL, &moment, NULL);
    ThRunStatus status = th_session_run(session, "", text, strlen(text), TH_RUN_QUIET);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 0}, NULL);
    armed = 0;
    pressed = 0;
    if (status == TH_RUN_FAILED) ck_assert_int_eq(cx->error.code, TH_ERROR_INTERRUPTED);
    ck_assert_double_eq(evaluate(session, "last"), total);
    ck_assert_double_eq(evaluate(session, "E(X)"), mean);
  }
  memset(ticks, 0, sizeof ticks);
  compare(&g, session, 0);
  th_session_free(session);
}
END_TEST

/* A chain and a fan far longer than evaluations may nest. */
START_TEST(long_chains) {
  enum { LENGTH = 5000 };
  ThSession *session = begin();
  char text[64];
  unit_run(session, "c = 2.5; total() = { s = 0; for i in 1:3 { s += c }; s }\nx0 := c\nc0 := tick(0, c)");
  for (int i = 1; i < LENGTH; i++) {
    snprintf(text, sizeof text, "x%d := x%d + %s", i, i - 1, i % 2 ? "1" : "total()");
    unit_run(session, text);
  }
  double steps = LENGTH / 2, calls = (LENGTH - 1) / 2;
  ck_assert_double_eq(evaluate(session, "x4999"), 2.5 + steps + 7.5 * calls);
  unit_run(session, "c = 3.5");
  ck_assert_double_eq(evaluate(session, "x4999"), 3.5 + steps + 10.5 * calls);
  ck_assert_double_eq(evaluate(session, "(x4999 with c = 4.5)"), 4.5 + steps + 13.5 * calls);
  expect_failure(session, "x7 := x4999", "`x7` would hang on itself through `x4999`");
  th_session_free(session);
}
END_TEST

/* Whichever allocation fails, the error says so, and what is read afterwards is right. */
START_TEST(out_of_memory) {
  ThSession *session = begin();
  ThContext *cx = th_session_context(session);
  const char *text =
      "a = a + 0.5\nt = (e with a in [1, 2.5, 3])\nc := a*b + 1\nu = q\nb = 5\nu = q + (q with a = 1)";
  unit_run(session, "a = 2.5; b = 4; f(x) = x^2 + b\nc := a*b\nd := c + f(a)\ne := d - c\nX ~ Normal(a, b)\n"
                    "g := plot([a, c])\nq := E(X) + e");
  ck_assert_double_eq(evaluate(session, "q"), 12.75);
  ThRunStatus status = TH_RUN_FAILED;
  for (size_t n = 1; status != TH_RUN_DONE; n++) {
    ck_assert_uint_lt(n, 20000);
    cx->heap.allocations = 0;
    cx->heap.fail_at = n;
    status = th_session_run(session, "", text, strlen(text), TH_RUN_SCRIPT);
    cx->heap.fail_at = 0;
    if (status == TH_RUN_FAILED) ck_assert_int_eq(cx->error.code, TH_ERROR_MEMORY);
    ck_assert_double_eq(evaluate(session, "d - c - f(a)"), 0);
    ck_assert_double_eq(evaluate(session, "q - a - f(a)"), 0);
    unit_run(session, "a = 2.5; b = 4");
    ck_assert_double_eq(evaluate(session, "q"), 12.75);
    ck_assert_double_eq(evaluate(session, "e"), 10.25);
  }
  th_session_free(session);
}
END_TEST

Suite *th_suite_live(void) {
  Suite *suite = suite_create("live");
  ADD_ROWS(suite, random_graphs, 8);
  ADD(suite, changes_together);
  ADD(suite, several_checkpoints);
  ADD(suite, failures);
  ADD(suite, interrupted);
  ADD(suite, interrupted_anywhere);
  ADD(suite, long_chains);
  ADD(suite, out_of_memory);
  return suite;
}
