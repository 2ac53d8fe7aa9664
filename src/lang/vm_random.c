/* vm_random.c - conditions that are random variables, declarations, models */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the condition of an `if` expression is a random variable, both branches are run, each on a copy of
 * the code that stops where the branch ends, and the two values become one variable that chooses. */
#include <math.h>
#include <string.h>

#include "lang/excerpt.h"
#include "lang/vm.h"
#include "val/basic.h"
#include "val/traced.h"

static ThFrame *running(ThSession *session) { return &session->vm.frames[session->vm.n_frames - 1]; }

static const ThChoice *find_choice(const ThPrototype *p, uint32_t jump) {
  for (uint32_t i = 0; i < p->n_choices; i++)
    if (p->choices[i].jump == jump) return &p->choices[i];
  return NULL;
}

/* Says that what the code does next hangs on a random variable, after the error was filled: th_vm_call
 * may then make a variable of the whole call. */
static bool undecided(ThSession *session) {
  session->cx.error.undecided = true;
  return false;
}

/* Runs the code from `start` until it reaches `end`; the value is taken from register `result`. */
static bool run_branch(ThSession *session, uint32_t start, uint32_t end, uint16_t result, ThValue *out) {
  ThFrame *frame = running(session);
  ThPrototype *p = frame->prototype;
  const ThInstruction *code = frame->code, *pc = frame->pc;
  size_t n_frames = session->vm.n_frames;
  size_t size = (p->n_code + 1) * sizeof *code;
  ThInstruction *copy = th_alloc(&session->cx, size);
  if (!copy) return false;
  memcpy(copy, code, p->n_code * sizeof *code);
  copy[end] = (ThInstruction){.code = TH_INS_STOP};
  frame->code = copy;
  frame->pc = copy + start;
  session->cx.depth++;
  bool ok = th_vm_run(session, n_frames);
  session->cx.depth--;
  th_free(&session->cx, copy, size);
  if (!ok && session->cx.error.code == TH_ERROR_LIMIT)
    return undecided(session); /* a recursion that ends by chance */
  if (!ok) return false;
  frame->code = code;
  frame->pc = pc;
  *out = frame->base[result];
  frame->base[result] = th_number(0);
  return true;
}

static bool run_chosen(ThSession *session, uint32_t start, const ThChoice *choice, ThValue *out) {
  session->vm.n_choices++;
  bool ok = run_branch(session, start, choice->end, choice->result, out);
  session->vm.n_choices--;
  return ok;
}

static bool no_choice(ThSession *session) {
  th_fail(&session->cx, TH_ERROR_TYPE,
          "this condition is a random variable: it is neither true nor false yet");
  undecided(session);
  return th_hint(&session->cx,
                 "a function of it may choose: `f(x) = { if x … }`, then `f(X)`; its probability is P(…)");
}

bool th_vm_truth(ThSession *session, const ThInstruction *jump, ThValue condition, bool *truth) {
  if (th_condition(&session->cx, condition, truth)) return true;
  if (jump->code == TH_INS_JUMP_IF_FALSE) return false;
  ThSpan span;
  char buffer[TH_EXCERPT_SIZE];
  const char *text = th_vm_site_text(session, &span);
  session->cx.error.argument = 0; /* the whole comparison */
  return th_condition_hint(&session->cx, condition, th_excerpt_text(text, span, "…", buffer));
}

bool th_vm_choose(ThSession *session, const ThInstruction *jump, ThValue condition,
                  const ThInstruction **resume) {
  *resume = NULL;
  if (!session->hooks.is_random || !session->hooks.is_random(condition)) return true;
  ThFrame *frame = running(session);
  const ThChoice *choice = find_choice(frame->prototype, (uint32_t)(jump - frame->code));
  if (!choice || session->cx.depth >= TH_MAX_NESTING) return no_choice(session);
  ThChoice at = *choice;
  ThValue yes, no, chosen;
  if (!run_chosen(session, at.yes, &at, &yes)) return false;
  bool ok = run_chosen(session, at.no, &at, &no);
  if (ok) {
    ok = session->hooks.choose(&session->cx, condition, yes, no, &chosen);
    th_release(no);
  }
  th_release(yes);
  if (!ok) return false;
  frame = running(session);
  th_replace_take(&frame->base[at.result], chosen);
  *resume = frame->code + at.end;
  return true;
}

