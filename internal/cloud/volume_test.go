package cloud

import (
	"context"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// volumeClient has snapshots, and volumes that are created from them. Each function stands for one request.
type volumeClient struct {
	*fake
	snapshotPart

	volume       func() (driver.Volume, error)
	volumes      func() ([]driver.Volume, error)
	createVolume func(ctx context.Context, spec driver.VolumeSpec) (driver.Volume, error)
	updateVolume func(change driver.VolumeChange) (driver.Volume, error)
	deleteVolume func() (driver.Operation, error)
}

func (c *volumeClient) Volume(context.Context, driver.Ref) (driver.Volume, error) {
	c.note("Volume", c.volume != nil)
	return c.volume()
}

func (c *volumeClient) Volumes(_ context.Context, location string) iter.Seq2[[]driver.Volume, error] {
	return driver.Unpaged(func() ([]driver.Volume, error) {
		c.note("Volumes in "+location, c.volumes != nil)
		return c.volumes()
	})
}

func (c *volumeClient) CreateVolume(ctx context.Context, spec driver.VolumeSpec) (driver.Volume, error) {
	c.note("CreateVolume", c.createVolume != nil)
	return c.createVolume(ctx, spec)
}

func (c *volumeClient) UpdateVolume(
	_ context.Context, _ driver.Ref, change driver.VolumeChange,
) (driver.Volume, error) {
	c.note("UpdateVolume", c.updateVolume != nil)
	return c.updateVolume(change)
}

func (c *volumeClient) DeleteVolume(context.Context, driver.Ref) (driver.Operation, error) {
	c.note("DeleteVolume", c.deleteVolume != nil)
	return c.deleteVolume()
}

// volumeSpec has no location, as in a configuration.
var volumeSpec = driver.VolumeSpec{SnapshotID: "s1", Name: "restored"}

// remote is the snapshot of volumeSpec as a volume can be created from it.
var remote = driver.Snapshot{
	ID: "s1", Location: "fra", State: driver.StateReady, StorageType: driver.StorageRemote,
}

// newVolumes is a cloud that moves snapshots to remote storage, with one that has been moved and no volume.
func newVolumes(t *testing.T) (*Cloud, *volumeClient) {
	t.Helper()
	f := &fake{t: t, snapshot: func(context.Context, driver.Ref) (driver.Snapshot, error) { return remote, nil }}
	client := &volumeClient{fake: f, snapshotPart: snapshotPart{f}}
	client.volumes = func() ([]driver.Volume, error) { return nil, nil }
	d := descriptor("volumes")
	d.Limits.Snapshot = driver.Attributes{driver.WaitForRemote: {Support: driver.Optional}}
	return open(t, d, client), client
}

func TestCreateVolume_waitsUntilTheSnapshotIsRemote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := newVolumes(t)
		local, moving := remote, remote
		local.StorageType, moving.StorageType, moving.State = "local", "local", driver.StateMigrating
		next := sequence(
			driver.Snapshot{ID: "s1", Location: "fra", State: driver.StateCreating}, local, moving, remote)
		client.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return next(), nil }
		client.createVolume = func(_ context.Context, spec driver.VolumeSpec) (driver.Volume, error) {
			want := volumeSpec
			want.Location = "fra"
			if spec != want || client.count("Snapshot") != 4 || client.count("Volumes in fra") != 1 {
				t.Errorf("created %+v after %v", spec, client.calls)
			}
			return driver.Volume{ID: "v1", Name: "restored"}, nil
		}
		made, operation, err := c.CreateVolume(t.Context(), volumeSpec)
		if err != nil || made.ID != "v1" || made.Location != "fra" || operation != (driver.Operation{}) ||
			!c.tracker.isTracked("v1") {
			t.Errorf("got %+v, %+v, %v", made, operation, err)
		}
	})
}

