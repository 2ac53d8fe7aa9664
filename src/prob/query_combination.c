/* query_combination.c - dist(X op Y | …) of independent X and Y */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The distributions of both sides are asked for, and combined: sums by convolution, products and quotients by that of
 * the logarithms. */
#include "prob/components.h"
#include "prob/product.h"
#include "prob/query_again.h"
#include "prob/sum.h"

enum { MOST_VARIABLES = 200 };

static bool combine(ThQuery *q, const ThVariable *x, const ThValue *sides, ThValue *out, char *method,
                    size_t size, bool *found) {
  ThText text;
  double error, coefficients[2] = {1, x->op == TH_OP_SUBTRACT ? -1 : 1};
  th_text_init(&text, &q->cx->heap);
  bool ok = th_query_text(q, &text) && th_text_ok(&text, q->cx);
  if (ok && (x->op == TH_OP_MULTIPLY || x->op == TH_OP_DIVIDE)) {
    ok = th_product_distribution(q->cx, sides[0], sides[1], x->op == TH_OP_DIVIDE, th_text_string(&text), out,
                                 method, size, found);
  } else if (ok) {
    ThSum sum = {2, sides, coefficients, 0, th_text_string(&text)};
    ok = th_sum_distribution(q->cx, &sum, out, method, size, &error, found);
  }
  th_text_clear(&text);
  return ok;
}

/* The target is x itself. */
static bool answer_combination(ThQuery *q, const ThVariable *x, ThValue *out, bool *done) {
  ThValue sides[2] = {th_none(), th_none()};
  char method[160];
  bool found = true, ok = true;
  for (int i = 0; ok && found && i < 2; i++)
    ok = th_query_distribution(q, x->arguments[i], &sides[i], &found) &&
         (!found || th_as_distribution(sides[i])->rank == 0 || !(found = false));
  if (ok && found) ok = combine(q, x, sides, out, method, sizeof method, &found);
  th_release_all(sides, 2);
  if (!ok || !found) return ok;
  *done = true;
  th_text_add(&q->story, "both sides are independent\n");
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}

bool th_answer_combination(ThQuery *q, ThValue *out, bool *done) {
  ThComponents c;
  size_t n = q->net.n_variables;
  if (q->kind != TH_QUERY_DIST || q->n_targets != 1 || n < 2 || n > MOST_VARIABLES) return true;
  if (!th_is_combination(q->targets[0])) return true;
  const ThVariable *x = th_as_variable(q->targets[0]);
  bool independent = false;
  bool ok = th_components_init(q, &c) &&
            th_components_are_apart(&c, x->arguments[0], x->arguments[1], &independent);
  th_components_clear(&c);
  return ok && (!independent || answer_combination(q, x, out, done));
}
