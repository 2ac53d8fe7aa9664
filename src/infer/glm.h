/* glm.h - generalised linear models: counts, yes or no, classes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_GLM_H
#define TH_INFER_GLM_H

#include "infer/regression.h"

#endif