func TestCreateVolume_snapshotThatCannotBeUsed(t *testing.T) {
	for name, tc := range map[string]struct {
		state driver.State
		err   error
		kind  driver.Kind
		says  string
		plan  driver.Kind
	}{
		"absent":  {err: errNotFound, kind: driver.KindNotFound, says: "not found", plan: driver.KindNotFound},
		"deleted": {state: driver.StateDeleting, kind: driver.KindNotFound, says: "deleted", plan: driver.KindNotFound},
		"failed":  {state: driver.StateError, kind: driver.KindFailed, says: "state error", plan: driver.KindFailed},
		"unknown": {state: "odd", kind: driver.KindTimeout, says: "odd"},
		"local":   {state: driver.StateReady, kind: driver.KindTimeout, says: "not in remote storage yet"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, client := newVolumes(t)
				client.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
					return driver.Snapshot{ID: "s1", State: tc.state}, tc.err
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				_, _, err := c.CreateVolume(ctx, volumeSpec)
				if e := failed(t, c, err, tc.kind, "create volume"); !strings.Contains(e.Message, tc.says) {
					t.Errorf("got %q, want %q", e.Message, tc.says)
				}
				if got := driver.KindOf(c.CheckVolume(t.Context(), volumeSpec)); got != tc.plan {
					t.Errorf("the check gives kind %d, want %d", got, tc.plan)
				}
				if c.tracker.isTracked("s1") {
					t.Error("the snapshot counts as one of a resource of this run")
				}
			})
		})
	}
}

// A cloud that does not move snapshots creates a volume from one that is ready.
func TestCreateVolume_snapshotThatIsNotMoved(t *testing.T) {
	_, client := newVolumes(t)
	c := open(t, descriptor("still"), client)
	client.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: "s1", State: driver.StateReady}, nil
	}
	client.createVolume = func(context.Context, driver.VolumeSpec) (driver.Volume, error) {
		return driver.Volume{ID: "v1"}, nil
	}
	made, _, err := c.CreateVolume(t.Context(), volumeSpec)
	if err != nil || made.ID != "v1" || client.count("Snapshot") != 1 {
		t.Errorf("got %+v, %v after %v", made, err, client.calls)
	}
}

func TestCreateVolume_lostReply(t *testing.T) {
	for name, tc := range map[string]struct {
		// list has the volumes after the request. The one named old exists before it too.
		list    func(now time.Time) []driver.Volume
		blind   bool
		adopted string
		hint    string
	}{
		"exactly one": {adopted: "new", list: func(now time.Time) []driver.Volume {
			return []driver.Volume{
				{ID: "new", Name: "restored", SnapshotID: "s1", CreatedAt: now},
				{ID: "old", Name: "restored", SnapshotID: "s1", CreatedAt: now},
				{ID: "other name", Name: "other", SnapshotID: "s1", CreatedAt: now},
				{ID: "other snapshot", Name: "restored", SnapshotID: "s2", CreatedAt: now},
				{ID: "older", Name: "restored", SnapshotID: "s1", CreatedAt: now.Add(-time.Hour)},
				{ID: "tracked", Name: "restored", SnapshotID: "s1", CreatedAt: now},
			}
		}},
		"two": {hint: "shows 2 new volumes", list: func(now time.Time) []driver.Volume {
			return []driver.Volume{
				{ID: "a", Name: "restored", SnapshotID: "s1", CreatedAt: now},
				{ID: "b", Name: "restored", SnapshotID: "s1", CreatedAt: now},
			}
		}},
		"none": {hint: "shows no new volume", list: func(time.Time) []driver.Volume { return nil }},
		"no listing before": {blind: true, hint: "It was not adopted", list: func(now time.Time) []driver.Volume {
			return []driver.Volume{{ID: "new", Name: "restored", SnapshotID: "s1", CreatedAt: now}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, client := newVolumes(t)
				c.Track(driver.Ref{ObjectID: "tracked"})
				client.volumes = func() ([]driver.Volume, error) {
					switch {
					case client.count("CreateVolume") > 0:
						return tc.list(time.Now()), nil
					case tc.blind:
						return nil, answer(500, "down")
					}
					return []driver.Volume{{ID: "old"}}, nil
				}
				client.createVolume = func(context.Context, driver.VolumeSpec) (driver.Volume, error) {
					return driver.Volume{}, lostReply()
				}
				made, operation, err := c.CreateVolume(t.Context(), volumeSpec)
				if n := client.count("CreateVolume"); n != 1 {
					t.Errorf("sent %d times", n)
				}
				if tc.adopted != "" {
					if err != nil || made.ID != tc.adopted || !operation.Adopted || !operation.Done() {
						t.Errorf("got %+v, %+v, %v", made, operation, err)
					}
					return
				}
				e := failed(t, c, err, driver.KindAmbiguous, "create volume")
				if !strings.Contains(e.Hint, tc.hint) || !strings.Contains(e.Hint, "the volumes of this account") {
					t.Errorf("got %q, want %q", e.Hint, tc.hint)
				}
			})
		})
	}
}

