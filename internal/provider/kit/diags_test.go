package kit_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	now  = time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	full = cloud.Ref{Location: "ch-gva-2", SourceID: "42001", ObjectID: "snap1"}
)

func TestExplain(t *testing.T) {
	tests := map[string]struct {
		err     error
		summary string
		detail  []string
	}{
		"limit with occupants": {
			err: &cloud.Error{
				Kind: cloud.KindLimit, Cloud: "contabo", Op: "create snapshot", Ref: cloud.Ref{SourceID: "42001"}, Status: 402, RequestID: "r-1",
				Message: "Total snapshots exceed the total max limit of 1 snapshots", Now: now,
				Occupants: []cloud.Snapshot{{ID: "snap1", Name: "old", CreatedAt: now.Add(-48 * time.Hour), ExpiresAt: now.Add(24 * time.Hour)}},
			},
			summary: "Unable to create snapshot",
			detail: []string{
				"A limit of the account or the product is reached: Total snapshots exceed the total max limit of 1 snapshots.",
				"These snapshots exist, the oldest first:\n  - snap1 \"old\", created 2026-09-19T10:00:00Z, expires 2026-09-22T10:00:00Z",
				"Delete one of these snapshots, or take the snapshot of a machine with a free slot.",
				"cloud: contabo\noperation: create snapshot\nsource_id: 42001\nHTTP status: 402\nrequest ID: r-1",
			},
		},
		"failed work with everything": {
			err: &cloud.Error{
				Kind: cloud.KindFailed, Cloud: "exoscale", Op: "finish creating snapshot", Ref: full, Message: "fault: out of space.", JobID: "op-1", Code: "fault",
				Fields: []cloud.VendorField{{Name: "size", Message: "too large"}},
			},
			summary: "Unable to finish creating snapshot",
			detail: []string{
				"The cloud accepted the work, and then it failed there: fault: out of space.",
				"Look at the object in the cloud's panel, and apply again. The facts below help the cloud's support.",
				"cloud: exoscale\noperation: finish creating snapshot\nlocation: ch-gva-2\nsource_id: 42001\nid: snap1\nvendor code: fault\nfield size: too large\noperation ID: op-1",
			},
		},
		"a hint of its own": {
			err:     &cloud.Error{Kind: cloud.KindMisconfigured, Cloud: "koyeb", Op: "use cloud", Message: "Koyeb is not configured: token is missing", Hint: "Set token."},
			summary: "Unable to use cloud",
			detail:  []string{"Koyeb is not configured: token is missing.", "Set token.", "cloud: koyeb\noperation: use cloud"},
		},
		"not one of ours": {err: errors.New("boom"), summary: "Unexpected error", detail: []string{"boom"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			summary, detail := kit.Explain(test.err)
			if diff := cmp.Diff(test.summary+"\n"+strings.Join(test.detail, "\n\n"), summary+"\n"+detail); diff != "" {
				t.Errorf("the text differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Every kind must say what happened, and what to do.
func TestExplain_everyKindHelps(t *testing.T) {
	for kind := cloud.KindUnknown; kind <= cloud.KindMisconfigured; kind++ {
		_, detail := kit.Explain(&cloud.Error{Kind: kind, Cloud: "x", Op: "do it", Message: "because", Hint: ""})
		parts := strings.Split(detail, "\n\n")
		if !strings.Contains(parts[0], "ecause.") {
			t.Errorf("kind %d does not say what happened: %q", kind, detail)
		}
		switch kind {
		case cloud.KindUnknown, cloud.KindCanceled, cloud.KindAmbiguous, cloud.KindMisconfigured, cloud.KindUnsupported:
			// Their makers give the hint, or there is nothing to do.
		default:
			if len(parts) != 3 {
				t.Errorf("kind %d does not say what to do: %q", kind, detail)
			}
		}
	}
}

func TestFailKept_saysHowToKeep(t *testing.T) {
	var diags diag.Diagnostics
	kit.FailKept(&diags, &cloud.Error{Kind: cloud.KindTimeout, Cloud: "koyeb", Op: "finish creating snapshot", Message: "stopped waiting"}, "koyeb/1")
	if !diags.HasError() || !strings.Contains(diags[0].Detail(), "terraform untaint") || !strings.Contains(diags[0].Detail(), "koyeb/1") {
		t.Errorf("got %v", diags)
	}
}

func TestInterrupted_isAWarning(t *testing.T) {
	var diags diag.Diagnostics
	kit.Interrupted(&diags, &cloud.Error{Kind: cloud.KindCanceled, Op: "finish creating snapshot", Message: "stopped waiting"}, "koyeb/1")
	if diags.HasError() || diags.WarningsCount() != 1 || !strings.Contains(diags[0].Detail(), "Apply again") {
		t.Errorf("got %v", diags)
	}
}
