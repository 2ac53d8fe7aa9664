" theta.vim - Theta files
" SPDX-License-Identifier: GPL-3.0-or-later
autocmd BufNewFile,BufRead *.theta setfiletype theta
