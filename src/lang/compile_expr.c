/* compile_expr.c - expressions to code */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A local name is its own register; every other operand gets a temporary. Where the right operand holds a
 * block, which may assign, a local on the left is copied first. */
#include <string.h>

#include "lang/compiler.h"
#include "lang/excerpt.h"
#include "lang/session.h"
#include "val/array.h"
#include "val/basic.h"

static bool compile_constant(ThScope *s, const ThNode *node, ThValue value, uint16_t target) {
  uint16_t index;
  return th_constant_take(s, value, &index) && th_emit_abc(s, TH_INS_CONSTANT, target, index, 0, node);
}

/* 2i is refused where a variable i could have been meant. */
static bool compile_imaginary(ThScope *s, const ThNode *node, uint16_t target) {
  ThSymbol *i = th_symbol_of(s->cx, "i");
  ThWhere where;
  uint16_t index;
  ThValue z, known;
  if (!i || !th_resolve(s, i, &where, &index)) return false;
  if (where != TH_GLOBAL_NAME || th_session_get(th_session_of(s->cx), i, &known)) {
    const char *text = s->tree->source->text + node->span.start;
    int digits = (int)(node->span.end - node->span.start) - 1;
    th_compile_error(s, node, "this may mean a complex number or a product with the variable `i`");
    return th_hint(s->cx, "the product is `%.*s*i`; for the complex number give the variable another name",
                   digits, text);
  }
  return th_complex(s->cx, node->number * (double complex)I, &z) && compile_constant(s, node, z, target);
}

static bool compile_string(ThScope *s, const ThNode *node, uint16_t target) {
  ThValue text;
  return th_string(s->cx, node->text, node->length, &text) && compile_constant(s, node, text, target);
}

static bool compile_name(ThScope *s, const ThNode *node, uint16_t target) {
  ThWhere where;
  uint16_t index;
  if (!th_resolve(s, node->name, &where, &index)) return false;
  ThInstruction global = {.code = TH_INS_GLOBAL, .a = target};
  switch (where) {
    case TH_LOCAL_NAME: return th_emit_abc(s, TH_INS_MOVE, target, index, 0, node);
    case TH_CAPTURED_NAME: return th_emit_abc(s, TH_INS_CAPTURED, target, index, 0, node);
    case TH_SELF_NAME: return th_emit_abc(s, TH_INS_SELF, target, 0, 0, node);
    default: break;
  }
  global.offset = (int32_t)node->name->index;
  return th_emit(s, global, node, NULL, 0);
}

bool th_compile_operand(ThScope *s, const ThNode *node, uint16_t *reg) {
  if (node->kind == TH_NODE_NAME) {
    ThWhere where;
    if (!th_resolve(s, node->name, &where, reg)) return false;
    if (where == TH_LOCAL_NAME) return true;
  }
  return th_temporary(s, node, reg) && th_compile_to(s, node, *reg);
}

/* The left operand of an operation whose result goes to `target`: a temporary there can hold it until then. */
static bool compile_left(ThScope *s, const ThNode *node, uint16_t target, uint16_t *reg) {
  if (node->kind == TH_NODE_NAME || target == TH_NO_REGISTER || th_is_local(s, target))
    return th_compile_operand(s, node, reg);
  *reg = target;
  return th_compile_to(s, node, target);
}

/* Two operands; a local on the left is copied when the right may assign it. */
static bool compile_two(ThScope *s, const ThNode *a, const ThNode *b, uint16_t target, uint16_t *left,
                        uint16_t *right) {
  if (b->flags & TH_FLAG_ASSIGNS) {
    if (!th_temporary(s, a, left) || !th_compile_to(s, a, *left)) return false;
  } else if (!compile_left(s, a, target, left)) {
    return false;
  }
  return th_compile_operand(s, b, right);
}

