package cloud

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func TestCan_isWhatTheClientImplements(t *testing.T) {
	f := &fake{t: t}
	plain := fakeDriver{descriptor: descriptor("plain"), client: plainClient{f, snapshotPart{f}, editorPart{f}, imagePart{f}, listPart{f}, statsPart{f}}}
	zone := fakeDriver{descriptor: descriptor("zone"), client: zoneClient{f, operationPart{f}, snapshotPart{f}, imagePart{f}, listPart{f}, promotePart{f}, exportPart{f}}}
	slot := fakeDriver{descriptor: descriptor("slot"), client: slotClient{f, operationPart{f}, snapshotPart{f}, slotPart{f}}}
	bare := fakeDriver{descriptor: descriptor("bare"), client: bareClient{f}}
	broken := fakeDriver{descriptor: descriptor("broken"), err: errors.New("no")}
	want := map[driver.Capability]string{
		driver.CapabilitySnapshot:         "plain zone slot",
		driver.CapabilityCustomImage:      "plain zone",
		driver.CapabilityImages:           "plain zone",
		driver.CapabilityImageStats:       "plain",
		driver.CapabilitySnapshotTemplate: "zone",
		driver.CapabilitySnapshotExport:   "zone",
	}
	for a, names := range want {
		if got := strings.Join(driver.SupportedBy([]driver.Driver{plain, zone, slot, bare, broken}, a), " "); got != names {
			t.Errorf("%s: %q, want %q", a, got, names)
		}
		if !slices.Contains(driver.AllCapabilities(), a) {
			t.Errorf("%s is not in the list", a)
		}
	}
	for _, a := range driver.AllCapabilities() {
		if driver.Supports(bare, a) {
			t.Errorf("a client without interfaces can %s", a)
		}
	}
	if driver.Supports(plain, "fly") {
		t.Error("nobody can what has no interface")
	}
}

func TestField(t *testing.T) {
	d := driver.Descriptor{Fields: []driver.Field{{Name: "token"}, {Name: "endpoint", Endpoint: true}}}
	if f, ok := d.Field("endpoint"); !ok || !f.Endpoint {
		t.Errorf("got %+v, %t", f, ok)
	}
	if _, ok := d.Field("zone"); ok {
		t.Error("found what is not there")
	}
}

func TestID_roundTrip(t *testing.T) {
	d := descriptor("plain")
	for id, tc := range map[string]struct {
		parts []driver.IDPart
		ref   driver.Ref
		shape string
	}{
		"plain/7/s1":      {[]driver.IDPart{driver.PartSource, driver.PartSnapshot}, driver.Ref{SourceID: "7", ObjectID: "s1"}, "plain/<instance_id>/<snapshot_id>"},
		"plain/zone-1/s1": {[]driver.IDPart{driver.PartLocation, driver.PartSnapshot}, driver.Ref{Location: "zone-1", ObjectID: "s1"}, "plain/<zone>/<snapshot_id>"},
		"plain/s1":        {[]driver.IDPart{driver.PartSnapshot}, driver.Ref{ObjectID: "s1"}, "plain/<snapshot_id>"},
		"plain/7":         {[]driver.IDPart{driver.PartSource}, driver.Ref{SourceID: "7"}, "plain/<instance_id>"},
		"plain/i1":        {[]driver.IDPart{driver.PartImage}, driver.Ref{ObjectID: "i1"}, "plain/<image_id>"},
		"plain/z/t1":      {[]driver.IDPart{driver.PartLocation, driver.PartTemplate}, driver.Ref{Location: "z", ObjectID: "t1"}, "plain/<zone>/<template_id>"},
	} {
		ref, err := d.ParseID(tc.parts, id)
		if err != nil || ref != tc.ref {
			t.Errorf("%s: %+v, %v", id, ref, err)
		}
		if got := d.FormatID(tc.parts, ref); got != id {
			t.Errorf("%s became %s", id, got)
		}
		if got := d.IDShape(tc.parts); got != tc.shape {
			t.Errorf("%s has the shape %s, want %s", id, got, tc.shape)
		}
	}
}

func TestParseID_errorsNameTheParts(t *testing.T) {
	d := descriptor("plain")
	for _, id := range []string{"", "plain", "plain/", "plain/7", "plain/7/", "plain//s1", "plain/7/s1/x", "other/7/s1", "7/s1", "/7/s1", "PLAIN/7/s1"} {
		ref, err := d.ParseID(d.Limits.SnapshotID, id)
		if err == nil || ref != (driver.Ref{}) || !strings.Contains(err.Error(), "The plain expects plain/<instance_id>/<snapshot_id>") {
			t.Errorf("%q: %+v, %v", id, ref, err)
		}
	}
}

