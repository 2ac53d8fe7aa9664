/* html.c - text, code and pictures as HTML */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/html.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

void th_html_text(const char *text, size_t length, ThText *out) {
  size_t size;
  for (size_t i = 0; i < length; i += size) {
    uint32_t c = th_utf8_decode(text + i, length - i, &size);
    if (c == '&') th_text_add(out, "&amp;");
    else if (c == '<') th_text_add(out, "&lt;");
    else if (c == '>') th_text_add(out, "&gt;");
    else if (c == '"') th_text_add(out, "&quot;");
    else if (c == '\'') th_text_add(out, "&#39;");
    else if (c == '\n' || c == '\t') th_text_char(out, (char)c);
    else if (c == TH_UTF8_INVALID || c < 32 || (c >= 127 && c < 160)) th_text_add(out, "\uFFFD");
    else th_text_bytes(out, text + i, size);
  }
}

void th_html_base64(const char *bytes, size_t length, ThText *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    size_t n = length - i < 3 ? length - i : 3;
    uint32_t group = 0;
    for (size_t k = 0; k < 3; k++) group = group << 8 | (k < n ? (unsigned char)bytes[i + k] : 0u);
    for (size_t k = 0; k < 4; k++) th_text_char(out, k <= n ? digits[group >> (18 - 6 * k) & 63] : '=');
  }
}

/* --- Pictures */

/* A copy of a picture, tag by tag. */
typedef struct Picture {
  const char *at, *end;
  size_t number;
  ThText *out;
} Picture;

static bool is_allowed(const char *name, size_t length) {
  static const char *const names[] = {"svg",  "g",     "rect",    "defs",     "circle",
                                      "path", "use",   "filter",  "feFlood",  "feComposite",
                                      "text", "tspan", "polygon", "polyline", "line"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return true;
  return false;
}

static bool starts(const Picture *p, const char *text) {
  size_t length = strlen(text);
  return (size_t)(p->end - p->at) >= length && memcmp(p->at, text, length) == 0;
}

/* Behind these an identifier begins. */
static size_t before_identifier(const Picture *p) {
  static const char *const marks[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (starts(p, marks[i])) return strlen(marks[i]);
  return 0;
}

/* Copies one tag, from `<` to behind `>`. */
static void copy_tag(Picture *p) {
  while (p->at < p->end && *p->at != '>') {
    size_t mark = before_identifier(p);
    th_text_bytes(p->out, p->at, mark ? mark : 1);
    if (mark) th_text_format(p->out, "picture-%zu-", p->number);
    p->at += mark ? mark : 1;
  }
  th_text_char(p->out, '>');
  if (p->at < p->end) p->at++;
}

static void skip_past(Picture *p, const char *text) {
  while (p->at < p->end && !starts(p, text)) p->at++;
  if (p->at < p->end) p->at += strlen(text);
}

/* A tag of the picture, or text that looks like one. */
static void take_tag(Picture *p) {
  const char *name = p->at + 1 + starts(p, "</");
  size_t length = 0;
  while (name + length < p->end && isalpha((unsigned char)name[length])) length++;
  if (starts(p, "<title>")) skip_past(p, "</title>");
  else if (starts(p, "<desc>")) skip_past(p, "</desc>");
  else if (is_allowed(name, length)) copy_tag(p);
  else {
    th_text_add(p->out, "&lt;");
    p->at++;
  }
}

void th_html_svg(const char *svg, size_t length, size_t number, const char *words, ThText *out) {
  Picture p = {.at = svg, .end = svg + length, .number = number, .out = out};
  while (p.at < p.end && !starts(&p, "<svg")) p.at++;
  if (p.at == p.end) return;
  p.at += strlen("<svg");
  th_text_add(out, "<svg role=\"img\" aria-label=\"");
  th_html_text(words, strlen(words), out);
  th_text_char(out, '"');
  copy_tag(&p);
  while (p.at < p.end) {
    if (*p.at == '<') take_tag(&p);
    else th_text_char(out, *p.at++);
  }
}
