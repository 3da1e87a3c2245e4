package bench

import (
	"context"
	"testing"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/twin"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// Plan is the plan of a fleet without a change, one call at a time, by the provider and by its twin.
type Plan struct {
	provider, twin tfprotov6.ProviderServer
	requests       []prototest.Requests
	replay         *replay
}

// Step is what a plan does with one snapshot: one call, or all of them.
type Step string

// All is all calls that a plan makes for one snapshot, one after the other.
const All Step = "all"

func calls() []prototest.RPC {
	return []prototest.RPC{
		prototest.UpgradeResourceState, prototest.ReadResource, prototest.ValidateResourceConfig,
		prototest.PlanResourceChange,
	}
}

// Steps lists all steps.
func Steps() []Step {
	var out []Step
	for _, rpc := range calls() {
		out = append(out, Step(rpc))
	}
	return append(out, All)
}

// NewPlan creates a fleet at a cloud, imports it, and records the answers of the cloud. A plan that is not empty fails
// the test.
func NewPlan(t testing.TB, cloudName string, size int) *Plan {
	t.Helper()
	fleet := NewFleet(t, cloudName, size)
	out := &Plan{replay: newReplay(cleanhttp.DefaultPooledTransport())}
	through := fleet.Through(out.replay)
	p := prototest.Start(t, through, nil)
	out.provider = p.Server()
	for i, id := range fleet.IDs {
		r := p.Resource(t, "cloudsnap_snapshot")
		r.Import(t, id, nil).MustSucceed(t)
		out.requests = append(out.requests, r.Requests(t, fleet.Configs[i]))
	}
	drivers := through.Drivers()
	out.twin = providerserver.NewProtocol6(twin.New(provider.New("bench", drivers, fleet.Getenv)(), drivers))()
	for i := range size {
		out.Provider(t, All, i)
		out.Twin(t, All, i)
	}
	return out
}

// Provider has the provider carry out a step for the snapshot with a number. It blocks until the step is done. An error
// fails the test. It is safe for concurrent use.
func (p *Plan) Provider(t testing.TB, step Step, i int) {
	t.Helper()
	p.send(t, p.provider, step, i)
}

// Twin is Provider by the twin.
func (p *Plan) Twin(t testing.TB, step Step, i int) {
	t.Helper()
	p.send(t, p.twin, step, i)
}

// Calls is how many requests the provider has sent to the cloud.
func (p *Plan) Calls() int64 { return p.replay.calls.Load() }

func (p *Plan) send(t testing.TB, server tfprotov6.ProviderServer, step Step, i int) {
	t.Helper()
	// The framework keeps the context of each call. That of the benchmark would keep all its calls.
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	defer cancel()
	for _, rpc := range calls() {
		if step != All && step != Step(rpc) {
			continue
		}
		if err := p.requests[i%len(p.requests)].Send(ctx, server, rpc); err != nil {
			t.Error(err)
			return
		}
	}
}
