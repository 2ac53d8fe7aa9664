/* slope.c - the derivative of an expression in one random variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forward differentiation: nodes are visited from the oldest on, and each rule reads the values and the slopes of
 * the inputs. */
#include "prob/slope.h"

#include <math.h>

#include "num/real.h"

/* The derivative of a function with value y at x. */
typedef double (*Rule)(double x, double y);

static double of_exp(double x, double y) { return (void)x, y; }
static double of_log(double x, double y) { return (void)y, 1 / x; }
static double of_log2(double x, double y) { return (void)y, 1 / (x * 0.69314718055994530942); }
static double of_log10(double x, double y) { return (void)y, 1 / (x * 2.30258509299404568402); }
static double of_log1p(double x, double y) { return (void)y, 1 / (1 + x); }
static double of_expm1(double x, double y) { return (void)y, exp(x); }
static double of_sqrt(double x, double y) { return (void)x, 0.5 / y; }
static double of_sin(double x, double y) { return (void)y, cos(x); }
static double of_cos(double x, double y) { return (void)y, -sin(x); }
static double of_tan(double x, double y) { return (void)x, 1 + y * y; }
static double of_asin(double x, double y) { return (void)y, 1 / sqrt((1 - x) * (1 + x)); }
static double of_acos(double x, double y) { return (void)y, -1 / sqrt((1 - x) * (1 + x)); }
static double of_atan(double x, double y) { return (void)y, 1 / (1 + x * x); }
static double of_sinh(double x, double y) { return (void)y, cosh(x); }
static double of_cosh(double x, double y) { return (void)y, sinh(x); }
static double of_tanh(double x, double y) { return (void)y, 1 / (cosh(x) * cosh(x)); }
static double of_sigmoid(double x, double y) { return (void)y, 1 / (2 + exp(x) + exp(-x)); }
static double of_logit(double x, double y) { return (void)y, 1 / (x * (1 - x)); }
static double of_abs(double x, double y) { return (void)y, x > 0 ? 1 : x < 0 ? -1 : 0; }

static const struct {
  const char *name;
  Rule rule;
} rules[] = {
    {"exp", of_exp},     {"log", of_log},     {"log2", of_log2}, {"log10", of_log10},     {"log1p", of_log1p},
    {"expm1", of_expm1}, {"sqrt", of_sqrt},   {"sin", of_sin},   {"cos", of_cos},         {"tan", of_tan},
    {"asin", of_asin},   {"acos", of_acos},   {"atan", of_atan}, {"sinh", of_sinh},       {"cosh", of_cosh},
    {"tanh", of_tanh},   {"logit", of_logit}, {"abs", of_abs},   {"sigmoid", of_sigmoid},
};

static Rule rule_of(ThValue function) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (th_builtin_is(function, rules[i].name)) return rules[i].rule;
  return NULL;
}

typedef struct Operand {
  double value, slope;
} Operand;

static bool operand_of(const ThNetwork *net, const ThInput *input, const double *slopes, Operand *out) {
  *out = (Operand){0};
  if (input->node == TH_NO_NODE) return th_to_number(input->plain, &out->value);
  out->slope = slopes[input->node];
  return th_to_number(net->nodes[input->node].value, &out->value);
}

/* d x^n = n x^(n-1) dx + log(x) x^n dn */
static double power_slope(Operand x, Operand n) {
  double base = n.value == 0 ? 0 : n.value * pow(x.value, n.value - 1) * x.slope;
  return n.slope == 0 ? base : base + log(x.value) * pow(x.value, n.value) * n.slope;
}

static bool operator_slope(ThOperator op, Operand a, Operand b, double *out) {
  switch (op) {
    case TH_OP_ADD: *out = a.slope + b.slope; return true;
    case TH_OP_SUBTRACT: *out = a.slope - b.slope; return true;
    case TH_OP_NEGATE: *out = -a.slope; return true;
    case TH_OP_MULTIPLY: *out = a.slope * b.value + a.value * b.slope; return true;
    case TH_OP_DIVIDE: *out = (a.slope - a.value / b.value * b.slope) / b.value; return true;
    case TH_OP_POWER: *out = power_slope(a, b); return true;
    default: return false;
  }
}

static bool choice_slope(const ThNetwork *net, const ThInput *inputs, const double *slopes, double *out) {
  Operand condition, chosen;
  if (!operand_of(net, &inputs[0], slopes, &condition)) return false;
  if (!operand_of(net, &inputs[condition.value != 0 ? 1 : 2], slopes, &chosen)) return false;
  *out = chosen.slope;
  return true;
}

/* Comparisons and the like are flat: a choice reads their value only. */
static bool is_flat(const ThVariable *v) {
  return v->what == TH_VARIABLE_OPERATOR &&
         ((v->op >= TH_OP_EQUAL && v->op <= TH_OP_OR) || v->op == TH_OP_NOT || v->op == TH_OP_IN);
}

static bool node_slope(const ThNetwork *net, const ThNetworkNode *node, const double *slopes, double *out) {
  const ThInput *inputs = &net->inputs[node->first_input];
  Operand a, b = {0};
  if (!th_is_variable(node->source)) return false;
  const ThVariable *v = th_as_variable(node->source);
  if (is_flat(v)) return true;
  if (v->what == TH_VARIABLE_CHOOSE) return choice_slope(net, inputs, slopes, out);
  if (v->n < 1 || v->n > 2 || v->names || !operand_of(net, &inputs[0], slopes, &a)) return false;
  if (v->n == 2 && !operand_of(net, &inputs[1], slopes, &b)) return false;
  if (v->what == TH_VARIABLE_OPERATOR) return operator_slope(v->op, a, b, out);
  Rule rule = v->what == TH_VARIABLE_APPLY && v->n == 1 ? rule_of(v->function) : NULL;
  if (!rule) return false;
  double value;
  if (!th_to_number(node->value, &value)) return false;
  *out = a.slope == 0 ? 0 : rule(a.value, value) * a.slope;
  return true;
}

bool th_slope_of_nodes(const ThNetwork *net, size_t k, double *slopes) {
  for (size_t i = 0; i < net->n_nodes; i++) {
    const ThNetworkNode *node = &net->nodes[i];
    slopes[i] = node->declared == k;
    if (node->declared != TH_NO_NODE) continue;
    if (!node_slope(net, node, slopes, &slopes[i])) return false;
  }
  return true;
}
