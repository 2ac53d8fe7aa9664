/* rosetta_template.c - a call in another system, with the numbers of a distribution in place */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/rosetta.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/stats.h"

/* How a system writes what is no plain number. */
typedef struct Notation {
  const char *open, *close;     /* around a vector */
  const char *infinity, *minus; /* and minus infinity */
} Notation;

static const Notation notations[TH_ROSETTA_SYSTEMS] = {
    [TH_ROSETTA_R] = {"c(", ")", "Inf", "-Inf"},
    [TH_ROSETTA_STAN] = {"[", "]'", "positive_infinity()", "negative_infinity()"},
    [TH_ROSETTA_SCIPY] = {"[", "]", "np.inf", "-np.inf"},
    [TH_ROSETTA_JULIA] = {"[", "]", "Inf", "-Inf"},
    [TH_ROSETTA_GSL] = {"(double[]){", "}", "INFINITY", "-INFINITY"},
};

typedef struct Expander {
  ThContext *cx;
  const ThDistribution *d;
  ThRosettaSystem system;
  ThText *out;
  bool fits;
} Expander;

/* --- Expressions of the parameters */

typedef struct Reader {
  Expander *e;
  const char *at;
} Reader;

static double read_sum(Reader *r);

static void skip_blanks(Reader *r) { r->at += strspn(r->at, " "); }

/* Takes the character if it comes next. */
static bool take(Reader *r, char c) {
  skip_blanks(r);
  if (*r->at != c) return false;
  r->at++;
  return true;
}

/* The number that stands next. */
static double read_literal(Reader *r) {
  char *end;
  double x = strtod(r->at, &end);
  r->at = end;
  return x;
}

/* $k as a value; a parameter that the family does not have is unset. */
static ThValue parameter(Reader *r) {
  double k = read_literal(r);
  return k >= 1 && k <= r->e->d->family->n_parameters ? r->e->d->parameters[(int)k - 1] : th_unset();
}

static double read_parameter(Reader *r) {
  double x = 0;
  r->e->fits &= th_to_number(parameter(r), &x);
  return x;
}

/* sqrt(…), exp(…), log(…) */
static double read_function(Reader *r) {
  size_t length = strcspn(r->at, "(");
  const char *name = r->at;
  r->at += length;
  (void)take(r, '(');
  double x = read_sum(r);
  (void)take(r, ')');
  if (strncmp(name, "sqrt", length) == 0) return sqrt(x);
  return strncmp(name, "exp", length) == 0 ? exp(x) : log(x);
}

static double read_factor(Reader *r) {
  skip_blanks(r);
  if (take(r, '$')) return read_parameter(r);
  if (take(r, '-')) return -read_factor(r);
  if (take(r, '(')) {
    double x = read_sum(r);
    (void)take(r, ')');
    return x;
  }
  if (isalpha((unsigned char)*r->at)) return read_function(r);
  return read_literal(r);
}

static double read_product(Reader *r) {
  double x = read_factor(r);
  for (;;) {
    if (take(r, '*')) x *= read_factor(r);
    else if (take(r, '/')) x /= read_factor(r);
    else return x;
  }
}

static double read_sum(Reader *r) {
  double x = read_product(r);
  for (;;) {
    if (take(r, '+')) x += read_product(r);
    else if (take(r, '-')) x -= read_product(r);
    else return x;
  }
}

/* --- Values in the system's notation */

static void add_number(const Expander *e, double x) {
  const Notation *notation = &notations[e->system];
  if (isinf(x)) th_text_add(e->out, x > 0 ? notation->infinity : notation->minus);
  else th_format_exact(x, e->out);
}

static void add_list(const Expander *e, size_t n, const double *x, size_t step, double scale,
                     const char *between) {
  for (size_t k = 0; k < n; k++) {
    if (k) th_text_add(e->out, between);
    add_number(e, scale * x[k * step]);
  }
}

static void add_vector(const Expander *e, const ThArray *a, double scale) {
  th_text_add(e->out, notations[e->system].open);
  add_list(e, a->length, a->real, 1, scale, ", ");
  th_text_add(e->out, notations[e->system].close);
}

