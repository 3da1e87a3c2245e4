package koyeb

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// emptyFields names the fields of a struct that are zero.
func emptyFields(v any) []string {
	var out []string
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			out = append(out, value.Type().Field(i).Name)
		}
	}
	return out
}

func TestSnapshotFromWire_losesOnlyWhatKoyebDoesNotSay(t *testing.T) {
	size := api.Int64(10)
	wire := api.Snapshot{
		ID: "id", Name: "nightly", Size: &size, CreatedAt: "2026-09-21T12:00:00.123456+02:00",
		UpdatedAt: "2026-09-21T10:00:00Z",
		DeletedAt: "2026-09-22T10:00:00Z", OrganizationID: "org", ParentVolumeID: "vol", Region: "fra",
		Status: "SNAPSHOT_STATUS_AVAILABLE", Type: "SNAPSHOT_TYPE_REMOTE",
	}
	if empty := emptyFields(wire); empty != nil {
		t.Fatalf("the test leaves %v empty", empty)
	}
	got := snapshotFromWire(wire)
	ten := int64(10)
	want := driver.Snapshot{
		ID: "id", SourceID: "vol", Location: "fra", Name: "nightly", State: driver.StateReady,
		CreatedAt: time.Date(
			2026,
			9,
			21,
			10,
			0,
			0,
			123456000,
			time.UTC,
		), SizeGiB: &ten, StorageType: driver.StorageRemote,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	losses := []string{
		"Description",
		"ExpiresAt",
		"ImageID",
		"ImageName",
		"ApplicationConsistent",
		"RestoreTimeSeconds",
	}
	if empty := emptyFields(got); !slices.Equal(empty, losses) {
		t.Errorf("lost %v, want %v", empty, losses)
	}
}

func TestSnapshotToWire_losesOnlyWhatKoyebDoesNotTake(t *testing.T) {
	spec := driver.SnapshotSpec{
		SourceID:        "vol",
		Location:        "fra",
		Name:            "nightly",
		Description:     "before upgrade",
		ReplaceExisting: true,
		Supersedes:      "old",
		Unmanaged:       true,
	}
	if empty := emptyFields(spec); empty != nil {
		t.Fatalf("the test leaves %v empty", empty)
	}
	got := snapshotToWire(spec)
	if diff := cmp.Diff(api.CreateSnapshotRequest{ParentVolumeID: "vol", Name: "nightly"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// The project is the client's.
	if empty := emptyFields(got); !slices.Equal(empty, []string{"ProjectID"}) {
		t.Errorf("%v are empty", empty)
	}
	name := "weekly"
	if empty := emptyFields(changeToWire(driver.SnapshotChange{Name: &name})); empty != nil {
		t.Errorf("%v of a change are empty", empty)
	}
}

func TestSnapshotFromWire_nothingButAnID(t *testing.T) {
	if diff := cmp.Diff(driver.Snapshot{ID: "id"}, snapshotFromWire(api.Snapshot{ID: "id"})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPresentFromWire_words(t *testing.T) {
	for status, want := range map[string]driver.State{
		"SNAPSHOT_STATUS_CREATING":    driver.StateCreating,
		"SNAPSHOT_STATUS_AVAILABLE":   driver.StateReady,
		"snapshot_status_available":   driver.StateReady,
		"SNAPSHOT_STATUS_MIGRATING":   driver.StateMigrating,
		"SNAPSHOT_STATUS_INVALID":     driver.StateError,
		"SNAPSHOT_STATUS_DELETING":    driver.StateDeleting,
		"SNAPSHOT_STATUS_HIBERNATING": "hibernating",
		"ODD":                         "odd",
	} {
		if got, err := presentFromWire(api.Snapshot{ID: "id", Status: status}); err != nil || got.State != want {
			t.Errorf("%s: got %q and %v, want %q", status, got.State, err, want)
		}
	}
	for _, status := range []string{"SNAPSHOT_STATUS_DELETED", "snapshot_status_deleted"} {
		got, err := presentFromWire(api.Snapshot{ID: "id", Status: status})
		if driver.KindOf(err) != driver.KindNotFound {
			t.Errorf("%s: got %+v and %v, want KindNotFound", status, got, err)
		}
	}
	for kind, want := range map[string]string{
		"SNAPSHOT_TYPE_LOCAL": "local", "SNAPSHOT_TYPE_REMOTE": "remote", "SNAPSHOT_TYPE_INVALID": "", "": "",
		"SNAPSHOT_TYPE_TAPE": "tape",
	} {
		if got := storageType(kind); got != want {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
	}
}

func TestSnapshotsFromWire_filters(t *testing.T) {
	wires := []api.Snapshot{
		{ID: "1", ParentVolumeID: "a", Region: "fra", Name: "nightly", Status: "SNAPSHOT_STATUS_AVAILABLE"},
		{ID: "2", ParentVolumeID: "a", Region: "fra", Name: "weekly", Status: "SNAPSHOT_STATUS_CREATING"},
		{ID: "3", ParentVolumeID: "b", Region: "was", Name: "nightly", Status: "SNAPSHOT_STATUS_MIGRATING"},
		{ID: "4", ParentVolumeID: "a", Region: "fra", Name: "nightly", Status: "SNAPSHOT_STATUS_DELETED"},
		{ID: "5", ParentVolumeID: "a", Region: "fra", Name: "nightly", Status: "SNAPSHOT_STATUS_DELETING"},
		{ID: "1", ParentVolumeID: "a", Region: "fra", Name: "nightly", Status: "SNAPSHOT_STATUS_AVAILABLE"},
	}
	for _, test := range []struct {
		filter driver.SnapshotFilter
		want   []string
	}{
		{driver.SnapshotFilter{}, []string{"1", "2", "3"}},
		{driver.SnapshotFilter{SourceID: "a"}, []string{"1", "2"}},
		{driver.SnapshotFilter{Location: "was"}, []string{"3"}},
		{driver.SnapshotFilter{NameContains: "night"}, []string{"1", "3"}},
		{driver.SnapshotFilter{SourceID: "a", NameContains: "week"}, []string{"2"}},
		{driver.SnapshotFilter{SourceID: "c"}, nil},
	} {
		var got []string
		for page := range snapshotsFromWire(unpaged(wires...), test.filter) {
			for _, s := range page {
				got = append(got, s.ID)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.filter, got, test.want)
		}
	}
}

func TestKindOf_answers(t *testing.T) {
	for _, test := range []struct {
		status int
		code   string
		want   driver.Kind
	}{
		{400, "invalid_argument", driver.KindInvalid},
		{400, "failed_precondition", driver.KindConflict},
		{400, "9", driver.KindConflict},
		{401, "authentication_error", driver.KindAuth},
		{403, "authorization_error", driver.KindPermission},
		{404, "not_found", driver.KindNotFound},
		{404, "5", driver.KindNotFound},
		{429, "", driver.KindRateLimited},
		{500, "", driver.KindUnavailable},
		{503, "", driver.KindUnavailable},
		{200, "", driver.KindUnavailable},
		{0, "", driver.KindUnavailable},
	} {
		err := fmt.Errorf("wrapped: %w", &httpx.Error{Status: test.status, Detail: httpx.Detail{Code: test.code}})
		if got := (&client{}).KindOf(err); got != test.want {
			t.Errorf("%d %s: got %d, want %d", test.status, test.code, got, test.want)
		}
	}
	if got := kindOf(errors.New("other")); got != driver.KindUnknown {
		t.Errorf("got %d", got)
	}
}

func TestVolumeFromWire_losesNothing(t *testing.T) {
	size := api.Int64(10)
	wire := api.PersistentVolume{
		ID: "v", Name: "restored", SnapshotID: "s", Region: "fra", MaxSize: &size,
		CreatedAt: "2026-09-21T12:00:00+02:00", Status: "PERSISTENT_VOLUME_STATUS_ARCHIVING",
	}
	ten := int64(10)
	want := driver.Volume{
		ID: "v", Location: "fra", Name: "restored", SnapshotID: "s", State: "archiving",
		CreatedAt: time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC), SizeGiB: &ten,
	}
	got := volumeFromWire(wire)
	if diff := cmp.Diff(want, got); diff != "" || emptyFields(got) != nil {
		t.Errorf("%v are empty, -want +got:\n%s", emptyFields(got), diff)
	}
	if diff := cmp.Diff(driver.Volume{ID: "v"}, volumeFromWire(api.PersistentVolume{ID: "v"})); diff != "" {
		t.Errorf("nothing but an ID, -want +got:\n%s", diff)
	}
	for status, want := range map[string]driver.State{
		"PERSISTENT_VOLUME_STATUS_ATTACHED": "attached", "persistent_volume_status_detached": "detached",
		"PERSISTENT_VOLUME_STATUS_DELETING": driver.StateDeleting, "ODD": "odd",
	} {
		if got, err := presentVolumeFromWire(api.PersistentVolume{ID: "v", Status: status}); err != nil || got.State != want {
			t.Errorf("%s: got %q and %v, want %q", status, got.State, err, want)
		}
	}
	deleted := api.PersistentVolume{ID: "d", Status: "PERSISTENT_VOLUME_STATUS_DELETED"}
	if got, err := presentVolumeFromWire(deleted); driver.KindOf(err) != driver.KindNotFound {
		t.Errorf("got %+v and %v, want KindNotFound", got, err)
	}
	deleting := api.PersistentVolume{ID: "e", Status: "PERSISTENT_VOLUME_STATUS_DELETING"}
	list, err := driver.Collect(volumesFromWire(unpaged(wire, deleted, deleting, wire)))
	if diff := cmp.Diff([]driver.Volume{want}, list); err != nil || diff != "" {
		t.Errorf("listed, -want +got:\n%s %v", diff, err)
	}
}

func TestVolumeToWire_losesNothing(t *testing.T) {
	spec := driver.VolumeSpec{SnapshotID: "s", Location: "fra", Name: "restored"}
	if empty := emptyFields(spec); empty != nil {
		t.Fatalf("the test leaves %v empty", empty)
	}
	want := api.CreatePersistentVolumeRequest{
		VolumeType: api.VolumeLocalBlock, Name: "restored", Region: "fra", SnapshotID: "s",
	}
	if diff := cmp.Diff(want, volumeToWire(spec)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	name := "renamed"
	if empty := emptyFields(volumeChangeToWire(driver.VolumeChange{Name: &name})); empty != nil {
		t.Errorf("%v of a change are empty", empty)
	}
}

func TestSourceFromWire(t *testing.T) {
	for status, deleted := range map[string]bool{
		"PERSISTENT_VOLUME_STATUS_ATTACHED": false, "PERSISTENT_VOLUME_STATUS_NEWLY_ADDED": false,
		"PERSISTENT_VOLUME_STATUS_DELETING": true, "PERSISTENT_VOLUME_STATUS_DELETED": true,
	} {
		got := sourceFromWire(api.PersistentVolume{ID: "v", Name: "data", Region: "fra", Status: status})
		if want := (driver.Source{ID: "v", Name: "data", Location: "fra", State: got.State}); got != want || got.State == "" {
			t.Errorf("%s: got %+v", status, got)
		}
		if isDeleted(got) != deleted {
			t.Errorf("%s: deleted is %t", got.State, !deleted)
		}
	}
}

// unpaged is the listing of an API client.
func unpaged[W any](wires ...W) iter.Seq2[[]W, error] {
	return driver.Unpaged(func() ([]W, error) { return wires, nil })
}
