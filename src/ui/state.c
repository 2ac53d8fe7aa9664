/* state.c - where Theta keeps what is the person's own */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file of Theta's in the folder that a variable names, else in one below the home folder. */
static bool find_path(const char *variable, const char *below_home, const char *name, ThText *out) {
  const char *folder = getenv(variable), *home = getenv("HOME");
  if (folder && folder[0] == '/') th_text_format(out, "%s/theta/%s", folder, name);
  else if (home && home[0] == '/') th_text_format(out, "%s/%s/theta/%s", home, below_home, name);
  else return false;
  return !out->failed;
}

bool th_state_path(const char *name, ThText *out) {
  return find_path("XDG_STATE_HOME", ".local/state", name, out);
}

bool th_config_path(const char *name, ThText *out) {
  return find_path("XDG_CONFIG_HOME", ".config", name, out);
}

bool th_make_folders(const char *path) {
  char folder[4096];
  size_t length = strlen(path);
  if (length >= sizeof folder) return false;
  memcpy(folder, path, length + 1);
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) return false;
    *slash = '/';
  }
  return true;
}