/* R goes by columns; Julia writes rows with blanks; the others nest. */
static void add_matrix(const Expander *e, const ThArray *a) {
  size_t rows = a->shape[0], cols = a->shape[1];
  bool julia = e->system == TH_ROSETTA_JULIA;
  if (e->system == TH_ROSETTA_R) {
    th_text_add(e->out, "matrix(c(");
    for (size_t j = 0; j < cols; j++) {
      if (j) th_text_add(e->out, ", ");
      add_list(e, rows, a->real + j, cols, 1, ", ");
    }
    th_text_format(e->out, "), nrow = %zu)", rows);
    return;
  }
  th_text_char(e->out, '[');
  for (size_t i = 0; i < rows; i++) {
    if (i) th_text_add(e->out, julia ? "; " : ", ");
    if (!julia) th_text_char(e->out, '[');
    add_list(e, cols, a->real + i * cols, 1, 1, julia ? " " : ", ");
    if (!julia) th_text_char(e->out, ']');
  }
  th_text_char(e->out, ']');
}

static bool add_distribution(Expander *e, ThValue v) {
  size_t start = e->out->length;
  if (!th_rosetta_call(e->cx, th_as_distribution(v), e->system, e->out)) return false;
  e->fits &= e->out->length > start && strcmp(th_text_string(e->out) + start, "-") != 0;
  return true;
}

/* [Normal(0, 1), Gamma(3, 0.5)] */
static bool add_distributions(Expander *e, const ThList *list) {
  th_text_char(e->out, '[');
  for (size_t k = 0; k < list->length; k++) {
    if (k) th_text_add(e->out, ", ");
    if (!th_is_distribution(list->items[k])) e->fits = false;
    else if (!add_distribution(e, list->items[k])) return false;
  }
  th_text_char(e->out, ']');
  return true;
}

/* A whole parameter. */
static bool add_value(Expander *e, ThValue v) {
  double x;
  bool real = th_is_array(v) && th_as_array(v)->element == TH_DOUBLE;
  if (th_to_number(v, &x)) add_number(e, x);
  else if (th_is_distribution(v)) return add_distribution(e, v);
  else if (th_is_list(v)) return add_distributions(e, th_as_list(v));
  else if (real && th_as_array(v)->rank == 1) add_vector(e, th_as_array(v), 1);
  else if (real && th_as_array(v)->rank == 2 && e->system != TH_ROSETTA_GSL) add_matrix(e, th_as_array(v));
  else e->fits = false;
  return true;
}

/* --- Braces */

static void add_probabilities(Expander *e, ThValue v) {
  double sum = 0;
  e->fits &= th_is_array(v) && th_as_array(v)->element == TH_DOUBLE;
  if (!e->fits) return;
  for (size_t k = 0; k < th_as_array(v)->length; k++) sum += th_as_array(v)->real[k];
  add_vector(e, th_as_array(v), 1 / sum);
}

static void add_length(Expander *e, ThValue v) {
  e->fits &= th_is_array(v);
  if (e->fits) th_text_format(e->out, "%zu", th_as_array(v)->length);
}

static void add_spread(Expander *e, ThValue v) {
  e->fits &= th_is_array(v) && th_as_array(v)->element == TH_DOUBLE;
  if (e->fits) add_number(e, th_stats_sd(th_as_array(v)->length, th_as_array(v)->real, 1));
}

/* A factor: in brackets where it is a sum. */
static bool add_factor(Expander *e, ThValue v) {
  ThText call;
  Expander inner = *e;
  th_text_init(&call, &e->cx->heap);
  inner.out = &call;
  bool ok = add_distribution(&inner, v) && th_text_ok(&call, e->cx);
  bool sum = ok && strstr(th_text_string(&call), " + ");
  if (ok) th_text_format(e->out, sum ? "(%s)" : "%s", th_text_string(&call));
  e->fits = inner.fits;
  th_text_clear(&call);
  return ok;
}