func TestCreateVolume_refusedAndCancelled(t *testing.T) {
	c, client := newVolumes(t)
	client.createVolume = func(context.Context, driver.VolumeSpec) (driver.Volume, error) {
		return driver.Volume{}, answer(402, "no room")
	}
	_, _, err := c.CreateVolume(t.Context(), volumeSpec)
	failed(t, c, err, driver.KindLimit, "create volume")
	client.createVolume = func(context.Context, driver.VolumeSpec) (driver.Volume, error) {
		return driver.Volume{Name: "without ID"}, nil
	}
	client.volumes = func() ([]driver.Volume, error) { return nil, answer(500, "down") }
	_, _, err = c.CreateVolume(t.Context(), volumeSpec)
	failed(t, c, err, driver.KindAmbiguous, "create volume")
	ctx, cancel := context.WithCancel(t.Context())
	client.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
		cancel()
		return driver.Snapshot{ID: "s1", State: driver.StateCreating}, nil
	}
	before := client.count("CreateVolume")
	_, _, err = c.CreateVolume(ctx, volumeSpec)
	failed(t, c, err, driver.KindCanceled, "create volume")
	if client.count("CreateVolume") != before {
		t.Error("a request was sent after the interrupt")
	}
}

func TestVolume_readUpdateAndDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := newVolumes(t)
		ref := driver.Ref{Location: "fra", ObjectID: "v1"}
		client.volume = func() (driver.Volume, error) { return driver.Volume{ID: "v1", State: "attached"}, nil }
		if v, err := c.Volume(t.Context(), ref); err != nil || v.Location != "fra" || !c.tracker.isTracked("v1") {
			t.Errorf("got %+v, %v", v, err)
		}
		busy := sequence[error](answer(423, "locked"), nil)
		client.updateVolume = func(change driver.VolumeChange) (driver.Volume, error) {
			return driver.Volume{ID: "v1", Name: *change.Name}, busy()
		}
		name := "renamed"
		v, err := c.UpdateVolume(t.Context(), ref, driver.VolumeChange{Name: &name})
		if err != nil || v.Name != name || v.Location != "fra" || client.count("UpdateVolume") != 2 {
			t.Errorf("got %+v, %v", v, err)
		}
		client.updateVolume = func(driver.VolumeChange) (driver.Volume, error) {
			return driver.Volume{}, answer(400, "too long")
		}
		_, err = c.UpdateVolume(t.Context(), ref, driver.VolumeChange{Name: &name})
		failed(t, c, err, driver.KindInvalid, "update volume")

		client.deleteVolume = func() (driver.Operation, error) {
			return driver.Operation{}, &driver.Error{
				Kind: driver.KindConflict, Hint: "Detach it.", Err: answer(400, "attached"),
			}
		}
		err = c.DeleteVolume(t.Context(), ref)
		e := failed(t, c, err, driver.KindConflict, "delete volume")
		if e.Hint != "Detach it." || e.Message != "attached" || e.Status != 400 {
			t.Errorf("got %+v", e)
		}
		client.deleteVolume = func() (driver.Operation, error) { return driver.Operation{PollObject: true}, nil }
		steps := sequence[error](nil, nil, errNotFound)
		client.volume = func() (driver.Volume, error) {
			return driver.Volume{ID: "v1", State: driver.StateDeleting}, steps()
		}
		_, err = c.Volume(t.Context(), ref)
		failed(t, c, err, driver.KindNotFound, "read volume")
		reads := client.count("Volume")
		if err := c.DeleteVolume(t.Context(), ref); err != nil || client.count("Volume") != reads+2 {
			t.Errorf("%v after %v", err, client.calls)
		}
		client.deleteVolume = func() (driver.Operation, error) { return driver.Operation{}, errNotFound }
		if err := c.DeleteVolume(t.Context(), ref); err != nil {
			t.Errorf("deleting what is absent: %v", err)
		}
	})
}

func TestVolume_unsupported(t *testing.T) {
	c, _ := newPlain(t)
	name := "x"
	for op, call := range map[string]func() error{
		"read volume":   func() error { _, err := c.Volume(t.Context(), driver.Ref{}); return err },
		"create volume": func() error { _, _, err := c.CreateVolume(t.Context(), volumeSpec); return err },
		"update volume": func() error {
			_, err := c.UpdateVolume(t.Context(), driver.Ref{}, driver.VolumeChange{Name: &name})
			return err
		},
		"delete volume": func() error { return c.DeleteVolume(t.Context(), driver.Ref{}) },
	} {
		failed(t, c, call(), driver.KindUnsupported, op)
	}
}
