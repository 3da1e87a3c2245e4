package prototest

import (
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// Invocation is an action that runs or has run. It is safe for concurrent use.
type Invocation struct {
	done chan struct{}

	mu       sync.Mutex
	messages []string
	diags    Diagnostics
}

// Messages are the messages of the progress so far.
func (i *Invocation) Messages() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string(nil), i.messages...)
}

// Wait waits for the end of the action, and returns its messages and its diagnostics.
func (i *Invocation) Wait() ([]string, Diagnostics) {
	<-i.done
	return i.Messages(), i.diags
}

// PlanAction validates the configuration of an action and plans it.
func (p *Provider) PlanAction(t testing.TB, typeName string, config Values) Diagnostics {
	t.Helper()
	_, _, diags := p.planAction(t, typeName, config)
	return diags
}

func (p *Provider) planAction(
	t testing.TB, typeName string, config Values,
) (tfprotov6.ActionServer, *tfprotov6.DynamicValue, Diagnostics) {
	t.Helper()
	schema, ok := p.schema.ActionSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no action %s", typeName)
	}
	server, ok := p.server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the server has no actions")
	}
	typ := schema.Schema.ValueType()
	raw := encode(t, typ, value(t, typ, config))
	valid, err := server.ValidateActionConfig(t.Context(),
		&tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return server, raw, diags
	}
	planned, err := server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: typeName, Config: raw, ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, raw, append(diags, planned.Diagnostics...)
}

// BeginAction validates the configuration of an action, plans it and starts it. After an error of the plan, the action
// has ended without a message.
func (p *Provider) BeginAction(t testing.TB, typeName string, config Values) *Invocation {
	t.Helper()
	i := &Invocation{done: make(chan struct{})}
	server, raw, diags := p.planAction(t, typeName, config)
	i.diags = diags
	if diags.HasError() {
		close(i.done)
		return i
	}
	go func() {
		defer close(i.done)
		stream, err := server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: raw})
		if err != nil {
			t.Error(err)
			return
		}
		for event := range stream.Events {
			i.receive(t, event)
		}
	}()
	return i
}

// receive keeps an event of a running action.
func (i *Invocation) receive(t testing.TB, event tfprotov6.InvokeActionEvent) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	switch event := event.Type.(type) {
	case tfprotov6.ProgressInvokeActionEventType:
		i.messages = append(i.messages, event.Message)
	case tfprotov6.CompletedInvokeActionEventType:
		i.diags = append(i.diags, event.Diagnostics...)
	default:
		t.Errorf("an event of the type %T", event)
	}
}

// InvokeAction validates the configuration of an action, plans it and runs it to its end. It returns the messages of
// its progress, and the diagnostics of all steps.
func (p *Provider) InvokeAction(t testing.TB, typeName string, config Values) ([]string, Diagnostics) {
	t.Helper()
	return p.BeginAction(t, typeName, config).Wait()
}

// InterruptAction runs an action, and interrupts the provider as Ctrl-C does once underWay holds. The action must end
// promptly.
func (p *Provider) InterruptAction(
	t testing.TB, typeName string, config Values, underWay func() bool,
) ([]string, Diagnostics) {
	t.Helper()
	i := p.BeginAction(t, typeName, config)
	acctest.Eventually(t, "the action is under way", func() bool {
		select {
		case <-i.done:
			return true
		default:
			return underWay()
		}
	})
	p.EndsOnStop(t, func() { <-i.done })
	return i.Wait()
}
