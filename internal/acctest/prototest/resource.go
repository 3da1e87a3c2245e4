package prototest

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// Resource is one resource of a configuration with what a CLI stores of it. It is not safe for concurrent use.
type Resource struct {
	// Tainted means that a create has ended with an error after it had returned a state.
	Tainted bool
	// NoIdentity means a CLI that stores no identities.
	NoIdentity bool

	p            *Provider
	typeName     string
	schema       *tfprotov6.Schema
	identityType tftypes.Type

	// stored is what the state file has.
	stored
}

// stored is an object in a state file. A null state is an object that does not exist.
type stored struct {
	state, identity tftypes.Value
	private         []byte
}

// Action is what a plan does.
type Action string

// The actions.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Plan is a planned change of one resource.
type Plan struct {
	Diagnostics

	Action Action
	// Values are the planned attributes, nil when the object is to be destroyed.
	Values Values

	config tftypes.Value
	next   stored
}

// Resource is a resource that does not exist yet.
func (p *Provider) Resource(t testing.TB, typeName string) *Resource {
	t.Helper()
	schema, ok := p.schema.ResourceSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no resource %s", typeName)
	}
	r := &Resource{p: p, typeName: typeName, schema: schema, identityType: p.identities[typeName].ValueType()}
	r.stored = r.nothing()
	return r
}

// Copy is the same object in another process of the provider. The two share nothing that changes.
func (r *Resource) Copy(p *Provider) *Resource {
	out := *r
	out.p = p
	return &out
}

// nothing is an object that does not exist.
func (r *Resource) nothing() stored {
	return stored{state: tftypes.NewValue(r.typ(), nil), identity: tftypes.NewValue(r.identityType, nil)}
}

func (r *Resource) typ() tftypes.Type { return r.schema.ValueType() }

// Exists reports whether there is a state.
func (r *Resource) Exists() bool { return !r.state.IsNull() }

// Values are the attributes of the state.
func (r *Resource) Values(t testing.TB) Values {
	t.Helper()
	return plain(t, r.state)
}

// Identity is the stored identity, nil where there is none.
func (r *Resource) Identity(t testing.TB) Values {
	t.Helper()
	return plain(t, r.identity)
}

// Private is what the provider keeps in the private state under a key; empty where there is nothing.
func (r *Resource) Private(t testing.TB, key string) string {
	t.Helper()
	if len(r.private) == 0 {
		return ""
	}
	keys := map[string][]byte{}
	if err := json.Unmarshal(r.private, &keys); err != nil {
		t.Fatalf("the private state cannot be read: %v", err)
	}
	return string(keys[key])
}

// Stored is everything that a state file has of the resource, as text.
func (r *Resource) Stored() string {
	return r.state.String() + "\n" + r.identity.String() + "\n" + string(r.private)
}

