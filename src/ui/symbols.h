/* symbols.h - characters by name: what \name<Tab> types */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SYMBOLS_H
#define TH_UI_SYMBOLS_H

#include <stddef.h>

typedef struct ThCharacter {
  const char *name; /* without the backslash */
  const char *text; /* UTF-8 */
} ThCharacter;

/* The i-th, NULL after the last: Greek letters first, then signs, marks, raised and lowered characters. */
const ThCharacter *th_character_at(size_t i);
/* The character of a name, or NULL. */
const char *th_character_find(const char *name, size_t length);
/* The name of a character (one code point), or NULL. */
const char *th_character_name(const char *text);

#endif
