/* special_tail.c - a tail of a distribution as its density times an integral */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P(W <= w) is density(w) times the integral of density(w - s)/density(w). For a log-concave density the
 * ratio falls from 1, somewhere between an exponential and a Gaussian: a smooth positive function, which a
 * fixed Gauss-Legendre rule integrates without any cancellation, at the same cost for all parameters. */
#include "num/special_tail.h"

#include "num/real.h"

enum { N_NODES = 40 };

/* Gauss-Legendre on [0, 1]: the first half of the nodes and weights. */
static const double nodes[N_NODES / 2][2] = {{0.00088114514472039982519, 0.0022606385492665956292},
                                             {0.0046368806502714967735, 0.0052491422655764068074},
                                             {0.011370025008112868668, 0.0082105291909539443564},
                                             {0.021041590393104172098, 0.011122924597083478631},
                                             {0.03359359586066173332, 0.013968503490011700549},
                                             {0.048950596515562851636, 0.016730097641273923696},
                                             {0.06702024839387024809, 0.01939108398723600882},
                                             {0.087693884583344168402, 0.021935454092836635996},
                                             {0.11084717428674030615, 0.024347903817536116031},
                                             {0.13634087240503644836, 0.026613923491968412177},
                                             {0.16402165769291022581, 0.028719884549695775683},
                                             {0.19372305516600988102, 0.030653121246464469583},
                                             {0.22526643745243589896, 0.032402006728300519037},
                                             {0.25846209915691064355, 0.033956022907616951913},
                                             {0.29311039781419749924, 0.035305823695643389848},
                                             {0.3290029545871207635, 0.03644329119790202953},
                                             {0.36592390749637315943, 0.0373615845289841321},
                                             {0.40365120964931445014, 0.038055180950313121186},
                                             {0.44195796466237239576, 0.038519909082123982794},
                                             {0.48061379124697458903, 0.038752973989212405632}};

/* Where h is about -40: the root of slope s + curvature s²/2 = -40, moved on until h is below -38. */
static double tail_length(ThLogRatio h, const double *parameters, double slope, double curvature) {
  double s = 80 / (-slope + sqrt(slope * slope - 80 * curvature));
  for (int i = 0; i < 60 && s < TH_TAIL_LENGTH && h(parameters, s) > -38; i++) s *= 1.25;
  return s;
}

double th_special_tail_integral(ThLogRatio h, const double *parameters, double slope, double curvature) {
  double length = tail_length(h, parameters, slope, curvature), sum = 0;
  if (!(length <= TH_TAIL_LENGTH)) return TH_NAN;
  for (int i = 0; i < N_NODES / 2; i++) {
    double near = nodes[i][0] * length, far = (1 - nodes[i][0]) * length;
    sum += nodes[i][1] * (exp(h(parameters, near)) + exp(h(parameters, far)));
  }
  return sum * length;
}

double th_special_exp_deviation(double s) {
  if (fabs(s) > 0.5) return expm1(-s) + s;
  double term = 0.5 * s * s, sum = term;
  for (int n = 3; fabs(term) > 1e-17 * sum; n++) {
    term *= -s / n;
    sum += term;
  }
  return sum;
}
