/* help_search.c - the help's search: what has some words in its name or text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results are ranked by where the words stand. Each rank is one pass over everything there is, so that nothing
 * need be kept. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "ui/commands.h"
#include "ui/help.h"
#include "ui/help_page.h"
#include "ui/help_peers.h"
#include "ui/help_topics.h"

enum { NAME_SIZE = 64, MOST_SHOWN = 40 };

/* Where a word stands; the worst of several words counts. */
typedef enum Rank { IS_NAME, IN_NAME, IN_BRIEF, IN_TEXT, NOWHERE } Rank;

typedef struct Search {
  ThContext *cx;
  const char *words;
  Rank rank; /* of this pass */
  size_t found;
  ThText *out;
  bool ok;
} Search;

static bool begins_alike(const char *text, const char *word, size_t n) {
  size_t i = 0;
  while (i < n && text[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i])) i++;
  return i == n;
}

/* Whether one of the names is, or contains, a word of this length; upper and lower case alike. */
static Rank rank_in_names(const char *names, const char *word, size_t n) {
  Rank best = NOWHERE;
  for (const char *at = names; *at; at++) {
    if (!begins_alike(at, word, n)) continue;
    bool whole = (at == names || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' ');
    if (whole) return IS_NAME;
    best = IN_NAME;
  }
  return best;
}

/* Whether a word of the text begins like this one. */
static bool has_word(const char *text, const char *word, size_t n) {
  bool inside = false;
  for (; *text; text++) {
    if (!inside && begins_alike(text, word, n)) return true;
    inside = isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80;
  }
  return false;
}

/* What is searched; `text` and `section` may be NULL. */
typedef struct Item {
  const char *shown, *names, *brief, *text, *section;
} Item;

static Rank rank_of_word(const Item *item, const char *word, size_t n) {
  Rank rank = rank_in_names(item->names, word, n);
  if (rank != NOWHERE) return rank;
  if (has_word(item->brief, word, n)) return IN_BRIEF;
  bool in_text = (item->text && has_word(item->text, word, n)) ||
                 (item->section && has_word(item->section, word, n));
  return in_text ? IN_TEXT : NOWHERE;
}

static void consider(Search *s, Item item) {
  Rank worst = IS_NAME;
  for (const char *word = s->words; *word;) {
    size_t n = strcspn(word, " ");
    Rank rank = rank_of_word(&item, word, n);
    if (rank > worst) worst = rank;
    word += n + strspn(word + n, " ");
  }
  if (worst != s->rank) return;
  if (++s->found <= MOST_SHOWN) th_help_page_entry(s->cx, item.shown, item.brief, s->out);
}

static void consider_peer(void *self, const ThHelpPeer *peer) {
  Search *s = self;
  ThText brief;
  th_text_init(&brief, s->out->heap);
  th_text_format(&brief, "%s  (%s)", peer->ours, peer->topic);
  if (!th_text_ok(&brief, s->cx)) s->ok = false;
  else consider(s, (Item){peer->theirs, peer->theirs, th_text_string(&brief), NULL, NULL});
  th_text_clear(&brief);
}

static bool consider_topic(void *self, const ThTopic *topic) {
  Search *s = self;
  ThText names;
  th_text_init(&names, s->out->heap);
  th_text_format(&names, "%s %s", topic->name, topic->names);
  bool has_rows = strncmp(topic->name, "coming-from", strlen("coming-from")) == 0;
  bool ok = th_text_ok(&names, s->cx);
  if (ok)
    consider(s,
             (Item){topic->name, th_text_string(&names), topic->brief, has_rows ? NULL : topic->text, NULL});
  th_text_clear(&names);
  return ok;
}

static void consider_all(Search *s) {
  const ThBuiltin *row;
  const ThHelpWord *word;
  const ThCommand *command;
  char name[NAME_SIZE];
  for (size_t i = 0; (row = th_builtin_at(s->cx, i)); i++) {
    th_builtin_name(row, name, sizeof name);
    consider(s, (Item){name, name, row->brief, row->detail, row->section});
  }
  for (size_t i = 0; (word = th_help_word_at(i)); i++)
    consider(s, (Item){word->names, word->names, word->brief, NULL, NULL});
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    snprintf(name, sizeof name, ":%s", command->name);
    consider(s, (Item){name, name, command->brief, NULL, NULL});
  }
  s->ok = s->ok && th_topics_each(s->cx, consider_topic, s);
  if (s->rank <= IN_NAME) s->ok = s->ok && th_help_peers_each(s->cx, consider_peer, s);
}

static void say_nothing_found(ThSession *session, const Search *s) {
  ThText nearest;
  th_text_init(&nearest, s->out->heap);
  th_text_format(s->out, "Nothing is found for `%s`.", s->words);
  if (th_help_nearest(session, s->words, &nearest))
    th_text_format(s->out, " Did you mean `%s`?", nearest.data);
  th_text_char(s->out, '\n');
  if (nearest.failed) s->out->failed = true;
  th_text_clear(&nearest);
}

bool th_help_search(ThSession *session, const char *words, bool *found, ThText *out) {
  Search s = {.cx = th_session_context(session), .words = words + strspn(words, " "), .out = out, .ok = true};
  th_error_clear(s.cx);
  if (!*s.words) {
    th_text_add(out, "??word searches the help for a word.\n");
    if (found) *found = true;
    return th_text_ok(out, s.cx);
  }
  for (s.rank = IS_NAME; s.rank < NOWHERE && s.ok; s.rank++) consider_all(&s);
  if (s.found > MOST_SHOWN)
    th_text_format(out, "and %zu more; another word narrows it\n", s.found - MOST_SHOWN);
  if (s.ok && s.found == 0) say_nothing_found(session, &s);
  if (found) *found = s.found > 0;
  return s.ok && s.cx->error.code == TH_OK && th_text_ok(out, s.cx);
}
