/* markdown.c - CommonMark as text for a terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md4c reads it and calls back; this file lays out what it tells. Blocks are set apart by blank lines,
 * lists by their marks; a table is collected whole before its columns can be known. */
#include "ui/markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <md4c.h>

#include "base/utf8.h"
#include "ui/flow.h"
#include "ui/ui.h"

enum { MAX_NESTING = 16, MAX_CELLS = 512, MOST_COLUMNS = 80 };

typedef struct ListLevel {
  bool ordered, tight;
  unsigned number;
} ListLevel;

typedef struct Page {
  ThContext *cx;
  ThText *out;
  ThFlow flow;
  size_t width, indent;
  ListLevel lists[MAX_NESTING];
  size_t n_lists;
  bool any;         /* something stands above */
  bool item_begins; /* the mark of an item was written, its first block comes */
  bool in_code;     /* a block of code */
  bool line_begins; /* of code */
  int bold, italic, code, hidden;
  /* the table that is being collected */
  bool in_table;
  ThText cells;
  size_t ends[MAX_CELLS], n_cells, n_columns, n_header;
} Page;

/* --- Styles */

static const char *style(const Page *p, ThEmphasis emphasis) { return th_ui_style(p->cx, emphasis); }

/* After a change: all that holds now. */
static void restyle(Page *p) {
  if (p->in_table) return;
  th_flow_code(&p->flow, style(p, TH_PLAIN));
  if (p->bold > 0) th_flow_code(&p->flow, style(p, TH_BOLD));
  if (p->italic > 0) th_flow_code(&p->flow, style(p, TH_ITALIC));
  if (p->code > 0) th_flow_code(&p->flow, style(p, TH_CODE));
}

/* --- Blocks */

static void begin_line(Page *p) {
  th_text_repeat(p->out, ' ', p->indent);
  p->flow.indent = p->flow.column = p->indent;
  p->flow.space = p->flow.begun = false;
}

/* A block begins: after a blank line, but for the first one of a list item. */
static void begin_block(Page *p) {
  if (p->item_begins) {
    p->item_begins = false;
    return;
  }
  th_flow_line(&p->flow);
  if (p->any) th_text_char(p->out, '\n');
  p->any = true;
  begin_line(p);
}

static void end_block(Page *p) { th_flow_line(&p->flow); }

static void enter_list(Page *p, bool ordered, bool tight, unsigned number) {
  th_flow_line(&p->flow);
  if (p->n_lists == 0 && p->any) th_text_char(p->out, '\n');
  p->any = true;
  if (p->n_lists < MAX_NESTING) p->lists[p->n_lists] = (ListLevel){ordered, tight, number};
  p->n_lists++;
  p->indent += ordered ? 3 : 2;
}

static void leave_list(Page *p) {
  th_flow_line(&p->flow);
  p->n_lists--;
  p->indent -= p->n_lists < MAX_NESTING && p->lists[p->n_lists].ordered ? 3 : 2;
}

static void enter_item(Page *p) {
  ListLevel *list = p->n_lists <= MAX_NESTING ? &p->lists[p->n_lists - 1] : &p->lists[MAX_NESTING - 1];
  char mark[16] = "- ";
  if (list->ordered) snprintf(mark, sizeof mark, "%u. ", list->number++);
  else if (p->cx->settings.utf8) snprintf(mark, sizeof mark, "• ");
  th_flow_line(&p->flow);
  size_t room = list->ordered ? 3 : 2, width = th_utf8_width(mark, strlen(mark));
  th_text_repeat(p->out, ' ', p->indent - room);
  th_text_add(p->out, mark);
  if (width < room) th_text_repeat(p->out, ' ', room - width);
  p->flow.indent = p->indent;
  p->flow.column = p->indent + (width > room ? width - room : 0);
  p->flow.space = p->flow.begun = false;
  p->item_begins = true;
}

static void rule(Page *p) {
  begin_block(p);
  for (size_t i = p->indent; i < p->width; i++) th_text_add(p->out, p->cx->settings.utf8 ? "─" : "-");
  th_text_char(p->out, '\n');
  p->flow.column = 0;
}

/* --- Tables */

static size_t cell_start(const Page *p, size_t i) { return i == 0 ? 0 : p->ends[i - 1]; }