/* The constant of a number literal, its sign folded in. */
static bool literal(const ThNode *node, double *x) {
  if (node->kind == TH_NODE_NUMBER) {
    *x = node->number;
    return true;
  }
  if (node->kind == TH_NODE_UNARY && node->op == TH_OP_NEGATE && literal(node->items[0], x)) {
    *x = -*x;
    return true;
  }
  return false;
}

/* The two operands of an operation and its code: `base` is the RR form, RK and KR follow it; b and c are registers
 * or constants accordingly. */
static bool compile_three_forms(ThScope *s, ThNode *const *operands, uint16_t target, int base, uint16_t *b,
                                uint16_t *c, int *code) {
  double x;
  if (literal(operands[1], &x)) {
    *code = base + 1;
    return compile_left(s, operands[0], target, b) && th_constant_take(s, th_number(x), c);
  }
  if (literal(operands[0], &x)) {
    *code = base + 2;
    return th_constant_take(s, th_number(x), b) && th_compile_operand(s, operands[1], c);
  }
  *code = base;
  return compile_two(s, operands[0], operands[1], target, b, c);
}

static int arithmetic_code(ThOperator op) {
  switch (op) {
    case TH_OP_ADD: return TH_INS_ADD_RR;
    case TH_OP_SUBTRACT: return TH_INS_SUBTRACT_RR;
    case TH_OP_MULTIPLY: return TH_INS_MULTIPLY_RR;
    case TH_OP_DIVIDE: return TH_INS_DIVIDE_RR;
    case TH_OP_REMAINDER: return TH_INS_REMAINDER_RR;
    case TH_OP_POWER: return TH_INS_POWER_RR;
    default: return -1;
  }
}

bool th_emit_operation(ThScope *s, ThOperator op, uint16_t target, uint16_t first, const ThNode *site) {
  int code = arithmetic_code(op);
  return code < 0 ? th_emit_abc(s, TH_INS_BINARY, target, first, (uint16_t)op, site)
                  : th_emit_abc(s, (ThInstructionCode)code, target, first, (uint16_t)(first + 1), site);
}

/* x in (a, b) */
static bool compile_interval(ThScope *s, const ThNode *node, uint16_t target) {
  const ThNode *interval = node->items[1];
  uint16_t base, top = s->top;
  if (!th_temporaries(s, node, 3, &base)) return false;
  bool ok = th_compile_to(s, node->items[0], base) &&
            th_compile_to(s, interval->items[0], (uint16_t)(base + 1)) &&
            th_compile_to(s, interval->items[1], (uint16_t)(base + 2)) &&
            th_emit_abc(s, TH_INS_INTERVAL, base, 0, 0, node) &&
            th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}

static bool compile_binary(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t b, c, top = s->top;
  int code = arithmetic_code(node->op);
  if (node->op == TH_OP_IN && node->items[1]->kind == TH_NODE_INTERVAL)
    return compile_interval(s, node, target);
  bool ok;
  if (code >= 0) {
    ok = compile_three_forms(s, node->items, target, code, &b, &c, &code) &&
         th_emit_abc(s, (ThInstructionCode)code, target, b, c, node);
  } else {
    ok = th_temporaries(s, node, 2, &b) && th_compile_to(s, node->items[0], b) &&
         th_compile_to(s, node->items[1], (uint16_t)(b + 1)) &&
         th_emit_abc(s, TH_INS_BINARY, target, b, (uint16_t)node->op, node);
  }
  s->top = top;
  return ok;
}

static bool compile_unary(ThScope *s, const ThNode *node, uint16_t target) {
  double x;
  if (literal(node, &x)) return compile_constant(s, node, th_number(x), target);
  uint16_t b, top = s->top;
  ThInstructionCode code = node->op == TH_OP_NEGATE ? TH_INS_NEGATE
                           : node->op == TH_OP_NOT  ? TH_INS_NOT
                                                    : TH_INS_UNARY;
  bool ok = th_compile_operand(s, node->items[0], &b) &&
            th_emit_abc(s, code, target, b, (uint16_t)node->op, node);
  s->top = top;
  return ok;
}

