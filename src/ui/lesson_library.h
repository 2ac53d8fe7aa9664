/* lesson_library.h - which lessons there are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_LIBRARY_H
#define TH_UI_LESSON_LIBRARY_H

#include "base/text.h"

/* The lessons' folder: `lessons` beside the program, else where they were installed. False without an error
 * when there is none. */
bool th_library_folder(ThText *out);

/* The names of the lessons in the folder, without `.md`, in order; each is given with its path. */
TH_CHECKED bool th_library_list(ThContext *cx, bool (*give)(void *self, const char *name, const char *path),
                                void *self);

/* The path of a lesson: a file, or one of the library by its name (`01-bayes`), number (`01`, `1`), the rest of its
 * name (`bayes`) or a part of name or title. False with an error that offers the nearest. */
TH_CHECKED bool th_library_find(ThContext *cx, const char *name, ThText *path);
/* Appends the number of the lesson that follows the one of a path; false when there is none. */
bool th_library_next(ThContext *cx, const char *path, ThText *number);

#endif
