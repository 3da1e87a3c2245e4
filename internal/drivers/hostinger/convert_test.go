package hostinger

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// fill gives every field of a struct a value that is not zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == reflect.TypeFor[httpx.Time]():
			f.Set(reflect.ValueOf(httpx.Time{Time: time.Date(2026, 9, 21, 10, i, 0, 0, time.UTC)}))
		case f.Kind() == reflect.Int64:
			f.SetInt(int64(100 + i))
		case f.Kind() == reflect.String:
			f.SetString(f.Type().Name() + "x")
		case f.Kind() == reflect.Pointer:
			n := int64(200 + i)
			f.Set(reflect.ValueOf(&n))
		default:
			t.Fatalf("the test cannot fill %s", v.Type().Field(i).Name)
		}
	}
}

// zeros names the fields of a struct that have no value.
func zeros(v any) (names []string) {
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			names = append(names, value.Type().Field(i).Name)
		}
	}
	return names
}

func TestSnapshotFromWire_losesOnlyWhatTheCloudDoesNotSay(t *testing.T) {
	var wire api.Snapshot
	fill(t, reflect.ValueOf(&wire).Elem())
	got := snapshotFromWire(wire, 17923)

	losses := []string{
		"Location",
		"Name",
		"Description",
		"SizeGiB",
		"ImageID",
		"ImageName",
		"ApplicationConsistent",
		"StorageType",
	}
	if diff := cmp.Diff(losses, zeros(got)); diff != "" {
		t.Errorf("what is lost: %s", diff)
	}
	id, err := parseID("a snapshot", got.ID)
	back := api.Snapshot{
		ID: id, RestoreTime: got.RestoreTimeSeconds,
		CreatedAt: httpx.Time{Time: got.CreatedAt}, ExpiresAt: httpx.Time{Time: got.ExpiresAt},
	}
	if diff := cmp.Diff(wire, back); diff != "" || err != nil {
		t.Errorf("there and back: %s %v", diff, err)
	}
	if got.SourceID != "17923" || got.State != driver.StateReady {
		t.Errorf("got %+v", got)
	}
}

func TestOperationFromWire_namesWhatToAskFor(t *testing.T) {
	var wire api.Action
	fill(t, reflect.ValueOf(&wire).Elem())
	got := operationFromWire(wire, 17923)
	if want := (driver.Operation{ID: formatID(wire.ID), SourceID: "17923"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := operationFromWire(api.Action{}, 17923); got.ID != "" {
		t.Errorf("an action without a number is %+v", got)
	}
}

func TestIsCreate_freeNames(t *testing.T) {
	want := []string{"snapshot_create", "Create VM Snapshot", "vps.snapshot.created"}
	var got []string
	for _, name := range append(
		[]string{"snapshot_delete", "snapshot_restore", "create_backup", "restart", ""}, want...,
	) {
		if isCreate(api.Action{Name: name}) {
			got = append(got, name)
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIsRestore(t *testing.T) {
	for name, want := range map[string]bool{
		"snapshot_restore": true, "Restore VPS Snapshot": true, "snapshot_create": false, "backup_restore": false, "": false,
	} {
		if got := isRestore(api.Action{Name: name}); got != want {
			t.Errorf("%q: got %t", name, got)
		}
	}
}
