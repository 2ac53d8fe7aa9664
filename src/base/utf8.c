/* utf8.c - UTF-8: decoding, widths, classes of characters, normal form */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows libunistring. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uniconv.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

uint32_t th_utf8_decode(const char *text, size_t length, size_t *size) {
  unsigned char first = (unsigned char)text[0];
  if (first < 0x80) {
    *size = 1;
    return first;
  }
  ucs4_t code_point;
  int used = u8_mbtoucr(&code_point, (const uint8_t *)text, length);
  if (used <= 0) {
    *size = 1;
    return TH_UTF8_INVALID;
  }
  *size = (size_t)used;
  return code_point;
}

size_t th_utf8_encode(uint32_t code_point, char out[4]) {
  int used = u8_uctomb((uint8_t *)out, code_point, 4);
  return used > 0 ? (size_t)used : 0;
}

size_t th_utf8_find_invalid(const char *text, size_t length) {
  const uint8_t *bad = u8_check((const uint8_t *)text, length);
  return bad ? (size_t)((const char *)bad - text) : length;
}

size_t th_utf8_count(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += ((unsigned char)text[i] & 0xC0) != 0x80;
  return count;
}

/* Columns of the character at text[i], its bytes in *size. */
static size_t width_at(const char *text, size_t i, size_t end, size_t *size) {
  uint32_t c = th_utf8_decode(text + i, end - i, size);
  if (c < 0x80 || c == TH_UTF8_INVALID) return 1;
  int width = uc_width(c, "UTF-8");
  return width > 0 ? (size_t)width : 0;
}

size_t th_utf8_width(const char *text, size_t length) {
  size_t width = 0, size;
  for (size_t i = 0; i < length; i += size) width += width_at(text, i, length, &size);
  return width;
}

size_t th_utf8_offset(const char *text, size_t length, size_t index) {
  size_t i = 0, size;
  for (; i < length && index > 0; i += size, index--) th_utf8_decode(text + i, length - i, &size);
  return i;
}

size_t th_utf8_forward(const char *text, size_t start, size_t end, size_t width) {
  size_t used = 0, size, i = start;
  for (; i < end; i += size) {
    used += width_at(text, i, end, &size);
    if (used > width) break;
  }
  return i;
}

size_t th_utf8_back(const char *text, size_t start, size_t end, size_t width) {
  size_t total = th_utf8_width(text + start, end - start), size;
  while (total > width && start < end) {
    total -= width_at(text, start, end, &size);
    start += size;
  }
  return start;
}

void th_utf8_cut(char *text, size_t length) {
  size_t start = length; /* of the last character that begins before `length` */
  while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
  if (start > 0 && (unsigned char)text[start - 1] >= 0xC0) start--;
  size_t size;
  bool whole = start < length && th_utf8_decode(text + start, length - start, &size) != TH_UTF8_INVALID;
  text[whole ? length : start] = '\0';
}

bool th_utf8_is_letter(uint32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return c != TH_UTF8_INVALID && (uc_is_property_id_start(c) || c == 0x2207 || c == 0x2113);
}

bool th_utf8_is_mark(uint32_t c) {
  return c >= 0x80 && c != TH_UTF8_INVALID && uc_is_general_category(c, UC_MARK);
}

int th_utf8_subscript(uint32_t c) { return c >= 0x2080 && c <= 0x2089 ? (int)(c - 0x2080) : -1; }

int th_utf8_superscript(uint32_t c) {
  if (c == 0xB9) return 1;
  if (c == 0xB2 || c == 0xB3) return (int)(c - 0xB0);
  return c == 0x2070 || (c >= 0x2074 && c <= 0x2079) ? (int)(c - 0x2070) : -1;
}

/* Appends a result that libunistring allocated, and frees it. */
static void append_owned(uint8_t *result, size_t length, ThText *out) {
  if (result) th_text_bytes(out, (const char *)result, length);
  else out->failed = true;
  free(result);
}

void th_utf8_normalize(const char *text, size_t length, ThText *out) {
  size_t size = 0;
  uint8_t *result = u8_normalize(UNINORM_NFC, (const uint8_t *)text, length, NULL, &size);
  append_owned(result, size, out);
}

void th_utf8_upper(const char *text, size_t length, ThText *out) {
  size_t size = 0;
  uint8_t *result = u8_toupper((const uint8_t *)text, length, NULL, NULL, NULL, &size);
  append_owned(result, size, out);
}

void th_utf8_lower(const char *text, size_t length, ThText *out) {
  size_t size = 0;
  uint8_t *result = u8_tolower((const uint8_t *)text, length, NULL, NULL, NULL, &size);
  append_owned(result, size, out);
}

bool th_utf8_convert(const char *encoding, const char *text, size_t length, ThText *out) {
  size_t size = 0;
  uint8_t *result = u8_conv_from_encoding(encoding, iconveh_error, text, length, NULL, NULL, &size);
  if (!result) return false;
  append_owned(result, size, out);
  return true;
}
