/* locale.h - terminals that do not show UTF-8 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LOCALE_H
#define TH_UI_LOCALE_H

#include "base/text.h"

/* Sets the locale's characters from the environment; numbers keep their point. Returns whether the terminal
 * shows UTF-8; else *codeset names what it does show. A locale of plain ASCII, or none, is taken for UTF-8
 * where the system has that. */
bool th_locale_set(const char **codeset);

/* Appends text as a terminal without UTF-8 shows it: what its characters lack is written out, θ as `theta`, ≤
 * as `<=`, what has no name as `\u{…}`. With settings.utf8 it is the text itself. */
void th_locale_encode(const ThContext *cx, const char *text, size_t length, ThText *out);
/* Appends what was typed at such a terminal as UTF-8. */
void th_locale_decode(const ThContext *cx, const char *text, ThText *out);

#endif
