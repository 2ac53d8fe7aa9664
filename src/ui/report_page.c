/* report_page.c - the frame of a report: heading, style, contents, foot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style stands in the page; nothing is fetched, and the page forbids the browser to run or fetch anything. */
#include "ui/report_page.h"

#include <string.h>

#include "ui/html.h"

enum { FEWEST_CONTENTS = 3 }; /* headings from which on a list of contents helps */

static const char style[] =
    ":root{color-scheme:light dark;--page:#fff;--ink:#1d2329;--dim:#57606a;--line:#d5dae0;--code:#f5f7f9;"
    "--accent:#0b5cad;--box:#eef4fb;--keyword:#8a2be2;--number:#0a6b52;--string:#9a4a00;--call:#0b5cad;"
    "--bad:#a4161a}\n"
    "@media (prefers-color-scheme:dark){:root{--page:#14181d;--ink:#dfe4ea;--dim:#9aa5b1;--line:#333c47;"
    "--code:#1c2229;--accent:#7ab7f5;--box:#1a2530;--keyword:#c9a6ff;--number:#7fd6b8;--string:#f0b27a;"
    "--call:#7ab7f5;--bad:#ff8f8f}svg,img{filter:invert(.9) hue-rotate(180deg)}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"
    "\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
    "main,footer{max-width:46rem;margin:0 auto;padding:0 1.25rem}\n"
    "main{padding-top:2rem}\n"
    "h1,h2,h3{line-height:1.25;margin:2.2em 0 .6em;text-wrap:balance}\n"
    "h1{font-size:2rem;margin-top:0}h2{font-size:1.4rem}h3{font-size:1.1rem}\n"
    "a{color:var(--accent)}\n"
    "code,pre{font-family:ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace;font-size:.9em}\n"
    "pre code,pre samp{font:inherit}\n"
    "p code,li code,td code,summary code{background:var(--code);padding:.1em .3em;border-radius:3px}\n"
    "pre{margin:1em 0;padding:.7em .9em;overflow-x:auto;line-height:1.45;border-radius:6px}\n"
    "pre.code{background:var(--code);border:1px solid var(--line)}\n"
    "pre.output{color:var(--ink);border-left:3px solid var(--line);border-radius:0;margin-top:-.4em}\n"
    "pre.error{color:var(--bad);border-left:3px solid var(--bad);border-radius:0}\n"
    ".k{color:var(--keyword);font-weight:600}.n{color:var(--number)}.s{color:var(--string)}"
    ".c{color:var(--dim);font-style:italic}.f{color:var(--call)}\n"
    ".remark,.note,figcaption,footer{color:var(--dim);font-size:.9rem}\n"
    ".remark{margin-top:-.4em}\n"
    "nav{border:1px solid var(--line);border-radius:6px;padding:.2em 1em;margin:1.5em 0}nav ul{padding-left:1.2em}\n"
    "figure{margin:1.2em 0}svg,img{max-width:100%;height:auto;border-radius:6px}svg{display:block;width:100%}\n"
    "svg>g>rect:first-child{fill:none}\n"
    "blockquote{margin:1em 0;padding:0 1em;border-left:3px solid var(--line);color:var(--dim)}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:1em 0}th,td{border-bottom:1px solid var(--line);"
    "padding:.35em .8em;text-align:left}.center{text-align:center}.right{text-align:right}\n"
    "section.question{background:var(--box);border-left:4px solid var(--accent);border-radius:6px;"
    "padding:.1em 1.1em .6em;margin:2em 0}\n"
    "section.question h3{margin:.8em 0 .4em}section.question h3 span{color:var(--dim);font-weight:400;"
    "font-size:.9rem}\n"
    "section.question pre.code{background:var(--page)}\n"
    "ol.choices{list-style-type:lower-alpha}ol.choices p{margin:.2em 0}\n"
    "details{margin:.5em 0;border-top:1px solid var(--line)}summary{cursor:pointer;padding:.35em 0;"
    "color:var(--accent);font-weight:600}\n"
    "footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:.8rem;padding-bottom:2rem}\n"
    "@media print{:root{--page:#fff;--ink:#000;--dim:#444;--line:#bbb;--code:#fff;--box:#fff;--accent:#000;"
    "--keyword:#000;--number:#000;--string:#000;--call:#000}body{font-size:10.5pt}svg,img{filter:none}"
    "main,footer{max-width:none;padding-left:0;padding-right:0}nav{display:none}pre{white-space:pre-wrap}"
    "pre,figure,table,section.question{break-inside:avoid}h1,h2,h3{break-after:avoid}}\n";

void th_report_page_begin(const char *title, const char *heading, const char *remark, const ThContents *contents,
                          ThText *out) {
  th_text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data:\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"generator\" content=\"Theta " TH_VERSION "\">\n<title>");
  th_html_text(title, strlen(title), out);
  th_text_format(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n%s", style, heading);
  if (remark[0]) {
    th_text_add(out, "<p class=\"remark\">");
    th_html_text(remark, strlen(remark), out);
    th_text_add(out, "</p>\n");
  }
  if (contents->n_entries < FEWEST_CONTENTS) return;
  th_text_format(out, "<nav aria-label=\"Contents\">\n<ul>\n%s</ul>\n</nav>\n", th_text_string(&contents->entries));
}

void th_report_page_end(ThText *out) {
  th_text_add(out, "</main>\n<footer>\n<p>Made with Theta " TH_VERSION ". Lines set off by a bar are what the code "
                   "above them prints.</p>\n</footer>\n</body>\n</html>\n");
}
