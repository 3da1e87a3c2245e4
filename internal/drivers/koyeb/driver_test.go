package koyeb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// open starts a sandbox with Koyeb in it, and opens the driver on it as the Terraform surface does.
func open(t *testing.T, options ...sandboxtest.Option) (*cloud.Cloud, *sandboxtest.Sandbox) {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{koyeb.Driver{}}, options...)
	c, err := cloud.Open(koyeb.Driver{}, box.Settings(koyeb.Driver{}), cloud.Options{PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return c, box
}

// asked lists the requests since the last time, without the mount.
func asked(t *testing.T, box *sandboxtest.Sandbox) []string {
	t.Helper()
	var out []string
	for _, e := range box.Journal() {
		path := strings.TrimPrefix(e.Path, "/koyeb/v1")
		if rest, ok := strings.CutPrefix(path, "/snapshots/"); ok && rest != "" {
			path = "/snapshots/ID"
		}
		out = append(out, e.Method+" "+path)
	}
	box.ClearJournal()
	return out
}

func create(t *testing.T, c *cloud.Cloud, spec driver.SnapshotSpec, want driver.ReadyWhen) driver.Snapshot {
	t.Helper()
	made, operation, err := c.CreateSnapshot(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if made.ID == "" || made.State != driver.StateCreating || operation.Done() {
		t.Fatalf("made %+v with the operation %+v, want an ID, creating and work left", made, operation)
	}
	ready, err := c.WaitSnapshot(t.Context(), made, operation, want)
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

func TestDescriptor_opensEmptyAndSaysWhatItCan(t *testing.T) {
	d := koyeb.Driver{}.Descriptor()
	if _, err := (koyeb.Driver{}).Open(driver.Settings{}); err != nil {
		t.Error(err)
	}
	if _, err := (koyeb.Driver{}).Open(
		driver.Settings{Values: map[string]string{"endpoint": "app.koyeb.com"}},
	); err == nil {
		t.Error("an endpoint without a scheme is accepted")
	}
	if !driver.Supports(koyeb.Driver{}, driver.CapabilitySnapshot) ||
		driver.Supports(koyeb.Driver{}, driver.CapabilitySnapshotExport) {
		t.Error("the abilities are wrong")
	}
	if got := d.FormatID(
		d.Limits.SnapshotID, driver.Ref{Location: "fra", SourceID: "v", ObjectID: "s"},
	); got != "koyeb/s" {
		t.Errorf("the import ID is %s", got)
	}
	check := func(config rules.Config) []rules.Violation {
		return rules.Check(d, "snapshot", d.Limits.Snapshot, config)
	}
	for name, fits := range map[string]bool{
		"a": false, "ab": true, strings.Repeat("é", 63): true, strings.Repeat("a", 64): false,
	} {
		problems := check(rules.Config{"source_id": rules.Text(sim.VolumeFra1), "name": rules.Text(name)})
		if (len(problems) == 0) != fits {
			t.Errorf("%q: %+v", name, problems)
		}
	}
	for _, id := range []string{"a\nb", "a?b", "a#b", "..", "a..b", "a b", "A", "a%2fb", "-", ""} {
		if _, ok := rules.CheckSourceID(d, rules.Text(id)); ok {
			t.Errorf("%q is taken for the ID of a volume", id)
		}
	}
	problems := check(rules.Config{"source_id": rules.Text("a/b"), "description": rules.Text("x")})
	if len(problems) != 2 {
		t.Errorf("got %+v, want problems with source_id and description", problems)
	}
	if _, ok := rules.CheckLocation(d, rules.Text("fra")); ok {
		t.Error("a region can be chosen")
	}
}

func TestSnapshot_wholeLife(t *testing.T) {
	c, box := open(t)
	ctx := t.Context()
	ready := create(t, c, driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"}, driver.ReadyWhen{})
	if ready.State != driver.StateReady || ready.StorageType != "local" ||
		ready.Location != "fra" || ready.SourceID != sim.VolumeFra1 ||
		ready.Name != "nightly" || ready.SizeGiB == nil ||
		*ready.SizeGiB != 10 ||
		time.Since(ready.CreatedAt) > time.Minute {
		t.Errorf("ready is %+v", ready)
	}
	if got, want := asked(t, box), []string{"GET /snapshots", "POST /snapshots", "GET /snapshots/ID"}; !slices.Equal(
		got,
		want,
	) {
		t.Errorf("create asked %v, want %v", got, want)
	}

	read, err := c.Snapshot(ctx, driver.Ref{ObjectID: ready.ID})
	if err != nil || read.SourceID != sim.VolumeFra1 || read.Location != "fra" {
		t.Errorf("read %+v, %v", read, err)
	}
	if got, want := asked(t, box), []string{"GET /snapshots/ID"}; !slices.Equal(got, want) {
		t.Errorf("read asked %v, want %v", got, want)
	}

	name := "weekly"
	renamed, err := c.UpdateSnapshot(ctx, ready.Ref(), driver.SnapshotChange{Name: &name})
	if err != nil || renamed.Name != "weekly" || renamed.ID != ready.ID || !renamed.CreatedAt.Equal(ready.CreatedAt) {
		t.Errorf("renamed %+v, %v", renamed, err)
	}
	if got, want := asked(t, box), []string{"POST /snapshots/ID"}; !slices.Equal(got, want) {
		t.Errorf("update asked %v, want %v", got, want)
	}

	list, err := c.Snapshots(ctx, driver.SnapshotFilter{SourceID: sim.VolumeFra1})
	if err != nil || len(list) != 2 || list[0].ID != ready.ID || list[1].ID != sim.SnapshotOld {
		t.Errorf("listed %+v, %v", list, err)
	}
	box.ClearJournal()

	if err := c.DeleteSnapshot(ctx, ready.Ref()); err != nil {
		t.Fatal(err)
	}
	if got, want := asked(t, box), []string{"DELETE /snapshots/ID", "GET /snapshots/ID"}; !slices.Equal(got, want) {
		t.Errorf("delete asked %v, want %v", got, want)
	}
	if left := box.Inventory()["koyeb"].Snapshots; len(left) != 1 || left[0].SnapshotID != sim.SnapshotOld {
		t.Errorf("left are %+v", left)
	}
	for range 2 {
		if _, err := c.Snapshot(ctx, ready.Ref()); !driver.IsNotFound(err) {
			t.Errorf("reading what is deleted gives %v", err)
		}
		if err := c.DeleteSnapshot(ctx, ready.Ref()); err != nil {
			t.Errorf("deleting what is deleted gives %v", err)
		}
	}
	list, err = c.Snapshots(ctx, driver.SnapshotFilter{NameContains: "weekly"})
	if err != nil || len(list) != 0 {
		t.Errorf("what is deleted is listed: %+v, %v", list, err)
	}
}

func TestCreateSnapshot_waitsForRemote(t *testing.T) {
	c, box := open(t)
	ready := create(
		t,
		c,
		driver.SnapshotSpec{SourceID: sim.VolumeWas1, Name: "nightly"},
		driver.ReadyWhen{Remote: true},
	)
	if ready.State != driver.StateReady || ready.StorageType != driver.StorageRemote {
		t.Errorf("ready is %+v", ready)
	}
	want := []string{"GET /snapshots", "POST /snapshots", "GET /snapshots/ID", "GET /snapshots/ID", "GET /snapshots/ID"}
	if got := asked(t, box); !slices.Equal(got, want) {
		t.Errorf("asked %v, want %v", got, want)
	}
}

func TestCreateSnapshot_nameOfTheCloud(t *testing.T) {
	c, _ := open(t)
	if ready := create(t, c, driver.SnapshotSpec{SourceID: sim.VolumeWas2}, driver.ReadyWhen{}); len(ready.Name) < 2 {
		t.Errorf("the name is %q", ready.Name)
	}
}

func TestCreateSnapshot_replyLost(t *testing.T) {
	for _, do := range []string{sandbox.DoLose, sandbox.DoTruncate, sandbox.DoGarbage} {
		t.Run(do, func(t *testing.T) {
			c, box := open(t)
			box.Fault(sandbox.Fault{Method: "POST", Path: "/snapshots$", To: 1, Do: do})
			made, operation, err := c.CreateSnapshot(
				t.Context(),
				driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"},
			)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{}); err != nil {
				t.Fatal(err)
			}
			posts := 0
			for _, line := range asked(t, box) {
				if line == "POST /snapshots" {
					posts++
				}
			}
			exists := box.Inventory()["koyeb"].Snapshots
			if posts != 1 || len(exists) != 2 || exists[1].SnapshotID != made.ID {
				t.Errorf("%d POSTs, there are %+v, made is %+v", posts, exists, made)
			}
		})
	}
}

func TestCreateSnapshot_failedForSure(t *testing.T) {
	for _, test := range []struct {
		name string
		spec driver.SnapshotSpec
		want driver.Kind
	}{
		{
			"unknown volume",
			driver.SnapshotSpec{SourceID: "11111111-aaaa-4aaa-8aaa-00000000dead", Name: "nightly"},
			driver.KindNotFound,
		},
		{"no UUID", driver.SnapshotSpec{SourceID: "volume-1", Name: "nightly"}, driver.KindInvalid},
		{"long name", driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: strings.Repeat("a", 64)}, driver.KindInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, box := open(t)
			_, _, err := c.CreateSnapshot(t.Context(), test.spec)
			var failed *driver.Error
			if !errors.As(err, &failed) || failed.Kind != test.want || failed.Code == "" {
				t.Fatalf("got %v, want kind %d with a code", err, test.want)
			}
			if test.want == driver.KindInvalid && len(failed.Fields) != 1 {
				t.Errorf("the fields are %+v", failed.Fields)
			}
			if got := asked(t, box); len(got) != 2 || len(box.Inventory()["koyeb"].Snapshots) != 1 {
				t.Errorf("asked %v", got)
			}
		})
	}
}

func TestCreateSnapshot_serverError(t *testing.T) {
	c, box := open(t)
	box.Fault(sandbox.Fault{Method: "POST", Do: sandbox.DoStatus, Status: 503})
	_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"})
	if driver.KindOf(err) != driver.KindAmbiguous {
		t.Errorf("got %v, want KindAmbiguous", err)
	}
	// However often it is looked for, the listing is all that is asked.
	want := []string{"GET /snapshots", "POST /snapshots", "GET /snapshots"}
	if got := slices.Compact(asked(t, box)); !slices.Equal(got, want) {
		t.Errorf("asked %v, want %v", got, want)
	}
}

func TestWaitSnapshot_survivesAndEnds(t *testing.T) {
	shown := func(status string) func(id string) string {
		return func(id string) string {
			return fmt.Sprintf(
				`{"snapshot":{"id":%q,"parent_volume_id":%q,"status":%q,"type":"SNAPSHOT_TYPE_LOCAL"}}`,
				id,
				sim.VolumeFra1,
				status,
			)
		}
	}
	for _, test := range []struct {
		name  string
		fault sandbox.Fault
		want  driver.Kind
	}{
		{
			"transient failures",
			sandbox.Fault{To: 9, Do: sandbox.DoStatus, Status: 502, Body: "<html>"},
			driver.KindUnknown,
		},
		{"broken answers", sandbox.Fault{To: 3, Do: sandbox.DoTruncate}, driver.KindUnknown},
		{"garbage", sandbox.Fault{To: 3, Do: sandbox.DoGarbage}, driver.KindUnknown},
		{
			"words of tomorrow",
			sandbox.Fault{To: 3, Do: sandbox.DoStatus, Status: 200, Body: shown("SNAPSHOT_STATUS_HIBERNATING")},
			driver.KindUnknown,
		},
		{
			"invalid",
			sandbox.Fault{Do: sandbox.DoStatus, Status: 200, Body: shown("SNAPSHOT_STATUS_INVALID")},
			driver.KindFailed,
		},
		{
			"deleted meanwhile",
			sandbox.Fault{Do: sandbox.DoStatus, Status: 200, Body: shown("SNAPSHOT_STATUS_DELETED")},
			driver.KindNotFound,
		},
		{"token revoked", sandbox.Fault{Do: sandbox.DoStatus, Status: 401}, driver.KindAuth},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, box := open(t)
			made, operation, err := c.CreateSnapshot(
				t.Context(),
				driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"},
			)
			if err != nil {
				t.Fatal(err)
			}
			test.fault.Method = "GET"
			if body, ok := test.fault.Body.(func(id string) string); ok {
				test.fault.Body = body(made.ID)
			}
			box.Fault(test.fault)
			ready, err := c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
			switch {
			case test.want == driver.KindUnknown && (err != nil || ready.State != driver.StateReady):
				t.Errorf("got %+v and %v, want it ready", ready, err)
			case test.want != driver.KindUnknown && (driver.KindOf(err) != test.want || ready.ID != made.ID):
				t.Errorf("got %+v and %v, want kind %d and the ID", ready, err, test.want)
			}
		})
	}
}

