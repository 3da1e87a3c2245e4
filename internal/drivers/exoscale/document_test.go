package exoscale_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

func TestDocument_everyOperation(t *testing.T) {
	apidocs.EveryOperation(t, exoscale.Driver{}, func(t *apidocs.Tour) {
		t.Helper()
		values := t.Settings.Values
		credentials := api.Credentials{Key: values["api_key"], Secret: values["api_secret"]}
		c, err := api.New(httpdriver.Options(t.Settings, values["endpoint"]), credentials)
		t.OK(err)
		z, err := c.Zone(t.Context(), t.Settings.Values["zone"])
		t.OK(err)
		ctx := t.Context()
		done := func(op api.Operation, err error) api.Operation {
			t.Helper()
			t.OK(err)
			op, err = z.GetOperation(ctx, op.ID)
			t.OK(err)
			if op.State != "success" {
				t.Fatalf("%+v", op)
			}
			return op
		}
		_, err = z.ListZones(ctx)
		t.OK(err)
		_, err = z.ListInstances(ctx)
		t.OK(err)
		instance, err := z.GetInstance(ctx, sim.GenevaStandby)
		t.OK(err)
		snapshot := done(z.CreateSnapshot(ctx, instance.ID)).Reference.ID
		_, err = z.ListSnapshots(ctx)
		t.OK(err)
		done(z.RevertInstanceToSnapshot(ctx, instance.ID, snapshot))
		done(z.ExportSnapshot(ctx, snapshot))
		exported, err := z.GetSnapshot(ctx, snapshot)
		t.OK(err)
		promoted := done(z.PromoteSnapshotToTemplate(ctx, snapshot, api.PromoteBody{Name: "promoted"})).Reference.ID
		registered := done(z.RegisterTemplate(ctx, api.RegisterTemplateBody{
			Name: "registered", URL: exported.Export.PresignedURL, Checksum: exported.Export.MD5Sum,
		})).Reference.ID
		name := "renamed"
		done(z.UpdateTemplate(ctx, promoted, api.UpdateTemplateBody{Name: &name}))
		_, err = z.ListTemplates(ctx, api.TemplateQuery{Visibility: "private", Family: "other (64-bit)"})
		t.OK(err)
		_, err = z.GetTemplate(ctx, registered)
		t.OK(err)
		done(z.DeleteTemplate(ctx, registered))
		done(z.DeleteSnapshot(ctx, snapshot))
	})
}
