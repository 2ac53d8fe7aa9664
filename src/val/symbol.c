/* symbol.c - names, interned */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open-addressed table from canonical spelling to symbol. Symbols are never removed: their number is
 * bounded by the text that was typed. */
#include "val/symbol.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

struct ThSymbols {
  size_t count, capacity; /* capacity is a power of two, at most half full */
  ThSymbol **slots;
  ThSymbol **by_index;
  size_t index_capacity;
  bool provisional;
};

static const struct {
  const char *name, *letter;
} greek[] = {
    {"alpha", "α"},   {"beta", "β"},   {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"}, {"zeta", "ζ"},
    {"eta", "η"},     {"theta", "θ"},  {"iota", "ι"},  {"kappa", "κ"}, {"lambda", "λ"},  {"mu", "μ"},
    {"nu", "ν"},      {"xi", "ξ"},     {"pi", "π"},    {"rho", "ρ"},   {"sigma", "σ"},   {"tau", "τ"},
    {"upsilon", "υ"}, {"phi", "φ"},    {"chi", "χ"},   {"psi", "ψ"},   {"omega", "ω"},   {"Delta", "Δ"},
    {"Theta", "Θ"},   {"Lambda", "Λ"}, {"Sigma", "Σ"}, {"Phi", "Φ"},   {"Psi", "Ψ"},     {"Omega", "Ω"},
};

const char *th_greek_letter(const char *name, size_t length) {
  for (size_t i = 0; i < sizeof greek / sizeof *greek; i++)
    if (strlen(greek[i].name) == length && memcmp(greek[i].name, name, length) == 0) return greek[i].letter;
  return NULL;
}

static bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_subscript_letter(uint32_t c) {
  return (c >= 0x2090 && c <= 0x209C) || (c >= 0x1D62 && c <= 0x1D6A) || c == 0x2C7C;
}

static void append_variant(uint32_t c, ThText *out) {
  int digit = th_utf8_subscript(c);
  if (digit >= 0) th_text_char(out, (char)('0' + digit));
  else th_text_code_point(out, c == 0xB5 ? 0x3BC : c == 0x3F5 ? 0x3B5 : c == 0x3D5 ? 0x3C6 : c);
}

/* The length of a Greek name at the start, or 0. */
static size_t greek_prefix(const char *name, size_t length, const char **letter) {
  size_t run = 0, size;
  while (run < length && is_ascii_letter(name[run])) run++;
  if (run == 0 || !(*letter = th_greek_letter(name, run))) return 0;
  if (run == length || name[run] == '_' || (name[run] >= '0' && name[run] <= '9')) return run;
  uint32_t next = th_utf8_decode(name + run, length - run, &size);
  return th_utf8_subscript(next) >= 0 || is_subscript_letter(next) ? run : 0;
}

static bool is_ascii(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] >= 0x80) return false;
  return true;
}

/* The rest of canonical naming, for text in normal form. */
static void append_canonical(const char *name, size_t length, ThText *out) {
  const char *letter;
  size_t i = greek_prefix(name, length, &letter), size;
  if (i > 0) th_text_add(out, letter);
  for (; i < length; i += size) append_variant(th_utf8_decode(name + i, length - i, &size), out);
}

void th_canonical_name(const char *spelling, size_t length, ThText *out) {
  if (is_ascii(spelling, length)) {
    append_canonical(spelling, length, out);
    return;
  }
  ThText normal;
  th_text_init(&normal, out->heap);
  th_utf8_normalize(spelling, length, &normal);
  append_canonical(th_text_string(&normal), normal.length, out);
  if (normal.failed) out->failed = true;
  th_text_clear(&normal);
}

static uint32_t hash_text(const char *text, size_t length) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
  return hash;
}

ThSymbols *th_symbols_new(ThContext *cx) {
  ThSymbols *symbols = th_alloc(cx, sizeof *symbols);
  if (symbols) *symbols = (ThSymbols){0};
  return symbols;
}

static void free_symbol(ThContext *cx, ThSymbol *symbol) {
  if (symbol->spelling) th_free(cx, (void *)(uintptr_t)symbol->spelling, strlen(symbol->spelling) + 1);
  if (symbol->name) th_free(cx, (void *)(uintptr_t)symbol->name, strlen(symbol->name) + 1);
  th_free(cx, symbol, sizeof *symbol);
}

void th_symbols_free(ThContext *cx, ThSymbols *symbols) {
  if (!symbols) return;
  for (size_t i = 0; i < symbols->count; i++) free_symbol(cx, symbols->by_index[i]);
  th_free(cx, symbols->slots, symbols->capacity * sizeof *symbols->slots);
  th_free(cx, symbols->by_index, symbols->index_capacity * sizeof *symbols->by_index);
  th_free(cx, symbols, sizeof *symbols);
}

/* The slot that holds the name, or the empty one where it would go. */
static ThSymbol **find_slot(ThSymbol **slots, size_t capacity, const char *name, size_t length,
                            uint32_t hash) {
  size_t i = hash & (capacity - 1);
  while (slots[i]) {
    if (slots[i]->hash == hash && strlen(slots[i]->name) == length &&
        memcmp(slots[i]->name, name, length) == 0)
      break;
    i = (i + 1) & (capacity - 1);
  }
  return &slots[i];
}

