/* fuzz_lexer.c - any bytes as tokens */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "lang/lexer.h"

static void read_tokens(ThContext *cx, const ThSource *source) {
  ThLexer lexer;
  ThToken token = {.kind = TH_TOKEN_LINE};
  th_lexer_init(&lexer, cx, source, 0, (uint32_t)source->length);
  for (uint32_t at = 0; token.kind != TH_TOKEN_END; at = token.span.end) {
    ThTokenKind expected = th_lexer_peek(&lexer);
    if (!th_lexer_next(&lexer, &token)) {
      fuzz_check_error(cx);
      break;
    }
    if (token.kind != expected) fuzz_fail("the lexer foresaw another token at %u", at);
    if (token.span.start < at || token.span.end < token.span.start || token.span.end > source->length)
      fuzz_fail("the token %u-%u stands at %u", token.span.start, token.span.end, at);
  }
  th_lexer_clear(&lexer);
}

void fuzz_lexer(const char *text, size_t length) {
  ThContext cx = {.settings = {.digits = 6, .width = 80, .height = 24, .utf8 = true}};
  ThSource *source = th_source_new(&cx, "", text, length);
  if (!source) fuzz_fail("no memory");
  fuzz_clock_start(&cx);
  read_tokens(&cx, source);
  fuzz_clock_stop(&cx);
  th_source_release(source);
  if (cx.heap.used) fuzz_fail("%zu bytes leaked", cx.heap.used);
}
