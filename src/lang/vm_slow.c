/* vm_slow.c - what instructions do beyond two numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each function ends by using up its temporaries. An operand may be overwritten in place when it is a
 * temporary, or the local that the result goes to, and nothing else holds it. */
#include <stdio.h>
#include <string.h>

#include "lang/formula.h"
#include "lang/live.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"
#include "val/traced.h"

static ThValue constant(const ThSession *session, size_t i) { return th_vm_constants(session)[i]; }

bool th_vm_unset_local(ThSession *session, size_t reg) {
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  const ThPrototype *p = frame->prototype;
  const ThSymbol *name = reg < p->n_named ? p->local_names[reg] : NULL;
  if (SIZE_MAX - reg < p->n_captures) name = p->captures[SIZE_MAX - reg].name;
  const char *spelling = name ? name->spelling : "the loop's variable";
  th_fail(&session->cx, TH_ERROR_NAME, "`%s` has no value yet: it is local to %s%s%s, which assigns it later",
          spelling, p->name ? "`" : "this function", p->name ? p->name->spelling : "", p->name ? "`" : "");
  return th_hint(&session->cx, "pass the outer `%s` as an argument, or return the new value", spelling);
}

/* An unset operand is a local that was read too early; `operand` is its place among the operands. */
static bool check_set(ThSession *session, ThValue v, size_t reg, int operand) {
  if (!th_is_unset(v)) return true;
  bool never = th_vm_unset_local(session, reg);
  session->cx.error.argument = operand;
  return never;
}

static unsigned reusable(const ThSession *session, size_t reg, size_t target, unsigned flag) {
  return th_vm_is_temporary(session, reg) || reg == target ? flag : 0;
}

/* Stores a result that is owned. */
static void store(ThValue *slot, ThValue result) { th_replace_take(slot, result); }

/* A matrix times a vector is elementwise; told once, where it was typed. */
static void note_product(ThSession *session, ThValue left, ThValue right) {
  char a[64], b[64], x[64], y[64];
  if (session->vm.n_frames != 1 || !th_is_array(left) || !th_is_array(right)) return;
  const ThArray *m = th_as_array(left), *v = th_as_array(right);
  if (m->rank != 2 || v->rank != 1 || m->shape[1] != v->length) return;
  if (!th_advise(&session->cx, TH_ADVICE_MATRIX_PRODUCT)) return;
  th_note(&session->cx, "shapes %s and %s multiply elementwise; the matrix product is `%s @ %s`",
          th_shape_text(m->rank, m->shape, a, sizeof a), th_shape_text(v->rank, v->shape, b, sizeof b),
          th_operand(&session->cx, 0, "A", x, sizeof x), th_operand(&session->cx, 1, "x", y, sizeof y));
}

/* The operation, over the memory of a global that its result goes to, if that is the only holder. Such an
 * operation is not interrupted half-way: the global must stay whole. */
static bool run_arithmetic(ThSession *session, ThOperator op, ThValue left, ThValue right, unsigned reuse,
                           ThValue *out) {
  ThContext *cx = &session->cx;
  bool cheap = op <= TH_OP_DIVIDE; /* takes no noticeable time */
  ThLoan loan = cheap && (reuse & TH_REUSE_LEFT) ? th_vm_lend(session, left, 1) : (ThLoan){0};
  if (!loan.variable && cheap && (reuse & TH_REUSE_RIGHT)) loan = th_vm_lend(session, right, 1);
  if (!loan.variable) return th_binary(cx, op, left, right, reuse, out);
  volatile sig_atomic_t *interrupt = cx->interrupt;
  cx->interrupt = NULL;
  bool ok = th_binary(cx, op, left, right, reuse, out);
  cx->interrupt = interrupt;
  if (!ok) th_vm_take_back(&loan);
  return ok;
}

bool th_vm_arithmetic(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op, int form) {
  ThValue left = form == 2 ? constant(session, ins->b) : base[ins->b];
  ThValue right = form == 1 ? constant(session, ins->c) : base[ins->c], result;
  unsigned reuse = 0;
  if (form != 2) reuse |= reusable(session, ins->b, ins->a, TH_REUSE_LEFT);
  if (form != 1) reuse |= reusable(session, ins->c, ins->a, TH_REUSE_RIGHT);
  if (!check_set(session, left, ins->b, 1) || !check_set(session, right, ins->c, 2)) return false;
  bool done;
  if (!th_vm_chain(session, base, ins, left, right, &done)) return false;
  if (done) return true;
  if (op == TH_OP_MULTIPLY) note_product(session, left, right);
  if (!run_arithmetic(session, op, left, right, reuse, &result)) return false;
  if (form != 2 && ins->b != ins->a) th_vm_used(session, base, ins->b);
  if (form != 1 && ins->c != ins->a) th_vm_used(session, base, ins->c);
  store(&base[ins->a], result);
  return true;
}