/* a and b: a scalar a decides alone; else both are combined. */
static bool compile_logic(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t base, top = s->top;
  ThJumps decided = {0};
  ThInstructionCode code = node->kind == TH_NODE_AND ? TH_INS_AND : TH_INS_OR;
  ThOperator op = node->kind == TH_NODE_AND ? TH_OP_AND : TH_OP_OR;
  bool ok = th_temporaries(s, node, 2, &base) && th_compile_to(s, node->items[0], base) &&
            th_emit_jump(s, code, base, node->items[0], &decided) &&
            th_compile_to(s, node->items[1], (uint16_t)(base + 1)) &&
            th_emit_abc(s, TH_INS_BINARY, base, base, (uint16_t)op, node);
  th_patch_here(s, &decided);
  ok = ok && th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}

static ThNode chain_link(const ThNode *node, size_t i) {
  return (ThNode){.kind = TH_NODE_BINARY,
                  .span = node->span,
                  .op = (ThOperator)node->ops[i],
                  .n_items = 2,
                  .items = node->items + i};
}

/* One link of a chain into `result`: items[i] stands in `left`; items[i + 1] is kept in `keep` for the next. */
static bool compile_link(ThScope *s, const ThNode *node, size_t i, uint16_t left, uint16_t keep,
                         uint16_t result) {
  bool last = i + 2 == node->n_items;
  ThNode link = chain_link(node, i);
  const ThNode *right = node->items[i + 1];
  if (right->kind == TH_NODE_INTERVAL) return th_compile_error(s, right, "an interval ends a comparison");
  return th_compile_to(s, right, (uint16_t)(left + 1)) &&
         (last || th_emit_abc(s, TH_INS_MOVE, keep, (uint16_t)(left + 1), 0, right)) &&
         th_emit_abc(s, TH_INS_BINARY, result, left, (uint16_t)link.op, &link);
}

/* a < b <= c: each operand once; the results are joined by and. */
static bool compile_chain(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t base, top = s->top;
  ThJumps decided = {0};
  if (!th_temporaries(s, node, 5, &base)) return false;
  uint16_t result = base, next = (uint16_t)(base + 1), left = (uint16_t)(base + 2),
           keep = (uint16_t)(base + 4);
  bool ok = th_compile_to(s, node->items[0], left);
  for (size_t i = 0; ok && i + 1 < node->n_items; i++) {
    if (i > 0)
      ok = th_emit_jump(s, TH_INS_AND, result, node, &decided) &&
           th_emit_abc(s, TH_INS_TAKE, left, keep, 0, node);
    ok = ok && compile_link(s, node, i, left, keep, i == 0 ? result : next) &&
         (i == 0 || th_emit_abc(s, TH_INS_BINARY, result, result, TH_OP_AND, node));
  }
  th_patch_here(s, &decided);
  ok = ok && th_emit_abc(s, TH_INS_DROP, keep, 0, 0, node) &&
       th_emit_abc(s, TH_INS_TAKE, target, result, 0, node);
  s->top = top;
  return ok;
}

/* Consecutive temporaries with the values of `items`. */
static bool compile_items(ThScope *s, ThNode *const *items, size_t n, const ThNode *site, uint16_t *first) {
  if (!th_temporaries(s, site, n, first)) return false;
  for (size_t i = 0; i < n; i++) {
    const ThNode *item = items[i]->kind == TH_NODE_NAMED ? items[i]->items[0] : items[i];
    if (!th_compile_to(s, item, (uint16_t)(*first + i))) return false;
  }
  return true;
}

static bool compile_list(ThScope *s, const ThNode *node, ThInstructionCode code, uint16_t target) {
  uint16_t first, top = s->top;
  bool ok = compile_items(s, node->items, node->n_items, node, &first) &&
            th_emit_abc(s, code, target, first, (uint16_t)node->n_items, node);
  s->top = top;
  return ok;
}

