;;; theta-mode.el --- Editing and running Theta  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: GPL-3.0-or-later
;; Version: 0.1
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages, statistics

;;; Commentary:

;; A mode for files of Theta: highlighting, indentation by open brackets, comments, and a Theta that runs beside.
;; C-c C-z opens it, C-c C-r sends the region, C-c C-l the line, C-c C-b the buffer, C-c C-h shows help on a name.

;;; Code:

(require 'comint)

(defgroup theta nil
  "Editing and running Theta."
  :group 'languages)

(defcustom theta-program "theta"
  "The program that runs as the inferior Theta."
  :type 'string)

(defcustom theta-indent-offset 2
  "How far the inside of a bracket is indented."
  :type 'integer
  :safe #'integerp)

;; Word lists, from the program itself.
;; begin words (written by tools/list-words)
(defconst theta-keywords
  '("and" "break" "continue" "else" "for" "if" "in" "not" "or" "return" "then" "while" "with")
  "The keywords of Theta.")
(defconst theta-families
  '("Bernoulli" "Beta" "BetaBinomial" "Binomial" "Categorical" "Cauchy" "Censored" "Chi2" "Dirichlet" "Discrete"
    "DiscreteUniform" "Empirical" "Exponential" "FDist" "Gamma" "Geometric" "Gumbel" "HalfCauchy" "HalfNormal"
    "HalfStudentT" "Hypergeometric" "InvGamma" "KDE" "LKJ" "Laplace" "Levy" "LogNormal" "LogUniform" "Logistic" "Maxwell"
    "Mixture" "Multinomial" "MvNormal" "NegBinomial" "Normal" "Pareto" "Point" "Poisson" "Rayleigh" "SkewNormal" "StudentT"
    "Triangular" "Truncated" "Uniform" "Voigt" "VonMises" "Weibull" "Wishart" "Zipf")
  "The families of Theta.")
(defconst theta-functions
  '("Corr" "Cov" "E" "P" "Sd" "Var" "abs" "acos" "acosh" "all" "animate" "any" "arg" "argmax" "argmin" "asin" "asinh" "assert" "atan" "atan2"
    "atanh" "bars" "bayes" "bayes_factor" "bessel_i" "bessel_j" "bessel_k" "bessel_y" "beta" "cbrt" "ccdf" "cdf" "ceil" "cf" "chain"
    "cholesky" "choose" "clip" "clock" "col" "cols" "columns" "compare" "complex" "concat" "conj" "contains" "contour" "conv2d"
    "convolve" "corner" "corr" "corr_matrix" "cos" "cosh" "count" "cov" "cross" "cross_entropy" "cross_entropy_loss" "cummax"
    "cumprod" "cumsum" "cumulant" "dataset" "datasets" "dense" "density" "derivative" "det" "diag" "diff" "digamma" "digits" "dist"
    "drop_missing" "eig" "ends_with" "entropy" "erf" "erfc" "erfcinv" "erfcx" "erfinv" "error" "errorbars" "exp" "explain" "expm1"
    "eye" "factorial" "fft" "fields" "fill" "fill_between" "fisher" "floor" "format" "from_cf" "gamma" "gamma_p" "gamma_q" "gelu"
    "glm" "grad" "group_by" "head" "heatmap" "help" "hessian" "hist" "histogram" "how" "hypot" "ifft" "im" "import" "init" "integrate"
    "interp" "interval" "inv" "is_finite" "is_nan" "jacobian" "join" "joint" "jvp" "kl" "kron" "kurtosis" "lbeta" "lchoose" "length"
    "lfactorial" "lgamma" "linreg" "linspace" "list" "lm" "log" "log10" "log1mexp" "log1p" "log2" "log_sigmoid" "log_softmax"
    "logccdf" "logcdf" "logdet" "logit" "logp" "logpdf" "logspace" "logsumexp" "loss_of" "lower" "map" "max" "mean" "median" "merge"
    "mgf" "min" "minimize" "mle" "mlp" "mode" "moment" "mse_loss" "ncol" "near" "norm" "normalize" "nrow" "ode" "one_hot" "ones" "oracle"
    "outer" "panels" "pdf" "pinv" "plot" "posterior" "ppc" "predict" "print" "prod" "profile" "push" "qr" "quantile" "quiver" "rank"
    "ranks" "re" "read_csv" "record" "relu" "remove" "rename" "repeat" "replace" "reset" "reshape" "residual_plot" "reverse" "roll"
    "root" "rosetta" "round" "rows" "sample" "sample_rows" "save" "scatter" "score" "sd" "sde" "seed" "select" "shape" "sigmoid" "sign"
    "silu" "simulate" "sin" "sinc" "sinh" "skewness" "softmax" "softplus" "sort" "sort_by" "sort_index" "split" "split_text" "sqrt"
    "stack" "starts_with" "study" "sum" "summary" "support" "surface" "svd" "table" "tail" "tan" "tanh" "to_array" "to_list"
    "to_number" "total_variation" "trace" "trace_plot" "trigamma" "trim" "typeof" "unique" "update" "upper" "var" "vjp"
    "wasserstein" "where" "write_csv" "xlogy" "zeros" "zeta")
  "The functions of Theta.")
;; end words

(defconst theta-constants '("true" "false" "none" "nan" "inf" "pi" "π" "∞")
  "Words that stand for values.")

(defconst theta-font-lock-keywords
  (let ((name "[[:alpha:]_][[:alnum:]_]*"))
    `((,(concat "^[ \t]*\\(model\\|data\\)[ \t]+\\(" name "\\)[ \t]*[({]")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(concat "\\(?:^\\|[{;]\\)[ \t]*\\(param\\)[ \t]+" name) 1 font-lock-keyword-face)
      ("\\(?:^\\|;\\)[ \t]*\\(claim\\)[ \t]" 1 font-lock-keyword-face)
      (,(concat "^[ \t]*\\(" name "\\)([^()]*)[ \t]*=[^=]") 1 font-lock-function-name-face)
      ;; A field is no built-in: d.mean.
      ("[])[:alnum:]_]\\(\\.[[:alpha:]_][[:alnum:]_]*\\)" 1 'default)
      (,(regexp-opt theta-keywords 'symbols) . font-lock-keyword-face)
      (,(regexp-opt theta-constants 'symbols) . font-lock-constant-face)
      (,(regexp-opt theta-families 'symbols) . font-lock-type-face)
      (,(regexp-opt theta-functions 'symbols) . font-lock-builtin-face)
      ("\\$[[:alpha:]_][[:alnum:]_]*" 0 font-lock-variable-name-face prepend)
      (":=\\|->\\||>\\|~" . font-lock-variable-name-face)))
  "What `font-lock-mode' highlights.")

(defvar theta-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?' "." table)
    (dolist (sign (string-to-list "+-*/^%@<>=~|$&."))
      (modify-syntax-entry sign "." table))
    table)
  "The syntax of Theta.")

(defun theta-indent-line ()
  "Indent the line by the brackets that are open before it."
  (interactive)
  (let ((from-end (- (point-max) (point))))
    (beginning-of-line)
    (let* ((state (syntax-ppss))
           (depth (car state)))
      (unless (nth 3 state)
        (skip-chars-forward " \t")
        (when (looking-at-p "[])}]")
          (setq depth (1- depth)))
        (indent-line-to (* theta-indent-offset (max depth 0)))))
    (when (> (- (point-max) from-end) (point))
      (goto-char (- (point-max) from-end)))))

;;; The inferior Theta

(define-derived-mode inferior-theta-mode comint-mode "Inferior Theta"
  "A running Theta."
  (setq-local comint-prompt-regexp "^\\(?:θ> \\|\\.\\. \\)+")
  (setq-local comint-prompt-read-only t)
  (setq-local comint-process-echoes t)
  (setq-local comment-start "# ")
  (set-syntax-table theta-mode-syntax-table))

(defun theta-process ()
  "The running Theta, which is started when there is none."
  (let ((buffer (get-buffer-create "*theta*")))
    (unless (comint-check-proc buffer)
      (with-environment-variables (("TERM" "dumb"))
        (make-comint-in-buffer "theta" buffer theta-program nil "--quiet"))
      (with-current-buffer buffer
        (inferior-theta-mode)))
    (get-buffer-process buffer)))

;;;###autoload
(defun theta-run ()
  "Show the running Theta, which is started when there is none."
  (interactive)
  (pop-to-buffer (process-buffer (theta-process))))

(defun theta-send-region (from to)
  "Send what lies between FROM and TO to the running Theta."
  (interactive "r")
  (let ((text (string-trim-right (buffer-substring-no-properties from to))))
    (comint-send-string (theta-process) (concat text "\n"))
    (display-buffer "*theta*")))

(defun theta-send-line ()
  "Send the line to the running Theta."
  (interactive)
  (theta-send-region (line-beginning-position) (line-end-position)))

(defun theta-send-buffer ()
  "Send the buffer to the running Theta."
  (interactive)
  (theta-send-region (point-min) (point-max)))

(defun theta-help (name)
  "Show the help on NAME."
  (interactive (list (read-string "Help on: " (thing-at-point 'symbol t))))
  (with-help-window "*theta help*"
    (with-current-buffer standard-output
      (call-process theta-program nil t nil "help" name))))

;;; The mode

(defvar theta-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-z") #'theta-run)
    (define-key map (kbd "C-c C-r") #'theta-send-region)
    (define-key map (kbd "C-c C-l") #'theta-send-line)
    (define-key map (kbd "C-c C-b") #'theta-send-buffer)
    (define-key map (kbd "C-c C-h") #'theta-help)
    map)
  "Keys of `theta-mode'.")

;;;###autoload
(define-derived-mode theta-mode prog-mode "Theta"
  "A mode for files of Theta."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-line-function #'theta-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "})]" electric-indent-chars))
  (setq-local font-lock-defaults '(theta-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.theta\\'" . theta-mode))

(provide 'theta-mode)
;;; theta-mode.el ends here
