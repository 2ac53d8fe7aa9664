/* lib_linalg_complex.h - the built-ins of linear algebra, for complex matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIB_LINALG_COMPLEX_H
#define TH_LANG_LIB_LINALG_COMPLEX_H

#include "val/array.h"

/* What pinv, rank, qr, svd, cholesky and eig give for a complex matrix; square where it must be. */
TH_CHECKED bool th_complex_pinv(ThContext *cx, const ThArray *a, ThValue *out);
TH_CHECKED bool th_complex_rank(ThContext *cx, const ThArray *a, ThValue *out);
TH_CHECKED bool th_complex_qr(ThContext *cx, const ThArray *a, ThValue *out);
TH_CHECKED bool th_complex_svd(ThContext *cx, const ThArray *a, ThValue *out);
TH_CHECKED bool th_complex_cholesky(ThContext *cx, ThArray *a, ThValue *out);
TH_CHECKED bool th_complex_eig(ThContext *cx, const ThArray *a, ThValue *out);

#endif
