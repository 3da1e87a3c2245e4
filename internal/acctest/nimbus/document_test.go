package nimbus_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

func TestDocument_everyOperation(t *testing.T) {
	apidocs.EveryOperation(t, nimbus.Driver{}, func(t *apidocs.Tour) {
		t.Helper()
		values := t.Settings.Values
		c, err := api.New(httpdriver.Options(t.Settings, values["endpoint"]), values["token"])
		t.OK(err)
		_, err = c.GetDisk(t.Context(), sim.DiskRoot)
		t.OK(err)
		made, err := c.CreateSnapshot(t.Context(), api.CreateSnapshotRequest{Disk: sim.DiskRoot, Label: "tour"})
		t.OK(err)
		_, err = c.GetSnapshot(t.Context(), made.ID)
		t.OK(err)
		_, err = c.ListSnapshots(t.Context())
		t.OK(err)
		t.OK(c.DeleteSnapshot(t.Context(), made.ID))
	})
}
