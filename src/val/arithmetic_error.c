/* arithmetic_error.c - what operators say when operands do not fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message names the operands as they were written, when they are short, and the hint is something to
 * type instead. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "val/arithmetic.h"
#include "val/basic.h"
#include "val/broadcast.h"

enum { NAME_SIZE = 48 };

const char *th_operand_name(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size) {
  char name[NAME_SIZE];
  th_operand(cx, index, "", name, sizeof name);
  if (name[0]) snprintf(buffer, size, "`%s`", name);
  else snprintf(buffer, size, "%s", fallback);
  return buffer;
}

static bool is_name(const char *text) {
  while (*text == '_' || (unsigned char)*text >= 0x80 || isalnum((unsigned char)*text)) text++;
  return *text == '\0';
}

/* A function in place of its value: of `grad(f)` that is `grad(f, x)`. */
static bool hint_value(ThContext *cx, const char *text) {
  static const char *const derivatives[] = {"grad(", "hessian(", "jacobian(", "derivative("};
  size_t length = strlen(text);
  for (size_t i = 0; i < sizeof derivatives / sizeof *derivatives; i++)
    if (strncmp(text, derivatives[i], strlen(derivatives[i])) == 0 && text[length - 1] == ')')
      return th_hint(cx, "`%s` is a function; its value at x is `%.*s, x)`", text, (int)length - 1, text);
  return th_hint(cx, "`%s` is a function; its value is `%s(…)`", text, text);
}

/* The hint for an operand that no arithmetic takes. */
static bool hint_for(ThContext *cx, ThOperator op, ThValue culprit, size_t index, ThValue other) {
  char name[NAME_SIZE];
  const char *text = th_operand(cx, index, "f", name, sizeof name);
  ThElement element;
  if (th_is_string(culprit) && op == TH_OP_ADD && th_element_of(other, &element)) {
    text = th_operand(cx, 1 - index, "x", name, sizeof name);
    return th_hint(cx,
                   is_name(text) ? "a value is written into a string by `$`: \"… $%s\""
                                 : "a value is written into a string by `$`: \"… $(%s)\"",
                   text);
  }
  if (th_is_string(culprit) && op == TH_OP_MULTIPLY && th_element_of(other, &element))
    return th_hint(cx, "a text several times in a row is `repeat(%s, n)`",
                   th_operand(cx, index, "s", name, sizeof name));
  if (th_is_string(culprit) && op == TH_OP_REMAINDER)
    return th_hint(cx, "a formatted value is written into a string: \"$(x:.3f)\"");
  if (th_is_string(culprit)) return false;
  if (th_is_list(culprit)) return th_hint(cx, "a list has no arithmetic; numbers make an array: `[…]`");
  if (th_is_table(culprit)) return th_hint(cx, "take a column: `%s.name`", text);
  if (th_is_none(culprit))
    return th_hint(cx, "none is what an `if` without `else`, a loop or a function without a value gives");
  bool function = th_is_object(culprit) && strcmp(th_type_name(culprit), "function") == 0;
  if (function && op == TH_OP_TRANSPOSE)
    return th_hint(cx, "the derivative at x is close to `(%s(x + h) - %s(x - h))/(2h)` with h = 1e-5", text,
                   text);
  if (function) return hint_value(cx, text);
  return false;
}

bool th_fail_operands(ThContext *cx, ThOperator op, ThValue a, ThValue b) {
  char left[96], right[96];
  ThElement element;
  bool left_fits = th_element_of(a, &element), right_fits = th_element_of(b, &element);
  if (left_fits && right_fits) {
    th_fail_argument(cx, 0, TH_ERROR_TYPE, "`%s` is not defined for complex numbers", th_operator_text(op));
    if (op >= TH_OP_LESS && op <= TH_OP_GREATER_EQUAL)
      return th_hint(cx, "they have no order; compare `abs(z)` or `re(z)`");
    return false;
  }
  bool blame_right = left_fits || (th_is_string(a) && !th_is_string(b));
  th_fail_argument(cx, blame_right ? 2 : 1, TH_ERROR_TYPE, "`%s` is not defined for %s and %s",
                   th_operator_text(op), th_describe(a, left, sizeof left),
                   th_describe(b, right, sizeof right));
  if (th_is_string(a) && !th_is_string(b)) return hint_for(cx, op, right_fits ? a : b, right_fits ? 0 : 1, b);
  return left_fits ? hint_for(cx, op, b, 1, a) : hint_for(cx, op, a, 0, b);
}

bool th_fail_operand(ThContext *cx, ThOperator op, ThValue a) {
  char text[96];
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` is not defined for %s", th_operator_text(op),
                   th_describe(a, text, sizeof text));
  return hint_for(cx, op, a, 0, a);
}

/* Does the matrix product of these shapes exist? */
static bool matrix_fits(const ThArray *a, const ThArray *b) {
  if (a->rank > 2 || b->rank > 2) return false;
  return a->shape[a->rank - 1] == b->shape[0] && (a->rank == 2 || b->rank == 2);
}

/* A vector as long as the matrix has rows. */
static bool is_row_vector(const ThArray *m, const ThArray *v) {
  return m->rank == 2 && v->rank == 1 && v->length == m->shape[0] && v->length != m->shape[1];
}

static bool fail_column(ThContext *cx, const char *left, const char *right, const ThArray *a) {
  size_t n = a->shape[0];
  th_fail(cx, TH_ERROR_SHAPE, "shapes %s and %s would broadcast to (%zu, %zu)", left, right, n, n);
  char name[NAME_SIZE];
  size_t column = a->rank == 2 ? 0 : 1;
  const char *text = th_operand(cx, column, "y", name, sizeof name);
  return th_hint(cx, "make both (%zu): `%s[:, 1]`; a table of all pairs is made by `outer`", n, text);
}

bool th_fail_shapes(ThContext *cx, ThOperator op, const ThArray *a, const ThArray *b) {
  char left[96], right[96], x[NAME_SIZE], y[NAME_SIZE];
  th_shape_text(a->rank, a->shape, left, sizeof left);
  th_shape_text(b->rank, b->shape, right, sizeof right);
  th_operand(cx, 0, "A", x, sizeof x);
  th_operand(cx, 1, "b", y, sizeof y);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) {
    th_fail(cx, TH_ERROR_SHAPE, "shapes %s and %s differ: `%s` compares arrays of one shape", left, right,
            th_operator_text(op));
    return th_hint(cx, "whether the shapes agree is `all(shape(…) == shape(…))`");
  }
  if (th_is_column_mismatch(a->rank, a->shape, b->rank, b->shape)) return fail_column(cx, left, right, a);
  th_fail(cx, TH_ERROR_SHAPE, "shapes %s and %s do not match", left, right);
  if (op == TH_OP_MULTIPLY && matrix_fits(a, b)) {
    return th_hint(cx, "`*` is elementwise; the matrix product is `%s @ %s`", x, y);
  }
  if (is_row_vector(a, b))
    return th_hint(cx, "a vector runs along the last axis; down the rows it is `col(%s)`", y);
  if (is_row_vector(b, a))
    return th_hint(cx, "a vector runs along the last axis; down the rows it is `col(%s)`", x);
  bool named = th_operand(cx, 0, "", x, sizeof x)[0] && th_operand(cx, 1, "", y, sizeof y)[0];
  return named ? th_hint(cx, "`%s` has shape %s, `%s` has %s", x, left, y, right) : false;
}
