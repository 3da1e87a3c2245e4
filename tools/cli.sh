#!/bin/sh
# Finds the command-line tool that tests, demo and documentation run on, and prints it.
#
#   tools/cli.sh           the absolute path of Terraform or OpenTofu
#   tools/cli.sh -host     the registry host that this tool takes for `source = "cloudsnap/cloudsnap"`
#   tools/cli.sh -hosts    the registry hosts of both tools, one a line
#   tools/cli.sh -env      the environment of the tests, as lines to eval
#   tools/cli.sh -tofu     the absolute path of OpenTofu as pinned in tools/opentofu/go.mod, whatever is on PATH
#
# Looked for in this order: $TF_ACC_TERRAFORM_PATH, terraform on PATH, tofu on PATH, OpenTofu built from its Go module into
# bin/tofu. Only paths and lines to eval go to stdout; what it does goes to stderr.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

# A user's own settings (mirrors, overrides, a variable that names a missing file) must not decide how the tests run.
TF_CLI_CONFIG_FILE=/dev/null
CHECKPOINT_DISABLE=1
export TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE

say() { printf '%s\n' "tools/cli.sh: $*" >&2; }

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)" "$(basename -- "$1")" ;;
	esac
}

works() { [ -x "$1" ] && "$1" version >/dev/null 2>&1; }

# The module is the pin: a build that is not older than it is up to date.
build_tofu() {
	bin=$root/bin/tofu
	if [ -x "$bin" ] && [ -n "$(find "$bin" -newer "$root/tools/opentofu/go.mod")" ]; then
		printf '%s\n' "$bin"
		return
	fi
	version=$(sed -n 's|.*github.com/opentofu/opentofu \(v[^ ]*\).*|\1|p' "$root/tools/opentofu/go.mod")
	say "building OpenTofu $version from its Go module into bin/tofu; the first time this takes some minutes"
	mkdir -p "$root/bin"
	(cd "$root/tools/opentofu" && go build -mod=readonly -o "$bin.$$" github.com/opentofu/opentofu/cmd/tofu) >&2 || {
		rm -f "$bin.$$"
		say "the build failed; install Terraform or OpenTofu, or name one in TF_ACC_TERRAFORM_PATH"
		return 1
	}
	mv -f "$bin.$$" "$bin"
	printf '%s\n' "$bin"
}

find_cli() {
	if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
		path=$(absolute "$TF_ACC_TERRAFORM_PATH")
		works "$path" || {
			say "TF_ACC_TERRAFORM_PATH names $path, which does not run"
			return 1
		}
		printf '%s\n' "$path"
		return
	fi
	for name in terraform tofu; do
		path=$(command -v "$name" 2>/dev/null) || continue
		path=$(absolute "$path")
		if works "$path"; then
			printf '%s\n' "$path"
			return
		fi
		say "$path does not run, looking on"
	done
	build_tofu
}

# Terraform and OpenTofu put different hosts before a source address without one.
terraform_host=registry.terraform.io
tofu_host=registry.opentofu.org
host_of() {
	case $("$1" version 2>/dev/null | head -n 1) in
	OpenTofu*) echo "$tofu_host" ;;
	*) echo "$terraform_host" ;;
	esac
}

quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

case ${1:-} in
'')
	find_cli
	;;
-tofu)
	build_tofu
	;;
-host)
	cli=$(find_cli)
	host_of "$cli"
	;;
-hosts)
	printf '%s\n' "$terraform_host" "$tofu_host"
	;;
-env)
	cli=$(find_cli)
	printf 'export TF_ACC_TERRAFORM_PATH=%s\n' "$(quoted "$cli")"
	printf 'export TF_ACC_PROVIDER_HOST=%s\n' "$(host_of "$cli")"
	printf 'export TF_CLI_CONFIG_FILE=/dev/null\n'
	printf 'export CHECKPOINT_DISABLE=1\n'
	;;
*)
	say "unknown argument $1"
	exit 2
	;;
esac
