/* test_utf8.c - tests of base/utf8 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/utf8.h"

static const struct {
  const char *bytes;
  size_t length;
  uint32_t code_point;
  size_t size;
} decodings[] = {
    {"a", 1, 'a', 1},
    {"\0", 1, 0, 1},
    {"\x7f", 1, 0x7F, 1},
    {"\xc2\x80", 2, 0x80, 2},
    {"θ=2", 4, 0x3B8, 2},
    {"₀", 3, 0x2080, 3},
    {"\xef\xbf\xbf", 3, 0xFFFF, 3},
    {"𝔼", 4, 0x1D53C, 4},
    {"\xf4\x8f\xbf\xbf", 4, 0x10FFFF, 4},
    {"\x80", 1, TH_UTF8_INVALID, 1},             /* a continuation byte alone */
    {"\xce", 1, TH_UTF8_INVALID, 1},             /* cut short */
    {"θ", 1, TH_UTF8_INVALID, 1},                /* cut short by the length */
    {"\xe2\x82", 2, TH_UTF8_INVALID, 1},         /* cut short in the middle */
    {"\xce(", 2, TH_UTF8_INVALID, 1},            /* no continuation byte */
    {"\xc0\xaf", 2, TH_UTF8_INVALID, 1},         /* overlong / */
    {"\xe0\x80\xaf", 3, TH_UTF8_INVALID, 1},     /* overlong / */
    {"\xed\xa0\x80", 3, TH_UTF8_INVALID, 1},     /* a surrogate */
    {"\xf4\x90\x80\x80", 4, TH_UTF8_INVALID, 1}, /* beyond Unicode */
    {"\xff", 1, TH_UTF8_INVALID, 1},
};

START_TEST(decodes) {
  size_t size = 99;
  ck_assert_uint_eq(th_utf8_decode(decodings[_i].bytes, decodings[_i].length, &size),
                    decodings[_i].code_point);
  ck_assert_uint_eq(size, decodings[_i].size);
}
END_TEST

START_TEST(encodes_what_it_decodes) {
  for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 61) {
    char bytes[4];
    size_t size = 0, n = th_utf8_encode(c, bytes);
    if (c >= 0xD800 && c <= 0xDFFF) {
      ck_assert_uint_eq(n, 0);
      continue;
    }
    ck_assert_uint_eq(th_utf8_decode(bytes, n, &size), c);
    ck_assert_uint_eq(size, n);
  }
}
END_TEST

START_TEST(refuses_to_encode_what_is_no_character) {
  char bytes[4];
  ck_assert_uint_eq(th_utf8_encode(0x110000, bytes), 0);
  ck_assert_uint_eq(th_utf8_encode(TH_UTF8_INVALID, bytes), 0);
}
END_TEST

static const struct {
  const char *text;
  size_t bad;
} checks[] = {
    {"", 0}, {"mean(β̂)", 10}, {"ab\xffz", 2}, {"θ\xce", 2}, {"x\xc0\xaf", 1}, {"\xed\xa0\x80", 0}, {"𝔼x", 5},
};

START_TEST(finds_the_first_invalid_byte) {
  ck_assert_uint_eq(th_utf8_find_invalid(checks[_i].text, strlen(checks[_i].text)), checks[_i].bad);
}
END_TEST

static const struct {
  const char *text;
  size_t count, width;
} sizes[] = {
    {"", 0, 0},          {"2.385", 5, 5}, {"θ₀", 2, 2},      {"β̂", 2, 1},
    {"你好", 2, 4},      {"𝔼[X]", 4, 4},  {"e\u0301", 2, 1}, {"a\u200bb", 3, 2}, /* a zero-width space */
    {"\xff\xfe!", 3, 3}, /* bytes that are not UTF-8 count one each */
};

START_TEST(counts_and_measures) {
  size_t length = strlen(sizes[_i].text);
  ck_assert_uint_eq(th_utf8_width(sizes[_i].text, length), sizes[_i].width);
  if (th_utf8_find_invalid(sizes[_i].text, length) == length)
    ck_assert_uint_eq(th_utf8_count(sizes[_i].text, length), sizes[_i].count);
}
END_TEST

START_TEST(offsets_by_index) {
  const char *text = "aθ你𝔼z";
  size_t expected[] = {0, 1, 3, 6, 10, 11, 11, 11};
  for (size_t i = 0; i < COUNT(expected); i++) ck_assert_uint_eq(th_utf8_offset(text, 11, i), expected[i]);
}
END_TEST

START_TEST(goes_forward_by_columns) {
  const char *text = "ab你θc"; /* columns 1 1 2 1 1, bytes 1 1 3 2 1 */
  size_t expected[] = {0, 1, 2, 2, 5, 7, 8, 8};
  for (size_t width = 0; width < COUNT(expected); width++)
    ck_assert_uint_eq(th_utf8_forward(text, 0, 8, width), expected[width]);
  ck_assert_uint_eq(th_utf8_forward(text, 2, 8, 3), 7);
  ck_assert_uint_eq(th_utf8_forward(text, 1, 5, 40), 5);
}
END_TEST

