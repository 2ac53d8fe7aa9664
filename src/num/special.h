/* special.h - special functions of statistics */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SPECIAL_H
#define TH_NUM_SPECIAL_H

#include <complex.h>
#include <stddef.h>

/* All are pure. NaN in gives NaN out; outside the domain the result is NaN, at a pole ±inf or NaN as said.
 * Accuracy is relative and about 1e-15 times (1 + condition number) unless said otherwise. */

/* --- gamma and friends (special_gamma.c) ------------------------------------------------------------- */

double th_special_gamma(double x);    /* Γ(x); ±inf at ±0, NaN at -1, -2, … */
double th_special_lgamma(double x);   /* log|Γ(x)|; inf at 0, -1, … ; accurate at its zeros 1 and 2 */
double complex th_special_lgamma_complex(double complex z); /* a logarithm of Γ(z) (special_gsl.c) */
double th_special_lgamma1p(double x); /* log Γ(1 + x) for x > -1, relative accuracy at 0 and 1 kept */
double th_special_lgamma1p_deviation(double x); /* log Γ(1 + x) + γx >= 0, relative accuracy at 0 kept */
double th_special_beta(double a, double b);     /* B(a, b) for a, b > 0 */
double th_special_lbeta(double a, double b);    /* log B(a, b), without cancellation for large a, b */
double th_special_digamma(double x);            /* ψ(x) = Γ'(x)/Γ(x); NaN at the poles */
double th_special_log_minus_digamma(double x);  /* log x - ψ(x), x > 0: about 1/2x, without cancellation */
double th_special_trigamma(double x);           /* ψ'(x) */
double th_special_trigamma_excess(double x);    /* ψ'(x) - 1/x, x > 0: about 1/2x², without cancellation */
/* f(x) - f(x + d), x > 0, d >= 0, relative accuracy kept for small d: of f(x) = log x - ψ(x), and of
 * f(x) = ψ'(x) - 1/x - 1/2x², about 1/6x³. */
double th_special_log_minus_digamma_fall(double x, double d);
double th_special_trigamma_fall(double x, double d);
/* Bregman's divergence f(b) - f(a) - (b - a) f'(a) >= 0 of f(a) = log Γ(a) - (a log a - a), a, b > 0: what KL
 * divergences of gamma and beta distributions are made of. */
double th_special_lgamma_divergence(double a, double b);
double th_special_polygamma(int n, double x); /* ψ⁽ⁿ⁾(x), n >= 0, x > 0 */
double th_special_zeta(double s);             /* Riemann ζ(s) */
/* x! = Γ(x + 1); exact for whole x up to 22; NaN for negative whole x. */
double th_special_factorial(double x);
double th_special_lfactorial(double x); /* log Γ(x + 1), x > -1 */
/* n over k for real n and whole k (0 for k < 0); exact where n is whole and the result below 2^53. NaN for
 * k not whole. */
double th_special_choose(double n, double k);
/* log|n over k| for real n >= k >= 0 (k real too: Γ(n+1)/Γ(k+1)Γ(n-k+1)); no cancellation for large n. */
double th_special_lchoose(double n, double k);
/* log Γ(a + b) - log Γ(a) for a > 0, b >= 0, accurate relative to b however small b is. */
double th_special_log_rising(double a, double b);
/* log Γ(x + 1) - ((x + 1/2) log x - x + log √(2π)): Stirling's error δ(x), x > 0 (Loader 2000). */
double th_special_stirling_error(double x);
/* x log(x/np) + np - x: Loader's deviance D₀ (2000), x, np >= 0, accurate for x near np. */
double th_special_deviance(double x, double np);
double th_special_log1p_deviation(double x); /* x - log(1 + x) >= 0 for x > -1, accurate at 0 */
/* log of (n over x) p^x q^(n - x) for real n >= x >= 0, with q = 1 - p given by itself; and log of
 * rate^x e^-rate/Γ(x + 1) for real x >= 0: Loader's saddle-point forms (2000), free of cancellation. */
double th_special_log_binomial(double x, double n, double p, double q);
double th_special_log_poisson(double x, double rate);

/* --- error function and normal distribution (special_normal.c) ---------------------------------------- */

