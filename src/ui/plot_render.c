/* plot_render.c - where pictures go, and how they get there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot draws windows and files; text is drawn without it. Every file is written by Theta from the bytes
 * that gnuplot hands back, as a whole, so that no half of a picture is left behind. */
#include "ui/plot_render.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/gnuplot.h"
#include "ui/plot_script.h"
#include "ui/plot_text.h"
#include "ui/terminal_graphics.h"

typedef enum Target { TO_AUTO, TO_TEXT, TO_NONE, TO_SIXEL, TO_KITTY, TO_TERMINAL, TO_FILES } Target;

struct ThPlotter {
  ThContext *cx;
  ThGnuplot *files, *windows;
  ThPlotNumbers numbers; /* of the window */
  Target target;
  char name[1024]; /* the terminal or file */
  size_t count, n_files;
  bool persist;
  bool failed;      /* the last error was gnuplot's, not the file's */
  bool told_absent; /* that there is no gnuplot */
  bool no_window;   /* there is no display, or gnuplot has no window for it */
  bool no_graphics; /* the terminal shows none after all */
  bool asked;       /* the terminal, for: */
  ThTerminalReport report;
  const ThPlotTheme *theme; /* of what the screen shows, when somebody chose it; or NULL */
};

ThPlotter *th_plotter_new(ThContext *cx) {
  ThPlotter *plotter = th_alloc(cx, sizeof *plotter);
  if (!plotter) return NULL;
  *plotter = (ThPlotter){.cx = cx};
  th_plot_numbers_init(cx, &plotter->numbers);
  plotter->files = th_gnuplot_new(cx, TH_GNUPLOT_FILES);
  plotter->windows = th_gnuplot_new(cx, TH_GNUPLOT_WINDOWS);
  if (plotter->files && plotter->windows) return plotter;
  th_plotter_free(plotter);
  return NULL;
}

void th_plotter_free(ThPlotter *plotter) {
  if (!plotter) return;
  th_gnuplot_free(plotter->files);
  th_gnuplot_free(plotter->windows);
  th_plot_numbers_clear(&plotter->numbers);
  th_free(plotter->cx, plotter, sizeof *plotter);
}

void th_plotter_persist(ThPlotter *plotter) { plotter->persist = true; }

bool th_plotter_is_set(const ThPlotter *plotter) { return plotter->target != TO_AUTO; }

bool th_plotter_writes_files(const ThPlotter *plotter) { return plotter->target == TO_FILES; }

size_t th_plotter_count(const ThPlotter *plotter) { return plotter->count; }

/* --- Formats */

static const ThPlotFormat *find_format(const ThPlotter *plotter, const char *name, bool window) {
  const ThPlotFormat *format;
  for (size_t i = 0; (format = th_plot_format_at(i)); i++)
    if (format->window == window && strcmp(format->name, name) == 0 &&
        th_gnuplot_has_terminal(window ? plotter->windows : plotter->files, format->terminal))
      return format;
  return NULL;
}

static bool is_extension(const char *extension) {
  const ThPlotFormat *format;
  if (strcmp(extension, "txt") == 0 || strcmp(extension, "gp") == 0) return true;
  for (size_t i = 0; (format = th_plot_format_at(i)); i++)
    if (!format->window && !format->inside && strcmp(format->name, extension) == 0) return true;
  return false;
}

/* The extension in lower case. */
static void extension_of(const char *path, char *out, size_t size) {
  const char *extension = th_path_extension(path);
  size_t n = 0;
  for (; extension[n] && n + 1 < size; n++) out[n] = (char)tolower((unsigned char)extension[n]);
  out[n] = '\0';
}

static bool fail_extension(ThContext *cx, const char *path) {
  th_fail(cx, TH_ERROR_VALUE, "no picture format is known for `%s`", th_path_name(path));
  return th_hint(cx, "a name ends in .png, .svg, .pdf, .eps, .gif, .webp, .txt or .gp");
}

static bool is_word(const char *text) {
  size_t n = 0;
  while (isalnum((unsigned char)text[n]) || text[n] == '_') n++;
  return n > 0 && text[n] == '\0';
}

