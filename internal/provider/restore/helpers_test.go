package restore_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const typeName = "cloudsnap_snapshot_restore"

// aWhile is longer than the work of a slow sandbox takes.
const aWhile = 3 * time.Hour

// slow makes the work of the sandbox's clouds take time.
func slow() sandboxtest.Option { return sandboxtest.WithLatency(time.Hour) }

// each runs a test for every cloud that restores, with a snapshot of its first source, which a restore accepts.
func each(
	t *testing.T, test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot),
	options ...sandboxtest.Option,
) {
	t.Helper()
	eachWhere(t, func(driver.Limits) bool { return true }, test, options...)
}

// eachWhere is each without the clouds for which the test means nothing.
func eachWhere(
	t *testing.T, applies func(driver.Limits) bool,
	test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot), options ...sandboxtest.Option,
) {
	t.Helper()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRestore, acctest.WhereLimits(applies),
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			snap := take(t, s, c, c.Sources[0], "restore me")
			prepare(s, c, c.Sources[0])
			s.ClearJournal()
			test(t, s, c, snap)
		}, options...)
}

// take takes a snapshot behind Terraform's back, an hour after the last one.
func take(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, name string) driver.Snapshot {
	t.Helper()
	s.Advance(time.Hour)
	cl := s.Cloud(t, c.Name)
	spec := driver.SnapshotSpec{
		SourceID: source.SourceID, Location: source.Location, ReplaceExisting: c.Limits.SingleSnapshot(),
	}
	if c.Limits.Snapshot["name"].Settable() {
		spec.Name = name
	}
	made, operation, err := cl.CreateSnapshot(t.Context(), spec)
	s.Advance(aWhile + time.Minute)
	if err == nil {
		made, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// prepare gives a source the state that a restore requires.
func prepare(s *acctest.Sandbox, c acctest.Case, source driver.Ref) {
	if c.Limits.RestoreState != "" {
		s.SetSourceState(source.SourceID, c.Limits.RestoreState)
	}
}

// configOf is the configuration of a restore, with more attributes.
func configOf(c acctest.Case, snap driver.Snapshot, more prototest.Values) prototest.Values {
	config := prototest.Values{
		"cloud": c.Name, "source_id": c.Sources[0].SourceID, "snapshot_id": snap.ID,
	}
	if c.Sources[0].Location != "" {
		config["location"] = c.Sources[0].Location
	}
	for name, value := range more {
		config[name] = value
	}
	return config
}

// restores counts the restores that a cloud has accepted.
func restores(s *acctest.Sandbox, c acctest.Case) int {
	return len(slices.DeleteFunc(s.Requests(c.Name), func(e sandbox.Entry) bool {
		return e.Method == http.MethodGet || e.Status >= 300 && e.Fault != sandbox.DoLose ||
			!strings.Contains(e.Path, "rollback") && !strings.Contains(e.Path, "revert") && !strings.Contains(e.Path, "restore")
	}))
}

// waiting reports whether a cloud has been read several times since a restore began.
func waiting(s *acctest.Sandbox, c acctest.Case) func() bool {
	return func() bool {
		reads, began := 0, false
		for _, e := range s.Requests(c.Name) {
			if e.Method != http.MethodGet {
				began = true
			} else if began {
				reads++
			}
		}
		return reads > 3
	}
}

// fails makes the restore that runs end in a failure, and returns the cloud's reason.
func fails(t *testing.T, s *acctest.Sandbox, c acctest.Case) string {
	t.Helper()
	var planted drivertest.FailedRestore
	drivertest.ReadTestdata(t, c.Driver, "failed_restore.json", &planted)
	f := planted.Fault(c.Sources[0].SourceID)
	s.Fault(sandbox.Fault{Method: f.Method, Path: f.Path, Do: f.Do, Status: f.Status, Body: f.Body})
	s.Advance(aWhile)
	return planted.Reason
}

// isRestored checks a restore that is complete.
func isRestored(t *testing.T, r *prototest.Resource) {
	t.Helper()
	got, job := r.Values(t), r.Private(t, "job")
	if got["state"] != "restored" || got["restored_at"] == nil || r.Tainted || job != "" {
		t.Errorf("tainted %t, job %q: %v", r.Tainted, job, got)
	}
}

// isRestoring checks a restore whose wait has ended before it.
func isRestoring(t *testing.T, r *prototest.Resource) {
	t.Helper()
	if got := r.Values(t); got["state"] != "restoring" || got["restored_at"] != nil || r.Private(t, "job") == "" {
		t.Errorf("job %q: %v", r.Private(t, "job"), got)
	}
}
