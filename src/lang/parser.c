/* parser.c - tokens, lists and errors for the parser, and its entry */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/parser.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/parser_state.h"

bool th_parser_advance(ThParser *p) {
  bool far = p->token.span.start >> 14 != p->before.span.start >> 14; /* every 16 kB */
  p->before = p->token;
  if (far && !th_poll(p->cx)) return false;
  return th_lexer_next(&p->lexer, &p->token);
}

const char *th_parser_text(const ThParser *p, ThSpan span, size_t *length) {
  *length = span.end - span.start;
  return p->tree->source->text + span.start;
}

ThSymbol *th_parser_symbol(ThParser *p, ThSpan span) {
  size_t length;
  const char *text = th_parser_text(p, span, &length);
  return th_symbol(p->cx, text, length);
}

bool th_parser_at_word(const ThParser *p, const char *word) {
  size_t length;
  const char *text = th_parser_text(p, p->token.span, &length);
  return p->token.kind == TH_TOKEN_NAME && strlen(word) == length && memcmp(text, word, length) == 0;
}

ThNode *th_parser_error(ThParser *p, ThSpan span, const char *format, ...) {
  char message[TH_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  th_lexer_error(&p->lexer, TH_ERROR_SYNTAX, span, "%s", message);
  return NULL;
}

bool th_parser_expect(ThParser *p, ThTokenKind kind, const char *after) {
  if (p->token.kind == kind) return th_parser_advance(p);
  char wanted[128];
  snprintf(wanted, sizeof wanted, "`%s` is missing after %s", th_token_text(kind), after);
  return th_parser_unexpected(p, wanted) != NULL;
}

bool th_parser_skip_lines(ThParser *p) {
  while (th_parser_at(p, TH_TOKEN_LINE) || th_parser_at(p, TH_TOKEN_SEMICOLON))
    if (!th_parser_advance(p)) return false;
  return true;
}

bool th_node_list_add(ThParser *p, ThNodeList *list, ThNode *node) {
  if (list->n == list->capacity) {
    size_t capacity = list->capacity ? list->capacity * 2 : 8;
    ThNode **items = th_resize(p->cx, list->items, list->capacity * sizeof *items, capacity * sizeof *items);
    if (!items) return false;
    list->items = items;
    list->capacity = capacity;
  }
  list->items[list->n++] = node;
  return true;
}

void th_node_list_clear(ThParser *p, ThNodeList *list) {
  th_free(p->cx, list->items, list->capacity * sizeof *list->items);
  *list = (ThNodeList){0};
}

ThNode *th_node_list_finish(ThParser *p, ThNodeList *list, ThNodeKind kind, ThSpan span) {
  ThNode *node = th_node_with(p->tree, kind, span, list->items, list->n);
  th_node_list_clear(p, list);
  return node;
}

/* All statements to the end of the source. */
static ThNode *parse_all(ThParser *p) {
  ThNodeList list = {0};
  ThSpan span = {0, (uint32_t)p->tree->source->length};
  while (th_parser_skip_lines(p) && !th_parser_at(p, TH_TOKEN_END)) {
    ThNode *statement = th_parse_statement(p);
    if (!statement || !th_node_list_add(p, &list, statement)) break;
    if (th_parser_at(p, TH_TOKEN_SEMICOLON)) {
      statement->flags |= TH_FLAG_SILENT;
    } else if (!th_parser_at(p, TH_TOKEN_LINE) && !th_parser_at(p, TH_TOKEN_END)) {
      th_parser_unexpected(
          p, "the statement before it is complete; a new one begins on a new line or after `;`");
      break;
    }
  }
  if (p->cx->error.code != TH_OK) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  return th_node_list_finish(p, &list, TH_NODE_BLOCK, span);
}

/* The first byte that is not UTF-8, or zero, is an error of its own, so that no later message quotes it. */
static bool check_utf8(ThParser *p, const ThSource *source) {
  size_t bad = th_utf8_find_invalid(source->text, source->length), zero = strlen(source->text);
  if (zero < bad) {
    th_parser_error(p, (ThSpan){(uint32_t)zero, (uint32_t)zero + 1}, "this byte (0x00) is not text");
    return th_hint(p->cx, "save the file as UTF-8");
  }
  if (bad == source->length) return true;
  unsigned byte = (unsigned char)source->text[bad];
  th_parser_error(p, (ThSpan){(uint32_t)bad, (uint32_t)bad + 1}, "this byte (0x%02X) is not valid UTF-8",
                  byte);
  return th_hint(p->cx, "save the file as UTF-8");
}

ThTree *th_parse(ThContext *cx, ThSource *source, bool prompt) {
  ThTree *tree = th_tree_new(cx, source);
  if (!tree) return NULL;
  ThParser p = {.cx = cx, .tree = tree, .prompt = prompt};
  th_lexer_init(&p.lexer, cx, source, 0, (uint32_t)source->length);
  p.token.kind = TH_TOKEN_LINE;
  th_error_clear(cx);
  tree->root = check_utf8(&p, source) && th_parser_advance(&p) ? parse_all(&p) : NULL;
  th_lexer_clear(&p.lexer);
  if (tree->root) return tree;
  th_tree_release(tree);
  return NULL;
}