START_TEST(forward_keeps_marks_with_their_letter) { ck_assert_uint_eq(th_utf8_forward("β̂x", 0, 5, 1), 4); }
END_TEST

START_TEST(goes_back_by_columns) {
  const char *text = "ab你θc";
  size_t expected[] = {8, 7, 5, 5, 2, 1, 0, 0};
  for (size_t width = 0; width < COUNT(expected); width++)
    ck_assert_uint_eq(th_utf8_back(text, 0, 8, width), expected[width]);
  ck_assert_uint_eq(th_utf8_back(text, 1, 5, 40), 1);
}
END_TEST

START_TEST(cuts_at_an_edge) {
  const char *expected[] = {"", "a", "a", "aθ", "aθ", "aθ", "aθ你"};
  for (size_t length = 0; length < COUNT(expected); length++) {
    char text[] = "aθ你b";
    th_utf8_cut(text, length);
    ck_assert_str_eq(text, expected[length]);
  }
}
END_TEST

static const struct {
  const char *character;
  bool letter, mark;
  int subscript, superscript;
} classes[] = {
    {"a", true, false, -1, -1},  {"Z", true, false, -1, -1},  {"_", true, false, -1, -1},
    {"5", false, false, -1, -1}, {" ", false, false, -1, -1}, {"+", false, false, -1, -1},
    {"θ", true, false, -1, -1},  {"ᾱ", true, false, -1, -1},  {"ℓ", true, false, -1, -1},
    {"∇", true, false, -1, -1},  {"你", true, false, -1, -1}, {"\u0302", false, true, -1, -1},
    {"₀", false, false, 0, -1},  {"₉", false, false, 9, -1},  {"⁰", false, false, -1, 0},
    {"¹", false, false, -1, 1},  {"²", false, false, -1, 2},  {"³", false, false, -1, 3},
    {"⁴", false, false, -1, 4},  {"⁹", false, false, -1, 9},  {"⁺", false, false, -1, -1},
    {"₊", false, false, -1, -1}, {"−", false, false, -1, -1}, {"²", false, false, -1, 2},
};

START_TEST(classifies) {
  size_t size;
  uint32_t c = th_utf8_decode(classes[_i].character, strlen(classes[_i].character), &size);
  ck_assert_int_eq(th_utf8_is_letter(c), classes[_i].letter);
  ck_assert_int_eq(th_utf8_is_mark(c), classes[_i].mark);
  ck_assert_int_eq(th_utf8_subscript(c), classes[_i].subscript);
  ck_assert_int_eq(th_utf8_superscript(c), classes[_i].superscript);
}
END_TEST

START_TEST(invalid_is_in_no_class) {
  ck_assert(!th_utf8_is_letter(TH_UTF8_INVALID));
  ck_assert(!th_utf8_is_mark(TH_UTF8_INVALID));
  ck_assert_int_eq(th_utf8_subscript(TH_UTF8_INVALID), -1);
  ck_assert_int_eq(th_utf8_superscript(TH_UTF8_INVALID), -1);
}
END_TEST

static const struct {
  void (*change)(const char *text, size_t length, ThText *out);
  const char *text, *expected;
} changes[] = {
    {th_utf8_normalize, "e\u0301te\u0301", "été"},
    {th_utf8_normalize, "Å", "Å"}, /* the ångström sign is the letter */
    {th_utf8_normalize, "β̂", "β̂"}, /* has no composed form */
    {th_utf8_normalize, "", ""},
    {th_utf8_upper, "straße θ 2.385", "STRASSE Θ 2.385"},
    {th_utf8_lower, "ΘETA Σ É", "θeta σ é"},
};

START_TEST(normalizes_and_changes_case) {
  ThHeap heap = {0};
  ThText out;
  th_text_init(&out, &heap);
  th_text_add(&out, ">");
  changes[_i].change(changes[_i].text, strlen(changes[_i].text), &out);
  ck_assert_str_eq(th_text_string(&out) + 1, changes[_i].expected);
  ck_assert(!out.failed);
  th_text_clear(&out);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

Suite *th_suite_utf8(void) {
  Suite *suite = suite_create("utf8");
  ADD_ROWS(suite, decodes, COUNT(decodings));
  ADD(suite, encodes_what_it_decodes);
  ADD(suite, refuses_to_encode_what_is_no_character);
  ADD_ROWS(suite, finds_the_first_invalid_byte, COUNT(checks));
  ADD_ROWS(suite, counts_and_measures, COUNT(sizes));
  ADD(suite, offsets_by_index);
  ADD(suite, goes_forward_by_columns);
  ADD(suite, forward_keeps_marks_with_their_letter);
  ADD(suite, goes_back_by_columns);
  ADD(suite, cuts_at_an_edge);
  ADD_ROWS(suite, classifies, COUNT(classes));
  ADD(suite, invalid_is_in_no_class);
  ADD_ROWS(suite, normalizes_and_changes_case, COUNT(changes));
  return suite;
}
