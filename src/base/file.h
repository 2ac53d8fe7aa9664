/* file.h - whole files, and the parts of a path */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_FILE_H
#define TH_BASE_FILE_H

#include "base/text.h"

/* Appends the contents of a file; false with an error that names it and says why. */
TH_CHECKED bool th_read_file(ThContext *cx, const char *path, ThText *out);
/* The same of standard input, to its end. */
TH_CHECKED bool th_read_standard_input(ThContext *cx, ThText *out);
/* Writes a file as a whole: to another name in its folder first, then renamed into place, so that what
 * was there stays when anything fails. False with an error that names it; refused in the sandbox. */
TH_CHECKED bool th_write_file(ThContext *cx, const char *path, const char *bytes, size_t length);

/* Appends a path as a person writes it: `~/` at its start is the home folder. */
void th_path_expand(const char *path, ThText *out);

/* Appends the path of a folder that comes with the program ("lessons", "share/help"): in share/theta beside the
 * program's folder (an installation, wherever it was moved), beside the program or one folder up (a build), else
 * where it was to be installed. False when there is none. */
bool th_find_installed(const char *folder, ThText *out);

/* The part of a path behind its last slash; and its extension without the point, "" when it has none. */
const char *th_path_name(const char *path);
const char *th_path_extension(const char *path);

#endif
