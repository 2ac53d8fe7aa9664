/* init.h - what the numerical libraries need once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_INIT_H
#define TH_NUM_INIT_H

/* Called once at start, before any other function of num/: turns off GSL's handler, which would end the
 * process at an error. Calling it again does no harm. */
void th_num_init(void);

/* The versions of the libraries that were found: "2.7.1", "OpenBLAS 0.3.21 …". */
const char *th_num_gsl_version(void);
const char *th_num_blas_version(void);
/* "3.6, AVX2": with the instruction set that is used on this machine. */
const char *th_num_sleef_version(void);

#endif
