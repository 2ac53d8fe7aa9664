/* test_peers.c - tests of lang/peers: every form is Theta, and names nothing that is not there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/parser.h"
#include "lang/peers.h"

/* Whether `word` is one of the names in a list of parameters or of names bound in the form. */
static bool is_listed(const char *list, const char *word) {
  size_t n = strlen(word);
  for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
    bool first = at == list || strchr(", ", at[-1]), last = !at[n] || strchr(", =", at[n]);
    if (first && last) return true;
  }
  return false;
}

/* Every name of the tree is a parameter, is bound by a comprehension, or is known. */
static void check_names(ThContext *cx, const ThNode *node, const char *parameters, const char *form) {
  if (!node) return;
  ThValue value;
  if (node->kind == TH_NODE_NAME && !is_listed(parameters, node->name->spelling) &&
      strcmp(node->name->name, "x") != 0)
    ck_assert_msg(th_builtin_value(cx, node->name, &value) || strcmp(node->name->name, "π") == 0,
                  "`%s` of `%s` is not known", node->name->spelling, form);
  for (size_t i = 0; i < node->n_items; i++) check_names(cx, node->items[i], parameters, form);
}

/* The form as code: "..." becomes x. */
static void as_code(const char *form, char *out, size_t size) {
  const char *dots = strstr(form, "...");
  if (dots) snprintf(out, size, "%.*sx%s", (int)(dots - form), form, dots + 3);
  else snprintf(out, size, "%s", form);
}

START_TEST(every_form_is_theta) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  char call[200], form[200], code[200];
  size_t n = 0;
  for (size_t i = 0; th_peer_describe(i, call, form, sizeof form); i++) {
    const char *parameters = strchr(call, '(');
    if (!parameters) continue; /* advice in words */
    as_code(form, code, sizeof code);
    ThSource *source = th_source_new(cx, "", code, strlen(code));
    ck_assert_ptr_nonnull(source);
    ThTree *tree = th_parse(cx, source, false);
    ck_assert_msg(tree != NULL, "%s: `%s`: %s", call, form, cx->error.message);
    parameters++;
    char list[200];
    snprintf(list, sizeof list, "%.*s", (int)strlen(parameters) - 1, parameters);
    check_names(cx, tree->root, list, form);
    th_tree_release(tree);
    th_source_release(source);
    n++;
  }
  ck_assert_uint_ge(n, 120);
  th_session_free(session);
}
END_TEST

/* A name of a row that is a built-in of ours would never be looked up. */
START_TEST(no_name_is_ours) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  const ThPeer *row;
  for (size_t i = 0; (row = th_peer_row(i)); i++)
    for (const char *at = row->names; *at;) {
      size_t n = strcspn(at, " ");
      const ThSymbol *name = th_symbol_find(cx, at, n);
      ThValue value;
      ck_assert_msg(!name || !th_builtin_value(cx, name, &value), "`%.*s` is built in", (int)n, at);
      at += n + strspn(at + n, " ");
    }
  th_session_free(session);
}
END_TEST

static const struct {
  const char *text, *hint;
} calls[] = {
    {"dnorm(x, 0, 2)", "write `pdf(Normal(0, 2), x)`"},
    {"dnorm(x, sd = 2)", "write `pdf(Normal(0, 2), x)`"},
    {"pgamma(q = 1.5, shape = 2, rate = 3)", "write `cdf(Gamma(2, 3), 1.5)`"},
    {"dnorm(x, 0, 2, TRUE, 5)", "write `pdf(Normal(mean, sd), x)`"},
    {"dcauchy(x, scale = 2)", "write `pdf(Cauchy(0, 2), x)`"},
    {"qcauchy(0.75)", "write `quantile(Cauchy(0, 1), 0.75)`"},
    {"rlogis(10, 3)", "write `sample(Logistic(3, 1), 10)`"},
    {"plogis(x)", "write `sigmoid(x)`"},
    {"plogis(x, 3, 2)", "write `cdf(Logistic(3, 2), x)`"},
    {"qlogis(0.75)", "write `logit(0.75)`"},
    {"np.random.gumbel(0, 2, 10)", "write `sample(Gumbel(0, 2), 10)`"},
    {"np.random.triangular(0, 1, 3)", "write `sample(Triangular(0, 3, 1))`"},
    {"seq(1, 9)", "write `1:9`"},
    {"seq(a + 1, 9, by = 2)", "write `(a + 1):2:9`"},
    {"np.linalg.inv(A)", "write `inv(A)`"},
    {"pow(x + 1, 2)", "write `(x + 1)^2`"},
    {"solve([2, 1; 1, 3], b)", "write `[2, 1; 1, 3] \\ b`"},
    {"c()", "write `[…]`"},
    {"c*2", ""},
    {"quxx(3)", ""},
};

START_TEST(calls_are_rewritten) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  bool any = th_peer_hint(cx, calls[_i].text, 0);
  ck_assert_str_eq(cx->error.hint, calls[_i].hint);
  ck_assert_int_eq(any, cx->error.hint[0] != '\0');
  th_session_free(session);
}
END_TEST

Suite *th_suite_peers(void) {
  Suite *suite = suite_create("peers");
  ADD(suite, every_form_is_theta);
  ADD(suite, no_name_is_ours);
  ADD_ROWS(suite, calls_are_rewritten, COUNT(calls));
  return suite;
}
