/* help_topics.h - pages of help about the language, one file each */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_TOPICS_H
#define TH_UI_HELP_TOPICS_H

#include "base/text.h"

/* A page of share/help: a Markdown file that `theta check` runs. Its first line is the title, `# …`; a comment
 * `<!-- names: … -->` holds further names under which it is found; the first paragraph says what it is about. */
typedef struct ThTopic {
  const char *name; /* of the file, without `.md` */
  const char *title;
  const char *names; /* blank-separated, may be "" */
  const char *brief; /* the first paragraph, on one line */
  const char *text;  /* the whole file */
} ThTopic;

/* Gives every topic, in the order of the names, until `give` returns false. False when memory is out; a folder
 * or file that is not there is no error. */
TH_CHECKED bool th_topics_each(ThContext *cx, bool (*give)(void *self, const ThTopic *topic), void *self);

/* The same of the pages in another folder. */
TH_CHECKED bool th_topics_in(ThContext *cx, const char *folder,
                             bool (*give)(void *self, const ThTopic *topic), void *self);

/* Appends a topic as text for the terminal. */
TH_CHECKED bool th_topic_show(ThContext *cx, const ThTopic *topic, ThText *out);

/* The topics about coming from another language hold tables `| theirs | ours |`: gives the two cells of each row
 * of a topic, without backquotes at their ends; both end with the call. */
TH_CHECKED bool th_topic_rows(ThContext *cx, const ThTopic *topic,
                              bool (*give)(void *self, const char *theirs, const char *ours), void *self);

#endif