// Plan validates a configuration and plans it. A nil configuration destroys the object. It does not refresh.
func (r *Resource) Plan(t testing.TB, config Values) *Plan {
	t.Helper()
	if config == nil {
		plan := &Plan{config: tftypes.NewValue(r.typ(), nil)}
		r.change(t, plan, r.stored)
		plan.Action = Delete
		return plan
	}
	plan := &Plan{config: value(t, r.typ(), config)}
	resp, err := r.p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.typeName, Config: encode(t, r.typ(), plan.config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Diagnostics = resp.Diagnostics; plan.HasError() {
		return plan
	}
	replace := r.change(t, plan, r.stored)
	switch {
	case plan.HasError():
	case !r.Exists():
		plan.Action = Create
	case replace || r.Tainted:
		// A replacement is planned a second time, as if nothing existed.
		r.change(t, plan, r.nothing())
		plan.Action = Replace
	case plan.next.state.Equal(r.state):
		plan.Action = NoOp
	default:
		plan.Action = Update
	}
	return plan
}

// change plans the way from an object to the configuration, and reports whether the object must be replaced.
func (r *Resource) change(t testing.TB, plan *Plan, prior stored) (replace bool) {
	t.Helper()
	proposed := r.proposed(t, prior.state, plan.config)
	resp, err := r.p.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, PriorState: encode(t, r.typ(), prior.state), PriorPrivate: prior.private,
		PriorIdentity: r.sent(t, prior.identity), Config: encode(t, r.typ(), plan.config),
		ProposedNewState: encode(t, r.typ(), proposed),
	})
	if err != nil {
		t.Fatal(err)
	}
	plan.Diagnostics = append(plan.Diagnostics, resp.Diagnostics...)
	if plan.HasError() {
		return false
	}
	plan.next = stored{decode(t, r.typ(), resp.PlannedState), r.received(t, resp.PlannedIdentity), resp.PlannedPrivate}
	plan.Values = plain(t, plan.next.state)
	if plan.config.IsNull() {
		return false
	}
	r.planFitsConfig(t, prior.state, plan)
	before, after := attributes(t, prior.state), attributes(t, plan.next.state)
	for _, at := range resp.RequiresReplace {
		name, ok := at.NextStep().(tftypes.AttributeName)
		if !ok {
			t.Fatalf("%s is no attribute", at)
		}
		if old, ok := before[string(name)]; ok && !old.Equal(after[string(name)]) {
			replace = true
		}
	}
	return replace
}

// proposed merges prior state and configuration as a CLI does: a computed attribute that is not configured keeps its
// value.
func (r *Resource) proposed(t testing.TB, prior, config tftypes.Value) tftypes.Value {
	t.Helper()
	if config.IsNull() {
		return config
	}
	before, configured := attributes(t, prior), attributes(t, config)
	for _, a := range r.schema.Block.Attributes {
		old, exists := before[a.Name]
		switch {
		case a.WriteOnly:
			configured[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		case configured[a.Name].IsNull() && a.Computed && exists:
			configured[a.Name] = old
		}
	}
	return tftypes.NewValue(r.typ(), configured)
}

// Apply carries out a plan, and stores what the provider returns.
func (r *Resource) Apply(t testing.TB, plan *Plan) Diagnostics {
	t.Helper()
	plan.MustSucceed(t)
	var diags Diagnostics
	switch plan.Action {
	case NoOp:
		return nil
	case Replace:
		if diags = r.Destroy(t); diags.HasError() {
			return diags
		}
	case Create, Update, Delete:
		// A CLI plans again before it applies, now with all values known.
		again := &Plan{config: plan.config}
		r.change(t, again, r.stored)
		if again.HasError() {
			return again.Diagnostics
		}
		if plan.Action != Delete {
			r.resultFitsPlan(t, "the final plan", plan.next.state, again.next.state)
		}
		plan = &Plan{Action: plan.Action, config: plan.config, next: again.next}
	}
	return append(diags, r.apply(t, plan)...)
}

func (r *Resource) apply(t testing.TB, plan *Plan) Diagnostics {
	t.Helper()
	created := !r.Exists()
	resp, err := r.p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.typeName, PriorState: encode(t, r.typ(), r.state), Config: encode(t, r.typ(), plan.config),
		PlannedState: encode(t, r.typ(), plan.next.state), PlannedPrivate: plan.next.private,
		PlannedIdentity: r.sent(t, plan.next.identity),
	})
	if err != nil {
		t.Error(err)
		return nil
	}
	diags := Diagnostics(resp.Diagnostics)
	r.store(t, stored{decode(t, r.typ(), resp.NewState), r.received(t, resp.NewIdentity), resp.Private})
	r.Tainted = r.Exists() && diags.HasError() && (created || r.Tainted)
	if !diags.HasError() && !plan.next.state.IsNull() {
		r.resultFitsPlan(t, "the result", plan.next.state, r.state)
	}
	return diags
}

