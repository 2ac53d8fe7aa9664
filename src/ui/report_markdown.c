/* report_markdown.c - the Markdown of a lesson as HTML */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md4c reads it and calls back. All text passes th_html_text. */
#include "ui/report_markdown.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <md4c.h>

#include "base/file.h"
#include "base/utf8.h"
#include "ui/html.h"

typedef struct Page {
  ThContext *cx;
  const char *folder;
  ThContents *contents;
  ThText *out;
  ThText code; /* of the block of code that is being read */
  bool in_code;
  int hidden;        /* inside HTML, or inside the text of a picture */
  bool is_missing;   /* that picture, whose text stands in its place */
  bool link_open[8]; /* of nested links: whether there is an <a> to close */
  size_t n_links;
  size_t title_start; /* where the text of a heading of the second level begins; 0: in none */
} Page;

static bool attribute_is(const MD_ATTRIBUTE *a, const char *text) {
  return a->size == strlen(text) && memcmp(a->text, text, a->size) == 0;
}

/* --- Blocks */

static void enter_heading(Page *p, unsigned level) {
  ThContents *c = p->contents;
  if (!c) {
    th_text_format(p->out, "<h%u>", level);
    return;
  }
  th_text_format(p->out, "<h%u id=\"section-%zu\">", level, ++c->n_headings);
  p->title_start = level == 2 ? p->out->length : 0;
}

/* A heading without its tags. */
static void plain_text(const char *html, ThText *out) {
  for (; *html; html++)
    if (*html == '<') html += strcspn(html, ">");
    else th_text_char(out, *html);
}

static void leave_heading(Page *p, unsigned level) {
  ThContents *c = p->contents;
  if (c && p->title_start && !p->out->failed) {
    th_text_format(&c->entries, "<li><a href=\"#section-%zu\">", c->n_headings);
    plain_text(p->out->data + p->title_start, &c->entries);
    th_text_add(&c->entries, "</a></li>\n");
    c->n_entries++;
  }
  p->title_start = 0;
  th_text_format(p->out, "</h%u>\n", level);
}

static void enter_cell(Page *p, const char *tag, const MD_BLOCK_TD_DETAIL *cell) {
  static const char *const aligned[] = {[MD_ALIGN_DEFAULT] = "",
                                        [MD_ALIGN_LEFT] = "",
                                        [MD_ALIGN_CENTER] = " class=\"center\"",
                                        [MD_ALIGN_RIGHT] = " class=\"right\""};
  th_text_format(p->out, "<%s%s>", tag, aligned[cell->align]);
}

static void leave_code(Page *p, const MD_BLOCK_CODE_DETAIL *block) {
  bool indented = block->fence_char == '\0'; /* mathematics, mostly */
  th_text_format(p->out, "<pre class=\"%s\"><code>", indented ? "formula" : "code");
  if (attribute_is(&block->lang, "theta"))
    th_html_code(p->cx, th_text_string(&p->code), p->code.length, p->out);
  else th_html_text(th_text_string(&p->code), p->code.length, p->out);
  th_text_add(p->out, "</code></pre>\n");
  p->in_code = false;
}

