/* parser_string.c - strings: escapes and interpolation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/excerpt.h"
#include "lang/parser_state.h"

/* Reads one string: pieces of plain text gather in `plain` until an interpolation ends them. */
typedef struct Reader {
  ThParser *p;
  const char *text; /* of the whole source */
  uint32_t offset, end;
  uint32_t plain_start;
  ThText plain;
  ThNodeList pieces;
} Reader;

static bool flush(Reader *r) {
  if (!th_text_ok(&r->plain, r->p->cx)) return false;
  if (r->plain.length == 0) return true;
  ThNode *node = th_node_new(r->p->tree, TH_NODE_STRING, (ThSpan){r->plain_start, r->offset});
  char *copy = node ? th_tree_alloc(r->p->tree, r->plain.length + 1) : NULL;
  if (!copy) return false;
  memcpy(copy, r->plain.data, r->plain.length);
  node->text = copy;
  node->length = r->plain.length;
  th_text_reset(&r->plain);
  return th_node_list_add(r->p, &r->pieces, node);
}

/* Where the character at `offset` ends. */
static uint32_t character_end(const Reader *r, uint32_t offset) {
  size_t size = 0;
  if (offset < r->end) th_utf8_decode(r->text + offset, r->end - offset, &size);
  return offset + (uint32_t)size;
}

/* \u{3b8} after the u. */
static bool read_code_point(Reader *r, uint32_t start) {
  uint32_t offset = r->offset;
  char digits[8] = "";
  size_t n = 0;
  if (r->text[offset] == '{')
    for (offset++; offset < r->end && n < 7 && r->text[offset] != '}'; offset++)
      digits[n++] = r->text[offset];
  char *rest;
  unsigned long c = strtoul(digits, &rest, 16);
  char bytes[4];
  size_t size = n > 0 && c > 0 && *rest == '\0' && r->text[offset] == '}' ? th_utf8_encode((uint32_t)c, bytes)
                                                                          : 0;
  if (size == 0)
    return th_parser_error(r->p, (ThSpan){start, character_end(r, offset)},
                           "a code point is written \\u{3b8}") != NULL;
  th_text_bytes(&r->plain, bytes, size);
  r->offset = offset + 1;
  return true;
}

static bool read_escape(Reader *r) {
  static const char from[] = "nt\"\\$", to[] = "\n\t\"\\$";
  uint32_t start = r->offset++;
  char c = r->text[r->offset];
  r->offset = character_end(r, r->offset);
  if (c == 'u') return read_code_point(r, start);
  const char *found = c ? strchr(from, c) : NULL;
  if (!found) {
    th_parser_error(r->p, (ThSpan){start, r->offset}, "`%.*s` is not an escape", (int)(r->offset - start),
                    r->text + start);
    return th_hint(r->p->cx, "the escapes are \\n \\t \\\" \\\\ \\$ \\u{3b8}; a backslash itself is \\\\");
  }
  th_text_char(&r->plain, to[found - from]);
  return true;
}

bool th_parser_plain_text(ThParser *p, ThSpan span, ThText *out) {
  Reader r = {.p = p, .text = p->tree->source->text, .offset = span.start, .end = span.end};
  th_text_init(&r.plain, &p->cx->heap);
  bool ok = true;
  while (ok && r.offset < r.end) {
    if (r.text[r.offset] == '\\') ok = read_escape(&r);
    else th_text_char(&r.plain, r.text[r.offset++]);
  }
  th_text_bytes(out, th_text_string(&r.plain), r.plain.length);
  ok = ok && th_text_ok(&r.plain, p->cx);
  th_text_clear(&r.plain);
  return ok && th_text_ok(out, p->cx);
}

/* The end of $( … ): the offset of its closing bracket, and of a format's colon or 0. */
static uint32_t code_end(const Reader *r, uint32_t offset, uint32_t *colon) {
  size_t depth = 0;
  *colon = 0;
  for (; offset < r->end; offset++) {
    char c = r->text[offset];
    if (c == '"') {
      for (offset++; offset < r->end && r->text[offset] != '"'; offset++)
        if (r->text[offset] == '\\') offset++;
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
    } else if (c == ')' && depth == 0) {
      break;
    } else if (c == ')' || c == ']' || c == '}') {
      depth--;
    } else if (c == ':' && depth == 0) {
      *colon = offset;
    }
  }
  return offset;
}

/* A printf-like [+0-9.]*[defgs%]. */
static bool is_format(const char *text, size_t length) {
  if (length == 0 || length > 16 || !strchr("defgs%", text[length - 1])) return false;
  for (size_t i = 0; i + 1 < length; i++)
    if (!strchr("+-0123456789.", text[i])) return false;
  return true;
}