static ThOperator mirrored(ThOperator op) { return op == TH_OP_LESS ? TH_OP_GREATER : TH_OP_GREATER_EQUAL; }

/* `a` of the instruction is 1 when the operands were exchanged: a > b runs as b < a. */
bool th_vm_compare(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op, int form,
                   ThValue *out) {
  ThValue left = form == 2 ? constant(session, ins->b) : base[ins->b];
  ThValue right = form == 1 ? constant(session, ins->c) : base[ins->c];
  if (!check_set(session, left, ins->b, 1) || !check_set(session, right, ins->c, 2)) return false;
  bool ok = ins->a ? th_binary(&session->cx, mirrored(op), right, left, 0, out)
                   : th_binary(&session->cx, op, left, right, 0, out);
  if (!ok) return false;
  if (form != 2) th_vm_used(session, base, ins->b);
  if (form != 1) th_vm_used(session, base, ins->c);
  return true;
}

bool th_vm_binary(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue *pair = &base[ins->b], result;
  bool done;
  if (!th_vm_chain(session, base, ins, pair[0], pair[1], &done)) return false;
  if (done) return true;
  if (!th_binary(&session->cx, (ThOperator)ins->c, pair[0], pair[1], TH_REUSE_LEFT | TH_REUSE_RIGHT, &result))
    return false;
  store(&pair[0], th_number(0));
  store(&pair[1], th_number(0));
  store(&base[ins->a], result);
  return true;
}

bool th_vm_unary(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op) {
  ThValue result;
  bool done;
  if (!check_set(session, base[ins->b], ins->b, 1) ||
      !th_vm_chain(session, base, ins, base[ins->b], th_none(), &done))
    return false;
  if (done) return true;
  if (!th_unary(&session->cx, op, base[ins->b], &result)) return false;
  th_vm_used(session, base, ins->b);
  store(&base[ins->a], result);
  return true;
}

bool th_vm_global(ThSession *session, size_t index, ThValue *out) {
  const ThGlobal *global = &session->globals[index];
  if (th_is_unset(global->value) && global->defined) {
    if (!th_live_refresh(session, th_live_find(session, index))) return false;
    global = &session->globals[index];
  }
  ThValue v = th_is_unset(global->value) ? global->builtin : global->value;
  if (th_is_unset(v)) return th_vm_undefined(session, th_symbol_at(&session->cx, index));
  *out = th_retain(v);
  return true;
}

bool th_vm_global_read(ThSession *session, size_t index, ThValue *out) {
  return th_live_read(session, index) && th_vm_global(session, index, out);
}

/* The first assignment of a name, or one that others hang on. */
bool th_vm_set_global(ThSession *session, size_t index, ThValue *value) {
  if (session->globals[index].watched && !th_live_keep(session, index, *value)) return false;
  ThGlobal *global = &session->globals[index];
  if (global->order == 0) global->order = ++session->last_order;
  if (global->defined) th_live_forget(session, index);
  bool same = global->value.bits == value->bits; /* values do not change in place while two hold them */
  th_replace_take(&global->value, *value);
  *value = th_number(0);
  if (global->watched && !same) th_live_changed(session, index);
  return true;
}

bool th_vm_index_one(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue result;
  if (!check_set(session, base[ins->b], ins->b, 1) || !check_set(session, base[ins->c], ins->c, 2))
    return false;
  if (!th_get_index(&session->cx, base[ins->b], &base[ins->c], 1, &result))
    return th_vm_not_indexed(session, base[ins->b]);
  th_vm_used(session, base, ins->b);
  th_vm_used(session, base, ins->c);
  store(&base[ins->a], result);
  return true;
}

bool th_vm_index(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue *container = &base[ins->a], result;
  if (!th_get_index(&session->cx, *container, container + 1, ins->b, &result))
    return th_vm_not_indexed(session, *container);
  for (size_t i = 1; i <= ins->b; i++) store(&container[i], th_number(0));
  store(container, result);
  return true;
}

