/* help_words.c - help on reserved words, signs and notation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help.h"

static const ThHelpWord words[] = {
    {"if then else", "chooses a value; an expression, with `then` or with blocks",
     "sign = if x > 0 then \"positive\" else \"not positive\"\n"
     "if n > 10 { print(\"many\") } else { print(\"few\") }"},
    {"for in",
     "runs a block for each element; in a bracket, makes an array; `x in (0, 1)` asks for membership",
     "for i in 1:3 { print(i) }\n[i^2 for i in 1:5 if i % 2 == 1]"},
    {"while", "runs a block as long as a condition holds", "while x > 1 { x = x/2 }"},
    {"break continue", "leave a loop, or go on with its next turn", "for i in 1:9 { if i == 3 { break } }"},
    {"return", "leaves a function with a value", "f(x) = { if x < 0 { return 0 }; sqrt(x) }"},
    {"and or not ∩ ∪ ¬", "combine conditions, element by element in arrays, and events in P( )",
     "0 < x and x < 1\nP(sick and positive)"},
    {"with", "evaluates an expression under other values; nothing is changed",
     "mean(post) with a = 5, b = 5"},
    {"true false", "truth values; they count as 1 and 0", "sum([true, false, true])"},
    {"none", "the value of what has none; it does not print", NULL},
    {"~", "declares a random variable; in a model, a prior or a likelihood; in an argument, a formula",
     "X ~ Normal(0, 1)\nX, Y ~ DiscreteUniform(1, 6)\nU[10] ~ Uniform(0, 1)"},
    {":=", "a live value: computed again whenever what it depends on changes",
     "post := posterior(coin, flips)"},
    {"=", "assigns, once; defines functions; inside P( ) and its like it compares",
     "x = 3\nf(x) = x^2 + 1\nP(S = 7)"},
    {"==", "compares, element by element in arrays", "x == 3"},
    {"|", "inside P( ), E( ) and dist( ): given", "P(sick | positive)\ndist(μ | Z = 1.3)"},
    {"->", "a function without a name", "f = x -> x^2"},
    {"|>", "hands a value to a function", "x |> sqrt |> sum"},
    {"@ ⋅", "the matrix product", "X @ β"},
    {"\\", "solves a linear system; least squares when it is tall or wide", "X \\ y"},
    {"'", "transposes a matrix", "X' @ X"},
    {":", "a range, both ends included; in an index, everything along an axis", "0:0.1:1\nA[:, 2]"},
    {"^", "the power, element by element; also x² x⁻¹", "2^10"},
    {"%", "the remainder, with the divisor's sign", "7 % 3"},
    {"#", "begins a comment, to the end of the line", NULL},
    {"_", "the last value", NULL},
    {"end", "inside [ ]: the last index", "x[end]\nx[end + 1] = 4"},
    {"data", "enters a table, one row a line", "data lab {\n  x    y\n  1.0  2.1\n  2.0  3.9\n}"},
    {"model", "defines a model: what is not among its arguments is a parameter with its prior",
     "model line(x, y) {\n  a ~ Normal(0, 10)\n  b ~ Normal(0, 10)\n  y ~ Normal(a + b*x, 1)\n}"},
    {"param", "in a model: a parameter without a prior", "param p in (0, 1)"},
    {"claim", "tests an identity at random points", "claim sin(2x) = 2sin(x)*cos(x) for x in (-5, 5)"},
    {"nan inf ∞", "not a number, and infinity", "-inf < 0"},
    {"pi π", "the number π", "2π"},
};

const ThHelpWord *th_help_word_at(size_t i) { return i < sizeof words / sizeof *words ? &words[i] : NULL; }
