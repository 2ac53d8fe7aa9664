/* replay.c - run the fuzzing entries on the files of the corpus */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay NAME FILE...   one entry on some files
 * replay                every entry on all files of its folder under $FUZZ_CORPUS */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"

static const struct {
  const char *name;
  FuzzEntry run;
} entries[] = {
    {"lexer", fuzz_lexer}, {"parser", fuzz_parser}, {"evaluator", fuzz_evaluator}, {"csv", fuzz_csv}};

enum { N_ENTRIES = sizeof entries / sizeof *entries };

static void run_file(FuzzEntry run, const char *path) {
  ThContext cx = {.error = {.code = TH_OK}};
  ThText text;
  th_text_init(&text, &cx.heap);
  if (!th_read_file(&cx, path, &text)) fuzz_fail("%s: %s", path, cx.error.message);
  run(th_text_string(&text), text.length);
  th_text_clear(&text);
}

/* In a process of its own, so that one bad file does not hide the others. */
static bool passes(FuzzEntry run, const char *path) {
  int status = 1;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    run_file(run, path);
    _exit(0);
  }
  if (child > 0) waitpid(child, &status, 0);
  if (status != 0) printf("%s: status %d\n", path, status);
  return status == 0;
}

static void run_folder(size_t entry, const char *corpus, size_t *passed, size_t *failed) {
  char folder[2048], path[4096];
  snprintf(folder, sizeof folder, "%s/%s", corpus, entries[entry].name);
  DIR *files = opendir(folder);
  for (struct dirent *file; files && (file = readdir(files));) {
    if (file->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
    if (passes(entries[entry].run, path)) ++*passed;
    else ++*failed;
  }
  if (files) closedir(files);
}

int main(int argc, char **argv) {
  const char *corpus = getenv("FUZZ_CORPUS");
  size_t passed = 0, failed = 0;
  for (size_t i = 0; i < N_ENTRIES; i++) {
    if (argc == 1 && corpus) run_folder(i, corpus, &passed, &failed);
    if (argc == 1 || strcmp(argv[1], entries[i].name) != 0) continue;
    for (int k = 2; k < argc; k++) run_file(entries[i].run, argv[k]);
    passed += (size_t)argc - 2;
  }
  printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
