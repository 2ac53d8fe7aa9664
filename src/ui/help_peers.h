/* help_peers.h - what other languages call things, for the help */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_PEERS_H
#define TH_UI_HELP_PEERS_H

#include "base/text.h"

/* One thing in another language: the names it goes by, blank-separated (may be ""), how it is written there and here,
 * and the topic that tells more. */
typedef struct ThHelpPeer {
  const char *names, *theirs, *ours, *topic;
} ThHelpPeer;

/* Gives every one: the rows of the topics about coming from another language. False when memory is out. */
TH_CHECKED bool th_help_peers_each(ThContext *cx, void (*give)(void *self, const ThHelpPeer *peer),
                                   void *self);

/* Appends how a name of another language is written here; *found is set when there is one. */
TH_CHECKED bool th_help_about_peer(ThContext *cx, const char *name, size_t length, bool *found, ThText *out);

#endif
