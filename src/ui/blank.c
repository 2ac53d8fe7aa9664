/* blank.c - the places of a starter that the person fills in: `____` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/blank.h"

#include <string.h>

static const char blank[] = "____";

size_t th_blank_length(const char *text) {
  size_t length = strspn(text, "_");
  return length >= strlen(blank) ? length : 0;
}

bool th_blank_find(const char *text, size_t from, size_t *at) {
  const char *found = strstr(text + from, blank);
  if (found) *at = (size_t)(found - text);
  return found != NULL;
}

bool th_blank_next(const char *text, size_t from, size_t *at) {
  if (th_blank_find(text, from + th_blank_length(text + from), at)) return true;
  return th_blank_find(text, 0, at) && *at != from;
}
