#!/bin/sh
# Plays the story of examples/demo: a real Terraform or OpenTofu, the provider as built in bin/, and the sandbox in place of
# the clouds. No registry, no account, no network. `make demo` builds the provider and calls this.
#
# What the story claims is checked on the way, so that a broken demo fails.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cli=$("$root/tools/cli.sh")
name=$(case $("$cli" version 2>/dev/null) in OpenTofu*) echo tofu ;; *) echo terraform ;; esac)

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
"$root/tools/install.sh" "$root/bin/terraform-provider-cloudsnap" 0.0.1 "$work" >/dev/null
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
snapshots() { "$work/sandboxctl" -url "$base" snapshots "$@"; }
guarded() { snapshots -cloud contabo -source 42001; }
others() { snapshots | grep -v '^contabo  *42001 ' | tr -s ' '; }
before=$(others)
shown 'sandboxctl snapshots'
snapshots

mkdir "$work/demo"
cp "$root"/examples/demo/*.tf "$work/demo/"
cd "$work/demo"

step '1. Take a snapshot before the upgrade'
tf init
tf plan
tf apply -auto-approve
[ "$(guarded | grep -c 'before-upgrade')" -eq 1 ] || broken 'the snapshot is not there'

step '2. Give it a better name: changed in place, not taken again'
shown "echo 'snapshot_name = \"before release 7\"' > terraform.tfvars"
echo 'snapshot_name = "before release 7"' >terraform.tfvars
id=$("$cli" output -raw snapshot_id)
tf apply -auto-approve
[ "$id" = "$("$cli" output -raw snapshot_id)" ] || broken 'the rename made another snapshot'
guarded | grep -q 'before release 7' || broken 'the new name did not arrive'

step '3. What does this machine have? The data source lists it'
tf output snapshots

step '4. Take over the snapshot that somebody made by hand'
shown 'cat import.tf'
cat "$root/examples/demo/steps/import.tf"
cp "$root/examples/demo/steps/import.tf" import.tf
tf apply -auto-approve
tf state list

step '5. The other clouds, in the same words'
shown 'cat fleet.tf'
cat "$root/examples/demo/steps/fleet.tf"
cp "$root/examples/demo/steps/fleet.tf" fleet.tf
tf apply -auto-approve

step '6. Nothing left to do'
tf plan -detailed-exitcode || broken 'the second plan is not empty'

step '7. Clean up: what Terraform manages is deleted, everything else stays'
tf destroy -auto-approve
shown 'sandboxctl snapshots'
snapshots
[ -z "$(guarded)" ] || broken 'snapshots of the machine are left'
[ "$(others)" = "$before" ] || broken 'snapshots of other machines are left, or gone'

printf '\n%sThat was all real but the clouds.%s Next: make sandbox, then your own configuration, see docs/guides/sandbox.md.\n' "$bold" "$plain"
