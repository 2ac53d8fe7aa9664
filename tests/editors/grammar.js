// grammar.js - checks the files for VS Code: JSON that parses, expressions that compile, names that lead somewhere
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const fs = require('fs'), path = require('path'), folder = process.argv[2];
const read = name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const about = read('package.json'), grammar = read(about.contributes.grammars[0].path);
const language = read(about.contributes.languages[0].configuration);
let n = 0;
function walk(node) {
  for (const [key, value] of Object.entries(node)) {
    if (['match', 'begin', 'end'].includes(key)) n += !!new RegExp(value, 'u').source;
    else if (key === 'include' && value !== '$self' && !grammar.repository[value.slice(1)]) throw new Error('no ' + value);
    else if (typeof value === 'object') walk(value);
  }
}
walk(grammar);
Object.values(language.indentationRules).forEach(rule => new RegExp(rule, 'u'));
if (grammar.scopeName !== about.contributes.grammars[0].scopeName || n < 15) throw new Error('names differ');
// The words, on the sample: what is one and what is none.
const word = kind => new RegExp(grammar.repository.word.patterns.find(p => p.name === kind).match, 'u');
const hits = [['support.function.theta', 'mean(x)', true], ['support.function.theta', 'd.mean', false],
  ['support.function.theta', 'meaning', false], ['support.class.theta', 'Normal(0, 1)', true],
  ['keyword.control.theta', 'if x', true], ['keyword.control.theta', 'index', false]];
for (const [kind, text, yes] of hits) if (word(kind).test(text) !== yes) throw new Error(kind + ' on ' + text);
