/* cf_variable.c - characteristic functions of random variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A linear form of independent variables has the product of theirs: φ_(aX + bY + c)(k) = e^(ikc) φ_X(ak) φ_Y(bk). Equal
 * factors become a power. A function may have a distribution in a known family. What is not of this form is
 * E e^(ikX), asked point by point. */
#include <math.h>

#include "prob/cf.h"
#include "prob/linear.h"
#include "prob/product.h"
#include "prob/query.h"

/* product *= factor^1; takes the factor. Equal neighbours become powers. */
static bool multiply_take(ThContext *cx, ThValue *product, ThValue factor) {
  ThValue result;
  bool same = false, ok = true;
  if (th_is_none(*product)) {
    *product = factor;
    return true;
  }
  const ThCf *cf = th_as_cf(*product);
  ThValue left = cf->part == TH_CF_PRODUCT ? cf->left : th_none();
  ThValue last = cf->part == TH_CF_PRODUCT ? cf->right : *product;
  const ThCf *tail = th_as_cf(last);
  double times = tail->part == TH_CF_POWER ? th_as_scalar(tail->right) : 1;
  ThValue base = tail->part == TH_CF_POWER ? tail->left : last;
  ok = th_equal(cx, base, factor, &same);
  if (ok && same) {
    ThValue power;
    ok = th_cf_new(cx, TH_CF_POWER, base, th_number(times + 1), &power);
    if (ok && !th_is_none(left)) {
      ok = th_cf_new(cx, TH_CF_PRODUCT, left, power, &result);
      th_release(power);
    } else {
      result = power;
    }
  } else if (ok) {
    ok = th_cf_new(cx, TH_CF_PRODUCT, *product, factor, &result);
  }
  th_release(factor);
  if (ok) th_replace_take(product, result);
  return ok;
}

/* The factor of one variable: of the image scale*X + shift. */
static bool factor_of(ThContext *cx, const ThVariable *variable, double scale, double shift, ThValue *out) {
  ThValue image;
  if (!th_distribution_affine(cx, variable->distribution, scale, shift, &image)) return false;
  bool ok = th_cf_of_distribution(cx, image, out);
  th_release(image);
  return ok;
}

/* Every variable hangs on nothing but its own distribution, of numbers. */
static bool all_independent(const ThNetwork *net) {
  for (size_t j = 0; j < net->n_variables; j++) {
    ThValue d = net->variables[j].variable->distribution;
    if (!net->variables[j].fixed || !th_is_distribution(d) || th_as_distribution(d)->rank > 0) return false;
  }
  return net->n_variables > 0;
}

static bool product_of(ThContext *cx, const ThNetwork *net, const ThLinear *form, ThValue *out) {
  double shift = form->constant[0];
  *out = th_none();
  for (size_t j = 0; j < net->n_variables; j++) {
    double scale = form->coefficients[j];
    ThValue factor;
    if (scale == 0) continue;
    if (!factor_of(cx, net->variables[j].variable, scale, shift, &factor)) goto fail;
    shift = 0;
    if (!multiply_take(cx, out, factor)) goto fail;
  }
  return true;
fail:
  th_release(*out);
  return false;
}

/* X^2 of a normal X, or X*Y, say: a function whose distribution is in a known family, or one of a product. */
static bool of_known_family(ThContext *cx, ThValue v, ThValue *out) {
  ThQueryOptions options = {.method = TH_METHOD_EXACT};
  ThQuery q;
  ThValue d;
  if (!th_query_init(cx, &q, TH_QUERY_DIST, &v, 1, NULL, 0, &options)) return false;
  bool found = th_query_answer(&q, &d), ok = true;
  th_query_clear(&q);
  if (!found) {
    if (th_is_final(cx)) return false;
    th_error_clear(cx);
    return true;
  }
  const ThFamily *family = th_as_distribution(d)->family;
  if (family->math || family == &th_family_product) ok = th_cf_of_distribution(cx, d, out);
  th_release(d);
  return ok;
}

bool th_cf_of_variable(ThContext *cx, ThValue v, ThValue *out) {
  ThNetwork net;
  ThLinear form;
  bool linear = false;
  *out = th_none();
  if (!th_network_init(cx, &net, &v, 1)) return false;
  bool ok = true;
  if (all_independent(&net)) {
    const ThVariable **variables = th_alloc_array(cx, net.n_variables, sizeof *variables);
    for (size_t j = 0; variables && j < net.n_variables; j++) variables[j] = net.variables[j].variable;
    ok = variables && th_linear_read(cx, v, variables, net.n_variables, &form, &linear);
    if (ok && linear) {
      if (form.rank == 0) ok = product_of(cx, &net, &form, out);
      th_linear_clear(&form);
    }
    th_free(cx, variables, net.n_variables * sizeof *variables);
  }
  bool function = net.n_variables <= 2 && th_is_variable(v) &&
                  th_as_variable(v)->what != TH_VARIABLE_DECLARED;
  th_network_clear(&net);
  if (ok && th_is_none(*out) && function) ok = of_known_family(cx, v, out);
  return ok && (!th_is_none(*out) || th_cf_new(cx, TH_CF_OF_VARIABLE, v, th_none(), out));
}
