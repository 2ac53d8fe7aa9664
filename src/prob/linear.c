/* linear.c - is an expression linear in some random variables, and with which coefficients */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes under the expression are visited from the oldest on; each gets its form, or is marked as not
 * linear. A plain number or array has a form too, with no coefficients. */
#include "prob/linear.h"

#include <math.h>
#include <string.h>

#include "prob/network.h"

typedef struct Form {
  bool linear;
  bool plain;    /* no variable: coefficients is NULL */
  uint32_t rank; /* 0, 1, 2 */
  size_t shape[2], length;
  double *constant;
  double *coefficients; /* (length, n_variables) */
} Form;

typedef struct Reader {
  ThContext *cx;
  ThNetwork *net;
  const ThVariable *const *variables;
  size_t n_variables;
  Form *forms; /* of the nodes */
} Reader;

/* --- Forms */

static void form_clear(const Reader *r, Form *f) {
  th_free(r->cx, f->constant, (f->length + 1) * sizeof *f->constant);
  th_free(r->cx, f->coefficients, (f->length * r->n_variables + 1) * sizeof *f->coefficients);
  *f = (Form){0};
}

static bool form_new(const Reader *r, uint32_t rank, size_t length, bool plain, Form *out) {
  *out = (Form){.linear = true, .plain = plain, .rank = rank, .shape = {length}, .length = length};
  out->constant = th_alloc_array(r->cx, length + 1, sizeof *out->constant);
  if (!out->constant) return false;
  memset(out->constant, 0, length * sizeof *out->constant);
  if (plain) return true;
  out->coefficients = th_alloc_array(r->cx, length * r->n_variables + 1, sizeof *out->coefficients);
  if (!out->coefficients) {
    form_clear(r, out);
    return false;
  }
  memset(out->coefficients, 0, length * r->n_variables * sizeof *out->coefficients);
  return true;
}

static bool form_like(const Reader *r, const Form *like, bool plain, Form *out) {
  if (!form_new(r, like->rank, like->length, plain, out)) return false;
  memcpy(out->shape, like->shape, sizeof out->shape);
  return true;
}

/* Of one shape, or one of them a number. */
static bool fit(const Form *a, const Form *b) {
  if (a->rank == 0 || b->rank == 0) return true;
  return a->rank == b->rank && memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0;
}

/* Element e of a form of one element stands for all. */
static size_t element(const Form *f, size_t e) { return f->rank == 0 ? 0 : e; }

/* to[e] += scale * f[at] */
static void add_scaled(const Reader *r, Form *to, size_t e, const Form *f, size_t at, double scale) {
  to->constant[e] += scale * f->constant[at];
  if (f->plain || to->plain) return;
  const double *from = f->coefficients + at * r->n_variables;
  double *c = to->coefficients + e * r->n_variables;
  for (size_t j = 0; j < r->n_variables; j++) c[j] += scale * from[j];
}

static bool plain_form(const Reader *r, ThValue v, Form *out) {
  bool scalar = th_is_scalar(v);
  *out = (Form){0};
  if (!scalar && (!th_is_array(v) || th_as_array(v)->rank > 2 || th_as_array(v)->element == TH_COMPLEX))
    return true;
  const ThArray *a = scalar ? NULL : th_as_array(v);
  if (!form_new(r, scalar ? 0 : a->rank, scalar ? 1 : a->length, true, out)) return false;
  if (scalar) out->constant[0] = th_as_scalar(v);
  for (size_t i = 0; a && i < a->length; i++) out->constant[i] = th_array_real(a, i);
  for (uint32_t k = 0; a && k < a->rank; k++) out->shape[k] = a->shape[k];
  return true;
}

/* The form of what a node reads: borrowed from the table, or made into *own. */
static bool input_form(const Reader *r, const ThNetworkNode *node, size_t j, Form *own, const Form **out) {
  const ThInput *input = &r->net->inputs[node->first_input + j];
  if (input->node != TH_NO_NODE) {
    *out = &r->forms[input->node];
    return true;
  }
  *out = own;
  return plain_form(r, input->plain, own);
}

/* --- Operations. Each leaves *out not linear where the result is none. */

