package kit_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// placed is a model as the state holds it.
type placed struct{ cloud, source, location string }

func (p placed) CloudName() string { return p.cloud }

func (p placed) Place() (origin, location string) {
	return kit.Origin("source", types.StringValue(p.source)), p.location
}

func (p placed) Get(_ context.Context, target any) diag.Diagnostics {
	if m, ok := target.(*placed); ok {
		*m = p
	}
	return nil
}

func TestNewLocation_isWhereTheReplacedObjectIs(t *testing.T) {
	configs := map[string]kit.Config{"mist": {Settings: driver.Settings{Values: map[string]string{"zone": "default"}}}}
	d := driver.Descriptor{Name: "mist", Limits: driver.Limits{
		Location: driver.Attribute{Support: driver.OptionalComputed}, LocationField: "zone",
	}}
	b := &kit.Base{Clouds: kit.NewClouds(nil, configs, cloud.Options{}, 0)}
	var diags diag.Diagnostics
	for _, state := range []placed{{"mist", "a", "home"}, {"mist", "", "nowhere"}, {"fog", "b", "elsewhere"}} {
		kit.DecodeState[placed](t.Context(), b, state, &diags)
	}
	for source, want := range map[string]string{"a": "home", "b": "default", "": "default"} {
		got := b.NewLocation(d, placed{cloud: "mist", source: source}, types.StringUnknown())
		if got != types.StringValue(want) {
			t.Errorf("a new object of %q goes to %s, want %s", source, got, want)
		}
	}
	d.Limits.Location = driver.Attribute{}
	if got := b.NewLocation(d, placed{cloud: "mist", source: "a"}, types.StringUnknown()); !got.IsNull() {
		t.Errorf("a cloud without locations: %s", got)
	}
}
