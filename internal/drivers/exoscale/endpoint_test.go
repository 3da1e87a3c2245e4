package exoscale_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
)

const frankfurt = "de-fra-1"

// listing changes the endpoint into the one of a single zone, which only lists the zones.
func listing(values map[string]string) {
	values["endpoint"] = strings.Replace(values["endpoint"], "{zone}", zone, 1)
}

func TestEndpoint_forms(t *testing.T) {
	for name, test := range map[string]struct {
		change func(url string) string
		lists  bool
	}{
		"of one zone": {func(url string) string { return strings.Replace(url, "{zone}", zone, 1) }, true},
		"escaped by a proxy": {
			func(url string) string { return strings.Replace(url, "{zone}", "%7Bzone%7D", 1) }, true,
		},
		"pattern with slash": {func(url string) string { return url + "/" }, false},
	} {
		w := start(t, func(values map[string]string) { values["endpoint"] = test.change(values["endpoint"]) })
		if snap := w.take(t, sim.GenevaWeb); snap.State != driver.StateReady {
			t.Errorf("%s: %+v", name, snap)
		}
		calls := w.calls()
		if lists := slices.Index(calls, "GET /zone") == 0; lists != test.lists {
			t.Errorf("%s: sent %q", name, calls)
		}
	}
	_, err := cloud.Open(
		exoscale.Driver{},
		driver.Settings{Values: map[string]string{"endpoint": "http://api-{zone}.exoscale.com/v2"}},
		cloud.Options{},
	)
	wantKind(t, err, driver.KindMisconfigured)
}

// An endpoint of one zone is never taken for another zone's.
func TestEndpoint_ofOneZoneReachesEachZone(t *testing.T) {
	w := start(t, listing)
	snap, err := w.cloud.Snapshot(t.Context(), driver.Ref{Location: frankfurt, ObjectID: sim.FrankfurtOld})
	if err != nil || snap.SourceID != sim.FrankfurtDB {
		t.Errorf("snapshot = %+v, %v", snap, err)
	}
	list, err := w.cloud.Snapshots(t.Context(), driver.SnapshotFilter{Location: frankfurt})
	if err != nil || len(list) != 1 || list[0].ID != sim.FrankfurtOld {
		t.Errorf("listing = %+v, %v", list, err)
	}
	if _, _, err := w.cloud.CreateSnapshot(
		t.Context(), driver.SnapshotSpec{SourceID: sim.GenevaWeb, Location: frankfurt},
	); err == nil {
		t.Error("the instance of another zone was found")
	}
	if err := w.cloud.DeleteSnapshot(
		t.Context(), driver.Ref{Location: frankfurt, ObjectID: sim.FrankfurtOld},
	); err != nil {
		t.Error(err)
	}
	for _, left := range w.sim.Inventory().Snapshots {
		if left.SnapshotID == sim.FrankfurtOld {
			t.Error("the snapshot still exists")
		}
	}
	calls := w.calls()
	if n := len(slices.DeleteFunc(calls, func(c string) bool { return c != "GET /zone" })); n != 1 {
		t.Errorf("listed the zones %d times", n)
	}
}

func TestEndpoint_unlistedZone(t *testing.T) {
	w := start(t, listing)
	_, err := w.cloud.Snapshot(t.Context(), driver.Ref{Location: "xx-new-9", ObjectID: sim.FrankfurtOld})
	e := wantKind(t, err, driver.KindInvalid)
	if want := `the endpoint lists no zone "xx-new-9", only ch-gva-2, de-fra-1`; e.Message != want {
		t.Errorf("message = %q, want %q", e.Message, want)
	}
}

// Whatever the list of zones answers, no object is gone because of it, and a later call reads the list again.
func TestEndpoint_listFails(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		kind   driver.Kind
	}{
		"not there": {http.StatusNotFound, `{"message":"not found"}`, driver.KindMisconfigured},
		"forbidden": {http.StatusForbidden, `{}`, driver.KindMisconfigured},
		"down":      {http.StatusServiceUnavailable, `{}`, driver.KindUnavailable},
		"no zones":  {http.StatusOK, `{"zones":[]}`, driver.KindUnavailable},
		"unsafe zone": {
			http.StatusOK, `{"zones":[{"name":"de-fra-1","api-endpoint":"http://api.example.net/v2"}]}`,
			driver.KindMisconfigured,
		},
		"no address": {http.StatusOK, `{"zones":[{"name":"de-fra-1"}]}`, driver.KindMisconfigured},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, listing)
			w.intercept = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, "/zone") {
					t.Errorf("sent %s %s", r.Method, r.URL.Path)
				}
				rw.WriteHeader(test.status)
				_, _ = rw.Write([]byte(test.body))
				return true
			}
			_, err := w.cloud.Snapshot(t.Context(), driver.Ref{Location: frankfurt, ObjectID: sim.FrankfurtOld})
			wantKind(t, err, test.kind)
			if test.status == http.StatusOK && test.kind == driver.KindMisconfigured {
				return // The list was read.
			}
			w.mu.Lock()
			w.intercept = nil
			w.mu.Unlock()
			if _, err := w.cloud.Snapshot(
				t.Context(), driver.Ref{Location: frankfurt, ObjectID: sim.FrankfurtOld},
			); err != nil {
				t.Errorf("after the failure: %v", err)
			}
		})
	}
}
