/* test_infer_explain.c - tests that every line of an explanation is true */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both sides of each line are evaluated, with 15 digits in the numbers that are shown, and compared. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explanation.h"
#include "val/array.h"

/* --- The rows: what is defined, and what is explained; how many lines at least have two sides */

typedef struct Row {
  const char *setup, *explained;
  size_t least;
} Row;

#define FLIPS "y = [1, 1, 0, 1, 1, 0, 1]"
#define COUNTS "y = [3, 1, 4, 1, 5]"
#define TIMES "y = [2.385, 0.71, 1.2, 0.33]"

#define LINE_XY "x = [1, 2, 3, 4, 5], y = [2.1, 3.9, 6.2, 7.8, 10.1]"
#define LINE "x = [1, 2, 3, 4, 5], y = [2.1, 3.9, 6.2, 7.8, 10.1], σ = [0.1, 0.1, 0.2, 0.2, 0.4]"
#define LOSS_OF(data) "loss_of(m, " data

#define WEIGHTS "weights = [1, 2, 1, 0, 3]"
#define DESIGN "X = [1, 2; 1, 3; 1, 5; 1, 8], y = [2.1, 3.3, 4.7, 9.1]"

#define SICK                                                                    \
  "sick ~ Bernoulli(0.01); positive ~ Bernoulli(if sick then 0.95 else 0.05); " \
  "positive_again ~ Bernoulli(if sick then 0.95 else 0.05)"

