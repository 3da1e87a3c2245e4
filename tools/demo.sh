#!/bin/sh
# Plays the story of examples/demo: a real Terraform or OpenTofu, the provider as built in bin/, and the sandbox in place of
# the clouds. No registry, no account, no network. `make demo` builds the provider and calls this.
#
# What the story claims is checked on the way, so that a broken demo fails.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cli=$("$root/tools/cli.sh")
name=$(case $(TF_CLI_CONFIG_FILE=/dev/null "$cli" version 2>/dev/null) in OpenTofu*) echo tofu ;; *) echo terraform ;; esac)

work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-demo.XXXXXX")
sandbox_pid=
cleanup() {
	code=$?
	trap - EXIT
	if [ -n "$sandbox_pid" ]; then
		kill "$sandbox_pid" 2>/dev/null || :
		wait "$sandbox_pid" 2>/dev/null || :
	fi
	rm -rf "$work"
	exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
step() { printf '\n%s— %s%s\n' "$bold" "$*" "$plain"; }
shown() { printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"; }
tf() {
	shown "$name" "$@"
	"$cli" "$@"
}
broken() {
	printf '\nThe demo is broken: %s\n' "$*" >&2
	exit 1
}

# Nothing of the user's own set-up may reach the demo, least of all credentials of real accounts.
for var in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
	case $var in
	TF_LOG*) ;;
	TF_* | CNTB_* | EXOSCALE_* | KOYEB_* | HOSTINGER_*) unset "$var" ;;
	esac
done

# The CLI takes the provider from a folder instead of a registry.
"$root/tools/install.sh" "$root/bin/terraform-provider-cloudsnap" 0.1.0 "$work" >/dev/null
export TF_CLI_CONFIG_FILE="$work/cli.tfrc" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
[ -t 1 ] || export TF_CLI_ARGS=-no-color

step 'The sandbox: four clouds on this machine, with objects to work with'
(cd "$root" && go build -o "$work/sandboxd" ./internal/sandbox/cmd/sandboxd && go build -o "$work/sandboxctl" ./internal/sandbox/cmd/sandboxctl)
shown 'sandboxd -listen 127.0.0.1:0 -pace 2s'
"$work/sandboxd" -listen 127.0.0.1:0 -pace 2s >"$work/env" 2>"$work/sandboxd.log" &
sandbox_pid=$!
# The environment is printed once it listens; it is complete when it has stopped growing.
size=0 tries=0
while :; do
	sleep 0.2
	now=$(wc -c <"$work/env")
	if [ "$now" -gt 0 ] && [ "$now" -eq "$size" ]; then break; fi
	size=$now tries=$((tries + 1))
	kill -0 "$sandbox_pid" 2>/dev/null || broken "the sandbox did not start: $(cat "$work/sandboxd.log")"
	[ "$tries" -lt 100 ] || broken 'the sandbox said nothing for 20 seconds'
done
# shellcheck source=/dev/null
. "$work/env"
base=${CNTB_API%/contabo*}
sed -n 's/^export \([A-Z0-9_]*\)=.*/  \1/p' "$work/env"
echo "  … set to reach the sandbox at $base"
control() {
	shown sandboxctl "$@"
	"$work/sandboxctl" -url "$base" "$@"
}
snapshots() { "$work/sandboxctl" -url "$base" snapshots | tr -s ' '; }
before=$(snapshots)
# The snapshots that the demo has made.
own() { snapshots | grep -vxF "$before"; }
control snapshots

mkdir "$work/demo"
cp "$root"/examples/demo/*.tf "$work/demo/"
cd "$work/demo"
# Without it, a wait takes as long as at a cloud that permits few requests.
printf 'provider "cloudsnap" {\n  poll_interval = "1s"\n}\n' >poll_override.tf

step '1. Protect every machine: a rotation of snapshots for each one that the clouds list'
shown 'cat main.tf'
sed -n '/^data /,/^output /{/^output /!p;}' main.tf
tf init
tf apply -auto-approve
first=$(own)
[ "$(printf '%s\n' "$first" | wc -l)" -eq 4 ] || broken "four machines have these snapshots: $first"

step '2. Nothing is due: the plan is empty'
tf plan -detailed-exitcode || broken 'the second plan is not empty'

step '3. A day passes'
control advance 24h

step '4. Rotate: the plan shows what will be taken and what will be deleted'
tf apply -auto-approve
second=$(own)
[ "$(printf '%s\n' "$second" | wc -l)" -eq 4 ] || broken "after the rotation, these snapshots are there: $second"
for line in $(printf '%s\n' "$first" | tr ' ' ,); do
	case $(printf '%s\n' "$second" | tr ' ' ,) in *"$line"*) broken "the old snapshot $line is still there" ;; esac
done
tf plan -detailed-exitcode || broken 'the plan after the rotation is not empty'

step '5. Something breaks: hours later an upgrade of web-1 at Exoscale goes wrong, and the machine is stopped'
web=c1000000-0000-4000-8000-000000000001
control advance 6h
control state "$web" stopped

step '6. Restore the newest snapshot to the machine: the plan warns of what is lost'
shown 'cat restore.tf'
cat "$root/examples/demo/steps/restore.tf"
cp "$root/examples/demo/steps/restore.tf" restore.tf
id=$(own | sed -n "s/^exoscale $web \([^ ]*\) .*/\1/p")
shown "echo 'snapshot_id = \"$id\"' >terraform.tfvars"
echo "snapshot_id = \"$id\"" >terraform.tfvars
tf plan
tf apply -auto-approve
[ "$("$work/sandboxctl" -url "$base" journal | grep -c ':revert-snapshot"')" -eq 1 ] || broken 'the snapshot was not restored once'
control state "$web" running
tf plan -detailed-exitcode || broken 'the plan after the restore is not empty'

step '7. Clean up: what Terraform manages is deleted, everything else stays'
tf destroy -auto-approve
control snapshots
[ "$(snapshots)" = "$before" ] || broken 'snapshots of the rotations are left, or others are gone'

printf '\n%sThat was all real but the clouds.%s Next: make sandbox, then your own configuration, see docs/guides/sandbox.md.\n' "$bold" "$plain"
