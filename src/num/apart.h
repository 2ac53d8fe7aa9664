/* apart.h - a long calculation in a process of its own, so that it can be stopped */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_APART_H
#define TH_NUM_APART_H

#include <sys/types.h>

#include "base/context.h"

/* LAPACK cannot be asked to stop. A calculation of which it does the most forks: the child computes with its copy of
 * everything, and hands over its results through shared memory; the parent waits for it, polls, and ends it when it is
 * interrupted. To be used as
 *
 *   ThApart apart;
 *   if (!th_apart_begin(cx, &apart, is_long, parts, n_parts)) return false;
 *   if (apart.here) apart.ok = …; // compute, filling the parts
 *   return th_apart_end(cx, &apart);
 */
typedef struct ThPart {
  void *data; /* a result, and its bytes */
  size_t size;
} ThPart;

enum { TH_MAX_PARTS = 4 };

typedef struct ThApart {
  bool here;   /* this process computes */
  bool ok;     /* what came of it */
  pid_t child; /* whom the parent waits for; 0 in the child; -1 when there is none */
  size_t n_parts, size;
  ThPart parts[TH_MAX_PARTS];
  char *shared; /* the error code and message, then the parts */
} ThApart;

/* Parts whose data is NULL are left out. A calculation that is not long, or for which there is no process, is done
 * here. False with an error when there is no memory for the results. */
TH_CHECKED bool th_apart_begin(ThContext *cx, ThApart *apart, bool is_long, const ThPart *parts,
                               size_t n_parts);
/* In the child this does not return. Else: how the calculation ended, with its error. */
TH_CHECKED bool th_apart_end(ThContext *cx, ThApart *apart);

#endif
