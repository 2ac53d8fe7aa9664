/* ppc.h - a posterior predictive check: data as the posterior would give them, beside those that were observed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PPC_H
#define TH_INFER_PPC_H

#include "infer/posterior.h"

/* One statistic of the data under one name. */
typedef struct ThPpcRow {
  ThValue name; /* a string, owned: "mean", "mean(y)" where several names are observed */
  double observed, median, lower, upper;
  double p; /* P(T(replicated) >= T(observed)) */
} ThPpcRow;

enum { TH_PPC_KEPT = 50 }; /* replicated data sets that are kept, for the picture */

typedef struct ThPpc {
  ThObject object;
  ThContext *cx;
  ThSymbol *model, *data; /* names: of the model, of the first data that it observes */
  double level;           /* of the interval of replicated statistics */
  size_t n, n_kept;       /* replicated data sets, and those that are kept */
  bool is_discrete;
  ThArray *y;         /* (n_data): the first data observed */
  ThArray *replicates; /* (n_kept, n_data) */
  size_t n_rows;
  ThPpcRow *rows;
} ThPpc;

extern const ThKind th_ppc_kind; /* "ppc" */
static inline ThPpc *th_as_ppc(ThValue v) { return (ThPpc *)th_as_object(v); }

/* `names` and `functions`, n of them: statistics of the caller's, beside mean, sd, min and max. */
typedef struct ThPpcStatistics {
  size_t n;
  const char *const *names;
  const ThValue *functions;
} ThPpcStatistics;
TH_CHECKED bool th_ppc_find(const ThPosterior *p, const ThPpcStatistics *own, size_t n, double level,
                            ThValue *out);

/* ppc_text.c, ppc_plot.c */
TH_CHECKED bool th_ppc_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_ppc_plot(ThContext *cx, ThValue self, void *figure);

#endif
