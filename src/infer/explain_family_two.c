/* explain_family_two.c - the maximum of a likelihood with two unknowns, by a formula */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $t and $u are the unknowns, $that and $uhat how their estimates are shown, $first and $second the estimates,
 * $sefirst and $sesecond their errors. */
#include "infer/explain_family.h"

/* Normal(μ, σ) and LogNormal(μ, σ): $z is the datum, or its logarithm. */
static const ThLine normal[] = {
    {.words = "The model: $y ~ $law with $t and $u unknown. The data enter by",
     .define = "$n",
     .sides = {{"$n"}, {"length($y)"}, {"{$n}"}}},
    {.define = "$s", .sides = {{"$s"}, {"Σᵢ $zᵢ", "sum($zcode)"}, {"{$s}"}}},
    {.define = "$q", .sides = {{"$q"}, {"Σᵢ ($zᵢ - $s/$n)²", "sum(($zcode - $s/$n)^2)"}, {"{$q}"}}},
    {.words = "The log likelihood splits at the mean:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"},
               {"-{$n}·log($u·√(2π)) - ({$q} + {$n}·($t - {$s/$n})²)/(2·$u²)$jacobian"}}},
    {.words = "Its derivatives",
     .sides = {{"∂/∂$t", "grad(v -> sum(logpdf($family(v, $u), $y)), $t)"}, {"-{$n}·($t - {$s/$n})/$u²"}}},
    {.sides = {{"∂/∂$u", "grad(v -> sum(logpdf($family($t, v), $y)), $u)"},
               {"-{$n}/$u + ({$q} + {$n}·($t - {$s/$n})²)/$u^3"}}},
    {.words = "are 0 at", .sides = {{"$that", "$first"}, {"$s/$n"}, {"{$s}/{$n}"}, {"{$first}"}}},
    {.sides = {{"$uhat", "$second"}, {"√($q/$n)"}, {"√({$q}/{$n})"}, {"{$second}"}}},
    {.words =
         "which divides by n: the unbiased estimate of the variance divides by n - 1. The second derivatives there, "
         "with their sign turned, are the information, and its inverse gives the errors:",
     .sides = {{"se($that)", "$sefirst"}, {"$uhat/√$n", "$second/√$n"}, {"{$sefirst}"}}},
    {.sides = {{"se($uhat)", "$sesecond"}, {"$uhat/√(2·$n)", "$second/√(2*$n)"}, {"{$sesecond}"}}},
    {0},
};

#define COUNT                                                                                     \
  {                                                                                               \
    .words = "The model: $y ~ $law with $t and $u unknown. There are", .define = "$n", .sides = { \
      {"$n"},                                                                                     \
      {"length($y)"},                                                                             \
      {"{$n}"}                                                                                    \
    }                                                                                             \
  }

/* Laplace: the slope in μ counts the data on both sides. */
static const ThLine laplace[] = {
    COUNT,
    {.words = "The log likelihood:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"},
               {"-{$n}·log(2·$u) - Σᵢ |$yᵢ - $t|/$u", "-{$n}*log(2*$u) - sum(abs($y - $t))/$u"}}},
    {.words = "Its derivative in $t counts the data above and below:",
     .sides = {{"∂/∂$t", "grad(v -> sum(logpdf($family(v, $u), $y)), $t)"},
               {"(how many $yᵢ > $t - how many $yᵢ < $t)/$u", "(sum($y > $t) - sum($y < $t))/$u"}}},
    {.words = "It changes its sign at the median:",
     .sides = {{"$that", "$first"}, {"median($y)"}, {"{$first}"}}},
    {.words = "That in $u",
     .sides = {{"∂/∂$u", "grad(v -> sum(logpdf($family($t, v), $y)), $u)"},
               {"-{$n}/$u + Σᵢ |$yᵢ - $t|/$u²", "-{$n}/$u + sum(abs($y - $t))/$u^2"}}},
    {.words = "is 0, for that $that, at the mean distance from it:",
     .sides = {{"$uhat", "$second"},
               {"Σᵢ |$yᵢ - $that|/$n", "sum(abs($y - $first))/$n"},
               {"{sum(abs($y - $first))}/{$n}"},
               {"{$second}"}}},
    {.words =
         "At the median the likelihood has a kink, and no second derivative. The expected information, $n/$u² of "
         "both, leads to the errors:",
     .sides = {{"se($that)", "$sefirst"}, {"$uhat/√$n", "$second/√$n"}, {"{$sefirst}"}}},
    {.sides = {{"se($uhat)", "$sesecond"}, {"$uhat/√$n", "$second/√$n"}, {"{$sesecond}"}}},
    {0},
};

