/* batch.c - a network evaluated for many draws at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/batch.h"

#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"

/* What a node is here. A number stands for itself in every draw; an array is the columns of its inputs. */
typedef enum Shape { UNFIT, NUMBER, COLUMN, ARRAY, LAW } Shape;

typedef struct Cell {
  Shape shape;
  double number;
  double *column; /* (TH_BATCH) */
  bool borrowed;  /* the column of another node */
  bool quick;     /* computed by kernels, not by calls */
} Cell;

struct ThBatch {
  ThQuery *q;
  Cell *cells; /* as the network's nodes */
  double *scratch;
};

/* A number for each draw: a column, or one number with step 0. */
typedef struct Operand {
  const double *x;
  size_t step;
} Operand;

static ThNetwork *net_of(const ThBatch *b) { return &b->q->net; }

static bool is_number(ThValue v, double *x) { return th_is_scalar(v) && th_to_number(v, x); }

/* Input j of a node. A plain number is kept in *number. */
static Operand operand(const ThBatch *b, const ThNetworkNode *node, size_t j, double *number) {
  const ThInput *input = &net_of(b)->inputs[node->first_input + j];
  if (input->node != TH_NO_NODE) {
    const Cell *cell = &b->cells[input->node];
    return cell->shape == NUMBER ? (Operand){&cell->number, 0} : (Operand){cell->column, 1};
  }
  is_number(input->plain, number);
  return (Operand){number, 0};
}

static bool is_scalar_input(const ThBatch *b, const ThNetworkNode *node, size_t j) {
  const ThInput *input = &net_of(b)->inputs[node->first_input + j];
  double x;
  if (input->node == TH_NO_NODE) return is_number(input->plain, &x);
  return b->cells[input->node].shape == NUMBER || b->cells[input->node].shape == COLUMN;
}

static bool all_scalars(const ThBatch *b, const ThNetworkNode *node, size_t first) {
  for (size_t j = first; j < node->n_inputs; j++)
    if (!is_scalar_input(b, node, j)) return false;
  return true;
}

/* --- What each node will be */

static const ThKernelBinary binary_kernels[TH_N_OPERATORS] = {
    [TH_OP_ADD] = th_kernel_add,           [TH_OP_SUBTRACT] = th_kernel_subtract,
    [TH_OP_MULTIPLY] = th_kernel_multiply, [TH_OP_DIVIDE] = th_kernel_divide,
    [TH_OP_POWER] = th_kernel_power,       [TH_OP_REMAINDER] = th_kernel_remainder,
    [TH_OP_EQUAL] = th_kernel_equal,       [TH_OP_NOT_EQUAL] = th_kernel_not_equal,
    [TH_OP_LESS] = th_kernel_less,         [TH_OP_LESS_EQUAL] = th_kernel_less_equal,
    [TH_OP_GREATER] = th_kernel_greater,   [TH_OP_GREATER_EQUAL] = th_kernel_greater_equal,
    [TH_OP_AND] = th_kernel_multiply,      [TH_OP_OR] = th_kernel_maximum,
};

static bool is_quick_operator(const ThVariable *v) {
  return v->n == 2 ? binary_kernels[v->op] != NULL : v->op == TH_OP_NEGATE || v->op == TH_OP_NOT;
}

static double (*scalar_function(const ThVariable *v))(double) {
  const ThBuiltin *row = th_builtin_row(v->function);
  return row && v->n == 1 && !v->names ? row->scalar : NULL;
}

/* The element of an array that a plain index names. */
static const ThInput *indexed(const ThBatch *b, const ThNetworkNode *node) {
  const ThInput *array = &net_of(b)->inputs[node->first_input];
  double at;
  if (node->n_inputs != 2 || array->node == TH_NO_NODE || b->cells[array->node].shape != ARRAY) return NULL;
  if (net_of(b)->inputs[node->first_input + 1].node != TH_NO_NODE) return NULL;
  const ThNetworkNode *elements = &net_of(b)->nodes[array->node];
  if (!is_number(net_of(b)->inputs[node->first_input + 1].plain, &at)) return NULL;
  if (!(at >= 1 && at <= elements->n_inputs && floor(at) == at)) return NULL;
  return &net_of(b)->inputs[elements->first_input + (size_t)at - 1];
}

