/* libs.h - the tables of built-in functions of lang/ */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIBS_H
#define TH_LANG_LIBS_H

#include "lang/builtin.h"

extern const ThBuiltin th_lib_math[];       /* exp, sin, floor, re, … */
extern const ThBuiltin th_lib_special[];    /* gamma, erf, choose, … */
extern const ThBuiltin th_lib_reduce[];     /* sum, max, all, norm, … */
extern const ThBuiltin th_lib_stats[];      /* mean, sd, quantile, cov, histogram, … */
extern const ThBuiltin th_lib_array[];      /* zeros, reshape, concat, … */
extern const ThBuiltin th_lib_where[];      /* where */
extern const ThBuiltin th_lib_order[];      /* sort, unique, cumsum, diff, … */
extern const ThBuiltin th_lib_linalg[];     /* inv, svd, eig, … */
extern const ThBuiltin th_lib_string[];     /* upper, join, format, print, … */
extern const ThBuiltin th_lib_data[];       /* list, record, table, … */
extern const ThBuiltin th_lib_summary[];    /* summary */
extern const ThBuiltin th_lib_csv[];        /* read_csv, dataset, … */
extern const ThBuiltin th_lib_session[];    /* assert, import, seed, digits */
extern const ThBuiltin th_lib_table[];      /* sort_by, split, … */
extern const ThBuiltin th_lib_group[];      /* group_by */
extern const ThBuiltin th_lib_derivative[]; /* grad, hessian, … */
extern const ThBuiltin th_lib_integrate[];  /* integrate */
extern const ThBuiltin th_lib_root[];       /* root */
extern const ThBuiltin th_lib_ode[];        /* ode, sde */

/* Derivatives of built-ins, by name (val/traced.h). */
extern const ThTraceRule th_trace_mathematics[], th_trace_reduce[], th_trace_linalg[], th_trace_order[],
    th_trace_array[], th_trace_join[], th_trace_stats[], th_trace_special[], th_trace_calculus[];

/* A verb (mean, sd, quantile, …) whose first argument is no number and no array: asks the argument's kind,
 * or fails with a type error that names what was got. */
TH_CHECKED bool th_lib_other_kind(ThContext *cx, const ThCall *call, ThValue *out);

#endif
