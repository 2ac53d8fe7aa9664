/* loss.h - the loss that a model's likelihood and priors amount to: as a text, and as a function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LOSS_H
#define TH_INFER_LOSS_H

#include "infer/result.h"

/* Minus the log density of a model, of its parameters; without priors where the question is mle's. Without data it is
 * only a text. */
typedef struct ThLoss {
  ThObject object;
  ThContext *cx;
  ThQuestion question; /* without data when `has_data` is false */
  bool has_data;
  ThRecording recording; /* of the data */
  ThValue density;       /* the function (log_density.h), or none */
} ThLoss;

extern const ThKind th_loss_kind; /* "loss" */
static inline bool th_is_loss(ThValue v) { return th_is(v, &th_loss_kind); }
static inline ThLoss *th_as_loss(ThValue v) { return (ThLoss *)th_as_object(v); }

/* The loss of a question's data, weighted as they are, or of a model alone; takes the question, on failure too. */
TH_CHECKED bool th_loss_new_take(ThContext *cx, ThQuestion *question, bool has_data, ThValue *out);

/* One sum of a loss: of an observation or a prior. Owned texts. */
typedef struct ThLossPart {
  bool is_data;           /* from an observation */
  ThText sum, sum_code;   /* Σᵢ (yᵢ - a)²/(2·σ²), all that hangs on parameters; and as code */
  ThText rest, rest_code; /* what does not, "" for nothing */
  const char *name;       /* "squared error", or NULL */
} ThLossPart;

typedef struct ThLossParts {
  ThContext *cx;
  const ThModel *model;
  const ThModelData *data; /* or NULL */
  bool weighted;           /* the term of datum i counts $wᵢ times, in code $w */
  size_t n, capacity;
  ThLossPart *parts;
  bool complete;   /* the body has nothing else that counts */
  ThText mean;     /* a loss with the same minimum, as a mean over the data */
  ThText strength; /* "λ = σ²/τ²" of every penalty in it, "" for none */
  ThText names;    /* "squared error + L2" */
} ThLossParts;

/* loss_text.c. data may be NULL: then every argument that is no knob counts as having an element for each datum. */
TH_CHECKED bool th_loss_parts(ThContext *cx, const ThModel *model, const ThModelData *data, bool weighted,
                              ThLossParts *out);
void th_loss_parts_clear(ThLossParts *parts);
TH_CHECKED bool th_loss_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);

#endif
