#!/bin/sh
# Builds a release with GoReleaser, which tools/release/go.mod pins, as .goreleaser.yml describes it.
#
#   tools/release.sh check            builds all of it into dist/, signs it with a key of its own, and installs it
#   tools/release.sh missing          prints the tools that check needs and that are not on PATH
#   tools/release.sh check-tag TAG    fails unless the changelog has the release vX.Y.Z with its date
#   tools/release.sh publish          uploads a draft; GITHUB_TOKEN, GPG_FINGERPRINT and GPG_PASSPHRASE are set
#
# `check` uses the CLI that tools/cli.sh finds.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
name=terraform-provider-cloudsnap
tools=$root/bin/release

# A user's own settings of the CLI do not count.
TF_CLI_CONFIG_FILE=/dev/null
CHECKPOINT_DISABLE=1
export TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE

say() { printf '%s\n' "tools/release.sh: $*" >&2; }
fail() {
	say "$*"
	exit 1
}

# GoReleaser takes the generator of the SBOMs from PATH.
build_tools() {
	mkdir -p "$tools"
	(cd tools/release && go build -mod=readonly -o "$tools/" \
		github.com/goreleaser/goreleaser/v2 github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod)
	PATH=$tools:$PATH
	export PATH
}

check_tag() {
	version=${1#v}
	printf '%s\n' "$1" | grep -Eq '^v[0-9]+\.[0-9]+\.[0-9]+$' || fail "the tag $1 is not of the form v1.2.3"
	grep -Eq "^## $version \([A-Z][a-z]+ [0-9]+, [0-9]{4}\)\$" CHANGELOG.md ||
		fail "CHANGELOG.md has no section \"## $version (Month day, year)\""
}

# What the registry's documentation of provider releases requires, and what this project adds to it.
verify() {
	sums=${name}_${version}_SHA256SUMS
	# GoReleaser renames the manifest when it uploads it.
	cp terraform-registry-manifest.json "dist/${name}_${version}_manifest.json"
	(cd dist && sha256sum --check --quiet "$sums") || fail "a checksum does not match"
	gpg --batch --quiet --verify "dist/$sums.sig" "dist/$sums" 2>/dev/null || fail "the signature does not match"
	grep -q "  ${name}_${version}_manifest.json\$" "dist/$sums" || fail "the checksums lack the manifest"
	for os in darwin freebsd linux windows; do
		for arch in amd64 arm64; do
			archive=${name}_${version}_${os}_$arch
			binary=${name}_v$version
			[ "$os" != windows ] || binary=$binary.exe
			grep -q "  $archive.zip\$" "dist/$sums" || fail "the checksums lack $archive.zip"
			unzip -p "dist/$archive.zip" "$binary" >"$work/binary" || fail "$archive.zip lacks $binary"
			go version -m "$work/binary" >"$work/info"
			for want in "GOOS=$os" "GOARCH=$arch" CGO_ENABLED=0 -tags=release -trimpath=true; do
				grep -q "build	$want\$" "$work/info" || fail "$binary of $archive.zip lacks $want"
			done
			grep -q "  $archive.cdx.json\$" "dist/$sums" || fail "the checksums lack $archive.cdx.json"
			grep -q '"name": "github.com/hashicorp/terraform-plugin-framework"' "dist/$archive.cdx.json" ||
				fail "$archive.cdx.json lacks the plugin framework"
		done
	done
	say "verified: $(grep -c '\.zip$' "dist/$sums") archives, their checksums, signature and SBOMs"
}

# Installs the archive of this platform as a user does whose mirror has the release.
install() {
	cli=$(tools/cli.sh)
	host=$(TF_ACC_TERRAFORM_PATH=$cli tools/cli.sh -host)
	mkdir -p "$work/mirror/$host/cloudsnap/cloudsnap" "$work/configuration"
	cp "dist/${name}_${version}"_*.zip "$work/mirror/$host/cloudsnap/cloudsnap/"
	cat >"$work/cli.tfrc" <<-END
		provider_installation {
		  filesystem_mirror {
		    path = "$work/mirror"
		  }
		}
	END
	cat >"$work/configuration/main.tf" <<-END
		terraform {
		  required_providers {
		    cloudsnap = {
		      source  = "cloudsnap/cloudsnap"
		      version = "$version"
		    }
		  }
		}

		output "id" {
		  value = provider::cloudsnap::build_id({ cloud = "koyeb", snapshot_id = "snapshot-1" })
		}
	END
	(
		cd "$work/configuration"
		TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1
		export TF_IN_AUTOMATION
		"$cli" init -input=false -no-color >"$work/log" 2>&1 || {
			cat "$work/log" >&2
			fail "init does not install the archive"
		}
		"$cli" apply -auto-approve -input=false -no-color >"$work/log" 2>&1 && grep -q koyeb/snapshot-1 "$work/log" || {
			cat "$work/log" >&2
			fail "the installed provider does not work"
		}
	)
	say "installed $version with $("$cli" version | head -n 1), and called a function of it"
}

missing() {
	for tool in git gpg unzip sha256sum; do
		command -v "$tool" >/dev/null || echo "$tool"
	done
}

check() {
	lacking=$(missing)
	[ -z "$lacking" ] || fail "this check needs $lacking"
	work=$(mktemp -d "${TMPDIR:-/tmp}/cloudsnap-release.XXXXXX")
	trap 'GNUPGHOME=$work/gnupg gpgconf --kill all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	build_tools
	goreleaser check

	GNUPGHOME=$work/gnupg GPG_PASSPHRASE=for-this-check-alone
	export GNUPGHOME GPG_PASSPHRASE
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch --quiet --pinentry-mode loopback --passphrase "$GPG_PASSPHRASE" \
		--quick-generate-key 'release check' default default never
	GPG_FINGERPRINT=$(gpg --batch --list-secret-keys --with-colons | awk -F: '$1 == "fpr" { print $10; exit }')
	export GPG_FINGERPRINT

	goreleaser release --clean --snapshot
	version=$(sed -n 's/.*"version":"\([^"]*\)".*/\1/p' dist/metadata.json)
	verify
	install
}

case ${1:-} in
check) check ;;
missing) missing ;;
check-tag) check_tag "$2" ;;
publish)
	build_tools
	goreleaser release --clean
	;;
*)
	say "unknown argument ${1:-}"
	exit 2
	;;
esac
