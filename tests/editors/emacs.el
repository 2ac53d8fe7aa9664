;;; emacs.el --- writes to the file `found' which kind the faces give each place of expect.txt  -*- lexical-binding: t; -*-
;; SPDX-License-Identifier: GPL-3.0-or-later
;; $EXPECT is the list; theta-mode is loaded before this.

(defconst kinds
  '((font-lock-keyword-face . "keyword") (font-lock-type-face . "family") (font-lock-builtin-face . "function")
    (font-lock-string-face . "string") (font-lock-comment-face . "comment")
    (font-lock-comment-delimiter-face . "comment") (font-lock-function-name-face . "definition")
    (font-lock-constant-face . "constant") (font-lock-variable-name-face . "operator") (default . "plain")))

(defun kind-at (row text)
  "The kind of TEXT where it first stands in line ROW."
  (goto-char (point-min))
  (forward-line (1- row))
  (search-forward text (line-end-position))
  (let ((face (get-text-property (match-beginning 0) 'face)))
    (if face (or (alist-get (if (consp face) (car face) face) kinds) (format "%s" face)) "plain")))

(set-language-environment "UTF-8")
(let ((found '()) (rows (with-temp-buffer
                          (insert-file-contents (getenv "EXPECT"))
                          (split-string (buffer-string) "\n" t))))
  (find-file "sample.theta")
  (push (format "filetype %s indent %s" major-mode indent-line-function) found)
  (font-lock-ensure)
  (dolist (entry rows)
    (let ((part (split-string entry " ")))
      (unless (string= (car part) "#")
        (push (format "%s %s %s" (car part) (cadr part) (kind-at (string-to-number (car part)) (cadr part))) found))))
  (let ((before (buffer-string)))
    (indent-region (point-min) (point-max))
    (push (if (string= before (buffer-string)) "indented alike" (buffer-string)) found))
  (set-buffer-modified-p nil)
  (with-temp-file "found"
    (insert (mapconcat #'identity (nreverse found) "\n") "\n")))