static size_t cell_width(const Page *p, size_t i) {
  return th_utf8_width(th_text_string(&p->cells) + cell_start(p, i), p->ends[i] - cell_start(p, i));
}

static size_t column_width(const Page *p, size_t column) {
  size_t width = 1;
  for (size_t i = column; i < p->n_cells; i += p->n_columns)
    if (cell_width(p, i) > width) width = cell_width(p, i);
  return width;
}

static void print_row(Page *p, size_t row) {
  th_text_repeat(p->out, ' ', p->indent + 2);
  for (size_t j = 0; j < p->n_columns; j++) {
    size_t i = row * p->n_columns + j;
    th_text_bytes(p->out, th_text_string(&p->cells) + cell_start(p, i), p->ends[i] - cell_start(p, i));
    if (j + 1 < p->n_columns) th_text_repeat(p->out, ' ', column_width(p, j) - cell_width(p, i) + 2);
  }
  th_text_char(p->out, '\n');
}

static void print_table(Page *p) {
  size_t total = 0;
  for (size_t j = 0; j < p->n_columns; j++) total += column_width(p, j) + (j > 0 ? 2 : 0);
  for (size_t row = 0; p->n_columns && (row + 1) * p->n_columns <= p->n_cells; row++) {
    if (row == 0) th_text_add(p->out, style(p, TH_BOLD));
    print_row(p, row);
    if (row != 0) continue;
    th_text_add(p->out, style(p, TH_PLAIN));
    th_text_repeat(p->out, ' ', p->indent + 2);
    for (size_t k = 0; k < total; k++) th_text_add(p->out, p->cx->settings.utf8 ? "─" : "-");
    th_text_char(p->out, '\n');
  }
}

static void enter_table(Page *p, unsigned columns) {
  th_flow_line(&p->flow);
  if (p->any) th_text_char(p->out, '\n');
  p->any = true;
  p->in_table = true;
  p->n_cells = 0;
  p->n_columns = columns;
  th_text_reset(&p->cells);
}

static void leave_table(Page *p) {
  p->in_table = false;
  print_table(p);
}

static void end_cell(Page *p) {
  if (p->n_cells < MAX_CELLS) p->ends[p->n_cells++] = p->cells.length;
}

/* --- What md4c tells */

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *self) {
  Page *p = self;
  switch (type) {
    case MD_BLOCK_QUOTE: p->indent += 2; break;
    case MD_BLOCK_UL: enter_list(p, false, ((MD_BLOCK_UL_DETAIL *)detail)->is_tight, 1); break;
    case MD_BLOCK_OL:
      enter_list(p, true, ((MD_BLOCK_OL_DETAIL *)detail)->is_tight, ((MD_BLOCK_OL_DETAIL *)detail)->start);
      break;
    case MD_BLOCK_LI: enter_item(p); break;
    case MD_BLOCK_HR: rule(p); break;
    case MD_BLOCK_H:
      begin_block(p);
      th_flow_code(&p->flow, style(p, ((MD_BLOCK_H_DETAIL *)detail)->level <= 1 ? TH_HEADING : TH_BOLD));
      break;
    case MD_BLOCK_CODE:
      begin_block(p);
      p->in_code = p->line_begins = true;
      break;
    case MD_BLOCK_P: begin_block(p); break;
    case MD_BLOCK_TABLE: enter_table(p, ((MD_BLOCK_TABLE_DETAIL *)detail)->col_count); break;
    case MD_BLOCK_HTML: p->hidden++; break;
    default: break;
  }
  return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *self) {
  Page *p = self;
  (void)detail;
  switch (type) {
    case MD_BLOCK_QUOTE: p->indent -= 2; break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL: leave_list(p); break;
    case MD_BLOCK_LI:
      p->item_begins = false;
      end_block(p);
      break;
    case MD_BLOCK_H:
      th_flow_code(&p->flow, style(p, TH_PLAIN));
      end_block(p);
      break;
    case MD_BLOCK_CODE:
      p->in_code = false;
      p->flow.column = 0;
      break;
    case MD_BLOCK_P: end_block(p); break;
    case MD_BLOCK_TABLE: leave_table(p); break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: end_cell(p); break;
    case MD_BLOCK_HTML: p->hidden--; break;
    default: break;
  }
  return 0;
}

