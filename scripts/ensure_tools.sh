#!/usr/bin/env bash
# Finds what some tests need beside Python, or installs Debian's where that is possible: a Chromium for the
# browser tests, LibreOffice Calc to open a workbook of the report.
# Without one its tests skip, and this says so loudly; with CI=true that is a failure.
set -u

have() { # have NAME...: one of the programs is on the PATH
  for name in "$@"; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

install() { # install PACKAGE [OPTION]: with apt, as root
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  echo "Installing $1 for the tests ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

missing() { # missing WHAT WHICH-TESTS HOW
  if [ "${CI:-}" = true ]; then
    echo "No $1, and none could be installed: with CI=true $2 may not be skipped." >&2
    exit 1
  fi
  cat >&2 <<TXT
************************************************************************
* NO ${1^^} FOUND: ${2^^} WILL BE SKIPPED.
* $3, then run \`make test\` again.
************************************************************************
TXT
}

{ [ -n "${CHROMIUM:-}" ] && [ -x "${CHROMIUM}" ]; } || have chromium chromium-browser google-chrome ||
  { install chromium && have chromium; } ||
  missing Chromium "the browser tests" "Install it (Debian: sudo apt-get install chromium) or set CHROMIUM= to its path"
have soffice libreoffice ||
  { install libreoffice-calc --no-install-recommends && have soffice libreoffice; } ||
  missing LibreOffice "the test that opens a workbook" "Install it (Debian: sudo apt-get install libreoffice-calc)"
