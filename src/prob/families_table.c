/* families_table.c - the rows of the families whose values are listed: Discrete, Categorical, Point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/special.h"
#include "num/stats.h"
#include "prob/families.h"

#define SECTION TH_FAMILY_SECTION
#define ANY TH_DOMAIN_ANY
#define MEASURES "pdf cdf quantile sample mean sd cf plot"

bool th_table_vector(ThContext *cx, const ThDistribution *d, int j, ThArray **out) {
  bool scalar;
  const char *name = d->family->parameters[j].name;
  ThValue v = th_retain(d->parameters[j]);
  if (th_is_list(v)) { /* of numbers, as a list of variables has them */
    const ThList *list = th_as_list(v);
    ThValue stacked;
    bool ok = th_stack(cx, list->items, list->length, &stacked);
    th_release(v);
    if (!ok) return false;
    v = stacked;
  }
  bool ok = th_to_real_array(cx, v, name, &scalar, out);
  th_release(v);
  if (!ok) return false;
  const char *problem = (*out)->rank != 1 ? "be a vector" : (*out)->length == 0 ? "not be empty" : NULL;
  for (size_t i = 0; !problem && i < (*out)->length; i++)
    if (!isfinite((*out)->real[i])) problem = "be finite";
  if (!problem) return true;
  th_release(th_object(*out));
  *out = NULL;
  return th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must %s", name, d->family->name, problem);
}

bool th_table_check_weights(ThContext *cx, const ThDistribution *d, const ThArray *w) {
  for (size_t i = 0; i < w->length; i++)
    if (w->real[i] < 0)
      return th_fail(cx, TH_ERROR_VALUE, "`weights` of %s must be 0 or more, got %.6g at element %zu",
                     d->family->name, w->real[i], i + 1);
  return th_stats_sum(w->length, w->real) > 0 ||
         th_fail(cx, TH_ERROR_VALUE, "`weights` of %s must not all be 0", d->family->name);
}

/* The numbers 1 … n, or n times the same number. */
static ThArray *steps(ThContext *cx, size_t n, double first, double step) {
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; a && i < n; i++) a->real[i] = first + step * (double)i;
  return a;
}

static bool fill(ThContext *cx, ThDistribution *d, const ThArray *values, const ThArray *weights) {
  if (values->length != weights->length) {
    th_fail(cx, TH_ERROR_SHAPE, "%zu values and %zu weights of %s: each value has one", values->length,
            weights->length, d->family->name);
    return false;
  }
  return th_table_check_weights(cx, d, weights) &&
         th_table_fill(cx, d, values->real, weights->real, values->length);
}