static void put(Page *p, const char *text, size_t length, bool solid) {
  if (p->hidden > 0) return;
  if (p->in_table) th_text_bytes(&p->cells, text, length);
  else if (solid) th_flow_solid(&p->flow, text, length);
  else th_flow_text(&p->flow, text, length);
}

/* Where there are no colours, code keeps its backquotes. */
static void code_mark(Page *p) {
  if (p->in_table || !p->cx->settings.color) put(p, "`", 1, true);
}

static int on_span(MD_SPANTYPE type, void *self, int change) {
  Page *p = self;
  switch (type) {
    case MD_SPAN_EM: p->italic += change; break;
    case MD_SPAN_STRONG: p->bold += change; break;
    case MD_SPAN_CODE: p->code += change; break;
    default: return 0;
  }
  if (type == MD_SPAN_CODE && change < 0) code_mark(p);
  restyle(p);
  if (type == MD_SPAN_CODE && change > 0) code_mark(p);
  return 0;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *self) {
  (void)detail;
  if (type == MD_SPAN_IMG) put(self, "[picture: ", 10, false);
  return on_span(type, self, 1);
}

/* A link's address follows its text. */
static int on_leave_span(MD_SPANTYPE type, void *detail, void *self) {
  Page *p = self;
  if (type == MD_SPAN_IMG) put(p, "]", 1, true);
  if (type == MD_SPAN_A) {
    const MD_ATTRIBUTE *address = &((MD_SPAN_A_DETAIL *)detail)->href;
    put(p, " (", 2, false);
    put(p, address->text, address->size, true);
    put(p, ")", 1, true);
  }
  return on_span(type, self, -1);
}

/* The few entities that prose needs; others stand as written. */
static void put_entity(Page *p, const char *text, size_t length) {
  static const struct {
    const char *name, *text;
  } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", "\u00A0"}};
  for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
    if (strlen(entities[i].name) == length && memcmp(entities[i].name, text, length) == 0) {
      put(p, entities[i].text, strlen(entities[i].text), true);
      return;
    }
  put(p, text, length, true);
}

/* Lines of a code block, each indented. */
static void put_code(Page *p, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (p->line_begins && text[i] != '\n') {
      if (p->flow.column == 0) th_text_repeat(p->out, ' ', p->indent);
      th_text_format(p->out, "  %s", style(p, TH_CODE));
    }
    if (text[i] == '\n' && !p->line_begins) th_text_add(p->out, style(p, TH_PLAIN));
    th_text_char(p->out, text[i]);
    p->line_begins = text[i] == '\n';
    if (p->line_begins) p->flow.column = 0;
  }
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *self) {
  Page *p = self;
  switch (type) {
    case MD_TEXT_BR:
      th_flow_line(&p->flow);
      begin_line(p);
      break;
    case MD_TEXT_SOFTBR: put(p, " ", 1, false); break;
    case MD_TEXT_ENTITY: put_entity(p, text, size); break;
    case MD_TEXT_CODE:
      if (p->in_code) put_code(p, text, size);
      else put(p, text, size, true);
      break;
    case MD_TEXT_HTML: break; /* comments, mostly */
    default: put(p, text, size, false);
  }
  return 0;
}

bool th_markdown(ThContext *cx, const char *text, size_t length, ThText *out) {
  static const MD_PARSER parser = {
      .flags = MD_FLAG_TABLES | MD_FLAG_PERMISSIVEURLAUTOLINKS,
      .enter_block = on_enter_block,
      .leave_block = on_leave_block,
      .enter_span = on_enter_span,
      .leave_span = on_leave_span,
      .text = on_text,
  };
  Page *p = th_alloc(cx, sizeof *p);
  if (!p) return false;
  *p = (Page){.cx = cx, .out = out};
  size_t columns = (size_t)(cx->settings.width > 20 ? cx->settings.width - 1 : 20);
  p->width = columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
  th_flow_init(&p->flow, out, p->width, 0);
  th_text_init(&p->cells, &cx->heap);
  bool ok = length <= 0x7fffffff && md_parse(text, (MD_SIZE)length, &parser, p) == 0;
  th_flow_clear(&p->flow);
  bool enough = !p->cells.failed;
  th_text_clear(&p->cells);
  th_free(cx, p, sizeof *p);
  if (!ok || !enough) return th_fail_memory(cx, length);
  return th_text_ok(out, cx);
}
