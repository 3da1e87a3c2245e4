package contabo

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
)

// fill sets every field of a struct to something that is not zero.
func fill[T any](t *testing.T) T {
	t.Helper()
	var v T
	fillValue(t, reflect.ValueOf(&v).Elem())
	return v
}

func fillValue(t *testing.T, v reflect.Value) {
	t.Helper()
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1_790_000_000, 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("2026-09-21T10:13:20.000Z")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(42)
	case reflect.Float64:
		v.SetFloat(42)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillValue(t, v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(t, v.Field(i))
		}
	default:
		t.Fatalf("cannot fill a %s", v.Kind())
	}
}

// zeros names the fields of a struct that are zero.
func zeros(v any) []string {
	var out []string
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			out = append(out, value.Type().Field(i).Name)
		}
	}
	return out
}

func TestConvert_nothingIsForgotten(t *testing.T) {
	snapshot := fill[driver.SnapshotSpec](t)
	image := fill[driver.ImageSpec](t)
	for name, c := range map[string]struct {
		got  any
		lost []string
	}{
		"snapshot from wire": {snapshotFromWire(fill[api.Snapshot](t)), []string{
			"Location", "SizeGiB", "ApplicationConsistent", "StorageType", "RestoreTimeSeconds",
		}},
		"snapshot to wire":        {snapshotToWire(snapshot), nil},
		"snapshot change to wire": {snapshotChangeToWire(fill[driver.SnapshotChange](t)), nil},
		"image from wire": {imageFromWire(fill[api.Image](t)), []string{
			"Location", "SizeBytes", "Checksum", "DefaultUser", "BootMode", "Family", "Build",
			"Maintainer", "Visibility", "SSHKeyEnabled", "PasswordEnabled",
			"ApplicationConsistentSnapshotEnabled", "Zones",
		}},
		"image to wire":        {imageToWire(image), nil},
		"image change to wire": {imageChangeToWire(fill[driver.ImageChange](t)), nil},
		"image filter to wire": {imageFilterToWire(fill[driver.ImageFilter](t)), nil},
		"image stats":          {imageStatsFromWire(fill[api.ImageStats](t)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if lost := zeros(c.got); !slices.Equal(lost, c.lost) {
				t.Errorf("lost %v, declared %v", lost, c.lost)
			}
		})
	}
}

// What goes out and comes back as the cloud echoes it is what was asked for.
func TestConvert_thereAndBack(t *testing.T) {
	sent := snapshotToWire(driver.SnapshotSpec{SourceID: "42001", Name: "before", Description: "upgrade"})
	got := snapshotFromWire(api.Snapshot{InstanceID: 42001, Name: sent.Name, Description: sent.Description})
	if got.SourceID != "42001" || got.Name != "before" || got.Description != "upgrade" {
		t.Errorf("%+v", got)
	}
	out := imageToWire(driver.ImageSpec{Name: "n", Description: "d", URL: "u", OSType: "o", Version: "v"})
	back := imageFromWire(
		api.Image{Name: out.Name, Description: out.Description, URL: out.URL, OSType: out.OSType, Version: out.Version},
	)
	if back.Name != "n" || back.Description != "d" || back.URL != "u" || back.OSType != "o" || back.Version != "v" {
		t.Errorf("%+v", back)
	}
}

func TestImageStateFromWire(t *testing.T) {
	for status, want := range map[string]driver.State{
		"Pending": driver.StateCreating, "downloading": driver.StateCreating,
		"QUEUED": driver.StateCreating, "": driver.StateCreating, "verifying": driver.StateCreating,
		"downloaded": driver.StateReady, "Downloaded": driver.StateReady,
		" ready ": driver.StateReady, "ACTIVE": driver.StateReady,
		"error": driver.StateError, "Failed": driver.StateError,
	} {
		if got := imageStateFromWire(status, false); got != want {
			t.Errorf("%q is %q, want %q", status, got, want)
		}
	}
	if got := imageStateFromWire("", true); got != driver.StateReady {
		t.Errorf("a standard image is %q", got)
	}
}