func TestWaitSnapshot_endsWithItsContext(t *testing.T) {
	c, _ := open(t, sandboxtest.WithLatency(time.Hour))
	made, operation, err := c.CreateSnapshot(
		t.Context(),
		driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"},
	)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.WaitSnapshot(short, made, operation, driver.ReadyWhen{}); driver.KindOf(err) != driver.KindTimeout {
		t.Errorf("got %v, want KindTimeout", err)
	}
	over, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.WaitSnapshot(over, made, operation, driver.ReadyWhen{}); driver.KindOf(err) != driver.KindCanceled {
		t.Errorf("got %v, want KindCanceled", err)
	}
}

func TestSnapshot_moveWithLatency(t *testing.T) {
	c, box := open(t, sandboxtest.WithLatency(time.Hour))
	made, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: sim.VolumeFra1, Name: "nightly"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		state   driver.State
		storage string
	}{{"creating", "local"}, {"ready", "local"}, {"migrating", "local"}, {"ready", "remote"}, {"ready", "remote"}} {
		for range 2 {
			snap, err := c.Snapshot(t.Context(), made.Ref())
			if err != nil || snap.State != want.state || snap.StorageType != want.storage {
				t.Errorf("got %+v and %v, want %v", snap, err, want)
			}
		}
		box.Advance(time.Hour)
	}
}

