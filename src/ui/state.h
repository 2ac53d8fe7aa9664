/* state.h - where Theta keeps what is the person's own */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_STATE_H
#define TH_UI_STATE_H

#include "base/text.h"

/* Appends the path of a file of Theta's own state: $XDG_STATE_HOME/theta/NAME, or ~/.local/state/theta/NAME.
 * False, without an error, when there is no home folder. */
bool th_state_path(const char *name, ThText *out);
/* The same of the person's settings: $XDG_CONFIG_HOME/theta/NAME, or ~/.config/theta/NAME. */
bool th_config_path(const char *name, ThText *out);
/* Makes the folders above a path, mode 700; false, without an error, when that fails. */
bool th_make_folders(const char *path);

#endif
