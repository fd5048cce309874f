#!/bin/sh
# Makes assets/fonts/*.ttf.zst: fetches the sources by npm and apt, checks that
# they are the ones used before, cuts them down and compresses them.
# Needs: npm, apt-get (Debian), python3 with venv, zstd. Takes about two minutes.
# usage: tools/fonts/build.sh [WORK_DIRECTORY]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
assets=$here/../../assets/fonts
work=${1:-$(mktemp -d)}
mkdir -p "$work/npm" "$work/archives" "$work/deb" "$work/out"

echo "fetching into $work" >&2
(cd "$work/npm" && npm install --no-audit --no-fund --silent --prefix . \
    @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3)
(cd "$work/archives" && apt-get download fonts-lxgw-wenkai fonts-dejavu-core unicode-data &&
    for archive in *.deb; do dpkg-deb -x "$archive" "$work/deb"; done)
(cd "$work" && sha256sum --check --quiet "$here/sources.sha256")

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet fonttools==4.68.0
"$work/python/bin/python" "$here/subset.py" "$work" "$work/deb/usr/share/unicode" "$work/out" >&2

for font in "$work"/out/*.ttf; do
    zstd --quiet --force --ultra -22 "$font" -o "$assets/$(basename "$font").zst"
done
ls -l "$assets" >&2
