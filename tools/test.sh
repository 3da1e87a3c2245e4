#!/bin/sh
# Runs `go test` under gotestsum, then prints the number of tests per package and applies the rule for skipped tests.
#
#   tools/test.sh [flags of go test] packages...
#   tools/test.sh -report FILE [STATUS]   only the second half: the report on FILE (gotestsum --jsonfile, go test -json)
#
# CLOUDSNAP_NO_SKIP=1 makes a skipped test a failure, unless its reason matches CLOUDSNAP_SKIP_OK, an extended regular
# expression. The exit status is that of the tests; where these passed, it is 1 for a skip that is not allowed, and that of
# awk for a report that cannot be made.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

# report FILE STATUS prints the report, and returns STATUS unless that is 0 and a skip is not allowed.
report() {
	awk -v status="$2" '
	# The value of a string field of one event. A quote inside a value is escaped, so the name matches only as a name.
	function field(name) {
		if (!match($0, "\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
		return substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
	}
	# A JSON string as text on one line.
	function plain(s) {
		gsub(/\\\\/, "\001", s)
		gsub(/\\[nrt]/, " ", s)
		gsub(/\\u003c/, "<", s); gsub(/\\u003e/, ">", s); gsub(/\\u0026/, "\\&", s)
		gsub(/\\"/, "\"", s)
		gsub(/\001/, "\\", s)
		gsub(/ +/, " ", s); sub(/^ /, "", s); sub(/ $/, "", s)
		return s
	}
	function counts(tests, skips, failures) {
		return tests " tests" (skips ? ", " skips " skipped" : "") (failures ? ", " failures " failed" : "")
	}
	BEGIN {
		strict = ENVIRON["CLOUDSNAP_NO_SKIP"] != "" && ENVIRON["CLOUDSNAP_NO_SKIP"] != "0"
		allowed = ENVIRON["CLOUDSNAP_SKIP_OK"]
		"" ~ allowed # An expression that does not compile ends awk here, not at the first skip.
	}
	{ package = field("Package"); test = field("Test"); key = package " " test }
	/"Action":"output"/ && test != "" {
		text = plain(field("Output"))
		if (text != "" && text !~ /^(===|---) /) output[key] = output[key] (output[key] == "" ? "" : " ") text
	}
	/"Action":"run"/ { tests[package]++ }
	/"Action":"(pass|fail|skip)"/ && test == "" && (package in tests || /"Action":"fail"/) {
		order[++packages] = package
		verdict[package] = /"Action":"fail"/ ? "FAIL" : "ok"
	}
	/"Action":"fail"/ && test != "" { failed[package]++ }
	/"Action":"skip"/ && test != "" {
		skipped[package]++
		reason = output[key]
		if (strict && (allowed == "" || reason !~ allowed)) refused[++bad] = plain(key) ": " reason
	}
	/"Action":"(pass|fail|skip)"/ { delete output[key] }
	END {
		print "\n=== Packages"
		for (i = 1; i <= packages; i++) {
			p = order[i]
			printf "%-4s  %s: %s\n", verdict[p], p, counts(tests[p] + 0, skipped[p] + 0, failed[p] + 0)
			all_tests += tests[p]; all_skips += skipped[p]; all_failures += failed[p]
		}
		if (bad) print "\n=== Skipped, not allowed"
		for (i = 1; i <= bad; i++) print refused[i]
		if (bad && status == 0) status = 1
		printf "\nDONE %s in %d packages", counts(all_tests + 0, all_skips + 0, all_failures + 0), packages
		print (bad ? ", " bad " skips not allowed" : "") (status == 0 ? "" : ": FAILED")
		exit status
	}' "$1"
}

if [ "${1:-}" = -report ]; then
	report "$2" "${3:-0}"
	exit
fi

cd "$root"
work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The provider that the CLIs start, once for all packages.
CLOUDSNAP_TEST_PROVIDERS=$root/bin/test-providers
export CLOUDSNAP_TEST_PROVIDERS
mkdir -p "$CLOUDSNAP_TEST_PROVIDERS"
go build -o "$CLOUDSNAP_TEST_PROVIDERS/" ./internal/acctest/cmd/...

# Tests wait for CLIs and for timeouts, so more of them run at a time than there are cores. A flag of the caller comes later,
# and wins.
jobs=$(($(getconf _NPROCESSORS_ONLN) * 2))

status=0
go tool -modfile=tools/go.mod gotestsum --format-icons text --format-hide-empty-pkg \
	--jsonfile "$work/events" -- -p "$jobs" -parallel "$jobs" "$@" || status=$?
report "$work/events" "$status"
