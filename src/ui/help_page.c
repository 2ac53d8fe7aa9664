/* help_page.c - how a page of help is laid out */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_page.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/flow.h"
#include "ui/ui.h"

enum { NARROWEST = 20, WIDEST = 100, NAME_COLUMN = 22 };

size_t th_help_page_width(const ThContext *cx) {
  int width = cx->settings.width - 1;
  return (size_t)(width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width);
}

void th_help_page_heading(const ThContext *cx, const char *text, ThText *out) {
  ThFlow flow;
  th_text_add(out, th_ui_style(cx, TH_BOLD));
  th_flow_init(&flow, out, th_help_page_width(cx), 4);
  th_flow_text(&flow, text, strlen(text));
  th_flow_clear(&flow);
  th_text_add(out, th_ui_style(cx, TH_PLAIN));
}

void th_help_page_lines(const ThContext *cx, const char *text, size_t indent, ThText *out) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    ThFlow flow;
    th_text_repeat(out, ' ', indent);
    th_flow_init(&flow, out, th_help_page_width(cx), indent + 2);
    flow.column = indent;
    th_flow_text(&flow, text, length);
    th_flow_clear(&flow);
    text += length + (text[length] == '\n');
  }
}

/* Where the terminal is narrow, the second column begins on a line of its own. */
void th_help_page_entry(const ThContext *cx, const char *name, const char *brief, ThText *out) {
  size_t width = th_utf8_width(name, strlen(name)), page = th_help_page_width(cx);
  bool narrow = page < 3 * NAME_COLUMN, below = narrow || width + 3 > page;
  ThFlow flow;
  th_text_format(out, "  %s%s%s", th_ui_style(cx, TH_CODE), name, th_ui_style(cx, TH_PLAIN));
  size_t column = narrow ? 4 : NAME_COLUMN;
  if (below) th_text_char(out, '\n');
  size_t at = below ? 0 : width + 2, start = at + 2 > column ? at + 2 : column;
  th_text_repeat(out, ' ', start - at);
  th_flow_init(&flow, out, page, column);
  flow.column = start;
  th_flow_text(&flow, brief, strlen(brief));
  th_flow_clear(&flow);
}

void th_help_page_list(const ThContext *cx, const char *label, const char *words, ThText *out) {
  ThFlow flow;
  th_text_add(out, "  ");
  th_flow_init(&flow, out, th_help_page_width(cx), 4);
  flow.column = 2;
  th_flow_text(&flow, label, strlen(label));
  th_flow_text(&flow, ": ", 2);
  th_flow_text(&flow, words, strlen(words));
  th_flow_clear(&flow);
}

void th_help_page_code(const ThContext *cx, const char *text, ThText *out) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    ThEmphasis style = strncmp(text, "#> ", 3) == 0 ? TH_DIM : TH_CODE;
    th_flow_code_line(out, text, length, th_help_page_width(cx), 2, th_ui_style(cx, style),
                      th_ui_style(cx, TH_PLAIN));
    text += length + (text[length] == '\n');
  }
}
