/* bind.c - arguments of a call bound to a signature and checked */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where arguments are checked, so that the same mistake has the same words everywhere. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/signature.h"

enum { FORM_SIZE = 200 };

/* The call as one would write it: the signature without kinds. */
static void form_of(const ThBuiltin *row, char form[FORM_SIZE]) {
  size_t used = 0;
  bool kind = false, rest = false;
  for (const char *at = row->signature; *at && strncmp(at, " ->", 3) != 0 && used + 8 < FORM_SIZE; at++) {
    if (*at == ':') kind = true;
    if (kind && (*at == ',' || *at == ')' || *at == ';')) kind = false;
    if (rest && (*at == ',' || *at == ')' || *at == ';')) {
      rest = false;
      used += (size_t)snprintf(form + used, FORM_SIZE - used, ", …");
    }
    if (kind && *at == '=') {
      kind = false;
      form[used++] = ' ';
    }
    if (!kind && strncmp(at, "...", 3) == 0) at += 2, rest = true;
    else if (!kind) form[used++] = *at == ';' ? ',' : *at;
  }
  form[used] = '\0';
}

static void hint_form(ThContext *cx, const ThBuiltin *row) {
  char form[FORM_SIZE];
  form_of(row, form);
  th_hint(cx, "%s", form);
}

typedef enum Check { CHECK_NO, CHECK_YES, CHECK_DECAY } Check;

static bool is_whole(ThValue v) { return th_is_scalar(v) && floor(th_as_scalar(v)) == th_as_scalar(v); }

/* Does a plain value (decayed) match one kind of a signature? */
static bool matches_word(ThValue v, const char *kind, size_t n) {
#define IS(word) (n == sizeof(word) - 1 && memcmp(kind, word, n) == 0)
  const ThArray *a = th_is_array(v) ? th_as_array(v) : NULL;
  if (IS("any")) return true;
  if (IS("number")) return th_is_scalar(v);
  if (IS("integer")) return is_whole(v);
  if (IS("positive")) return th_is_scalar(v) && th_as_scalar(v) > 0;
  if (IS("count")) return is_whole(v) && th_as_scalar(v) >= 0 && th_as_scalar(v) < 9e15;
  if (IS("bool")) return th_is_bool(v) || (th_is_number(v) && (th_as_number(v) == 0 || th_as_number(v) == 1));
  if (IS("complex")) return th_is_scalar(v) || th_is_complex(v);
  if (IS("array")) return a != NULL;
  if (IS("real")) return th_is_scalar(v) || (a && a->element != TH_COMPLEX);
  if (IS("numeric")) return th_is_scalar(v) || th_is_complex(v) || a != NULL;
  if (IS("vector")) return a && a->rank == 1;
  if (IS("matrix")) return a && a->rank == 2;
  if (IS("function")) return th_is_object(v) && th_as_object(v)->kind->call;
  if (IS("none")) return th_is_none(v);
#undef IS
  const char *name = th_type_name(v);
  return strlen(name) == n && memcmp(name, kind, n) == 0;
}

static bool matches(ThValue v, const ThParameter *p) {
  if (!p->kinds || (p->takes_numbers && th_is_number(v))) return true;
  const char *at = p->kinds, *end = p->kinds + p->kinds_length;
  while (at < end) {
    const char *bar = memchr(at, '|', (size_t)(end - at));
    size_t length = (size_t)((bar ? bar : end) - at);
    if (matches_word(v, at, length)) return true;
    at += length + 1;
  }
  return false;
}

static bool takes_any(const ThParameter *p) {
  return !p->kinds || (p->kinds_length == 3 && memcmp(p->kinds, "any", 3) == 0);
}

/* Nothing random is a function. */
static bool takes_functions(const ThParameter *p) {
  return p->kinds_length == 8 && memcmp(p->kinds, "function", 8) == 0;
}

