package snapshot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const listAddress = "data.cloudsnap_snapshots.test"

// list is the configuration of the data source for the snapshots of one source.
func list(c acctest.Case, source driver.Ref, extra ...string) string {
	lines := []string{fmt.Sprintf("cloud = %q", c.Name)}
	if source.SourceID != "" {
		lines = append(lines, fmt.Sprintf("source_id = %q", source.SourceID))
	}
	if source.Location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", source.Location))
	}
	return fmt.Sprintf("data \"cloudsnap_snapshots\" \"test\" {\n  %s\n}\n", strings.Join(append(lines, extra...), "\n  "))
}

// step reads the list of a configuration.
func step(conf string, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{Config: config(conf), ConfigStateChecks: checks}
}

// snapshots compares the whole list.
func snapshots(check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("snapshots"), check)
}

func names(want ...string) statecheck.StateCheck {
	checks := []knownvalue.Check{}
	for _, n := range want {
		checks = append(checks, knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact(n)}))
	}
	return snapshots(knownvalue.ListExact(checks))
}

// take makes snapshots outside Terraform, one minute after the other.
func take(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, titles ...string) []driver.Snapshot {
	t.Helper()
	cl := s.Cloud(t, c.Name)
	var out []driver.Snapshot
	for _, title := range titles {
		spec := driver.SnapshotSpec{
			SourceID: source.SourceID, Location: source.Location, ReplaceExisting: c.Limits.SingleSnapshot(),
		}
		if c.Limits.Snapshot["name"].Settable() {
			spec.Name = title
		}
		made, operation, err := cl.CreateSnapshot(t.Context(), spec)
		if err == nil {
			made, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, made)
		s.Advance(time.Minute)
	}
	return out
}

func TestTFSnapshots_newestFirstAndFiltered(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		made := take(t, s, c, source, "before one", "before two", "after")
		if c.Limits.SingleSnapshot() {
			made = made[len(made)-1:]
		}
		ids := []knownvalue.Check{}
		for _, snap := range slices.Backward(made) {
			ids = append(ids, knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"snapshot_id": knownvalue.StringExact(snap.ID), "source_id": knownvalue.StringExact(source.SourceID),
			}))
		}
		account := 0
		for _, snap := range s.Inventory()[c.Name].Snapshots {
			if source.Location == "" || snap.Location == source.Location {
				account++
			}
		}
		nothing := `name_regex = "^no snapshot is called like this$"`
		steps := []resource.TestStep{
			{
				Config:      config(list(c, source, nothing, "most_recent = true")),
				ExpectError: regexp.MustCompile("Unable to find a snapshot"),
			},
			{
				Config: config(list(c, source, `name_regex = "("`)), PlanOnly: true,
				ExpectError: regexp.MustCompile("must be a regular expression"),
			},
			step(list(c, source), snapshots(knownvalue.ListExact(ids))),
			step(list(c, source, "most_recent = true"), snapshots(knownvalue.ListExact(ids[:1]))),
			step(list(c, source, `states = ["error"]`), names()),
			step(list(c, source, nothing), names()),
			step(list(c, driver.Ref{Location: source.Location}), snapshots(knownvalue.ListSizeExact(account))),
		}
		if c.Limits.Snapshot["name"].Settable() {
			steps = append(steps,
				step(list(c, source, `name = "before"`), names("before two", "before one")),
				step(list(c, source, `name_regex = "(one|after)$"`), names("after", "before one")),
				step(list(c, source, `name = "before"`, `name_regex = "one"`, "most_recent = true"), names("before one")),
			)
		}
		story(t, s, c, steps...)
	})
}