double th_special_erf(double x);
double th_special_erfc(double x);
double th_special_erfcx(double x);                   /* e^(x²) erfc(x) */
double th_special_erfinv(double p);                  /* -1 … 1; ±inf at the ends */
double th_special_erfcinv(double q);                 /* 0 … 2; relative accuracy for q to 1e-308 */
double th_special_normal_pdf(double z);              /* φ(z), to the last digits in the tails */
double th_special_normal_cdf(double z);              /* Φ(z), relative accuracy in the lower tail */
double th_special_log_normal_cdf(double z);          /* log Φ(z), relative accuracy at both ends */
double th_special_normal_quantile(double p);         /* Φ⁻¹(p), lower tail to 1e-308 */
double th_special_normal_quantile_log(double log_p); /* Φ⁻¹(e^log_p), to log_p = -1e308 */
double th_special_dawson(double x);                  /* e^(-x²) ∫₀ˣ e^(t²) dt (special_gsl.c) */
double th_special_mills(double z); /* φ(z)/Φ(z), the derivative of log Φ; about -z for z → -inf */

/* The Faddeeva function w(z) = e^(-z²) erfc(-iz) (special_faddeeva.c): for Im z >= 0 real and imaginary part
 * each with full relative accuracy, so that Re w(x + iy) serves as Voigt's profile and √π/2 Im w(x) as Dawson's
 * integral; below the real line relative to |w|, which grows like e^(y²). */
double complex th_special_faddeeva(double complex z);
/* Its n-th derivative at a real x, n = 0, 1, 2, without cancellation for large x. */
double complex th_special_faddeeva_derivative(int n, double x);

/* --- sums and differences on the log scale, links (special_log.c) -------------------------------------- */

double th_special_logsumexp(size_t n, const double *x); /* log Σ e^x; -inf for n = 0 */
double th_special_log_add(double x, double y);          /* log(e^x + e^y) */
double th_special_log_subtract(double x, double y);     /* log(e^x - e^y), x >= y, else NaN */
double th_special_log1mexp(double x);                   /* log(1 - e^x), x <= 0 (Mächler 2012) */
double th_special_log1pexp(double x);                   /* log(1 + e^x) */
double th_special_logexpm1(double x);                   /* log(e^x - 1), x >= 0: the inverse of log1pexp */
double complex th_special_expm1_complex(double x, double y); /* e^(x + iy) - 1, each part accurate at 0 */
double th_special_sigmoid(double x);                         /* 1/(1 + e^-x) */
double th_special_log_sigmoid(double x);
double th_special_logit(double p);             /* log(p/(1 - p)), accurate near 1/2 */
double th_special_xlogy(double x, double y);   /* x log y, 0 where x = 0 */
double th_special_xlog1py(double x, double y); /* x log(1 + y), 0 where x = 0 */
double th_special_sinpi(double x);             /* sin πx, exact zeros */
double th_special_cospi(double x);
double th_special_sinc(double x);                          /* sin(x)/x, 1 at 0 */
double th_special_log_sinhc(double x);                     /* log(sinh(x)/x), 0 at 0, without overflow */
double complex th_special_complex_expm1(double complex s); /* e^s - 1, both parts accurate near 0 */

/* --- exponential integrals E_p(z) = ∫₁^∞ e^(-zt) t^-p dt (special_expint.c) ------------------------------- */

double th_special_e1_scaled(double x); /* e^x E₁(x), x > 0 (special_gsl.c) */
double th_special_ei_scaled(double x); /* e^-x Ei(x), x > 0 (special_gsl.c) */
/* e^z E_p(z) for p > 0, Re z >= 0 and |z| >= 1. */
double complex th_special_expint_scaled(double p, double complex z);
/* E₁(-iκ) = -Ci(κ) + i(π/2 - Si(κ)), κ > 0. */
double complex th_special_e1_imaginary(double kappa);
/* a E_{a+1}(z), a > 0: the mean of e^-zX where X >= 1 has the density a/x^(a+1). Re z >= 0; real and imaginary part are
 * accurate each. Of a real z also the logarithm, accurate near z = 0. */
double complex th_special_power_transform(double a, double complex z);
double th_special_log_power_transform(double a, double z);
/* log((2/π) ∫₀^∞ e^(-st)/(1 + t²) dt), s >= 0 (DLMF 6.2.17: the auxiliary function f), accurate near s = 0. */
double th_special_log_auxiliary_f(double s);
double th_special_cauchy_sine(double s); /* ∫₀^∞ sin(st)/(1 + t²) dt, s >= 0 */

/* --- incomplete gamma function (special_incgamma.c) ----------------------------------------------------
 * a > 0, x >= 0; P(a, x) = γ(a, x)/Γ(a), Q = 1 - P. Series for small x, Legendre's continued fraction for
 * large x, Temme's uniform expansion (1979) where a is large and x near a. Each tail and each logarithm is
 * computed by itself wherever it is the smaller one. */