/* Is it a word about how pictures look? */
static bool set_theme(ThPlotter *plotter, const char *word) {
  if (strcmp(word, "auto") == 0) plotter->theme = NULL;
  if (strcmp(word, "dark") == 0) plotter->theme = &th_plot_dark;
  else if (strcmp(word, "light") == 0) plotter->theme = &th_plot_light;
  else return false;
  return true;
}

bool th_plotter_set_target(ThPlotter *plotter, const char *target) {
  static const struct {
    const char *name;
    Target target;
  } words[] = {
      {"auto", TO_AUTO}, {"text", TO_TEXT}, {"none", TO_NONE}, {"sixel", TO_SIXEL}, {"kitty", TO_KITTY}};
  char extension[16];
  if (set_theme(plotter, target)) return true;
  plotter->no_window = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(target, words[i].name) == 0) {
      plotter->target = words[i].target;
      return true;
    }
  extension_of(target, extension, sizeof extension);
  bool terminal = is_word(target);
  if (!terminal && !is_extension(extension)) return fail_extension(plotter->cx, target);
  if (strlen(target) >= sizeof plotter->name)
    return th_fail(plotter->cx, TH_ERROR_VALUE, "the file's name is too long");
  snprintf(plotter->name, sizeof plotter->name, "%s", target);
  plotter->target = terminal ? TO_TERMINAL : TO_FILES;
  plotter->n_files = 0;
  return true;
}

/* --- Text */

static ThCanvasStyle text_style(const ThContext *cx) {
  const char *term = getenv("TERM");
  int colors = !cx->settings.color ? 0 : term && strstr(term, "256color") ? 256 : 8;
  return (ThCanvasStyle){.utf8 = cx->settings.utf8, .colors = colors};
}

bool th_plotter_text(const ThPlotter *plotter, const ThFigure *figure, int height, ThText *out) {
  ThContext *cx = plotter->cx;
  int width = cx->settings.width - 1;
  return th_plot_text(cx, figure, width > 100 ? 100 : width, height > 26 ? 26 : height, text_style(cx), out);
}

/* A few lines are left to the statement above the picture and the prompt below. */
static bool show_text(ThPlotter *plotter, const ThFigure *figure) {
  ThContext *cx = plotter->cx;
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_plotter_text(plotter, figure, cx->settings.height - 4, &text);
  if (ok) th_write(cx, th_text_string(&text), text.length);
  th_text_clear(&text);
  return ok;
}

/* --- gnuplot */

static bool start(ThPlotter *plotter, ThGnuplot *gnuplot) {
  plotter->failed = !th_gnuplot_start(gnuplot);
  return !plotter->failed;
}

/* Runs a script; what a terminal writes goes to the screen. */
static bool draw(ThPlotter *plotter, ThGnuplot *gnuplot, const ThText *script) {
  ThText picture;
  th_text_init(&picture, &plotter->cx->heap);
  plotter->failed = !th_gnuplot_run(gnuplot, script, &picture);
  if (!plotter->failed && picture.length) th_write(plotter->cx, th_text_string(&picture), picture.length);
  th_text_clear(&picture);
  return !plotter->failed;
}

/* What the terminal shows; it is asked once. */
static const ThTerminalReport *report_of(ThPlotter *plotter) {
  if (!plotter->asked) plotter->asked = th_terminal_ask(&plotter->report);
  return &plotter->report;
}

static const ThPlotTheme *theme_of(ThPlotter *plotter) {
  if (plotter->theme) return plotter->theme;
  const ThTerminalReport *report = report_of(plotter);
  return report->knows_background && report->is_dark ? &th_plot_dark : &th_plot_light;
}

/* Draws a figure in a format: appends the bytes that gnuplot's terminal writes. */
static bool draw_bytes(ThPlotter *plotter, const ThFigure *figure, const char *name, const ThPlotTheme *theme,
                       ThText *bytes) {
  ThContext *cx = plotter->cx;
  if (!start(plotter, plotter->files)) return false;
  const ThPlotFormat *format = find_format(plotter, name, false);
  if (!format) return th_fail(cx, TH_ERROR_IO, "this gnuplot draws no %s", name);
  ThText script;
  th_text_init(&script, &cx->heap);
  bool ok = th_plot_script(cx, figure, format, theme, false, NULL, &script);
  plotter->failed = ok && !th_gnuplot_run(plotter->files, &script, bytes);
  th_text_clear(&script);
  return ok && !plotter->failed;
}

