/* plot_options.c - the options that all plotting functions share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_options.h"

#include <math.h>
#include <string.h>

#include "ui/plot_colors.h"

/* Was the option written by the caller? */
static bool given(const ThCall *call, size_t i) {
  return i < call->n_args && !th_is_unset(call->args[i]) && !th_is_none(call->args[i]);
}

static bool read_range(ThContext *cx, const ThCall *call, size_t i, const char *name, double range[2]) {
  if (!given(call, i)) return true;
  const ThArray *a = th_arg_array(call, i);
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (size_t k = 0; k < a->length; k++) {
    low = fmin(low, th_array_real(a, k));
    high = fmax(high, th_array_real(a, k));
  }
  if (a->length < 2 || !(high > low) || !isfinite(high - low)) {
    th_fail(cx, TH_ERROR_VALUE, "`%s` takes two different numbers", name);
    return th_hint(cx, "%s = [-3, 3]", name);
  }
  range[0] = low;
  range[1] = high;
  return true;
}

static bool read_log(ThContext *cx, const ThCall *call, size_t i, ThFigure *figure) {
  if (!given(call, i)) return true;
  const char *text = th_arg_text(call, i);
  if (strspn(text, "xy") != strlen(text))
    return th_fail(cx, TH_ERROR_VALUE, "`log` is \"x\", \"y\" or \"xy\"; got \"%s\"", text);
  figure->log_x = strchr(text, 'x') != NULL;
  figure->log_y = strchr(text, 'y') != NULL;
  return true;
}

static bool check_positive(ThContext *cx, bool logarithmic, const double range[2]) {
  if (!logarithmic || isnan(range[0]) || range[0] > 0) return true;
  return th_fail(cx, TH_ERROR_VALUE, "a logarithmic axis begins above 0; got %.6g", range[0]);
}

bool th_plot_options_before(ThContext *cx, const ThCall *call, size_t first, ThFigure *figure) {
  if (!read_range(cx, call, first + TH_OPTION_XRANGE, "xrange", figure->xrange) ||
      !read_range(cx, call, first + TH_OPTION_YRANGE, "yrange", figure->yrange) ||
      !read_log(cx, call, first + TH_OPTION_LOG, figure))
    return false;
  figure->equal = th_arg_bool(call, first + TH_OPTION_EQUAL);
  return check_positive(cx, figure->log_x, figure->xrange) &&
         check_positive(cx, figure->log_y, figure->yrange);
}

bool th_plot_options_mark(ThContext *cx, const ThCall *call, size_t first, ThMark otherwise, ThMark *mark) {
  static const struct {
    const char *name;
    ThMark mark;
  } styles[] = {{"line", TH_MARK_LINE},
                {"points", TH_MARK_POINTS},
                {"dashed", TH_MARK_DASHED},
                {"impulses", TH_MARK_IMPULSES}};
  *mark = otherwise;
  if (!given(call, first + TH_OPTION_STYLE)) return true;
  const char *text = th_arg_text(call, first + TH_OPTION_STYLE);
  for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
    if (strcmp(styles[i].name, text) == 0) {
      *mark = styles[i].mark;
      return true;
    }
  return th_fail(cx, TH_ERROR_VALUE,
                 "`style` is \"line\", \"points\", \"dashed\" or \"impulses\"; got \"%s\"", text);
}

static bool read_color(ThContext *cx, const ThCall *call, size_t i, int *color) {
  if (th_is_scalar(call->args[i])) {
    double number = th_arg_number(call, i);
    *color = (int)number - 1;
    return (number >= 1 && number <= TH_PLOT_COLORS) ||
           th_fail(cx, TH_ERROR_VALUE, "`color` is 1 to %d; got %.6g", TH_PLOT_COLORS, number);
  }
  for (*color = 0; *color < TH_PLOT_COLORS; ++*color)
    if (strcmp(th_plot_color_names[*color], th_arg_text(call, i)) == 0) return true;
  th_fail(cx, TH_ERROR_VALUE, "there is no color \"%s\"", th_arg_text(call, i));
  return th_hint(cx, "blue red green purple orange sky black, or 1 to 7");
}

static bool set_colors(ThContext *cx, const ThCall *call, size_t i, ThFigure *figure) {
  int color;
  if (!given(call, i)) return true;
  if (!read_color(cx, call, i, &color)) return false;
  for (size_t k = 0; k < figure->n_series; k++) figure->series[k].color = color;
  return true;
}

static bool set_label(ThContext *cx, size_t k, ThValue label, ThFigure *figure) {
  if (!th_is_string(label)) return th_fail(cx, TH_ERROR_TYPE, "`label` takes a string, or a list of strings");
  if (k < figure->n_series) th_replace_take(&figure->series[k].label, th_retain(label));
  return true;
}

static bool is_background(const ThSeries *s) { return s->mark == TH_MARK_BAND || s->past; }

/* One string names the first series that is not in the background; a list names them in order. */
static bool set_labels(ThContext *cx, const ThCall *call, size_t i, ThFigure *figure) {
  if (!given(call, i)) return true;
  ThValue label = call->args[i];
  if (!th_is_list(label)) {
    size_t k = 0;
    while (k + 1 < figure->n_series && is_background(&figure->series[k])) k++;
    return set_label(cx, k, label, figure);
  }
  for (size_t k = 0; k < th_as_list(label)->length; k++)
    if (!set_label(cx, k, th_as_list(label)->items[k], figure)) return false;
  return true;
}

static void set_text(const ThCall *call, size_t i, ThValue *slot) {
  if (given(call, i)) th_replace_take(slot, th_retain(call->args[i]));
}

bool th_plot_options_after(ThContext *cx, const ThCall *call, size_t first, ThFigure *figure) {
  set_text(call, first + TH_OPTION_TITLE, &figure->title);
  set_text(call, first + TH_OPTION_XLABEL, &figure->xlabel);
  set_text(call, first + TH_OPTION_YLABEL, &figure->ylabel);
  if (given(call, first + TH_OPTION_WIDTH)) figure->width = th_arg_number(call, first + TH_OPTION_WIDTH);
  if (given(call, first + TH_OPTION_HEIGHT)) figure->height = th_arg_number(call, first + TH_OPTION_HEIGHT);
  return set_labels(cx, call, first + TH_OPTION_LABEL, figure) &&
         set_colors(cx, call, first + TH_OPTION_COLOR, figure);
}

bool th_plot_make(ThContext *cx, const ThCall *call, size_t first, ThPlotFill fill, ThValue *out) {
  ThFigure *figure = th_figure_new(cx);
  if (!figure) return false;
  *out = th_object(figure);
  if (th_plot_options_before(cx, call, first, figure) && fill(cx, call, figure) &&
      th_plot_options_after(cx, call, first, figure))
    return true;
  th_release(*out);
  return false;
}
