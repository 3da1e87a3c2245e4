package provider_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// polling reports whether a cloud has been read several times since the create, or since the journal was cleared after
// it.
func polling(s *acctest.Sandbox, c acctest.Case, created bool) func() bool {
	return func() bool {
		reads, counts := 0, created
		for _, e := range s.Requests(c.Name) {
			if e.Method == http.MethodPost {
				counts = true
			} else if counts {
				reads++
			}
		}
		return reads > 3
	}
}

// interrupted is a resource whose create was interrupted while the cloud was at work. It is nil at a cloud that has
// nothing to wait for.
func interrupted(
	t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, p *prototest.Provider, config prototest.Values,
) *prototest.Resource {
	t.Helper()
	r := p.Resource(t, o.typeName)
	diags := r.Interrupt(t, r.Plan(t, config), polling(s, c, false))
	diags.MustSucceed(t)
	if r.Values(t)["state"] == string(o.ready) {
		return nil
	}
	diags.MustWarn(t, "Interrupted while waiting", "Apply again to resume waiting")
	unfinished(t, r, o)
	return r
}

// unfinished checks that a resource is kept as it is on its way.
func unfinished(t *testing.T, r *prototest.Resource, o object) {
	t.Helper()
	if got := r.Values(t); r.Tainted || got["state"] == string(o.ready) || r.Private(t, "job") == "" {
		t.Fatalf("tainted %t, with the job %q: %v", r.Tainted, r.Private(t, "job"), got)
	}
}

// finishes applies a plan after the cloud's work is done, and lets the work of a change end too.
func finishes(
	t *testing.T, s *acctest.Sandbox, c acctest.Case, r *prototest.Resource, plan *prototest.Plan,
) prototest.Diagnostics {
	t.Helper()
	s.Advance(3 * time.Hour)
	before := s.Mutations(c.Name)
	done := r.Begin(t, plan)
	acctest.Eventually(t, "a change is sent", func() bool { return s.Mutations(c.Name) > before || len(done) > 0 })
	s.Advance(3 * time.Hour)
	return <-done
}