static void enter_ordered(Page *p, const MD_BLOCK_OL_DETAIL *list) {
  if (list->start == 1) th_text_add(p->out, "<ol>\n");
  else th_text_format(p->out, "<ol start=\"%u\">\n", list->start);
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *self) {
  Page *p = self;
  switch (type) {
    case MD_BLOCK_QUOTE: th_text_add(p->out, "<blockquote>\n"); break;
    case MD_BLOCK_UL: th_text_add(p->out, "<ul>\n"); break;
    case MD_BLOCK_OL: enter_ordered(p, detail); break;
    case MD_BLOCK_LI: th_text_add(p->out, "<li>"); break;
    case MD_BLOCK_HR: th_text_add(p->out, "<hr>\n"); break;
    case MD_BLOCK_H: enter_heading(p, ((MD_BLOCK_H_DETAIL *)detail)->level); break;
    case MD_BLOCK_CODE:
      p->in_code = true;
      th_text_reset(&p->code);
      break;
    case MD_BLOCK_HTML: p->hidden++; break;
    case MD_BLOCK_P: th_text_add(p->out, "<p>"); break;
    case MD_BLOCK_TABLE: th_text_add(p->out, "<div class=\"wide\"><table>\n"); break;
    case MD_BLOCK_THEAD: th_text_add(p->out, "<thead>\n"); break;
    case MD_BLOCK_TBODY: th_text_add(p->out, "<tbody>\n"); break;
    case MD_BLOCK_TR: th_text_add(p->out, "<tr>"); break;
    case MD_BLOCK_TH: enter_cell(p, "th scope=\"col\"", detail); break;
    case MD_BLOCK_TD: enter_cell(p, "td", detail); break;
    default: break;
  }
  return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *self) {
  Page *p = self;
  switch (type) {
    case MD_BLOCK_QUOTE: th_text_add(p->out, "</blockquote>\n"); break;
    case MD_BLOCK_UL: th_text_add(p->out, "</ul>\n"); break;
    case MD_BLOCK_OL: th_text_add(p->out, "</ol>\n"); break;
    case MD_BLOCK_LI: th_text_add(p->out, "</li>\n"); break;
    case MD_BLOCK_H: leave_heading(p, ((MD_BLOCK_H_DETAIL *)detail)->level); break;
    case MD_BLOCK_CODE: leave_code(p, detail); break;
    case MD_BLOCK_HTML: p->hidden--; break;
    case MD_BLOCK_P: th_text_add(p->out, "</p>\n"); break;
    case MD_BLOCK_TABLE: th_text_add(p->out, "</table></div>\n"); break;
    case MD_BLOCK_THEAD: th_text_add(p->out, "</thead>\n"); break;
    case MD_BLOCK_TBODY: th_text_add(p->out, "</tbody>\n"); break;
    case MD_BLOCK_TR: th_text_add(p->out, "</tr>\n"); break;
    case MD_BLOCK_TH: th_text_add(p->out, "</th>"); break;
    case MD_BLOCK_TD: th_text_add(p->out, "</td>"); break;
    default: break;
  }
  return 0;
}

/* --- Links and pictures */

static bool starts_with(const MD_ATTRIBUTE *a, const char *text) {
  return a->size >= strlen(text) && memcmp(a->text, text, strlen(text)) == 0;
}

/* Addresses that only lead somewhere; `javascript:` and its like do not. */
static bool is_harmless(const MD_ATTRIBUTE *address) {
  return starts_with(address, "http://") || starts_with(address, "https://") ||
         starts_with(address, "mailto:") || starts_with(address, "#");
}

static void enter_link(Page *p, const MD_ATTRIBUTE *address) {
  bool opens = p->hidden == 0 && is_harmless(address);
  if (p->n_links < sizeof p->link_open) p->link_open[p->n_links] = opens;
  p->n_links++;
  if (!opens) return;
  th_text_add(p->out, "<a href=\"");
  th_html_text(address->text, address->size, p->out);
  th_text_add(p->out, "\">");
}

static void leave_link(Page *p) {
  p->n_links--;
  if (p->n_links < sizeof p->link_open && p->link_open[p->n_links]) th_text_add(p->out, "</a>");
}

/* The type of a picture by its extension; NULL when it is none that browsers show. */
static const char *picture_type(const char *path) {
  static const char *const types[][2] = {{"png", "image/png"},  {"svg", "image/svg+xml"},
                                         {"jpg", "image/jpeg"}, {"jpeg", "image/jpeg"},
                                         {"gif", "image/gif"},  {"webp", "image/webp"}};
  const char *extension = th_path_extension(path);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(types[i][0], extension) == 0) return types[i][1];
  return NULL;
}

/* The bytes of a picture in the lesson's folder or below; false, without an error, when there is none. */
static bool read_picture(Page *p, const MD_ATTRIBUTE *address, const char **type, ThText *bytes) {
  ThText path;
  th_text_init(&path, &p->cx->heap);
  th_text_add(&path, p->folder);
  th_text_bytes(&path, address->text, address->size);
  const char *name = th_text_string(&path) + strlen(p->folder);
  bool below = name[0] != '/' && !strstr(name, "..") && !strchr(name, ':');
  *type = picture_type(name);
  bool ok = below && *type && th_read_file(p->cx, th_text_string(&path), bytes);
  th_error_clear(p->cx);
  th_text_clear(&path);
  return ok;
}

