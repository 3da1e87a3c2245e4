package prototest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Foreign is a resource of another provider as a state file has it.
type Foreign struct {
	// Provider is the address with the host.
	Provider, Type string
	// Attributes are in JSON.
	Attributes string
}

// Move takes over the state of another provider's resource, as a `moved` block does, and reads the object.
func (r *Resource) Move(t testing.TB, from Foreign) Diagnostics {
	t.Helper()
	diags := r.MoveOnly(t, from)
	if diags.HasError() {
		return diags
	}
	return append(diags, r.Refresh(t)...)
}

// MoveOnly is Move without the read, as with -refresh=false.
func (r *Resource) MoveOnly(t testing.TB, from Foreign) Diagnostics {
	t.Helper()
	resp, err := r.p.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: from.Provider, SourceTypeName: from.Type, TargetTypeName: r.typeName,
		SourceState: &tfprotov6.RawState{JSON: []byte(from.Attributes)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diags := Diagnostics(resp.Diagnostics); diags.HasError() {
		return diags
	}
	r.store(t, stored{
		decode(t, r.typ(), resp.TargetState), r.received(t, resp.TargetIdentity), resp.TargetPrivate,
	})
	return resp.Diagnostics
}
