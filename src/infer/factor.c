/* factor.c - strings as levels, and columns of 0 and 1 for them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/factor.h"

#include <stdlib.h>
#include <string.h>

const char *th_factor_level(ThValue levels, size_t i) {
  return th_as_string(th_as_list(levels)->items[i])->text;
}

/* Where it stands, or would; *found tells which. */
static size_t place_of(const ThList *levels, const char *text, bool *found) {
  size_t low = 0, high = levels->length;
  *found = false;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(text, th_as_string(levels->items[middle])->text);
    if (order == 0) {
      *found = true;
      return middle;
    }
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

size_t th_factor_find(ThValue levels, ThValue string) {
  bool found;
  size_t at = place_of(th_as_list(levels), th_as_string(string)->text, &found);
  return found ? at : SIZE_MAX;
}

bool th_factor_levels(ThContext *cx, ThValue strings, ThValue *out) {
  const ThList *list = th_as_list(strings);
  ThList *levels = th_list_new(cx, 4);
  bool ok = levels != NULL, found;
  for (size_t i = 0; ok && i < list->length; i++) {
    size_t at = place_of(levels, th_as_string(list->items[i])->text, &found);
    if (found) continue;
    ok = th_poll(cx) && th_list_push_take(cx, levels, th_retain(list->items[i]));
    if (!ok) break;
    memmove(levels->items + at + 1, levels->items + at, (levels->length - 1 - at) * sizeof *levels->items);
    levels->items[at] = list->items[i];
  }
  if (ok) *out = th_object(levels);
  else if (levels) th_release(th_object(levels));
  return ok;
}

static bool fail_level(ThContext *cx, const char *name, ThValue string, ThValue levels) {
  ThText known;
  th_text_init(&known, &cx->heap);
  for (size_t i = 0; i < th_as_list(levels)->length; i++)
    th_text_format(&known, "%s\"%s\"", i ? ", " : "", th_factor_level(levels, i));
  th_fail(cx, TH_ERROR_VALUE, "`%s` is \"%s\", a level that the fit has not seen; it knows %s", name,
          th_as_string(string)->text, th_text_string(&known));
  th_text_clear(&known);
  return false;
}

bool th_factor_write(ThContext *cx, const char *name, ThValue strings, ThValue levels, size_t first, size_t n,
                     size_t stride, double *out) {
  size_t width = th_as_list(levels)->length - first;
  for (size_t i = 0; i < n; i++) {
    ThValue string = th_is_string(strings) ? strings : th_as_list(strings)->items[i];
    size_t level = th_factor_find(levels, string);
    if (level == SIZE_MAX) return fail_level(cx, name, string, levels);
    for (size_t j = 0; j < width; j++) out[i * stride + j] = 0;
    if (level >= first) out[i * stride + level - first] = 1;
  }
  return true;
}
