/* help.h - what there is, and what it does */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_H
#define TH_UI_HELP_H

#include "lang/session.h"

/* Each appends text for the terminal; false only when memory is out. `found` may be NULL. */

/* About a name: a built-in, a reserved word, a sign, a Greek letter, a topic, a section, a name of the session, a
 * name from another language; "" is the overview. What is not known is answered with the nearest name, and *found
 * is false. */
TH_CHECKED bool th_help_about(ThSession *session, const char *topic, size_t length, bool *found, ThText *out);
/* What has every one of the words in its name or text, what has them in its name first; *found is false when nothing
 * has. */
TH_CHECKED bool th_help_search(ThSession *session, const char *words, bool *found, ThText *out);
/* A question as it is typed: `name`, `?name` or `??words`; *found is whether there was an answer. */
TH_CHECKED bool th_help_answer(ThSession *session, const char *question, bool *found, ThText *out);
/* The name of a built-in, word or topic that is nearest to one that is not known, appended; false when none is, or
 * with an error. */
bool th_help_nearest(ThSession *session, const char *name, ThText *out);

/* Reserved words, signs and notation: the i-th, NULL after the last (help_words.c). */
typedef struct ThHelpWord {
  const char *names; /* blank-separated */
  const char *brief;
  const char *example; /* lines of Theta, each followed by its output after "#> "; or NULL */
  const char *see;     /* names and topics, blank-separated */
} ThHelpWord;
const ThHelpWord *th_help_word_at(size_t i);
/* Whether one of the blank-separated names is the word. */
bool th_help_has_name(const char *names, const char *word, size_t length);

#endif