static const Row rows[] = {
    {"model m(y) { p ~ Beta(2.5, 1.2); y ~ Bernoulli(p) }", "posterior(m, (" FLIPS "))", 9},
    {"model m(y) { p ~ Uniform(0, 1); y ~ Bernoulli(p) }", "posterior(m, (" FLIPS "))", 9},
    {"model m(y) { q ~ Beta(2.5, 1.2); y ~ Binomial(8, q) }", "posterior(m, (" COUNTS "))", 9},
    {"model m(y, n) { q ~ Beta(2.5, 1.2); y ~ Binomial(n, q) }",
     "posterior(m, (" COUNTS ", n = [4, 4, 5, 7, 9]))", 9},
    {"model m(y) { q ~ Beta(2.5, 1.2); y ~ Geometric(q) }", "posterior(m, (" COUNTS "))", 9},
    {"model m(y) { q ~ Beta(2.5, 1.2); y ~ NegBinomial(3, q) }", "posterior(m, (" COUNTS "))", 9},
    {"model m(y) { λ ~ Gamma(2.5, 1.2); y ~ Poisson(λ) }", "posterior(m, (" COUNTS "))", 9},
    {"model m(y) { λ ~ Exponential(0.4); y ~ Exponential(λ) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { λ ~ Gamma(2.5, 1.2); y ~ Gamma(3, λ) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { λ ~ Gamma(2.5, 1.2); y ~ InvGamma(3, λ) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { a ~ Gamma(2.5, 1.2); y ~ Pareto(0.3, a) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { μ ~ Normal(0.3, 2); y ~ Normal(μ, 1.7) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { μ ~ Normal(0.3, 2); y ~ LogNormal(μ, 1.7) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { b ~ InvGamma(2.5, 1.2); y ~ Laplace(0.4, b) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { v ~ InvGamma(2.5, 1.2); y ~ Normal(0.4, variance = v) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { v ~ InvGamma(2.5, 1.2); y ~ Normal(0.4, sqrt(v)) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { τ ~ Gamma(2.5, 1.2); y ~ Normal(0.4, precision = τ) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { b ~ InvGamma(2.5, 1.2); y ~ Exponential(scale = b) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { b ~ InvGamma(2.5, 1.2); y ~ Exponential(mean = b) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y) { b ~ InvGamma(2.5, 1.2); y ~ Gamma(3, scale = b) }", "posterior(m, (" TIMES "))", 9},
    {"model m(x, y) { w ~ InvGamma(2.5, 1.2); a ~ Normal(0.2, 3*sqrt(w)); b ~ Normal(0, sqrt(w)); "
     "y ~ Normal(a + b*x, sqrt(w)) }",
     "posterior(m, (" LINE_XY "))", 7},
    {"model m(x, y, σ) { τ ~ Gamma(2.5, 1.2); b ~ Normal(0.3, 2/sqrt(τ)); y ~ Normal(b*x, precision = τ/σ^2) }",
     "posterior(m, (" LINE "))", 7},
    {"model m(x, y) { param a, b; param s in (0, inf); y ~ Normal(a + b*x, s) }",
     "posterior(m, (" LINE_XY "))", 6},
    {"model m(y) { k ~ DiscreteUniform(1, 3); y ~ Bernoulli(k/4) }", "posterior(m, (" FLIPS "))", 6},
    {"model m(y) { k ~ DiscreteUniform(1, 3); y ~ Bernoulli(k/4) }",
     "update(posterior(m, (" FLIPS ")), (y = [1, 0, 1]))", 6},
    {"model m(x, y) { w ~ InvGamma(2.5, 1.2); b ~ Normal(0, sqrt(w)); y ~ Normal(b*x, sqrt(w)) }",
     "update(posterior(m, (" LINE_XY ")), (x = [2.5, 1.1], y = [4.1, 2.7]))", 7},
    {"model m(y) { N ~ Truncated(Poisson(7), upper = 40); y ~ Binomial(N, 0.3) }",
     "posterior(m, (" COUNTS "))", 6},
    {"model m(y) { q ~ Mixture([0.3, 0.7], [Beta(2.5, 1.2), Beta(1, 8)]); y ~ Binomial(8, q) }",
     "posterior(m, (" COUNTS "))", 4},
    {"model m(y) { b ~ Pareto(1.1, 2.5); y ~ Uniform(0, b) }", "posterior(m, (" TIMES "))", 9},
    {"model m(y, g) { λ[2] ~ Gamma(2.5, 1.2); y ~ Exponential(λ[g]) }",
     "posterior(m, (" TIMES ", g = [1, 2, 2, 1]))", 16},
    {"model m(x, y, σ) { a ~ Normal(0.2, 10); b ~ Normal(0, 1); y ~ Normal(a + b*x, σ) }",
     LOSS_OF("(" LINE "))"), 3},
    {"model m(x, y) { param a, b; param σ in (0, inf); y ~ Normal(a + b*x, σ) }", LOSS_OF("(" LINE "))"), 3},
    {"model m(x, y) { b ~ Laplace(0.1, 0.4); y ~ Laplace(b*x, 1.5) }", LOSS_OF("(" LINE "))"), 3},
    {"model m(X, y, λ = 1.3) { β[cols(X)] ~ Normal(0, 1/√λ); y ~ Normal(X @ β, variance = 2) }",
     LOSS_OF("(X = [1, 2; 1, 3; 1, 5], y = [2.1, 3.3, 4.7]))"), 3},
    {"model m(x, y) { param a, b; y ~ Bernoulli(logit = a + b*x) }",
     LOSS_OF("(x = [0.2, 1.1, 2.7], y = [0, 1, 0]))"), 3},
    {"model m(y) { p ~ Beta(1.2, 2.3); y ~ Bernoulli(p) }", LOSS_OF("(" FLIPS "))"), 3},
    {"model m(y) { p ~ Beta(1.2, 2.3); y ~ Binomial(9, p) }", LOSS_OF("(" COUNTS "))"), 3},
    {"model m(y) { p ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Categorical(p) }", LOSS_OF("(y = [1, 3, 2, 2]))"), 3},
    {"model m(t, y) { param A in (0, inf); τ ~ HalfNormal(3); rate = A*exp(-t/τ); y ~ Poisson(rate) }",
     LOSS_OF("(t = [1, 2, 3], y = [5, 3, 2]))"), 3},
    {"model m(y) { k ~ HalfCauchy(2); r ~ Gamma(2.5, 1.2); y ~ Gamma(k, r) }", LOSS_OF("(" TIMES "))"), 3},
    {"model m(y) { k ~ InvGamma(2.5, 1.2); r ~ LogNormal(0.3, 0.7); y ~ Weibull(k, r) }",
     LOSS_OF("(" TIMES "))"), 3},
    {"model m(y) { μ ~ Cauchy(0.3, 2); s ~ Exponential(0.7); y ~ StudentT(3.5, μ, s) }",
     LOSS_OF("(" TIMES "))"), 3},
    {"model m(y) { μ ~ Logistic(0.3, 2); s ~ Rayleigh(0.7); y ~ LogNormal(μ, s) }", LOSS_OF("(" TIMES "))"),
     3},
    {"model m(y) { a ~ Uniform(0.3, 2); y ~ Pareto(0.2, a) }", LOSS_OF("(" TIMES "))"), 3},
    {"model m(y) { θ[4] ~ Normal(0, 2); for i in 1:4 { y[i] ~ Normal(θ[i], 1.5) } }", LOSS_OF("(" TIMES "))"),
     3},
    {"model m(y) { μ ~ Gumbel(0.3, 2); y ~ Gumbel(μ, 1.5) }", LOSS_OF("(" TIMES "))"), 3},
    {"model m(y) { q ~ Beta(2, 3); y ~ Geometric(q) }", LOSS_OF("(" COUNTS "))"), 3},
    {"model m(x, y, σ) { param a; param b; y ~ Normal(a + b*x, σ) }", "mle(m, (" LINE "))", 12},
    {"model m(x, y) { param b; y ~ Normal(0.3 + b*x, 0.7) }", "mle(m, (" LINE "))", 12},
    {"model m(X, y, λ = 1.3) { β[cols(X)] ~ Normal(0, 1/√λ); y ~ Normal(X @ β, 1.7) }",
     "map(m, (" DESIGN "))", 14},
    {"model m(X, y) { β[cols(X)] ~ Normal(0.4, 1.1); y ~ Normal(X @ β, 1.7) }", "map(m, (" DESIGN "))", 12},
    {"model m(x, y, σ) { a ~ Normal(0.2, 10); b ~ Normal(1, 2); y ~ Normal(a + b*x, σ) }",
     "posterior(m, (" LINE "))", 12},
    {"model m(x, y, σ) { param a, b; y ~ Normal(a + b*x, σ) }", "posterior(m, (" LINE "))", 12},
    {"model m(X, y) { c ~ Normal(0.3, 1); β[cols(X)] ~ Normal(0, 1.1); y ~ Normal(c + X @ β, 1.7) }",
     "posterior(m, (" DESIGN "))", 12},
    {"x = [0.1*i for i in 1:400]; model m(x, y) { param a, b; y ~ Normal(a + b*x, 1.3) }",
     "mle(m, (x = x, y = 2x + sin(7x)))", 8},
    {"model m(y) { param p in (0, 1); y ~ Bernoulli(p) }", "mle(m, (" FLIPS "))", 7},
    {"model m(y) { param p in (0, 1); y ~ Bernoulli(p) }", "mle(m, (y = [1, 1, 1]))", 5},
    {"model m(y) { param q in (0, 1); y ~ Binomial(9, q) }", "mle(m, (" COUNTS "))", 7},
    {"model m(y) { param q in (0, 1); y ~ Geometric(q) }", "mle(m, (" COUNTS "))", 7},
    {"model m(y) { param λ in (0, inf); y ~ Poisson(λ) }", "mle(m, (" COUNTS "))", 7},
    {"model m(y) { param λ in (0, inf); y ~ Exponential(λ) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param λ in (0, inf); y ~ Gamma(2.5, λ) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param λ in (0, inf); y ~ InvGamma(2.5, λ) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param λ in (0, inf); y ~ Pareto(0.3, λ) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param b in (0, inf); y ~ Laplace(0.4, b) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param s in (0, inf); y ~ Rayleigh(s) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param s in (0, inf); y ~ HalfNormal(s) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param s in (0, inf); y ~ Normal(0.6, s) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param s in (0, inf); y ~ LogNormal(0.6, s) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param μ; y ~ LogNormal(μ, 0.6) }", "mle(m, (" TIMES "))", 7},
    {"model m(y) { param μ; param σ in (0, inf); y ~ Normal(μ, σ) }", "mle(m, (" TIMES "))", 10},
    {"model m(y) { param μ; param σ in (0, inf); y ~ LogNormal(μ, σ) }", "mle(m, (" TIMES "))", 10},
    {"model m(x, y) { param a, b; y ~ Bernoulli(logit = a + b*x) }",
     "mle(m, (x = [-2, -1.5, -1, -0.5, 0, 0.5, 1], y = [0, 0, 1, 0, 0, 1, 1]))", 6},
    {"model m(t, y) { A ~ HalfNormal(20); τ ~ HalfNormal(10); rate = A*exp(-t/τ); y ~ Poisson(rate) }",
     "map(m, (t = 1:6, y = [12, 9, 6, 4, 5, 1]))", 7},
    {"model m(x, y) { a ~ Normal(0, 10); b ~ Normal(0, 3); y ~ Normal(a + b*x, 0.7) }",
     "update(posterior(m, (x = [1, 2], y = [1, 2.2])), (x = [4, 5], y = [4.1, 4.8]))", 12},
    {"model m(X, y) { β[2] ~ Laplace(0.2, 0.4); y ~ Normal(X @ β, 1.7) }", "map(m, (" DESIGN "))", 4},
    {"model m(x, y) { g ~ Laplace(0, 0.1); kink ~ Laplace(1, 0.5); y ~ Poisson(exp(g + kink*x)) }",
     "map(m, (x = [0, 0.1, 0.2, 0.3], y = [2, 1, 3, 3]))", 4},
    {"model m(y) { a ~ Normal(0, 2); y ~ StudentT(3, a, 1.2) }", "mle(m, (" TIMES "))", 6},
    {SICK, "P(sick | positive)", 4},
    {SICK, "P(sick | positive, positive_again)", 4},
    {"X, Y ~ DiscreteUniform(1, 6); D = X + Y", "P(D = 7 or X = 3 | X > 2, Y < 6)", 4},
    {"X ~ Bernoulli(0.3); Y ~ Bernoulli(if X then 1 else 0.2)", "P(X or not X | Y)", 1},
    {"", "bayes(prior = (a = 0.2, b = 0.5, c = 0.3), likelihood = (a = 0.9, b = 0.15, c = 2.5))", 4},
    {"", "from_cf(k -> exp(-k^2/2 + 0.3i*k))", 3},
    {"Z(n) = from_cf(k -> cf(Exponential(1), k/√n)^n * exp(-1i*k*√n))", "Z(9)", 3},
    {"model m(y) { θ ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Categorical(θ) }", "posterior(m, (y = [1, 3, 2, 2]))",
     7},
    {"model m(y) { θ ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Multinomial(9, θ) }", "posterior(m, (y = [4, 3, 2]))",
     7},
    {"model m(y) { θ ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Multinomial(9, θ) }",
     "posterior(m, (y = [4, 3, 2; 6, 2, 1]))", 7},
    {"model m(y) { p ~ Beta(2.5, 1.2); y ~ Bernoulli(p) }",
     "posterior(m, (y = sample(Bernoulli(0.7), 3000)))", 9},
    {"model m(y) { λ ~ Gamma(2.5, 1.2); y ~ Poisson(λ) }", "posterior(m, (y = sample(Poisson(50), 3000)))",
     9},
    {"model m(y) { μ ~ Normal(0.3, 2); y ~ Normal(μ, 1.7) }",
     "posterior(m, (y = sample(Normal(1, 2), 3000)))", 9},
    {"model m(x, y) { param a, b; y ~ Normal(a + b*x, 0.7) }", "mle(m, (" LINE_XY "), fix = (a = 0.5))", 12},
    {"model m(y) { μ ~ Normal(0.3, 5); θ[3] ~ Normal(μ, 2); for i in 1:3 { y[i] ~ Normal(θ[i], 1.5) } }",
     "posterior(m, (y = [1.2, 3.4, 2.2]))", 12},
    {"model m(x, y) { param w[3]; f = w[1] + w[2]*x + w[3]*x^2; y ~ Normal(f, 0.5) }",
     "mle(m, (" LINE_XY "))", 12},
    {"model m(x, y) { param w[3]; f = w[1] + w[2]*x + w[3]*x^2; y ~ Normal(f, 0.5) }",
     "loss_of(m, (" LINE_XY "))", 3},
    {"", "mle(Normal, [2.385, 0.71, 1.2], fix = (σ = 1.3))", 7},
    {"", "mle(Maxwell, [2.385, 0.71, 1.2])", 7},
    {"", "mle(Weibull, [2.385, 0.71, 1.2], fix = (shape = 1.7))", 7},
    {"", "mle(NegBinomial, [3, 1, 4, 1, 5], fix = (r = 2.5))", 7},
    {"", "mle(Levy, [2.385, 0.71, 1.2], fix = (μ = 0.2))", 7},
    {"", "mle(Laplace, [2.385, 0.71, 1.2, 3.1])", 8},
    {"", "mle(Laplace, [2.385, 0.71, 1.2])", 8},
    {"", "mle(Pareto, [2.385, 0.71, 1.2, 3.1])", 6},
    {"", "mle(Uniform, [2.385, 0.71, 1.2, 3.1])", 4},
    {"", "mle(DiscreteUniform, [3, 1, 4, 1, 7])", 4},
    {"", "mle(LogUniform, [2.385, 0.71, 1.2, 3.1])", 4},
    {"S = [1.2, 0.3; 2.1, 1.1; 0.2, 0.9; 1.4, 1.9; 0.6, 0.1]", "mle(MvNormal, S)", 10},
    {"", "mle(Categorical, [1, 2, 2, 3, 1, 1])", 6},
    {"", "mle(Categorical, [1, 3, 3, 1, 1])", 5},
    {"", "mle(Multinomial, [1, 2, 2; 3, 1, 1])", 6},
    {"", "mle(Gamma, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(InvGamma, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(Weibull, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(Beta, [0.2, 0.5, 0.7, 0.35, 0.9])", 7},
    {"", "mle(Gumbel, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(Logistic, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(Cauchy, [1.2, 2, 3, 5, 1.9])", 7},
    {"", "mle(HalfCauchy, [1.2, 2, 3, 5, 1.9])", 6},
    {"", "mle(VonMises, [0.3, 1.2, -0.4, 2.1, 0.9])", 7},
    {"", "mle(NegBinomial, [3, 1, 14, 1, 5, 0])", 7},
    {"", "mle(Chi2, [1.2, 2, 3, 5, 1.9])", 6},
    {"", "mle(Dirichlet, [0.2, 0.8; 0.5, 0.5; 0.4, 0.6])", 6},
    {"", "mle(StudentT, [1.2, 2, 3, 5, 1.9], fix = (ν = 3))", 5},
    {"", "mle(BetaBinomial, [3, 1, 4, 1, 5, 0], fix = (n = 9))", 5},
    {"", "mle(Gamma, [1.2, 2, 3, 5, 1.9], mean = 3)", 5},
    {"model m(x, y) { param w[7]; y ~ Poisson(exp(w[1] + w[2]*x + w[3]*x^2 + w[4]*sin(x) + w[5]*cos(x) + w[6]*sin(2x) "
     "+ w[7]*cos(2x))) }",
     "mle(m, (x = [0.3*i for i in 1:25], y = [3 + i % 4 for i in 1:25]))", 5},
    {"model m(y) { a ~ Normal(0, 3); s ~ HalfNormal(2); y ~ Normal(a, s) }", "posterior(m, (" TIMES "))", 5},
    {"model m(x, y) { b ~ Normal(0, 2); y ~ Bernoulli(logit = b*x) }",
     "posterior(m, (x = 1:5, y = [0, 1, 0, 1, 1]))", 5},
    {"model m(y) { param r in (0.3, inf); y ~ Poisson(r + 0.2) }", "posterior(m, (" COUNTS "))", 5},
    {"model m(y) { θ[2] ~ Normal(0, 2); y ~ Poisson(exp(θ[1] + θ[2])) }", "posterior(m, (" COUNTS "))", 5},
    {"model m(y) { a ~ Normal(0, 3); s ~ HalfNormal(2); y ~ Normal(a, s) }",
     "posterior(m, (" TIMES "), method = \"laplace\")", 7},
    {"model m(y) { a ~ Normal(0, 3); y ~ StudentT(3, a, 1.2) }",
     "posterior(m, (" TIMES "), method = \"laplace\")", 5},
    {"model m(y) { s ~ Uniform(0.2, 4); a ~ Pareto(0.3, 2); y ~ Gamma(a, s) }",
     "posterior(m, (" TIMES "), method = \"laplace\")", 7},
    {"model m(y) { param b in (-inf, 3.5); y ~ Normal(b, 2.5) }",
     "posterior(m, (" TIMES "), method = \"laplace\")", 5},
    {"model m(x, y) { a ~ Normal(0, 3); b ~ Normal(0, 2); c ~ HalfNormal(3); y ~ Normal(a + b*x, c) }",
     "posterior(m, (x = 1:5, y = [1.2, 2.1, 0.7, 1.9, 2.5]), seed = 3, draws = 200)", 4},
    {"model m(y) { p ~ Dirichlet([2, 1, 1]); q ~ Beta(2, 3); y ~ Categorical(p*q + (1 - q)/3) }",
     "posterior(m, (y = [1, 2, 2, 3, 1]), seed = 3, draws = 200)", 3},
    {"", "lm(y ~ x, (" LINE_XY "))", 16},
    {"", "lm(y ~ x, (" LINE_XY "), weights = [1, 2, 1, 0, 3])", 13},
    {"model m(x, y) { param a, b; y ~ Normal(a + b*x, 0.5) }", "mle(m, (" LINE_XY "), " WEIGHTS ")", 7},
    {"model m(x, y) { param w, b; param σ in (0, inf); y ~ Normal(w + b*x, σ) }",
     "mle(m, (" LINE_XY "), " WEIGHTS ")", 7},
    {"model m(x, y) { a ~ Normal(0, 3); b ~ Normal(1, 2); y ~ Normal(a + b*x, 0.5) }",
     "map(m, (" LINE_XY "), " WEIGHTS ")", 7},
    {"model m(y) { λ ~ Exponential(0.4); y ~ Poisson(λ) }", "map(m, (" COUNTS "), " WEIGHTS ")", 7},
    {"model m(x, y) { β[2] ~ Laplace(0, 0.3); y ~ Poisson(exp(β[1] + β[2]*x)) }",
     "map(m, (x = [1, 2, 3, 4, 5], " COUNTS "), " WEIGHTS ")", 6},
    {"model m(y) { param μ; param s in (0, inf); y ~ Gumbel(μ, s) }", "mle(m, (" COUNTS "), " WEIGHTS ")", 7},
    {"", "mle(Gamma, [3, 1, 4, 1, 5], " WEIGHTS ")", 7},
    {"", "mle(Poisson, [3, 1, 4, 1, 5], " WEIGHTS ")", 7},
    {"", "mle(MvNormal, [3, 1; 4, 1; 5, 9; 2, 6; 5, 3], fix = (Σ = [2, 0.3; 0.3, 1]), " WEIGHTS ")", 7},
    {"", "lm(log(y) ~ 0 + x + x^2, (" LINE_XY "))", 12},
    {"", "lm(y ~ x, (" LINE "), σ = 0.23)", 15},
    {"", "lm(y ~ x, (" LINE "), σ = [0.1, 0.1, 0.2, 0.2, 0.4])", 13},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]",
     "linreg(X, [2.1, 3.3, 4.7, 9.1], Σ = [2, 0.3, 0, 0; 0.3, 1, 0.2, 0; 0, 0.2, 1, 0; 0, 0, 0, 3])", 13},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]", "linreg(X, [2.1, 3.3, 4.7, 9.1], ridge = 0.7)", 16},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]", "linreg(X, [2.1, 3.3, 4.7, 9.1], ridge = 0.7, σ = 0.4)", 15},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]",
     "linreg(X, [2.1, 3.3, 4.7, 9.1], ridge = [0, 1.3], weights = [1, 2, 1, 3])", 14},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]",
     "linreg(X, [2.1, 3.3, 4.7, 9.1], prior_mean = [0.2, 1], prior_precision = [2, 0.3; 0.3, 1])", 14},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]",
     "linreg(X, [2.1, 3.3, 4.7, 9.1], σ = [0.1, 0.2, 0.2, 0.4], prior_mean = 0.3, prior_precision = 0.7)",
     13},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]", "linreg(X, [2.1, 3.3, 4.7, 9.1], lasso = 3)", 8},
    {"X = [1, 2; 1, 3; 1, 5; 1, 8]", "linreg(X, [2.1, 3.3, 4.7, 9.1], lasso = 0.2, ridge = 0.3, σ = 0.5)", 6},
    {"X = [1, 2, 3; 1, 3, 4]", "linreg(X, [2.1, 3.3])", 6},
    {"",
     "glm(y ~ x, (x = [-2, -1.5, -1, -0.5, 0, 0.5, 1], y = [0, 0, 1, 0, 0, 1, 1]), family = \"bernoulli\")",
     12},
    {"",
     "glm(y ~ x, (x = [1, 2, 3, 4, 5], y = [3, 1, 4, 0, 5]), family = \"binomial\", trials = [5, 6, 5, 7, 8])",
     12},
    {"",
     "glm(y ~ x, (x = [1, 2, 3, 4, 5], y = [3, 1, 4, 0, 5]), family = \"poisson\", offset = [0.1, 0.4, 0.2, 0, 1], "
     "weights = [1, 2, 1, 1, 3])",
     12},
    {"", "glm(y ~ x, (x = [1, 2, 3, 4, 5, 6, 7], y = [1, 3, 2, 1, 3, 3, 2]), family = \"categorical\")", 9},
    {"",
     "glm(y ~ x, (x = [1, 2, 3, 4, 5, 6, 7], y = [1, 3, 2, 1, 3, 3, 2]), family = \"categorical\", "
     "weights = [1, 2, 1, 1, 3, 2, 2])",
     9},
};

