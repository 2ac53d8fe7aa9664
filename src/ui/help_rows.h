/* help_rows.h - help on what is declared in rows: built-ins, words, letters, commands, sections */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_ROWS_H
#define TH_UI_HELP_ROWS_H

#include "lang/builtin.h"

/* Each appends to a page what there is about a topic; false when there is nothing. */

void th_help_about_builtin(const ThContext *cx, const ThBuiltin *row, ThText *out);
/* A reserved word or a sign. */
bool th_help_about_word(const ThContext *cx, const char *topic, size_t length, ThText *out);
/* How a character is typed, and what else it is called: `α`; and by its name, `alpha`. */
bool th_help_about_character(const ThContext *cx, const char *topic, size_t length, ThText *out);
bool th_help_about_named_character(const ThContext *cx, const char *topic, size_t length, ThText *out);
/* What a command of the prompt does: `:load`, or `load`. */
bool th_help_about_command(const ThContext *cx, const char *topic, size_t length, ThText *out);
/* What has a field of that name, and what it is there (help_fields.c). */
bool th_help_about_field(const ThContext *cx, const char *topic, size_t length, ThText *out);
/* The built-ins of a section. */
bool th_help_about_section(ThContext *cx, const char *topic, size_t length, ThText *out);

/* Upper and lower case alike. */
bool th_help_same_word(const char *a, const char *b, size_t length);

#endif
