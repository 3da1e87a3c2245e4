package snapshot

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Every field of the domain must survive the way into the state and back: a forgotten line in one of the two
// conversions shows here.
func TestModel_completeBothWays(t *testing.T) {
	number, flag := int64(7), true
	full := driver.Snapshot{
		ID: "snap1", SourceID: "42001", Location: "fra", Name: "name", Description: "text", State: driver.StateReady,
		CreatedAt: time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC), ExpiresAt: time.Date(2026, 10, 21, 10, 0, 0, 0, time.UTC),
		SizeGiB: &number, ImageID: "image", ImageName: "debian", ApplicationConsistent: &flag, StorageType: "remote",
		RestoreTimeSeconds: &number,
	}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(full)) {
		if reflect.ValueOf(full).FieldByIndex(field.Index).IsZero() {
			t.Fatalf("the test leaves %s out", field.Name)
		}
	}
	for name, s := range map[string]driver.Snapshot{"full": full, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			var m resourceModel
			m.fromSnapshot(driver.Descriptor{Name: "koyeb"}, s)
			if diff := cmp.Diff(s, m.toSnapshot()); diff != "" {
				t.Errorf("something is lost on the way (-sent +got):\n%s", diff)
			}
		})
	}
}

func TestModel_changeSendsOnlyWhatChanged(t *testing.T) {
	var before, after resourceModel
	before.fromSnapshot(driver.Descriptor{}, driver.Snapshot{Name: "one", Description: "same"})
	after.fromSnapshot(driver.Descriptor{}, driver.Snapshot{Name: "two", Description: "same"})
	change := before.toChange(after)
	if change.Name == nil || *change.Name != "two" || change.Description != nil {
		t.Errorf("got %+v", change)
	}
	if none := before.toChange(before); none != (driver.SnapshotChange{}) {
		t.Errorf("nothing changed, and %+v would be sent", none)
	}
}