// An interrupted wait goes on with the next apply. Interrupted once more it is kept again.
func TestProtocol_interruptedWaitGoesOn(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		r := interrupted(t, s, c, o, prototest.Start(t, s, nil), config)
		if r == nil {
			return
		}
		o.checkIdentity(t, c, r)
		s.ClearJournal()
		diags := r.Interrupt(t, r.Plan(t, config), polling(s, c, true))
		diags.MustWarn(t, "Interrupted while waiting", "Apply again to resume waiting")
		unfinished(t, r, o)

		finishes(t, s, c, r, r.Plan(t, config)).MustSucceed(t)
		if got := r.Values(t); got["state"] != string(o.ready) || got[o.id] == nil || r.Private(t, "job") != "" {
			t.Errorf("at the end: %v with the job %q", got, r.Private(t, "job"))
		}
		o.checkIdentity(t, c, r)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp || s.Mutations(c.Name) != 0 {
			t.Errorf("the plan afterwards is %s, and %d changes were sent", plan.Action, s.Mutations(c.Name))
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// A change of an object that is not finished is sent after the wait. If that wait is interrupted, the change is an
// error at every type, taints nothing, and is planned again.
func TestProtocol_interruptedWaitBeforeAChange(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		before, named := config[o.change]
		r := interrupted(t, s, c, o, prototest.Start(t, s, nil), config)
		if r == nil || !named {
			return
		}
		config[o.change], config["deletion_policy"] = "changed", "retain"
		s.ClearJournal()
		r.Interrupt(t, r.Plan(t, config), polling(s, c, true)).MustFail(t, "Interrupted while waiting", "Nothing is lost",
			"The change has not been sent", "Apply again")
		unfinished(t, r, o)
		if got := r.Values(t); got[o.change] != before || got["deletion_policy"] != "delete" || s.Mutations(c.Name) != 0 {
			t.Errorf("%d changes were sent, and the state has %v", s.Mutations(c.Name), got)
		}

		r.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, config)
		if plan.Action != prototest.Update || plan.Values[o.change] != "changed" {
			t.Errorf("the next plan is %s: %v", plan.Action, plan.Values)
		}
		finishes(t, s, c, r, plan).MustSucceed(t)
		if got := r.Values(t); got[o.change] != "changed" || got["state"] != string(o.ready) || r.Private(t, "job") != "" {
			t.Errorf("at the end: %v with the job %q", got, r.Private(t, "job"))
		}
		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp || s.Mutations(c.Name) != 1 {
			t.Errorf("the plan afterwards is %s, and %d changes were sent", plan.Action, s.Mutations(c.Name))
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// An object on its way is destroyed too, although a cloud may neither show nor delete it before it is finished: nothing
// appears afterwards.
func TestProtocol_destroyedOnItsWay(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		before := len(s.Remaining())
		r := interrupted(t, s, c, o, prototest.Start(t, s, nil), o.config(t, s, c))
		if r == nil || o.typeName == exportType {
			return // An export cannot be taken back.
		}
		s.ClearJournal()
		done := make(chan prototest.Diagnostics, 1)
		go func() { done <- r.Destroy(t) }()
		// A cloud that deletes unfinished objects sends no more than the delete.
		acctest.Eventually(t, "the destroy begins", func() bool { return len(s.Requests(c.Name)) > 0 || len(done) > 0 })
		acctest.Eventually(t, "the destroy ends", func() bool {
			s.Advance(time.Hour)
			return len(done) > 0
		})
		(<-done).MustSucceed(t)
		s.Advance(3 * time.Hour)
		if after := len(s.Remaining()); r.Exists() || after != before {
			t.Errorf("%d objects became %d", before, after)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// A resumed wait that fails, or the change after it, is an error that taints nothing. The state has what the wait saw.
func TestProtocol_changeFailsAfterAResumedWait(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		before, named := config[o.change]
		r := interrupted(t, s, c, o, prototest.Start(t, s, nil), config)
		if r == nil || !named {
			return
		}
		config[o.change] = "changed"
		var faults []sandbox.Fault
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodPost} {
			faults = append(faults, sandbox.Fault{
				Method: method, Path: `/(snapshots|images|template)/`, Do: sandbox.DoStatus, Status: http.StatusBadRequest,
			})
		}
		s.Fault(faults...)
		finishes(t, s, c, r, r.Plan(t, config)).MustFail(t, "Unable to update ")
		got := r.Values(t)
		if r.Tainted || got["state"] != string(o.ready) || got[o.change] != before || r.Private(t, "job") != "" {
			t.Errorf("tainted %t, with the job %q: %v", r.Tainted, r.Private(t, "job"), got)
		}
		if plan := r.Plan(t, config); plan.Action != prototest.Update || plan.Values[o.change] != "changed" {
			t.Errorf("the next plan is %s: %v", plan.Action, plan.Values)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// A snapshot that changed at the cloud between plan and apply does not make the result of an update inconsistent.
func TestProtocol_cloudChangesBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		p := prototest.Start(t, s, nil)
		r := interrupted(t, s, c, o, p, config)
		if _, named := config[o.change]; r == nil || !named {
			return
		}
		plan := r.Plan(t, config)
		s.Advance(3 * time.Hour)
		other := "elsewhere"
		rename(t, s, c, o, r, other)
		r.Apply(t, plan).MustSucceed(t)
		r.Refresh(t).MustSucceed(t)
		if got := r.Values(t)[o.change]; got != other {
			t.Errorf("the next read shows %v, want %s", got, other)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// rename changes the name of an object behind Terraform's back.
func rename(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, r *prototest.Resource, name string) {
	t.Helper()
	text := func(attribute string) string { v, _ := r.Values(t)[attribute].(string); return v }
	ref := driver.Ref{Location: text("location"), SourceID: text("source_id"), ObjectID: text(o.id)}
	cl, before, done := s.Cloud(t, c.Name), s.Mutations(c.Name), make(chan error, 1)
	go func() {
		var err error
		if o.typeName == snapshotType {
			_, err = cl.UpdateSnapshot(t.Context(), ref, driver.SnapshotChange{Name: &name})
		} else {
			_, err = cl.UpdateImage(t.Context(), ref, driver.ImageChange{Name: &name})
		}
		done <- err
	}()
	acctest.Eventually(t, "the name changes", func() bool { return s.Mutations(c.Name) > before || len(done) > 0 })
	s.Advance(3 * time.Hour)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
