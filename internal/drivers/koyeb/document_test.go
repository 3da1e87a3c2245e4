package koyeb_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
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
		_, err = driver.Collect(c.ListSnapshots(ctx, "fra"))
		t.OK(err)
		t.OK(c.DeleteSnapshot(ctx, made.ID))
		_, err = driver.Collect(c.ListSnapshots(ctx, ""))
		t.OK(err)
		volume, err := c.CreatePersistentVolume(ctx, api.CreatePersistentVolumeRequest{
			VolumeType: api.VolumeLocalBlock, Name: "restored", Region: "fra", SnapshotID: sim.SnapshotOld,
		})
		t.OK(err)
		_, err = c.GetPersistentVolume(ctx, volume.ID)
		t.OK(err)
		_, err = c.UpdatePersistentVolume(ctx, volume.ID, api.UpdatePersistentVolumeRequest{Name: "renamed"})
		t.OK(err)
		_, err = driver.Collect(c.ListPersistentVolumes(ctx, "fra"))
		t.OK(err)
		t.OK(c.DeletePersistentVolume(ctx, volume.ID))
	})
}
