/* lib_csv.c - built-ins that read and write tables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lang/csv.h"
#include "lang/libs.h"

#define DATA "tables"

static bool read_table(ThContext *cx, const char *path, bool header, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_read_file(cx, path, &text) && th_csv_read(cx, path, th_text_string(&text), text.length, header, out);
  th_text_clear(&text);
  return ok;
}

static bool body_read_csv(ThContext *cx, const ThCall *call, ThValue *out) {
  if (read_table(cx, th_arg_text(call, 0), th_arg_bool(call, 1), out)) return true;
  if (cx->error.argument == 0) cx->error.argument = 1;
  return false;
}

static bool body_write_csv(ThContext *cx, const ThCall *call, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_csv_write(cx, th_as_table(call->args[0]), &text) &&
            th_write_file(cx, th_arg_text(call, 1), th_text_string(&text), text.length);
  th_text_clear(&text);
  *out = th_none();
  return ok;
}

static bool is_data_file(const char *name) { return name[0] != '.' && strcmp(th_path_extension(name), "csv") == 0; }

static int by_text(const void *a, const void *b) {
  return strcmp(th_as_string(*(const ThValue *)a)->text, th_as_string(*(const ThValue *)b)->text);
}

static bool list_folder(ThContext *cx, const char *folder, ThList *names) {
  DIR *entries = opendir(folder);
  bool ok = true;
  for (struct dirent *entry; ok && entries && (entry = readdir(entries));) {
    ThValue name;
    size_t length = strlen(entry->d_name);
    if (!is_data_file(entry->d_name)) continue;
    ok = th_string(cx, entry->d_name, length - strlen(".csv"), &name) && th_list_push_take(cx, names, name);
  }
  if (entries) closedir(entries);
  if (names->length > 1) qsort(names->items, names->length, sizeof *names->items, by_text);
  return ok;
}

/* The names of the data sets that come with the program, into a new list. */
static bool list_datasets(ThContext *cx, ThValue *out) {
  ThText folder;
  ThList *names = th_list_new(cx, 0);
  if (!names) return false;
  th_text_init(&folder, &cx->heap);
  bool found = th_find_installed("share/data", &folder);
  bool ok = th_text_ok(&folder, cx) && (!found || list_folder(cx, th_text_string(&folder), names));
  th_text_clear(&folder);
  *out = th_object(names);
  if (!ok) th_release(*out);
  return ok;
}

static bool body_datasets(ThContext *cx, const ThCall *call, ThValue *out) {
  (void)call;
  return list_datasets(cx, out);
}

/* Offers the nearest name, or all of them. */
static bool no_dataset(ThContext *cx, const char *name) {
  ThValue names;
  char all[200] = "";
  size_t used = 0;
  ThNearest nearest = th_nearest_begin(name);
  if (!list_datasets(cx, &names)) return false;
  const ThList *list = th_as_list(names);
  for (size_t i = 0; i < list->length; i++) {
    const ThString *other = th_as_string(list->items[i]);
    th_nearest_offer(&nearest, other->text, other->text);
    if (used + other->length + 3 < sizeof all) {
      if (used) all[used++] = ' ';
      memcpy(all + used, other->text, other->length + 1);
      used += other->length;
    }
  }
  th_fail_argument(cx, 1, TH_ERROR_NAME, "there is no data set `%s`", name);
  if (!th_nearest_hint(&nearest, cx) && used) th_hint(cx, "the data sets are: %s", all);
  th_release(names);
  return false;
}

static bool body_dataset(ThContext *cx, const ThCall *call, ThValue *out) {
  const char *name = th_arg_text(call, 0);
  ThText path;
  th_text_init(&path, &cx->heap);
  bool found = strchr(name, '/') == NULL && th_find_installed("share/data", &path);
  th_text_format(&path, "/%s.csv", name);
  bool ok = th_text_ok(&path, cx);
  if (ok && found) ok = read_table(cx, th_text_string(&path), true, out);
  if (ok && found) ok = th_string_of(cx, name, &th_as_table(*out)->name);
  if (!found || (!ok && cx->error.code == TH_ERROR_IO)) ok = no_dataset(cx, name);
  th_text_clear(&path);
  return ok;
}

const ThBuiltin th_lib_csv[] = {
    {"read_csv(file: string, header: bool = true) -> table", body_read_csv, DATA, "a table from a text file",
     "cells are separated by commas, tabs, semicolons or blanks; lines that begin with # are comments; a missing cell "
     "is empty, NA or nan; without a header the columns are x1, x2, …",
     NULL, "write_csv dataset table", NULL},
    {"write_csv(t: table, file: string) -> none", body_write_csv, DATA,
     "writes a table as comma-separated text", NULL, NULL, "read_csv", NULL},
    {"dataset(name: string) -> table", body_dataset, DATA, "one of the tables that come with Theta", NULL,
     "nrow(dataset(\"hubble\"))\n#> 24", "datasets read_csv", NULL},
    {"datasets() -> list", body_datasets, DATA, "the names of the tables that come with Theta", NULL, NULL,
     "dataset", NULL},
    {0},
};
