/* product_families.c - products and quotients of independent variables that are in a known family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Johnson, Kotz and Balakrishnan 1994 and 1995. Special cases are read as the family that holds them, an exponential or
 * a chi-square as a gamma. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "prob/product.h"

typedef struct ProductRow {
  bool quotient;
  const char *family; /* of both factors */
  const char *image, *what;
  /* The image's parameters into r, which is scaled by *scale; false when it leaves the family. */
  bool (*map)(const double *p, const double *q, double *r, double *scale);
} ProductRow;

static bool multiply_lognormals(const double *p, const double *q, double *r, double *scale) {
  (void)scale;
  r[0] = p[0] + q[0];
  r[1] = hypot(p[1], q[1]);
  return true;
}

static bool divide_lognormals(const double *p, const double *q, double *r, double *scale) {
  (void)scale;
  r[0] = p[0] - q[0];
  r[1] = hypot(p[1], q[1]);
  return true;
}

static bool divide_normals(const double *p, const double *q, double *r, double *scale) {
  (void)scale;
  r[0] = 0;
  r[1] = p[1] / q[1];
  return p[0] == 0 && q[0] == 0;
}

static bool divide_half_normals(const double *p, const double *q, double *r, double *scale) {
  (void)scale;
  r[0] = p[0] / q[0];
  return true;
}

/* (X r/a)/(Y s/b) is F(2a, 2b) for gammas of shapes a, b and rates r, s. */
static bool divide_gammas(const double *p, const double *q, double *r, double *scale) {
  r[0] = 2 * p[0];
  r[1] = 2 * q[0];
  *scale = p[0] * q[1] / (p[1] * q[0]);
  return true;
}

static const ProductRow rows[] = {
    {false, "LogNormal", "LogNormal", "product of lognormals", multiply_lognormals},
    {true, "LogNormal", "LogNormal", "quotient of lognormals", divide_lognormals},
    {true, "Normal", "Cauchy", "quotient of normals of mean 0", divide_normals},
    {true, "HalfNormal", "HalfCauchy", "quotient of half normals", divide_half_normals},
    {true, "Gamma", "FDist", "quotient of gammas", divide_gammas},
};

/* The family that holds the distribution as a special case, with its parameters there. */
static const char *general_form(const ThDistribution *d, double *p) {
  const char *name = d->family->name;
  for (int i = 0; i < d->family->n_parameters; i++) p[i] = d->p[i];
  if (strcmp(name, "Exponential") == 0) {
    p[1] = p[0], p[0] = 1;
    return "Gamma";
  }
  if (strcmp(name, "Chi2") == 0) {
    p[0] /= 2, p[1] = 0.5;
    return "Gamma";
  }
  return name;
}

static bool find_row(ThContext *cx, const ThDistribution *x, const ThDistribution *y, bool quotient,
                     ThValue *out, const char **what, bool *found) {
  double p[TH_MAX_PARAMETERS], q[TH_MAX_PARAMETERS], r[TH_MAX_PARAMETERS] = {0}, scale = 1;
  *found = false;
  if (!x->family->math || !y->family->math || x->rank > 0 || y->rank > 0) return true;
  const char *of_x = general_form(x, p), *of_y = general_form(y, q);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const ProductRow *row = &rows[i];
    if (row->quotient != quotient || strcmp(row->family, of_x) != 0 || strcmp(row->family, of_y) != 0)
      continue;
    if (!row->map(p, q, r, &scale)) continue;
    ThValue image;
    *found = true;
    *what = row->what;
    if (!th_distribution_of(cx, th_family_find(row->image), r, &image)) return false;
    bool ok = th_distribution_affine(cx, image, scale, 0, out);
    th_release(image);
    return ok;
  }
  return true;
}

bool th_product_distribution(ThContext *cx, ThValue x, ThValue y, bool quotient, const char *text,
                             ThValue *out, char *method, size_t size, bool *found) {
  const char *what = NULL;
  double error;
  ThValue known;
  if (!find_row(cx, th_as_distribution(x), th_as_distribution(y), quotient, &known, &what, found))
    return false;
  if (*found) {
    snprintf(method, size, "exact (%s)", what);
    bool ok = th_distribution_copy(cx, known, out);
    th_release(known);
    return ok;
  }
  if (!th_product_new(cx, x, y, quotient, text, out, &error, found)) return false;
  ThFinding finding = {0, error, "convolution of logarithms", ""};
  th_finding_method(&finding, method, size);
  return true;
}