bool th_vm_field(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue result;
  ThSymbol *name = ((const ThNames *)th_as_object(constant(session, ins->c)))->names[0];
  if (!check_set(session, base[ins->b], ins->b, 1)) return false;
  if (!th_get_field(&session->cx, base[ins->b], name, &result)) return th_vm_no_field(session);
  th_vm_used(session, base, ins->b);
  store(&base[ins->a], result);
  return true;
}

bool th_vm_length(ThSession *session, ThValue *base, const ThInstruction *ins) {
  size_t length;
  if (!check_set(session, base[ins->b], ins->b, 1) || !th_length(&session->cx, base[ins->b], ins->c, &length))
    return false;
  store(&base[ins->a], th_number((double)length));
  return true;
}

bool th_vm_interval(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue *x = &base[ins->a], above, below, result;
  ThContext *cx = &session->cx;
  if (!th_binary(cx, TH_OP_GREATER, x[0], x[1], 0, &above)) return false;
  bool ok = th_binary(cx, TH_OP_LESS, x[0], x[2], 0, &below);
  if (ok) {
    ok = th_binary(cx, TH_OP_AND, above, below, TH_REUSE_LEFT, &result);
    th_release(below);
  }
  th_release(above);
  if (!ok) return false;
  for (size_t i = 0; i < 3; i++) store(&x[i], th_number(0));
  store(x, result);
  return true;
}

/* Whether a scalar on the left of `and` or `or` decides; R[a] is then that bool. */
bool th_vm_logic(ThSession *session, ThValue *base, const ThInstruction *ins, bool *decided) {
  ThValue *slot = &base[ins->a];
  bool truth, is_or = ins->code == TH_INS_OR;
  double x;
  *decided = false;
  if (!check_set(session, *slot, ins->a, 1)) return false;
  if (!th_to_number(*slot, &x)) return true;
  if (!th_condition(&session->cx, *slot, &truth)) return false;
  *decided = truth == is_or;
  store(slot, th_bool(truth));
  return true;
}

bool th_vm_closure(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThPrototype *p = th_as_prototype(constant(session, ins->b));
  ThFunction *f = th_function_new(&session->cx, p);
  if (!f) return false;
  for (size_t i = 0; i < f->n_captured; i++) {
    const ThCapture *capture = &p->captures[i];
    ThValue v;
    if (!capture->from_local) v = th_as_function(base[-1])->captured[capture->index];
    else v = capture->index == TH_NO_REGISTER ? base[-1] : base[capture->index];
    f->captured[i] = th_retain(v);
  }
  store(&base[ins->a], th_object(f));
  return true;
}

static bool build_list(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThList *list = th_list_new(cx, n);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0; i < n; i++)
    if (!th_list_push_take(cx, list, th_retain(items[i]))) {
      th_release(*out);
      return false;
    }
  return true;
}

static bool build_record(ThContext *cx, const ThNames *names, const ThValue *items, ThValue *out) {
  ThRecord *record = th_record_new(cx, names->length);
  if (!record) return false;
  *out = th_object(record);
  for (size_t i = 0; i < names->length; i++)
    if (!th_record_set_take(cx, record, names->names[i], th_retain(items[i]))) {
      th_release(*out);
      return false;
    }
  return true;
}

/* One row of a matrix as a vector; a row that is one vector or matrix stands for itself. */
static bool build_row(ThContext *cx, const ThList *row, size_t i, ThValue *out) {
  uint32_t rank;
  const size_t *shape;
  if (row->length == 1 && th_traced_shape(row->items[0], &rank, &shape)) {
    *out = th_retain(row->items[0]);
    return true;
  }
  if (!th_stack(cx, row->items, row->length, out)) return false;
  if (th_traced_shape(*out, &rank, &shape) && rank == 1) return true;
  th_release(*out);
  th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "row %zu of this matrix is not made of numbers", i + 1);
  return th_hint(cx, "blocks are joined by concat(A, B, axis = 2); a list is list(…)");
}

static size_t count_elements(uint32_t rank, const size_t *shape) {
  size_t n = 1;
  for (uint32_t i = 0; i < rank; i++) n *= shape[i];
  return n;
}

