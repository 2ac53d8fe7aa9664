/* family_rows.h - what is known of the maximum of each family's likelihood */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FAMILY_ROWS_H
#define TH_INFER_FAMILY_ROWS_H

#include "infer/family_sample.h"

enum { TH_FAMILY_STARTS = 24 };

/* One maximum that is looked for. */
typedef struct ThFamilyTask {
  const ThFamily *family;
  ThSample *s;
  bool held[TH_MAX_PARAMETERS]; /* positional parameters that are given */
  double p[TH_MAX_PARAMETERS];  /* their values; `solve` sets the others */
  double starts[TH_FAMILY_STARTS][TH_MAX_PARAMETERS];
  size_t n_starts;
} ThFamilyTask;

/* A family. Functions may be NULL. */
typedef struct ThFamilyRow {
  const ThFamily *family;
  bool sorted;              /* the functions read the data in ascending order */
  bool open_low, open_high; /* the density is 0 or infinite at that end of the support: no datum may lie there */
  /* Where all data are equal and nothing is held, the likelihood grows without bound as parameter `collapses` - 1 goes
   * to 0, or grows. */
  int collapses;
  bool grows;
  /* Parameters (bits) at whose maximum the likelihood is not level: an end of the data, a kink, whole numbers. `solve`
   * finds them. */
  unsigned edges;
  const char *edge_words;
  /* The formula is of the edges for given others, which the search then finds; and so on until the edges stay: */
  bool alternates;
  bool kinked;                    /* its curvature is the expected one, though there is a kink at the maximum */
  bool (*check)(ThFamilyTask *t); /* of these data: false with an error in words */
  bool (*solve)(ThFamilyTask *t); /* false (no error): no formula for what is held */
  void (*start)(ThFamilyTask *t); /* where to begin, where there is none */
  /* No maximum was found, or very far out: false with an error, where the data explain it; else true. */
  bool (*explain)(ThFamilyTask *t);
} ThFamilyRow;

/* Rows by where the data lie; each table ends with a row without a family. */
extern const ThFamilyRow th_family_rows_line[], th_family_rows_positive[], th_family_rows_bounded[],
    th_family_rows_counts[];
/* NULL: nothing is known. */
const ThFamilyRow *th_family_row_find(const ThFamily *family);

/* The next start, with zeros. */
double *th_family_start(ThFamilyTask *t);
/* "the likelihood of `Normal` grows without bound as `σ` goes to 0: " and why. Returns false. */
bool th_family_fail(const ThFamilyTask *t, const char *parameter, bool grows, const char *why, ...)
    TH_PRINTF(4, 5);

#endif
