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

/* What stands at the current token, as a message shows it. */
static void describe_token(const ThParser *p, char *out, size_t size) {
  size_t length;
  const char *text = th_parser_text(p, p->token.span, &length);
  if (th_parser_at(p, TH_TOKEN_END) || th_parser_at(p, TH_TOKEN_LINE))
    snprintf(out, size, "%s", th_token_text(p->token.kind));
  else snprintf(out, size, "`%.*s`", length > 40 ? 40 : (int)length, text);
}

/* Words of other languages, where what follows them cannot be read. */
static const struct {
  const char *word, *hint;
} foreign_words[] = {
    {"def", "a function is defined as f(x) = …"},
    {"function", "a function is defined as f(x) = …, without a name as x -> …"},
    {"lambda", "a function without a name is x -> …"},
    {"let", "a name is assigned as x = 3"},
    {"var", "a name is assigned as x = 3"},
    {"elif", "write `else if`"},
    {"elseif", "write `else if`"},
    {"do", "a loop's body stands in { … }"},
    {"import", "write import(\"file.theta\")"},
};

/* A foreign word at, before, or earlier on the line of the token that was not expected. */
static void hint_for_word(ThParser *p) {
  const char *text = p->tree->source->text;
  uint32_t end = p->token.span.end, start = p->token.span.start;
  while (start > 0 && text[start - 1] != '\n') start--;
  for (uint32_t i = start; i < end; i++) {
    if (i > start && (th_utf8_is_letter((unsigned char)text[i - 1]) || text[i - 1] == '.')) continue;
    for (size_t j = 0; j < sizeof foreign_words / sizeof *foreign_words; j++) {
      size_t length = strlen(foreign_words[j].word);
      bool here = end - i >= length && memcmp(text + i, foreign_words[j].word, length) == 0;
      if (here && !th_utf8_is_letter((unsigned char)text[i + length])) {
        th_hint(p->cx, "%s", foreign_words[j].hint);
        return;
      }
    }
  }
}

/* True when the line of the token is another than the line of the one before. */
static bool on_new_line(const ThParser *p) {
  const char *text = p->tree->source->text;
  for (uint32_t i = p->before.span.end; i < p->token.span.start; i++)
    if (text[i] == '\n') return true;
  return false;
}

/* A bracket that is still open although a new line begins is most likely the fault. */
static ThNode *open_bracket(ThParser *p) {
  struct ThOpen open = p->lexer.open[p->lexer.n_open - 1];
  bool own = p->token.kind == TH_TOKEN_LEFT_PAREN ||
             p->token.kind == TH_TOKEN_LEFT_BRACKET; /* opened by the token */
  if (own && p->lexer.n_open > 1) open = p->lexer.open[p->lexer.n_open - 2];
  size_t line, column;
  th_source_position(p->tree->source, p->token.span.start, &line, &column);
  th_parser_error(p, (ThSpan){open.offset, open.offset + 1}, "this `%c` is still open when line %zu begins",
                  open.bracket, line);
  th_hint(p->cx, "a `%c` is missing", open.bracket == '(' ? ')' : ']');
  return NULL;
}

static bool begins_operand(ThTokenKind kind) {
  return kind == TH_TOKEN_NAME || kind == TH_TOKEN_NUMBER || kind == TH_TOKEN_STRING ||
         kind == TH_TOKEN_IMAGINARY || kind == TH_TOKEN_LEFT_PAREN || kind == TH_TOKEN_LEFT_BRACKET;
}

ThNode *th_parser_unexpected(ThParser *p, const char *wanted) {
  char found[64];
  describe_token(p, found, sizeof found);
  bool adjacent = begins_operand(p->token.kind) &&
                  (p->before.kind == TH_TOKEN_NAME || p->before.kind == TH_TOKEN_NUMBER ||
                   p->before.kind == TH_TOKEN_RIGHT_PAREN || p->before.kind == TH_TOKEN_RIGHT_BRACKET ||
                   p->before.kind == TH_TOKEN_SUPERSCRIPT || p->before.kind == TH_TOKEN_QUOTE);
  if (adjacent && on_new_line(p) && p->lexer.n_open > 0) return open_bracket(p);
  if (adjacent) {
    size_t n;
    const char *text = th_parser_text(p, p->before.span, &n);
    th_parser_error(p, p->token.span, "%s stands beside `%.*s` without an operator", found,
                    n > 40 ? 40 : (int)n, text);
    if (p->before.kind == TH_TOKEN_QUOTE || p->before.kind == TH_TOKEN_SUPERSCRIPT)
      th_hint(p->cx, "a matrix product is written X' @ X");
    else th_hint(p->cx, "a product is written a*b, a call f(x); in a list a comma may be missing");
  } else {
    th_parser_error(p, p->token.span, "%s was not expected here: %s", found, wanted);
  }
  hint_for_word(p);
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
      th_parser_unexpected(p, "the statement before it is complete; a new one begins on a new line or after `;`");
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
  th_parser_error(p, (ThSpan){(uint32_t)bad, (uint32_t)bad + 1}, "this byte (0x%02X) is not valid UTF-8", byte);
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
