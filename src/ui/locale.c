/* locale.c - terminals that do not show UTF-8 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Theta speaks UTF-8 throughout. At a terminal of another encoding every Greek letter can be typed by its
 * name, and so that is how it is shown there. */
#include "ui/locale.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"
#include "ui/symbols.h"

/* --- Which it is */

static bool is_utf8(const char *codeset) {
  return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0 || strcmp(codeset, "UTF8") == 0 ||
         strcmp(codeset, "utf-8") == 0;
}

/* What the environment asks for behind the point of LANG=de_DE.ISO-8859-1, "" when nothing. */
static const char *wanted_codeset(void) {
  static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]), *point = value ? strchr(value, '.') : NULL;
    if (value && value[0]) return point ? point + 1 : "";
  }
  return "";
}

/* In the environment too: readline reads it there. */
static bool try_locale(const char *name) {
  if (!setlocale(LC_CTYPE, name) || !is_utf8(nl_langinfo(CODESET))) return false;
  setenv("LC_ALL", name, 1);
  return true;
}

static bool is_ascii(const char *codeset) {
  return !codeset[0] || strncmp(codeset, "ANSI_X3.4", 9) == 0 || strcmp(codeset, "US-ASCII") == 0;
}

bool th_locale_set(const char **codeset) {
  bool found = setlocale(LC_CTYPE, "") != NULL;
  *codeset = found ? nl_langinfo(CODESET) : wanted_codeset();
  if (is_utf8(*codeset) && found) return true;
  if ((is_ascii(*codeset) || is_utf8(*codeset)) && (try_locale("C.UTF-8") || try_locale("en_US.UTF-8")))
    return true;
  if (!(*codeset)[0]) *codeset = "ASCII";
  return false;
}

/* --- Text out */

static const struct {
  const char *text, *plain;
} twins[] = {
    {"≤", "<="},   {"≥", ">="}, {"≠", "!="},  {"∈", "in"},    {"⋅", "@"},   {"·", "*"},   {"×", "x"},
    {"÷", "/"},    {"±", "+-"}, {"≈", "~"},   {"→", "->"},    {"…", "..."}, {"—", "--"},  {"–", "-"},
    {"−", "-"},    {"“", "\""}, {"”", "\""},  {"‘", "'"},     {"’", "'"},   {"′", "'"},   {"ᵀ", "'"},
    {"⁻", "^-"},   {"µ", "mu"}, {"∞", "inf"}, {"│", "|"},     {"─", "-"},   {"└", "+"},   {"┴", "+"},
    {"┤", "|"},    {"•", "*"},  {"∫", "int"}, {"²", "^2"},    {"³", "^3"},  {"∩", "and"}, {"∪", "or"},
    {"¬", "not "}, {"ℙ", "P"},  {"𝔼", "E"},   {"√", "sqrt "},
};

static void add_plain(uint32_t c, const char *text, size_t size, ThText *out) {
  char one[8] = "";
  memcpy(one, text, size);
  for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
    if (strcmp(twins[i].text, one) == 0) {
      th_text_add(out, twins[i].plain);
      return;
    }
  int subscript = th_utf8_subscript(c), superscript = th_utf8_superscript(c);
  const char *name = th_character_name(one);
  if (subscript >= 0) th_text_format(out, "%d", subscript);
  else if (superscript >= 0) th_text_format(out, "^%d", superscript);
  else if (name && (name[0] == '_' || name[0] == '^')) th_text_add(out, name);
  else if (name) th_text_format(out, th_utf8_is_mark(c) ? "_%s" : "%s", name);
  else th_text_format(out, "\\u{%x}", (unsigned)c);
}

void th_locale_encode(const ThContext *cx, const char *text, size_t length, ThText *out) {
  size_t size;
  for (size_t i = 0; i < length; i += size) {
    uint32_t c = th_utf8_decode(text + i, length - i, &size);
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t n = c < 128 || cx->settings.utf8 ? (size_t)-1 : wcrtomb(bytes, (wchar_t)c, &state);
    if (c < 128 || cx->settings.utf8 || c == TH_UTF8_INVALID) th_text_bytes(out, text + i, size);
    else if (n != (size_t)-1) th_text_bytes(out, bytes, n);
    else add_plain(c, text + i, size, out);
  }
}

/* --- Text in */

/* What is UTF-8 after all stays: the terminal may know better than the environment. */
void th_locale_decode(const ThContext *cx, const char *text, ThText *out) {
  size_t length = strlen(text);
  if (cx->settings.utf8 || th_utf8_find_invalid(text, length) == length) {
    th_text_add(out, text);
    return;
  }
  mbstate_t state = {0};
  for (size_t left = length, n; left > 0; text += n, left -= n) {
    wchar_t c = 0;
    n = mbrtowc(&c, text, left, &state);
    if (n == (size_t)-1 || n == (size_t)-2 || n == 0) {
      c = (unsigned char)*text; /* as in Latin-1 */
      n = 1;
      state = (mbstate_t){0};
    }
    th_text_code_point(out, (uint32_t)c);
  }
}
