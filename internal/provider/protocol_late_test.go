package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// lateOperation is an operation that does not name its object before it succeeds.
const lateOperation = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

// lateReply answers with the operation; an empty ID leaves it pending.
func lateReply(method, path, noun, id string) sandbox.Fault {
	body := map[string]any{"id": lateOperation, "state": "pending"}
	if id != "" {
		body["state"] = "success"
		body["reference"] = map[string]string{"id": id, "link": "/v2/" + noun + "/" + id, "command": "get-" + noun}
	}
	return sandbox.Fault{Method: method, Path: path, Do: sandbox.DoStatus, Status: http.StatusOK, Body: body}
}

// polls counts the reads of operations.
func polls(s *acctest.Sandbox, name string) int {
	n := 0
	for _, e := range s.Requests(name) {
		if strings.Contains(e.Path, "/operation/") {
			n++
		}
	}
	return n
}

// lateObject is an object whose create answers without its ID.
type lateObject struct {
	object
	noun, create string
	// behind makes at the cloud what the operation turns out to have made.
	behind func(t *testing.T, cl *cloud.Cloud, config prototest.Values) string
}

func lateObjects() []lateObject {
	text := func(config prototest.Values, name string) string { s, _ := config[name].(string); return s }
	finished := func(t *testing.T, cl *cloud.Cloud, made driver.Image, operation driver.Operation, err error) string {
		t.Helper()
		if err == nil {
			made, err = cl.WaitImage(t.Context(), made, operation)
		}
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	all := objects()
	return []lateObject{
		{all[0], "snapshot", ":create-snapshot$", func(t *testing.T, cl *cloud.Cloud, config prototest.Values) string {
			t.Helper()
			spec := driver.SnapshotSpec{SourceID: text(config, "source_id"), Location: text(config, "location")}
			made, operation, err := cl.CreateSnapshot(t.Context(), spec)
			if err == nil {
				made, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
			}
			if err != nil {
				t.Fatal(err)
			}
			return made.ID
		}},
		{all[1], "template", "/template$", func(t *testing.T, cl *cloud.Cloud, config prototest.Values) string {
			t.Helper()
			made, operation, err := cl.CreateImage(t.Context(), driver.ImageSpec{
				Location: text(config, "location"), Name: text(config, "name"), URL: text(config, "url"),
				Checksum: text(config, "checksum"), SSHKeyEnabled: true,
			})
			return finished(t, cl, made, operation, err)
		}},
		{all[2], "template", ":promote$", func(t *testing.T, cl *cloud.Cloud, config prototest.Values) string {
			t.Helper()
			made, operation, err := cl.PromoteSnapshot(t.Context(), driver.PromoteSpec{
				Snapshot: driver.Ref{Location: text(config, "location"), ObjectID: text(config, "snapshot_id")},
				Name:     text(config, "name"), SSHKeyEnabled: true,
			})
			return finished(t, cl, made, operation, err)
		}},
	}
}

// An object that gets its ID only after its create was interrupted gets its identity with it, from the next read or
// from the resumed wait. A CLI that stores identities must accept that.
func TestProtocol_lateID(t *testing.T) {
	t.Parallel()
	late := func(d driver.Driver) bool { return d.Descriptor().Name == "exoscale" }
	for _, o := range lateObjects() {
		for _, by := range []string{"read", "update"} {
			t.Run(o.typeName+" by "+by, func(t *testing.T) {
				t.Parallel()
				acctest.EachCloudWhere(t, o.capability, late, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
					t.Helper()
					config := o.config(t, s, c)
					id := o.behind(t, s.Cloud(t, c.Name), config)
					s.Fault(lateReply(http.MethodPost, o.create, o.noun, ""), lateReply(http.MethodGet, "/operation/", o.noun, ""))
					s.ClearJournal()
					r := prototest.Start(t, s, nil).Resource(t, o.typeName)
					waiting := func() bool { return polls(s, c.Name) > 1 }
					r.Interrupt(t, r.Plan(t, config), waiting).MustWarn(t, "Interrupted while waiting")
					r.Refresh(t).MustSucceed(t)
					if got := r.Values(t); r.Tainted || got["state"] != "creating" || got[o.id] != nil || r.Private(t, "job") == "" {
						t.Fatalf("after the interrupt: %v with the job %q", got, r.Private(t, "job"))
					}
					o.checkIdentity(t, c, r)

					s.Fault(lateReply(http.MethodGet, "/operation/"+lateOperation, o.noun, id))
					if by == "read" {
						// The first read names the object, the second reads it.
						r.Refresh(t).MustSucceed(t)
						if got := r.Identity(t); got[o.id] != id {
							t.Errorf("the identity is %v, want the ID %s", got, id)
						}
						r.Refresh(t).MustSucceed(t)
					} else {
						plan := r.Plan(t, config)
						r.Apply(t, plan).MustSucceed(t)
					}
					if got := r.Values(t); got["state"] != string(o.ready) || got[o.id] != id || r.Private(t, "job") != "" {
						t.Errorf("at the end: %v with the job %q", got, r.Private(t, "job"))
					}
					o.checkIdentity(t, c, r)
					if plan := r.Plan(t, config); plan.Action != prototest.NoOp {
						t.Errorf("the plan afterwards is %s: %v", plan.Action, plan.Values)
					}
					if n := s.Mutations(c.Name); n != 1 {
						t.Errorf("%d changes were sent, want one", n)
					}
				})
			})
		}
	}
}

// A mutable identity takes in a late ID only. A snapshot that somebody else has overwritten is gone, and the state does
// not move on to the new one.
func TestProtocol_overwrittenSnapshotIsGone(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		if !c.Limits.SingleSnapshot() {
			return
		}
		r := prototest.Start(t, s, nil).Resource(t, snapshotType)
		r.Apply(t, r.Plan(t, snapshotConfig(t, s, c))).MustSucceed(t)
		cl := s.Cloud(t, c.Name)
		spec := driver.SnapshotSpec{SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location, ReplaceExisting: true}
		made, operation, err := cl.CreateSnapshot(t.Context(), spec)
		if err == nil {
			_, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Refresh(t).MustSucceed(t)
		if r.Exists() {
			t.Errorf("the state has %v", r.Values(t))
		}
	})
}
