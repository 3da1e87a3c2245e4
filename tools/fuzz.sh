#!/bin/sh
# Searches for inputs that break a fuzz target: each target of the module for a time, one after the other.
#
#   tools/fuzz.sh TIME     a duration of go test -fuzztime, such as 30s
#
# The input that breaks a target is in testdata/fuzz of its package. Commit it with the fix: it runs with every test.
set -eu

cd "$(dirname -- "$0")/.."
grep -rn --include='*_test.go' '^func Fuzz' internal | sed -n 's/^\(.*\)\/[^/]*:[0-9]*:func \(Fuzz[A-Za-z0-9_]*\)(.*/\1 \2/p' |
	while read -r package target; do
		echo "fuzz $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -timeout 30m "./$package"
	done
