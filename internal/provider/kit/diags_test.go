package kit_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	now  = time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	full = driver.Ref{Location: "ch-gva-2", SourceID: "42001", ObjectID: "snap1"}
)

func TestExplain(t *testing.T) {
	tests := map[string]struct {
		err     error
		summary string
		detail  []string
	}{
		"limit with occupants": {
			err: &driver.Error{
				Kind:      driver.KindLimit,
				Cloud:     "contabo",
				Op:        "create snapshot",
				Ref:       driver.Ref{SourceID: "42001"},
				Status:    402,
				RequestID: "r-1",
				Message:   "Total snapshots exceed the total max limit of 1 snapshots",
				Now:       now,
				ExistingSnapshots: []driver.Snapshot{
					{ID: "snap1", Name: "old", CreatedAt: now.Add(-48 * time.Hour), ExpiresAt: now.Add(24 * time.Hour)},
				},
			},
			summary: "Unable to create snapshot",
			detail: []string{
				"A limit of the account or the product has been reached: Total snapshots exceed the total max limit of 1 " +
					"snapshots.",
				"Existing snapshots, oldest first:\n  - snap1 \"old\", created 2026-09-19T10:00:00Z, expires 2026-09-22T10:00:00Z",
				"Delete one of these snapshots, or take the snapshot of a machine with a free slot. If this run replaces one of " +
					"them, create_before_destroy is the cause: the old one still fills the slot. Remove create_before_destroy then.",
				"cloud: contabo\noperation: create snapshot\nsource_id: 42001\nHTTP status: 402\nrequest ID: r-1",
			},
		},
		"failed work with everything": {
			err: &driver.Error{
				Kind:        driver.KindFailed,
				Cloud:       "exoscale",
				Op:          "finish creating snapshot",
				Ref:         full,
				Message:     "fault: out of space.",
				OperationID: "op-1",
				Code:        "fault",
				Fields:      []driver.VendorField{{Name: "size", Message: "too large"}},
			},
			summary: "Unable to finish creating snapshot",
			detail: []string{
				"The cloud accepted the operation, and the operation failed: fault: out of space.",
				"Look at the object in the cloud's panel, and apply again. The facts below help the cloud's support.",
				"cloud: exoscale\noperation: finish creating snapshot\nlocation: ch-gva-2\nsource_id: 42001\nid: snap1\nvendor " +
					"code: fault\nfield size: too large\noperation ID: op-1",
			},
		},
		"limit reached with a snapshot of this run": {
			err: &driver.Error{
				Kind:              driver.KindLimit,
				Cloud:             "x",
				Op:                "create snapshot",
				Message:           "full",
				ExistingSnapshots: []driver.Snapshot{{ID: "a"}},
				Managed:           true,
			},
			summary: "Unable to create snapshot",
			detail: []string{
				"A limit of the account or the product has been reached: full.", "Existing snapshots, oldest first:\n  - a",
				"Terraform manages one of these snapshots itself. With create_before_destroy it takes the new snapshot while the " +
					"old one still fills the slot: remove create_before_destroy, or get another slot at the cloud.",
				"cloud: x\noperation: create snapshot",
			},
		},
		"occupied": {
			err:     &driver.Error{Kind: driver.KindWouldOverwrite, Cloud: "x", Op: "create snapshot", Message: "taken"},
			summary: "Unable to create snapshot",
			detail: []string{
				"Taken.",
				"Set replace_existing = true to overwrite it, import it to manage it, or delete it at the cloud. If it is the " +
					"snapshot that this run replaces, create_before_destroy is the cause: set replace_existing = true, or remove " +
					"create_before_destroy.",
				"cloud: x\noperation: create snapshot",
			},
		},
		"occupied by a snapshot of this run": {
			err: &driver.Error{
				Kind:    driver.KindWouldOverwrite,
				Cloud:   "x",
				Op:      "create snapshot",
				Message: "taken",
				Managed: true,
			},
			summary: "Unable to create snapshot",
			detail: []string{
				"Taken.",
				"Terraform manages this snapshot itself, and the cloud keeps one per source. With create_before_destroy the new " +
					"snapshot must overwrite the old one: set replace_existing = true, or remove create_before_destroy. If two " +
					"resources have this source_id, remove one of them.",
				"cloud: x\noperation: create snapshot",
			},
		},
		"a restore that would delete": {
			err: &driver.Error{
				Kind: driver.KindWouldDelete, Cloud: "x", Op: "restore snapshot", Message: "it deletes newer ones",
				Now: time.Date(2026, 9, 21, 12, 0, 0, 0, time.UTC),
				ExistingSnapshots: []driver.Snapshot{
					{ID: "a", Name: "nightly", CreatedAt: time.Date(2026, 9, 16, 12, 0, 0, 0, time.UTC)},
					{ID: "b"},
				},
			},
			summary: "Unable to restore snapshot",
			detail: []string{
				"It deletes newer ones.",
				"Newer snapshots, oldest first:\n  - a \"nightly\", created 2026-09-16T12:00:00Z, 5 days old\n" +
					"  - b, of unknown age",
				"Set delete_newer_snapshots = true to delete them with the restore, or restore the newest snapshot.",
				"cloud: x\noperation: restore snapshot",
			},
		},
		"a hint of its own": {
			err: &driver.Error{Kind: driver.KindMisconfigured, Cloud: "koyeb", Op: "use cloud", Message: "Koyeb is not " +
				"configured: token is missing", Hint: "Set token."},
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
	for kind := driver.KindUnknown; kind <= driver.KindMisconfigured; kind++ {
		_, detail := kit.Explain(&driver.Error{Kind: kind, Cloud: "x", Op: "do it", Message: "because", Hint: ""})
		parts := strings.Split(detail, "\n\n")
		if !strings.Contains(parts[0], "ecause.") {
			t.Errorf("kind %d does not say what happened: %q", kind, detail)
		}
		switch kind {
		case driver.KindUnknown, driver.KindAmbiguous, driver.KindUnsupported:
			// Their makers give the hint, or there is nothing to do.
		default:
			if len(parts) != 3 {
				t.Errorf("kind %d does not say what to do: %q", kind, detail)
			}
		}
	}
}

// What is kept is said before the facts, and never together with an advice that contradicts it.
func TestFailKept_saysHowToKeep(t *testing.T) {
	const (
		tainted = "The object exists, and the state holds it as koyeb/1. Terraform marks it as tainted and would replace " +
			"it: run \"terraform untaint\" on this resource and apply again to keep it and resume waiting."
		rest = "The state holds what exists of the object as koyeb/1. Terraform marks it as tainted: apply again to " +
			"replace it, or destroy it."
		facts = "cloud: koyeb\noperation: finish creating snapshot\nid: 1"
	)
	for kind, want := range map[driver.Kind][]string{
		driver.KindTimeout: {"The operation timed out: why.", tainted + " The timeouts attribute sets how long the " +
			"operation may take.", facts},
		driver.KindFailed:   {"The cloud accepted the operation, and the operation failed: why.", rest, facts},
		driver.KindNotFound: {"Not found: why.", rest, facts},
		driver.KindAuth: {
			"The cloud rejected the credentials: why.",
			"Check the credentials in the provider's koyeb block or in the environment: they may be mistyped, expired or of " +
				"another account.", tainted, facts,
		},
	} {
		var diags diag.Diagnostics
		kit.AddTaintedError(
			&diags,
			&driver.Error{
				Kind:    kind,
				Cloud:   "koyeb",
				Op:      "finish creating snapshot",
				Ref:     driver.Ref{ObjectID: "1"},
				Message: "why",
			},
			"koyeb/1",
		)
		if !diags.HasError() || diags[0].Summary() != "Unable to finish creating snapshot" {
			t.Fatalf("got %v", diags)
		}
		if diff := cmp.Diff(strings.Join(want, "\n\n"), diags[0].Detail()); diff != "" {
			t.Errorf("the text of kind %d differs (-want +got):\n%s", kind, diff)
		}
	}
}

func TestInterrupted_isAWarning(t *testing.T) {
	for id, as := range map[string]string{"koyeb/1": " as koyeb/1", "": ""} {
		var diags diag.Diagnostics
		kit.WarnInterrupted(
			&diags,
			&driver.Error{Kind: driver.KindCanceled, Cloud: "koyeb", Op: "finish creating snapshot", Message: "stopped waiting"},
			id,
		)
		if diags.HasError() || diags.WarningsCount() != 1 {
			t.Fatalf("got %v", diags)
		}
		want := "The operation was interrupted: stopped waiting.\n\nNothing is lost: the cloud continues, and the state " +
			"holds the object" + as +
			". Apply again to resume waiting.\n\ncloud: koyeb\noperation: finish creating snapshot"
		if diff := cmp.Diff(want, diags[0].Detail()); diff != "" {
			t.Errorf("the text differs (-want +got):\n%s", diff)
		}
	}
}