// store takes over what a call has returned.
func (r *Resource) store(t testing.TB, next stored) {
	t.Helper()
	switch {
	case next.state.IsNull():
		r.stored, r.Tainted = r.nothing(), false
		return
	case !next.state.IsFullyKnown() || !next.identity.IsFullyKnown():
		t.Errorf("%s: unknown values are stored: %s, %s", r.typeName, next.state, next.identity)
	case next.identity.IsNull():
		t.Errorf("%s: the state has no identity: %s", r.typeName, next.state)
	}
	if r.stored = next; r.NoIdentity {
		r.identity = tftypes.NewValue(r.identityType, nil)
	}
}

// Destroy plans to destroy the object, and applies the plan. What does not exist is left alone.
func (r *Resource) Destroy(t testing.TB) Diagnostics {
	t.Helper()
	if !r.Exists() {
		return nil
	}
	plan := r.Plan(t, nil)
	if plan.HasError() {
		return plan.Diagnostics
	}
	return append(plan.Diagnostics, r.apply(t, plan)...)
}

// MoveTo lets another process of the provider continue with the stored object, as the next command of a CLI does.
func (r *Resource) MoveTo(p *Provider) { r.p = p }

// Refresh reads the object. After an error the stored object stays as it was. What does not exist is left alone.
func (r *Resource) Refresh(t testing.TB) Diagnostics {
	t.Helper()
	if !r.Exists() {
		return nil
	}
	resp, err := r.p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: encode(t, r.typ(), r.state), Private: r.private,
		CurrentIdentity: r.sent(t, r.identity),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diags := Diagnostics(resp.Diagnostics); diags.HasError() {
		return diags
	}
	r.store(t, stored{decode(t, r.typ(), resp.NewState), r.received(t, resp.NewIdentity), resp.Private})
	return resp.Diagnostics
}

// Import imports an object by its import ID, or by its identity where the ID is empty, and reads it.
func (r *Resource) Import(t testing.TB, id string, identity Values) Diagnostics {
	t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, ID: id}
	if id == "" {
		req.Identity = r.sent(t, value(t, r.identityType, identity))
	}
	resp, err := r.p.server.ImportResourceState(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	if len(resp.ImportedResources) != 1 {
		t.Fatalf("%d objects were imported, want one", len(resp.ImportedResources))
	}
	one := resp.ImportedResources[0]
	r.store(t, stored{decode(t, r.typ(), one.State), r.received(t, one.Identity), one.Private})
	return append(diags, r.Refresh(t)...)
}

// sent is an identity as it is sent; null is not sent.
func (r *Resource) sent(t testing.TB, identity tftypes.Value) *tfprotov6.ResourceIdentityData {
	t.Helper()
	if identity.IsNull() {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: encode(t, r.identityType, identity)}
}

// received is an identity as it is stored.
func (r *Resource) received(t testing.TB, data *tfprotov6.ResourceIdentityData) tftypes.Value {
	t.Helper()
	if data == nil {
		return tftypes.NewValue(r.identityType, nil)
	}
	return decode(t, r.identityType, data.IdentityData)
}

// Begin starts to apply a plan. The channel gets the diagnostics when the apply ends.
func (r *Resource) Begin(t testing.TB, plan *Plan) <-chan Diagnostics {
	t.Helper()
	done := make(chan Diagnostics, 1)
	go func() {
		defer close(done)
		done <- r.Apply(t, plan)
	}()
	return done
}

// Interrupt applies a plan, and interrupts the provider as Ctrl-C does once underWay holds. The apply must end
// promptly.
func (r *Resource) Interrupt(t testing.TB, plan *Plan, underWay func() bool) Diagnostics {
	t.Helper()
	done := r.Begin(t, plan)
	acctest.Eventually(t, "the apply is under way", func() bool { return underWay() || len(done) > 0 })
	var diags Diagnostics
	r.p.EndsOnStop(t, func() { diags = <-done })
	return diags
}