static bool grow(ThContext *cx, ThSymbols *symbols) {
  if (symbols->capacity && symbols->count * 2 < symbols->capacity) return true;
  size_t capacity = symbols->capacity ? symbols->capacity * 2 : 1024;
  ThSymbol **by_index = th_resize(cx, symbols->by_index, symbols->index_capacity * sizeof *by_index,
                                  capacity / 2 * sizeof *by_index);
  if (!by_index) return false;
  symbols->by_index = by_index;
  symbols->index_capacity = capacity / 2;
  ThSymbol **slots = th_alloc_array(cx, capacity, sizeof *slots);
  if (!slots) return false;
  memset(slots, 0, capacity * sizeof *slots);
  for (size_t i = 0; i < symbols->count; i++) {
    ThSymbol *symbol = symbols->by_index[i];
    *find_slot(slots, capacity, symbol->name, strlen(symbol->name), symbol->hash) = symbol;
  }
  th_free(cx, symbols->slots, symbols->capacity * sizeof *slots);
  symbols->slots = slots;
  symbols->capacity = capacity;
  return true;
}

static ThSymbol *new_symbol(ThContext *cx, const char *spelling, size_t length, const ThText *name,
                            uint32_t hash) {
  ThSymbol *symbol = th_alloc(cx, sizeof *symbol);
  if (!symbol) return NULL;
  *symbol = (ThSymbol){.hash = hash, .index = (uint32_t)cx->symbols->count};
  symbol->spelling = th_copy_text(cx, spelling, length);
  symbol->name = symbol->spelling ? th_copy_text(cx, th_text_string(name), name->length) : NULL;
  symbol->provisional = cx->symbols->provisional;
  if (symbol->name) return symbol;
  free_symbol(cx, symbol);
  return NULL;
}

/* The person's first spelling of a name that the program brought along. */
static ThSymbol *respell(ThContext *cx, ThSymbol *symbol, const char *spelling, size_t length) {
  char *copy = th_copy_text(cx, spelling, length);
  if (!copy) return NULL;
  th_free(cx, (void *)(uintptr_t)symbol->spelling, strlen(symbol->spelling) + 1);
  symbol->spelling = copy;
  symbol->provisional = false;
  return symbol;
}

void th_symbols_provisional(ThContext *cx, bool provisional) { cx->symbols->provisional = provisional; }

static ThSymbol *intern(ThContext *cx, const char *spelling, size_t length, const ThText *name) {
  ThSymbols *symbols = cx->symbols;
  uint32_t hash = hash_text(th_text_string(name), name->length);
  if (!grow(cx, symbols)) return NULL;
  ThSymbol **slot = find_slot(symbols->slots, symbols->capacity, th_text_string(name), name->length, hash);
  if (*slot)
    return (*slot)->provisional && !symbols->provisional ? respell(cx, *slot, spelling, length) : *slot;
  ThSymbol *symbol = new_symbol(cx, spelling, length, name, hash);
  if (!symbol) return NULL;
  *slot = symbol;
  symbols->by_index[symbols->count++] = symbol;
  return symbol;
}

ThSymbol *th_symbol(ThContext *cx, const char *spelling, size_t length) {
  ThText name;
  th_text_init(&name, &cx->heap);
  th_canonical_name(spelling, length, &name);
  ThSymbol *symbol = th_text_ok(&name, cx) ? intern(cx, spelling, length, &name) : NULL;
  th_text_clear(&name);
  return symbol;
}

ThSymbol *th_symbol_of(ThContext *cx, const char *spelling) {
  return th_symbol(cx, spelling, strlen(spelling));
}

ThSymbol *th_symbol_find(ThContext *cx, const char *spelling, size_t length) {
  if (!cx->symbols->capacity) return NULL;
  ThHeap own = {0}; /* looking up must not fail because the session has used up its memory */
  ThText name;
  th_text_init(&name, &own);
  th_canonical_name(spelling, length, &name);
  ThSymbol *symbol = NULL;
  if (!name.failed)
    symbol = *find_slot(cx->symbols->slots, cx->symbols->capacity, th_text_string(&name), name.length,
                        hash_text(th_text_string(&name), name.length));
  th_text_clear(&name);
  return symbol;
}

size_t th_symbol_count(ThContext *cx) { return cx->symbols->count; }

ThSymbol *th_symbol_at(ThContext *cx, size_t index) { return cx->symbols->by_index[index]; }

/* Optimal string alignment (Damerau 1964) on bytes of at most 32-byte names; longer ones are far apart. */
size_t th_name_distance(const char *a, const char *b) {
  enum { MOST = 32 };
  size_t n = strlen(a), m = strlen(b);
  size_t rows[3][MOST + 1];
  if (n > MOST || m > MOST) return MOST;
  size_t *before = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= m; j++) last[j] = j;
  for (size_t i = 1; i <= n; i++) {
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
      if (last[j] + 1 < best) best = last[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      row[j] = best;
    }
    size_t *oldest = before;
    before = last, last = row, row = oldest;
  }
  return last[m];
}

ThNearest th_nearest_begin(const char *name) { return (ThNearest){.name = name, .distance = 3}; }

void th_nearest_offer(ThNearest *nearest, const char *candidate, const char *shown) {
  size_t distance = strcasecmp(candidate, nearest->name) == 0 ? 0
                                                              : th_name_distance(candidate, nearest->name);
  if (distance >= nearest->distance || distance >= strlen(nearest->name)) return;
  nearest->distance = distance;
  nearest->best = shown;
}

bool th_nearest_hint(const ThNearest *nearest, ThContext *cx) {
  if (nearest->best) th_hint(cx, "did you mean `%s`?", nearest->best);
  return nearest->best != NULL;
}
