package rules_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// strict is a cloud with a row of each kind.
func strict() driver.Descriptor {
	return driver.Descriptor{Name: "strict", Title: "Strict", Limits: driver.Limits{
		SourceKind: "instance",
		Snapshot: driver.Attributes{
			"source_id":   {Support: driver.Required, Pattern: regexp.MustCompile(`^[0-9]+$`), Description: "a number"},
			"snapshot_id": {Support: driver.Computed, Pattern: regexp.MustCompile(`^s\d+$`), Description: "s and a number"},
		},
		Image: driver.Attributes{
			"url": {
				Support:     driver.Required,
				Pattern:     regexp.MustCompile(`(?i)\.(iso|raw)$`),
				Description: "a link to an .iso or .raw",
			},
		},
	}}
}

// table has a row of each kind. `missing` and `ssh` are rows of other clouds.
var table = driver.Attributes{
	"name": {
		Support: driver.Required, Min: 1, Max: 5, Pattern: regexp.MustCompile(`^[a-zä ]*$`), Description: "1 to 5 letters",
	},
	"description": {Support: driver.Optional, Min: 1, Max: 10},
	"notes":       {Support: driver.OptionalComputed, Max: 6},
	"version":     {Support: driver.OptionalComputed, Min: 1},
	"user":        {Support: driver.Optional, Min: 2},
	"boot":        {Support: driver.OptionalComputed, OneOf: []string{"legacy", "uefi"}, Default: "legacy"},
	"os":          {Support: driver.Required, OneOf: []string{"Linux"}},
	"region":      {Support: driver.Computed},
	"enabled":     {Support: driver.Optional},
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := rules.Config{"name": rules.Text("name"), "os": rules.Text("Linux"), "missing": {}, "ssh": {}}
	unknown := rules.Value{Set: true, Unknown: true}
	for name, tc := range map[string]struct {
		change rules.Config
		want   string // attribute: message | hint
	}{
		"good": {nil, ""},
		"everything": {
			rules.Config{
				"description": rules.Text("ääääääääää"), "notes": rules.Text(""), "boot": rules.Text("uefi"),
			}, "",
		},
		"in characters": {rules.Config{"name": rules.Text("äääää")}, ""},
		"unknown": {
			rules.Config{"name": unknown, "os": unknown, "region": unknown, "missing": unknown, "boot": unknown}, "",
		},
		"required": {rules.Config{"name": {}}, "name: Strict requires name for an image | Set name to 1 to 5 " +
			"letters."},
		"required, one of": {rules.Config{"os": {}}, "os: Strict requires os for an image | Set os to Linux."},
		"empty": {
			rules.Config{"name": rules.Text("")},
			`name: the name of an image at Strict must be 1 to 5 letters, not "" | ` +
				`Set a value, or remove the attribute if it is optional.`,
		},
		"empty, no other limit": {
			rules.Config{"version": rules.Text("")},
			"version: the version of an image at Strict must not be empty | Set a value, or remove the attribute if it is " +
				"optional.",
		},
		"too long": {
			rules.Config{"name": rules.Text("abcdef")},
			`name: the name of an image at Strict must be 1 to 5 letters, not "abcdef" | ` +
				`It has 6 characters, which is 1 too many.`,
		},
		"too long, not quoted": {
			rules.Config{"description": rules.Text("12345678901")},
			"description: the description of an image at Strict must be 1 to 10 characters | It has 11 characters, which is 1 " +
				"too many.",
		},
		"up to": {
			rules.Config{"notes": rules.Text("1234567")},
			"notes: the notes of an image at Strict must be at most 6 characters | It has 7 characters, which is 1 too many.",
		},
		"too short": {
			rules.Config{"user": rules.Text("é")},
			"user: the user of an image at Strict must be at least 2 characters | It has 1 character, which is 1 too few.",
		},
		"characters": {
			rules.Config{"name": rules.Text("a_b")},
			`name: the name of an image at Strict must be 1 to 5 letters, not "a_b" | Character 2, '_', is not allowed.`,
		},
		"invisible character": {
			rules.Config{"name": rules.Text("ab\u202e")},
			`name: the name of an image at Strict must be 1 to 5 letters, not "ab\u202e" | ` +
				`Character 3, '\u202e', is not allowed.`,
		},
		"spelling": {
			rules.Config{"boot": rules.Text("UEFI")},
			`boot: the boot of an image at Strict must be legacy or uefi, not "UEFI" | The value is case-sensitive.`,
		},
		"computed": {
			rules.Config{"region": rules.Text("x")},
			"region: Strict sets the region of an image | Remove region from the configuration. The attribute can still be " +
				"read.",
		},
		"not supported": {
			rules.Config{"missing": rules.Text("x")},
			"missing: Strict does not support missing for an image | Remove missing from the configuration.",
		},
		"not supported, even false": {
			rules.Config{"ssh": rules.Bool(false)},
			"ssh: Strict does not support ssh for an image | Remove ssh from the configuration.",
		},
		"a switch that is off": {
			rules.Config{"replace_existing": rules.Bool(false), "wait_for_remote": rules.Bool(false)}, "",
		},
		"a switch that is on": {
			rules.Config{"replace_existing": rules.Bool(true)},
			"replace_existing: Strict does not support replace_existing for an image | Remove replace_existing from the " +
				"configuration.",
		},
		"bool": {rules.Config{"enabled": rules.Bool(false)}, ""},
		"several, sorted": {
			rules.Config{"region": rules.Text("x"), "missing": rules.Text("x")},
			"missing: Strict does not support missing for an image | Remove missing from the configuration.\n" +
				"region: Strict sets the region of an image | Remove region from the configuration. The attribute can still be " +
				"read.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := maps.Clone(good)
			maps.Copy(config, tc.change)
			var got []string
			for _, v := range rules.Check(strict(), "image", table, config) {
				got = append(got, v.Attribute+": "+v.Message+" | "+v.Hint)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The attributes that are an address have rules of their own, wherever they are.
func TestCheck_addresses(t *testing.T) {
	t.Parallel()
	d := strict()
	config := rules.Config{"source_id": rules.Text("web-1")}
	if got := rules.Check(d, "snapshot", d.Limits.Snapshot, config); len(got) != 1 ||
		got[0].Message != `the ID of an instance at Strict must be a number, not "web-1"` {
		t.Errorf("got %+v", got)
	}
	row := d.Limits.Snapshot["snapshot_id"]
	row.Support = driver.Required
	config = rules.Config{"snapshot_id": rules.Text("strict/s1")}
	if got := rules.Check(d, "export", driver.Attributes{"snapshot_id": row}, config); len(got) != 1 ||
		got[0].Message != `the ID of a snapshot at Strict must be s and a number, not "strict/s1"` {
		t.Errorf("got %+v", got)
	}
	if got := rules.Check(d, "image", d.Limits.Image, rules.Config{"url": rules.Text("CANARY")}); len(got) != 1 ||
		strings.Contains(got[0].Message+got[0].Hint, "CANARY") {
		t.Errorf("got %+v", got)
	}
}

func TestIgnoreComputed(t *testing.T) {
	t.Parallel()
	unknown := rules.Value{Set: true, Unknown: true}
	config := rules.Config{"region": rules.Text("fra"), "name": rules.Text("web"), "missing": rules.Text("x")}
	prior := rules.Config{"region": rules.Text("fra"), "name": rules.Text("web"), "missing": rules.Text("x")}
	want := rules.Config{"name": rules.Text("web"), "missing": rules.Text("x")}
	if diff := cmp.Diff(want, rules.IgnoreComputed(table, config, prior)); diff != "" {
		t.Error("only what the cloud has set goes:", diff)
	}
	for what, other := range map[string]rules.Config{
		"another value": {"region": rules.Text("ams")},
		"unknown":       {"region": unknown},
		"no object":     {},
	} {
		if got := rules.IgnoreComputed(table, config, other); got["region"] != rules.Text("fra") {
			t.Errorf("%s: got %+v", what, got)
		}
	}
}
