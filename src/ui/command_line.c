/* command_line.c - the words that the program was started with */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms and options are rows; the usage text is made from them. Options stand anywhere before the name of a
 * script or beside the word of a form; what follows a script's name, or code, belongs to the script. */
#include "ui/command_line.h"

#include <stdio.h>
#include <string.h>

#include "val/symbol.h"

/* --- The rows */

typedef struct FormRow {
  ThForm form;
  const char *word; /* NULL: told by what stands there */
  const char *shape, *brief;
} FormRow;

static const FormRow forms[] = {
    {TH_FORM_PROMPT, NULL, "", "the prompt, or a script on standard input"},
    {TH_FORM_SCRIPT, NULL, "FILE [ARG...]", "run a script; ARG are in `args`; - is stdin"},
    {TH_FORM_CODE, NULL, "-e CODE [ARG...]", "evaluate; several -e run in order"},
    {TH_FORM_LESSON, "lesson", "lesson [NAME|FILE]", "list the lessons, or play one"},
    {TH_FORM_DEMO, "demo", "demo FILE", "step through a script with Enter"},
    {TH_FORM_CHECK, "check", "check FILE...", "run lessons and scripts as tests"},
    {TH_FORM_REPORT, "report", "report FILE [-o PAGE]", "make one HTML page of a lesson or script"},
    {TH_FORM_HELP, "help", "help [NAME]", "tell about a function, a word, a topic"},
};

typedef struct OptionRow {
  const char *name, *value; /* value: what it takes, NULL for a flag */
  size_t offset;            /* of its field in ThCommandLine */
  ThForm form;              /* the only form that it goes with; TH_FORM_PROMPT: any */
  const char *brief;        /* NULL: told elsewhere */
} OptionRow;

#define FIELD(name) offsetof(ThCommandLine, name)

static const OptionRow options[] = {
    {"-e", "CODE", FIELD(code), TH_FORM_CODE, NULL},
    {"--seed", "N|random", FIELD(seed), TH_FORM_PROMPT, "where the random draws begin"},
    {"--plot", "TERMINAL|FILE", FIELD(plot), TH_FORM_PROMPT, "where pictures go: text, none, qt, fig-%d.png"},
    {"--digits", "N", FIELD(digits), TH_FORM_PROMPT, "how many digits numbers show: 1 to 17"},
    {"--max-memory", "SIZE", FIELD(max_memory), TH_FORM_PROMPT, "at most so much: 500M, 2G"},
    {"--sandbox", NULL, FIELD(sandbox), TH_FORM_PROMPT, "write no file, import none"},
    {"--quiet", NULL, FIELD(quiet), TH_FORM_PROMPT, "no greeting"},
    {"--no-rc", NULL, FIELD(no_rc), TH_FORM_PROMPT, "read no start-up file"},
    {"-o", "PAGE", FIELD(output), TH_FORM_REPORT, "of report: the page's file; - is standard output"},
    {"--write", NULL, FIELD(write), TH_FORM_CHECK, "of check: put what is printed into the lessons"},
    {"--examples", NULL, FIELD(examples), TH_FORM_CHECK, "of check: run the examples of the help as well"},
    {"-k", "WORD", FIELD(search), TH_FORM_HELP, "of help: search the help for a word"},
    {"--rows", NULL, FIELD(rows), TH_FORM_HELP, "of help: all that is declared, as a table of text"},
    {"--version", NULL, FIELD(version), TH_FORM_PROMPT, "the version, and what was found"},
    {"--help", NULL, FIELD(help), TH_FORM_PROMPT, "this list"},
    {"-h", NULL, FIELD(help), TH_FORM_PROMPT, NULL},
};

enum { N_FORMS = sizeof forms / sizeof *forms, N_OPTIONS = sizeof options / sizeof *options };

void th_command_line_usage(void) {
  char left[48];
  for (size_t i = 0; i < N_FORMS; i++) printf("theta %-22s %s\n", forms[i].shape, forms[i].brief);
  fputs("options:\n", stdout);
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const OptionRow *o = &options[i];
    if (!o->brief) continue;
    snprintf(left, sizeof left, "%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("  %-26s %s\n", left, o->brief);
  }
  fputs("Options stand before FILE, or anywhere beside lesson, demo, check, report,\n"
        "help; what follows FILE or CODE is the script's own. -- ends the options.\n",
        stdout);
}

bool th_command_line_form(size_t i, ThCommandLineRow *out) {
  if (i >= N_FORMS) return false;
  *out = (ThCommandLineRow){forms[i].shape, NULL, forms[i].brief};
  return true;
}

bool th_command_line_option(size_t i, ThCommandLineRow *out) {
  if (i >= N_OPTIONS) return false;
  *out = (ThCommandLineRow){options[i].name, options[i].value, options[i].brief};
  return true;
}

/* --- Complaints */

void th_command_line_complain(const char *what, const char *which) {
  fprintf(stderr, "theta: %s%s%s%s\n", what, which ? " `" : "", which ? which : "", which ? "`" : "");
}

