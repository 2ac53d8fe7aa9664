/* trace_functions.h - the differentiable special functions of log densities, as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_FUNCTIONS_H
#define TH_PROB_TRACE_FUNCTIONS_H

#include "val/graph.h"

ThNodeId th_trace_log_gamma(ThGraph *g, ThNodeId x);
ThNodeId th_trace_digamma(ThGraph *g, ThNodeId x);
/* log Γ((ν + 1)/2) - log Γ(ν/2) - ½ log(ν/2), about -1/4ν: what a t density has beyond the normal one. */
ThNodeId th_trace_student_front(ThGraph *g, ThNodeId nu);
ThNodeId th_trace_log_beta(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_trace_log_normal_cdf(ThGraph *g, ThNodeId x); /* log Φ(x) */
ThNodeId th_trace_log_bessel(ThGraph *g, ThNodeId x);     /* log I₀(x), x >= 0 */
ThNodeId th_trace_bessel_ratio(ThGraph *g, ThNodeId x);   /* I₁(x)/I₀(x) */
ThNodeId th_trace_log_zeta(ThGraph *g, ThNodeId s);       /* log ζ(s), s > 1 */
ThNodeId th_trace_faddeeva(ThGraph *g, ThNodeId z);       /* w(z) of complex z */
/* log(e^x + e^y); x log y and x log(1 + y), which are 0 where x is 0: of constant x. */
ThNodeId th_trace_log_add(ThGraph *g, ThNodeId x, ThNodeId y);
ThNodeId th_trace_x_log_y(ThGraph *g, ThNodeId x, ThNodeId y);
ThNodeId th_trace_x_log1p_y(ThGraph *g, ThNodeId x, ThNodeId y);
/* The number itself, with derivative zero: of values that can only be whole. */
ThNodeId th_trace_held(ThGraph *g, ThNodeId x);

#endif
