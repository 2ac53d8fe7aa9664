/* explain_family_score.c - the equations of a family's maximum that have no formula as their solution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $that and $uhat are how the estimates are shown, $hat is the vector of them. */
#include "infer/explain_family.h"

#define FIRST "$hat[1]"
#define SECOND "$hat[2]"

static const ThLine gamma_lines[] = {
    {.sides = {{"log($that) - ψ($that)", "log(" FIRST ") - digamma(" FIRST ")"},
               {"log(mean($y)) - mean(log($y))"},
               {"{log(mean($y)) - mean(log($y))}"}}},
    {.sides = {{"$uhat", SECOND},
               {"$that/mean($y)", FIRST "/mean($y)"},
               {"{" FIRST "}/{mean($y)}"},
               {"{" SECOND "}"}}},
    {0}};

static const ThLine inv_gamma_lines[] = {
    {.sides = {{"log($that) - ψ($that)", "log(" FIRST ") - digamma(" FIRST ")"},
               {"log(mean(1/$y)) + mean(log($y))"},
               {"{log(mean(1/$y)) + mean(log($y))}"}}},
    {.sides = {{"$uhat", SECOND},
               {"$that/mean(1/$y)", FIRST "/mean(1/$y)"},
               {"{" FIRST "}/{mean(1/$y)}"},
               {"{" SECOND "}"}}},
    {0}};

static const ThLine weibull_lines[] = {
    {.sides = {{"1/$that", "1/" FIRST},
               {"Σᵢ $yᵢ^$that·log $yᵢ/Σᵢ $yᵢ^$that - mean(log($y))",
                "sum($y^" FIRST "*log($y))/sum($y^" FIRST ") - mean(log($y))"},
               {"{1/" FIRST "}"}}},
    {.sides = {{"$uhat^$that", SECOND "^" FIRST},
               {"mean($y^$that)", "mean($y^" FIRST ")"},
               {"{mean($y^" FIRST ")}"}}},
    {0}};

static const ThLine beta_lines[] = {
    {.sides = {{"ψ($that) - ψ($that + $uhat)", "digamma(" FIRST ") - digamma(" FIRST " + " SECOND ")"},
               {"mean(log($y))"},
               {"{mean(log($y))}"}}},
    {.sides = {{"ψ($uhat) - ψ($that + $uhat)", "digamma(" SECOND ") - digamma(" FIRST " + " SECOND ")"},
               {"mean(log(1 - $y))"},
               {"{mean(log(1 - $y))}"}}},
    {0}};

static const ThLine gumbel_lines[] = {
    {.sides = {{"$that", FIRST},
               {"-$uhat·log(mean(exp(-$y/$uhat)))", "-" SECOND "*log(mean(exp(-$y/" SECOND ")))"},
               {"{" FIRST "}"}}},
    {.sides = {{"$uhat", SECOND},
               {"mean($y) - Σᵢ $yᵢ exp(-$yᵢ/$uhat)/Σᵢ exp(-$yᵢ/$uhat)",
                "mean($y) - sum($y*exp(-$y/" SECOND "))/sum(exp(-$y/" SECOND "))"},
               {"{" SECOND "}"}}},
    {0}};

#define Z "(($y - " FIRST ")/" SECOND ")"
static const ThLine logistic_lines[] = {
    {.words = "With zᵢ = ($yᵢ - $that)/$uhat it is that"},
    {.sides = {{"mean(tanh(z/2))", "mean(tanh(" Z "/2))"}, {"0"}}},
    {.sides = {{"mean(z·tanh(z/2))", "mean(" Z "*tanh(" Z "/2))"}, {"1"}}},
    {0}};

static const ThLine cauchy_lines[] = {
    {.words = "With zᵢ = ($yᵢ - $that)/$uhat it is that"},
    {.sides = {{"mean(2z/(1 + z²))", "mean(2*" Z "/(1 + " Z "^2))"}, {"0"}}},
    {.sides = {{"mean(2z²/(1 + z²))", "mean(2*" Z "^2/(1 + " Z "^2))"}, {"1"}}},
    {0}};

static const ThLine half_cauchy_lines[] = {
    {.words = "With zᵢ = $yᵢ/$that it is that"},
    {.sides = {{"mean(2z²/(1 + z²))", "mean(2*($y/" FIRST ")^2/(1 + ($y/" FIRST ")^2))"}, {"1"}}},
    {0}};

static const ThLine von_mises_lines[] = {
    {.sides = {{"$that", FIRST},
               {"the direction of (Σᵢ cos $yᵢ, Σᵢ sin $yᵢ)", "atan2(sum(sin($y)), sum(cos($y)))"},
               {"{" FIRST "}"}}},
    {.sides = {{"I₁($uhat)/I₀($uhat)", "bessel_i(1, " SECOND ")/bessel_i(0, " SECOND ")"},
               {"its length divided by n", "√(mean(sin($y))^2 + mean(cos($y))^2)"},
               {"{√(mean(sin($y))^2 + mean(cos($y))^2)}"}}},
    {0}};

static const ThLine negative_binomial_lines[] = {
    {.sides = {{"$that(1 - $uhat)/$uhat", FIRST "*(1 - " SECOND ")/" SECOND}, {"mean($y)"}, {"{mean($y)}"}}},
    {.sides = {{"mean(ψ($y + $that)) - ψ($that)", "mean(digamma($y + " FIRST ")) - digamma(" FIRST ")"},
               {"-log($uhat)", "-log(" SECOND ")"},
               {"{-log(" SECOND ")}"}}},
    {0}};

static const ThLine chi2_lines[] = {
    {.sides = {{"ψ($that/2)", "digamma(" FIRST "/2)"}, {"mean(log($y/2))"}, {"{mean(log($y/2))}"}}}, {0}};

static const ThLine dirichlet_lines[] = {
    {.sides = {{"ψ($thatⱼ) - ψ(Σⱼ $thatⱼ)", "digamma($hat) - digamma(sum($hat))"},
               {"meanᵢ(log $yᵢⱼ)", "[mean(log($y[:, j])) for j in 1:cols($y)]"},
               {"{[mean(log($y[:, j])) for j in 1:cols($y)]}"}}},
    {0}};

const ThScoreEquations th_explain_score_equations[] = {
    {&th_family_gamma, 2, gamma_lines},
    {&th_family_inv_gamma, 2, inv_gamma_lines},
    {&th_family_weibull, 2, weibull_lines},
    {&th_family_beta, 2, beta_lines},
    {&th_family_gumbel, 2, gumbel_lines},
    {&th_family_logistic, 2, logistic_lines},
    {&th_family_cauchy, 2, cauchy_lines},
    {&th_family_half_cauchy, 1, half_cauchy_lines},
    {&th_family_von_mises, 2, von_mises_lines},
    {&th_family_negative_binomial, 2, negative_binomial_lines},
    {&th_family_chi2, 1, chi2_lines},
    {&th_family_dirichlet, 0, dirichlet_lines},
    {0},
};
