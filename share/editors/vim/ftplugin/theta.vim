" theta.vim - editing Theta
" SPDX-License-Identifier: GPL-3.0-or-later
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:#
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal formatoptions-=t formatoptions+=croql
setlocal makeprg=theta\ % errorformat=%f:%l:%c:\ %m
" K shows the help on the word under the cursor.
setlocal keywordprg=theta\ help

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< formatoptions< makeprg< errorformat< keywordprg<'
