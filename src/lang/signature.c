/* signature.c - what a built-in's signature says */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar stands in builtin.h. A signature that does not follow it is a fault of the program, and is
 * reported as an error of the call that met it; tests call every built-in. */
#include "lang/signature.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PARAMETERS = 24 };

typedef struct Reader {
  ThContext *cx;
  const char *at;
  ThParameter parameters[MAX_PARAMETERS];
  size_t n;
  bool named_only, has_rest;
  ThSymbol *named_rest;
} Reader;

static void skip_blanks(Reader *r) {
  while (*r->at == ' ') r->at++;
}

static bool faulty(Reader *r, const char *text) {
  return th_fail(r->cx, TH_ERROR_LIMIT, "the signature `%s` of a built-in cannot be read at `%s`", text,
                 r->at);
}

/* The length of a name: up to a mark that may follow one. */
static size_t name_length(const char *at) { return strcspn(at, " :,=;)|"); }

static bool is_word(const char *at, size_t length, const char *word) {
  return strlen(word) == length && memcmp(at, word, length) == 0;
}

static bool read_default(Reader *r, ThValue *out) {
  const char *at = r->at;
  if (*at == '"') {
    const char *end = strchr(at + 1, '"');
    r->at = end + 1;
    return th_string(r->cx, at + 1, (size_t)(end - at - 1), out);
  }
  size_t length = strcspn(at, ",;)");
  while (length > 0 && at[length - 1] == ' ') length--;
  r->at += length;
  if (is_word(at, length, "true")) *out = th_bool(true);
  else if (is_word(at, length, "false")) *out = th_bool(false);
  else if (is_word(at, length, "none")) *out = th_none();
  else if (is_word(at, length, "…")) *out = th_unset();
  else *out = th_number(strtod(at, NULL));
  return true;
}

/* Known beforehand, because most arguments of scalar programs are numbers. */
static bool takes_numbers(const ThParameter *p) {
  static const char *const kinds[] = {"any", "number", "complex", "real", "numeric"};
  const char *at = p->kinds, *end = at ? at + p->kinds_length : NULL;
  if (!at) return true;
  while (at < end) {
    size_t length = strcspn(at, "|,=;) ");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
      if (strlen(kinds[i]) == length && memcmp(kinds[i], at, length) == 0) return true;
    at += length + 1;
  }
  return false;
}

static bool read_parameter(Reader *r) {
  ThParameter *p = &r->parameters[r->n];
  *p = (ThParameter){.fallback = th_unset(), .named_only = r->named_only};
  bool rest = strncmp(r->at, "...", 3) == 0;
  if (rest) r->at += 3;
  size_t length = name_length(r->at);
  ThSymbol *name = th_symbol(r->cx, r->at, length);
  if (!name) return false;
  r->at += length;
  skip_blanks(r);
  if (rest && r->named_only) {
    r->named_rest = name;
    r->at += strcspn(r->at, ",;)"); /* its kinds say nothing */
    return true;
  }
  p->name = name;
  p->rest = rest;
  r->has_rest |= rest;
  if (*r->at == ':') {
    r->at++;
    skip_blanks(r);
    p->kinds = r->at;
    p->kinds_length = strcspn(r->at, ",=;)");
    r->at += p->kinds_length;
    while (p->kinds_length > 0 && p->kinds[p->kinds_length - 1] == ' ') p->kinds_length--;
  }
  p->takes_numbers = takes_numbers(p);
  if (*r->at == '=') {
    r->at++;
    skip_blanks(r);
    p->has_default = true;
    if (!read_default(r, &p->fallback)) return false;
  }
  r->n++;
  return true;
}

static bool read_all(Reader *r, const char *text) {
  r->at = text + strcspn(text, "(");
  if (*r->at == '\0') return faulty(r, text);
  for (r->at++;;) {
    skip_blanks(r);
    if (*r->at == ')') return true;
    if (*r->at == ';') {
      r->named_only = true;
      r->at++;
    } else if (*r->at == ',') {
      r->at++;
    } else {
      if (*r->at == '\0' || r->n == MAX_PARAMETERS) return faulty(r, text);
      /* after positional rest, what follows can only be named */
      if (r->has_rest) r->named_only = true;
      if (!read_parameter(r)) return false;
    }
  }
}

ThSignature *th_signature_parse(ThContext *cx, const char *text) {
  Reader r = {.cx = cx};
  th_symbols_provisional(cx, true);
  bool ok = read_all(&r, text);
  th_symbols_provisional(cx, false);
  ThSignature *signature = ok ? th_alloc(cx, sizeof *signature + r.n * sizeof *r.parameters) : NULL;
  if (!signature) {
    for (size_t i = 0; i < r.n; i++) th_release(r.parameters[i].fallback);
    return NULL;
  }
  *signature = (ThSignature){.n_parameters = r.n, .has_rest = r.has_rest, .named_rest = r.named_rest};
  memcpy(signature->parameters, r.parameters, r.n * sizeof *r.parameters);
  while (signature->n_positional < r.n && !r.parameters[signature->n_positional].named_only)
    signature->n_positional++;
  return signature;
}

void th_signature_free(ThContext *cx, ThSignature *signature) {
  if (!signature) return;
  for (size_t i = 0; i < signature->n_parameters; i++) th_release(signature->parameters[i].fallback);
  th_free(cx, signature, sizeof *signature + signature->n_parameters * sizeof *signature->parameters);
}
