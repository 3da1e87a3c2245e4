package apidocs

import (
	"testing"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// Tour is a sandbox of one cloud, seen through a transport that validates every exchange.
type Tour struct {
	*testing.T
	// Settings make a client of the sandbox.
	Settings driver.Settings
}

// OK ends the test on an error.
func (t *Tour) OK(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// EveryOperation fails unless visit sends every operation of the cloud's document, with the client of the driver's api
// package, and every exchange fits the document. This includes operations that no driver needs yet.
func EveryOperation(t *testing.T, drv driver.Driver, visit func(t *Tour)) {
	t.Helper()
	w := &Watcher{Next: cleanhttp.DefaultPooledTransport(), Document: Load(t, drv)}
	settings := sandboxtest.Start(t, []driver.Driver{drv}).Settings(drv)
	settings.Transport = w
	visit(&Tour{T: t, Settings: settings})
	for _, p := range w.Problems() {
		t.Error(p)
	}
	for _, operation := range w.Document.Operations() {
		if w.Seen()[operation] == 0 {
			t.Errorf("%s was never sent", operation)
		}
	}
}
