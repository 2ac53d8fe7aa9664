" theta.vim - highlighting of Theta
" SPDX-License-Identifier: GPL-3.0-or-later
if exists('b:current_syntax')
  finish
endif

syn case match
syn sync minlines=200

" Word lists, from the program itself.
" begin words (written by tools/list-words)
syn keyword thetaKeyword and break continue else for if in not or return then while with
syn keyword thetaFamily Bernoulli Beta BetaBinomial Binomial Categorical Cauchy Censored Chi2 Dirichlet Discrete
syn keyword thetaFamily DiscreteUniform Empirical Exponential FDist Gamma Geometric Gumbel HalfCauchy HalfNormal
syn keyword thetaFamily HalfStudentT Hypergeometric InvGamma KDE LKJ Laplace Levy LogNormal LogUniform Logistic Maxwell
syn keyword thetaFamily Mixture Multinomial MvNormal NegBinomial Normal Pareto Point Poisson Rayleigh SkewNormal StudentT
syn keyword thetaFamily Triangular Truncated Uniform Voigt VonMises Weibull Wishart Zipf
syn keyword thetaFunction Corr Cov E P Sd Var abs acos acosh all animate any arg argmax argmin asin asinh assert atan atan2
syn keyword thetaFunction atanh bars bayes bayes_factor bessel_i bessel_j bessel_k bessel_y beta cbrt ccdf cdf ceil cf chain
syn keyword thetaFunction cholesky choose clip clock col cols columns compare complex concat conj contains contour conv2d
syn keyword thetaFunction convolve corner corr corr_matrix cos cosh count cov cross cross_entropy cross_entropy_loss cummax
syn keyword thetaFunction cumprod cumsum cumulant dataset datasets dense density derivative det diag diff digamma digits dist
syn keyword thetaFunction drop_missing eig ends_with entropy erf erfc erfcinv erfcx erfinv error errorbars exp explain expm1
syn keyword thetaFunction eye factorial fft fields fill fill_between fisher floor format from_cf gamma gamma_p gamma_q gelu
syn keyword thetaFunction glm grad group_by head heatmap help hessian hist histogram how hypot ifft im import init integrate
syn keyword thetaFunction interp interval inv is_finite is_nan jacobian join joint jvp kl kron kurtosis lbeta lchoose length
syn keyword thetaFunction lfactorial lgamma linreg linspace list lm log log10 log1mexp log1p log2 log_sigmoid log_softmax
syn keyword thetaFunction logccdf logcdf logdet logit logp logpdf logspace logsumexp loss_of lower map max mean median merge
syn keyword thetaFunction mgf min minimize mle mlp mode moment mse_loss ncol near norm normalize nrow ode one_hot ones oracle
syn keyword thetaFunction outer panels pdf pinv plot posterior ppc predict print prod profile push qr quantile quiver rank
syn keyword thetaFunction ranks re read_csv record relu remove rename repeat replace reset reshape residual_plot reverse roll
syn keyword thetaFunction root rosetta round rows sample sample_rows save scatter score sd sde seed select shape sigmoid sign
syn keyword thetaFunction silu simulate sin sinc sinh skewness softmax softplus sort sort_by sort_index split split_text sqrt
syn keyword thetaFunction stack starts_with study sum summary support surface svd table tail tan tanh to_array to_list
syn keyword thetaFunction to_number total_variation trace trace_plot trigamma trim typeof unique update upper var vjp
syn keyword thetaFunction wasserstein where write_csv xlogy zeros zeta
" end words
syn keyword thetaConstant true false none nan inf pi

" Words that are special only where they begin a declaration.
syn match thetaDeclaration /^\s*\zs\%(model\|data\)\ze\s\+\K\k*\s*[({]/ nextgroup=thetaDefined skipwhite
syn match thetaDeclaration /\%(^\|[{;]\)\s*\zsparam\ze\s\+\K/
syn match thetaDeclaration /\%(^\|[;]\)\s*\zsclaim\ze\s/
syn match thetaDefined /\K\k*/ contained
" A function that is defined: its name begins a line, `=` follows its bracket.
syn match thetaDefined /^\s*\zs\K\k*\ze([^()]*)\s*=[^=]/

" A field is no built-in: d.mean.
syn match thetaField /\%(\k\|[)\]]\)\@1<=\.\K\k*/
syn match thetaNumber /\%(\k\)\@1<!\%(\d[0-9_]*\%(\.\d[0-9_]*\)\?\|\.\d[0-9_]*\)\%([eE][-+]\?\d\+\)\?\%(i\k\@!\)\?/
syn match thetaOperator /:=\|->\||>\|\~\|[-+*\/^%]=\|[<>=!]=\|[-+*\/^%@\\<>]\|√\|[²³¹⁻ᵀ≤≥≠∈⋅]/
syn match thetaConstant /∞\|\<π\>/

syn region thetaString start=/"/ skip=/\\./ end=/"/ contains=thetaEscape,thetaInterpolated,thetaInterpolation
syn match thetaEscape /\\\%([nt"\\$]\|u{\x\+}\)/ contained
syn match thetaInterpolated /\$\K\k*/ contained
syn region thetaInterpolation matchgroup=thetaInterpolated start=/\$(/ end=/)/ contained contains=TOP
syn match thetaComment /#.*/ contains=thetaTodo,@Spell
syn keyword thetaTodo TODO FIXME XXX contained

hi def link thetaKeyword Keyword
hi def link thetaDeclaration Structure
hi def link thetaDefined Identifier
hi def link thetaFunction Function
hi def link thetaFamily Type
hi def link thetaConstant Constant
hi def link thetaNumber Number
hi def link thetaOperator Operator
hi def link thetaString String
hi def link thetaEscape SpecialChar
hi def link thetaInterpolated Special
hi def link thetaComment Comment
hi def link thetaTodo Todo

let b:current_syntax = 'theta'
