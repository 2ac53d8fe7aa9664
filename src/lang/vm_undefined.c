/* vm_undefined.c - what is said of names and fields that are not there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first hint that fits is given: a name that the file defines elsewhere, one that another language has, one that
 * is spelled nearly so. */
#include <string.h>

#include "lang/excerpt.h"
#include "lang/peers.h"
#include "lang/vm.h"

static bool assigns(const ThNode *statement, const ThSymbol *name) {
  switch (statement->kind) {
    case TH_NODE_DEFINE:
    case TH_NODE_LIVE:
    case TH_NODE_DATA:
    case TH_NODE_MODEL: return statement->name == name;
    case TH_NODE_ASSIGN:
    case TH_NODE_DECLARE:
      return statement->items[0]->kind == TH_NODE_NAME && statement->items[0]->name == name;
    default: return false;
  }
}

/* A name that the file defines further down, or that was a loop's. */
static bool hint_defined_elsewhere(ThSession *session, const ThSymbol *name) {
  if (session->vm.n_frames == 0) return false;
  const ThPrototype *p = session->vm.frames[0].prototype;
  for (size_t i = 0; p->tree->root && i < p->tree->root->n_items; i++) {
    const ThNode *statement = p->tree->root->items[i];
    bool above = statement->span.start <= p->node->span.start;
    if (above && statement->kind == TH_NODE_FOR && statement->name == name)
      return !th_hint(&session->cx, "`%s` is local to the loop above", name->spelling);
    if (above || !assigns(statement, name)) continue;
    size_t line, column;
    th_source_position(p->tree->source, statement->span.start, &line, &column);
    return !th_hint(&session->cx, "`%s` gets its value on line %zu: move that up", name->spelling, line);
  }
  return false;
}

/* total += 1, xs[1] = 2: what is changed must be there first. */
static bool hint_first_value(ThSession *session, const ThSymbol *name, const char *text, ThSpan site) {
  uint32_t next = th_excerpt_skip_blanks(text, th_excerpt_name(text, site.start).end);
  bool compound = text[next] && strchr("+-*/^", text[next]) && text[next + 1] == '=';
  const ThPrototype *p = session->vm.n_frames ? session->vm.frames[session->vm.n_frames - 1].prototype : NULL;
  bool part = p && p->node->kind == TH_NODE_ASSIGN && p->node->items[0]->kind == TH_NODE_INDEX &&
              p->node->items[0]->span.start == site.start;
  if (compound) return !th_hint(&session->cx, "it needs a first value: `%s = 0`", name->spelling);
  return part && !th_hint(&session->cx, "make it first: `%s = zeros(n)` or `%s = list()`", name->spelling,
                          name->spelling);
}

/* ab, where a and b are known: a product without its sign. */
static bool hint_product(ThSession *session, const ThSymbol *name) {
  size_t n = th_symbol_count(&session->cx);
  if (n > session->n_globals) n = session->n_globals;
  for (size_t i = 0; i < n; i++) {
    const ThSymbol *first = th_symbol_at(&session->cx, i);
    size_t length = strlen(first->name);
    if (session->globals[i].order == 0 || strncmp(name->name, first->name, length) != 0) continue;
    for (size_t j = 0; j < n; j++)
      if (session->globals[j].order != 0 &&
          strcmp(th_symbol_at(&session->cx, j)->name, name->name + length) == 0)
        return !th_hint(&session->cx, "a product is `%s*%s`", first->spelling,
                        th_symbol_at(&session->cx, j)->spelling);
  }
  return false;
}

/* study(estimate(n), 2): the function of n that was meant. */
static bool hint_size(ThSession *session, const ThSymbol *name, const char *text, ThSpan site) {
  static const char call[] = "study(";
  uint32_t start = site.start;
  int depth = 0;
  if (strcmp(name->name, "n") != 0) return false;
  while (start > 0 && text[start - 1] != '\n' && strncmp(text + start, call, sizeof call - 1) != 0) start--;
  if (strncmp(text + start, call, sizeof call - 1) != 0) return false;
  start += sizeof call - 1;
  uint32_t end = start;
  for (; text[end] && text[end] != '\n' && depth >= 0 && !(text[end] == ',' && depth == 0); end++)
    depth += (text[end] == '(' || text[end] == '[') - (text[end] == ')' || text[end] == ']');
  if (depth < 0) end--;
  return !th_hint(&session->cx, "study takes a function of the size n: `n -> %.*s`", (int)(end - start), text + start);
}

bool th_vm_undefined(ThSession *session, const ThSymbol *name) {
  ThSpan span;
  const char *text = th_vm_site_text(session, &span);
  bool named = th_excerpt_is(text, th_excerpt_name(text, span.start), name->spelling);
  th_fail(&session->cx, TH_ERROR_NAME, "`%s` is not defined", name->spelling);
  if (hint_defined_elsewhere(session, name) || hint_first_value(session, name, text, span) ||
      hint_size(session, name, text, span))
    return false;
  /* another spelling than the first, or a name that the text does not show */
  if (th_peer_hint(&session->cx, named ? text : name->spelling, named ? span.start : 0)) return false;
  if (hint_product(session, name)) return false;
  const char *nearest = th_session_nearest_name(session, name);
  return nearest ? th_hint(&session->cx, "did you mean `%s`?", nearest) : false;
}

bool th_vm_no_field(ThSession *session) {
  ThError *error = &session->cx.error;
  ThSpan site;
  const char *text = th_vm_site_text(session, &site);
  if (error->code != TH_ERROR_NAME || error->argument) return false;
  error->argument = 2;
  uint32_t name = site.end;
  while (name > site.start && text[name - 1] != '.') name--;
  if (name > site.start && (text[site.end] == '(' || !error->hint[0]))
    th_peer_hint_method(&session->cx, text, (ThSpan){site.start, name - 1}, (ThSpan){name, site.end});
  return false;
}

/* P[X > 0] of a function is P(X > 0). */
bool th_vm_not_indexed(ThSession *session, ThValue container) {
  ThSpan site;
  char name[TH_EXCERPT_SIZE], inside[TH_EXCERPT_SIZE];
  const char *text = th_vm_site_text(session, &site);
  uint32_t open = th_excerpt_opening(text, site.end);
  if (!th_is_object(container) || !th_as_object(container)->kind->call || open <= site.start) return false;
  return th_hint(&session->cx, "a function is called with round brackets: `%s(%s)`",
                 th_excerpt_text(text, (ThSpan){site.start, open}, "f", name),
                 th_excerpt_text(text, (ThSpan){open + 1, site.end - 1}, "x", inside));
}
