/* utf8.h - UTF-8: decoding, widths, classes of characters, normal form */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_UTF8_H
#define TH_BASE_UTF8_H

#include "base/text.h"

enum { TH_UTF8_INVALID = 0xFFFFFFFF };

/* The code point at text[0 .. length), its size in bytes in *size; TH_UTF8_INVALID, size 1, for bytes that
 * are not UTF-8 (overlong forms and surrogates included). length must be at least 1. */
uint32_t th_utf8_decode(const char *text, size_t length, size_t *size);
size_t th_utf8_encode(uint32_t code_point, char out[4]);
/* The offset of the first byte that is not UTF-8, or `length`. */
size_t th_utf8_find_invalid(const char *text, size_t length);
size_t th_utf8_count(const char *text, size_t length); /* code points */
size_t th_utf8_width(const char *text, size_t length); /* terminal columns */
/* The byte offset of the code point with 0-based index; `length` when there are fewer. */
size_t th_utf8_offset(const char *text, size_t length, size_t index);
/* The furthest byte offset in [start, end] that is at most `width` columns after start, or before end. */
size_t th_utf8_forward(const char *text, size_t start, size_t end, size_t width);
size_t th_utf8_back(const char *text, size_t start, size_t end, size_t width);
/* Ends a NUL-terminated string at or before byte `length`, at a character's edge. */
void th_utf8_cut(char *text, size_t length);

bool th_utf8_is_letter(uint32_t code_point); /* may start a name */
bool th_utf8_is_mark(uint32_t code_point);   /* combining */
/* 0..9 of a subscript or superscript digit, else -1 */
int th_utf8_subscript(uint32_t code_point);
int th_utf8_superscript(uint32_t code_point);

/* Appends text in normal form C. */
void th_utf8_normalize(const char *text, size_t length, ThText *out);
/* Appends text in upper or lower case. */
void th_utf8_upper(const char *text, size_t length, ThText *out);
void th_utf8_lower(const char *text, size_t length, ThText *out);
/* Appends text that is in another encoding ("latin1", "UTF-16", …); false, without an error record, when the
 * encoding is not known or the text is not in it. */
bool th_utf8_convert(const char *encoding, const char *text, size_t length, ThText *out);

#endif
