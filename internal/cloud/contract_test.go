package cloud

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func TestCan_isWhatTheClientImplements(t *testing.T) {
	f := &fake{t: t}
	plain := fakeDriver{
		descriptor: descriptor("plain"),
		client:     plainClient{f, snapshotPart{f}, editorPart{f}, imagePart{f}, listPart{f}, statsPart{f}},
	}
	zone := fakeDriver{
		descriptor: descriptor("zone"),
		client: zoneClient{
			f,
			operationPart{f},
			snapshotPart{f},
			imagePart{f},
			listPart{f},
			promotePart{f},
			exportPart{f},
		},
	}
	slot := fakeDriver{
		descriptor: descriptor("slot"),
		client:     slotClient{f, operationPart{f}, snapshotPart{f}, slotPart{f}},
	}
	volumes := fakeDriver{
		descriptor: descriptor("volumes"), client: &volumeClient{fake: f, snapshotPart: snapshotPart{f}},
	}
	rewind := fakeDriver{
		descriptor: descriptor("rewind"), client: &restores{fake: f, snapshotPart: snapshotPart{f}},
	}
	bare := fakeDriver{descriptor: descriptor("bare"), client: bareClient{f}}
	broken := fakeDriver{descriptor: descriptor("broken"), err: errors.New("no")}
	want := map[driver.Capability]string{
		driver.CapabilitySnapshot:         "plain zone slot volumes rewind",
		driver.CapabilitySnapshotRestore:  "rewind",
		driver.CapabilityCustomImage:      "plain zone",
		driver.CapabilityImages:           "plain zone",
		driver.CapabilityImageStats:       "plain",
		driver.CapabilitySnapshotTemplate: "zone",
		driver.CapabilitySnapshotVolume:   "volumes",
		driver.CapabilitySnapshotExport:   "zone",
	}
	for a, names := range want {
		if got := strings.Join(
			driver.SupportedBy([]driver.Driver{plain, zone, slot, volumes, rewind, bare, broken}, a), " ",
		); got != names {
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
		t.Error("a client supports a capability that does not exist")
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
		"plain/7/s1": {
			[]driver.IDPart{driver.PartSource, driver.PartSnapshot},
			driver.Ref{SourceID: "7", ObjectID: "s1"},
			"plain/<instance_id>/<snapshot_id>",
		},
		"plain/zone-1/s1": {
			[]driver.IDPart{driver.PartLocation, driver.PartSnapshot},
			driver.Ref{Location: "zone-1", ObjectID: "s1"},
			"plain/<zone>/<snapshot_id>",
		},
		"plain/s1": {[]driver.IDPart{driver.PartSnapshot}, driver.Ref{ObjectID: "s1"}, "plain/<snapshot_id>"},
		"plain/7":  {[]driver.IDPart{driver.PartSource}, driver.Ref{SourceID: "7"}, "plain/<instance_id>"},
		"plain/i1": {[]driver.IDPart{driver.PartImage}, driver.Ref{ObjectID: "i1"}, "plain/<image_id>"},
		"plain/z/t1": {
			[]driver.IDPart{driver.PartLocation, driver.PartTemplate},
			driver.Ref{Location: "z", ObjectID: "t1"},
			"plain/<zone>/<template_id>",
		},
		"plain/v1": {[]driver.IDPart{driver.PartVolume}, driver.Ref{ObjectID: "v1"}, "plain/<volume_id>"},
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
	for _, id := range []string{
		"", "plain", "plain/", "plain/7", "plain/7/", "plain//s1", "plain/7/s1/x", "other/7/s1", "7/s1", "/7/s1",
		"PLAIN/7/s1",
	} {
		ref, err := d.ParseID(d.Limits.SnapshotID, id)
		if err == nil || ref != (driver.Ref{}) ||
			!strings.Contains(err.Error(), "The plain expects plain/<instance_id>/<snapshot_id>") {
			t.Errorf("%q: %+v, %v", id, ref, err)
		}
	}
}

func TestOperation(t *testing.T) {
	if !(driver.Operation{}).Done() || (driver.Operation{ID: "j"}).Done() ||
		(driver.Operation{PollObject: true}).Done() {
		t.Error("an operation is done when nothing is left to wait for")
	}
}

// A segment that a path does without never gets into a request.
func TestIDs_dotSegmentsAreRefused(t *testing.T) {
	d := descriptor("plain")
	for _, dots := range []string{".", ".."} {
		if _, err := d.ParseID([]driver.IDPart{driver.PartSource, driver.PartSnapshot}, "plain/7/"+dots); err == nil {
			t.Errorf("%q is taken as an ID in an import", dots)
		}
		if _, err := d.ParseID(
			[]driver.IDPart{driver.PartLocation, driver.PartSnapshot}, "plain/"+dots+"/s1",
		); err == nil {
			t.Errorf("%q is taken as a location in an import", dots)
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
	_, err := descriptor("plain").ParseID([]driver.IDPart{driver.PartSnapshot}, strings.Repeat("x", 1<<17))
	if len(err.Error()) > 250 {
		t.Errorf("the error has %d characters", len(err.Error()))
	}
}
