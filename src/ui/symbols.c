/* symbols.c - characters by name: what \name<Tab> types */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names are those of LaTeX and Julia. */
#include "ui/symbols.h"

#include <string.h>

/* clang-format off */
static const ThCharacter characters[] = {
    {"alpha", "α"}, {"beta", "β"}, {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"}, {"zeta", "ζ"},
    {"eta", "η"}, {"theta", "θ"}, {"iota", "ι"}, {"kappa", "κ"}, {"lambda", "λ"}, {"mu", "μ"}, {"nu", "ν"},
    {"xi", "ξ"}, {"omicron", "ο"}, {"pi", "π"}, {"rho", "ρ"}, {"sigma", "σ"}, {"tau", "τ"}, {"upsilon", "υ"},
    {"phi", "φ"}, {"chi", "χ"}, {"psi", "ψ"}, {"omega", "ω"}, {"Gamma", "Γ"}, {"Delta", "Δ"}, {"Theta", "Θ"},
    {"Lambda", "Λ"}, {"Xi", "Ξ"}, {"Pi", "Π"}, {"Sigma", "Σ"}, {"Upsilon", "Υ"}, {"Phi", "Φ"}, {"Psi", "Ψ"},
    {"Omega", "Ω"}, {"sqrt", "√"}, {"inf", "∞"}, {"infty", "∞"}, {"le", "≤"}, {"leq", "≤"}, {"ge", "≥"},
    {"geq", "≥"}, {"ne", "≠"}, {"neq", "≠"}, {"in", "∈"}, {"cdot", "⋅"}, {"cap", "∩"}, {"cup", "∪"},
    {"neg", "¬"}, {"bbP", "ℙ"}, {"bbE", "𝔼"}, {"bbR", "ℝ"}, {"bbN", "ℕ"}, {"bbZ", "ℤ"}, {"bbQ", "ℚ"},
    {"bbC", "ℂ"}, {"ell", "ℓ"}, {"hbar", "ħ"}, {"nabla", "∇"}, {"partial", "∂"}, {"times", "×"},
    {"div", "÷"}, {"pm", "±"}, {"mp", "∓"}, {"approx", "≈"}, {"sim", "∼"}, {"simeq", "≃"}, {"equiv", "≡"},
    {"propto", "∝"}, {"ll", "≪"}, {"gg", "≫"}, {"to", "→"}, {"rightarrow", "→"}, {"leftarrow", "←"},
    {"mapsto", "↦"}, {"Rightarrow", "⇒"}, {"sum", "∑"}, {"prod", "∏"}, {"int", "∫"}, {"forall", "∀"},
    {"exists", "∃"}, {"notin", "∉"}, {"subset", "⊂"}, {"emptyset", "∅"}, {"wedge", "∧"}, {"vee", "∨"},
    {"oplus", "⊕"}, {"otimes", "⊗"}, {"circ", "∘"}, {"bullet", "•"}, {"star", "⋆"}, {"dagger", "†"},
    {"degree", "°"}, {"perp", "⊥"}, {"parallel", "∥"}, {"langle", "⟨"}, {"rangle", "⟩"}, {"ldots", "…"},
    {"prime", "′"}, {"checkmark", "✓"}, {"varepsilon", "ε"}, {"varphi", "φ"}, {"vartheta", "ϑ"},
    {"hat", "\u0302"}, {"bar", "\u0304"}, {"tilde", "\u0303"}, {"dot", "\u0307"}, {"ddot", "\u0308"},
    {"vec", "\u20d7"}, {"check", "\u030c"}, {"acute", "\u0301"}, {"grave", "\u0300"}, {"_0", "₀"},
    {"_1", "₁"}, {"_2", "₂"}, {"_3", "₃"}, {"_4", "₄"}, {"_5", "₅"}, {"_6", "₆"}, {"_7", "₇"}, {"_8", "₈"},
    {"_9", "₉"}, {"_a", "ₐ"}, {"_e", "ₑ"}, {"_h", "ₕ"}, {"_i", "ᵢ"}, {"_j", "ⱼ"}, {"_k", "ₖ"}, {"_l", "ₗ"},
    {"_m", "ₘ"}, {"_n", "ₙ"}, {"_o", "ₒ"}, {"_p", "ₚ"}, {"_r", "ᵣ"}, {"_s", "ₛ"}, {"_t", "ₜ"}, {"_u", "ᵤ"},
    {"_v", "ᵥ"}, {"_x", "ₓ"}, {"^0", "⁰"}, {"^1", "¹"}, {"^2", "²"}, {"^3", "³"}, {"^4", "⁴"}, {"^5", "⁵"},
    {"^6", "⁶"}, {"^7", "⁷"}, {"^8", "⁸"}, {"^9", "⁹"}, {"^-", "⁻"}, {"^-1", "⁻¹"}, {"^T", "ᵀ"}, {"^n", "ⁿ"},
};
/* clang-format on */

enum { N_CHARACTERS = sizeof characters / sizeof *characters };

const ThCharacter *th_character_at(size_t i) { return i < N_CHARACTERS ? &characters[i] : NULL; }

const char *th_character_find(const char *name, size_t length) {
  for (size_t i = 0; i < N_CHARACTERS; i++)
    if (strlen(characters[i].name) == length && memcmp(characters[i].name, name, length) == 0)
      return characters[i].text;
  return NULL;
}

const char *th_character_name(const char *text) {
  for (size_t i = 0; i < N_CHARACTERS; i++)
    if (strcmp(characters[i].text, text) == 0) return characters[i].name;
  return NULL;
}
