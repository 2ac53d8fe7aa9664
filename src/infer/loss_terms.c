/* loss_terms.c - minus the log density of each family as a term of a loss */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row follows from the family's density by taking minus its logarithm. */
#include "infer/loss_terms.h"

#include <string.h>

#define CROSS_ENTROPY "cross-entropy"

/* clang-format off */
static const ThLossTerm terms[] = {
    {"Normal", NULL, "($y - $1)²/(2·$2²)", NULL, "log($2·√(2π))", NULL, "squared error", "L2"},
    {"Normal", "variance", "($y - $1)²/(2·$2)", NULL, "½·log(2π·$2)", NULL, "squared error", "L2"},
    {"Normal", "precision", "½·$2·($y - $1)²", NULL, "½·log(2π/$2)", NULL, "squared error", "L2"},
    {"Laplace", NULL, "|$y - $1|/$2", "abs($y - $1)/$2", "log(2·$2)", NULL, "absolute error", "L1"},
    {"Bernoulli", NULL, "-($y·log($1) + (1 - $y)·log(1 - $1))", NULL, NULL, NULL, CROSS_ENTROPY, NULL},
    {"Bernoulli", "logit", "log(1 + exp($1)) - $y·$1", NULL, NULL, NULL, CROSS_ENTROPY, NULL},
    {"Binomial", NULL, "-($y·log($2) + ($1 - $y)·log(1 - $2))", NULL,
     "-log C($1, $y)", "lgamma($y + 1) + lgamma($1 - $y + 1) - lgamma($1 + 1)", CROSS_ENTROPY, NULL},
    {"Binomial", "logit", "$1·log(1 + exp($2)) - $y·$2", NULL,
     "-log C($1, $y)", "lgamma($y + 1) + lgamma($1 - $y + 1) - lgamma($1 + 1)", CROSS_ENTROPY, NULL},
    {"Categorical", NULL, "-log($1[$y])", "-log([$1[k] for k in $y])", NULL, NULL, CROSS_ENTROPY, NULL},
    {"Poisson", NULL, "$1 - $y·log($1)", NULL, "log($y!)", "lgamma($y + 1)", "Poisson deviance", NULL},
    {"Exponential", NULL, "$1·$y - log($1)", NULL, NULL, NULL, NULL, NULL},
    {"Geometric", NULL, "-log($1) - $y·log(1 - $1)", NULL, NULL, NULL, CROSS_ENTROPY, NULL},
    {"Gamma", NULL, "$2·$y - ($1 - 1)·log($y) - $1·log($2)", NULL, "log Γ($1)", "lgamma($1)", NULL, NULL},
    {"InvGamma", NULL, "$2/$y + ($1 + 1)·log($y) - $1·log($2)", NULL, "log Γ($1)", "lgamma($1)", NULL, NULL},
    {"Beta", NULL, "-($1 - 1)·log($y) - ($2 - 1)·log(1 - $y)", NULL, "log(B($1, $2))", "log(beta($1, $2))", NULL, NULL},
    {"Cauchy", NULL, "log(1 + (($y - $1)/$2)²)", NULL, "log(π·$2)", NULL, "log-quadratic error", NULL},
    {"StudentT", NULL, "½·($1 + 1)·log(1 + (($y - $2)/$3)²/$1)", NULL,
     "log($3·√$1·B($1/2, ½))", "log($3*sqrt($1)*beta($1/2, 1/2))", "log-quadratic error", NULL},
    {"LogNormal", NULL, "(log($y) - $1)²/(2·$2²)", NULL, "log($y·$2·√(2π))", NULL, "squared error of logarithms", NULL},
    {"Weibull", NULL, "($y/$2)^$1 - ($1 - 1)·log($y/$2)", NULL, "log($2/$1)", NULL, NULL, NULL},
    {"Pareto", NULL, "($2 + 1)·log($y) - log($2) - $2·log($1)", NULL, NULL, NULL, NULL, NULL},
    {"Rayleigh", NULL, "$y²/(2·$1²) + 2·log($1)", NULL, "-log($y)", NULL, NULL, NULL},
    {"Logistic", NULL, "($y - $1)/$2 + 2·log(1 + exp(-($y - $1)/$2))", NULL, "log($2)", NULL, NULL, NULL},
    {"HalfNormal", NULL, "$y²/(2·$1²)", NULL, "log($1·√(π/2))", NULL, NULL, NULL},
    {"HalfCauchy", NULL, "log(1 + ($y/$1)²)", NULL, "log(π·$1/2)", NULL, NULL, NULL},
    {"Uniform", NULL, "log($2 - $1)", NULL, NULL, NULL, NULL, NULL},
    {NULL},
};
/* clang-format on */

static bool fits(const ThLossTerm *row, const ThLawText *law) {
  if (strcmp(row->family, law->family->name) != 0 || law->n_arguments == 0) return false;
  for (size_t i = 0; i + 1 < law->n_arguments; i++)
    if (law->names[i]) return false;
  const ThSymbol *last = law->names[law->n_arguments - 1];
  return last ? row->argument && strcmp(row->argument, last->name) == 0 : row->argument == NULL;
}

/* How many of `$1`, `$2`, … a row uses. */
static size_t needs(const ThLossTerm *row) {
  size_t most = 0;
  const char *const texts[] = {row->term, row->constant};
  for (size_t t = 0; t < 2; t++)
    for (const char *at = texts[t]; at && *at; at++)
      if (*at == '$' && at[1] >= '1' && at[1] <= '9' && (size_t)(at[1] - '0') > most)
        most = (size_t)(at[1] - '0');
  return most;
}

const ThLossTerm *th_loss_term(const ThLawText *law, const ThNode **arguments) {
  for (const ThLossTerm *row = terms; row->family; row++) {
    if (!fits(row, law) || needs(row) != law->n_arguments) continue;
    for (size_t i = 0; i < law->n_arguments; i++) arguments[i] = law->arguments[i];
    return row;
  }
  return NULL;
}