/* The number literals of `[1, 2, -3]`, or of a row; false when there are other items. */
static bool read_literals(const ThNode *node, double *x) {
  for (size_t i = 0; i < node->n_items; i++)
    if (!literal(node->items[i], &x[i])) return false;
  return node->n_items > 0;
}

/* An array of nothing but number literals is a constant, however long it is. *array is NULL when it is not one. */
static bool literal_array(ThScope *s, const ThNode *node, bool rows, ThArray **array) {
  size_t shape[2] = {node->n_items, rows ? node->items[0]->n_items : 0};
  size_t row_length = rows ? shape[1] : node->n_items;
  bool plain = true;
  double first;
  *array = NULL;
  if (row_length == 0 || !literal(rows ? node->items[0]->items[0] : node->items[0], &first)) return true;
  *array = th_array_new(s->cx, TH_DOUBLE, rows ? 2 : 1, shape);
  if (!*array) return false;
  for (size_t i = 0; rows && plain && i < node->n_items; i++)
    plain = node->items[i]->n_items == row_length &&
            read_literals(node->items[i], (*array)->real + i * row_length);
  if (rows ? plain : read_literals(node, (*array)->real)) return true;
  th_release(th_object(*array));
  *array = NULL;
  return true;
}

static bool compile_array(ThScope *s, const ThNode *node, uint16_t target) {
  bool rows = node->n_items > 0 && node->items[0]->kind == TH_NODE_ROW;
  ThArray *array;
  if (!literal_array(s, node, rows, &array)) return false;
  if (array) return compile_constant(s, node, th_object(array), target);
  return compile_list(s, node, rows ? TH_INS_ROWS : TH_INS_ARRAY, target);
}

static bool compile_record(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t first, names_index, top = s->top;
  ThNames *names = th_names_new(s->cx, node->n_items);
  if (!names) return false;
  for (size_t i = 0; i < node->n_items; i++) {
    names->names[i] = node->items[i]->name;
    for (size_t j = 0; j < i; j++)
      if (names->names[j] == names->names[i]) {
        th_release(th_object(names));
        return th_compile_error(s, node->items[i], "two fields named `%s`", node->items[i]->name->spelling);
      }
  }
  bool ok = th_constant_take(s, th_object(names), &names_index) &&
            compile_items(s, node->items, node->n_items, node, &first) &&
            th_emit_abc(s, TH_INS_RECORD, first, names_index, (uint16_t)node->n_items, node) &&
            th_emit_abc(s, TH_INS_TAKE, target, first, 0, node);
  s->top = top;
  return ok;
}

static bool compile_range(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t base, top = s->top;
  if (!th_temporaries(s, node, 3, &base)) return false;
  bool ok = th_compile_to(s, node->items[0], base) &&
            (node->items[1] ? th_compile_to(s, node->items[1], (uint16_t)(base + 1))
                            : compile_constant(s, node, th_number(1), (uint16_t)(base + 1))) &&
            th_compile_to(s, node->items[2], (uint16_t)(base + 2)) &&
            th_emit_abc(s, TH_INS_RANGE, base, 0, 0, node) &&
            th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}

static bool compile_field(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t b, name, top = s->top;
  ThNode word = {.span = {(uint32_t)node->n_before, node->span.end}}; /* where an unknown field is shown */
  bool ok = th_compile_operand(s, node->items[0], &b) && th_constant_symbol(s, node->name, &name) &&
            th_emit(s, (ThInstruction){.code = TH_INS_FIELD, .a = target, .b = b, .c = name}, node,
                    (ThNode *[]){node->items[0], &word}, 2);
  s->top = top;
  return ok;
}

