# shellcheck shell=sh
# env.sh - what every test runner starts from; read with `.`
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets: top (the source folder), THETA (the program, absolute), scratch (an empty folder, removed at the
# end), and an environment in which nothing of the person's own is read: HOME is empty, no display.
# THETA_UNDER may name a program that theta runs under (valgrind).

set -u
top=$(cd "$(dirname "$0")/.." && pwd)
case ${THETA:=$top/theta} in
  /*) ;;
  *) THETA=$PWD/$THETA ;;
esac
[ -x "$THETA" ] || {
  echo "there is no $THETA; build it first" >&2
  exit 99
}

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
mkdir "$scratch/home"
HOME=$scratch/home
LC_ALL=C.UTF-8
export HOME LC_ALL
unset DISPLAY WAYLAND_DISPLAY XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME GNUTERM

if command -v timeout >/dev/null 2>&1; then limit='timeout 120'; else limit=; fi

# The program, without a terminal, and not for ever.
run_theta() {
  # shellcheck disable=SC2086
  $limit ${THETA_UNDER-} "$THETA" "$@" </dev/null
}
