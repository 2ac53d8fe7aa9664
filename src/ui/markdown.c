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
#include "ui/markdown_table.h"
#include "ui/ui.h"

enum { MAX_NESTING = 16, MOST_COLUMNS = 80 };

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
  bool is_output;   /* of what code prints */
  ThText code_line; /* of it, as far as it is known */
  int bold, italic, code, hidden;
  /* the table that is being collected */
  bool in_table;
  ThMarkdownTable table;
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

/* Ends the line and leaves a blank one. */
static void set_apart(Page *p) {
  th_flow_line(&p->flow);
  if (p->any) th_text_char(p->out, '\n');
  p->any = true;
}

/* A block begins: after a blank line, but for the first one of a list item. */
static void begin_block(Page *p) {
  if (p->item_begins) {
    p->item_begins = false;
    return;
  }
  set_apart(p);
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

static void enter_table(Page *p, unsigned columns) {
  set_apart(p);
  p->in_table = true;
  p->table.n_cells = 0;
  p->table.n_columns = columns;
  th_text_reset(&p->table.cells);
}

static void leave_table(Page *p) {
  p->in_table = false;
  th_markdown_table_print(&p->table, p->cx, p->indent, p->width, p->out);
}

static void end_cell(Page *p) {
  ThMarkdownTable *table = &p->table;
  if (table->n_cells < TH_MAX_CELLS) table->ends[table->n_cells++] = table->cells.length;
}

/* --- Code */

/* The mark of an item stands alone on its line. */
static void end_mark(Page *p) {
  while (p->out->length > 0 && p->out->data[p->out->length - 1] == ' ') p->out->length--;
  th_text_char(p->out, '\n');
}

static void enter_code(Page *p, const MD_ATTRIBUTE *info) {
  static const char output[] = "output";
  p->in_code = true;
  p->is_output = info->size == sizeof output - 1 && memcmp(info->text, output, info->size) == 0;
  th_text_reset(&p->code_line);
  if (p->item_begins) end_mark(p);
  else if (!p->is_output) set_apart(p); /* what code prints stands directly below it */
  p->item_begins = false;
  p->flow.column = 0;
}

/* What code prints stands behind `#> `, as in the other pages of the help. */
static void end_code_line(Page *p) {
  size_t columns = p->cx->settings.width > 20 ? (size_t)p->cx->settings.width - 1 : 20;
  if (p->code_line.length == 0 && !p->is_output) th_text_char(p->out, '\n');
  else
    th_flow_code_line(p->out, th_text_string(&p->code_line), p->code_line.length, columns, p->indent + 2,
                      style(p, p->is_output ? TH_DIM : TH_CODE), style(p, TH_PLAIN));
  th_text_reset(&p->code_line);
}

/* A block comes in pieces, the line ends among them. */
static void put_code(Page *p, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (p->is_output && p->code_line.length == 0) th_text_add(&p->code_line, text[i] == '\n' ? "#>" : "#> ");
    if (text[i] == '\n') end_code_line(p);
    else th_text_char(&p->code_line, text[i]);
  }
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
    case MD_BLOCK_CODE: enter_code(p, &((MD_BLOCK_CODE_DETAIL *)detail)->info); break;
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
    case MD_BLOCK_CODE: p->in_code = false; break;
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
  if (p->in_table) th_text_bytes(&p->table.cells, text, length);
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
      else
        put(p, text, size,
            th_utf8_width(text, size) + p->indent + 2 <= p->width); /* longer: broken at blanks */
      break;
    case MD_TEXT_HTML: break; /* comments, mostly */
    default: put(p, text, size, false);
  }
  return 0;
}

static void begin_item(Page *p, const char *mark) {
  th_text_add(p->out, mark);
  p->indent = strlen(mark);
  p->flow.indent = p->flow.column = p->indent;
  p->item_begins = p->any = true;
}

bool th_markdown(ThContext *cx, const char *text, size_t length, ThText *out) {
  return th_markdown_item(cx, "", text, length, out);
}

bool th_markdown_item(ThContext *cx, const char *mark, const char *text, size_t length, ThText *out) {
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
  th_text_init(&p->table.cells, &cx->heap);
  th_text_init(&p->code_line, &cx->heap);
  if (mark[0]) begin_item(p, mark);
  bool ok = length <= 0x7fffffff && md_parse(text, (MD_SIZE)length, &parser, p) == 0;
  th_flow_clear(&p->flow);
  bool enough = !p->table.cells.failed && !p->code_line.failed;
  th_text_clear(&p->table.cells);
  th_text_clear(&p->code_line);
  th_free(cx, p, sizeof *p);
  if (!ok || !enough) return th_fail_memory(cx, length);
  return th_text_ok(out, cx);
}
