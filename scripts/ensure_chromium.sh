#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs Debian's where that is possible.
# Without one the browser tests skip, and this says so loudly; with CI=true that is a failure.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -n "${CHROMIUM:-}" ] && [ -x "${CHROMIUM}" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; then
    command -v chromium >/dev/null 2>&1 && exit 0
  fi
fi
if [ "${CI:-}" = true ]; then
  echo "No Chromium, and none could be installed: with CI=true the browser tests may not be skipped." >&2
  exit 1
fi
cat >&2 <<'TXT'
************************************************************************
* NO CHROMIUM FOUND: THE BROWSER TESTS WILL BE SKIPPED.                *
* Install it (Debian: sudo apt-get install chromium) or set CHROMIUM=  *
* to its path, then run `make test` again.                             *
************************************************************************
TXT
