/* loss_terms.h - minus the log density of each family as a term of a loss */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LOSS_TERMS_H
#define TH_INFER_LOSS_TERMS_H

#include "infer/model_source.h"

/* For one value y and the parameters 1, 2, 3: minus the log density is term + constant, where the constant hangs on
 * no mean. In the texts `$y`, `$1`, `$2`, `$3` stand for those. Where Theta writes a term otherwise than it reads,
 * its code stands beside it. */
typedef struct ThLossTerm {
  const char *family;
  const char *argument; /* given by this name instead of the last position: "logit"; NULL: by position */
  const char *term, *term_code;
  const char *constant, *constant_code; /* NULL: none */
  const char *name;                     /* of such a loss: "squared error"; or NULL */
  const char *penalty;                  /* of such a prior about 0: "L2"; or NULL */
} ThLossTerm;

/* The row for a law as it is written, or NULL; arguments in the order of `$1`, `$2`, … go to `arguments`. */
const ThLossTerm *th_loss_term(const ThLawText *law, const ThNode **arguments);

#endif
