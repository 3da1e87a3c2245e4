package prototest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Requests are what a CLI sends when it plans a resource of the state. They are encoded once, and may be sent to any
// server whose resource has the same schema.
type Requests struct {
	upgrade  *tfprotov6.UpgradeResourceStateRequest
	read     *tfprotov6.ReadResourceRequest
	validate *tfprotov6.ValidateResourceConfigRequest
	plan     *tfprotov6.PlanResourceChangeRequest
}

// Requests encodes what a CLI sends for a configuration of this resource. The resource must exist.
func (r *Resource) Requests(t testing.TB, config Values) Requests {
	t.Helper()
	typ, configured := r.typ(), value(t, r.typ(), config)
	state, identity := encode(t, typ, r.state), r.sent(t, r.identity)
	// A state file has JSON.
	file, err := json.Marshal(plain(t, r.state))
	if err != nil {
		t.Fatal(err)
	}
	raw := encode(t, typ, configured)
	return Requests{
		upgrade: &tfprotov6.UpgradeResourceStateRequest{
			TypeName: r.typeName, Version: r.schema.Version, RawState: &tfprotov6.RawState{JSON: file},
		},
		read: &tfprotov6.ReadResourceRequest{
			TypeName: r.typeName, CurrentState: state, CurrentIdentity: identity, Private: r.private,
		},
		validate: &tfprotov6.ValidateResourceConfigRequest{TypeName: r.typeName, Config: raw},
		plan: &tfprotov6.PlanResourceChangeRequest{
			TypeName: r.typeName, PriorState: state, PriorPrivate: r.private, PriorIdentity: identity, Config: raw,
			ProposedNewState: encode(t, typ, r.proposed(t, r.state, configured)),
		},
	}
}

// RPC is a call of the protocol.
type RPC string

// The calls that a plan makes for each resource of the state.
const (
	UpgradeResourceState   RPC = "UpgradeResourceState"
	ReadResource           RPC = "ReadResource"
	ValidateResourceConfig RPC = "ValidateResourceConfig"
	PlanResourceChange     RPC = "PlanResourceChange"
)

// Send sends one of the requests. An error of the call, a diagnostic, and a state that is not that of the request are
// errors. It blocks until the server has answered, and may be repeated.
func (q Requests) Send(ctx context.Context, server tfprotov6.ProviderServer, rpc RPC) error {
	var diags []*tfprotov6.Diagnostic
	var state *tfprotov6.DynamicValue
	switch rpc {
	case UpgradeResourceState:
		resp, err := server.UpgradeResourceState(ctx, q.upgrade)
		if err != nil {
			return err
		}
		diags, state = resp.Diagnostics, resp.UpgradedState
	case ReadResource:
		resp, err := server.ReadResource(ctx, q.read)
		if err != nil {
			return err
		}
		diags, state = resp.Diagnostics, resp.NewState
	case ValidateResourceConfig:
		resp, err := server.ValidateResourceConfig(ctx, q.validate)
		if err != nil {
			return err
		}
		diags, state = resp.Diagnostics, q.read.CurrentState
	case PlanResourceChange:
		resp, err := server.PlanResourceChange(ctx, q.plan)
		if err != nil {
			return err
		}
		diags, state = resp.Diagnostics, resp.PlannedState
	default:
		return fmt.Errorf("there is no request for %s", rpc)
	}
	for _, d := range diags {
		return fmt.Errorf("%s: %s\n%s", rpc, d.Summary, d.Detail)
	}
	if string(state.MsgPack) != string(q.read.CurrentState.MsgPack) {
		return fmt.Errorf("%s answers with another state", rpc)
	}
	return nil
}

// Server is the provider behind its protocol.
func (p *Provider) Server() tfprotov6.ProviderServer { return p.server }
