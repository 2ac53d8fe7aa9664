/* graph.h - computations as graphs of differentiable operations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_GRAPH_H
#define TH_VAL_GRAPH_H

#include "val/array.h"

/* A graph is a list of nodes; each is an operation on nodes before it and has a shape that is known beforehand.
 * Functions that are differentiated run once on traced values (val/traced.h), which add nodes. A derivative adds nodes
 * too (val/derivative.h), so that it may be differentiated again. Nodes that are equal are one; what hangs on
 * constants only is computed at once. A graph that no decision hangs on is compiled (val/program.h) and run for other
 * inputs. */

typedef uint32_t ThNodeId;
/* In place of a node: nothing but zeros, of a shape that the place tells. */
#define TH_ZERO ((ThNodeId)0xFFFFFFFFu)

typedef struct ThGraph ThGraph;
typedef struct ThOperation ThOperation;

/* Numbers in memory, row-major: doubles (0 or 1 for TH_BOOL), or pairs of them. Rank 0 is one number. */
typedef struct ThTensor {
  double *data; /* NULL where only the shape matters */
  size_t length;
  const size_t *shape;
  uint32_t rank;
  ThElement element;
} ThTensor;

/* How many doubles. */
static inline size_t th_tensor_size(const ThTensor *t) {
  return t->element == TH_COMPLEX ? 2 * t->length : t->length;
}

/* An operation at work. `attribute` is what makes it definite: an axis, positions, an exponent. */
typedef struct ThEvaluation {
  size_t n_inputs;
  const ThTensor *inputs;
  ThTensor output;
  const void *attribute;
  double *work; /* as many doubles as operation->work said */
} ThEvaluation;

/* What a node's shape is found from, and the shape. */
typedef struct ThShaping {
  size_t n_inputs;
  const ThTensor *inputs;
  const void *attribute;
  uint32_t rank;
  size_t shape[TH_MAX_RANK];
  ThElement element;
} ThShaping;

