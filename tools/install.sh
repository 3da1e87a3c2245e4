#!/bin/sh
# Installs a build of the provider so that `terraform init` and `tofu init` find it: a filesystem mirror, and a CLI configuration
# file that takes this provider from the mirror and every other one from its registry. Prints how to use them.
#
#   tools/install.sh BINARY VERSION FOLDER
#
# VERSION is plain, as in 1.2.3: without a version constraint, a CLI selects no prerelease.
# An existing installation in FOLDER is replaced.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
binary=$1 version=$2
mkdir -p "$3"
folder=$(CDPATH='' cd -- "$3" && pwd)
source=cloudsnap/cloudsnap
platform=$(go env GOOS)_$(go env GOARCH)

changed=
for host in $("$root/tools/cli.sh" -hosts); do
	dir=$folder/mirror/$host/$source/$version/$platform
	file=$dir/terraform-provider-cloudsnap_v$version
	mkdir -p "$dir"
	if [ -e "$file" ] && ! cmp -s "$binary" "$file"; then changed=yes; fi
	# A CLI may be running the old file: it is replaced, not written to.
	cp "$binary" "$file.new"
	mv -f "$file.new" "$file"
done

quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }
settings=$folder/cli.tfrc
cat >"$settings" <<END
provider_installation {
  filesystem_mirror {
    path    = "$(printf '%s' "$folder/mirror" | sed 's/[\\"]/\\&/g')"
    include = ["$source"]
  }
  direct {
    exclude = ["$source"]
  }
}
END

cat <<END
Installed $source $version. The CLI configuration file $settings has:

$(sed 's/^/  /' "$settings")

Where you run Terraform or OpenTofu, set

  export TF_CLI_CONFIG_FILE=$(quoted "$settings")

or copy the block into ~/.terraformrc (OpenTofu: ~/.tofurc). Then \`terraform init\` finds the provider.
END
[ -z "$changed" ] || cat <<END

This build replaces another one of the same version. A configuration that was initialized with the other one has its checksum
in .terraform.lock.hcl, so \`terraform init\` refuses this one. To add the new checksum, run there

  terraform providers lock -fs-mirror=$(quoted "$folder/mirror") $source
  terraform init
END