/* Rows of equal length, one over the other. */
static bool stack_rows(ThContext *cx, const ThValue *rows, size_t n, ThValue *out) {
  for (size_t i = 0; i < n; i++) {
    uint32_t rank, rank_first;
    const size_t *row, *first;
    bool fine = th_traced_shape(rows[i], &rank, &row) && th_traced_shape(rows[0], &rank_first, &first) &&
                rank == rank_first;
    if (fine && (rank != 1 || row[0] == first[0])) continue;
    size_t length = count_elements(rank, row);
    th_fail_argument(cx, (int)i + 1, TH_ERROR_SHAPE, "row %zu has %zu element%s, row 1 has %zu", i + 1,
                     length, length == 1 ? "" : "s", count_elements(rank_first, first));
    return false;
  }
  return th_stack(cx, rows, n, out);
}

static bool build_rows(ThContext *cx, const ThValue *lists, size_t n, ThValue *out) {
  ThList *rows = th_list_new(cx, n);
  if (!rows) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue row;
    ok = build_row(cx, th_as_list(lists[i]), i, &row) && th_list_push_take(cx, rows, row);
  }
  ok = ok && stack_rows(cx, rows->items, n, out);
  th_release(th_object(rows));
  return ok;
}

bool th_vm_range_part(ThContext *cx, ThValue v, size_t i, double *out) {
  static const char *const parts[] = {"start", "step", "end"};
  char text[96];
  ThValue settled;
  if (th_is_number(v)) {
    *out = th_as_number(v);
    return true;
  }
  if (!th_settle(cx, v, &settled)) return false;
  bool is_number = th_to_number(settled, out);
  th_release(settled);
  if (is_number) return true;
  th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "the %s of a range is a number, got %s", parts[i],
                   th_describe(v, text, sizeof text));
  cx->error.undecided = th_is_object(v) && th_as_object(v)->kind->lift_call;
  if (cx->error.undecided) return th_hint(cx, "a function of it may count so far: `f(n) = …`, then `f(N)`");
  return i == 0 && th_is_string(v) ? th_hint(cx, "a record is written (name = value)") : false;
}

static bool build_range(ThContext *cx, const ThValue *items, ThValue *out) {
  double x[3];
  for (size_t i = 0; i < 3; i++)
    if (!th_vm_range_part(cx, items[i], i, &x[i])) return false;
  return th_range(cx, x[0], x[1], x[2], out);
}

static bool join(ThContext *cx, const ThValue *pieces, size_t n, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  for (size_t i = 0; i < n; i++) {
    const ThString *piece = th_as_string(pieces[i]);
    th_text_bytes(&text, piece->text, piece->length);
  }
  bool ok = th_text_ok(&text, cx) && th_string(cx, th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

/* A value inside a string: by the format, or as it prints, strings without their quotes. */
static bool format_piece(ThContext *cx, ThValue v, const ThString *format, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok;
  if (format->length) ok = th_format_spec(cx, v, format->text, format->length, &text);
  else ok = th_format(cx, v, TH_STYLE_INLINE, &text);
  ok = ok && th_text_ok(&text, cx) && th_string(cx, th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

bool th_vm_build(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThContext *cx = &session->cx;
  ThValue *items = &base[ins->b], result;
  size_t n = ins->c;
  bool ok;
  switch ((ThInstructionCode)ins->code) {
    case TH_INS_ARRAY: ok = th_stack(cx, items, n, &result); break;
    case TH_INS_ROWS: ok = build_rows(cx, items, n, &result); break;
    case TH_INS_LIST: ok = build_list(cx, items, n, &result); break;
    case TH_INS_FORMULA: ok = th_formula_new(cx, items, n, &result); break;
    case TH_INS_JOIN: ok = join(cx, items, n, &result); break;
    case TH_INS_RECORD:
      items = &base[ins->a];
      ok = build_record(cx, (const ThNames *)th_as_object(constant(session, ins->b)), items, &result);
      break;
    case TH_INS_RANGE:
      items = &base[ins->a];
      n = 3;
      ok = build_range(cx, items, &result);
      break;
    default: /* FORMAT */
      if (!check_set(session, *items, ins->b, 1)) return false;
      ok = format_piece(cx, *items, th_as_string(constant(session, ins->c)), &result);
      n = th_vm_is_temporary(session, ins->b) ? 1 : 0;
  }
  if (!ok) return false;
  for (size_t i = 0; i < n; i++) store(&items[i], th_number(0));
  store(&base[ins->a], result);
  return true;
}
