/* trace_short.h - short names for nodes, for files of formulas */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_SHORT_H
#define TH_PROB_TRACE_SHORT_H

#include "prob/trace_functions.h"
#include "val/operations.h"

/* All on the graph `g`. */
#define ADD(a, b) th_add(g, a, b)
#define SUB(a, b) th_subtract(g, a, b)
#define MUL(a, b) th_multiply(g, a, b)
#define DIV(a, b) th_divide(g, a, b)
#define NEG(a) th_negate(g, a)
#define SCALE(factor, a) th_scale(g, factor, a)
#define SHIFT(a, by) th_shift(g, a, by)
#define SQUARE(a) th_power_to(g, a, 2)
#define NUMBER(x) th_graph_number(g, x)
#define ONE_MINUS(a) th_subtract(g, th_graph_number(g, 1), a)
#define EXP(a) th_graph_unary(g, &th_op_exp, a)
#define EXPM1(a) th_graph_unary(g, &th_op_expm1, a)
#define LOG(a) th_graph_unary(g, &th_op_log, a)
#define LOG1P(a) th_graph_unary(g, &th_op_log1p, a)
#define SQRT(a) th_graph_unary(g, &th_op_sqrt, a)
#define ABS(a) th_graph_unary(g, &th_op_abs, a)
#define COS(a) th_graph_unary(g, &th_op_cos, a)
#define SOFTPLUS(a) th_graph_unary(g, &th_op_softplus, a)
#define LESS(a, b) th_graph_binary(g, &th_op_less, a, b)
#define LOG_GAMMA(a) th_trace_log_gamma(g, a)
#define DIGAMMA(a) th_trace_digamma(g, a)
#define LOG_BETA(a, b) th_trace_log_beta(g, a, b)

#endif