/* What the picture shows is its text, up to leave_picture. */
static void enter_picture(Page *p, const MD_ATTRIBUTE *address) {
  const char *type;
  ThText bytes;
  th_text_init(&bytes, &p->cx->heap);
  p->is_missing = !read_picture(p, address, &type, &bytes);
  if (p->is_missing) th_text_add(p->out, "<span class=\"note\">[picture: ");
  else {
    th_text_format(p->out, "<img src=\"data:%s;base64,", type);
    th_html_base64(th_text_string(&bytes), bytes.length, p->out);
    th_text_add(p->out, "\" alt=\"");
  }
  th_text_clear(&bytes);
}

/* --- Spans and text */

static const char *tag_of(MD_SPANTYPE type) {
  return type == MD_SPAN_EM ? "em" : type == MD_SPAN_STRONG ? "strong" : type == MD_SPAN_CODE ? "code" : NULL;
}

/* The text of a picture holds no markup. */
static int on_enter_span(MD_SPANTYPE type, void *detail, void *self) {
  Page *p = self;
  if (type == MD_SPAN_IMG) {
    if (p->hidden++ == 0) enter_picture(p, &((MD_SPAN_IMG_DETAIL *)detail)->src);
  } else if (type == MD_SPAN_A) enter_link(p, &((MD_SPAN_A_DETAIL *)detail)->href);
  else if (tag_of(type) && p->hidden == 0) th_text_format(p->out, "<%s>", tag_of(type));
  return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *self) {
  Page *p = self;
  (void)detail;
  if (type == MD_SPAN_IMG) {
    if (--p->hidden == 0) th_text_add(p->out, p->is_missing ? "]</span>" : "\">");
  } else if (type == MD_SPAN_A) leave_link(p);
  else if (tag_of(type) && p->hidden == 0) th_text_format(p->out, "</%s>", tag_of(type));
  return 0;
}

/* The code point of a character by number, `&#960;` or `&#x3c0;`; 0 when it is none that can be shown. */
static uint32_t numbered_character(const char *text, size_t length) {
  bool hexadecimal = length > 3 && tolower((unsigned char)text[2]) == 'x';
  if (length < 4 || text[1] != '#') return 0;
  unsigned long code = strtoul(text + 2 + hexadecimal, NULL, hexadecimal ? 16 : 10);
  bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < 0x110000 && !surrogate ? (uint32_t)code : 0;
}

/* The few named characters that prose needs stand as they are; others are text. */
static void put_entity(Page *p, const char *text, size_t length) {
  static const char *const known[] = {"&amp;",  "&lt;",    "&gt;",    "&quot;",
                                      "&nbsp;", "&mdash;", "&ndash;", "&hellip;"};
  char character[4];
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strlen(known[i]) == length && memcmp(known[i], text, length) == 0) {
      th_text_add(p->out, known[i]);
      return;
    }
  uint32_t code = numbered_character(text, length);
  if (code) th_html_text(character, th_utf8_encode(code, character), p->out);
  else th_html_text(text, length, p->out);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *self) {
  Page *p = self;
  if (p->in_code) th_text_bytes(&p->code, text, size);
  else switch (type) {
      case MD_TEXT_BR: th_text_add(p->out, p->hidden ? " " : "<br>\n"); break;
      case MD_TEXT_SOFTBR: th_text_char(p->out, '\n'); break;
      case MD_TEXT_ENTITY: put_entity(p, text, size); break;
      case MD_TEXT_HTML: break; /* comments, mostly */
      default: th_html_text(text, size, p->out);
    }
  return 0;
}

bool th_report_markdown(ThContext *cx, const char *text, size_t length, const char *folder,
                        ThContents *contents, ThText *out) {
  static const MD_PARSER parser = {
      .flags = MD_FLAG_TABLES | MD_FLAG_PERMISSIVEURLAUTOLINKS,
      .enter_block = on_enter_block,
      .leave_block = on_leave_block,
      .enter_span = on_enter_span,
      .leave_span = on_leave_span,
      .text = on_text,
  };
  Page p = {.cx = cx, .folder = folder, .contents = contents, .out = out};
  th_text_init(&p.code, &cx->heap);
  bool ok = length <= 0x7fffffff && md_parse(text, (MD_SIZE)length, &parser, &p) == 0;
  bool enough = th_text_ok(&p.code, cx);
  th_text_clear(&p.code);
  if (!ok) return th_fail_memory(cx, length);
  return enough && th_text_ok(out, cx);
}
