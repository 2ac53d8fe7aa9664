/* fuzz_parser.c - any bytes as a program that is compiled */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "lang/code.h"
#include "lang/parser.h"

static void check_spans(const ThNode *node, const ThSource *source) {
  if (!node) return;
  if (node->span.start > node->span.end || node->span.end > source->length)
    fuzz_fail("the node %u-%u is outside of the text", node->span.start, node->span.end);
  for (size_t i = 0; i < node->n_items; i++) check_spans(node->items[i], source);
}

static void compile(ThContext *cx, ThTree *tree) {
  for (size_t i = 0; i < tree->root->n_items; i++) {
    ThShow shows;
    ThPrototype *prototype = th_compile(cx, tree, tree->root->items[i], &shows);
    if (prototype) th_release(th_object(prototype));
    else fuzz_check_error(cx);
  }
}

static void parse(ThContext *cx, const char *text, size_t length, bool prompt) {
  ThSource *source = th_source_new(cx, "", text, length);
  if (!source) return fuzz_check_error(cx);
  ThTree *tree = th_parse(cx, source, prompt);
  if (tree) {
    check_spans(tree->root, source);
    compile(cx, tree);
    th_tree_release(tree);
  } else if (cx->error.code != TH_ERROR_INCOMPLETE) {
    fuzz_check_error(cx);
  }
  th_error_clear(cx);
  th_source_release(source);
}

static void parse_both(ThContext *cx, const char *text, size_t length) {
  parse(cx, text, length, true);
  parse(cx, text, length, false);
}

/* Names outlive what was parsed: a new session now and then keeps them few. */
void fuzz_parser(const char *text, size_t length) {
  static ThSession *session;
  static unsigned runs;
  if (!session) session = fuzz_session();
  ThContext *cx = th_session_context(session);
  fuzz_clock_start(cx);
  fuzz_check_leaks(cx, parse_both, text, length);
  fuzz_clock_stop(cx);
  if (++runs % 256) return;
  fuzz_session_end(session);
  session = NULL;
}