static bool combine(const Reader *r, const Form *a, const Form *b, double sign, Form *out) {
  if (!fit(a, b)) return true;
  if (!form_like(r, a->rank ? a : b, a->plain && b->plain, out)) return false;
  for (size_t e = 0; e < out->length; e++) {
    add_scaled(r, out, e, a, element(a, e), 1);
    add_scaled(r, out, e, b, element(b, e), sign);
  }
  return true;
}

/* a times, or over, the plain b. */
static bool scale(const Reader *r, const Form *a, const Form *b, bool divide, Form *out) {
  if (!b->plain || !fit(a, b)) return true;
  if (!form_like(r, a->rank ? a : b, a->plain, out)) return false;
  for (size_t e = 0; e < out->length; e++) {
    double factor = b->constant[element(b, e)];
    add_scaled(r, out, e, a, element(a, e), divide ? 1 / factor : factor);
  }
  return true;
}

/* A @ B of matrices and vectors, one of them plain. */
static bool matrix_product(const Reader *r, const Form *a, const Form *b, Form *out) {
  size_t rows = a->rank == 2 ? a->shape[0] : 1, columns = b->rank == 2 ? b->shape[1] : 1;
  size_t n = a->rank == 2 ? a->shape[1] : a->length;
  if (!(a->plain || b->plain) || a->rank == 0 || b->rank == 0 || n != b->shape[0]) return true;
  uint32_t rank = a->rank + b->rank - 2;
  if (!form_new(r, rank, rows * columns, a->plain && b->plain, out)) return false;
  if (rank == 2) out->shape[0] = rows, out->shape[1] = columns;
  const Form *form = a->plain ? b : a;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      for (size_t k = 0; k < n; k++) {
        size_t left = i * n + k, right = k * columns + j;
        add_scaled(r, out, i * columns + j, form, a->plain ? right : left,
                   a->plain ? a->constant[left] : b->constant[right]);
      }
  return true;
}

static bool add_all(const Reader *r, const Form *a, double factor, Form *out) {
  if (a->rank != 1) return true;
  if (!form_new(r, 0, 1, a->plain, out)) return false;
  for (size_t e = 0; e < a->length; e++) add_scaled(r, out, 0, a, e, factor);
  return true;
}

/* a[i] for one plain whole number i. */
static bool pick(const Reader *r, const Form *a, const Form *i, Form *out) {
  if (a->rank != 1 || !i->plain || i->rank != 0) return true;
  double at = i->constant[0];
  if (!(at >= 1 && at <= (double)a->length) || floor(at) != at) return true;
  if (!form_new(r, 0, 1, a->plain, out)) return false;
  add_scaled(r, out, 0, a, (size_t)at - 1, 1);
  return true;
}

static bool operate(const Reader *r, const ThVariable *v, const Form *a, const Form *b, Form *out) {
  if (v->what == TH_VARIABLE_SUM || th_variable_calls(v, "sum")) return add_all(r, a, 1, out);
  if (th_variable_calls(v, "mean")) return add_all(r, a, a->length ? 1 / (double)a->length : 0, out);
  if (v->what == TH_VARIABLE_INDEX) return v->n == 2 ? pick(r, a, b, out) : true;
  if (v->what != TH_VARIABLE_OPERATOR) return true;
  Form minus_one = {.linear = true, .plain = true, .length = 1, .constant = (double[]){-1}};
  switch (v->op) {
    case TH_OP_ADD: return combine(r, a, b, 1, out);
    case TH_OP_SUBTRACT: return combine(r, a, b, -1, out);
    case TH_OP_NEGATE: return scale(r, a, &minus_one, false, out);
    case TH_OP_MULTIPLY: return b->plain ? scale(r, a, b, false, out) : scale(r, b, a, false, out);
    case TH_OP_DIVIDE: return scale(r, a, b, true, out);
    case TH_OP_MATRIX_PRODUCT: return matrix_product(r, a, b, out);
    default: return true;
  }
}

/* Several scalar forms under each other, or in rows. */
static bool stack(const Reader *r, const ThNetworkNode *node, size_t columns, Form *out) {
  Form own = {0};
  const Form *item;
  if (!form_new(r, columns ? 2 : 1, node->n_inputs, false, out)) return false;
  if (columns) out->shape[0] = node->n_inputs / columns, out->shape[1] = columns;
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    if (!input_form(r, node, j, &own, &item)) return false;
    bool fine = item->linear && item->rank == 0;
    if (fine) add_scaled(r, out, j, item, 0, 1);
    form_clear(r, &own);
    if (fine) continue;
    form_clear(r, out);
    return true;
  }
  return true;
}