/* Pareto: the least datum, and a shape. */
static const ThLine pareto[] = {
    COUNT,
    {.words = "The log likelihood, where no datum is below $t:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"},
               {"{$n}·log($u) + {$n}·$u·log($t) - ($u + 1)·{sum(log($y))}"}}},
    {.words = "rises with $t as far as the data let it, to the least of them:",
     .sides = {{"$that", "$first"}, {"min($y)"}, {"{$first}"}}},
    {.words = "Its derivative in $u",
     .sides = {{"∂/∂$u", "grad(v -> sum(logpdf($family($t, v), $y)), $u)"},
               {"{$n}/$u - Σᵢ log($yᵢ/$t)", "{$n}/$u - sum(log($y/$t))"}}},
    {.words = "is 0, for that $that, at",
     .sides = {{"$uhat", "$second"},
               {"$n/Σᵢ log($yᵢ/$that)", "$n/sum(log($y/$first))"},
               {"{$n}/{sum(log($y/$first))}"},
               {"{$second}"}}},
    {.words =
         "The curvature in $u is $n/$u², which leads to its error. At the least datum the likelihood is not level, "
         "and its curvature gives no error:",
     .sides = {{"se($uhat)", "$sesecond"}, {"$uhat/√$n", "$second/√$n"}, {"{$sesecond}"}}},
    {0},
};

/* Laws that are level between two ends, or level in the logarithm. */
#define ENDS                                                                                                \
  {.words = "rises as the ends come together, and the data hold them apart:",                               \
   .sides = {{"$that", "$first"}, {"min($y)"}, {"{$first}"}}},                                              \
      {.sides = {{"$uhat", "$second"}, {"max($y)"}, {"{$second}"}}},                                        \
      {.words =                                                                                             \
           "There the likelihood is not level, and its curvature gives no error. Both ends lie within the " \
           "true ones, by about the distance of neighbouring data."},                                       \
  {                                                                                                         \
    0                                                                                                       \
  }

static const ThLine uniform[] = {
    COUNT,
    {.words = "The log likelihood, where all data lie between $t and $u:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"}, {"-{$n}·log($u - $t)"}}},
    ENDS};
static const ThLine discrete_uniform[] = {
    COUNT,
    {.words = "The log likelihood, where all data lie from $t to $u:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"}, {"-{$n}·log($u - $t + 1)"}}},
    ENDS};
static const ThLine log_uniform[] = {
    COUNT,
    {.words = "The log likelihood, where all data lie between $t and $u:",
     .sides = {{"log L($t, $u)", "sum(logpdf($law, $y))"}, {"-{$n}·log(log($u/$t)) - {sum(log($y))}"}}},
    ENDS};

const ThTwoUnknowns th_explain_two_unknowns[] = {
    {&th_family_normal, normal, false, {{1.0385, 0.0385}, {1.0385, 0}}},
    {&th_family_lognormal, normal, false, {{1.0385, 0.0385}, {1.0385, 0}}},
    {&th_family_laplace, laplace, true, {{1.0385, 0.0385}, {1.0385, 0}}},
    {&th_family_pareto, pareto, true, {{0.77, 0}, {1.0385, 0}}},
    {&th_family_uniform, uniform, true, {{1, -0.385}, {1, 0.77}}},
    {&th_family_discrete_uniform, discrete_uniform, true, {{1, -1}, {1, 2}}},
    {&th_family_log_uniform, log_uniform, true, {{0.77, 0}, {1.385, 0}}},
    {0},
};
