/* flow.c - words laid out in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flow.h"

#include <string.h>

#include "base/utf8.h"

void th_flow_init(ThFlow *flow, ThText *out, size_t width, size_t indent) {
  *flow = (ThFlow){.out = out, .width = width, .indent = indent};
  th_text_init(&flow->word, out->heap);
}

static void put_word(ThFlow *flow) {
  if (flow->word.length == 0) return;
  bool fits = flow->column + flow->space + flow->word_width <= flow->width;
  if (!fits && flow->begun && flow->word_width > 0) {
    th_text_char(flow->out, '\n');
    flow->column = 0;
    flow->space = false;
    th_text_repeat(flow->out, ' ', flow->indent);
    flow->column = flow->indent;
  }
  if (flow->space) th_text_char(flow->out, ' ');
  th_text_bytes(flow->out, th_text_string(&flow->word), flow->word.length);
  flow->column += flow->space + flow->word_width;
  flow->space = false;
  flow->begun = true;
  flow->word_width = 0;
  th_text_reset(&flow->word);
}

void th_flow_text(ThFlow *flow, const char *text, size_t length) {
  size_t i = 0;
  while (i < length) {
    size_t end = i;
    while (end < length && text[end] != ' ' && text[end] != '\n' && text[end] != '\t') end++;
    if (end > i) th_flow_solid(flow, text + i, end - i);
    if (end < length) {
      put_word(flow);
      flow->space = flow->begun;
      end++;
    }
    i = end;
  }
}

void th_flow_solid(ThFlow *flow, const char *text, size_t length) {
  th_text_bytes(&flow->word, text, length);
  flow->word_width += th_utf8_width(text, length);
}

void th_flow_code(ThFlow *flow, const char *code) { th_text_add(&flow->word, code); }

void th_flow_line(ThFlow *flow) {
  put_word(flow);
  if (flow->column > 0) th_text_char(flow->out, '\n');
  flow->column = 0;
  flow->space = flow->begun = false;
}

void th_flow_clear(ThFlow *flow) {
  th_flow_line(flow);
  if (flow->word.failed) flow->out->failed = true;
  th_text_clear(&flow->word);
}

size_t th_flow_fit(const char *text, size_t length, size_t width) {
  size_t fits = th_utf8_forward(text, 0, length, width), blank = fits;
  if (fits == 0 && length > 0) th_utf8_decode(text, length, &fits);
  if (fits == length || text[fits] == ' ') return fits;
  while (blank > fits / 2 && text[blank - 1] != ' ') blank--;
  return blank > fits / 2 ? blank : fits;
}

void th_flow_code_line(ThText *out, const char *line, size_t length, size_t width, size_t indent,
                       const char *color, const char *plain) {
  enum { FURTHER = 4 };
  size_t first = indent;
  do {
    size_t room = width > indent + FURTHER ? width - indent : FURTHER;
    size_t taken = th_flow_fit(line, length, room), shown = taken;
    while (taken < length && shown > 0 && line[shown - 1] == ' ') shown--;
    th_text_repeat(out, ' ', indent);
    th_text_format(out, "%s%.*s%s\n", color, (int)shown, line, plain);
    while (taken < length && line[taken] == ' ') taken++;
    line += taken;
    length -= taken;
    indent = first + FURTHER;
  } while (length > 0);
}
