/* variable_text.c - random variables as text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A declared variable shows its declaration, any other the expression that it is, with the brackets that its
 * operators need. Long expressions are cut. */
#include <string.h>

#include "prob/joint.h"
#include "prob/parameter.h"
#include "prob/query.h"
#include "prob/variable_kind.h"
#include "val/format.h"

enum { ECHO_LIMIT = 400, INLINE_LIMIT = 120, DEPTH_LIMIT = 60 };

typedef struct Writer {
  ThContext *cx;
  ThText *out;
  size_t end; /* no node is begun beyond this byte */
  int depth;
  bool query; /* as inside P(…): a single `=` compares */
} Writer;

/* How tightly an operator binds: larger binds tighter. */
static int binding(ThOperator op) {
  switch (op) {
    case TH_OP_OR: return 1;
    case TH_OP_AND: return 2;
    case TH_OP_NOT: return 3;
    case TH_OP_EQUAL:
    case TH_OP_NOT_EQUAL:
    case TH_OP_LESS:
    case TH_OP_LESS_EQUAL:
    case TH_OP_GREATER:
    case TH_OP_GREATER_EQUAL:
    case TH_OP_IN: return 4;
    case TH_OP_ADD:
    case TH_OP_SUBTRACT: return 5;
    case TH_OP_NEGATE: return 7;
    case TH_OP_POWER: return 8;
    default: return 6;
  }
}

static bool write_value(Writer *w, ThValue v, int outer);

static const char *operator_text(const Writer *w, ThOperator op) {
  return w->query && op == TH_OP_EQUAL ? "=" : th_operator_text(op);
}

static bool write_list(Writer *w, const ThVariable *v, size_t first) {
  for (size_t i = first; i < v->n; i++) {
    if (i > first) th_text_add(w->out, ", ");
    if (v->names && v->names[i]) th_text_format(w->out, "%s = ", v->names[i]->spelling);
    if (!write_value(w, v->arguments[i], 0)) return false;
  }
  return true;
}

static bool write_operator(Writer *w, const ThVariable *v, int outer) {
  int own = binding(v->op);
  bool brackets = own < outer;
  if (brackets) th_text_char(w->out, '(');
  if (v->n == 1) {
    th_text_add(w->out, v->op == TH_OP_NOT ? "not " : th_operator_text(v->op));
    if (!write_value(w, v->arguments[0], own)) return false;
  } else {
    bool tight = own >= 6 && v->op != TH_OP_MATRIX_PRODUCT && v->op != TH_OP_SOLVE,
         power = v->op == TH_OP_POWER;
    if (!write_value(w, v->arguments[0], power ? own + 1 : own)) return false;
    th_text_format(w->out, tight ? "%s" : " %s ", operator_text(w, v->op));
    bool groups = v->op == TH_OP_ADD || v->op == TH_OP_MULTIPLY || v->op == TH_OP_AND || v->op == TH_OP_OR ||
                  power;
    if (!write_value(w, v->arguments[1], groups ? own : own + 1)) return false;
  }
  if (brackets) th_text_char(w->out, ')');
  return true;
}

static bool write_function_name(Writer *w, ThValue function) {
  bool lambda = !th_builtin_row(function);
  size_t start = w->out->length;
  if (!th_format(w->cx, function, TH_STYLE_INLINE, w->out)) return false;
  if (!lambda) return true;
  /* a function shows itself as "f(x) = …" or "x -> …": only the name of the first is wanted */
  const char *text = th_text_string(w->out) + start, *bracket = strchr(text, '(');
  bool named = bracket && !strstr(text, "->") && bracket > text;
  size_t length = named ? (size_t)(bracket - text) : 0;
  w->out->length = start + length;
  if (w->out->data) w->out->data[w->out->length] = '\0';
  if (!named) th_text_add(w->out, "f");
  return true;
}

static bool write_choice(Writer *w, const ThVariable *v, int outer) {
  static const char *const words[] = {"if ", " then ", " else "};
  if (outer > 0) th_text_char(w->out, '(');
  for (size_t i = 0; i < 3; i++) {
    th_text_add(w->out, words[i]);
    if (!write_value(w, v->arguments[i], 0)) return false;
  }
  if (outer > 0) th_text_char(w->out, ')');
  return true;
}