static bool declared_form(const Reader *r, const ThVariable *v, Form *out) {
  for (size_t j = 0; j < r->n_variables; j++) {
    if (r->variables[j] != v) continue;
    if (!form_new(r, 0, 1, false, out)) return false;
    out->coefficients[j] = 1;
    return true;
  }
  return true;
}

static bool node_form(const Reader *r, const ThNetworkNode *node, Form *out) {
  *out = (Form){0};
  if (th_is_variable_array(node->source))
    return stack(r, node, th_as_variable_array(node->source)->columns, out);
  if (th_is_conditional(node->source)) return true;
  const ThVariable *v = th_as_variable(node->source);
  if (v->what == TH_VARIABLE_COMPONENT) return true;
  if (v->what == TH_VARIABLE_DECLARED) return declared_form(r, v, out);
  if (v->n < 1 || v->n > 2) return true;
  Form own[2] = {{0}, {0}};
  const Form *a, *b = &own[1];
  bool ok = input_form(r, node, 0, &own[0], &a) && (v->n < 2 || input_form(r, node, 1, &own[1], &b));
  if (ok && a->linear && (v->n < 2 || b->linear)) ok = operate(r, v, a, b, out);
  form_clear(r, &own[0]);
  form_clear(r, &own[1]);
  return ok;
}

/* --- The whole */

static bool forms_of_nodes(Reader *r) {
  size_t n = r->net->n_nodes;
  r->forms = th_alloc_array(r->cx, n + 1, sizeof *r->forms);
  if (!r->forms) return false;
  memset(r->forms, 0, (n + 1) * sizeof *r->forms);
  for (size_t i = 0; i < n; i++)
    if (!node_form(r, &r->net->nodes[i], &r->forms[i])) return false;
  return true;
}

static void give(const Reader *r, Form *form, ThLinear *out) {
  *out = (ThLinear){.cx = r->cx,
                    .n_variables = r->n_variables,
                    .variables = r->variables,
                    .rank = form->rank ? 1 : 0,
                    .length = form->length,
                    .constant = form->constant,
                    .coefficients = form->coefficients};
  *form = (Form){0};
}

/* A plain value with coefficients, so that every answer has them. */
static bool with_coefficients(const Reader *r, Form *form) {
  Form full;
  if (!form->plain) return true;
  if (!form_new(r, form->rank, form->length, false, &full)) return false;
  memcpy(full.constant, form->constant, form->length * sizeof *full.constant);
  form_clear(r, form);
  *form = full;
  return true;
}

bool th_linear_read(ThContext *cx, ThValue value, const ThVariable *const *variables, size_t n_variables,
                    ThLinear *out, bool *linear) {
  ThNetwork net;
  *linear = false;
  if (!th_network_layout(cx, &net, &value, 1)) return false;
  Reader r = {.cx = cx, .net = &net, .variables = variables, .n_variables = n_variables};
  uint32_t root = th_network_find(&net, value);
  Form *form, own = {0};
  bool ok = forms_of_nodes(&r);
  form = root == TH_NO_NODE ? &own : &r.forms[root];
  if (ok && root == TH_NO_NODE) ok = plain_form(&r, value, &own);
  if (ok && form->linear) {
    ok = with_coefficients(&r, form);
    if (ok) give(&r, form, out), *linear = true;
  }
  form_clear(&r, &own);
  for (size_t i = 0; r.forms && i < net.n_nodes; i++) form_clear(&r, &r.forms[i]);
  if (r.forms) th_free(cx, r.forms, (net.n_nodes + 1) * sizeof *r.forms);
  th_network_clear(&net);
  return ok;
}

void th_linear_clear(ThLinear *form) {
  th_free(form->cx, form->constant, (form->length + 1) * sizeof *form->constant);
  th_free(form->cx, form->coefficients, (form->length * form->n_variables + 1) * sizeof *form->coefficients);
  *form = (ThLinear){0};
}
