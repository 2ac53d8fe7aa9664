/* help_peers.c - what other languages call things, for the help */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_peers.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "lang/peers.h"
#include "ui/help.h"
#include "ui/help_page.h"
#include "ui/help_topics.h"

enum { SIZE = 120 };

/* --- All of them */

/* The name that a row of a table begins with, `np.mean` of `np.mean(x)`. */
static size_t leading_name(const char *text) {
  size_t n = 0;
  while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '.') n++;
  return n;
}

typedef struct Each {
  ThContext *cx;
  ThText told; /* names that the topics have, blank-separated */
  void (*give)(void *self, const ThHelpPeer *peer);
  void *self;
  const char *topic;
  bool ok;
} Each;

static bool give_row(void *self, const char *theirs, const char *ours) {
  Each *e = self;
  size_t length = leading_name(theirs);
  char name[SIZE] = "";
  if (length < SIZE) memcpy(name, theirs, length);
  th_text_format(&e->told, "%s ", name);
  e->give(e->self, &(ThHelpPeer){name, theirs, ours, e->topic});
  return true;
}

static bool give_rows(void *self, const ThTopic *topic) {
  Each *e = self;
  e->topic = topic->name;
  return e->ok = th_topic_rows(e->cx, topic, give_row, e);
}

/* What the messages of the language propose, where the topics do not tell it already. */
static void give_proposed(Each *e) {
  char call[SIZE], form[SIZE], names[SIZE];
  for (size_t i = 0; th_peer_describe(i, call, form, SIZE); i++) {
    memcpy(names, call, SIZE);
    names[strcspn(names, "(")] = '\0';
    size_t first = strcspn(names, " ");
    if (!th_help_has_name(th_text_string(&e->told), names, first))
      e->give(e->self, &(ThHelpPeer){names, call, form, "messages"});
  }
}

bool th_help_peers_each(ThContext *cx, void (*give)(void *self, const ThHelpPeer *peer), void *self) {
  Each e = {.cx = cx, .give = give, .self = self, .ok = true};
  th_text_init(&e.told, &cx->heap);
  bool ok = th_topics_each(cx, give_rows, &e) && e.ok;
  if (ok) give_proposed(&e);
  ok = ok && th_text_ok(&e.told, cx);
  th_text_clear(&e.told);
  return ok;
}

/* --- One of them */

typedef struct Asked {
  const ThContext *cx;
  const char *name;
  size_t length;
  ThText *out;
  bool found;
} Asked;

static void show(void *self, const ThHelpPeer *peer) {
  Asked *a = self;
  if (!th_help_has_name(peer->names, a->name, a->length)) return;
  if (!a->found) th_help_page_heading(a->cx, "In Theta", a->out);
  a->found = true;
  th_help_page_entry(a->cx, peer->theirs, peer->ours, a->out);
}

bool th_help_about_peer(ThContext *cx, const char *name, size_t length, bool *found, ThText *out) {
  Asked asked = {.cx = cx, .name = name, .length = length, .out = out};
  bool ok = th_help_peers_each(cx, show, &asked);
  *found = *found || asked.found;
  return ok;
}
