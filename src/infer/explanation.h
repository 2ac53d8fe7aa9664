/* explanation.h - a derivation as lines, each an equation whose sides can be evaluated */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPLANATION_H
#define TH_INFER_EXPLANATION_H

#include "val/basic.h"

/* One side of an equation, both owned strings: as it is read, and as an expression of Theta over the explanation's
 * names. */
typedef struct ThSide {
  ThValue shown, code;
} ThSide;

enum { TH_MOST_SIDES = 5, TH_MOST_SHOWN_COLUMNS = 5 };

/* A sentence, an equation, or one with the other below it. */
typedef struct ThStep {
  ThValue words; /* a string, or none */
  size_t n_sides;
  ThSide sides[TH_MOST_SIDES];
} ThStep;

typedef struct ThExplanation {
  ThObject object;
  ThContext *cx;
  ThRecord *names;   /* what the sides are expressions in: data, and parameters at a point that is tried */
  ThRecord *symbols; /* what $name stands for in the text of a line: strings */
  size_t n, capacity;
  ThStep *steps;
} ThExplanation;

extern const ThKind th_explanation_kind; /* "derivation" */
static inline bool th_is_explanation(ThValue v) { return th_is(v, &th_explanation_kind); }
static inline ThExplanation *th_as_explanation(ThValue v) { return (ThExplanation *)th_as_object(v); }

/* The text of a step, as tables of lines give it. In all texts `$y` stands for the symbol y, and `{code}` for the
 * value of an expression, printed with the session's digits: in brackets when it is negative and not alone; `{=code}`
 * prints a matrix on several lines. A side's code is what it shows, unless it is given: with `·` as `*`, `½` as
 * `(1/2)`, `B(` as `beta(` and `Γ(` as `gamma(`. */
typedef struct ThLine {
  const char *words;  /* a sentence above the line, or NULL */
  const char *define; /* a name that gets the value of the second side's code; or NULL */
  struct {
    const char *shown, *code;
  } sides[TH_MOST_SIDES];
} ThLine;

TH_CHECKED ThExplanation *th_explanation_new(ThContext *cx);
/* What $name stands for: to be set, and to be read once it is. */
TH_CHECKED bool th_explanation_symbol(ThExplanation *e, const char *name, const char *text);
const char *th_explanation_stands_for(const ThExplanation *e, const char *name);
/* A name of the expressions; takes the value, on failure too. */
TH_CHECKED bool th_explanation_give_take(ThExplanation *e, const char *name, ThValue value);
TH_CHECKED bool th_explanation_give_number(ThExplanation *e, const char *name, double x);
TH_CHECKED bool th_explanation_give_vector(ThExplanation *e, const char *name, const double *x, size_t n);
/* What an expression gives, without a line. */
TH_CHECKED bool th_explanation_give_code(ThExplanation *e, const char *name, const char *code);
/* The symbol $name stands for `wanted`, or where that is a name already, here or in the session, for one like it, β₀.
 */
TH_CHECKED bool th_explanation_pick(ThExplanation *e, const char *name, const char *wanted);
/* The same, and what is picked gets a value, taken on failure too. */
TH_CHECKED bool th_explanation_pick_take(ThExplanation *e, const char *name, const char *wanted,
                                         ThValue value);
TH_CHECKED bool th_explanation_add(ThExplanation *e, const ThLine *line);
/* Lines up to one that has neither words nor sides. */
TH_CHECKED bool th_explanation_add_all(ThExplanation *e, const ThLine *lines);
/* A line whose last side, a matrix (k, k), is left out where that is large. */
TH_CHECKED bool th_explanation_add_square(ThExplanation *e, const ThLine *line, size_t k);
/* A rule with its symbols' values in their places: "{$a} + {$s}" of "$a + $s". */
const char *th_explanation_numbers(const char *rule, char *text, size_t size);

/* The value of an expression in the explanation's names, and the built-ins and the session's names. Owned. */
TH_CHECKED bool th_explanation_evaluate(const ThExplanation *e, const char *code, ThValue *out);
/* The same of text with symbols. */
TH_CHECKED bool th_explanation_value(ThExplanation *e, const char *code, ThValue *out);
/* Appends step i as text, within the terminal's width; no line end after the last line. */
TH_CHECKED bool th_explanation_text(const ThExplanation *e, size_t i, ThText *out);

#endif