/* Into the terminal, as a picture. */
static bool show_graphics(ThPlotter *plotter, const ThFigure *figure, ThGraphics graphics) {
  ThText bytes, coded;
  bool kitty = graphics == TH_GRAPHICS_KITTY;
  th_text_init(&bytes, &plotter->cx->heap);
  th_text_init(&coded, &plotter->cx->heap);
  bool ok = draw_bytes(plotter, figure, kitty ? "screen" : "sixel", theme_of(plotter), &bytes);
  if (ok && kitty) th_kitty_picture(&bytes, &coded);
  ok = ok && th_text_ok(&coded, plotter->cx);
  const ThText *shown = kitty ? &coded : &bytes;
  if (ok) th_write(plotter->cx, th_text_string(shown), shown->length);
  th_text_clear(&bytes);
  th_text_clear(&coded);
  return ok;
}

static bool to_file(ThPlotter *plotter, const char *path, const ThText *picture) {
  if (picture->length == 0) return th_fail(plotter->cx, TH_ERROR_IO, "gnuplot drew nothing into `%s`", path);
  return th_write_file(plotter->cx, path, picture->data, picture->length);
}

static bool show_window(ThPlotter *plotter, const ThFigure *figure, const ThPlotFormat *format) {
  ThText script;
  ThPlotNumbers *numbers = th_plot_numbers_open(&plotter->numbers) ? &plotter->numbers : NULL;
  const ThPlotTheme *theme = plotter->theme ? plotter->theme : &th_plot_light;
  th_text_init(&script, &plotter->cx->heap);
  bool ok = th_plot_script(plotter->cx, figure, format, theme, plotter->persist, numbers, &script);
  if (ok && numbers && !th_plot_numbers_write(numbers)) { /* a full disk: as text */
    th_text_reset(&script);
    ok = th_plot_script(plotter->cx, figure, format, theme, plotter->persist, NULL, &script);
  }
  ok = ok && draw(plotter, plotter->windows, &script);
  th_text_clear(&script);
  return ok;
}

/* Any other terminal of gnuplot's, by name: sixelgd, dumb, … ; what it writes goes to the screen. */
static bool show_plain(ThPlotter *plotter, const ThFigure *figure, const char *name) {
  ThContext *cx = plotter->cx;
  if (!th_gnuplot_has_terminal(plotter->files, name)) {
    th_fail(cx, TH_ERROR_IO, "this gnuplot has no terminal `%s`", name);
    return th_hint(cx, "`text` draws in the terminal; a file's name draws into the file");
  }
  ThText script;
  th_text_init(&script, &cx->heap);
  bool ok = th_plot_script_plain(cx, figure, name, &script) && draw(plotter, plotter->files, &script);
  th_text_clear(&script);
  return ok;
}

static bool is_window(const char *name) {
  const ThPlotFormat *format;
  for (size_t i = 0; (format = th_plot_format_at(i)); i++)
    if (format->window && strcmp(format->name, name) == 0) return true;
  return false;
}

static bool show_terminal(ThPlotter *plotter, const ThFigure *figure) {
  bool window = is_window(plotter->name);
  if (!start(plotter, window ? plotter->windows : plotter->files)) return false;
  const ThPlotFormat *format = window ? find_format(plotter, plotter->name, true) : NULL;
  return format ? show_window(plotter, figure, format) : show_plain(plotter, figure, plotter->name);
}

/* --- Files */

static bool save_text(ThPlotter *plotter, const ThFigure *figure, const char *path, bool script) {
  ThContext *cx = plotter->cx;
  ThCanvasStyle style = {.utf8 = true};
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = script ? th_plot_script_file(cx, figure, &text) : th_plot_text(cx, figure, 80, 24, style, &text);
  ok = ok && th_write_file(cx, path, th_text_string(&text), text.length);
  th_text_clear(&text);
  return ok;
}