static bool compile_formatted(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t b, format, top = s->top;
  ThValue text;
  bool ok = th_string(s->cx, node->text, node->length, &text) && th_constant_take(s, text, &format) &&
            th_compile_operand(s, node->items[0], &b) &&
            th_emit_abc(s, TH_INS_FORMAT, target, b, format, node);
  s->top = top;
  return ok;
}

static bool compile_end(ThScope *s, const ThNode *node, uint16_t target) {
  if (!s->end.active) return th_compile_error(s, node, "`end` stands only inside an index");
  return th_emit_abc(s, TH_INS_LENGTH, target, s->end.container, s->end.axis, node);
}

static bool is_simple_comparison(const ThNode *node) {
  return node->kind == TH_NODE_BINARY && node->op >= TH_OP_EQUAL && node->op <= TH_OP_GREATER_EQUAL;
}

static int comparison_code(ThOperator op) {
  switch (op) {
    case TH_OP_EQUAL: return TH_INS_EQUAL_RR;
    case TH_OP_NOT_EQUAL: return TH_INS_NOT_EQUAL_RR;
    case TH_OP_LESS:
    case TH_OP_GREATER: return TH_INS_LESS_RR;
    default: return TH_INS_LESS_EQUAL_RR;
  }
}

/* Compare and jump in one instruction; a > b runs as b < a, operands still evaluated left first. */
static bool compile_comparison(ThScope *s, const ThNode *node, ThJumps *if_false) {
  uint16_t b, c, top = s->top;
  int code;
  bool swap = node->op == TH_OP_GREATER || node->op == TH_OP_GREATER_EQUAL;
  if (!compile_three_forms(s, node->items, TH_NO_REGISTER, comparison_code(node->op), &b, &c, &code))
    return false;
  int form = code - comparison_code(node->op);
  if (swap) {
    uint16_t keep = b;
    b = c, c = keep;
    code = comparison_code(node->op) + (form == 0 ? 0 : 3 - form);
  }
  s->top = top;
  return th_emit_abc(s, (ThInstructionCode)code, swap, b, c, node) && th_emit_word(s, node, if_false);
}

/* a < b <= c, whose inner operands may as well be evaluated twice. */
static bool is_plain_chain(const ThNode *node) {
  bool plain = node->kind == TH_NODE_CHAIN;
  for (size_t i = 0; plain && i + 1 < node->n_items; i++)
    plain = node->ops[i] >= TH_OP_EQUAL && node->ops[i] <= TH_OP_GREATER_EQUAL &&
            (i == 0 || node->items[i]->kind == TH_NODE_NAME || node->items[i]->kind == TH_NODE_NUMBER);
  return plain;
}

/* Link by link, as `a < b and b <= c`. */
static bool compile_plain_chain(ThScope *s, const ThNode *node, ThJumps *if_false) {
  bool ok = true;
  for (size_t i = 0; ok && i + 1 < node->n_items; i++) {
    ThNode link = chain_link(node, i);
    ok = compile_comparison(s, &link, if_false);
  }
  return ok;
}

/* a or b: b is asked where a does not hold. */
static bool compile_either(ThScope *s, const ThNode *node, ThJumps *if_false) {
  ThJumps ask_other = {0}, holds = {0};
  bool ok = th_compile_condition(s, node->items[0], &ask_other) &&
            th_emit_jump(s, TH_INS_JUMP, 0, node, &holds);
  th_patch_here(s, &ask_other);
  ok = ok && th_compile_condition(s, node->items[1], if_false);
  th_patch_here(s, &holds);
  return ok;
}

static bool compile_negated(ThScope *s, const ThNode *node, ThJumps *if_false) {
  ThJumps otherwise = {0};
  bool ok = th_compile_condition(s, node->items[0], &otherwise) &&
            th_emit_jump(s, TH_INS_JUMP, 0, node, if_false);
  th_patch_here(s, &otherwise);
  return ok;
}

