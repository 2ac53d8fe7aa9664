/* blank.h - the places of a starter that the person fills in: `____` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_BLANK_H
#define TH_UI_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the blank that begins at `text`: four underscores or more; 0 when none does. */
size_t th_blank_length(const char *text);
/* The offset of the first blank at or behind byte `from`; false when there is none. */
bool th_blank_find(const char *text, size_t from, size_t *at);
/* The blank that follows the one at byte `from`, or byte `from` itself; behind the last comes the first. False when
 * there is none, or no other. */
bool th_blank_next(const char *text, size_t from, size_t *at);

#endif
