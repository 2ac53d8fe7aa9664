/* test_ui_html.c - tests of text, code, pictures and Markdown as HTML */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "ui/html.h"
#include "ui/report_markdown.h"

typedef struct Row {
  const char *in, *out;
} Row;

static void check(const char *what, const ThText *out, const char *wanted) {
  ck_assert_msg(strcmp(th_text_string(out), wanted) == 0, "%s gives\n%s\nnot\n%s", what, th_text_string(out),
                wanted);
}

static const Row texts[] = {
    {"a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;"},
    {"θ\tx\n", "θ\tx\n"},
    {"\033[1m\x7f\xc2\x85", "\uFFFD[1m\uFFFD\uFFFD"},
    {"\xff\xc0\xbc", "\uFFFD\uFFFD\uFFFD"},
};

START_TEST(escapes_text) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_html_text(texts[_i].in, strlen(texts[_i].in), &out);
  check(texts[_i].in, &out, texts[_i].out);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static const Row bytes[] = {
    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd!", "//79IQ=="}};

START_TEST(writes_base_64) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_html_base64(bytes[_i].in, strlen(bytes[_i].in), &out);
  check(bytes[_i].in, &out, bytes[_i].out);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static const Row codes[] = {
    {"x = 2.5", "x = <span class=\"n\">2.5</span>"},
    {"if x then f(1) # <b>",
     "<span class=\"k\">if</span> x <span class=\"k\">then</span> <span class=\"f\">f</span>("
     "<span class=\"n\">1</span>) <span class=\"c\"># &lt;b&gt;</span>"},
    {"\"a # $x\"", "<span class=\"s\">&quot;a # $x&quot;</span>"},
    {"data lab {\n}\ndata = 3", "<span class=\"k\">data</span> lab {\n}\ndata = <span class=\"n\">3</span>"},
    {"x = \"open", "x = &quot;open"},
    {"x = 3 §", "x = <span class=\"n\">3</span> §"},
};

START_TEST(colours_code) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_html_code(&cx, codes[_i].in, strlen(codes[_i].in), &out);
  check(codes[_i].in, &out, codes[_i].out);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static const Row pictures[] = {
    {"<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 9 9\"><title>Gnuplot</title><desc>5.4</desc><g id=\"a\"><use "
     "xlink:href='#a'/></g></svg>",
     "<svg role=\"img\" aria-label=\"&lt;words&gt;\" viewBox=\"0 0 9 9\"><g id=\"picture-7-a\"><use "
     "xlink:href='#picture-7-a'/></g></svg>"},
    {"<svg><rect fill=\"url(#f)\"/><text> id='x' <script>1</script></text></svg>",
     "<svg role=\"img\" aria-label=\"&lt;words&gt;\"><rect fill=\"url(#picture-7-f)\"/><text> id='x' "
     "&lt;script>1&lt;/script></text></svg>"},
    {"no picture", ""},
    {"<svg", "<svg role=\"img\" aria-label=\"&lt;words&gt;\">"},
};

START_TEST(takes_pictures) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_html_svg(pictures[_i].in, strlen(pictures[_i].in), 7, "<words>", &out);
  check(pictures[_i].in, &out, pictures[_i].out);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static const Row pages[] = {
    {"Some *words* and `a < b`.\n", "<p>Some <em>words</em> and <code>a &lt; b</code>.</p>\n"},
    {"## Two\n", "<h2 id=\"section-1\">Two</h2>\n"},
    {"- a\n- **b**\n", "<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>\n"},
    {"3. a\n", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
    {"> q\n", "<blockquote>\n<p>q</p>\n</blockquote>\n"},
    {"a  \nb\n\n***\n", "<p>a<br>\nb</p>\n<hr>\n"},
    {"```theta\n2 < 3\n```\n",
     "<pre class=\"code\"><code><span class=\"n\">2</span> &lt; <span class=\"n\">3</span>\n</code></pre>\n"},
    {"```sh\nls > f\n```\n", "<pre class=\"code\"><code>ls &gt; f\n</code></pre>\n"},
    {"| n | m |\n|:-:|--:|\n| 1 | 2 |\n",
     "<div class=\"wide\"><table>\n<thead>\n<tr><th scope=\"col\" class=\"center\">n</th><th scope=\"col\" "
     "class=\"right\">m</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"center\">1</td><td class=\"right\">2</td></tr>\n"
     "</tbody>\n</table></div>\n"},
    {"[a](https://x.org/?a=1&b=2) [b](javascript:b) [c](JavaScript:c) [d](data:text/html,d) [e](#e)\n",
     "<p><a href=\"https://x.org/?a=1&amp;b=2\">a</a> b c d <a href=\"#e\">e</a></p>\n"},
    {"<b>x</b> &lt; &copy; &#x3c0; &#60; &#xD800;\n\n<script>y</script>\n",
     "<p>x &lt; &amp;copy; π &lt; &amp;#xD800;</p>\n"},
    {"![an *old* plot](missing.png)\n", "<p><span class=\"note\">[picture: an old plot]</span></p>\n"},
};

START_TEST(lays_markdown_out) {
  ThContext cx;
  ThText out;
  ThContents contents = {.n_entries = 0};
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_text_init(&contents.entries, &cx.heap);
  ck_assert(th_report_markdown(&cx, pages[_i].in, strlen(pages[_i].in), "", &contents, &out));
  check(pages[_i].in, &out, pages[_i].out);
  th_text_clear(&contents.entries);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

START_TEST(lists_contents) {
  static const char text[] = "# One\n\n## Two [*a*](#x)\n\n### Three\n\n## Four\n";
  ThContext cx;
  ThText out;
  ThContents contents = {.n_entries = 0};
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_text_init(&contents.entries, &cx.heap);
  ck_assert(th_report_markdown(&cx, text, strlen(text), "", &contents, &out));
  check(text, &contents.entries,
        "<li><a href=\"#section-2\">Two a</a></li>\n<li><a href=\"#section-4\">Four</a></li>\n");
  ck_assert_uint_eq(contents.n_entries, 2);
  th_text_clear(&contents.entries);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static bool lay_out(ThContext *cx) {
  static const char text[] = "## Title\n\n- *a*\n- `b`\n\n```theta\nf(2.5) # c\n```\n\n![p](none.png)\n";
  ThText out;
  ThContents contents = {.n_entries = 0};
  th_text_init(&out, &cx->heap);
  th_text_init(&contents.entries, &cx->heap);
  bool ok = th_report_markdown(cx, text, strlen(text), "there/", &contents, &out) &&
            th_text_ok(&contents.entries, cx);
  th_text_clear(&contents.entries);
  th_text_clear(&out);
  return ok;
}

START_TEST(survives_a_lack_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, lay_out);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_ui_html(void) {
  Suite *suite = suite_create("ui_html");
  ADD_ROWS(suite, escapes_text, COUNT(texts));
  ADD_ROWS(suite, writes_base_64, COUNT(bytes));
  ADD_ROWS(suite, colours_code, COUNT(codes));
  ADD_ROWS(suite, takes_pictures, COUNT(pictures));
  ADD_ROWS(suite, lays_markdown_out, COUNT(pages));
  ADD(suite, lists_contents);
  ADD(suite, survives_a_lack_of_memory);
  return suite;
}
