/* special_tail.h - a tail of a distribution as its density times an integral */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SPECIAL_TAIL_H
#define TH_NUM_SPECIAL_TAIL_H

/* log of density(w - s)/density(w) for s >= 0: 0 at s = 0, decreasing and concave. */
typedef double (*ThLogRatio)(const double *parameters, double s);

/* The integral of e^h over s >= 0, for h with the given slope <= 0 and curvature <= 0 at 0; a relative
 * accuracy of about 1e-15. NaN when the integrand falls to e^-40 only beyond TH_TAIL_LENGTH: it is then too
 * far from a Gaussian for the fixed rule. */
#define TH_TAIL_LENGTH 3.0
double th_special_tail_integral(ThLogRatio h, const double *parameters, double slope, double curvature);

/* e^-s - 1 + s >= 0, accurate for small |s|. */
double th_special_exp_deviation(double s);

#endif
