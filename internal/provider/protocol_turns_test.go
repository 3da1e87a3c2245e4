package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// An export names only its snapshot, and locks the snapshot's source at the cloud. So does a promotion. A create on
// that source waits for it, and is not sent to be refused.
func TestProtocol_oneAtATimePerSource(t *testing.T) {
	t.Parallel()
	for _, o := range []object{objects()[2], objects()[3]} {
		t.Run(o.typeName, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloud(t, o.capability, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
				t.Helper()
				p, source := prototest.Start(t, s, nil), seeded(t, s, c).SourceID
				first, second := p.Resource(t, o.typeName), p.Resource(t, snapshotType)
				firstDone := first.Begin(t, first.Plan(t, o.config(t, s, c)))
				acctest.Eventually(t, "the first is at work", polling(s, c, false))

				limited := addressed(c, prototest.Values{"source_id": source, "timeouts": prototest.Values{"create": "1s"}})
				second.Apply(t, second.Plan(t, limited)).MustFail(t, "Unable to wait for other work on the same instance",
					"The operation timed out")

				secondDone := second.Begin(t, second.Plan(t, addressed(c, prototest.Values{"source_id": source})))
				polls := len(s.Requests(c.Name))
				acctest.Eventually(t, "the second had time to be sent", func() bool { return len(s.Requests(c.Name)) > polls+30 })
				if n := s.Mutations(c.Name); n != 1 || len(firstDone)+len(secondDone) > 0 {
					t.Errorf("%d changes were sent while the first was at work", n)
				}
				s.Advance(3 * time.Hour)
				acctest.Eventually(t, "the second is sent", func() bool { return s.Mutations(c.Name) > 1 || len(secondDone) > 0 })
				s.Advance(3 * time.Hour)
				(<-firstDone).MustSucceed(t)
				(<-secondDone).MustSucceed(t)
				for _, e := range s.Requests(c.Name) {
					if e.Status == http.StatusConflict {
						t.Errorf("%s %s was refused", e.Method, e.Path)
					}
				}
			}, sandboxtest.WithLatency(time.Hour))
		})
	}
}

// Two ephemeral exports of one snapshot in one run export it once: the second waits for the first, and takes its URL.
func TestProtocol_ephemeralExportsShareOneExport(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, config := prototest.Start(t, s, nil), exportConfig(t, s, c)
		urls := make(chan any, 2)
		for range cap(urls) {
			go func() {
				values, diags := p.OpenEphemeral(t, exportType, config)
				if diags.HasError() {
					t.Errorf("%+v", diags)
				}
				urls <- values["presigned_url"]
			}()
		}
		exports := func() int {
			n := 0
			for _, e := range s.Requests(c.Name) {
				if e.Method == http.MethodPost && strings.HasSuffix(e.Path, ":export") {
					n++
				}
			}
			return n
		}
		acctest.Eventually(t, "the first is at work", polling(s, c, false))
		s.Advance(time.Hour)
		if one, two := <-urls, <-urls; one == nil || one != two || exports() != 1 {
			t.Errorf("%d exports gave %v and %v", exports(), one, two)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// Waiting for other work on the same source counts against the timeout of every operation.
func TestProtocol_queueCountsAgainstTheTimeout(t *testing.T) {
	t.Parallel()
	const queued, over, short = "Unable to wait for other work", "The operation timed out", "5s"
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		if c.Limits.SingleSnapshot() {
			return
		}
		p, config := prototest.Start(t, s, nil), snapshotConfig(t, s, c)
		config["timeouts"] = prototest.Values{"update": short, "delete": short}
		made := p.Resource(t, snapshotType)
		finishes(t, s, c, made, made.Plan(t, config)).MustSucceed(t)

		s.ClearJournal()
		holder := p.Resource(t, snapshotType)
		done := holder.Begin(t, holder.Plan(t, snapshotConfig(t, s, c)))
		acctest.Eventually(t, "the source is held", func() bool { return polling(s, c, false)() || len(done) > 0 })
		if len(done) > 0 {
			return // Its snapshots are ready at once, so nothing holds a source for long.
		}
		config["deletion_policy"] = "retain"
		made.Apply(t, made.Plan(t, config)).MustFail(t, queued, over)
		made.Destroy(t).MustFail(t, queued, over)

		limited := func(which string, more prototest.Values) prototest.Values {
			more["snapshot_id"], more["timeouts"] = made.Values(t)["snapshot_id"], prototest.Values{which: short}
			return addressed(c, more)
		}
		if can(c, driver.CapabilitySnapshotTemplate) {
			r := p.Resource(t, templateType)
			r.Apply(t, r.Plan(t, limited("create", prototest.Values{"name": "golden"}))).MustFail(t, queued, over)
		}
		if can(c, driver.CapabilitySnapshotExport) {
			r := p.Resource(t, exportType)
			r.Apply(t, r.Plan(t, limited("create", prototest.Values{}))).MustFail(t, queued, over)
			_, diags := p.OpenEphemeral(t, exportType, limited("open", prototest.Values{}))
			diags.MustFail(t, queued, over)
		}
		if n := s.Mutations(c.Name); n != 1 {
			t.Errorf("%d changes were sent, want the create alone", n)
		}
		s.Advance(3 * time.Hour)
		(<-done).MustSucceed(t)
	}, sandboxtest.WithLatency(time.Hour))
}

// can reports whether a cloud has a capability.
func can(c acctest.Case, capability driver.Capability) bool {
	return slices.Contains(driver.SupportedBy(acctest.Drivers(), capability), c.Name)
}
