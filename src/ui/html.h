/* html.h - text, code and pictures as HTML */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HTML_H
#define TH_UI_HTML_H

#include "base/text.h"

/* Nothing that comes from a lesson reaches a page but through these: no text can become markup. */

/* Text, or the value of a quoted attribute. Bytes that are not UTF-8 and control characters become U+FFFD. */
void th_html_text(const char *text, size_t length, ThText *out);
/* Theta code with its parts in `<span class=…>`: k reserved words, n numbers, s strings, c comments, f names that
 * are called. */
void th_html_code(ThContext *cx, const char *code, size_t length, ThText *out);
/* Bytes in base 64, for `data:` addresses. */
void th_html_base64(const char *bytes, size_t length, ThText *out);
/* A picture as gnuplot's svg terminal writes it, made part of a page: without its prologue, its identifiers made
 * unique by the picture's number, with words for those who hear the page. Elements that such a picture does not
 * have become text. */
void th_html_svg(const char *svg, size_t length, size_t number, const char *words, ThText *out);

#endif