static bool save_picture(ThPlotter *plotter, const ThFigure *figure, const char *path,
                         const char *extension) {
  ThText bytes;
  th_text_init(&bytes, &plotter->cx->heap);
  bool ok = draw_bytes(plotter, figure, extension, &th_plot_light, &bytes) && to_file(plotter, path, &bytes);
  th_text_clear(&bytes);
  return ok;
}

static bool save(ThPlotter *plotter, const ThFigure *figure, const char *path) {
  char extension[16];
  extension_of(path, extension, sizeof extension);
  if (!is_extension(extension)) return fail_extension(plotter->cx, path);
  if (strcmp(extension, "txt") == 0) return save_text(plotter, figure, path, false);
  if (strcmp(extension, "gp") == 0) return save_text(plotter, figure, path, true);
  if (plotter->cx->settings.sandbox) return th_write_file(plotter->cx, path, "", 0);
  return save_picture(plotter, figure, path, extension);
}

/* The file of the next picture: `fig-%d.png` counts from 1; `fig.png` is followed by `fig-2.png`. */
static void numbered_name(ThPlotter *plotter, ThText *out) {
  const char *name = plotter->name, *mark = strstr(name, "%d"), *extension = th_path_extension(name);
  size_t number = ++plotter->n_files;
  if (mark) th_text_format(out, "%.*s%zu%s", (int)(mark - name), name, number, mark + 2);
  else if (number == 1) th_text_add(out, name);
  else th_text_format(out, "%.*s-%zu.%s", (int)(extension - 1 - name), name, number, extension);
}

static bool show_file(ThPlotter *plotter, const ThFigure *figure) {
  ThText path;
  th_text_init(&path, &plotter->cx->heap);
  numbered_name(plotter, &path);
  bool ok = th_text_ok(&path, plotter->cx) && save(plotter, figure, th_text_string(&path));
  th_text_clear(&path);
  return ok;
}

/* --- Showing */

static bool has_display(void) {
  const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
  return (x && x[0]) || (wayland && wayland[0]);
}

/* A failure of gnuplot's becomes a warning; interruption and lack of memory stay errors. */
static bool warn(ThPlotter *plotter) {
  ThContext *cx = plotter->cx;
  if (cx->error.code != TH_ERROR_IO) return false;
  bool absent = th_gnuplot_is_absent(plotter->files) || th_gnuplot_is_absent(plotter->windows);
  if (!absent || !plotter->told_absent)
    th_note(cx, "no picture: %s%s%s", cx->error.message, cx->error.hint[0] ? "; " : "", cx->error.hint);
  plotter->told_absent = plotter->told_absent || absent;
  th_error_clear(cx);
  return true;
}

/* The first window that gnuplot has; NULL when there is no display, gnuplot or window. */
static const ThPlotFormat *find_window(ThPlotter *plotter) {
  static const char *const windows[] = {"qt", "wxt", "x11", "aqua"};
  const ThPlotFormat *format = NULL;
  if (plotter->no_window || !has_display()) return NULL;
  if (!start(plotter, plotter->windows)) (void)!warn(plotter);
  for (size_t i = 0; i < 4 && !format; i++) format = find_format(plotter, windows[i], true);
  plotter->no_window = !format;
  return format;
}

ThPlotPlace th_plotter_place(ThPlotter *plotter) {
  switch (plotter->target) {
    case TO_NONE: return TH_PLOT_NOWHERE;
    case TO_TEXT:
    case TO_SIXEL:
    case TO_KITTY: return TH_PLOT_AS_TEXT; /* what is redrawn many times a second */
    case TO_FILES: return TH_PLOT_IN_FILES;
    case TO_TERMINAL: return TH_PLOT_IN_WINDOW;
    case TO_AUTO: break;
  }
  return find_window(plotter) ? TH_PLOT_IN_WINDOW : TH_PLOT_AS_TEXT;
}

