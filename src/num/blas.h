/* blas.h - BLAS and LAPACK, loaded when they are first needed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_BLAS_H
#define TH_NUM_BLAS_H

#include <cblas.h>
#include <lapacke.h>

#include "base/context.h"

/* A big library that starts its threads as it is loaded would take most of the time of a short program. */

/* What is called of it: the member's name, and the function. */
/* clang-format off */
#define TH_BLAS_FUNCTIONS(X)                                                                                 \
  X(dgemm, cblas_dgemm) X(zgemm, cblas_zgemm) X(dgemv, cblas_dgemv) X(dsyrk, cblas_dsyrk)                    \
  X(dtrsm, cblas_dtrsm) X(dsymv, cblas_dsymv) X(dsyr2, cblas_dsyr2)                                          \
  X(dpotrf, LAPACKE_dpotrf_work) X(dpotrs, LAPACKE_dpotrs_work) X(dpotri, LAPACKE_dpotri_work)               \
  X(dpocon, LAPACKE_dpocon_work)                                                                             \
  X(dgetrf, LAPACKE_dgetrf_work) X(dgetrs, LAPACKE_dgetrs_work) X(dgetri, LAPACKE_dgetri_work)               \
  X(dgecon, LAPACKE_dgecon_work)                                                                             \
  X(zgetrf, LAPACKE_zgetrf_work) X(zgetrs, LAPACKE_zgetrs_work) X(zgetri, LAPACKE_zgetri_work)               \
  X(zgecon, LAPACKE_zgecon_work)                                                                             \
  X(dgelqf, LAPACKE_dgelqf_work) X(dorglq, LAPACKE_dorglq_work) X(dgelsd, LAPACKE_dgelsd_work)               \
  X(dgesdd, LAPACKE_dgesdd_work) X(dsyevd, LAPACKE_dsyevd_work) X(dgeev, LAPACKE_dgeev_work)                 \
  X(zgelqf, LAPACKE_zgelqf_work) X(zunglq, LAPACKE_zunglq_work) X(zgesdd, LAPACKE_zgesdd_work)               \
  X(zheevd, LAPACKE_zheevd_work) X(zgeev, LAPACKE_zgeev_work)                                                \
  TH_OPENBLAS_FUNCTIONS(X)
#ifdef OPENBLAS_VERSION
#define TH_OPENBLAS_FUNCTIONS(X)                                                                             \
  X(get_config, openblas_get_config) X(get_num_procs, openblas_get_num_procs)                                \
  X(get_num_threads, openblas_get_num_threads) X(set_num_threads, openblas_set_num_threads)
#else
#define TH_OPENBLAS_FUNCTIONS(X)
#endif
/* clang-format on */

typedef struct ThBlas {
#define TH_BLAS_MEMBER(member, function) __typeof__(function) *member;
  TH_BLAS_FUNCTIONS(TH_BLAS_MEMBER)
#undef TH_BLAS_MEMBER
} ThBlas;

/* The functions, loaded at the first call; NULL when they cannot be. */
const ThBlas *th_blas(void);
/* Whether they are there; if not, an error that says why. */
TH_CHECKED bool th_blas_load(ThContext *cx);

#endif