/* Parses source[start, end) as one expression. */
static ThNode *parse_piece(ThParser *p, uint32_t start, uint32_t end) {
  ThParser inner = {.cx = p->cx, .tree = p->tree, .prompt = false, .depth = p->depth};
  th_lexer_init(&inner.lexer, p->cx, p->tree->source, start, end);
  inner.token.kind = TH_TOKEN_LINE;
  ThNode *node = th_parser_advance(&inner) ? th_parse_expression(&inner) : NULL;
  if (node && !th_parser_at(&inner, TH_TOKEN_END))
    node = th_parser_unexpected(&inner, "one expression stands in $( )");
  th_lexer_clear(&inner.lexer);
  if (!node && p->cx->error.code == TH_ERROR_INCOMPLETE) p->cx->error.code = TH_ERROR_SYNTAX;
  return node;
}

static ThNode *formatted(Reader *r, ThNode *value, const char *format, size_t length) {
  if (!value) return NULL;
  ThNode *node = th_node_with(r->p->tree, TH_NODE_FORMATTED, value->span, &value, 1);
  char *copy = node ? th_tree_alloc(r->p->tree, length + 1) : NULL;
  if (!copy) return NULL;
  memcpy(copy, format, length);
  node->text = copy;
  node->length = length;
  return node;
}

static bool read_code(Reader *r) {
  uint32_t start = r->offset + 2, colon;
  uint32_t end = code_end(r, start, &colon);
  const char *format = r->text + end;
  size_t format_length = 0;
  uint32_t code = end;
  if (colon) {
    format = r->text + colon + 1;
    format_length = end - colon - 1;
    code = colon;
    if (!is_format(format, format_length)) {
      if (format_length == 0) th_parser_error(r->p, (ThSpan){colon, colon + 1}, "no format follows this `:`");
      else
        th_parser_error(r->p, (ThSpan){colon + 1, end}, "`%.*s` is not a format", (int)format_length, format);
      return th_hint(
          r->p->cx, "a format is like .3f, 8.2e, d, s; a range in a string needs its own brackets: $((a:b))");
    }
  }
  if (th_excerpt_skip_blanks(r->text, start) >= code) {
    th_parser_error(r->p, (ThSpan){r->offset, end + 1}, "`$()` holds nothing");
    return th_hint(r->p->cx, "a `$` of its own is \\$");
  }
  ThNode *node = formatted(r, parse_piece(r->p, start, code), format, format_length);
  r->offset = end + 1;
  r->plain_start = r->offset;
  return node && th_node_list_add(r->p, &r->pieces, node);
}

/* $name */
static bool read_variable(Reader *r) {
  uint32_t start = r->offset + 1, end = start;
  while (end < r->end) {
    size_t size;
    uint32_t c = th_utf8_decode(r->text + end, r->end - end, &size);
    bool inside = th_utf8_is_letter(c) || th_utf8_is_mark(c) || th_utf8_subscript(c) >= 0 ||
                  (end > start && c >= '0' && c <= '9');
    if (!inside) break;
    end += (uint32_t)size;
  }
  ThNode *node = formatted(r, parse_piece(r->p, start, end), "", 0);
  r->offset = end;
  r->plain_start = end;
  return node && th_node_list_add(r->p, &r->pieces, node);
}

static bool begins_variable(const Reader *r) {
  size_t size;
  if (r->offset + 1 >= r->end) return false;
  return th_utf8_is_letter(th_utf8_decode(r->text + r->offset + 1, r->end - r->offset - 1, &size));
}

static bool read_all(Reader *r) {
  while (r->offset < r->end) {
    char c = r->text[r->offset];
    bool code = c == '$' && r->offset + 1 < r->end && r->text[r->offset + 1] == '(';
    if (code || (c == '$' && begins_variable(r))) {
      if (!flush(r) || !(code ? read_code(r) : read_variable(r))) return false;
    } else if (c == '\\') {
      if (!read_escape(r)) return false;
    } else {
      th_text_char(&r->plain, c);
      r->offset++;
    }
  }
  return flush(r);
}

static ThNode *finish(Reader *r, ThSpan span) {
  ThParser *p = r->p;
  if (r->pieces.n == 0) {
    ThNode *empty = th_node_new(p->tree, TH_NODE_STRING, span);
    if (empty) empty->text = "";
    return empty;
  }
  if (r->pieces.n == 1 && r->pieces.items[0]->kind == TH_NODE_STRING) {
    r->pieces.items[0]->span = span;
    return r->pieces.items[0];
  }
  return th_node_list_finish(p, &r->pieces, TH_NODE_INTERPOLATION, span);
}

ThNode *th_parse_string(ThParser *p, ThSpan span) {
  const char *text = p->tree->source->text;
  uint32_t open = text[span.start] == '"' ? 1 : (unsigned char)text[span.start] == 0xC2 ? 2 : 3;
  uint32_t close = text[span.end - 1] == '"' ? 1 : (unsigned char)text[span.end - 2] == 0xC2 ? 2 : 3;
  Reader r = {.p = p,
              .text = text,
              .offset = span.start + open,
              .end = span.end - close,
              .plain_start = span.start + open};
  th_text_init(&r.plain, &p->cx->heap);
  ThNode *node = read_all(&r) ? finish(&r, span) : NULL;
  th_text_clear(&r.plain);
  th_node_list_clear(p, &r.pieces);
  return node;
}
