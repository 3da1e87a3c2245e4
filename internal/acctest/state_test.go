package acctest_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// A sandbox that is started with the state file of another one continues its work: the same objects, the same
// operations under the same IDs.
func TestSandbox_workSurvivesARestart(t *testing.T) {
	for _, d := range acctest.Drivers() {
		name := d.Descriptor().Name
		t.Run(name, func(t *testing.T) {
			options := []sandboxtest.Option{
				sandboxtest.WithLatency(time.Hour),
				sandboxtest.WithStateFile(filepath.Join(t.TempDir(), "state.json")),
			}
			connect := func(box *sandboxtest.Sandbox) *cloud.Cloud {
				t.Helper()
				c, err := cloud.Open(d, box.Settings(d), cloud.Options{PollInterval: time.Millisecond, Grace: time.Millisecond})
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			box := sandboxtest.Start(t, []driver.Driver{d}, options...)
			c := connect(box)
			source := freeSource(t, box.Inventory()[name])
			spec := specOf(c, source, "in mid-work")
			made, operation, err := c.CreateSnapshot(t.Context(), spec)
			if err != nil {
				t.Fatal(err)
			}
			image, imageJob := beginImage(t, c, spec.Location)
			before := box.Inventory()[name]
			box.Stop()

			next := sandboxtest.Start(t, []driver.Driver{d}, options...)
			if diff := cmp.Diff(before, next.Inventory()[name]); diff != "" {
				t.Error("after the restart:", diff)
			}
			next.Advance(4 * time.Hour)
			c = connect(next)
			made, err = c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
			if err != nil || made.ID == "" || made.State != driver.StateReady || made.SourceID != source.SourceID {
				t.Errorf("the snapshot ends as %+v (%v)", made, err)
			}
			if image.Name != "" {
				if image, err = c.WaitImage(t.Context(), image, imageJob); err != nil || image.State != driver.StateReady {
					t.Errorf("the image ends as %+v (%v)", image, err)
				}
			}
		})
	}
}

// A sandbox that is as fast as can be stays so when its clock is put back in the middle of something.
func TestSandbox_clockPutBack(t *testing.T) {
	for _, d := range acctest.Drivers() {
		name := d.Descriptor().Name
		t.Run(name, func(t *testing.T) {
			box := sandboxtest.Start(t, []driver.Driver{d})
			c, err := cloud.Open(d, box.Settings(d), cloud.Options{PollInterval: time.Millisecond, Grace: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			source := freeSource(t, box.Inventory()[name])
			spec := specOf(c, source, "back in time")
			made, operation, err := c.CreateSnapshot(t.Context(), spec)
			if err != nil {
				t.Fatal(err)
			}
			box.Advance(-2 * time.Hour)
			if made, err = c.WaitSnapshot(
				t.Context(),
				made,
				operation,
				driver.ReadyWhen{},
			); err != nil ||
				made.State != driver.StateReady {
				t.Fatalf("%+v (%v)", made, err)
			}
			if err := c.DeleteSnapshot(t.Context(), made.Ref()); err != nil {
				t.Error(err)
			}
			if slices.ContainsFunc(
				box.Inventory()[name].Snapshots,
				func(s simkit.Snapshot) bool { return s.SnapshotID == made.ID },
			) {
				t.Error("it is still there")
			}
		})
	}
}

// freeSource finds something to take a snapshot of that has none yet.
func freeSource(t *testing.T, inventory simkit.Inventory) simkit.Source {
	t.Helper()
	for _, s := range inventory.Sources {
		taken := slices.ContainsFunc(inventory.Snapshots, func(n simkit.Snapshot) bool { return n.SourceID == s.SourceID })
		if s.Slots != 0 && !taken {
			return s
		}
	}
	t.Fatal("every source has a snapshot")
	return simkit.Source{}
}

// specOf is a snapshot of a source, with the attributes that its cloud has.
func specOf(c *cloud.Cloud, source simkit.Source, name string) driver.SnapshotSpec {
	spec := driver.SnapshotSpec{SourceID: source.SourceID}
	if c.Limits.Location.Settable() {
		spec.Location = source.Location
	}
	if c.Limits.Snapshot["name"].Settable() {
		spec.Name = name
	}
	return spec
}

// beginImage has an image fetched where the cloud can, and returns none where it cannot.
func beginImage(t *testing.T, c *cloud.Cloud, location string) (driver.Image, driver.Operation) {
	t.Helper()
	image, operation, err := c.CreateImage(t.Context(), driver.ImageSpec{
		Location: location,
		Name:     "in mid-work",
		URL:      "https://images.example.net/golden.qcow2",
		OSType:   "Linux",
		Version:  "12",
		Checksum: "d41d8cd98f00b204e9800998ecf8427e",
	})
	switch {
	case driver.KindOf(err) == driver.KindUnsupported:
		return driver.Image{}, driver.Operation{}
	case err != nil:
		t.Fatal(err)
	}
	image.Name = "in mid-work"
	return image, operation
}

// Two unused sandboxes are equal except for the time at which they were started.
func TestSandbox_sameSeedAtEveryStart(t *testing.T) {
	inventories := make([]map[string]simkit.Inventory, 0, 2)
	for range 2 {
		inventory := sandboxtest.Start(t, acctest.Drivers()).Inventory()
		for _, lists := range inventory {
			if len(lists.Sources) == 0 || len(lists.Snapshots) == 0 {
				t.Errorf("nothing to play with: %+v", lists)
			}
			for i := range lists.Snapshots {
				lists.Snapshots[i].CreatedAt = time.Time{}
				// Where the cloud names snapshots, it does so by the time.
				lists.Snapshots[i].Name = ""
			}
		}
		inventories = append(inventories, inventory)
	}
	if diff := cmp.Diff(inventories[0], inventories[1]); diff != "" {
		t.Error(diff)
	}
}