bool th_compile_condition(ThScope *s, const ThNode *node, ThJumps *if_false) {
  if (is_simple_comparison(node)) return compile_comparison(s, node, if_false);
  if (is_plain_chain(node)) return compile_plain_chain(s, node, if_false);
  if (node->kind == TH_NODE_AND)
    return th_compile_condition(s, node->items[0], if_false) &&
           th_compile_condition(s, node->items[1], if_false);
  if (node->kind == TH_NODE_OR) return compile_either(s, node, if_false);
  if (node->kind == TH_NODE_UNARY && node->op == TH_OP_NOT) return compile_negated(s, node, if_false);
  uint16_t reg, top = s->top;
  bool ok = th_compile_operand(s, node, &reg) && th_emit_jump(s, TH_INS_JUMP_IF_FALSE, reg, node, if_false);
  s->top = top;
  return ok;
}

/* The condition of an `if` with a value hangs on one jump, so that a random variable can choose. */
static bool compile_choice_condition(ThScope *s, const ThNode *node, ThJumps *if_false, uint32_t *jump) {
  uint16_t reg, top = s->top;
  bool ok;
  if (is_simple_comparison(node)) {
    ok = compile_comparison(s, node, if_false);
    *jump = th_here(s) - 2;
  } else {
    ok = th_compile_operand(s, node, &reg) && th_emit_jump(s, TH_INS_JUMP_IF_FALSE, reg, node, if_false);
    *jump = th_here(s) - 1;
  }
  s->top = top;
  return ok;
}

static bool add_choice(ThScope *s, ThChoice choice) {
  ThPrototype *p = s->prototype;
  if (p->n_choices == p->choice_capacity) {
    uint32_t capacity = p->choice_capacity ? p->choice_capacity * 2 : 4;
    ThChoice *grown = th_resize(s->cx, p->choices, p->choice_capacity * sizeof *grown,
                                capacity * sizeof *grown);
    if (!grown) return false;
    p->choices = grown;
    p->choice_capacity = capacity;
  }
  p->choices[p->n_choices++] = choice;
  return true;
}

/* `if c { … }` at top level does something rather than having a value: its condition must be known. */
static bool is_statement_if(const ThScope *s, const ThNode *node) {
  return s->is_main && node == s->prototype->node && node->items[1]->kind == TH_NODE_BLOCK;
}

static bool compile_if(ThScope *s, const ThNode *node, uint16_t target) {
  ThJumps otherwise = {0}, done = {0};
  ThChoice choice = {.result = target};
  bool ok = compile_choice_condition(s, node->items[0], &otherwise, &choice.jump);
  choice.yes = th_here(s);
  ok = ok && th_compile_to(s, node->items[1], target) && th_emit_jump(s, TH_INS_JUMP, 0, node, &done);
  th_patch_here(s, &otherwise);
  choice.no = th_here(s);
  ok = ok && (node->items[2] ? th_compile_to(s, node->items[2], target)
                             : compile_constant(s, node, th_none(), target));
  th_patch_here(s, &done);
  choice.end = th_here(s);
  return ok && (is_statement_if(s, node) || add_choice(s, choice));
}

/* (1, 2) where a value is wanted, or (a = 1, 2) */
static bool refuse_tuple(ThScope *s, const ThNode *node) {
  char buffer[TH_EXCERPT_SIZE];
  bool named = false;
  const ThNode *bare = NULL;
  for (size_t i = 0; i < node->n_items; i++) {
    if (node->items[i]->kind == TH_NODE_NAMED) named = true;
    else if (!bare) bare = node->items[i];
  }
  if (named && bare) {
    th_compile_error(s, bare, "this field of a record has no name");
    return th_hint(s->cx, "write `name = %s`",
                   th_excerpt_text(s->tree->source->text, bare->span, "…", buffer));
  }
  ThSpan inside = {node->span.start + 1, node->span.end - 1};
  const char *text = th_excerpt_text(s->tree->source->text, inside, "a, b", buffer);
  th_compile_error(s, node, "`(a, b)` makes no value here");
  return th_hint(s->cx, "an array is `[%s]`, a list `list(%s)`; an interval stands after `in`", text, text);
}

