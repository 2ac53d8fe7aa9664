/* lib_special.c - built-ins: special functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/kernels.h"
#include "num/special.h"
#include "val/broadcast.h"

#define ONE(name, f, kernel)                                                    \
  static bool special_##name(ThContext *cx, const ThCall *call, ThValue *out) { \
    return th_map_real(cx, call, f, kernel, out);                                  \
  }
#define TWO(name, f)                                                            \
  static bool special_##name(ThContext *cx, const ThCall *call, ThValue *out) { \
    return th_map_pair(cx, call->args[0], call->args[1], f, #name, out);        \
  }

ONE(gamma, th_special_gamma, NULL)
ONE(lgamma, th_special_lgamma, NULL)
ONE(digamma, th_special_digamma, NULL)
ONE(trigamma, th_special_trigamma, NULL)
ONE(zeta, th_special_zeta, NULL)
ONE(factorial, th_special_factorial, NULL)
ONE(lfactorial, th_special_lfactorial, NULL)
ONE(erf, th_special_erf, th_kernel_erf)
ONE(erfc, th_special_erfc, NULL)
ONE(erfcx, th_special_erfcx, NULL)
ONE(erfinv, th_special_erfinv, NULL)
ONE(erfcinv, th_special_erfcinv, NULL)
ONE(logit, th_special_logit, NULL)
ONE(sigmoid, th_special_sigmoid, th_kernel_sigmoid)
ONE(log_sigmoid, th_special_log_sigmoid, NULL)
ONE(softplus, th_special_log1pexp, th_kernel_softplus)
ONE(log1mexp, th_special_log1mexp, NULL)
ONE(sinc, th_special_sinc, NULL)
TWO(beta, th_special_beta)
TWO(lbeta, th_special_lbeta)
TWO(choose, th_special_choose)
TWO(lchoose, th_special_lchoose)
TWO(xlogy, th_special_xlogy)
TWO(gamma_p, th_special_gamma_p)
TWO(gamma_q, th_special_gamma_q)
TWO(bessel_j, th_special_bessel_j)
TWO(bessel_y, th_special_bessel_y)
TWO(bessel_i, th_special_bessel_i)
TWO(bessel_k, th_special_bessel_k)

static bool reduce_logsumexp(ThContext *cx, size_t n, const double *x, const void *self, double *out) {
  (void)cx, (void)self;
  *out = th_special_logsumexp(n, x);
  return true;
}

static bool special_logsumexp(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *a;
  ThAxis axis;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  bool ok = th_axis_init(cx, a, call->args[1], th_arg_bool(call, 2), &axis) &&
            th_reduce(cx, a, &axis, reduce_logsumexp, NULL, out);
  th_release(th_object(a));
  return ok;
}

#define SPECIAL "special functions"

const ThBuiltin th_lib_special[] = {
    {"gamma(x: real) -> real", special_gamma, SPECIAL, "the gamma function Γ(x)", "Γ(n) = (n - 1)!",
     "gamma(5)\n#> 24\ngamma(0.5)^2\n#> 3.14159", "lgamma factorial beta", th_special_gamma},
    {"lgamma(x: real) -> real", special_lgamma, SPECIAL, "log |Γ(x)|, also where Γ overflows", NULL,
     "lgamma(1000)\n#> 5905.22", "gamma lfactorial", th_special_lgamma},
    {"digamma(x: real) -> real", special_digamma, SPECIAL, "ψ(x) = Γ'(x)/Γ(x)", NULL,
     "digamma(1)\n#> -0.577216", "trigamma gamma", th_special_digamma},
    {"trigamma(x: real) -> real", special_trigamma, SPECIAL, "ψ'(x), the derivative of digamma", NULL,
     "trigamma(1)\n#> 1.64493", "digamma", th_special_trigamma},
    {"beta(a: real, b: real) -> real", special_beta, SPECIAL, "the beta function Γ(a)Γ(b)/Γ(a + b)",
     "for the distribution write Beta(a, b)", "beta(2, 3)\n#> 0.0833333", "lbeta gamma", NULL},
    {"lbeta(a: real, b: real) -> real", special_lbeta, SPECIAL, "the logarithm of the beta function", NULL,
     "lbeta(200, 300)\n#> -337.98", "beta lgamma", NULL},
    {"factorial(n: real) -> real", special_factorial, SPECIAL, "n! = Γ(n + 1)", NULL, "factorial(5)\n#> 120",
     "choose gamma lfactorial", th_special_factorial},
    {"lfactorial(n: real) -> real", special_lfactorial, SPECIAL, "log n!, also where n! overflows", NULL,
     "lfactorial(1000)\n#> 5912.13", "factorial lgamma", th_special_lfactorial},
    {"choose(n: real, k: real) -> real", special_choose, SPECIAL,
     "in how many ways k of n things can be chosen", NULL,
     "choose(5, 2)\n#> 10\nchoose(4, 0:4)\n#> [1, 4, 6, 4, 1]", "factorial lchoose", NULL},
    {"lchoose(n: real, k: real) -> real", special_lchoose, SPECIAL,
     "log of choose(n, k), also where it overflows", NULL,
     "lchoose(2000, 1000)\n"
     "#> 1382.27",
     "choose", NULL},
    {"erf(x: real) -> real", special_erf, SPECIAL, "the error function 2/√π ∫₀ˣ exp(-t²) dt", NULL,
     "erf(1)\n#> 0.842701", "erfc erfinv", th_special_erf},
    {"erfc(x: real) -> real", special_erfc, SPECIAL, "1 - erf(x), accurate for large x", NULL,
     "erfc(5)\n#> 1.53746e-12", "erf erfcx erfcinv", th_special_erfc},
    {"erfcx(x: real) -> real", special_erfcx, SPECIAL, "exp(x²) erfc(x)", NULL, "erfcx(100)\n#> 0.00564161",
     "erfc", th_special_erfcx},
    {"erfinv(p: real) -> real", special_erfinv, SPECIAL, "the inverse of erf", NULL,
     "erfinv(0.5)\n#> 0.476936", "erf", th_special_erfinv},
    {"erfcinv(q: real) -> real", special_erfcinv, SPECIAL, "the inverse of erfc", NULL,
     "erfcinv(1e-10)\n#> 4.57282", "erfc", th_special_erfcinv},
    {"logit(p: real) -> real", special_logit, SPECIAL, "log(p/(1 - p)), the log odds", NULL,
     "logit(0.75)\n#> 1.09861", "sigmoid", th_special_logit},
    {"sigmoid(x: real) -> real", special_sigmoid, SPECIAL, "1/(1 + exp(-x)), the inverse of logit", NULL,
     "sigmoid([0, 2])\n#> [0.5, 0.880797]", "logit log_sigmoid softplus", th_special_sigmoid},
    {"log_sigmoid(x: real) -> real", special_log_sigmoid, SPECIAL,
     "log sigmoid(x), accurate for very negative x", NULL, "log_sigmoid(-800)\n#> -800", "sigmoid softplus",
     th_special_log_sigmoid},
    {"softplus(x: real) -> real", special_softplus, SPECIAL, "log(1 + exp(x)), a smooth max(x, 0)", NULL,
     "softplus(0)\n#> 0.693147", "sigmoid", th_special_log1pexp},
    {"log1mexp(x: real) -> real", special_log1mexp, SPECIAL,
     "log(1 - exp(x)) for x <= 0, accurate at both ends", NULL, "log1mexp(-1e-10)\n#> -23.0259",
     "log1p expm1", th_special_log1mexp},
    {"xlogy(x: real, y: real) -> real", special_xlogy, SPECIAL, "x log(y), 0 where x is 0", "for entropies",
     "xlogy([0, 1], [0, 2])\n#> [0, 0.693147]", "log", NULL},
    {"logsumexp(x: real, axis: integer = none, keep: bool = false) -> real", special_logsumexp, SPECIAL,
     "log of the sum of exp(x), without overflow", "axis: the axis that disappears, 1 for the rows",
     "logsumexp([1000, 1000])\n#> 1000.69", "log exp sum", NULL},
    {"zeta(s: real) -> real", special_zeta, SPECIAL, "the Riemann zeta function", NULL, "zeta(2)\n#> 1.64493",
     "gamma", th_special_zeta},
    {"sinc(x: real) -> real", special_sinc, SPECIAL, "sin(x)/x, 1 at 0", NULL,
     "sinc([0, 1])\n#> [1, 0.841471]", "sin", th_special_sinc},
    {"gamma_p(a: real, x: real) -> real", special_gamma_p, SPECIAL,
     "the regularised lower incomplete gamma function", NULL, "gamma_p(2, 1)\n#> 0.264241", "gamma_q gamma",
     NULL},
    {"gamma_q(a: real, x: real) -> real", special_gamma_q, SPECIAL,
     "the regularised upper incomplete gamma function", NULL, "gamma_q(2, 1)\n#> 0.735759", "gamma_p gamma",
     NULL},
    {"bessel_j(order: real, x: real) -> real", special_bessel_j, SPECIAL,
     "the Bessel function J of the first kind", NULL,
     "bessel_j(0, 1)\n"
     "#> 0.765198",
     "bessel_y bessel_i", NULL},
    {"bessel_y(order: real, x: real) -> real", special_bessel_y, SPECIAL,
     "the Bessel function Y of the second kind", NULL,
     "bessel_y(0, 1)\n"
     "#> 0.088257",
     "bessel_j bessel_k", NULL},
    {"bessel_i(order: real, x: real) -> real", special_bessel_i, SPECIAL, "the modified Bessel function I",
     NULL, "bessel_i(0, 1)\n#> 1.26607", "bessel_k bessel_j", NULL},
    {"bessel_k(order: real, x: real) -> real", special_bessel_k, SPECIAL, "the modified Bessel function K",
     NULL, "bessel_k(0, 1)\n#> 0.421024", "bessel_i bessel_y", NULL},
    {0},
};
