/* random_tables.h - the layers of the ziggurats */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_RANDOM_TABLES_H
#define TH_NUM_RANDOM_TABLES_H

enum { TH_ZIGGURAT_LAYERS = 256 };

extern const double th_random_normal_x[TH_ZIGGURAT_LAYERS + 1];
extern const double th_random_normal_f[TH_ZIGGURAT_LAYERS + 1];
extern const double th_random_exponential_x[TH_ZIGGURAT_LAYERS + 1];
extern const double th_random_exponential_f[TH_ZIGGURAT_LAYERS + 1];

#endif
