/* test_ui_graphics.c - tests of what a terminal's answer says, and of pictures for it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "ui/plot_colors.h"
#include "ui/terminal_graphics.h"

static const struct {
  const char *answer, *typed;
  bool answered, knows_background, is_dark;
  ThGraphics graphics;
} answers[] = {
    {"\033[?62;4;22c", "", true, false, false, TH_GRAPHICS_SIXEL},
    {"\033[?62;22c", "", true, false, false, TH_GRAPHICS_NONE},
    {"\033[?64;14;24c", "", true, false, false, TH_GRAPHICS_NONE},
    {"\033]11;rgb:1e1e/1e1e/2e2e\033\\\033[?6c", "", true, true, true, TH_GRAPHICS_NONE},
    {"\033]11;rgb:ffff/fafa/f0f0\a\033[?62;4c", "", true, true, false, TH_GRAPHICS_SIXEL},
    {"\033_Gi=31;OK\033\\\033[?62;4c", "", true, false, false, TH_GRAPHICS_KITTY},
    {"\033_Gi=31;ENOTSUPPORTED\033\\\033[?62c", "", true, false, false, TH_GRAPHICS_NONE},
    {"a = 2\033[?62;4cb\033[A", "a = 2b\033[A", true, false, false, TH_GRAPHICS_SIXEL},
    {"\033]11;rgb:12", "\033]11;rgb:12", false, false, false, TH_GRAPHICS_NONE},
    {"\033]11;rgb:\033\\\033[?c", "", true, false, false, TH_GRAPHICS_NONE},
    {"", "", false, false, false, TH_GRAPHICS_NONE},
};

START_TEST(answers_are_read) {
  ThTerminalReport report = {0};
  char typed[512];
  size_t n = th_terminal_read_report(answers[_i].answer, strlen(answers[_i].answer), &report, typed);
  ck_assert_uint_eq(n, strlen(answers[_i].typed));
  ck_assert(memcmp(typed, answers[_i].typed, n) == 0);
  ck_assert_int_eq(report.answered, answers[_i].answered);
  ck_assert_int_eq(report.knows_background, answers[_i].knows_background);
  if (report.knows_background) ck_assert_int_eq(report.is_dark, answers[_i].is_dark);
  ck_assert_int_eq(report.graphics, answers[_i].graphics);
}
END_TEST

START_TEST(pictures_are_coded_for_kitty) {
  ThContext cx;
  ThText png, out;
  unit_context(&cx);
  th_text_init(&png, &cx.heap);
  th_text_init(&out, &cx.heap);
  th_text_bytes(&png, "\211PNG\377", 5);
  th_kitty_picture(&png, &out);
  ck_assert_str_eq(th_text_string(&out), "\033_Ga=T,f=100,q=2,m=0;iVBOR/8=\033\\\n");
  th_text_reset(&out);
  for (int i = 0; i < 5000; i++) th_text_char(&png, 'x');
  th_kitty_picture(&png, &out);
  ck_assert_ptr_nonnull(strstr(th_text_string(&out), "\033_Gm=0;"));
  ck_assert_ptr_nonnull(strstr(th_text_string(&out), "q=2,m=1;"));
  th_text_clear(&png);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

START_TEST(the_scale_runs_from_dark_to_light) {
  double before = -1;
  for (int k = 0; k <= 40; k++) {
    unsigned rgb = th_plot_scale_color(k / 40.0);
    double light = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255);
    ck_assert_double_gt(light, before);
    before = light;
  }
  ck_assert_uint_eq(th_plot_scale_color(-2.385), th_plot_scale_color(0));
  ck_assert_uint_eq(th_plot_scale_color(2.385), th_plot_scale_color(1));
}
END_TEST

Suite *th_suite_ui_graphics(void) {
  Suite *suite = suite_create("ui_graphics");
  TCase *c = tcase_create("graphics");
  tcase_add_loop_test(c, answers_are_read, 0, sizeof answers / sizeof *answers);
  tcase_add_test(c, pictures_are_coded_for_kitty);
  tcase_add_test(c, the_scale_runs_from_dark_to_light);
  suite_add_tcase(suite, c);
  return suite;
}
