/* ask.h - a call of mle, map or posterior as a question */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_ASK_H
#define TH_INFER_ASK_H

#include "infer/result.h"
#include "lang/builtin.h"

/* The parameters that mle, map and posterior share, as their signatures declare them. Values of the rest
 * parameter follow, then the record of knobs. */
#define TH_ASK_SIGNATURE(name, result)                                                                           \
  name                                                                                                           \
      "(model: any, ...data: any, prior: record = …, fix: record = …, level: number = 0.95, "                \
      "method: string = \"auto\", init: any = …, weights: any = …, trace: bool = false, chains: count = 4, " \
      "draws: count = 1000, warmup: count = 1000, seed: count = …; ...knobs) -> " result
enum {
  TH_ASK_MODEL,
  TH_ASK_PRIOR,
  TH_ASK_FIX,
  TH_ASK_LEVEL,
  TH_ASK_METHOD,
  TH_ASK_INIT,
  TH_ASK_WEIGHTS,
  TH_ASK_TRACE,
  TH_ASK_CHAINS,
  TH_ASK_DRAWS,
  TH_ASK_WARMUP,
  TH_ASK_SEED,
  TH_ASK_N
};

/* Checks model and options, and binds the data. */
TH_CHECKED bool th_ask(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *out);

#endif
