/* excerpt.h - operands and arguments as they stand in the text, for messages that propose a form */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_EXCERPT_H
#define TH_LANG_EXCERPT_H

#include "base/source.h"

/* A hint is written in the person's own names. Where the grammar has failed there is no tree to take them from, so
 * they are read off the text: a name or number with the brackets and quotes that touch it. Nothing here fails; what
 * cannot be read is empty. All offsets are bytes from the start of a text that ends in NUL. */
enum { TH_EXCERPT_SIZE = 48 };

/* The operand that ends before `offset`, blanks between; and the one that begins at or after it. Empty when there is
 * none on the line. */
ThSpan th_excerpt_before(const char *text, uint32_t offset);
ThSpan th_excerpt_after(const char *text, uint32_t offset);
/* The bracket that closes the one at `offset`, or 0 when its line ends first. */
uint32_t th_excerpt_closing(const char *text, uint32_t offset);
/* The bracket that opens the group whose closing one stands just before `offset`, or `offset` when there is none on the
 * line. */
uint32_t th_excerpt_opening(const char *text, uint32_t offset);
/* The end of what stands at `offset` on this line: before a comment, `;` or a bracket that closes nothing, blanks
 * at the end left out. */
uint32_t th_excerpt_rest(const char *text, uint32_t offset);
uint32_t th_excerpt_line_start(const char *text, uint32_t offset);
uint32_t th_excerpt_line_end(const char *text, uint32_t offset);
uint32_t th_excerpt_skip_blanks(const char *text, uint32_t offset);
/* The name at `offset`, and the blank-separated word that ends or begins there. */
ThSpan th_excerpt_name(const char *text, uint32_t offset);
bool th_excerpt_is(const char *text, ThSpan span, const char *word);
/* Splits what stands between brackets at its commas; the number of parts, at most `most`. */
size_t th_excerpt_split(const char *text, ThSpan inside, ThSpan *parts, size_t most);

/* A span's text in a buffer of TH_EXCERPT_SIZE, or `fallback` when it is empty or too long to quote. */
const char *th_excerpt_text(const char *text, ThSpan span, const char *fallback, char *buffer);
/* Writes a template, in which {a} and {b} stand for two texts, {x} for the one that is not its fallback letter. */
void th_excerpt_fill(const char *form, const char *a, const char *b, char *out, size_t size);

#endif