/* "0.3*f(x) + 0.7*g(x)"; the weights are brought to sum 1. */
static bool add_sum(Expander *e, ThValue weights, ThValue list) {
  e->fits &= th_is_array(weights) && th_as_array(weights)->element == TH_DOUBLE && th_is_list(list) &&
             th_as_list(list)->length == th_as_array(weights)->length;
  if (!e->fits) return true;
  const ThArray *w = th_as_array(weights);
  double total = th_stats_sum(w->length, w->real);
  for (size_t k = 0; k < w->length; k++) {
    if (k) th_text_add(e->out, " + ");
    add_number(e, w->real[k] / total);
    th_text_char(e->out, '*');
    if (!add_factor(e, th_as_list(list)->items[k])) return false;
  }
  return true;
}

/* "x", "x - 3", "(x + 1)/2" */
static void add_standardised(Reader *r) {
  Expander *e = r->e;
  double shift = read_sum(r), scale;
  skip_blanks(r);
  scale = *r->at == '}' ? 1 : read_sum(r);
  bool brackets = shift != 0 && scale != 1;
  th_text_add(e->out, brackets ? "(x" : "x");
  if (shift != 0) th_text_add(e->out, shift > 0 ? " - " : " + "), add_number(e, fabs(shift));
  if (brackets) th_text_char(e->out, ')');
  if (scale != 1) th_text_char(e->out, '/'), add_number(e, scale);
}

static void add_divisor(Reader *r) {
  double x = read_sum(r);
  if (x != 1) th_text_char(r->e->out, '/'), add_number(r->e, x);
}

/* "3 + 2*" */
static void add_image(Reader *r) {
  double shift = read_factor(r), scale = read_factor(r);
  if (shift != 0) add_number(r->e, shift), th_text_add(r->e->out, " + ");
  if (scale != 1) add_number(r->e, scale), th_text_char(r->e->out, '*');
}

static void add_end(Reader *r) {
  double x = read_sum(r);
  if (!isinf(x)) add_number(r->e, x);
}

static void add_argument(Reader *r) {
  double x = read_sum(r);
  if (x != 0) th_text_add(r->e->out, ", "), add_number(r->e, x);
}

/* The next parameter as it is. */
static ThValue whole_parameter(Reader *r) {
  skip_blanks(r);
  if (take(r, '$')) return parameter(r);
  r->e->fits = false;
  return th_unset();
}

/* What stands behind the opening brace. */
static bool add_braces(Reader *r) {
  char what = *r->at && strchr("pnx/+t,=sm", *r->at) && r->at[1] == ' ' ? *r->at++ : ' ';
  switch (what) {
    case 'p': add_probabilities(r->e, whole_parameter(r)); return true;
    case 'n': add_length(r->e, whole_parameter(r)); return true;
    case 'x': add_standardised(r); return true;
    case '/': add_divisor(r); return true;
    case '+': add_image(r); return true;
    case 't': add_end(r); return true;
    case ',': add_argument(r); return true;
    case '=': r->e->fits &= read_sum(r) == 0; return true;
    case 's': add_spread(r->e, whole_parameter(r)); return true;
    case 'm': {
      ThValue weights = whole_parameter(r);
      return add_sum(r->e, weights, whole_parameter(r));
    }
    default: break;
  }
  if (r->at[0] == '$' && r->at[2] == '}') return add_value(r->e, whole_parameter(r));
  add_number(r->e, read_sum(r));
  return true;
}

bool th_rosetta_expand(ThContext *cx, const ThDistribution *d, ThRosettaSystem system, const char *template,
                       ThText *out, bool *fits) {
  Expander e = {cx, d, system, out, true};
  Reader r = {&e, template};
  while (*r.at && e.fits) {
    size_t plain = strcspn(r.at, "{");
    th_text_bytes(out, r.at, plain);
    r.at += plain;
    if (*r.at != '{') break;
    r.at++;
    if (!add_braces(&r)) return false;
    r.at += strcspn(r.at, "}");
    if (*r.at) r.at++;
  }
  *fits = e.fits;
  return th_text_ok(out, cx);
}