func TestOperation(t *testing.T) {
	if !(driver.Operation{}).Done() || (driver.Operation{ID: "j"}).Done() || (driver.Operation{PollObject: true}).Done() {
		t.Error("an operation is done when nothing is left to wait for")
	}
}

// set and null are values of a configuration; an unknown one is neither.
func set[T any](v T) rules.Optional[T] { return rules.Optional[T]{Value: v, Set: true} }

func TestCheckSnapshot(t *testing.T) {
	named := driver.Limits{
		Source:         driver.IDFormat{Kind: "instance", Pattern: digits, Description: "a number"},
		Name:           driver.NameRule{Settable: true, Required: true, Min: 1, Max: 5, Pattern: regexp.MustCompile(`^[a-zä ]*$`), Description: "1 to 5 letters"},
		MaxDescription: 10,
	}
	free := driver.Limits{Name: driver.NameRule{Settable: true}}
	zoned := driver.Limits{Location: driver.LocationChosen, LocationField: "zone", SingleSlot: true, Remote: true}
	placed := driver.Limits{Location: driver.LocationChosen, Zone: driver.IDFormat{Pattern: regexp.MustCompile(`^[a-z0-9-]+$`), Description: "in lower case"}}
	good := rules.SnapshotConfig{SourceID: set("7"), Name: set("name")}
	unknown := rules.Optional[string]{Unknown: true}
	with := func(change func(*rules.SnapshotConfig)) rules.SnapshotConfig {
		d := good
		change(&d)
		return d
	}
	for name, tc := range map[string]struct {
		traits driver.Limits
		draft  rules.SnapshotConfig
		want   string // attribute: message
	}{
		"good":                 {named, good, ""},
		"source":               {named, with(func(d *rules.SnapshotConfig) { d.SourceID = set("web-1") }), `source_id: the ID of an instance at Cloud must be a number, not "web-1"`},
		"source, empty":        {named, with(func(d *rules.SnapshotConfig) { d.SourceID = set("") }), `source_id: the ID of an instance at Cloud must be a number, not ""`},
		"source, any form":     {free, rules.SnapshotConfig{SourceID: set("whatever")}, ""},
		"name missing":         {named, with(func(d *rules.SnapshotConfig) { d.Name = rules.Optional[string]{} }), "name: Cloud needs a name for a snapshot"},
		"name empty":           {named, with(func(d *rules.SnapshotConfig) { d.Name = set("") }), `name: the name of a snapshot at Cloud must be 1 to 5 letters, not ""`},
		"name too long":        {named, with(func(d *rules.SnapshotConfig) { d.Name = set("abcdef") }), `name: the name of a snapshot at Cloud must be 1 to 5 letters, not "abcdef"`},
		"name in characters":   {named, with(func(d *rules.SnapshotConfig) { d.Name = set("äääää") }), ""},
		"name's letters":       {named, with(func(d *rules.SnapshotConfig) { d.Name = set("a_b") }), `name: the name of a snapshot at Cloud must be 1 to 5 letters, not "a_b"`},
		"name is the cloud's":  {driver.Limits{Name: driver.NameRule{Generated: true}}, good, "name: Cloud names its snapshots itself"},
		"no names":             {driver.Limits{}, good, "name: snapshots at Cloud carry no name"},
		"no name, none needed": {driver.Limits{}, rules.SnapshotConfig{SourceID: set("7")}, ""},
		"name optional":        {free, rules.SnapshotConfig{SourceID: set("7")}, ""},
		"nothing is known":     {named, rules.SnapshotConfig{SourceID: unknown, Name: unknown, Description: unknown, Location: unknown, ReplaceExisting: rules.Optional[bool]{Unknown: true}}, ""},
		"description":          {named, with(func(d *rules.SnapshotConfig) { d.Description = set("ääääääääää") }), ""},
		"description long":     {named, with(func(d *rules.SnapshotConfig) { d.Description = set("12345678901") }), "description: a description at Cloud has 1 to 10 characters, not 11"},
		"description empty":    {named, with(func(d *rules.SnapshotConfig) { d.Description = set("") }), "description: a description at Cloud has 1 to 10 characters, not 0"},
		"no descriptions":      {free, with(func(d *rules.SnapshotConfig) { d.Description = set("x") }), "description: snapshots at Cloud carry no description"},
		"replace":              {free, with(func(d *rules.SnapshotConfig) { d.ReplaceExisting = set(true) }), "replace_existing: Cloud keeps several snapshots side by side and never overwrites one"},
		"do not replace":       {free, with(func(d *rules.SnapshotConfig) { d.ReplaceExisting, d.WaitForRemote = set(false), set(false) }), ""},
		"remote":               {free, with(func(d *rules.SnapshotConfig) { d.WaitForRemote = set(true) }), "wait_for_remote: Cloud does not move snapshots to remote storage"},
		"zoned":                {zoned, rules.SnapshotConfig{SourceID: set("7"), Location: set("z"), ReplaceExisting: set(true), WaitForRemote: set(true)}, ""},
		"zone missing":         {zoned, rules.SnapshotConfig{SourceID: set("7")}, "location: Cloud keeps its objects per zone, and no zone is set"},
		"zone empty":           {zoned, rules.SnapshotConfig{SourceID: set("7"), Location: set("")}, "location: Cloud keeps its objects per zone, and no zone is set"},
		"zone's letters":       {placed, rules.SnapshotConfig{SourceID: set("7"), Location: set("CH-1 ")}, `location: the zone of an object at Cloud must be in lower case, not "CH-1 "`},
		"zone unknown":         {zoned, rules.SnapshotConfig{SourceID: set("7"), Location: unknown}, ""},
		"no choice":            {driver.Limits{Location: driver.LocationReported}, rules.SnapshotConfig{Location: set("fra")}, "location: the location of an object at Cloud cannot be chosen"},
		"several": {driver.Limits{}, rules.SnapshotConfig{SourceID: set(""), Name: set("x"), Description: set("y"), Location: set("z")}, "source_id: the ID of a  at Cloud must be , not \"\"; " +
			"name: snapshots at Cloud carry no name; description: snapshots at Cloud carry no description; location: the location of an object at Cloud cannot be chosen"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range rules.CheckSnapshot((driver.Descriptor{Name: "cloud", Title: "Cloud", Limits: tc.traits}), tc.draft) {
				got = append(got, p.Attribute+": "+p.Message)
				if p.Hint == "" || !strings.HasSuffix(p.Hint, ".") || strings.HasSuffix(p.Message, ".") {
					t.Errorf("message %q, hint %q", p.Message, p.Hint)
				}
			}
			if s := strings.Join(got, "; "); s != tc.want {
				t.Errorf("got  %s\nwant %s", s, tc.want)
			}
		})
	}
}

