#!/bin/sh
# Draws the pictures of terminals in internal/docs/pictures: records what a plan and an apply print, and renders the recording.
#
#   tools/pictures.sh          records and renders
#   tools/pictures.sh -check   renders only; fails where a picture is not what would be rendered
#
# The renderer is charmbracelet/freeze, as pinned in tools/pictures/go.mod. The tests hold the rest: TestTFPicture_isWhatARunPrints
# compares the recording with a run, TestPictures_showTheRecording the picture with the recording.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-pictures.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "${1:-}" != -check ]; then
	eval "$(tools/cli.sh -env)"
	go test -count=1 -run TestTFPicture ./internal/acctest -update-picture
fi
for recording in internal/docs/pictures/*.ansi; do
	name=$(basename "$recording" .ansi)
	# A font that is embedded would make the picture fifty times larger.
	go tool -modfile=tools/pictures/go.mod freeze "$recording" --language ansi --output "$work/$name.svg" \
		--padding 20 --border.radius 8 --font.size 14 --line-height 1.2 \
		--font.family 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace' >/dev/null
	picture=internal/docs/pictures/$name.svg
	if [ "${1:-}" = -check ]; then
		cmp -s "$work/$name.svg" "$picture" || {
			echo "tools/pictures.sh: $picture is out of date; run make pictures and commit" >&2
			exit 1
		}
	else
		cp "$work/$name.svg" "$picture"
	fi
done
