#!/bin/sh
# Writes what is generated: docs/ (tfplugindocs, from the provider's own schema), the support guide and the examples of the
# provider's blocks (internal/devtools/supportpage, from the list of clouds), in one format.
#
#   tools/docs.sh          writes them
#   tools/docs.sh -check   writes nothing; fails, and shows the difference, where they are not what would be written
#
# The schema comes from a CLI that supports resource identity: $CLOUDSNAP_DOCS_TERRAFORM, else OpenTofu as pinned in
# tools/opentofu/go.mod, so that everybody writes the same pages. What OpenTofu leaves out of the schema, internal/devtools/
# schemajson adds: actions and list resources, which need Terraform 1.14.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
cli=${CLOUDSNAP_DOCS_TERRAFORM:-$(tools/cli.sh -tofu)}

work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Everything is written into a copy first: a check must not touch the work tree, and a failure must not leave half of it.
mkdir "$work/new"
for dir in docs examples templates; do
	[ ! -d "$dir" ] || cp -R "$dir" "$work/new/"
done
# What a run in an example left behind is not part of it.
find "$work/new" \( -name .terraform -o -name '.terraform.lock.hcl' -o -name '*.tfstate' -o -name '*.tfstate.*' \) -prune -exec rm -rf {} +

mkdir "$work/bin" "$work/schema"
CGO_ENABLED=0 go build -o "$work/bin/terraform-provider-cloudsnap" .
cat >"$work/cli.tfrc" <<END
provider_installation {
  dev_overrides {
    "cloudsnap/cloudsnap" = "$work/bin"
  }
}
END
cat >"$work/schema/main.tf" <<'END'
terraform {
  required_providers {
    cloudsnap = {
      source = "cloudsnap/cloudsnap"
    }
  }
}
END
TF_CLI_CONFIG_FILE=$work/cli.tfrc CHECKPOINT_DISABLE=1 \
	"$cli" -chdir="$work/schema" providers schema -json >"$work/raw.json"
# tfplugindocs looks for the bare name, whatever the registry.
sed 's|"registry\.[a-z]*\.[a-z]*/cloudsnap/cloudsnap"|"cloudsnap"|' "$work/raw.json" >"$work/named.json"
go run ./internal/devtools/cmd/schemajson <"$work/named.json" >"$work/schema.json"

go run ./internal/devtools/supportpage -root "$work/new" -schema "$work/schema.json"
TF_CLI_CONFIG_FILE=/dev/null "$cli" fmt -recursive "$work/new/examples" >/dev/null

go tool -modfile=tools/go.mod tfplugindocs generate \
	--provider-dir "$work/new" --provider-name cloudsnap --rendered-provider-name Cloudsnap \
	--providers-schema "$work/schema.json" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
go tool -modfile=tools/go.mod tfplugindocs validate \
	--provider-dir "$work/new" --provider-name cloudsnap --providers-schema "$work/schema.json" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}

same=yes
for dir in docs examples templates; do
	mkdir -p "$dir" "$work/new/$dir"
	if [ "${1:-}" = -check ]; then
		git --no-pager diff --no-index --stat -p -- "$dir" "$work/new/$dir" || same=no
		continue
	fi
	(cd "$work/new/$dir" && find . -type f) | while read -r file; do
		cmp -s "$work/new/$dir/$file" "$dir/$file" && continue
		mkdir -p "$(dirname -- "$dir/$file")"
		cp "$work/new/$dir/$file" "$dir/$file"
		echo "wrote $dir/${file#./}"
	done
	(cd "$dir" && find . -type f) | while read -r file; do
		# Only docs/ is wholly generated; elsewhere a file without a counterpart is what a run left behind.
		if [ "$dir" = docs ] && [ ! -e "$work/new/$dir/$file" ]; then
			rm "$dir/$file"
			echo "removed $dir/${file#./}"
		fi
	done
done
if [ "$same" = no ]; then
	echo 'tools/docs.sh: what is generated is not up to date; run make generate and commit' >&2
	exit 1
fi