static Shape shape_of(const ThBatch *b, const ThNetworkNode *node, bool *quick) {
  *quick = true;
  if (th_is_variable_array(node->source)) return all_scalars(b, node, 0) ? ARRAY : UNFIT;
  if (th_is_conditional(node->source)) return node->skipped ? LAW : UNFIT;
  const ThVariable *v = th_as_variable(node->source);
  switch (v->what) {
    case TH_VARIABLE_DECLARED: return COLUMN;
    case TH_VARIABLE_OPERATOR: return is_quick_operator(v) && all_scalars(b, node, 0) ? COLUMN : UNFIT;
    case TH_VARIABLE_CHOOSE: return all_scalars(b, node, 0) ? COLUMN : UNFIT;
    case TH_VARIABLE_SUM:
      return net_of(b)->inputs[node->first_input].node != TH_NO_NODE &&
                     b->cells[net_of(b)->inputs[node->first_input].node].shape == ARRAY
                 ? COLUMN
                 : UNFIT;
    case TH_VARIABLE_INDEX: return indexed(b, node) ? COLUMN : UNFIT;
    case TH_VARIABLE_COMPONENT: return UNFIT;
    case TH_VARIABLE_APPLY:
      *quick = scalar_function(v) != NULL;
      return all_scalars(b, node, 0) && node->n_inputs <= 8 ? COLUMN : UNFIT;
  }
  return UNFIT;
}

/* A value that hangs on no variable was computed with the network. */
static bool prepare_constant(Cell *cell, const ThNetworkNode *node) {
  cell->shape = is_number(node->value, &cell->number) && !node->failed ? NUMBER : UNFIT;
  return cell->shape == NUMBER;
}

static bool prepare_cell(ThBatch *b, size_t i, bool *fit) {
  const ThNetworkNode *node = &net_of(b)->nodes[i];
  Cell *cell = &b->cells[i];
  *fit = true;
  if (node->level == 0 && prepare_constant(cell, node)) return true;
  cell->shape = shape_of(b, node, &cell->quick);
  *fit = cell->shape != UNFIT;
  if (cell->shape != COLUMN) return true;
  if (th_is_variable(node->source) && th_as_variable(node->source)->what == TH_VARIABLE_INDEX) {
    const ThInput *element = indexed(b, node);
    if (element->node == TH_NO_NODE || b->cells[element->node].shape == NUMBER) {
      cell->shape = NUMBER;
      return element->node == TH_NO_NODE ? is_number(element->plain, &cell->number)
                                         : (cell->number = b->cells[element->node].number, true);
    }
    cell->column = b->cells[element->node].column;
    cell->borrowed = true;
    return true;
  }
  cell->column = th_alloc_array(b->q->cx, TH_BATCH, sizeof *cell->column);
  return cell->column != NULL;
}

/* Variables whose distribution hangs on others need a plan; several targets or conditions that are no numbers are
 * for the other way. */
static bool is_fit(const ThQuery *q) {
  enum { MOST_NODES = 20000 };
  if (q->net.n_nodes > MOST_NODES) return false;
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (!q->net.variables[k].fixed && !q->net.variables[k].planned) return false;
  return true;
}

bool th_batch_new(ThQuery *q, ThBatch **out) {
  *out = NULL;
  if (!is_fit(q)) return true;
  ThBatch *b = th_alloc(q->cx, sizeof *b);
  if (!b) return false;
  *b = (ThBatch){.q = q};
  b->cells = th_alloc_array(q->cx, q->net.n_nodes + 1, sizeof *b->cells);
  bool ok = b->cells != NULL, fit = true;
  if (ok) memset(b->cells, 0, (q->net.n_nodes + 1) * sizeof *b->cells);
  for (size_t i = 0; ok && fit && i < q->net.n_nodes; i++) ok = prepare_cell(b, i, &fit);
  if (ok && fit) *out = b;
  else th_batch_free(b);
  return ok;
}

void th_batch_free(ThBatch *b) {
  if (!b) return;
  ThContext *cx = b->q->cx;
  for (size_t i = 0; b->cells && i < b->q->net.n_nodes; i++)
    if (!b->cells[i].borrowed) th_free(cx, b->cells[i].column, TH_BATCH * sizeof *b->cells[i].column);
  if (b->cells) th_free(cx, b->cells, (b->q->net.n_nodes + 1) * sizeof *b->cells);
  th_free(cx, b, sizeof *b);
}

/* --- Computing columns */