static bool write_name(Writer *w, const ThVariable *v) {
  th_text_add(w->out, v->name->spelling);
  if (v->column) th_text_format(w->out, "[%zu, %zu]", v->index, v->column);
  else if (v->index) th_text_format(w->out, "[%zu]", v->index);
  return true;
}

static bool write_node(Writer *w, const ThVariable *v, int outer) {
  if (v->name) return write_name(w, v);
  switch (v->what) {
    case TH_VARIABLE_DECLARED: return true;
    case TH_VARIABLE_OPERATOR: return write_operator(w, v, outer);
    case TH_VARIABLE_CHOOSE: return write_choice(w, v, outer);
    case TH_VARIABLE_APPLY:
      if (!write_function_name(w, v->function)) return false;
      th_text_char(w->out, '(');
      if (!write_list(w, v, 0)) return false;
      th_text_char(w->out, ')');
      return true;
    case TH_VARIABLE_SUM:
      th_text_add(w->out, "sum(");
      if (!write_value(w, v->arguments[0], 0)) return false;
      th_text_char(w->out, ')');
      return true;
    case TH_VARIABLE_INDEX:
      if (!write_value(w, v->arguments[0], 9)) return false;
      th_text_char(w->out, '[');
      if (!write_list(w, v, 1)) return false;
      th_text_char(w->out, ']');
      return true;
    case TH_VARIABLE_COMPONENT:
      if (!write_value(w, v->arguments[0], 9)) return false;
      th_text_format(w->out, "[%zu]", v->n);
      return true;
  }
  return true;
}

static bool write_array(Writer *w, const ThVariableArray *a) {
  if (a->name) {
    th_text_add(w->out, a->name->spelling);
    return true;
  }
  th_text_char(w->out, '[');
  for (size_t i = 0; i < a->length; i++) {
    if (i) th_text_add(w->out, a->columns && i % a->columns == 0 ? "; " : ", ");
    if (a->length > 6 && i == 3) th_text_add(w->out, "…, "), i = a->length - 1;
    if (!write_value(w, a->items[i], 0)) return false;
  }
  th_text_char(w->out, ']');
  return true;
}

/* The constructor's call: arguments by name. */
static bool write_conditional(Writer *w, const ThConditional *c) {
  bool first = true;
  th_text_format(w->out, "%s(", c->family->name);
  for (size_t i = 0; i < c->n; i++) {
    size_t length;
    const char *name = th_family_argument(c->family, i, &length);
    if (th_is_unset(c->arguments[i])) continue;
    th_text_format(w->out, "%s%.*s = ", first ? "" : ", ", (int)length, name);
    if (!write_value(w, c->arguments[i], 0)) return false;
    first = false;
  }
  th_text_char(w->out, ')');
  return true;
}

static bool write_value(Writer *w, ThValue v, int outer) {
  if (w->depth >= DEPTH_LIMIT || w->out->length > w->end) {
    th_text_add(w->out, "…");
    return true;
  }
  w->depth++;
  bool ok;
  if (th_is_variable(v)) ok = write_node(w, th_as_variable(v), outer);
  else if (th_is_variable_array(v)) ok = write_array(w, th_as_variable_array(v));
  else if (th_is_conditional(v)) ok = write_conditional(w, th_as_conditional(v));
  else if (th_is_distribution(v)) ok = th_distribution_text(w->cx, v, w->out);
  else if (th_is_none(v)) th_text_char(w->out, ':'), ok = true;
  else ok = th_format_nested(w->cx, v, TH_STYLE_INLINE, w->out);
  w->depth--;
  return ok;
}

bool th_variable_text(ThContext *cx, ThValue v, size_t limit, ThText *out) {
  Writer w = {.cx = cx, .out = out, .end = out->length + limit, .query = true};
  return write_value(&w, v, 0) && th_text_ok(out, cx);
}

