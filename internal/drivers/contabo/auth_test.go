package contabo_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

func asError(t *testing.T, err error) *driver.Error {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) {
		t.Fatalf("not an error of the core: %v", err)
	}
	return e
}

// readTen sends ten requests at once.
func readTen(t *testing.T, c *cloud.Cloud) {
	t.Helper()
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if _, err := c.ImageStats(t.Context()); err != nil {
				t.Errorf("read: %v", err)
			}
		})
	}
	group.Wait()
}

func TestAuth_oneGrantForTenColdReads(t *testing.T) {
	box, c := start(t)
	readTen(t, c)
	if n := grants(box); n != 1 {
		t.Errorf("%d grants", n)
	}
}

func TestAuth_oneGrantForTenRefusedReads(t *testing.T) {
	box, c := start(t)
	readTen(t, c)
	box.Advance(10 * time.Minute)
	box.ClearJournal()
	readTen(t, c)
	if n := grants(box); n != 1 {
		t.Errorf("%d grants", n)
	}
}

func TestAuth_refusedOnceMoreIsFinal(t *testing.T) {
	box, c := start(t)
	box.Fault(
		sandbox.Fault{
			Path:   "/snapshots/",
			Do:     sandbox.DoStatus,
			Status: http.StatusUnauthorized,
			Body:   map[string]any{"statusCode": 401, "message": "Unauthorized"},
		},
	)
	_, err := c.Snapshot(t.Context(), driver.Ref{SourceID: web1, ObjectID: "snap1"})
	wantKind(t, err, driver.KindAuth)
	if n := len(calls(box)); n != 2 {
		t.Errorf("%d tries", n)
	}
}

func TestAuth_wrongCredentials(t *testing.T) {
	for field, reason := range map[string]string{
		"client_id":     "invalid_client: Invalid client or Invalid client credentials",
		"client_secret": "invalid_client: Invalid client or Invalid client credentials",
		"username":      "invalid_grant: Invalid user credentials",
		"password":      "invalid_grant: Invalid user credentials",
	} {
		t.Run(field, func(t *testing.T) {
			box, _ := start(t)
			c := open(t, box, func(s *driver.Settings) { s.Values[field] = "canary-9b1d" })
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: web1, Name: "nightly"})
					e := asError(t, err)
					if e.Kind != driver.KindAuth || !strings.Contains(e.Message, "the token endpoint") ||
						!strings.HasSuffix(e.Message, reason) {
						t.Errorf("kind %d: %s", e.Kind, e.Message)
					}
					for _, secret := range []string{"canary-9b1d", sim.ClientSecret, sim.Password} {
						if strings.Contains(err.Error(), secret) {
							t.Errorf("%q is in the error: %v", secret, err)
						}
					}
				})
			}
			group.Wait()
			if n := grants(box); n != 1 {
				t.Errorf("%d grants with credentials that are wrong", n)
			}
		})
	}
}

func TestAuth_tokenEndpointFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		kind  driver.Kind
	}{
		"not there": {
			sandbox.Fault{Do: sandbox.DoStatus, Status: 404, Body: map[string]any{"error": "Realm does not exist"}},
			driver.KindMisconfigured,
		},
		"redirects": {sandbox.Fault{
			Do: sandbox.DoStatus, Status: 307, Header: sandbox.Header{"Location": {"http://127.0.0.1:1/"}},
		}, driver.KindMisconfigured},
		"down": {
			sandbox.Fault{Do: sandbox.DoStatus, Status: 503, Body: "<html></html>"}, driver.KindUnavailable,
		},
		"unreachable": {sandbox.Fault{Do: sandbox.DoReset}, driver.KindUnavailable},
		"no token": {
			sandbox.Fault{Do: sandbox.DoStatus, Status: 200, Body: map[string]any{}}, driver.KindUnavailable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			box, contabo := start(t)
			c.fault.Path = "/token$"
			box.Fault(c.fault)
			_, _, err := contabo.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: web1, Name: "nightly"})
			wantKind(t, err, c.kind)
			if len(calls(box)) != 0 {
				t.Errorf("asked without a token: %q", calls(box))
			}
			box.Fault()
			create(t, contabo, app1, "nightly")
		})
	}
}

func TestOpen_endpoints(t *testing.T) {
	if _, err := (contabo.Driver{}).Open(driver.Settings{}); err != nil {
		t.Errorf("empty settings: %v", err)
	}
	for _, field := range []string{"endpoint", "token_url"} {
		_, err := cloud.Open(
			contabo.Driver{},
			driver.Settings{Values: map[string]string{field: "http://api.example.com"}},
			cloud.Options{},
		)
		wantKind(t, err, driver.KindMisconfigured)
		if !strings.Contains(err.Error(), field) || !strings.Contains(err.Error(), "https://") {
			t.Errorf("%v", err)
		}
	}
}