/* scale*X + shift, from the table. */
static bool table_image(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out) {
  size_t n = (size_t)d->p[0];
  ThValue parameters[2] = {th_none(), th_none()};
  bool ok = th_vector_from(cx, d->p + 1, n, &parameters[0]) &&
            th_vector_from(cx, d->p + 1 + n, n, &parameters[1]);
  double *x = ok ? th_as_array(parameters[0])->real : NULL;
  for (size_t i = 0; ok && i < n; i++) x[i] = scale * x[i] + shift;
  ok = ok && th_distribution_new(cx, &th_family_discrete, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

/* --- Discrete */

static bool discrete_build(ThContext *cx, ThDistribution *d) {
  ThArray *values, *weights;
  if (!th_table_vector(cx, d, 0, &values)) return false;
  bool ok;
  if (th_is_scalar(d->parameters[1])) {
    weights = steps(cx, values->length, 1, 0);
    ok = weights != NULL;
    th_replace_take(&d->parameters[1], ok ? th_retain(th_object(weights)) : th_none());
  } else {
    ok = th_table_vector(cx, d, 1, &weights);
  }
  if (ok) {
    ok = fill(cx, d, values, weights);
    th_release(th_object(weights));
  }
  th_release(th_object(values));
  return ok;
}

const ThFamily th_family_discrete = {
    .builtin = {{"Discrete(values = …, weights = …) -> distribution", th_family_construct, SECTION,
                 "a finite list of values with their weights",
                 "the weights need not sum to 1; without them all values are equally likely",
                 "d = Discrete([0, 1, 5], [0.5, 0.25, 0.25]);\nmean(d)\n#> 1.5\npdf(d, 5)\n#> 0.25",
                 "Categorical DiscreteUniform " MEASURES, NULL},
                {0}},
    .name = "Discrete",
    .n_parameters = 2,
    .parameters = {{"values", ANY, false, 0}, {"weights", ANY, true, 1}},
    .discrete = true,
    .math = &th_table_math,
    .build = discrete_build,
    .image = table_image,
    .outcomes = th_table_outcomes,
};

bool th_distribution_discrete(ThContext *cx, const double *values, const double *weights, size_t n,
                              ThValue *out) {
  ThValue parameters[2] = {th_none(), th_none()};
  bool ok = th_vector_from(cx, values, n, &parameters[0]) && th_vector_from(cx, weights, n, &parameters[1]);
  double total = th_stats_sum(n, weights);
  for (size_t i = 0; ok && i < n; i++) th_as_array(parameters[1])->real[i] /= total;
  ok = ok && th_distribution_new(cx, &th_family_discrete, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

/* --- Categorical */

static bool categorical_build(ThContext *cx, ThDistribution *d) {
  ThArray *weights;
  if (!th_table_vector(cx, d, 0, &weights)) return false;
  ThArray *values = steps(cx, weights->length, 1, 1);
  bool ok = values && fill(cx, d, values, weights);
  if (values) th_release(th_object(values));
  th_release(th_object(weights));
  return ok;
}

/* Weights e^logit, of sum 1; the largest logit is taken out first. */
static bool weights_of_logits(ThContext *cx, const char *name, ThValue given, ThValue *set) {
  bool scalar;
  ThArray *logits;
  if (!th_to_real_array(cx, given, name, &scalar, &logits)) return false;
  double total = th_special_logsumexp(logits->length, logits->real);
  bool ok = logits->rank == 1 && isfinite(total);
  ThArray *weights = ok ? th_vector_new(cx, TH_DOUBLE, logits->length) : NULL;
  for (size_t i = 0; weights && i < weights->length; i++) weights->real[i] = exp(logits->real[i] - total);
  if (weights) *set = th_object(weights);
  th_release(th_object(logits));
  return ok ? weights != NULL
            : th_fail(cx, TH_ERROR_VALUE,
                      "`logits` of Categorical must be a vector of numbers, one of them finite");
}

static const ThAlternative categorical_alternatives[] = {
    {"logits", "weights", {ANY, ANY}, NULL, NULL},
    {0},
};

const ThFamily th_family_categorical = {
    .builtin = {{"Categorical(weights = …; logits = …) -> distribution", th_family_construct, SECTION,
                 "one of the outcomes 1 to K, with these weights",
                 "the weights need not sum to 1; by name also logits, their logarithms up to a constant",
                 "pdf(Categorical([0.2, 0.5, 0.3]), 1:3)\n#> [0.2, 0.5, 0.3]\n"
                 "Categorical(logits = [0, log(4)]).weights\n#> [0.2, 0.8]",
                 "Discrete Bernoulli " MEASURES, NULL},
                {0}},
    .name = "Categorical",
    .n_parameters = 1,
    .parameters = {{"weights", ANY, false, 0}},
    .alternatives = categorical_alternatives,
    .of_value = weights_of_logits,
    .discrete = true,
    .math = &th_table_math,
    .build = categorical_build,
    .image = table_image,
    .outcomes = th_table_outcomes,
};

/* --- Point */

static bool point_build(ThContext *cx, ThDistribution *d) {
  ThArray *values;
  double one = 1;
  if (!th_table_vector(cx, d, 0, &values)) return false;
  bool ok = values->length == 1 ||
            th_fail(cx, TH_ERROR_SHAPE, "`x` of Point is one number, got %zu", values->length);
  ok = ok && th_table_fill(cx, d, values->real, &one, 1);
  th_release(th_object(values));
  return ok;
}

static bool point_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[1] + shift;
  return true;
}

const ThFamily th_family_point = {
    .builtin = {{"Point(x = …) -> distribution", th_family_construct, SECTION, "a value that is certain",
                 NULL, "Point(3)\n#> Point(x = 3)   support {3}, mean 3, sd 0", "Discrete " MEASURES, NULL},
                {0}},
    .name = "Point",
    .n_parameters = 1,
    .parameters = {{"x", ANY, false, 0}},
    .discrete = true,
    .math = &th_table_math,
    .build = point_build,
    .affine = point_affine,
    .outcomes = th_table_outcomes,
};
