/* network.h - the part of the graph of random variables that a query hangs on, laid out for evaluation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_NETWORK_H
#define TH_PROB_NETWORK_H

#include "num/random.h"
#include "prob/parameter.h"
#include "prob/variable.h"

/* What a node reads: another node, or a plain value when `node` is TH_NO_NODE. */
enum { TH_NO_NODE = 0xFFFFFFFFu };
typedef struct ThInput {
  uint32_t node;
  ThValue plain; /* borrowed */
} ThInput;

/* A node in order of age, so that everything it reads stands before it. */
typedef struct ThNetworkNode {
  ThValue source; /* a variable, an array of variables or a conditional distribution: borrowed */
  uint64_t order;
  uint32_t first_input, n_inputs;
  uint32_t level;    /* 1 + the number of the last declared variable it hangs on; 0: on none */
  uint32_t declared; /* its number, when it is a declared variable, else TH_NO_NODE */
  bool skipped;      /* need not be computed */
  bool failed;       /* could not be computed: an error only where it is needed */
  ThValue value;     /* current; owned */
} ThNetworkNode;

/* A declared variable: node, and its distribution, which may hang on earlier ones. */
typedef struct ThNetworkVariable {
  uint32_t node;
  const ThVariable *variable;
  bool fixed;   /* the distribution hangs on nothing */
  bool planned; /* it is a conditional one of numbers: plan, scratch */
  ThParameterPlan plan;
  ThValue distribution; /* current; owned */
} ThNetworkVariable;

typedef struct ThNetwork {
  ThContext *cx;
  size_t n_nodes, node_capacity;
  ThNetworkNode *nodes;
  size_t n_inputs, input_capacity;
  ThInput *inputs;
  size_t n_variables; /* declared ones, in order of declaration */
  ThNetworkVariable *variables;
  uint32_t *by_level;    /* nodes that are not declared variables, by level */
  uint32_t *level_start; /* n_variables + 2 of them */
  size_t map_size;
  uint32_t *map;   /* from objects to nodes */
  ThError problem; /* of the first node that failed */
  bool has_problem;
} ThNetwork;

/* The network of everything that the roots hang on. Roots are borrowed and must outlive it. */
TH_CHECKED bool th_network_init(ThContext *cx, ThNetwork *network, const ThValue *roots, size_t n_roots);
/* Nodes and inputs only, for reading the graph without evaluating anything. */
TH_CHECKED bool th_network_layout(ThContext *cx, ThNetwork *network, const ThValue *roots, size_t n_roots);
void th_network_clear(ThNetwork *network);
/* The node of a root or of anything it hangs on; TH_NO_NODE for plain values. */
uint32_t th_network_find(const ThNetwork *network, ThValue v);
/* The number of a declared variable, or TH_NO_NODE. */
uint32_t th_network_number(const ThNetwork *network, ThValue v);
/* Variable k becomes number `to`; it must not pass one that it hangs on, or that hangs on it. */
void th_network_move(ThNetwork *network, size_t k, size_t to);
/* For each declared variable: does v hang on it? hangs has n_variables elements. */
TH_CHECKED bool th_network_ancestors(const ThNetwork *network, ThValue v, bool *hangs);
/* The same for those that v reads itself, not through the distribution of another. */
TH_CHECKED bool th_network_reads(const ThNetwork *network, ThValue v, bool *reads);

/* The distribution of variable k, given values for those before it; borrowed, valid until values change. */
TH_CHECKED bool th_network_distribution(ThNetwork *network, size_t k, const ThDistribution **out);
/* Gives a node a number, without computing what hangs on it; computes one node anew from its inputs, false in *out
 * when that fails. For those who go through the nodes in an order of their own. */
void th_network_set(ThNetwork *network, uint32_t node, double x);
TH_CHECKED bool th_network_recompute(ThNetwork *network, uint32_t node, bool *out);
/* Gives variable k a value, and computes what then can be. */
TH_CHECKED bool th_network_assign(ThNetwork *network, size_t k, double x);
/* The current value of a root: borrowed. Fails when it could not be computed. */
TH_CHECKED bool th_network_value(ThNetwork *network, ThValue v, ThValue *out);
/* The same as an event, and as a number. */
TH_CHECKED bool th_network_event(ThNetwork *network, ThValue v, bool *out);
TH_CHECKED bool th_network_number_value(ThNetwork *network, ThValue v, double *out);

#endif