/* --- Calls that hang on random variables */

/* What can be settled is decided at once. */
static bool is_lifting(ThValue v) {
  return th_is_object(v) && th_as_object(v)->kind->lift_call && !th_as_object(v)->kind->settle;
}

bool th_vm_may_hang(const ThSession *session, ThValue function, const ThValue *values, size_t n) {
  const ThPrototype *p = th_as_function(function)->prototype;
  if (session->vm.tracer || session->cx.depth >= TH_MAX_NESTING / 2) return false;
  if (p->declares && !session->vm.attempting) return true;
  for (size_t i = 0; p->decides && i < n; i++)
    if (is_lifting(values[i])) return true;
  return false;
}

static bool lift(ThSession *session, ThValue function, const ThArguments *args, ThValue *out) {
  for (size_t i = 0; i < args->count; i++)
    if (is_lifting(args->values[i]))
      return th_as_object(args->values[i])->kind->lift_call(&session->cx, function, args, out);
  return false;
}

/* The outermost call that declares variables is simulated as a whole: those inside are parts of its course. */
bool th_vm_call_hanging(ThSession *session, ThValue function, const ThArguments *args,
                        bool (*call)(ThSession *, ThValue, const ThArguments *, ThValue *), ThValue *out) {
  ThVm *vm = &session->vm;
  bool simulates = th_as_function(function)->prototype->declares && session->hooks.simulate;
  bool outermost = simulates && !vm->attempting;
  if (outermost) vm->attempting = true;
  bool ok = call(session, function, args, out);
  if (outermost) vm->attempting = false;
  if (ok || !session->cx.error.undecided || (simulates && !outermost)) return ok;
  th_error_clear(&session->cx);
  return outermost ? session->hooks.simulate(&session->cx, function, args, out)
                   : lift(session, function, args, out);
}

/* The count of name[count]; SIZE_MAX for a single one. */
bool th_vm_count(ThSession *session, ThValue v, size_t *count) {
  double n;
  *count = SIZE_MAX;
  if (th_is_none(v)) return true;
  char text[96];
  if (!th_to_number(v, &n))
    return th_fail(&session->cx, TH_ERROR_TYPE, "the number of variables is a whole number, got %s",
                   th_describe(v, text, sizeof text));
  if (!(n >= 0) || n != floor(n) || n > 1e9)
    return th_fail(&session->cx, TH_ERROR_VALUE, "the number of variables is a whole number, got %g", n);
  *count = (size_t)n;
  return true;
}

/* Lines of a model run for a runner, and not in a branch that is run beside the other one. */
static bool may_report(ThSession *session) {
  if (session->vm.runner && session->vm.n_choices == 0) return true;
  if (session->vm.runner)
    return th_fail(&session->cx, TH_ERROR_TYPE, "this line of the model is run for some parameters only");
  th_fail(&session->cx, TH_ERROR_TYPE, "a model's body runs only when the model is fitted");
  return th_hint(&session->cx, "mle(m, d), map(m, d) and posterior(m, d) run it");
}

static bool run_parameter(ThSession *session, ThSymbol *name, ThValue *operands, ThValue *out) {
  const ThModelRunner *runner = session->vm.runner;
  size_t count;
  if (!may_report(session)) return false;
  return th_vm_count(session, operands[1], &count) &&
         runner->parameter(runner->self, &session->cx, name, operands[0], count, out);
}

/* An end of a range: a number, x, or what hangs on other parameters. */
static bool is_end(const ThSession *session, ThValue v, double *x) {
  if (th_to_number(v, x)) return true;
  return th_is_traced(v) || (session->hooks.is_random && session->hooks.is_random(v));
}

static bool run_free_parameter(ThSession *session, ThSymbol *name, ThValue *operands, ThValue *out) {
  const ThModelRunner *runner = session->vm.runner;
  size_t count;
  double lower = -(double)INFINITY, upper = (double)INFINITY;
  if (!may_report(session)) return false;
  if (!is_end(session, operands[1], &lower) || !is_end(session, operands[2], &upper))
    return th_fail(&session->cx, TH_ERROR_TYPE, "the range of `%s` has numbers as its ends", name->spelling);
  if (!(lower < upper))
    return th_fail(&session->cx, TH_ERROR_VALUE, "the range of `%s` is empty: (%g, %g)", name->spelling,
                   lower, upper);
  return th_vm_count(session, operands[0], &count) &&
         runner->free_parameter(runner->self, &session->cx, name, operands[1], operands[2], count, out);
}