/* "U[10] ~ Uniform(a = 0, b = 1)": when all were declared together. */
static bool echo_array(Writer *w, const ThVariableArray *a) {
  const ThVariable *first = a->length > 0 && th_is_variable(a->items[0]) ? th_as_variable(a->items[0]) : NULL;
  if (!a->name || !first || first->what != TH_VARIABLE_DECLARED) return write_array(w, a);
  if (a->columns)
    th_text_format(w->out, "%s[%zu, %zu] ~ ", a->name->spelling, a->length / a->columns, a->columns);
  else th_text_format(w->out, "%s[%zu] ~ ", a->name->spelling, a->length);
  const ThVariable *last = th_as_variable(a->items[a->length - 1]);
  bool same = last->distribution.bits == first->distribution.bits;
  if (th_joint_of(first)) return write_value(w, th_joint_of(first)->law, 0);
  if (!write_value(w, first->distribution, 0)) return false;
  if (!same) th_text_add(w->out, ", …");
  return true;
}

/* The distribution of a component by itself. */
static bool write_marginal(Writer *w, const ThVariable *v) {
  const ThDistribution *d = th_joint_law(v);
  ThValue law;
  if (!d->family->event->marginal(w->cx, d, v->component, &law)) return false;
  bool ok = th_distribution_text(w->cx, law, w->out);
  th_release(law);
  return ok;
}

/* "mean 0.0947, sd 0.133": of one that is known by its draws. */
static bool write_drawn(Writer *w, ThValue self) {
  ThValue mean, sd;
  double center, spread;
  if (!th_query_simple(w->cx, TH_QUERY_E, self, &mean)) return false;
  bool ok = th_query_simple(w->cx, TH_QUERY_SD, self, &sd);
  if (ok && th_to_number(mean, &center) && th_to_number(sd, &spread)) {
    int digits = w->cx->settings.digits;
    th_text_add(w->out, "mean ");
    th_format_number(center, digits, w->out);
    th_text_add(w->out, ", sd ");
    th_format_number(spread, digits, w->out);
    th_text_format(w->out, "  %s", th_as_string(th_as_estimate(mean)->method)->text);
  }
  if (ok) th_release(sd);
  th_release(mean);
  return ok;
}

/* The distribution that a variable with a name shows: as it was typed, or its own when it is part of a joint law. */
static bool write_law(Writer *w, ThValue self) {
  const ThVariable *v = th_as_variable(self);
  ThValue law;
  const ThJoint *joint = th_joint_of(v);
  if (v->what != TH_VARIABLE_DECLARED) return write_drawn(w, self);
  if (joint && th_joint_law(v) && th_joint_law(v)->family->event->marginal) return write_marginal(w, v);
  if (joint && !th_is_conditional(v->distribution)) {
    if (!write_value(w, joint->law, 9)) return false;
    if (v->column) th_text_format(w->out, "[%zu, %zu]", v->index, v->column);
    else th_text_format(w->out, "[%zu]", v->index);
    return true;
  }
  if (!(v->object.flags & TH_VARIABLE_SHOWS_MARGINAL) || !th_is_conditional(v->distribution))
    return write_value(w, v->distribution, 0);
  if (!th_query_simple(w->cx, TH_QUERY_DIST, self, &law)) return false;
  bool ok = th_is_distribution(law) ? th_distribution_text(w->cx, law, w->out)
                                    : write_value(w, v->distribution, 0);
  th_release(law);
  return ok;
}

bool th_variable_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  bool echo = style == TH_STYLE_ECHO;
  size_t limit = echo ? ECHO_LIMIT : INLINE_LIMIT;
  Writer w = {.cx = cx, .out = out, .end = out->length + limit};
  if (echo && th_is_variable_array(self))
    return echo_array(&w, th_as_variable_array(self)) && th_text_ok(out, cx);
  if (!write_value(&w, self, 0)) return false;
  if (echo && th_is_variable(self)) {
    const ThVariable *v = th_as_variable(self);
    th_text_add(out, v->name ? " ~ " : "   random variable");
    if (v->name && !write_law(&w, self)) return false;
  }
  return th_text_ok(out, cx);
}
