/* file.c - whole files, and the parts of a path */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#ifndef TH_DATADIR
#define TH_DATADIR "/usr/local/share/theta"
#endif

const char *th_path_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const char *th_path_extension(const char *path) {
  const char *name = th_path_name(path), *point = strrchr(name, '.');
  return point && point != name ? point + 1 : "";
}

void th_path_expand(const char *path, ThText *out) {
  const char *home = getenv("HOME");
  bool from_home = path[0] == '~' && path[1] == '/' && home;
  if (from_home) th_text_add(out, home);
  th_text_add(out, path + from_home);
}

static bool fail_file(ThContext *cx, const char *what, const char *path, int error) {
  return th_fail(cx, TH_ERROR_IO, "cannot %s `%s`: %s", what, path, strerror(error));
}

/* All that an open file holds. A signal breaks a wait off: Ctrl-C ends it, others do not. */
static bool read_all(ThContext *cx, int file, const char *name, ThText *out) {
  char buffer[16384];
  struct stat about;
  ssize_t got;
  if (fstat(file, &about) == 0 && S_ISDIR(about.st_mode)) return fail_file(cx, "read", name, EISDIR);
  do {
    got = read(file, buffer, sizeof buffer);
    if (got > 0) th_text_bytes(out, buffer, (size_t)got);
    if (got < 0 && errno != EINTR) return fail_file(cx, "read", name, errno);
    if (!th_poll(cx)) return false;
  } while (got != 0 && !out->failed);
  return th_text_ok(out, cx);
}

bool th_read_file(ThContext *cx, const char *path, ThText *out) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail_file(cx, "read", path, errno);
  bool ok = read_all(cx, file, path, out);
  close(file);
  return ok;
}

bool th_read_standard_input(ThContext *cx, ThText *out) {
  return read_all(cx, STDIN_FILENO, "standard input", out);
}

enum { PIECE = 1 << 20 };

/* In pieces, between which Ctrl-C is seen. */
static bool write_all(ThContext *cx, int file, const char *bytes, size_t length) {
  while (length > 0) {
    if (!th_poll(cx)) return false;
    ssize_t sent = write(file, bytes, length < PIECE ? length : PIECE);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

/* A device, a pipe, a link: written to as it stands. */
static bool is_special(const char *path) {
  struct stat about;
  return lstat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

/* A link to a file is emptied first; a device may be a file that others write to (/dev/stdout). */
static int emptied(const char *path) {
  return strncmp(path, "/dev/", strlen("/dev/")) == 0 ? O_APPEND : O_TRUNC;
}

static bool write_beside(ThContext *cx, const char *path, const char *beside, const char *bytes,
                         size_t length) {
  int file = open(beside, O_WRONLY | O_CREAT | emptied(beside) | O_CLOEXEC, 0666);
  if (file < 0) return false;
  bool ok = write_all(cx, file, bytes, length);
  int error = errno;
  if (close(file) != 0 && ok) ok = false, error = errno;
  if (ok && beside != path && rename(beside, path) != 0) ok = false, error = errno;
  if (!ok && beside != path) unlink(beside);
  if (!ok) errno = error;
  return ok;
}

bool th_write_file(ThContext *cx, const char *path, const char *bytes, size_t length) {
  if (cx->settings.sandbox)
    return th_fail(cx, TH_ERROR_IO, "cannot write `%s`: the sandbox writes no file", path);
  ThText beside;
  th_text_init(&beside, &cx->heap);
  size_t folder = (size_t)(th_path_name(path) - path);
  th_text_bytes(&beside, path, folder);
  th_text_format(&beside, ".%s.%ld.part", path + folder, (long)getpid());
  bool ok = th_text_ok(&beside, cx);
  if (ok && !write_beside(cx, path, is_special(path) ? path : th_text_string(&beside), bytes, length))
    ok = cx->error.code == TH_ERROR_INTERRUPTED ? false : fail_file(cx, "write", path, errno);
  th_text_clear(&beside);
  return ok;
}

/* The program's own path, links resolved; false when the system does not tell. */
static bool program_path(char *out, size_t size) {
#ifdef __APPLE__
  uint32_t length = (uint32_t)size;
  return _NSGetExecutablePath(out, &length) == 0;
#else
  ssize_t length = readlink("/proc/self/exe", out, size - 1);
  if (length <= 0) return false;
  out[length] = '\0';
  return true;
#endif
}

static bool is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool th_find_installed(const char *folder, ThText *out) {
  static const char *const above[] = {"../share/theta/", "", "../"};
  char program[4096];
  size_t start = out->length;
  if (program_path(program, sizeof program))
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
      th_text_bytes(out, program, (size_t)(th_path_name(program) - program));
      th_text_format(out, "%s%s", above[i], folder);
      if (!out->failed && is_folder(out->data + start)) return true;
      out->length = start;
    }
  th_text_format(out, "%s/%s", TH_DATADIR, folder);
  return !out->failed && is_folder(out->data + start);
}
