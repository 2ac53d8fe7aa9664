/* components.h - which variables of a query have anything to do with each other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_COMPONENTS_H
#define TH_PROB_COMPONENTS_H

#include "prob/query.h"

/* Declared variables are of one component when one hangs on the other, or a condition on both. Components are
 * independent, given the conditions too. */
typedef struct ThComponents {
  ThQuery *q;
  size_t n;     /* variables, as in q->net */
  uint32_t *of; /* (n): the least variable of the component that each belongs to */
  bool *hangs;  /* (n): room for the answers of th_components_read */
} ThComponents;

TH_CHECKED bool th_components_init(ThQuery *q, ThComponents *c);
void th_components_clear(ThComponents *c);
/* Into c->hangs: the variables that v, a node of the query's network, hangs on. *one is the component they are of,
 * TH_NO_NODE when there are several; *n is their number. */
TH_CHECKED bool th_components_read(ThComponents *c, ThValue v, uint32_t *one, size_t *n);
/* Takes all components that v hangs on as one. *one is this component, or TH_NO_NODE when v hangs on nothing. */
TH_CHECKED bool th_components_join(ThComponents *c, ThValue v, uint32_t *one);
/* Do a and b hang on different components? */
TH_CHECKED bool th_components_are_apart(ThComponents *c, ThValue a, ThValue b, bool *out);
/* The conditions on one component: borrowed events into `events`, with room for all of the query's. */
TH_CHECKED bool th_components_conditions(ThComponents *c, uint32_t component, ThValue *events, size_t *n);

#endif