func TestWithoutEcho(t *testing.T) {
	made := driver.Snapshot{Name: "web-1_2026", Location: "fra"}
	draft := rules.SnapshotConfig{Name: set("web-1_2026"), Location: set("fra")}
	its := driver.Descriptor{Limits: driver.Limits{Name: driver.NameRule{Generated: true}, Location: driver.LocationReported}}
	if got := rules.IgnoreUnchangedComputed(its, draft, made); got.Name.Set || got.Location.Set {
		t.Errorf("what the cloud has decided stays: %+v", got)
	}
	if got := rules.IgnoreUnchangedComputed(its, draft, driver.Snapshot{}); got != draft {
		t.Errorf("what it has not decided goes: %+v", got)
	}
	unknown := rules.SnapshotConfig{Name: rules.Optional[string]{Set: true, Unknown: true}, Location: rules.Optional[string]{Set: true, Unknown: true}}
	if got := rules.IgnoreUnchangedComputed(its, unknown, made); got != unknown {
		t.Errorf("what is not known goes: %+v", got)
	}
	yours := driver.Descriptor{Limits: driver.Limits{Name: driver.NameRule{Settable: true}, Location: driver.LocationChosen}}
	if got := rules.IgnoreUnchangedComputed(yours, draft, made); got != draft {
		t.Errorf("what the configuration decides goes: %+v", got)
	}
	// No cloud without names repeats one, so validation may refuse every name.
	if got := rules.IgnoreUnchangedComputed(driver.Descriptor{}, draft, made); got != draft {
		t.Errorf("a name where there are none goes: %+v", got)
	}
}

