package cloud

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// kept is an operation as another process finds it in the state.
func kept(t *testing.T, operation driver.Operation) driver.Operation {
	t.Helper()
	text, err := json.Marshal(operation)
	if err != nil {
		t.Fatal(err)
	}
	var out driver.Operation
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// What a cloud has accepted a moment ago cannot be over: the first poll comes after a pause, and only the first. A wait
// that an apply resumes polls at once.
func TestWaits_firstPollAfterAPause(t *testing.T) {
	for name, tc := range map[string]struct {
		operation driver.Operation
		image     bool
		first     time.Duration
	}{
		"snapshot that shows itself": {driver.Operation{PollObject: true}, false, 2 * time.Second},
		"snapshot with an operation": {driver.Operation{ID: "j", PollObject: true}, false, 2 * time.Second},
		"image that shows itself":    {driver.Operation{PollObject: true}, true, 10 * time.Second},
		"image with an operation":    {driver.Operation{ID: "j", PollObject: true}, true, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				c.pace.Floor, c.imagePace.Floor = 2*time.Second, 10*time.Second
				f.getOperation = polls(driver.OperationStatus{Done: true}, nil)
				f.createSnapshot = func(
					context.Context, driver.SnapshotSpec,
				) (driver.Snapshot, driver.Operation, error) {
					return driver.Snapshot{ID: "s1", SourceID: "7", State: driver.StateCreating}, tc.operation, nil
				}
				f.snapshot = shows(driver.Snapshot{ID: "s1", SourceID: "7", State: driver.StateReady}, nil)
				f.createImage = func(context.Context, driver.ImageSpec) (driver.Image, driver.Operation, error) {
					return driver.Image{ID: "i1", State: driver.StateCreating}, tc.operation, nil
				}
				f.image = func(context.Context, driver.Ref) (driver.Image, error) {
					return driver.Image{ID: "i1", State: driver.StateReady}, nil
				}

				create := func() (wait func(operation driver.Operation) error, operation driver.Operation, err error) {
					if tc.image {
						made, operation, err := c.CreateImage(t.Context(), imageSpec)
						return func(operation driver.Operation) error {
							_, err := c.WaitImage(t.Context(), made, operation)
							return err
						}, operation, err
					}
					made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "7"})
					return func(operation driver.Operation) error {
						_, err := c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
						return err
					}, operation, err
				}
				start := time.Now()
				wait, operation, err := create()
				if err == nil {
					err = wait(operation)
				}
				if took := time.Since(start); err != nil || took != tc.first {
					t.Errorf("the wait after a create ended after %s, want %s (%v)", took, tc.first, err)
				}
				start = time.Now()
				if err := wait(kept(t, operation)); err != nil || time.Since(start) != 0 {
					t.Errorf("the resumed wait ended after %s, want at once (%v)", time.Since(start), err)
				}
			})
		})
	}
}

func TestWaits_firstPollOfOtherWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		ref := driver.Ref{SourceID: "7", ObjectID: "s1"}
		took := func(what string, work func() error, want time.Duration) {
			t.Helper()
			start := time.Now()
			if err := work(); err != nil || time.Since(start) != want {
				t.Errorf("%s took %s, want %s (%v)", what, time.Since(start), want, err)
			}
		}
		f.getOperation = polls(driver.OperationStatus{Done: true}, nil)
		f.deleteSnapshot = deleting(driver.Operation{ID: "j"})
		took("a delete with an operation", func() error { return c.DeleteSnapshot(t.Context(), ref) }, time.Second)
		f.deleteSnapshot = deleting(driver.Operation{PollObject: true})
		f.snapshot = shows(driver.Snapshot{}, errNotFound)
		took("a delete that shows itself", func() error { return c.DeleteSnapshot(t.Context(), ref) }, time.Second)
		f.deleteSnapshot = deleting(driver.Operation{})
		took("a delete that is over at once", func() error { return c.DeleteSnapshot(t.Context(), ref) }, 0)
		f.updateImage = func(context.Context, driver.Ref, driver.ImageChange) (driver.Operation, error) {
			return driver.Operation{ID: "j"}, nil
		}
		f.image = func(context.Context, driver.Ref) (driver.Image, error) {
			return driver.Image{ID: "i1", State: driver.StateReady}, nil
		}
		took(
			"an update",
			func() error { _, err := c.UpdateImage(t.Context(), ref, driver.ImageChange{}); return err },
			time.Second,
		)
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil)
		f.startExport = func(
			context.Context, driver.Ref,
		) (driver.Operation, error) {
			return driver.Operation{ID: "j"}, nil
		}
		f.readExport = func(context.Context, driver.Ref) (driver.Export, error) {
			return driver.Export{URL: "https://sos.example/x"}, nil
		}
		took("an export", func() error {
			operation, err := c.StartExport(t.Context(), ref)
			if err == nil {
				_, err = c.FinishExport(t.Context(), ref, operation)
			}
			return err
		}, time.Second)
	})
}

func deleting(operation driver.Operation) func(context.Context, driver.Ref) (driver.Operation, error) {
	return func(context.Context, driver.Ref) (driver.Operation, error) { return operation, nil }
}
