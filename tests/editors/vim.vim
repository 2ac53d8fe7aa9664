" vim.vim - writes to the file `found` which kind the names of the syntax give each place of expect.txt
" SPDX-License-Identifier: GPL-3.0-or-later
" $MODES is the folder of the mode, $EXPECT the list.
set nocompatible encoding=utf-8 nomodeline
let &runtimepath = $MODES . ',' . $VIMRUNTIME
filetype plugin indent on
syntax on
edit sample.theta
let found = ['filetype ' . &filetype . ' indent ' . &indentexpr]
for entry in readfile($EXPECT)
  let [row, text] = split(entry)[0:1]
  if row ==# '#'
    continue
  endif
  let column = stridx(getline(row), text) + 1
  let group = synIDattr(synID(row, column, 1), 'name')
  let kind = {'Field': 'plain', '': 'plain', 'Defined': 'definition'}
  let name = substitute(group, '^theta', '', '')
  call add(found, row . ' ' . text . ' ' . get(kind, name, tolower(name)))
endfor
" What is indented by brackets stays as it is.
let before = getline(1, '$')
silent normal! gg=G
call add(found, 'indented ' . (getline(1, '$') ==# before ? 'alike' : join(getline(1, '$'), "\n")))
call writefile(found, 'found')
qall!