func TestErrors_neverMeanAbsent(t *testing.T) {
	c, box := open(t)
	for status, want := range map[int]driver.Kind{
		401: driver.KindAuth, 403: driver.KindPermission, 500: driver.KindUnavailable,
	} {
		box.Fault(
			sandbox.Fault{
				Do:     sandbox.DoStatus,
				Status: status,
				Body:   map[string]any{"status": status, "code": "x", "message": "m"},
			},
		)
		if _, err := c.Snapshot(t.Context(), driver.Ref{ObjectID: sim.SnapshotOld}); driver.KindOf(err) != want {
			t.Errorf("%d: got %v, want kind %d", status, err, want)
		}
		if err := c.DeleteSnapshot(t.Context(), driver.Ref{ObjectID: sim.SnapshotOld}); driver.KindOf(err) != want {
			t.Errorf("%d: deleting gives %v, want kind %d", status, err, want)
		}
	}
}

func TestSnapshots_manyPages(t *testing.T) {
	c, _ := open(t)
	const many = 120
	for i := range many {
		if _, _, err := c.CreateSnapshot(
			t.Context(), driver.SnapshotSpec{SourceID: sim.VolumeFra2, Name: fmt.Sprintf("n-%03d", i)},
		); err != nil {
			t.Fatal(err)
		}
	}
	list, err := c.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: sim.VolumeFra2, NameContains: "n-"})
	if err != nil || len(list) != many || list[0].Name != "n-119" {
		t.Errorf("got %d and %v, want %d", len(list), err, many)
	}
}