func TestCheckSnapshot_saysWhatIsWrongWithAName(t *testing.T) {
	d := driver.Descriptor{Limits: driver.Limits{Name: driver.NameRule{Settable: true, Min: 2, Max: 5, Pattern: regexp.MustCompile(`^[a-z ]+$`)}}}
	for name, want := range map[string]string{
		"a":        "It has 1 characters, which is 1 too few.",
		"abcdefgh": "It has 8 characters, which is 3 too many.",
		"ab_c":     "Character 3, '_', is not allowed.",
		"é":        "It has 1 characters, which is 1 too few.",
		"ab\u202e": `Character 3, '\u202e', is not allowed.`,
	} {
		problems := rules.CheckSnapshot(d, rules.SnapshotConfig{SourceID: set("7"), Name: set(name)})
		if len(problems) != 1 || problems[0].Hint != want {
			t.Errorf("%q: got %+v, want %q", name, problems, want)
		}
	}
}

// A segment that a path does without never gets into a request.
func TestIDs_dotSegmentsAreRefused(t *testing.T) {
	d := descriptor("plain")
	d.Limits.Source, d.Limits.Snapshot = driver.IDFormat{}, driver.IDFormat{}
	for _, dots := range []string{".", ".."} {
		if _, err := d.ParseID([]driver.IDPart{driver.PartSource, driver.PartSnapshot}, "plain/7/"+dots); err == nil {
			t.Errorf("%q is taken as an ID in an import", dots)
		}
		if _, err := d.ParseID([]driver.IDPart{driver.PartLocation, driver.PartSnapshot}, "plain/"+dots+"/s1"); err == nil {
			t.Errorf("%q is taken as a location in an import", dots)
		}
		if _, ok := rules.CheckSourceID(d, set(dots)); ok {
			t.Errorf("%q is taken as a source_id", dots)
		}
		if _, ok := rules.CheckSnapshotID(d, set(dots)); ok {
			t.Errorf("%q is taken as a snapshot_id", dots)
		}
	}
	if _, err := d.ParseID([]driver.IDPart{driver.PartSnapshot}, "plain/...a.b"); err != nil {
		t.Errorf("dots in an ID are no segment: %v", err)
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"snap1":                  `"snap1"`,
		"a\x1bb\u202ec":          `"a\x1bb\u202ec"`,
		strings.Repeat("ä", 100): `"` + strings.Repeat("ä", 100) + `"`,
		strings.Repeat("ä", 101): `"` + strings.Repeat("ä", 100) + `"…`,
	} {
		if got := driver.Quote(in); got != want {
			t.Errorf("%q became %s", in, got)
		}
	}
	if _, err := descriptor("plain").ParseID([]driver.IDPart{driver.PartSnapshot}, strings.Repeat("x", 1<<17)); len(err.Error()) > 250 {
		t.Errorf("the error has %d characters", len(err.Error()))
	}
}

func TestCheckLocation_saysWhereToSetIt(t *testing.T) {
	d := driver.Descriptor{Name: "cloud", Title: "Cloud", Limits: driver.Limits{Location: driver.LocationChosen}}
	for want, fields := range map[string][]driver.Field{
		"Set location.": nil,
		"Set location, or zone in the provider's cloud block.":                                         {{Name: "zone"}},
		"Set location, or zone in the provider's cloud block, or the environment variable CLOUD_ZONE.": {{Name: "zone", Env: []string{"CLOUD_ZONE", "OLD"}}},
	} {
		d.Fields, d.Limits.LocationField = fields, "zone"
		if p, ok := rules.CheckLocation(d, rules.Optional[string]{}); ok || p.Hint != want {
			t.Errorf("got %q, want %q", p.Hint, want)
		}
	}
}

func TestCheckLocationFilter(t *testing.T) {
	set := func(v string) rules.Optional[string] { return rules.Optional[string]{Value: v, Set: true} }
	for name, test := range map[string]struct {
		rule     driver.LocationRule
		location rules.Optional[string]
		want     string
	}{
		"reported region": {driver.LocationReported, set("fra"), ""},
		"unknown region":  {driver.LocationReported, rules.Optional[string]{Unknown: true}, ""},
		"empty region":    {driver.LocationReported, set(""), "the location must not be empty"},
		"chosen zone":     {driver.LocationChosen, set("ch-1"), ""},
		"no zone":         {driver.LocationChosen, rules.Optional[string]{}, "Cloud keeps its objects per zone, and no zone is set"},
		"no locations":    {driver.LocationNone, set("fra"), "the location of an object at Cloud cannot be chosen"},
	} {
		d := driver.Descriptor{Name: "cloud", Title: "Cloud", Limits: driver.Limits{Location: test.rule}}
		p, ok := rules.CheckLocationFilter(d, test.location)
		if ok != (test.want == "") || p.Message != test.want {
			t.Errorf("%s: got %q, want %q", name, p.Message, test.want)
		}
	}
}
