/* lesson_player.h - a lesson being taught, step by step */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_PLAYER_H
#define TH_UI_LESSON_PLAYER_H

#include "ui/ui.h"

typedef struct ThPlayer ThPlayer;

/* Opens a lesson by number, name or file, and takes up where the person left it; NULL with an error. */
TH_CHECKED ThPlayer *th_player_open(ThUi *ui, const char *name);
void th_player_free(ThPlayer *player);
/* Shows what comes first, up to where the person is asked for something. */
void th_player_begin(ThPlayer *player);
bool th_player_is_over(const ThPlayer *player);

/* An empty line: goes on, or runs the code that was shown. */
void th_player_enter(ThPlayer *player);
/* Whether the lesson takes the input for itself: the answer to a quiz, a starter whose blanks are not filled
 * in, a command without its colon. */
bool th_player_takes(ThPlayer *player, const char *input);
/* After an input of the person's has run, or failed with an error of that code: is the exercise solved? */
void th_player_after(ThPlayer *player, const char *input, ThRunStatus status, ThErrorCode code);
/* Puts text on the person's next line, when an exercise is open. */
void th_player_return_line(ThPlayer *player, const char *text, size_t length);
/* Text for the person's next line, told once: an exercise's starter. "" when there is none. */
const char *th_player_take_starter(ThPlayer *player);

/* The commands of the prompt. */
void th_player_next(ThPlayer *player);
void th_player_hint(ThPlayer *player);
void th_player_answer(ThPlayer *player);
void th_player_check(ThPlayer *player);
void th_player_skip(ThPlayer *player);
void th_player_back(ThPlayer *player);
void th_player_reset(ThPlayer *player);
void th_player_outline(ThPlayer *player);
void th_player_progress(ThPlayer *player);

/* Writes a file: what was read so far, what was typed, what is answered. False with an error. */
TH_CHECKED bool th_player_write_notes(ThPlayer *player, const char *path);

/* Plays a whole lesson without a person: prose, code, output, answers. Pictures are saved; says where.
 * Returns whether all of it ran. */
bool th_player_play_through(ThUi *ui, const char *name);

/* Lists the lessons that are found: number, title, minutes, done or not. */
void th_player_list(ThUi *ui);

#endif