/* --- Comparing */

static double size_of(const ThArray *a) {
  double largest = 1;
  for (size_t i = 0; i < a->length; i++) largest = fmax(largest, cabs(th_array_complex(a, i)));
  return largest;
}

static bool near_arrays(const ThArray *a, const ThArray *b) {
  if (a->length != b->length) return false;
  double largest = fmax(size_of(a), size_of(b));
  for (size_t i = 0; i < a->length; i++)
    if (!(cabs(th_array_complex(a, i) - th_array_complex(b, i)) <= 1e-8 * largest)) return false;
  return true;
}

static bool near_values(ThContext *cx, ThValue a, ThValue b) {
  ThArray *x, *y;
  bool scalar, equal = false;
  if (!th_to_array(cx, a, "a", &scalar, &x)) { /* a distribution, say */
    th_error_clear(cx);
    return th_equal(cx, a, b, &equal) && equal;
  }
  if (th_to_array(cx, b, "b", &scalar, &y)) {
    equal = near_arrays(x, y);
    th_release(th_object(y));
  }
  th_release(th_object(x));
  return equal;
}

/* Are all sides of a step alike? Else what differs is told. */
static bool is_true(const ThExplanation *e, const ThStep *step, char *told, size_t size) {
  ThValue first = th_none();
  bool alike = true;
  for (size_t i = 0; alike && i < step->n_sides; i++) {
    ThValue v;
    const char *code = th_as_string(step->sides[i].code)->text;
    if (!th_explanation_evaluate(e, code, &v)) {
      snprintf(told, size, "`%.600s`: %.600s", code, e->cx->error.message);
      th_error_clear(e->cx);
      alike = false;
      break;
    }
    if (i == 0) first = th_retain(v);
    alike = near_values(e->cx, first, v);
    if (!alike)
      snprintf(told, size, "`%.600s` is not `%.600s`", th_as_string(step->sides[0].code)->text, code);
    th_release(v);
  }
  th_release(first);
  return alike;
}

