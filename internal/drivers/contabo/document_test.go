package contabo_test

import (
	"slices"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

func TestDocument_everyOperation(t *testing.T) {
	apidocs.EveryOperation(t, contabo.Driver{}, func(t *apidocs.Tour) {
		t.Helper()
		values := t.Settings.Values
		c, err := api.New(httpdriver.Options(t.Settings, values["endpoint"]), api.Credentials{
			TokenURL: values["token_url"],
			ClientID: values["client_id"], ClientSecret: values["client_secret"],
			Username: values["username"], Password: values["password"],
		})
		t.OK(err)
		ctx := t.Context()
		list, err := driver.Collect(c.RetrieveInstancesList(ctx))
		t.OK(err)
		at := slices.IndexFunc(list, func(i api.Instance) bool { return i.InstanceID == 42001 })
		instance, err := c.RetrieveInstance(ctx, list[at].InstanceID)
		t.OK(err)
		made, err := c.CreateSnapshot(ctx, instance.InstanceID, api.CreateSnapshotRequest{Name: "tour"})
		t.OK(err)
		words := "of the documents"
		_, err = c.UpdateSnapshot(
			ctx, instance.InstanceID, made.SnapshotID, api.UpdateSnapshotRequest{Description: &words},
		)
		t.OK(err)
		_, err = c.RetrieveSnapshot(ctx, instance.InstanceID, made.SnapshotID)
		t.OK(err)
		_, err = driver.Collect(c.RetrieveSnapshotList(ctx, instance.InstanceID, "tour"))
		t.OK(err)
		t.OK(c.RollbackSnapshot(ctx, instance.InstanceID, made.SnapshotID))
		t.OK(c.DeleteSnapshot(ctx, instance.InstanceID, made.SnapshotID))

		id, err := c.CreateCustomImage(ctx, api.CreateCustomImageRequest{
			Name: "tour", URL: "https://img.example.net/tour.iso", OSType: "Linux", Version: "1",
		})
		t.OK(err)
		_, err = c.RetrieveImage(ctx, id)
		t.OK(err)
		_, err = driver.Collect(c.RetrieveImageList(ctx, api.ImageFilter{Search: "linux"}))
		t.OK(err)
		_, err = c.RetrieveCustomImagesStats(ctx)
		t.OK(err)
		t.OK(c.UpdateImage(ctx, id, api.UpdateCustomImageRequest{Description: &words}))
		t.OK(c.DeleteImage(ctx, id))
	})
}
