/* libs.h - tables of built-ins of this layer */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LIBS_H
#define TH_INFER_LIBS_H

#include "lang/builtin.h"

extern const ThBuiltin th_lib_simulate[];  /* logp, simulate */
extern const ThBuiltin th_lib_posterior[]; /* bayes_factor, ppc, compare */
extern const ThBuiltin th_lib_profile[];   /* profile */
extern const ThBuiltin th_lib_minimize[];  /* minimize, oracle, reset */
extern const ThBuiltin th_lib_loss_of[];   /* loss_of */
extern const ThBuiltin th_lib_study[];     /* study */
extern const ThBuiltin th_lib_explain[];   /* explain */
extern const ThBuiltin th_lib_linear[];    /* lm, linreg, glm */

#endif
