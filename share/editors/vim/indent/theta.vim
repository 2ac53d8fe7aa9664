" theta.vim - indentation of Theta: by open brackets
" SPDX-License-Identifier: GPL-3.0-or-later
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=ThetaIndent() indentkeys=0{,0},0),0],!^F,o,O autoindent
let b:undo_indent = 'setlocal indentexpr< indentkeys< autoindent<'

if exists('*ThetaIndent')
  finish
endif

" How many brackets the line leaves open, what it closes at its beginning aside; strings and comments do not count.
function! s:Opened(line) abort
  let text = substitute(a:line, '"\%(\\.\|[^"\\]\)*"', '', 'g')
  let text = substitute(text, '#.*', '', '')
  let text = substitute(text, '^\s*[])}]\+', '', '')
  return len(substitute(text, '[^[({]', '', 'g')) - len(substitute(text, '[^])}]', '', 'g'))
endfunction

function! ThetaIndent() abort
  let before = prevnonblank(v:lnum - 1)
  if before == 0
    return 0
  endif
  let opened = s:Opened(getline(before))
  let indent = indent(before) + (opened > 0 ? shiftwidth() : opened < 0 ? -shiftwidth() : 0)
  if getline(v:lnum) =~# '^\s*[])}]'
    let indent -= shiftwidth()
  endif
  return indent < 0 ? 0 : indent
endfunction
