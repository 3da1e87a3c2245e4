#!/bin/sh
# Searches for inputs that break a fuzz target: each target of the module for a time, one after the other.
#
#   tools/fuzz.sh TIME     a duration of go test -fuzztime, such as 30s
#
# The input that breaks a target is in testdata/fuzz of its package. Commit it with the fix: it runs with every test.
#
# `go test -fuzz` takes one target at a time and links the package's tests for each. Here, all targets of a package have one
# binary.
set -eu

cd "$(dirname -- "$0")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

module=$(go list -m)
cache=$(go env GOCACHE)/fuzz
for package in $(grep -rl --include='*_test.go' '^func Fuzz' internal | sed 's|/[^/]*$||' | sort -u); do
	go test -vet off -c -fuzz . -o "$work/fuzz.test" "./$package"
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$package"/*_test.go); do
		echo "fuzz $package $target"
		(cd "$package" && "$work/fuzz.test" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "$1" \
			-test.fuzzcachedir "$cache/$module/$package" -test.timeout 30m)
	done
done
