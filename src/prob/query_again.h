/* query_again.h - a question answered by asking others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_QUERY_AGAIN_H
#define TH_PROB_QUERY_AGAIN_H

#include "prob/query.h"

/* A question: targets, and conditions, which are events. */
enum { TH_MOST_ASKED = 40 };
typedef struct ThAsked {
  size_t n_targets, n_conditions;
  ThValue values[TH_MOST_ASKED]; /* targets, then conditions; owned */
} ThAsked;

/* The question of q with `to` in place of the node `from`. *fits is false when there is no room for it. */
TH_CHECKED bool th_asked_replace(ThQuery *q, ThValue from, ThValue to, ThAsked *out, bool *fits);
/* The same in a question. */
TH_CHECKED bool th_asked_replace_in(ThContext *cx, ThAsked *question, ThValue from, ThValue to);
/* Leaves out conditions that have become true; *possible is false when one has become false. */
TH_CHECKED bool th_asked_drop_constants(ThContext *cx, ThAsked *question, bool *possible);
void th_asked_clear(ThAsked *question);

/* Asks another question on behalf of q, with its options but by any method. Values are borrowed. */
TH_CHECKED bool th_query_ask(ThQuery *q, ThQueryKind kind, const ThValue *targets, size_t n_targets,
                             const ThValue *conditions, size_t n_conditions, ThValue *out);
/* The distribution of a part v of the question, by any method but draws: given the conditions of q, or others, or none;
 * *found is false when there is none. */
TH_CHECKED bool th_query_distribution(ThQuery *q, ThValue v, ThValue *out, bool *found);
TH_CHECKED bool th_query_part_distribution(ThQuery *q, ThValue v, const ThValue *conditions, size_t n,
                                           ThValue *out, bool *found);
/* The same of what stands for all that was asked, with conditions of its own. */
TH_CHECKED bool th_query_ask_distribution(ThQuery *q, ThValue v, const ThValue *conditions, size_t n,
                                          ThValue *out, bool *found);
/* Was an estimate or a distribution found by draws? */
bool th_query_is_drawn(ThValue answer);
/* x as the answer to q, of any kind but dist, signed with a method. */
TH_CHECKED bool th_query_number(ThQuery *q, double complex x, double error, const char *method, ThValue *out);

#endif
