package koyeb_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

func TestDocument_everyOperation(t *testing.T) {
	apidocs.EveryOperation(t, koyeb.Driver{}, func(t *apidocs.Tour) {
		t.Helper()
		values := t.Settings.Values
		c, err := api.New(httpdriver.Options(t.Settings, values["endpoint"]), api.Account{Token: values["token"]})
		t.OK(err)
		ctx := t.Context()
		made, err := c.CreateSnapshot(ctx, api.CreateSnapshotRequest{ParentVolumeID: sim.VolumeFra2, Name: "tour"})
		t.OK(err)
		_, err = c.GetSnapshot(ctx, made.ID)
		t.OK(err)
		_, err = c.UpdateSnapshot(ctx, made.ID, api.UpdateSnapshotRequest{Name: "renamed"})
		t.OK(err)
		_, err = c.ListSnapshots(ctx, "fra")
		t.OK(err)
		t.OK(c.DeleteSnapshot(ctx, made.ID))
		_, err = c.ListSnapshots(ctx, "")
		t.OK(err)
		volume, err := c.CreatePersistentVolume(ctx, api.CreatePersistentVolumeRequest{
			VolumeType: api.VolumeLocalBlock, Name: "restored", Region: "fra", SnapshotID: sim.SnapshotOld,
		})
		t.OK(err)
		_, err = c.GetPersistentVolume(ctx, volume.ID)
		t.OK(err)
		// The one operation that the client of the wire does not have.
		url := t.Settings.Values["endpoint"] + "/v1/volumes/" + volume.ID
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(`{"name":"grown"}`)))
		t.OK(err)
		r.Header.Set("Authorization", "Bearer "+t.Settings.Values["token"])
		r.Header.Set("Content-Type", "application/json")
		resp, err := t.Settings.Transport.RoundTrip(r)
		t.OK(err)
		t.OK(resp.Body.Close())
		_, err = c.ListPersistentVolumes(ctx, "fra")
		t.OK(err)
		t.OK(c.DeletePersistentVolume(ctx, volume.ID))
	})
}