START_TEST(every_line_is_true) {
  const Row *row = &rows[_i];
  char text[512], told[1400] = "";
  ThSession *session = unit_session(NULL);
  th_session_context(session)->settings.digits = 15;
  unit_run(session, row->setup);
  snprintf(text, sizeof text, "explain(%s)", row->explained);
  ThValue v = unit_evaluate(session, text);
  ck_assert(th_is_explanation(v));
  const ThExplanation *e = th_as_explanation(v);
  size_t equations = 0;
  for (size_t i = 0; i < e->n; i++) {
    equations += e->steps[i].n_sides > 1;
    ck_assert_uint_ne(e->steps[i].n_sides, 1);
    ck_assert_msg(is_true(e, &e->steps[i], told, sizeof told), "%s: step %zu: %s", row->explained, i + 1,
                  told);
  }
  ck_assert_uint_ge(equations, row->least);
  th_release(v);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

START_TEST(a_false_line_is_seen) {
  static const ThLine wrong = {.sides = {{"s", "1 + 2"}, {"{3.0001}"}}};
  static const ThLine right = {.sides = {{"s", "1 + 2"}, {"½·{6}"}, {"B(1, 1)·3"}}};
  char told[1400];
  ThSession *session = unit_session(NULL);
  ThExplanation *e = th_explanation_new(th_session_context(session));
  ck_assert(e && th_explanation_add(e, &wrong) && th_explanation_add(e, &right));
  ck_assert(!is_true(e, &e->steps[0], told, sizeof told));
  ck_assert(is_true(e, &e->steps[1], told, sizeof told));
  th_release(th_object(e));
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

Suite *th_suite_infer_explain(void) {
  Suite *suite = suite_create("infer_explain");
  ADD_ROWS(suite, every_line_is_true, COUNT(rows));
  ADD(suite, a_false_line_is_seen);
  return suite;
}
