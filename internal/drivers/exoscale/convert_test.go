package exoscale

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// fill sets every field below v to something that is not zero, and that differs from field to field where the type
// allows it.
func fill(v reflect.Value, word string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), word)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), word+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), word)
	case reflect.String:
		v.SetString(word)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	default:
		panic("no idea how to fill a " + v.Type().String())
	}
}

// empty names the fields of a struct that are zero.
func empty(v any) []string {
	var out []string
	s := reflect.ValueOf(v)
	for i := range s.NumField() {
		if s.Field(i).IsZero() {
			out = append(out, s.Type().Field(i).Name)
		}
	}
	slices.Sort(out)
	return out
}

func TestSnapshotFromWire_leavesNothingOut(t *testing.T) {
	var wire api.Snapshot
	fill(reflect.ValueOf(&wire).Elem(), "s")
	wire.CreatedAt = "2026-09-21T10:13:20Z"
	got := snapshotFromWire(wire, "ch-gva-2")
	// What Exoscale does not have.
	losses := []string{"Description", "ExpiresAt", "ImageID", "ImageName", "RestoreTimeSeconds", "StorageType"}
	if e := empty(got); !slices.Equal(e, losses) {
		t.Errorf("empty fields = %v, want %v", e, losses)
	}
	if got.ID != "s.ID" || got.SourceID != "s.Instance.ID" || got.Name != "s.Name" || got.State != "s.state" ||
		*got.SizeGiB != 7 {
		t.Errorf("snapshot = %+v", got)
	}
	if z := empty(snapshotFromWire(api.Snapshot{}, "")); len(z) != reflect.TypeFor[driver.Snapshot]().NumField() {
		t.Errorf("of an empty answer only %v are empty", z)
	}
}

func TestImageFromWire_leavesNothingOut(t *testing.T) {
	var wire api.Template
	fill(reflect.ValueOf(&wire).Elem(), "t")
	wire.CreatedAt, wire.Visibility = "2026-09-21T10:13:20Z", "PUBLIC"
	losses := []string{"ErrorMessage", "Format", "ModifiedAt", "OSType", "SizeMB", "Tags", "UploadedSizeMB"}
	if e := empty(imageFromWire(wire, "ch-gva-2")); !slices.Equal(e, losses) {
		t.Errorf("empty fields = %v, want %v", e, losses)
	}
}

// sent checks that every field of what is asked for is found in the body, except for the losses.
func sent(t *testing.T, from, body any, losses ...string) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	s := reflect.ValueOf(from)
	for i := range s.NumField() {
		name := s.Type().Field(i).Name
		found := false
		switch v := reflect.Indirect(s.Field(i)); v.Kind() {
		case reflect.String:
			found = strings.Contains(string(encoded), fmt.Sprintf("%q", v.String()))
		case reflect.Bool:
			found = reflect.Indirect(reflect.ValueOf(body).FieldByName(name)).Bool()
		default:
		}
		if found == slices.Contains(losses, name) {
			t.Errorf("%s: sent = %v in %s", name, found, encoded)
		}
	}
}

func TestImageSpecToWire_leavesNothingOut(t *testing.T) {
	var spec driver.ImageSpec
	fill(reflect.ValueOf(&spec).Elem(), "i")
	sent(t, spec, imageSpecToWire(spec), "Location", "OSType")
}

func TestImageChangeToWire_leavesNothingOut(t *testing.T) {
	var change driver.ImageChange
	fill(reflect.ValueOf(&change).Elem(), "i")
	sent(t, change, imageChangeToWire(change))
	if body, err := json.Marshal(imageChangeToWire(driver.ImageChange{})); err != nil || string(body) != "{}" {
		t.Errorf("no change is sent as %s, %v", body, err)
	}
}

func TestPromoteSpecToWire_leavesNothingOut(t *testing.T) {
	var spec driver.PromoteSpec
	fill(reflect.ValueOf(&spec).Elem(), "p")
	sent(t, spec, promoteSpecToWire(spec), "Snapshot")
}

func TestExportFromWire_leavesNothingOut(t *testing.T) {
	var wire api.Export
	fill(reflect.ValueOf(&wire).Elem(), "e")
	wire.PresignedURL += "?Expires=1790000000"
	if e := empty(exportFromWire(wire)); len(e) > 0 {
		t.Errorf("empty fields = %v", e)
	}
}

