/* density_student.h - what Student's t distribution and its half share: functions of ν and z = (x - μ)/σ */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_STUDENT_H
#define TH_NUM_DENSITY_STUDENT_H

#include "num/density_odds.h"
#include "num/random.h"

/* Beyond 1e100 nothing changes: t is normal. The odds z²/ν keep away from underflow. */
static inline double th_density_student_finite(double nu) { return nu > 1e100 ? 1e100 : nu; }

/* log of Γ((ν + 1)/2)/(Γ(ν/2) √(ν/2)): about -1/4ν. */
double th_density_student_log_ratio(double nu);
/* ψ((ν + 1)/2) - ψ(ν/2) - 1/ν: about 1/2ν². */
double th_density_student_digamma_step(double nu);
double th_density_student_entropy(double nu);
double th_density_student_pdf(double z, double nu);
double th_density_student_logpdf(double z, double nu);
/* ∂/∂z and ∂/∂ν of the logarithm of the density; σ ∂/∂σ of it. */
void th_density_student_gradient(double z, double nu, double *d_z, double *d_nu);
double th_density_student_scale_slope(double z, double nu);
/* The Fisher information of ν and σ. */
void th_density_student_fisher(double nu, double sigma, double *nu_nu, double *nu_sigma, double *sigma_sigma);
/* z >= 0 with P(|T| > z) = outside, P(|T| <= z) = inside = 1 - outside, each exact where it is small. */
double th_density_student_point(double outside, double inside, double nu);
/* E cos(tT) */
double th_density_student_cf(double t, double nu);
double th_density_student_sample(double nu, ThRandom *r);

#endif