/* Operations that go element by element over inputs that broadcast. */
typedef struct ThElementwise {
  /* One of these two, of real numbers: ThKernelUnary or ThKernelBinary of num/kernels.h. */
  void (*unary)(size_t n, const double *x, double *y);
  void (*binary)(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
  double (*one)(double); /* the same for single numbers; NULL: the kernel */
  double (*two)(double, double);
  double complex (*complex_one)(double complex); /* NULL: not of complex numbers */
  double complex (*complex_two)(double complex, double complex);
  ThElement
      result; /* TH_BOOL: of comparisons; TH_DOUBLE: real also of complex numbers (abs); TH_COMPLEX: as inputs */
  /* ∂node/∂input k as a node of the node's shape; TH_ZERO where the operation is piecewise constant in it. For
   * functions of complex numbers that have a complex derivative. */
  ThNodeId (*partial)(ThGraph *g, ThNodeId node, size_t k);
} ThElementwise;

/* A differentiable operation: shape, value and derivative rules side by side. */
struct ThOperation {
  const char *name;
  const ThElementwise
      *elementwise; /* then what follows is NULL, but for pullback where `partial` does not suffice */
  /* False, without an error record, when the shapes do not fit. */
  bool (*shape)(ThShaping *s);
  size_t (*work)(const ThEvaluation *e); /* NULL: needs none */
  /* False with an error record (a singular matrix, Ctrl-C). Thread-safe. */
  bool (*evaluate)(ThContext *cx, const ThEvaluation *e);
  /* Given the cotangent of a node (∂L/∂node, of its shape), that of its input k. Of complex z = x + iy a cotangent is
   * ∂L/∂x + i ∂L/∂y. */
  ThNodeId (*pullback)(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k);
  /* The tangent of a node, given those of its inputs, of which at least one is not TH_ZERO. NULL: linear in each input
   * by itself, the node is applied to the tangents in turn. */
  ThNodeId (*pushforward)(ThGraph *g, ThNodeId node, const ThNodeId *tangents);
};

typedef struct ThGraphNode {
  const ThOperation *operation; /* NULL for an input or a constant */
  const size_t *shape;
  const void *attribute;
  size_t length;
  uint32_t attribute_size;
  uint32_t first_input, n_inputs;
  uint32_t rank;
  ThElement element;
  bool is_constant; /* hangs on no input */
  bool has_value;
  ThArray *array;   /* the value of rank > 0, doubles or complex numbers; owned */
  double number[2]; /* the value of rank 0 */
  ThNodeId next;    /* of the nodes with this hash */
} ThGraphNode;

/* A decision that was taken while the graph was made: node (of rank 0) was `outcome`. */
typedef struct ThGuard {
  ThNodeId node;
  double outcome;
} ThGuard;

struct ThGraph {
  ThContext *cx;
  size_t references;
  ThGraphNode *nodes;
  size_t n_nodes, node_capacity;
  ThNodeId *inputs; /* of all nodes, one after another */
  size_t n_inputs, input_capacity;
  ThGuard *guards;
  size_t n_guards, guard_capacity;
  struct ThGraphBlock *blocks; /* shapes and attributes */
  ThNodeId *table;             /* equal nodes, by hash */
  size_t table_size;
  ThValue *kept; /* what attributes point to */
  size_t n_kept, kept_capacity;
  /* A built-in with traced arguments: handed in by lang/, which knows their rules. */
  bool (*call)(ThContext *cx, ThGraph *g, ThValue function, const ThArguments *args, ThValue *out);
  /* Something that is not in the graph hung on a value (printing, a draw): it holds for these inputs only. */
  bool is_bound;
  /* A built-in called a function for plain numbers: global names that it reads cannot become inputs. */
  bool keeps_globals;
  bool failed; /* a node could not be made: an error record is filled, and every node since then is node 0 */
};

TH_CHECKED ThGraph *th_graph_new(ThContext *cx);
void th_graph_release(ThGraph *g);
static inline ThGraph *th_graph_retain(ThGraph *g) {
  g->references++;
  return g;
}
static inline const ThGraphNode *th_node(const ThGraph *g, ThNodeId id) { return &g->nodes[id]; }
static inline ThNodeId th_node_input(const ThGraph *g, ThNodeId id, size_t k) {
  return g->inputs[g->nodes[id].first_input + k];
}
ThTensor th_node_tensor(const ThGraph *g, ThNodeId id); /* its data too, where it has its value */

/* Making nodes. On failure g->failed is set and some node is returned, so that makers nest; whoever began looks at it
 * in the end. In makers that are linear in an operand that operand may be TH_ZERO, and so may be the result. */
ThNodeId th_graph_input(ThGraph *g,
                        ThValue value); /* a number or array of doubles or complex numbers, borrowed */
ThNodeId th_graph_constant(ThGraph *g, ThValue value); /* the same, or bools */
ThNodeId th_graph_number(ThGraph *g, double x);
ThNodeId th_graph_filled(ThGraph *g, double x, ThNodeId like); /* of the shape of another */
ThNodeId th_graph_vector(ThGraph *g, const double *x, size_t n);
/* operation(inputs …); the attribute is copied. When the shapes do not fit the error says so. */
ThNodeId th_graph_apply(ThGraph *g, const ThOperation *operation, const ThNodeId *inputs, size_t n_inputs,
                        const void *attribute, size_t attribute_size);
ThNodeId th_graph_unary(ThGraph *g, const ThOperation *operation, ThNodeId x);
ThNodeId th_graph_binary(ThGraph *g, const ThOperation *operation, ThNodeId x, ThNodeId y);
/* Retains an object that an attribute points to for as long as the graph lives. */
void th_graph_keep(ThGraph *g, ThValue v);
/* The value of a node whose value is known already, so that it is not computed again. */
void th_graph_give_value(ThGraph *g, ThNodeId id, ThValue value);
/* Notes that a decision hung on a node, which has its value. */
TH_CHECKED bool th_graph_guard(ThGraph *g, ThNodeId id);

/* Computes the values of n nodes and of all that they hang on. */
TH_CHECKED bool th_graph_evaluate(ThGraph *g, const ThNodeId *ids, size_t n);
/* The value of a node, computed if need be: owned. */
TH_CHECKED bool th_graph_value(ThGraph *g, ThNodeId id, ThValue *out);

/* Runs an elementwise operation over memory, with broadcasting. */
void th_elementwise_run(const ThElementwise *f, const ThTensor *inputs, const ThTensor *output);

#endif