typedef struct Draw {
  ThBatch *b;
  ThRandom *r;
  size_t n;
  double *weight;
  bool fit;
} Draw;

static bool only_truths(size_t n, Operand x) {
  for (size_t i = 0; i < n; i++)
    if (x.x[i * x.step] != 0 && x.x[i * x.step] != 1) return false;
  return true;
}

static void compute_operator(Draw *d, const ThNetworkNode *node, const ThVariable *v, double *y) {
  double numbers[2] = {0};
  Operand a = operand(d->b, node, 0, &numbers[0]);
  if (v->n == 1) {
    if (v->op == TH_OP_NOT) d->fit &= only_truths(d->n, a);
    for (size_t i = 0; i < d->n; i++) y[i] = v->op == TH_OP_NOT ? 1 - a.x[i * a.step] : -a.x[i * a.step];
    return;
  }
  Operand c = operand(d->b, node, 1, &numbers[1]);
  if (v->op == TH_OP_AND || v->op == TH_OP_OR) d->fit &= only_truths(d->n, a) && only_truths(d->n, c);
  binary_kernels[v->op](d->n, a.x, a.step, c.x, c.step, y);
}

static void compute_choice(Draw *d, const ThNetworkNode *node, double *y) {
  double numbers[3] = {0};
  Operand condition = operand(d->b, node, 0, &numbers[0]), yes = operand(d->b, node, 1, &numbers[1]),
          no = operand(d->b, node, 2, &numbers[2]);
  d->fit &= only_truths(d->n, condition);
  for (size_t i = 0; i < d->n; i++)
    y[i] = condition.x[i * condition.step] != 0 ? yes.x[i * yes.step] : no.x[i * no.step];
}

static void compute_sum(Draw *d, const ThNetworkNode *node, double *y) {
  const ThNetworkNode *array = &net_of(d->b)->nodes[net_of(d->b)->inputs[node->first_input].node];
  th_kernel_fill(d->n, 0, y);
  for (size_t j = 0; j < array->n_inputs; j++) {
    double number = 0;
    Operand x = operand(d->b, array, j, &number);
    th_kernel_add(d->n, y, 1, x.x, x.step, y);
  }
}

static void compute_function(Draw *d, const ThNetworkNode *node, double (*f)(double), double *y) {
  double number = 0;
  ThKernelUnary kernel = th_kernel_of(f);
  Operand x = operand(d->b, node, 0, &number);
  if (x.step == 0) th_kernel_fill(d->n, f(*x.x), y);
  else if (kernel) kernel(d->n, x.x, y);
  else th_kernel_map(d->n, f, x.x, y);
}

/* Any other function, draw by draw. One that fails, or gives no number, is left to the way that can say so. */
static bool compute_calls(Draw *d, const ThNetworkNode *node, const ThVariable *v, double *y) {
  ThContext *cx = d->b->q->cx;
  Operand x[8];
  double numbers[8] = {0};
  for (size_t j = 0; j < v->n; j++) x[j] = operand(d->b, node, j, &numbers[j]);
  for (size_t i = 0; d->fit && i < d->n; i++) {
    ThValue values[8], result;
    if (d->weight[i] == 0) continue;
    for (size_t j = 0; j < v->n; j++) values[j] = th_number(x[j].x[i * x[j].step]);
    ThArguments args = {.count = v->n, .values = values, .names = v->names};
    if (!th_call(cx, v->function, &args, &result)) {
      if (th_is_final(cx)) return false;
      th_error_clear(cx);
      d->fit = false;
      return true;
    }
    d->fit = is_number(result, &y[i]);
    th_release(result);
  }
  return true;
}

static bool compute_node(Draw *d, size_t i) {
  const ThNetworkNode *node = &net_of(d->b)->nodes[i];
  const Cell *cell = &d->b->cells[i];
  if (cell->shape != COLUMN || cell->borrowed) return true;
  const ThVariable *v = th_as_variable(node->source);
  switch (v->what) {
    case TH_VARIABLE_OPERATOR: compute_operator(d, node, v, cell->column); return true;
    case TH_VARIABLE_CHOOSE: compute_choice(d, node, cell->column); return true;
    case TH_VARIABLE_SUM: compute_sum(d, node, cell->column); return true;
    case TH_VARIABLE_APPLY:
      if (!cell->quick) return compute_calls(d, node, v, cell->column);
      compute_function(d, node, scalar_function(v), cell->column);
      return true;
    default: return true;
  }
}