/* A global name needs no reader: it is looked up when the formula is evaluated, and need not be a variable. */
static bool compile_reader(ThScope *s, const ThNode *reader, uint16_t target) {
  ThWhere where;
  uint16_t index;
  if (!th_resolve(s, reader->items[0]->name, &where, &index)) return false;
  if (where == TH_GLOBAL_NAME) return th_emit_abc(s, TH_INS_UNSET, target, 0, 0, reader);
  return th_compile_lambda(s, reader, NULL, false, target);
}

static bool compile_formula(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t first, top = s->top;
  size_t n = node->n_items;
  bool ok = th_temporaries(s, node, n, &first);
  for (size_t i = 0; ok && i < n; i++) {
    uint16_t to = (uint16_t)(first + i);
    ok = i + 2 < n ? compile_reader(s, node->items[i], to)
                   : th_compile_lambda(s, node->items[i], NULL, false, to);
  }
  ok = ok && th_emit_abc(s, TH_INS_FORMULA, target, first, (uint16_t)n, node);
  s->top = top;
  return ok;
}

bool th_compile_to(ThScope *s, const ThNode *node, uint16_t target) {
  const ThSymbol *renewed = s->renewed;
  s->renewed = NULL;
  switch (node->kind) {
    case TH_NODE_NUMBER: return compile_constant(s, node, th_number(node->number), target);
    case TH_NODE_IMAGINARY: return compile_imaginary(s, node, target);
    case TH_NODE_CONSTANT: return compile_constant(s, node, node->value, target);
    case TH_NODE_STRING: return compile_string(s, node, target);
    case TH_NODE_INTERPOLATION: return compile_list(s, node, TH_INS_JOIN, target);
    case TH_NODE_FORMATTED: return compile_formatted(s, node, target);
    case TH_NODE_NAME: return compile_name(s, node, target);
    case TH_NODE_ARRAY: return compile_array(s, node, target);
    case TH_NODE_ROW: return compile_list(s, node, TH_INS_LIST, target);
    case TH_NODE_RECORD: return compile_record(s, node, target);
    case TH_NODE_UNARY: return compile_unary(s, node, target);
    case TH_NODE_BINARY: return compile_binary(s, node, target);
    case TH_NODE_CHAIN: return compile_chain(s, node, target);
    case TH_NODE_AND:
    case TH_NODE_OR: return compile_logic(s, node, target);
    case TH_NODE_RANGE: return compile_range(s, node, target);
    case TH_NODE_CALL: return th_compile_call(s, node, target, renewed);
    case TH_NODE_QUERY: return th_compile_query(s, node, target);
    case TH_NODE_INDEX: return th_compile_index(s, node, target);
    case TH_NODE_FIELD: return compile_field(s, node, target);
    case TH_NODE_END: return compile_end(s, node, target);
    case TH_NODE_IF: return compile_if(s, node, target);
    case TH_NODE_BLOCK: return th_compile_block(s, node, target);
    case TH_NODE_LAMBDA: return th_compile_lambda(s, node, NULL, false, target);
    case TH_NODE_COMPREHENSION: return th_compile_comprehension(s, node, target);
    case TH_NODE_COLON: return compile_constant(s, node, th_none(), target);
    case TH_NODE_TUPLE: return refuse_tuple(s, node);
    case TH_NODE_INTERVAL: return th_compile_error(s, node, "an interval (a, b) stands only after `in`");
    case TH_NODE_WITH: return th_compile_with(s, node, target);
    case TH_NODE_FORMULA: return compile_formula(s, node, target);
    default: return th_compile_effect(s, node) && compile_constant(s, node, th_none(), target);
  }
}
