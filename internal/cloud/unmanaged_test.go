package cloud

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Where a source has a single snapshot, this run does not overwrite one that it took for no resource, even if the
// create may overwrite. What was there before is not that snapshot.
func TestCreateSnapshot_unmanagedIsNotOverwrittenInTheSameRun(t *testing.T) {
	at := time.Unix(1_000_000_000, 0)
	before, after := driver.Snapshot{ID: "1", CreatedAt: at}, driver.Snapshot{ID: "2", CreatedAt: at.Add(time.Hour)}
	for name, tc := range map[string]struct {
		first   error
		shown   driver.Snapshot
		managed bool
		refused bool
	}{
		"taken":                                 {shown: after, refused: true},
		"taken, then a resource":                {shown: after, managed: true, refused: true},
		"lost and perhaps taken":                {first: lostReply(), shown: after, refused: true},
		"taken, but the cloud shows the old":    {shown: before},
		"overwritten under the same ID":         {shown: driver.Snapshot{ID: "1", CreatedAt: after.CreatedAt}, refused: true},
		"refused, and somebody else took one":   {first: answer(400, "no"), shown: after},
		"refused, and the old one is still it":  {first: answer(400, "no"), shown: before},
		"lost, and nothing was taken after all": {first: lostReply(), shown: before},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.existing = existing(before, nil)
			f.createdSince = func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) {
				if f.count("CreateSnapshot") > 0 {
					return nil, answer(503, "down")
				}
				return nil, nil
			}
			f.createSnapshot = creates(driver.Operation{ID: "j1"}, tc.first)
			unmanaged := driver.SnapshotSpec{SourceID: "7", ReplaceExisting: true, Unmanaged: true}
			if _, _, err := c.CreateSnapshot(t.Context(), unmanaged); (err != nil) != (tc.first != nil) {
				t.Fatal(err)
			}
			f.existing = existing(tc.shown, nil)
			f.createSnapshot = creates(driver.Operation{ID: "j2"}, nil)
			again := driver.SnapshotSpec{SourceID: "7", ReplaceExisting: true, Unmanaged: !tc.managed}
			_, _, planned := c.Overwrites(t.Context(), again)
			_, _, err := c.CreateSnapshot(t.Context(), again)
			if !tc.refused {
				if err != nil || planned != nil {
					t.Errorf("got %v and %v", planned, err)
				}
				return
			}
			for _, err := range []error{planned, err} {
				e := failed(t, c, err, driver.KindWouldOverwrite, "create snapshot")
				if !strings.Contains(e.Message, "an action of this run took it") || !strings.Contains(e.Hint, "one trigger only") {
					t.Errorf("got %q, %q", e.Message, e.Hint)
				}
			}
		})
	}
}

// A create for no resource is no replacement: the snapshot that a resource of this run has occupies the slot.
func TestCheckExistingSnapshot_unmanagedReplacesNothing(t *testing.T) {
	c, f := newSlot(t)
	f.existing = existing(driver.Snapshot{ID: "1", CreatedAt: time.Now()}, nil)
	c.Track(driver.Ref{SourceID: "7", ObjectID: "1"})
	spec := driver.SnapshotSpec{SourceID: "7", Unmanaged: true}
	e := failed(t, c, c.CheckExistingSnapshot(t.Context(), spec), driver.KindWouldOverwrite, "create snapshot")
	if !strings.Contains(e.Hint, "terraform apply -replace") || strings.Contains(e.Hint, "create_before_destroy") {
		t.Errorf("the hint is %q", e.Hint)
	}
	spec.ReplaceExisting = true
	if old, found, err := c.Overwrites(t.Context(), spec); err != nil || !found || old.ID != "1" {
		t.Errorf("overwrites %+v, %t, %v", old, found, err)
	}
	spec.Unmanaged = false
	if _, found, err := c.Overwrites(t.Context(), spec); err != nil || found {
		t.Errorf("a replacement overwrites: %t, %v", found, err)
	}
}

func TestUniqueName_fits(t *testing.T) {
	now := time.Date(2026, 3, 1, 2, 3, 4, 0, time.UTC)
	for longest, prefix := range map[int]string{
		0: "terraform-20260301-020304-", 63: "terraform-20260301-020304-", 34: "terraform-20260301-020304-",
		33: "tf-20260301-020304-", 27: "tf-20260301-020304-", 26: "20260301-020304-",
	} {
		one, two := uniqueName(now, longest), uniqueName(now, longest)
		if !strings.HasPrefix(one, prefix) || len(one) != len(prefix)+8 || one == two {
			t.Errorf("at most %d: %q and %q", longest, one, two)
		}
	}
}

func TestCreateSnapshot_namesWhatNeedsAName(t *testing.T) {
	for support, named := range map[driver.Support]bool{
		driver.NotSupported: false, driver.Computed: false, driver.Optional: false, driver.OptionalComputed: true,
		driver.Required: true,
	} {
		c, f := newPlain(t)
		c.Limits.Snapshot = driver.Attributes{"name": {Support: support}}
		f.snapshots = lists()
		f.createSnapshot = func(_ context.Context, got driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			if (got.Name != "") != named {
				t.Errorf("support %d: the name is %q", support, got.Name)
			}
			return driver.Snapshot{ID: "s1"}, driver.Operation{}, nil
		}
		if _, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "7"}); err != nil {
			t.Error(err)
		}
	}
}