static bool fail_usage(const char *what, const char *which) {
  th_command_line_complain(what, which);
  fputs("`theta --help` lists forms and options\n", stderr);
  return false;
}

/* An option that begins with what was typed, else the nearest. */
static bool fail_unknown(const char *word) {
  size_t length = strcspn(word, "=");
  char typed[64];
  snprintf(typed, sizeof typed, "%.*s", (int)(length < 63 ? length : 63), word);
  ThNearest nearest = th_nearest_begin(typed);
  for (size_t i = 0; i < N_OPTIONS; i++) th_nearest_offer(&nearest, options[i].name, options[i].name);
  for (size_t i = N_OPTIONS; !nearest.best && length > 2 && i-- > 0;)
    if (strncmp(options[i].name, typed, length) == 0) nearest.best = options[i].name;
  if (!nearest.best) return fail_usage("there is no option", typed);
  th_command_line_complain("there is no option", typed);
  fprintf(stderr, "did you mean `%s`?\n", nearest.best);
  return false;
}

const char *th_command_line_nearest_form(const char *word) {
  ThNearest nearest = th_nearest_begin(word);
  for (size_t i = 0; i < N_FORMS; i++)
    if (forms[i].word) th_nearest_offer(&nearest, forms[i].word, forms[i].word);
  return nearest.best;
}

/* --- Reading */

static bool keep_value(ThCommandLine *c, const OptionRow *option, const char *value) {
  if (option->offset != FIELD(code)) {
    *(const char **)(void *)((char *)c + option->offset) = value;
    return true;
  }
  if (c->n_code == TH_MAX_CODE) return fail_usage("too many pieces of code behind -e", NULL);
  c->code[c->n_code++] = value;
  return true;
}

static const OptionRow *find_option(const char *word, size_t length) {
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (strlen(options[i].name) == length && memcmp(options[i].name, word, length) == 0) return &options[i];
  return NULL;
}

/* `--flag`, `--name VALUE` or `--name=VALUE`; `used` gets a bit for the option and *taken the number of words. */
static bool take_option(int n, char *const *words, ThCommandLine *c, unsigned *used, int *taken) {
  size_t length = strcspn(words[0], "=");
  const char *joined = words[0][length] ? words[0] + length + 1 : NULL;
  const OptionRow *option = find_option(words[0], length);
  *taken = 1;
  if (!option || (joined && words[0][1] != '-')) return fail_unknown(words[0]);
  *used |= 1u << (option - options);
  if (!option->value) {
    if (joined) return fail_usage("this option takes no value:", words[0]);
    return *(bool *)((char *)c + option->offset) = true;
  }
  if (joined) return keep_value(c, option, joined);
  if (n < 2) return fail_usage("a value must follow", words[0]);
  *taken = 2;
  return keep_value(c, option, words[1]);
}

static const FormRow *find_form(const char *word) {
  for (size_t i = 0; i < N_FORMS; i++)
    if (forms[i].word && strcmp(forms[i].word, word) == 0) return &forms[i];
  return NULL;
}

/* The form is told by -e, or by the first word that is no option. */
static void begin_form(ThCommandLine *c, const char *word, bool literal) {
  const FormRow *form = literal ? NULL : find_form(word);
  c->form = form ? form->form : TH_FORM_SCRIPT;
  if (!form) c->file = word;
}

/* The words that begin a form, as they are shown: "theta check". */
static void show_form(ThForm form, char *out, size_t size) {
  for (size_t i = 0; i < N_FORMS; i++)
    if (forms[i].form == form)
      snprintf(out, size, "theta%s%.*s", forms[i].shape[0] ? " " : "", (int)strcspn(forms[i].shape, " "),
               forms[i].shape);
}

static bool check_options(const ThCommandLine *c, unsigned used) {
  for (size_t i = 0; i < N_OPTIONS; i++) {
    ThForm only = options[i].form;
    if (!(used >> i & 1) || only == TH_FORM_PROMPT || only == c->form) continue;
    char form[32], what[64];
    show_form(c->form, form, sizeof form);
    snprintf(what, sizeof what, "`%s` does not take the option", form);
    return fail_usage(what, options[i].name);
  }
  return true;
}

bool th_command_line_parse(int n, char **words, ThCommandLine *c) {
  int kept = 0, taken;
  unsigned used = 0;
  bool literal = false; /* behind `--`, or behind the name of a script */
  *c = (ThCommandLine){.words = words};
  for (int i = 0; i < n; i += taken) {
    taken = 1;
    bool is_option = !literal && words[i][0] == '-' && words[i][1];
    if (is_option && strcmp(words[i], "--") == 0) literal = true;
    else if (is_option) {
      if (!take_option(n - i, words + i, c, &used, &taken)) return false;
      if (c->n_code > 0 && c->form == TH_FORM_PROMPT) c->form = TH_FORM_CODE;
    } else if (c->form != TH_FORM_PROMPT) {
      words[kept++] = words[i];
      literal = literal || c->form == TH_FORM_CODE;
    } else {
      begin_form(c, words[i], literal);
      literal = literal || c->form == TH_FORM_SCRIPT;
    }
  }
  c->n = kept;
  return check_options(c, used);
}
