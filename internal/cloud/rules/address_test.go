package rules_test

import (
	"regexp"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func TestCheckSourceID(t *testing.T) {
	t.Parallel()
	free := driver.Descriptor{Title: "Any", Limits: driver.Limits{SourceKind: "VM"}}
	for _, tc := range []struct {
		cloud driver.Descriptor
		id    rules.Value
		want  string
	}{
		{strict(), rules.Text("7"), ""},
		{strict(), rules.Text(""), `the ID of an instance at Strict must be a number, not ""`},
		{strict(), rules.Value{}, ""},
		{strict(), rules.Value{Set: true, Unknown: true}, ""},
		{free, rules.Text("whatever"), ""},
		{free, rules.Text(""), `the ID of a VM at Any must be an ID, not ""`},
	} {
		v, ok := rules.CheckSourceID(tc.cloud, tc.id)
		if ok != (tc.want == "") || v.Message != tc.want || (!ok && (v.Attribute != "source_id" || v.Hint == "")) {
			t.Errorf("%+v: got %+v, want %q", tc.id, v, tc.want)
		}
	}
}

func TestCheckSnapshotID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"s1":        "",
		"":          "the ID of a snapshot must not be empty",
		"strict/s1": `the ID of a snapshot at Strict must be s and a number, not "strict/s1"`,
	} {
		v, ok := rules.CheckSnapshotID(strict(), rules.Text(id))
		if ok != (want == "") || v.Message != want || (!ok && (v.Attribute != "snapshot_id" || v.Hint == "")) {
			t.Errorf("%q: got %+v, want %q", id, v, want)
		}
	}
	if v, ok := rules.CheckSnapshotID(strict(), rules.Value{Set: true, Unknown: true}); !ok {
		t.Errorf("unknown: got %+v", v)
	}
}

// A segment that a path does without never gets into a request.
func TestIDs_dotSegmentsAreRefused(t *testing.T) {
	t.Parallel()
	d := driver.Descriptor{Limits: driver.Limits{Location: driver.Attribute{Support: driver.Optional}}}
	for _, dots := range []string{".", "..", "a/b"} {
		if _, ok := rules.CheckSourceID(d, rules.Text(dots)); ok {
			t.Errorf("%q is accepted as a source_id", dots)
		}
		if _, ok := rules.CheckSnapshotID(d, rules.Text(dots)); ok {
			t.Errorf("%q is accepted as a snapshot_id", dots)
		}
		if _, ok := rules.CheckLocation(d, rules.Text(dots)); ok {
			t.Errorf("%q is accepted as a location", dots)
		}
	}
}

// zoned is a cloud with a location of that support.
func zoned(support driver.Support) driver.Descriptor {
	return driver.Descriptor{Name: "cloud", Title: "Cloud", Limits: driver.Limits{
		Location: driver.Attribute{
			Support:     support,
			Pattern:     regexp.MustCompile(`^[a-z0-9-]+$`),
			Description: "in lower case",
		},
	}}
}

func TestCheckLocation(t *testing.T) {
	t.Parallel()
	const missing = "Cloud keeps its objects per zone, and no zone is set"
	const noChoice = "the location of an object at Cloud cannot be chosen"
	unknown := rules.Value{Set: true, Unknown: true}
	for name, tc := range map[string]struct {
		support  driver.Support
		location rules.Value
		want     string
	}{
		"zone":    {driver.OptionalComputed, rules.Text("ch-1"), ""},
		"no zone": {driver.OptionalComputed, rules.Value{}, missing},
		"empty":   {driver.OptionalComputed, rules.Text(""), missing},
		"letters": {
			driver.OptionalComputed, rules.Text("CH-1 "), `the zone of an object at Cloud must be in lower case, not "CH-1 "`,
		},
		"unknown":     {driver.OptionalComputed, unknown, ""},
		"a region":    {driver.Computed, rules.Text("fra"), noChoice},
		"no location": {driver.NotSupported, rules.Text("fra"), noChoice},
		"no choice":   {driver.Computed, rules.Value{}, ""},
		"nothing":     {driver.NotSupported, rules.Value{}, ""},
	} {
		v, ok := rules.CheckLocation(zoned(tc.support), tc.location)
		if ok != (tc.want == "") || v.Message != tc.want || (!ok && (v.Attribute != "location" || v.Hint == "")) {
			t.Errorf("%s: got %+v, want %q", name, v, tc.want)
		}
	}
}

func TestCheckLocation_saysWhereToSetIt(t *testing.T) {
	t.Parallel()
	d := zoned(driver.OptionalComputed)
	for want, fields := range map[string][]driver.Field{
		"Set location.": nil,
		"Set location, or zone in the provider's cloud block.": {{Name: "zone"}},
		"Set location, or zone in the provider's cloud block, or the environment variable CLOUD_ZONE.": {
			{Name: "zone", Env: []string{"CLOUD_ZONE", "OLD"}},
		},
	} {
		d.Fields, d.Limits.LocationField = fields, "zone"
		if v, ok := rules.CheckLocation(d, rules.Value{}); ok || v.Hint != want {
			t.Errorf("got %q, want %q", v.Hint, want)
		}
	}
}

func TestCheckLocationFilter(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		support  driver.Support
		location rules.Value
		want     string
	}{
		"reported region": {driver.Computed, rules.Text("fra"), ""},
		"unknown region":  {driver.Computed, rules.Value{Set: true, Unknown: true}, ""},
		"empty region":    {driver.Computed, rules.Text(""), "the location must not be empty"},
		"chosen zone":     {driver.OptionalComputed, rules.Text("ch-1"), ""},
		"no zone":         {driver.OptionalComputed, rules.Value{}, "Cloud keeps its objects per zone, and no zone is set"},
		"no locations":    {driver.NotSupported, rules.Text("fra"), "the location of an object at Cloud cannot be chosen"},
	} {
		v, ok := rules.CheckLocationFilter(zoned(tc.support), tc.location)
		if ok != (tc.want == "") || v.Message != tc.want {
			t.Errorf("%s: got %q, want %q", name, v.Message, tc.want)
		}
	}
}