/* What the kinds of a parameter are called in a message. */
static void describe_kinds(const ThParameter *p, char *out, size_t size) {
  static const struct {
    const char *kind, *words;
  } table[] = {
      {"number", "a number"},
      {"integer", "a whole number"},
      {"positive", "a number above 0"},
      {"count", "a count (0, 1, 2, …)"},
      {"bool", "true or false"},
      {"complex", "a number"},
      {"array", "an array"},
      {"real", "a real number or array"},
      {"numeric", "a number or array"},
      {"vector", "a vector"},
      {"matrix", "a matrix"},
      {"string", "a string"},
      {"function", "a function"},
      {"none", "none"},
  };
  size_t used = 0;
  const char *at = p->kinds, *end = p->kinds + p->kinds_length;
  out[0] = '\0';
  while (at < end && used < size) {
    const char *bar = memchr(at, '|', (size_t)(end - at));
    size_t length = (size_t)((bar ? bar : end) - at);
    const char *words = NULL;
    if (length == 5 && memcmp(at, "range", 5) == 0) { /* an array, to the reader */
      at += length + 1;
      continue;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
      if (strlen(table[i].kind) == length && memcmp(table[i].kind, at, length) == 0) words = table[i].words;
    const char *join = at == p->kinds ? "" : bar ? ", " : " or ";
    bool vowel = strchr("aeiou", *at) != NULL;
    int wrote = words ? snprintf(out + used, size - used, "%s%s", join, words)
                      : snprintf(out + used, size - used, "%s%s %.*s", join, vowel ? "an" : "a", (int)length,
                                 at);
    used += wrote > 0 ? (size_t)wrote : 0;
    at += length + 1;
  }
}

static void describe_value(ThValue v, char *out, size_t size) {
  if (th_is_number(v)) snprintf(out, size, "%.6g", th_as_number(v));
  else th_describe(v, out, size);
}

static bool is_name_byte(char c) { return c == '_' || (unsigned char)c >= 0x80 || isalnum((unsigned char)c); }

/* Is this word of the language in the text, and not inside another? */
static bool holds_word(const char *text, const char *word) {
  size_t n = strlen(word);
  for (const char *at = text; (at = strstr(at, word)); at += n)
    if ((at == text || !is_name_byte(at[-1])) && !is_name_byte(at[n])) return true;
  return false;
}

/* A value where a function is asked for: `pdf(m, x)`, with `x` as the next argument, for `x -> pdf(m, x)`. */
static bool hint_arrow(ThContext *cx, size_t position) {
  char text[96], word[32];
  th_operand(cx, position - 1, "", text, sizeof text);
  th_operand(cx, position, "", word, sizeof word);
  for (const char *at = word; *at; at++)
    if (!is_name_byte(*at)) word[0] = '\0';
  if (!word[0] || !holds_word(text, word)) return false;
  th_hint(cx, "the function is `%s -> %s`", word, text);
  return true;
}

/* A call being bound. Slots: parameters in order, but the rest parameter's values come after all others, then
 * the named rest. */
typedef struct Binder {
  ThContext *cx;
  const ThBuiltin *row;
  const ThSignature *s;
  const ThArguments *args;
  ThBound *bound;
  size_t next_rest;
  ThRecord *knobs;
} Binder;

/* A distribution where a function of numbers is called: a random variable is a number. */
static bool hint_variable(const Binder *b, size_t position) {
  static const char advice[] = "a distribution is no number, a random variable is one";
  char law[64], name[64];
  th_operand(b->cx, position - 1, "…", law, sizeof law);
  if (strcmp(law, "X") == 0) snprintf(law, sizeof law, "…");
  if (b->args->count > 1) return th_hint(b->cx, "%s: `X ~ %s`, then `X` in its place", advice, law);
  return th_hint(b->cx, "%s: `X ~ %s`, then `%s(X)`", advice, law,
                 th_builtin_name(b->row, name, sizeof name));
}

static bool mismatch(const Binder *b, const ThParameter *p, ThValue v, size_t position) {
  ThContext *cx = b->cx;
  char kinds[200], got[96], name[64];
  describe_kinds(p, kinds, sizeof kinds);
  const char *text = got;
  if (th_is_number(v) || th_is_object(v) || th_is_bool(v)) describe_value(v, got, sizeof got);
  else text = th_type_name(v);
  th_fail_argument(cx, (int)position, TH_ERROR_TYPE, "`%s` of `%s` takes %s, got %s", p->name->spelling,
                   th_builtin_name(b->row, name, sizeof name), kinds, text);
  char list[64];
  if (th_is_list(v) && strstr(kinds, "array"))
    return th_hint(cx, "a list of numbers becomes an array by `to_array(%s)`",
                   th_operand(cx, position - 1, "l", list, sizeof list));
  const ThParameter *first = &b->s->parameters[0];
  bool of_numbers = p->takes_numbers && first->takes_numbers && !takes_any(first);
  if (of_numbers && strcmp(th_type_name(v), "distribution") == 0) return hint_variable(b, position);
  if (strcmp(kinds, "a function") == 0 && hint_arrow(cx, position)) return false;
  hint_form(cx, b->row);
  return false;
}

/* The value as the body gets it: owned. */
static bool convert(const Binder *b, const ThParameter *p, ThValue v, size_t position, ThValue *out) {
  if (takes_any(p) || matches(v, p)) {
    *out = th_retain(v);
    return true;
  }
  if (th_is_object(v) && th_as_object(v)->kind->decay) {
    if (!th_decay(b->cx, v, out)) return false;
    if (matches(*out, p)) return true;
    th_replace_take(out, th_unset());
  }
  return mismatch(b, p, v, position);
}

/* Of a slot's value, source and mark. */
enum { SLOT_SIZE = sizeof(ThValue) + sizeof(size_t) + 1 };

static bool bound_init(ThContext *cx, ThBound *bound, size_t n) {
  bound->n = bound->capacity = n;
  bound->values = bound->small_values;
  bound->sources = bound->small_sources;
  bound->given = bound->small_given;
  if (n > sizeof bound->small_values / sizeof *bound->small_values) {
    bound->values = th_alloc_array(cx, n, SLOT_SIZE);
    if (!bound->values) return false;
    bound->sources = (size_t *)(bound->values + n);
    bound->given = (bool *)(bound->sources + n);
  }
  for (size_t i = 0; i < n; i++) {
    bound->values[i] = th_unset();
    bound->sources[i] = 0;
    bound->given[i] = false;
  }
  return true;
}

void th_bound_clear(ThContext *cx, ThBound *bound) {
  th_release_all(bound->values, bound->n);
  if (bound->values != bound->small_values) th_free(cx, bound->values, bound->capacity * SLOT_SIZE);
}

static size_t slot_of(const ThSignature *s, size_t parameter) {
  /* the rest parameter stands last in the body's arguments */
  return s->has_rest && parameter >= s->n_positional ? parameter - 1 : parameter;
}

static bool too_many(Binder *b, size_t n) {
  char name[64];
  th_fail_argument(b->cx, (int)b->s->n_positional + 1, TH_ERROR_TYPE, "`%s` takes %zu argument%s%s, got %zu",
                   th_builtin_name(b->row, name, sizeof name), b->s->n_positional,
                   b->s->n_positional == 1 ? "" : "s",
                   b->s->n_parameters > b->s->n_positional ? " by position" : "", n);
  hint_form(b->cx, b->row);
  return false;
}

static bool bind_positional(Binder *b, size_t i, size_t n_args, ThValue v) {
  const ThSignature *s = b->s;
  size_t last = s->n_positional - 1;
  bool rest = s->has_rest && i >= last;
  if (i >= s->n_positional && !rest) return too_many(b, n_args);
  const ThParameter *p = &s->parameters[rest ? last : i];
  size_t slot = rest ? b->next_rest++ : slot_of(s, i);
  b->bound->given[slot] = true;
  b->bound->sources[slot] = i + 1;
  return convert(b, p, v, i + 1, &b->bound->values[slot]);
}

static bool unknown_name(Binder *b, const ThSymbol *name, size_t position) {
  char row[64];
  ThNearest nearest = th_nearest_begin(name->name);
  th_fail_argument(b->cx, (int)position | TH_ARGUMENT_NAME, TH_ERROR_NAME, "`%s` has no argument named `%s`",
                   th_builtin_name(b->row, row, sizeof row), name->spelling);
  for (size_t i = 0; i < b->s->n_parameters; i++)
    th_nearest_offer(&nearest, b->s->parameters[i].name->name, b->s->parameters[i].name->spelling);
  char form[FORM_SIZE];
  form_of(b->row, form);
  if (!nearest.best) return th_hint(b->cx, "%s", form);
  return th_hint(b->cx, "did you mean `%s`? %s", nearest.best, form);
}

static bool bind_named(Binder *b, ThSymbol *name, ThValue v, size_t position) {
  for (size_t i = 0; i < b->s->n_parameters; i++) {
    const ThParameter *p = &b->s->parameters[i];
    if (p->name != name || p->rest) continue;
    size_t slot = slot_of(b->s, i);
    if (b->bound->given[slot])
      return th_fail_argument(b->cx, (int)position | TH_ARGUMENT_NAME, TH_ERROR_TYPE, "`%s` is given twice",
                              name->spelling);
    b->bound->given[slot] = true;
    b->bound->sources[slot] = position;
    return convert(b, p, v, position, &b->bound->values[slot]);
  }
  if (b->knobs) return th_record_set_take(b->cx, b->knobs, name, th_retain(v));
  return unknown_name(b, name, position);
}

/* The call again with the argument that it lacks: logpdf(m) for logpdf(m, x). */
static void hint_lacking(Binder *b, size_t missing) {
  char name[64], form[FORM_SIZE], text[96];
  size_t used = (size_t)snprintf(form, sizeof form, "%s(", th_builtin_name(b->row, name, sizeof name));
  bool fits = missing > 0 && b->args->count == missing && !b->args->names;
  for (size_t i = 0; fits && i < missing; i++) {
    th_operand(b->cx, i, "", text, sizeof text);
    fits = text[0] && used + strlen(text) + 48 < sizeof form;
    if (fits) used += (size_t)snprintf(form + used, sizeof form - used, "%s, ", text);
  }
  if (fits) th_hint(b->cx, "%s%s)", form, b->s->parameters[missing].name->spelling);
  else hint_form(b->cx, b->row);
}

static bool fill_defaults(Binder *b) {
  for (size_t i = 0; i < b->s->n_parameters; i++) {
    const ThParameter *p = &b->s->parameters[i];
    size_t slot = slot_of(b->s, i);
    if (p->rest || b->bound->given[slot]) continue;
    if (!p->has_default) {
      char name[64];
      th_fail(b->cx, TH_ERROR_TYPE, "`%s` needs the argument `%s`",
              th_builtin_name(b->row, name, sizeof name), p->name->spelling);
      hint_lacking(b, i);
      return false;
    }
    b->bound->values[slot] = th_retain(p->fallback);
  }
  return true;
}

static bool bind_all(Binder *b, const ThArguments *args) {
  for (size_t i = 0; i < args->count; i++) {
    ThSymbol *name = args->names ? args->names[i] : NULL;
    bool ok = name ? bind_named(b, name, args->values[i], i + 1)
                   : bind_positional(b, i, args->count, args->values[i]);
    if (!ok) return false;
  }
  return fill_defaults(b);
}

bool th_signature_bind(ThContext *cx, const ThBuiltin *row, const ThSignature *s, const ThArguments *args,
                       ThBound *bound) {
  size_t n_rest = 0, first_rest = s->n_positional ? s->n_positional - 1 : 0;
  for (size_t i = first_rest; s->has_rest && i < args->count; i++) n_rest += !(args->names && args->names[i]);
  size_t n_fixed = s->n_parameters - s->has_rest;
  if (!bound_init(cx, bound, n_fixed + n_rest + (s->named_rest != NULL))) {
    *bound = (ThBound){.values = bound->small_values};
    return false;
  }
  Binder b = {.cx = cx, .row = row, .s = s, .args = args, .bound = bound, .next_rest = n_fixed};
  if (s->named_rest) {
    b.knobs = th_record_new(cx, 0);
    if (!b.knobs) {
      th_bound_clear(cx, bound);
      return false;
    }
    bound->values[bound->n - 1] = th_object(b.knobs);
  }
  if (bind_all(&b, args)) return true;
  th_bound_clear(cx, bound);
  return false;
}

static const ThParameter *parameter_of(const ThSignature *s, size_t i, const ThSymbol *name) {
  for (size_t j = 0; name && j < s->n_parameters; j++)
    if (s->parameters[j].name == name) return &s->parameters[j];
  if (name || s->n_positional == 0) return NULL;
  size_t last = s->n_positional - 1;
  return i <= last ? &s->parameters[i] : s->has_rest ? &s->parameters[last] : NULL;
}

long th_signature_lifted(const ThSignature *s, const ThArguments *args) {
  for (size_t i = 0; i < args->count; i++) {
    ThValue v = args->values[i];
    if (!th_is_object(v) || !th_as_object(v)->kind->lift_call) continue;
    const ThParameter *p = parameter_of(s, i, args->names ? args->names[i] : NULL);
    if (p && !takes_any(p) && !takes_functions(p) && !matches(v, p)) return (long)i;
  }
  return -1;
}
