/* highlight.c - which parts of an input are words, strings, comments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader of its own, since an input that is being typed is mostly unfinished and often wrong: it never
 * fails, and takes one pass. */
#include "ui/highlight.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/builtin.h"
#include "lang/lexer.h"
#include "ui/commands.h"

/* --- Names */

bool th_is_name_character(uint32_t c) {
  if (c < 128) return isalnum((int)c) || c == '_';
  return c != TH_UTF8_INVALID && (th_utf8_is_letter(c) || th_utf8_is_mark(c) || th_utf8_subscript(c) >= 0);
}

size_t th_name_start(const char *text, size_t end) {
  size_t at = end, size;
  while (at > 0) {
    size_t before = at - 1;
    while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80) before--;
    if (!th_is_name_character(th_utf8_decode(text + before, at - before, &size))) break;
    at = before;
  }
  return at;
}

static size_t name_end(const char *text, size_t length, size_t at) {
  size_t size;
  while (at < length && th_is_name_character(th_utf8_decode(text + at, length - at, &size))) at += size;
  return at;
}

/* --- Brackets and strings */

/* One piece of text that the reader takes at once. */
typedef enum Piece { PIECE_OTHER, PIECE_NAME, PIECE_STRING, PIECE_COMMENT, PIECE_OPEN, PIECE_CLOSE } Piece;

typedef struct Reader {
  const char *text;
  size_t length, at;
  ThOpenBrackets brackets;
  size_t too_deep; /* brackets that are open beyond those kept */
} Reader;

static void push(Reader *r, char bracket, size_t offset) {
  ThOpenBrackets *b = &r->brackets;
  if (b->n == TH_MAX_OPEN) {
    r->too_deep++;
    return;
  }
  b->open[b->n].bracket = bracket;
  b->open[b->n++].offset = offset;
}

static void pop(Reader *r) {
  if (r->too_deep > 0) r->too_deep--;
  else if (r->brackets.n > 0) r->brackets.n--;
}

static char innermost(const Reader *r) {
  return r->brackets.n ? r->brackets.open[r->brackets.n - 1].bracket : '\0';
}

/* Inside a string: up to its end, or to an interpolation. */
static Piece read_string(Reader *r) {
  char c = r->text[r->at++];
  if (c == '\\' && r->at < r->length) r->at++;
  else if (c == '"') pop(r);
  else if (c == '$' && r->at < r->length && r->text[r->at] == '(') push(r, '$', r->at++);
  return PIECE_STRING;
}

static Piece read_piece(Reader *r) {
  size_t size, start = r->at;
  if (innermost(r) == '"') return read_string(r);
  char c = r->text[r->at];
  if (c == '#') {
    while (r->at < r->length && r->text[r->at] != '\n') r->at++;
    return PIECE_COMMENT;
  }
  r->at = name_end(r->text, r->length, start);
  if (r->at > start) return PIECE_NAME;
  th_utf8_decode(r->text + start, r->length - start, &size);
  r->at = start + size;
  if (c == '"') push(r, '"', start);
  if (c == '"') return PIECE_STRING;
  if (c == '(' || c == '[' || c == '{') push(r, c, start);
  if (c == '(' || c == '[' || c == '{') return PIECE_OPEN;
  return c == ')' || c == ']' || c == '}' ? PIECE_CLOSE : PIECE_OTHER;
}

static bool closes(char open, char close) {
  return close == ')' ? open == '(' || open == '$' : close == ']' ? open == '[' : open == '{';
}

void th_open_brackets(const char *text, size_t length, ThOpenBrackets *out) {
  Reader r = {.text = text, .length = length};
  while (r.at < length)
    if (read_piece(&r) == PIECE_CLOSE) pop(&r);
  *out = r.brackets;
}

/* --- Words */

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool is_reserved(const char *text, size_t length) {
  const char *word;
  for (size_t i = 0; (word = th_reserved_word(i)); i++)
    if (is_word(text, length, word)) return true;
  return false;
}

/* `data`, `model`, `param`, `claim` at the start of a statement, before a name. */
static bool begins_statement(const Reader *r, size_t start) {
  static const char *const words[] = {"data", "model", "param", "claim"};
  bool known = false;
  size_t size, next = r->at;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    known = known || is_word(r->text + start, r->at - start, words[i]);
  while (start > 0 && (r->text[start - 1] == ' ' || r->text[start - 1] == '\t')) start--;
  bool first = start == 0 || strchr("\n;{", r->text[start - 1]);
  while (next < r->length && r->text[next] == ' ') next++;
  return known && first && next > r->at && next < r->length &&
         th_is_name_character(th_utf8_decode(r->text + next, r->length - next, &size));
}

/* A field behind a point, or the name of an argument: not what the built-ins' names mean. */
static bool is_label(const Reader *r, size_t start) {
  if (start > 0 && r->text[start - 1] == '.' && !(start > 1 && isdigit((unsigned char)r->text[start - 2])))
    return true;
  size_t next = r->at;
  while (next < r->length && r->text[next] == ' ') next++;
  return next < r->length && r->text[next] == '=' && !(next + 1 < r->length && r->text[next + 1] == '=');
}

static ThTint name_tint(ThSession *session, const Reader *r, size_t start) {
  const char *name = r->text + start;
  size_t length = r->at - start;
  ThValue own;
  if (is_reserved(name, length) || begins_statement(r, start)) return TH_TINT_KEYWORD;
  if (is_word(name, length, "end") && innermost(r) == '[') return TH_TINT_KEYWORD;
  if (is_label(r, start)) return TH_TINT_PLAIN;
  ThContext *cx = th_session_context(session);
  const ThSymbol *symbol = th_symbol_find(cx, name, length);
  if (!symbol || th_session_get(session, symbol, &own)) return TH_TINT_PLAIN;
  return th_builtin_find(cx, symbol) ? TH_TINT_BUILTIN : TH_TINT_PLAIN;
}

