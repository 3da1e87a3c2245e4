package snapshot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Texts that the configuration sets replace a snapshot if they change and the cloud does not update them.
func TestFixedTexts(t *testing.T) {
	model := func(name, description types.String) (m resourceModel) {
		m.Name, m.Description = name, description
		return m
	}
	null, unknown, one, two := types.StringNull(), types.StringUnknown(), types.StringValue("1"), types.StringValue("2")
	for name, test := range map[string]struct {
		config resourceModel
		want   path.Paths
	}{
		"nothing is set":         {model(null, null), nil},
		"nothing changes":        {model(one, one), nil},
		"the name":               {model(two, one), path.Paths{path.Root("name")}},
		"a name of later":        {model(unknown, null), path.Paths{path.Root("name")}},
		"the description":        {model(null, two), path.Paths{path.Root("description")}},
		"both":                   {model(two, two), path.Paths{path.Root("name"), path.Root("description")}},
		"a description of later": {model(one, unknown), path.Paths{path.Root("description")}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, drv := range clouds.Drivers() {
				r := &Resource{}
				r.Drivers = clouds.Drivers()
				want := test.want
				if driver.UpdatesSnapshots(drv) {
					want = nil
				}
				got := r.fixedTexts(kit.Planned[resourceModel]{
					Cloud: drv.Descriptor(), State: model(one, one),
					Config: func() resourceModel { return test.config },
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s", drv.Descriptor().Name, diff)
				}
			}
		})
	}
}
