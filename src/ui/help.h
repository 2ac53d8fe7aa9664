/* help.h - what there is, and what it does */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_H
#define TH_UI_HELP_H

#include "lang/session.h"

/* Each appends text for the terminal; false only when memory is out. `found` may be NULL. */

/* About a name: a built-in, a reserved word, a sign, a Greek letter, a section, a name of the session; "" is
 * the overview. What is not known is answered with the nearest name, and *found is false. */
TH_CHECKED bool th_help_about(ThSession *session, const char *topic, size_t length, bool *found, ThText *out);
/* Everything whose name or text contains the words. */
TH_CHECKED bool th_help_search(ThSession *session, const char *words, ThText *out);

/* Reserved words, signs and notation: the i-th, NULL after the last (help_words.c). */
typedef struct ThHelpWord {
  const char *names; /* blank-separated */
  const char *brief;
  const char *example; /* lines of Theta, or NULL */
} ThHelpWord;
const ThHelpWord *th_help_word_at(size_t i);

#endif