// Koyeb does not delete a volume that a service has. The error states what to do, and has the facts of the answer.
func TestDeleteVolume_attached(t *testing.T) {
	c, box := open(t)
	before := len(box.Inventory()["koyeb"].Sources)
	err := c.DeleteVolume(t.Context(), driver.Ref{ObjectID: sim.VolumeFra1})
	var failed *driver.Error
	if !errors.As(err, &failed) || failed.Kind != driver.KindConflict || failed.Status != 400 ||
		failed.Code != "failed_precondition" || !strings.Contains(failed.Hint, "Detach it first") {
		t.Errorf("got %+v", err)
	}
	if after := len(box.Inventory()["koyeb"].Sources); after != before {
		t.Errorf("%d volumes became %d", before, after)
	}
}

// A volume that Koyeb forgets at once is deleted as well as one that it shows as DELETED.
func TestDeleteVolume_vanishes(t *testing.T) {
	c, _ := open(t)
	made, _, err := c.CreateVolume(t.Context(), driver.VolumeSpec{SnapshotID: sim.SnapshotOld, Name: "will-vanish"})
	if err == nil {
		err = c.DeleteVolume(t.Context(), made.Ref())
	}
	if err != nil {
		t.Error(err)
	}
}

// A volume that was created although the answer was lost is found on any page.
func TestCreateVolume_lostAmongMany(t *testing.T) {
	c, box := open(t)
	spec := driver.VolumeSpec{SnapshotID: sim.SnapshotOld, Name: "one of many"}
	for range 103 {
		if _, _, err := c.CreateVolume(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
	}
	box.Fault(sandbox.Fault{Method: "POST", Path: "/volumes$", To: 1, Do: sandbox.DoLose})
	made, operation, err := c.CreateVolume(t.Context(), spec)
	sources := box.Inventory()["koyeb"].Sources
	if err != nil || !operation.Adopted || made.ID != sources[len(sources)-1].SourceID {
		t.Errorf("%+v, %+v, %v", made, operation, err)
	}
}

// Without an ID the path would be that of all volumes, so nothing is sent.
func TestVolume_withoutID(t *testing.T) {
	c, box := open(t)
	name := "renamed"
	for what, err := range map[string]error{
		"read":   second(c.Volume(t.Context(), driver.Ref{})),
		"update": second(c.UpdateVolume(t.Context(), driver.Ref{}, driver.VolumeChange{Name: &name})),
	} {
		if !driver.IsNotFound(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := c.DeleteVolume(t.Context(), driver.Ref{}); driver.KindOf(err) != driver.KindConflict {
		t.Errorf("delete: %v", err)
	}
	if got := asked(t, box); len(got) > 0 {
		t.Errorf("asked %v", got)
	}
}

func second[T any](_ T, err error) error { return err }