/* Into the terminal: as a picture if it shows them, else as text. */
static bool show_in_terminal(ThPlotter *plotter, const ThFigure *figure) {
  ThGraphics graphics = report_of(plotter)->graphics;
  if (plotter->no_graphics || graphics == TH_GRAPHICS_NONE) return show_text(plotter, figure);
  if (show_graphics(plotter, figure, graphics)) return true;
  if (!warn(plotter)) return false;
  plotter->no_graphics = true;
  return show_text(plotter, figure);
}

static bool show_auto(ThPlotter *plotter, const ThFigure *figure) {
  const ThPlotFormat *window = find_window(plotter);
  if (!window) return show_in_terminal(plotter, figure);
  if (show_window(plotter, figure, window)) return true;
  if (!warn(plotter)) return false;
  plotter->no_window = true; /* a display that cannot be reached */
  return show_in_terminal(plotter, figure);
}

static bool show_single(ThPlotter *plotter, const ThFigure *figure) {
  switch (plotter->target) {
    case TO_NONE: return true;
    case TO_TEXT: return show_text(plotter, figure);
    case TO_AUTO: return show_auto(plotter, figure);
    case TO_SIXEL: return show_graphics(plotter, figure, TH_GRAPHICS_SIXEL);
    case TO_KITTY: return show_graphics(plotter, figure, TH_GRAPHICS_KITTY);
    case TO_TERMINAL: return show_terminal(plotter, figure);
    case TO_FILES: return show_file(plotter, figure);
  }
  return true;
}

/* --- Films */

/* Waits, in pieces, so that Ctrl-C is heard. */
static bool wait_for(ThContext *cx, double seconds) {
  enum { PIECE = 50 };
  int left = (int)(1000 * seconds);
  for (; left > 0 && th_poll(cx); left -= PIECE) poll(NULL, 0, left < PIECE ? left : PIECE);
  return th_poll(cx);
}

/* Each frame in the place of the one before: the cursor goes back to where it was kept. */
static bool show_frames(ThPlotter *plotter, const ThFigure *figure) {
  ThContext *cx = plotter->cx;
  bool window = th_plotter_place(plotter) == TH_PLOT_IN_WINDOW, ok = true;
  int height = cx->settings.height - 2;
  for (int i = 0; !window && i < height; i++) th_write(cx, "\n", 1);
  ThText keep;
  th_text_init(&keep, &cx->heap);
  th_text_format(&keep, "\033[%dA\0337", height);
  if (!window) th_write(cx, th_text_string(&keep), keep.length);
  th_text_clear(&keep);
  for (size_t i = 0; ok && i < th_figure_n_parts(figure); i++) {
    if (i) ok = wait_for(cx, 1 / figure->rate);
    if (ok && !window) th_write(cx, "\0338\033[J", 5);
    ok = ok && show_single(plotter, th_figure_part(figure, i));
  }
  return ok;
}

/* A film runs where there is somebody to see it; elsewhere its last frame is shown. */
static bool runs(ThPlotter *plotter, const ThFigure *figure) {
  const char *term = getenv("TERM");
  if (figure->form != TH_FIGURE_FRAMES || plotter->target == TO_NONE || plotter->target == TO_FILES)
    return false;
  return th_plotter_place(plotter) == TH_PLOT_IN_WINDOW ||
         (isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0);
}

bool th_plotter_show(ThPlotter *plotter, const ThFigure *figure) {
  plotter->count++;
  return (runs(plotter, figure) ? show_frames : show_single)(plotter, figure) || warn(plotter);
}

bool th_plotter_save(ThPlotter *plotter, const ThFigure *figure, const char *path) {
  plotter->failed = false;
  if (save(plotter, figure, path)) return true;
  return plotter->failed && warn(plotter);
}

bool th_plotter_svg(ThPlotter *plotter, const ThFigure *figure, ThText *out) {
  return draw_bytes(plotter, figure, "svg", &th_plot_light, out);
}

bool th_plotter_can_save(ThPlotter *plotter) {
  if (start(plotter, plotter->files)) return true;
  if (!warn(plotter)) th_error_clear(plotter->cx);
  return false;
}
