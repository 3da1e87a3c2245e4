package cloud

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
)

// kept is an operation as another process finds it in the state.
func kept(t *testing.T, operation Operation) Operation {
	t.Helper()
	text, err := json.Marshal(operation)
	if err != nil {
		t.Fatal(err)
	}
	var out Operation
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// What a cloud has accepted a moment ago cannot be over: the first poll comes after a pause, and only the first. A wait that goes on polls at once.
func TestWaits_firstPollAfterAPause(t *testing.T) {
	for name, tc := range map[string]struct {
		job   Operation
		image bool
		first time.Duration
	}{
		"snapshot that shows itself": {Operation{PollObject: true}, false, 2 * time.Second},
		"snapshot with a job":        {Operation{ID: "j", PollObject: true}, false, 2 * time.Second},
		"image that shows itself":    {Operation{PollObject: true}, true, 10 * time.Second},
		"image with a job":           {Operation{ID: "j", PollObject: true}, true, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				c.pace.Floor, c.imagePace.Floor = 2*time.Second, 10*time.Second
				f.pollJob = polls(OperationStatus{Done: true}, nil)
				f.createSnapshot = func(context.Context, SnapshotSpec) (Snapshot, Operation, error) {
					return Snapshot{ID: "s1", SourceID: "7", State: StateCreating}, tc.job, nil
				}
				f.snapshot = shows(Snapshot{ID: "s1", SourceID: "7", State: StateReady}, nil)
				f.createImage = func(context.Context, ImageSpec) (Image, Operation, error) {
					return Image{ID: "i1", State: StateCreating}, tc.job, nil
				}
				f.image = func(context.Context, Ref) (Image, error) { return Image{ID: "i1", State: StateReady}, nil }

				create := func() (wait func(operation Operation) error, operation Operation, err error) {
					if tc.image {
						made, operation, err := c.CreateImage(t.Context(), imageSpec)
						return func(operation Operation) error { _, err := c.WaitImage(t.Context(), made, operation); return err }, operation, err
					}
					made, operation, err := c.CreateSnapshot(t.Context(), SnapshotSpec{SourceID: "7"})
					return func(operation Operation) error {
						_, err := c.WaitSnapshot(t.Context(), made, operation, ReadyWhen{})
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
					t.Errorf("the wait that goes on ended after %s, want at once (%v)", time.Since(start), err)
				}
			})
		})
	}
}

func TestWaits_firstPollOfOtherWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		ref := Ref{SourceID: "7", ObjectID: "s1"}
		took := func(what string, work func() error, want time.Duration) {
			t.Helper()
			start := time.Now()
			if err := work(); err != nil || time.Since(start) != want {
				t.Errorf("%s took %s, want %s (%v)", what, time.Since(start), want, err)
			}
		}
		f.pollJob = polls(OperationStatus{Done: true}, nil)
		f.deleteSnapshot = deleting(Operation{ID: "j"})
		took("a delete with a job", func() error { return c.DeleteSnapshot(t.Context(), ref) }, time.Second)
		f.deleteSnapshot, f.snapshot = deleting(Operation{PollObject: true}), shows(Snapshot{}, errNotFound)
		took("a delete that shows itself", func() error { return c.DeleteSnapshot(t.Context(), ref) }, time.Second)
		f.deleteSnapshot = deleting(Operation{})
		took("a delete that is over at once", func() error { return c.DeleteSnapshot(t.Context(), ref) }, 0)
		f.updateImage = func(context.Context, Ref, ImageChange) (Operation, error) { return Operation{ID: "j"}, nil }
		f.image = func(context.Context, Ref) (Image, error) { return Image{ID: "i1", State: StateReady}, nil }
		took("an update", func() error { _, err := c.UpdateImage(t.Context(), ref, ImageChange{}); return err }, time.Second)
		f.snapshot = shows(Snapshot{ID: "s1", State: StateReady}, nil)
		f.startExport = func(context.Context, Ref) (Operation, error) { return Operation{ID: "j"}, nil }
		f.readExport = func(context.Context, Ref) (Export, error) { return Export{URL: "https://sos.example/x"}, nil }
		took("an export", func() error {
			operation, err := c.StartExport(t.Context(), ref)
			if err == nil {
				_, err = c.FinishExport(t.Context(), ref, operation)
			}
			return err
		}, time.Second)
	})
}

func deleting(operation Operation) func(context.Context, Ref) (Operation, error) {
	return func(context.Context, Ref) (Operation, error) { return operation, nil }
}