func TestExportFromWire_endOfTheURL(t *testing.T) {
	for query, want := range map[string]string{
		"?X-Amz-Date=20260921T101320Z&X-Amz-Expires=3600&X-Amz-Signature=a": "2026-09-21T11:13:20Z",
		"?AWSAccessKeyId=a&Expires=1790000000&Signature=b":                  "2026-09-21T14:13:20Z",
		"?X-Amz-Date=20260921T101320Z":                                      "0001-01-01T00:00:00Z",
		"?X-Amz-Date=today&X-Amz-Expires=3600":                              "0001-01-01T00:00:00Z",
		"?Expires=tomorrow":                                                 "0001-01-01T00:00:00Z",
		"":                                                                  "0001-01-01T00:00:00Z",
		"\x7f":                                                              "0001-01-01T00:00:00Z",
	} {
		got := exportFromWire(
			api.Export{PresignedURL: "https://sos-ch-gva-2.exo.io/exports/a.qcow2" + query},
		).ValidUntil
		if got.Format(time.RFC3339) != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

func TestStateFromWire_words(t *testing.T) {
	for word, want := range map[string]driver.State{
		"snapshotting": driver.StateCreating, "ready": driver.StateReady,
		"exporting": driver.StateExporting, "exported": driver.StateExported,
		"deleting": driver.StateDeleting, "error": driver.StateError, "READY": driver.StateReady,
		"Hibernating": "hibernating", "": "",
	} {
		if got := stateFromWire(word); got != want {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
}

func TestStatusFromWire_referenceToTheSourceIsNoResult(t *testing.T) {
	operation := driver.Operation{ID: "op", SourceID: "instance"}
	for id, want := range map[string]string{"snapshot": "snapshot", "instance": "", "": ""} {
		got := statusFromWire(api.Operation{State: "success", Reference: api.Object{ID: id}}, operation)
		if got.ObjectID != want || !got.Done {
			t.Errorf("reference %q: %+v, want object %q", id, got, want)
		}
	}
}

func TestKindOf_statuses(t *testing.T) {
	status, body := 0, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	opened, err := (Driver{}).Open(
		driver.Settings{Values: map[string]string{"endpoint": server.URL + "/{zone}"}, RetryWait: time.Nanosecond},
	)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := opened.(*client)
	if !ok {
		t.Fatalf("client is a %T", opened)
	}
	for _, tt := range []struct {
		status int
		body   string
		want   driver.Kind
	}{
		{200, "<html>", driver.KindUnavailable},
		{400, "", driver.KindInvalid},
		{401, "", driver.KindAuth},
		{403, `{"message":"Invalid request signature"}`, driver.KindAuth},
		{403, "", driver.KindAuth},
		{404, `{"message":"not found"}`, driver.KindNotFound},
		{409, `{"error":"busy"}`, driver.KindBusy},
		{412, "", driver.KindConflict},
		{422, "", driver.KindInvalid},
		{429, "", driver.KindRateLimited},
		{500, "", driver.KindUnavailable},
		{504, "", driver.KindUnavailable},
	} {
		status, body = tt.status, tt.body
		_, err := c.Snapshot(t.Context(), driver.Ref{Location: "z", ObjectID: "s"})
		if got := c.KindOf(err); got != tt.want {
			t.Errorf("status %d: kind = %v, want %v (%v)", tt.status, got, tt.want, err)
		}
	}
	if got := c.KindOf(errors.New("foreign")); got != driver.KindUnknown {
		t.Errorf("a foreign error is %v", got)
	}
	server.Close()
	_, err = c.Snapshot(t.Context(), driver.Ref{Location: "z", ObjectID: "s"})
	if got := c.KindOf(err); got != driver.KindUnavailable {
		t.Errorf("no answer: kind = %v", got)
	}
}

func TestDeleting_firstAnswers(t *testing.T) {
	ref := driver.Ref{Location: "z", ObjectID: "s", SourceID: "i"}
	for name, tt := range map[string]struct {
		op   api.Operation
		want driver.Operation
		kind driver.Kind
	}{
		"accepted": {
			op: api.Operation{ID: "op", State: "pending"}, want: driver.Operation{ID: "op", Location: "z"},
		},
		"unnamed": {want: driver.Operation{Location: "z", PollObject: true}},
		"gone": {
			op: api.Operation{ID: "op", State: "failure", Reason: "not-found"}, kind: driver.KindNotFound,
		},
		"busy":          {op: api.Operation{ID: "op", State: "failure", Reason: "busy"}, kind: driver.KindBusy},
		"out of order":  {op: api.Operation{ID: "op", State: "failure", Reason: "fault"}, kind: driver.KindFailed},
		"took too long": {op: api.Operation{ID: "op", State: "timeout"}, kind: driver.KindFailed},
	} {
		operation, err := deleting(tt.op, ref)
		if got := driver.KindOf(err); got != tt.kind || operation != tt.want {
			t.Errorf("%s: %+v, %v (kind %v), want %+v and kind %v", name, operation, err, got, tt.want, tt.kind)
		}
	}
}

func TestSourceFromWire(t *testing.T) {
	for state, is := range map[string]struct{ destroyed, busy bool }{
		"running": {}, "Stopped": {}, "error": {}, "migrating": {busy: true}, "newly-added": {busy: true},
		"destroying": {true, true}, "destroyed": {true, true}, "Expunging": {true, true},
	} {
		got := sourceFromWire(api.Instance{ID: "i", Name: "web", State: state}, "ch-gva-2")
		want := driver.Source{ID: "i", Name: "web", Location: "ch-gva-2", State: strings.ToLower(state), Busy: is.busy}
		if got != want || isDestroyed(got) != is.destroyed {
			t.Errorf("%s: got %+v, destroyed %t", state, got, isDestroyed(got))
		}
	}
}