static bool run_declare(ThSession *session, ThSymbol *name, ThValue *operands, ThValue *out) {
  const ThTracer *tracer = session->vm.tracer;
  size_t count;
  if (tracer)
    return th_vm_count(session, operands[1], &count) &&
           tracer->draw(tracer->self, &session->cx, name, operands[0], count, out);
  if (!session->hooks.declare)
    return th_fail(&session->cx, TH_ERROR_TYPE, "random variables are not available");
  return th_vm_count(session, operands[1], &count) &&
         session->hooks.declare(&session->cx, name, operands[0], count, out);
}

static bool run_model(ThSession *session, ThSymbol *name, ThValue body, ThValue *out) {
  if (!session->hooks.model) return th_fail(&session->cx, TH_ERROR_TYPE, "models are not available");
  return session->hooks.model(&session->cx, name, body, out);
}

/* Uses up n temporaries from `first`. */
static void drop(ThValue *first, size_t n) {
  for (size_t i = 0; i < n; i++) th_replace_take(&first[i], th_number(0));
}

static bool run_report(ThSession *session, ThValue *base, const ThInstruction *ins, ThSymbol *name) {
  const ThModelRunner *runner = session->vm.runner;
  if (!may_report(session)) return false;
  bool ok;
  if (ins->code == TH_INS_OBSERVE)
    ok = runner->observe(runner->self, &session->cx, name, base[ins->a], base[ins->c]);
  else if (ins->code == TH_INS_FACTOR) ok = runner->factor(runner->self, &session->cx, base[ins->a]);
  else ok = runner->deterministic(runner->self, &session->cx, name, base[ins->a]);
  drop(&base[ins->a], 1);
  if (ins->code == TH_INS_OBSERVE) drop(&base[ins->c], 1);
  if (ins->code == TH_INS_FACTOR) base[ins->a] = th_none();
  return ok;
}

bool th_vm_declare(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue *operands = &base[ins->c], result;
  ThSymbol *name = NULL;
  if (ins->code != TH_INS_FACTOR)
    name = ((const ThNames *)th_as_object(th_vm_constants(session)[ins->b]))->names[0];
  bool ok;
  switch ((ThInstructionCode)ins->code) {
    case TH_INS_DECLARE: ok = run_declare(session, name, operands, &result); break;
    case TH_INS_PARAMETER: ok = run_parameter(session, name, operands, &result); break;
    case TH_INS_FREE_PARAMETER: ok = run_free_parameter(session, name, operands, &result); break;
    case TH_INS_MODEL: ok = run_model(session, name, base[ins->a], &result); break;
    default: return run_report(session, base, ins, name);
  }
  if (!ok) return false;
  if (ins->code != TH_INS_MODEL) drop(operands, ins->code == TH_INS_FREE_PARAMETER ? 3 : 2);
  th_replace_take(&base[ins->a], result);
  return true;
}

bool th_model_run(ThContext *cx, ThValue body, const ThArguments *data, const ThModelRunner *runner) {
  ThSession *session = th_session_of(cx);
  const ThModelRunner *outer = session->vm.runner;
  size_t n_choices = session->vm.n_choices;
  ThValue result;
  session->vm.runner = runner;
  session->vm.n_choices = 0;
  bool ok = th_vm_call(session, body, data, &result);
  session->vm.runner = outer;
  session->vm.n_choices = n_choices;
  if (ok) th_release(result);
  return ok;
}

bool th_trace_run(ThContext *cx, ThValue function, const ThArguments *args, const ThTracer *tracer,
                  ThValue *out) {
  ThSession *session = th_session_of(cx);
  const ThTracer *outer = session->vm.tracer;
  session->vm.tracer = tracer;
  bool ok = th_vm_call(session, function, args, out);
  session->vm.tracer = outer;
  return ok;
}