/* --- All of it */

static ThTint piece_tint(ThSession *session, Reader *r, Piece piece, size_t start) {
  switch (piece) {
    case PIECE_NAME: return name_tint(session, r, start);
    case PIECE_STRING: return TH_TINT_STRING;
    case PIECE_COMMENT: return TH_TINT_COMMENT;
    case PIECE_CLOSE:
      if (r->too_deep > 0 || closes(innermost(r), r->text[start])) {
        pop(r);
        return TH_TINT_PLAIN;
      }
      return TH_TINT_WRONG;
    default: return TH_TINT_PLAIN;
  }
}

static void tint_code(ThSession *session, const char *text, size_t length, size_t from, uint8_t *tints) {
  Reader r = {.text = text, .length = length, .at = from};
  while (r.at < length) {
    size_t start = r.at;
    Piece piece = read_piece(&r);
    memset(tints + start, (int)piece_tint(session, &r, piece, start), r.at - start);
  }
}

void th_highlight(ThSession *session, const char *text, size_t length, uint8_t *tints) {
  size_t first = strspn(text, " \t"), word = first;
  memset(tints, TH_TINT_PLAIN, length);
  if (text[first] != ':' && text[first] != '?') {
    tint_code(session, text, length, 0, tints);
    return;
  }
  word += strcspn(text + first, " \t\n");
  if (text[first] != ':' || !th_command_known(text + first + 1)) return;
  memset(tints + first, TH_TINT_BUILTIN, word - first);
  if (strncmp(text + first, ":time", 5) == 0) tint_code(session, text, length, word, tints);
}

/* The offset of the bracket that pairs with the one at `bracket`, or SIZE_MAX. */
static size_t find_pair(const char *text, size_t length, size_t bracket) {
  Reader r = {.text = text, .length = length};
  while (r.at < length) {
    size_t start = r.at;
    if (read_piece(&r) != PIECE_CLOSE || r.too_deep > 0) continue;
    if (!closes(innermost(&r), text[start])) {
      if (start == bracket) return SIZE_MAX;
      continue;
    }
    size_t open = r.brackets.open[r.brackets.n - 1].offset;
    if (start == bracket) return open;
    if (open == bracket) return start;
    pop(&r);
  }
  return SIZE_MAX;
}

static bool is_bracket(char c) { return c && strchr("()[]{}", c); }

void th_highlight_match(const char *text, size_t length, size_t point, uint8_t *tints) {
  size_t bracket = point > 0 && is_bracket(text[point - 1]) ? point - 1 : point;
  if (bracket >= length || !is_bracket(text[bracket]) || tints[bracket] != TH_TINT_PLAIN) return;
  size_t pair = find_pair(text, length, bracket);
  if (pair != SIZE_MAX) tints[bracket] = tints[pair] = TH_TINT_MATCH;
}

/* No bright colours and no yellow: what is typed must be read on dark and on white grounds. */
const char *th_tint_code(ThTint tint) {
  static const char *const codes[TH_N_TINTS] = {
      [TH_TINT_PLAIN] = "",           [TH_TINT_PROMPT] = "\033[1m",  [TH_TINT_KEYWORD] = "\033[35m",
      [TH_TINT_STRING] = "\033[32m",  [TH_TINT_COMMENT] = "\033[2m", [TH_TINT_BUILTIN] = "\033[36m",
      [TH_TINT_WRONG] = "\033[1;31m", [TH_TINT_MATCH] = "\033[1;4m",
  };
  return codes[tint];
}

/* --- As text */

static void add_tinted(ThTint tint, const char *text, size_t length, ThText *out) {
  th_text_add(out, th_tint_code(tint));
  th_text_bytes(out, text, length);
  if (tint != TH_TINT_PLAIN) th_text_add(out, "\033[0m");
}

void th_highlight_code(ThSession *session, const char *text, size_t length, ThText *out) {
  ThContext *cx = th_session_context(session);
  uint8_t *tints = th_alloc(cx, length + 1);
  if (!tints) {
    th_error_clear(cx);
    th_text_bytes(out, text, length);
    return;
  }
  th_highlight(session, text, length, tints);
  for (size_t i = 0, end; i < length; i = end) {
    for (end = i + 1; end < length && tints[end] == tints[i];) end++;
    add_tinted((ThTint)tints[i], text + i, end - i, out);
  }
  th_free(cx, tints, length + 1);
}

static bool is_caret_line(const char *line) {
  size_t blanks = strspn(line, " ");
  return line[blanks] == '^' && line[blanks + strspn(line + blanks, "^")] == '\n';
}

void th_highlight_error(ThSession *session, const char *text, ThText *out) {
  static const char mark[] = "error:";
  if (strncmp(text, mark, strlen(mark)) == 0) {
    add_tinted(TH_TINT_WRONG, mark, strlen(mark), out);
    text += strlen(mark);
  }
  while (*text) {
    size_t length = strcspn(text, "\n"), whole = length + (text[length] == '\n');
    if (is_caret_line(text)) add_tinted(TH_TINT_WRONG, text, length, out);
    else if (is_caret_line(text + whole)) th_highlight_code(session, text, length, out);
    else th_text_bytes(out, text, length);
    if (whole > length) th_text_char(out, '\n');
    text += whole;
  }
}
