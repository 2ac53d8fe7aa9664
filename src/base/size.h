/* size.h - the smaller and the larger of two sizes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_SIZE_H
#define TH_BASE_SIZE_H

#include <stddef.h>

static inline size_t th_smaller(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t th_larger(size_t a, size_t b) { return a > b ? a : b; }

#endif