static bool compute_level(Draw *d, size_t level) {
  const ThNetwork *net = net_of(d->b);
  for (uint32_t i = net->level_start[level]; i < net->level_start[level + 1]; i++)
    if (!compute_node(d, net->by_level[i])) return false;
  return true;
}

/* --- Drawing variables */

/* Weights of draws that a condition rules out become 0. */
static void apply_condition(Draw *d, ThValue event) {
  size_t step;
  const double *x = th_batch_column(d->b, event, &step);
  d->fit &= only_truths(d->n, (Operand){x, step});
  for (size_t i = 0; i < d->n; i++) d->weight[i] *= x[i * step];
}

static void apply_conditions(Draw *d, size_t level) {
  const ThQuery *q = d->b->q;
  for (size_t i = 0; i < q->n_conditions; i++)
    if (!q->conditions[i].observation && q->conditions[i].level == level)
      apply_condition(d, q->conditions[i].event);
}

/* An observed variable has its value, and the draw counts with the density there. */
static bool see(Draw *d, const ThDistribution *distribution, size_t i, double at, double *x) {
  double density;
  if (!th_distribution_measure(d->b->q->cx, distribution, 0, TH_PDF, at, &density)) return false;
  d->weight[i] *= density;
  *x = at;
  return true;
}

static bool draw_fixed(Draw *d, size_t k, const ThDistribution *distribution, double *x) {
  const ThQueryVariable *variable = &d->b->q->variables[k];
  if (!variable->observed) return th_distribution_sample(d->b->q->cx, distribution, 0, d->r, d->n, x);
  for (size_t i = 0; i < d->n; i++)
    if (!see(d, distribution, i, variable->at, &x[i])) return false;
  return true;
}

/* The parameters of each draw are written into the variable's own distribution. */
static bool draw_planned(Draw *d, size_t k, double *x) {
  const ThNetwork *net = net_of(d->b);
  const ThNetworkVariable *variable = &net->variables[k];
  const ThNetworkNode *law = &net->nodes[th_network_find(net, variable->variable->distribution)];
  ThDistribution *distribution = th_as_distribution(variable->distribution);
  const ThQueryVariable *known = &d->b->q->variables[k];
  ThContext *cx = d->b->q->cx;
  Operand given[TH_MAX_GIVEN];
  double numbers[TH_MAX_GIVEN] = {0}, now[TH_MAX_GIVEN];
  for (size_t j = 0; j < law->n_inputs; j++) given[j] = operand(d->b, law, j, &numbers[j]);
  for (size_t i = 0; i < d->n; i++) {
    x[i] = TH_NAN;
    if (d->weight[i] == 0) continue;
    for (size_t j = 0; j < law->n_inputs; j++) now[j] = given[j].x[i * given[j].step];
    if (!th_parameter_numbers(cx, distribution->family, &variable->plan, now, distribution->p)) return false;
    bool ok = known->observed ? see(d, distribution, i, known->at, &x[i])
                              : th_distribution_sample(cx, distribution, 0, d->r, 1, &x[i]);
    if (!ok) return false;
  }
  return true;
}

static bool draw_variable(Draw *d, size_t k) {
  const ThNetworkVariable *variable = &net_of(d->b)->variables[k];
  double *x = d->b->cells[variable->node].column;
  const ThDistribution *distribution;
  if (variable->planned) return draw_planned(d, k, x);
  return th_network_distribution(net_of(d->b), k, &distribution) && draw_fixed(d, k, distribution, x);
}

bool th_batch_draw(ThBatch *b, ThRandom *r, size_t n, double *weight, bool *fit) {
  Draw d = {b, r, n, weight, true};
  th_kernel_fill(n, 1, weight);
  apply_conditions(&d, 0);
  for (size_t k = 0; d.fit && k < b->q->net.n_variables; k++) {
    if (!th_poll(b->q->cx) || !draw_variable(&d, k) || !compute_level(&d, k + 1)) return false;
    if (d.fit) apply_conditions(&d, k + 1);
  }
  *fit = d.fit;
  return true;
}

const double *th_batch_column(const ThBatch *b, ThValue v, size_t *step) {
  const Cell *cell = &b->cells[th_network_find(net_of(b), v)];
  *step = cell->shape == NUMBER ? 0 : 1;
  return cell->shape == NUMBER ? &cell->number : cell->column;
}
