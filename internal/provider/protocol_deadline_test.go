package provider_test

import (
	"net/http"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// question is a call that only reads, and that a cloud may leave without an answer.
type question struct {
	name       string
	capability driver.Capability
	// limit is the attribute of timeouts that bounds the call.
	limit string
	ask   func(t *testing.T, p *prototest.Provider, config prototest.Values) prototest.Diagnostics
	// config is a configuration with what the cloud requires.
	config func(t *testing.T, s *acctest.Sandbox, c acctest.Case) prototest.Values
}

func questions() []question {
	data := func(name string) func(*testing.T, *prototest.Provider, prototest.Values) prototest.Diagnostics {
		return func(t *testing.T, p *prototest.Provider, config prototest.Values) prototest.Diagnostics {
			t.Helper()
			_, diags := p.ReadData(t, name, config)
			return diags
		}
	}
	located := func(_ *testing.T, _ *acctest.Sandbox, c acctest.Case) prototest.Values {
		return addressed(c, prototest.Values{})
	}
	return []question{
		{"snapshots", driver.CapabilitySnapshot, "read", data("cloudsnap_snapshots"), located},
		{"images", driver.CapabilityImages, "read", data("cloudsnap_images"), located},
		{"image_stats", driver.CapabilityImageStats, "read", data("cloudsnap_image_stats"), located},
		{"plan", driver.CapabilitySnapshot, "read", func(
			t *testing.T, p *prototest.Provider, config prototest.Values,
		) prototest.Diagnostics {
			t.Helper()
			return p.Resource(t, snapshotType).Plan(t, config).Diagnostics
		}, snapshotConfig},
		{"ephemeral export", driver.CapabilitySnapshotExport, "open", func(
			t *testing.T, p *prototest.Provider, config prototest.Values,
		) prototest.Diagnostics {
			t.Helper()
			_, diags := p.OpenEphemeral(t, exportType, config)
			return diags
		}, exportConfig},
	}
}

// eachQuestion runs a test for every call at every cloud where the call sends requests.
func eachQuestion(
	t *testing.T, test func(t *testing.T, s *acctest.Sandbox, p *prototest.Provider, q question, config prototest.Values),
) {
	t.Helper()
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloud(t, q.capability, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
				t.Helper()
				config := q.config(t, s, c)
				q.ask(t, prototest.Start(t, s, nil), config).MustSucceed(t)
				if len(s.Requests(c.Name)) > 0 {
					test(t, s, prototest.Start(t, s, nil), q, config)
				}
			})
		})
	}
}

// A cloud that does not answer makes no call hang: each ends with its own limit, and reports that.
func TestProtocol_noAnswerEndsWithTheTimeout(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, s *acctest.Sandbox, p *prototest.Provider, q question, config prototest.Values) {
		t.Helper()
		s.Fault(sandbox.Fault{Do: sandbox.DoHang})
		config["timeouts"] = prototest.Values{q.limit: "2s"}
		q.ask(t, p, config).MustFail(t, "The operation timed out", "timeouts attribute")
	})
}

// A pause that a cloud demands is not begun if it outlasts the limit, which every call has by default.
func TestProtocol_longPauseIsNotBegun(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, s *acctest.Sandbox, p *prototest.Provider, q question, config prototest.Values) {
		t.Helper()
		s.Fault(sandbox.Fault{
			Do: sandbox.DoStatus, Status: http.StatusTooManyRequests, Header: sandbox.Header{"Retry-After": {"36000"}},
		})
		q.ask(t, p, config).MustFail(t, "The cloud is rate limiting requests")
	})
}

// An interrupt is reported as one, and not as a timeout.
func TestProtocol_interruptIsNoTimeout(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, s *acctest.Sandbox, p *prototest.Provider, q question, config prototest.Values) {
		t.Helper()
		s.Fault(sandbox.Fault{Do: sandbox.DoHang})
		done := make(chan prototest.Diagnostics, 1)
		go func() {
			defer close(done)
			done <- q.ask(t, p, config)
		}()
		acctest.Eventually(t, "the request hangs", func() bool { return s.Faults()[0].Count > 0 || len(done) > 0 })
		p.EndsOnStop(t, func() { (<-done).MustFail(t, "The operation was interrupted") })
	})
}
