package hostinger_test

import (
	"context"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

func TestDocument_everyOperation(t *testing.T) {
	apidocs.EveryOperation(t, hostinger.Driver{}, func(t *apidocs.Tour) {
		t.Helper()
		values := t.Settings.Values
		c, err := api.New(httpdriver.Options(t.Settings, values["endpoint"]), values["token"])
		t.OK(err)
		ctx := t.Context()
		list, err := c.ListVirtualMachines(ctx)
		t.OK(err)
		machine, err := c.GetVirtualMachine(ctx, list[0].ID)
		t.OK(err)
		for _, begin := range []func(context.Context, int64) (api.Action, error){
			c.CreateSnapshot, c.RestoreSnapshot, c.DeleteSnapshot,
		} {
			action, err := begin(ctx, machine.ID)
			t.OK(err)
			_, err = c.GetAction(ctx, machine.ID, action.ID)
			t.OK(err)
		}
		_, err = c.GetSnapshot(ctx, sim.FullVM)
		t.OK(err)
		_, err = driver.Collect(c.ListActions(ctx, machine.ID))
		t.OK(err)
	})
}
