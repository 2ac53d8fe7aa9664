/* lib_csv.c - built-ins that read and write tables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/csv.h"
#include "lang/libs.h"

#define DATA "tables"

/* Offers the file in the same folder whose name is nearest to one that is not there, its extension counted or not. */
static void offer_file(ThContext *cx, const char *path) {
  ThNearest nearest = th_nearest_begin(th_path_name(path));
  ThText folder;
  char best[256], stem[256];
  th_text_init(&folder, &cx->heap);
  th_text_bytes(&folder, path, (size_t)(nearest.name - path));
  if (folder.length == 0) th_text_char(&folder, '.');
  DIR *entries = opendir(th_text_string(&folder));
  for (struct dirent *entry; entries && (entry = readdir(entries));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(entry->d_name, "."), entry->d_name);
    th_nearest_offer(&nearest, entry->d_name, entry->d_name);
    th_nearest_offer(&nearest, stem, entry->d_name);
    if (nearest.best != entry->d_name) continue;
    snprintf(best, sizeof best, "%s", entry->d_name); /* the entry goes with the next */
    nearest.best = best;
  }
  if (entries) closedir(entries);
  th_text_clear(&folder);
  th_nearest_hint(&nearest, cx);
}

/* A single character, or 0 when the argument was not given. */
static bool read_sign(ThContext *cx, const ThCall *call, size_t i, const char *allowed, const char *shown,
                      char *out) {
  *out = '\0';
  if (!call->given[i]) return true;
  const ThString *text = th_as_string(call->args[i]);
  *out = text->text[0];
  if (text->length == 1 && strchr(allowed, *out)) return true;
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_VALUE, "%s; got \"%s\"", shown, text->text);
}

enum { FILE_NAME, HEADER, SEPARATOR, DECIMAL, SKIP, ENCODING }; /* arguments of read_csv */

static bool read_options(ThContext *cx, const ThCall *call, ThCsvOptions *out) {
  *out = (ThCsvOptions){.skip = th_arg_count(call, SKIP), .encoding = th_arg_text(call, ENCODING)};
  out->header = !call->given[HEADER]        ? TH_CSV_FIND_HEADER
                : th_arg_bool(call, HEADER) ? TH_CSV_HEADER
                                            : TH_CSV_NO_HEADER;
  if (!read_sign(cx, call, SEPARATOR, ",;\t |:&", "the separator is one of , ; : | & a tab or a blank",
                 &out->separator) ||
      !read_sign(cx, call, DECIMAL, ".,", "the decimal sign is a point or a comma", &out->point))
    return false;
  if (out->point != ',' || out->separator != ',') return true;
  return th_fail_argument(cx, DECIMAL + 1, TH_ERROR_VALUE,
                          "commas separate the cells: they cannot be decimal signs too");
}

static bool body_read_csv(ThContext *cx, const ThCall *call, ThValue *out) {
  ThCsvOptions options;
  ThText path;
  if (!read_options(cx, call, &options)) return false;
  th_text_init(&path, &cx->heap);
  th_path_expand(th_arg_text(call, FILE_NAME), &path);
  bool ok = th_text_ok(&path, cx) && th_csv_read_file(cx, path.data, &options, out);
  if (!ok && cx->error.code == TH_ERROR_IO && access(th_text_string(&path), F_OK) != 0)
    offer_file(cx, path.data);
  if (!ok && cx->error.argument == 0) cx->error.argument = FILE_NAME + 1;
  th_text_clear(&path);
  return ok;
}

static bool body_write_csv(ThContext *cx, const ThCall *call, ThValue *out) {
  ThText text, path;
  th_text_init(&text, &cx->heap);
  th_text_init(&path, &cx->heap);
  th_path_expand(th_arg_text(call, 1), &path);
  bool ok = th_text_ok(&path, cx) && th_csv_write(cx, th_as_table(call->args[0]), &text) &&
            th_write_file(cx, path.data, th_text_string(&text), text.length);
  th_text_clear(&path);
  th_text_clear(&text);
  *out = th_none();
  return ok;
}

static bool is_data_file(const char *name) {
  return name[0] != '.' && strcmp(th_path_extension(name), "csv") == 0;
}

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
  if (ok && found) ok = th_csv_read_file(cx, path.data, &(ThCsvOptions){.header = TH_CSV_HEADER}, out);
  if (ok && found) ok = th_string_of(cx, name, &th_as_table(*out)->name);
  if (!found || (!ok && cx->error.code == TH_ERROR_IO)) ok = no_dataset(cx, name);
  th_text_clear(&path);
  return ok;
}

const ThBuiltin th_lib_csv[] = {
    {"read_csv(file: string, header: bool = …, separator: string = …, decimal: string = …, skip: count = 0, "
     "encoding: string = \"utf-8\") -> table",
     body_read_csv, DATA, "a table from a text file",
     "Cells are separated by commas, tabs, semicolons or blanks, text with a separator in it stands in quotes, lines "
     "that begin with # are comments; separator, decimal sign and header are found from the first lines unless they "
     "are given. A first row of numbers is no header: the columns are then named by the comment above it, when it "
     "has as many words, else x1, x2, …. A column is numbers, or strings as soon as a cell is neither a number nor "
     "missing (empty, NA, nan, null); . and - are missing numbers. skip leaves out lines at the top; encoding is "
     "\"latin1\", \"utf-16\", … for files that are not UTF-8.",
     "write_csv(table(x = [1, 2.5]), \"lab.csv\")\nread_csv(\"lab.csv\").x\n#> [1, 2.5]",
     "write_csv dataset table summary", NULL},
    {"write_csv(t: table, file: string) -> none", body_write_csv, DATA,
     "writes a table as comma-separated text",
     "numbers with as many digits as read them back exactly; strings in quotes where they need them; read_csv gives "
     "the same table",
     "write_csv(table(x = [1, 2.5]), \"lab.csv\")", "read_csv save", NULL},
    {"dataset(name: string) -> table", body_dataset, DATA, "one of the tables that come with Theta",
     "what its columns mean, and where it comes from, stands in the first lines of its file, share/data/NAME.csv",
     "nrow(dataset(\"hubble\"))\n#> 24\n"
     "group_by(dataset(\"michelson\"), \"series\", mean = s -> mean(s.speed), sd = s -> sd(s.speed))\n"
     "#> series   mean        sd\n#>      1  909    104.926\n#>      2  856     61.1641\n"
     "#>      3  845     79.1069\n#>      4  820.5   60.0417\n#>      5  831.5   54.2193",
     "datasets read_csv", NULL},
    {"datasets() -> list", body_datasets, DATA, "the names of the tables that come with Theta", NULL,
     "datasets()\n#> list(\"alpha\", \"anscombe\", \"forbes\", \"hooker\", \"hubble\", \"iris\", \"michelson\",\n"
     "#>      \"orings\")",
     "dataset", NULL},
    {0},
};