double th_special_gamma_p(double a, double x);
double th_special_gamma_q(double a, double x);
double th_special_log_gamma_p(double a, double x);
double th_special_log_gamma_q(double a, double x);
/* x with P(a, x) = p, with Q(a, x) = q; of both the inverse of logarithms, for tails beyond 1e-308. */
double th_special_gamma_p_inverse(double a, double p);
double th_special_gamma_q_inverse(double a, double q);
double th_special_log_gamma_p_inverse(double a, double log_p);
double th_special_log_gamma_q_inverse(double a, double log_q);
/* log of x^a e^-x/Γ(a), the density of log X: no cancellation for large a. */
double th_special_log_gamma_kernel(double a, double x);

/* --- incomplete beta function (special_incbeta.c) -------------------------------------------------------
 * a, b > 0, 0 <= x <= 1; y must be 1 - x: given by itself it keeps its digits when x is near 1. I_x(a, b),
 * and its complement 1 - I_x = I_y(b, a). */
double th_special_beta_p(double a, double b, double x, double y);
double th_special_beta_q(double a, double b, double x, double y);
double th_special_log_beta_p(double a, double b, double x, double y);
double th_special_log_beta_q(double a, double b, double x, double y);
/* x with I_x(a, b) = p, or 1 - I_x = q; *y = 1 - x with its own relative accuracy (NULL is allowed). */
double th_special_beta_p_inverse(double a, double b, double p, double *y);
double th_special_beta_q_inverse(double a, double b, double q, double *y);
double th_special_log_beta_p_inverse(double a, double b, double log_p, double *y);
double th_special_log_beta_q_inverse(double a, double b, double log_q, double *y);
/* log of x^a y^b/B(a, b): no cancellation for large a, b. */
double th_special_log_beta_kernel(double a, double b, double x, double y);

/* The transforms of a beta variable (special_betacf.c): E e^(ikX) = ₁F₁(a; a + b; ik), and log E e^(tX). */
double complex th_special_beta_cf(double a, double b, double k);
double th_special_beta_log_mgf(double a, double b, double t);

/* The transforms of the reciprocal of V ~ Gamma(a, 1), and of the ratio W of Gamma(a, 1) and Gamma(b, 1)
 * (special_gammacf.c): E e^(-q/V) = 2q^(a/2) K_a(2√q)/Γ(a), |arg q| <= π/2, and
 * E e^(rate W) = Γ(a + b)/Γ(b) U(a, 1 - b, -rate), Re rate <= 0; and their logarithms at real q >= 0, rate <= 0. */
double complex th_special_reciprocal_gamma_exp(double a, double complex q);
double th_special_reciprocal_gamma_log_mgf(double a, double q);
double complex th_special_odds_exp(double a, double b, double complex rate);
double th_special_odds_log_mgf(double a, double b, double rate);
/* --- sums of powers (special_zeta.c) --------------------------------------------------------------------
 * s > 1 throughout. Hurwitz's ζ(s, a) = Σ (a + j)^-s over j >= 0, divided by its first term a^-s, for a > 0;
 * Σ k^-s over k = a, a + 1, … end - 1, likewise divided by a^-s; ζ(s) - 1. */
double th_special_hurwitz_ratio(double s, double a);
double th_special_power_sum_ratio(double s, double a, double end);
double th_special_zeta_minus_1(double s);
/* Σ k^-s log^m k over k >= 1 into sums[m] for m = 0, 1, 2: ζ(s), -ζ'(s), ζ''(s). */
void th_special_zeta_logs(double s, double *sums);
/* The polylogarithm Li_s(e^ik) = Σ n^-s e^(ikn) for any k; and log(Li_s(e^t)/ζ(s)), inf for t > 0. */
double complex th_special_polylog_circle(double s, double k);
double th_special_log_polylog_ratio(double s, double t);

/* --- Bessel functions (special_gsl.c: mostly GSL, to about 1e-13) ------------------------------------- */

double th_special_bessel_j(double order, double x); /* J_ν(x): ν >= 0 and x >= 0, or ν whole and any x */
double th_special_bessel_y(double order, double x); /* x > 0 */
double th_special_bessel_i(double order, double x); /* grows like e^x */
double th_special_bessel_k(double order, double x); /* x > 0 */
double th_special_bessel_i_scaled(double order, double x); /* e^-|x| I_ν(x) */
double th_special_bessel_k_scaled(double order, double x); /* e^x K_ν(x) */
double th_special_log_bessel_i0(double x);                 /* log I₀(x), x any: von Mises */
double th_special_bessel_ratio(double x);                  /* I₁(x)/I₀(x) */

#endif
