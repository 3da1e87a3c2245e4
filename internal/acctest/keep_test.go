package acctest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// creation is the request that creates a snapshot, at every cloud.
var creation = sandbox.Fault{Method: http.MethodPost, Path: "snapshots?$"}

// A create that is lost before the cloud acts must not take the snapshot of another resource, however new that is:
// removing the second resource would delete the first one's snapshot.
func TestTFLostCreate_takesNoOtherSnapshot(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		if c.Limits.SingleSnapshot() {
			return // The second resource is refused by the plan.
		}
		one, two := c.HCL("a", c.Sources[0], sameName(c)...), c.HCL("b", c.Sources[0], sameName(c)...)
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+one)
		cli.Apply(t).MustSucceed(t)
		before := s.SnapshotIDs(c.Name)

		lost := creation
		lost.Do, lost.To = sandbox.DoReset, 1
		s.Fault(lost)
		cli.Write(t, acctest.ProviderConfig+one+two)
		cli.Apply(t).MustFail(t).MustSay(t, "no new snapshot, so the cloud probably did not act")
		if cli.Attribute(t, "b", "snapshot_id") != nil {
			t.Error("the state has a second snapshot")
		}
		cli.Write(t, acctest.ProviderConfig+one)
		cli.Apply(t).MustSucceed(t)
		if after := s.SnapshotIDs(c.Name); !slices.Equal(before, after) {
			t.Errorf("there were %v, and there are %v", before, after)
		}
	})
}

// sameName gives two resources one name, where a cloud takes names.
func sameName(c acctest.Case) []string {
	if !c.Limits.Snapshot["name"].Settable() {
		return nil
	}
	return []string{`name = "nightly"`}
}

// An adoption is visible: at a cloud without names the object could be a colleague's.
func TestTFLostCreate_adoptionIsAWarning(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		lost := creation
		lost.Do, lost.To = sandbox.DoLose, 1
		s.Fault(lost)
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
		out := cli.Apply(t).MustSucceed(t).MustSay(t, "Adopted after a lost answer")
		id, _ := cli.Attribute(t, "a", "id").(string)
		if id == "" {
			t.Fatal("the state has no ID")
		}
		out.MustSay(t, id)
	})
}

// Terraform deletes the old snapshot of a replacement first, so the plan must find out that no new one can be taken.
func TestTFReplace_sourceIsCheckedByThePlan(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
		cli.Apply(t).MustSucceed(t)
		before := s.SnapshotIDs(c.Name)
		missing := c.Sources[0]
		missing.SourceID = missing.SourceID[:len(missing.SourceID)-4] + "9999"
		cli.Write(t, acctest.ProviderConfig+c.HCL("a", missing))
		cli.Apply(t).MustFail(t).MustSay(t, "Unable to", missing.SourceID, "terraform destroy -refresh=false")
		if after := s.SnapshotIDs(c.Name); !slices.Equal(before, after) {
			t.Errorf("there were %v, and there are %v", before, after)
		}
	})
}

// A change of the default zone moves nothing: neither a replacement by -replace nor that of a tainted object.
func TestTFReplace_keepsTheZone(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(t *testing.T, cli *acctest.CLI){
		"by -replace": func(t *testing.T, cli *acctest.CLI) {
			t.Helper()
			cli.Apply(t, "-replace=cloudsnap_snapshot.a", "-replace=cloudsnap_custom_image.a").MustSucceed(t).MustSay(t, "2 "+
				"added, 0 changed, 2 destroyed")
		},
		"tainted": func(t *testing.T, cli *acctest.CLI) {
			t.Helper()
			cli.Run(t, "taint", "cloudsnap_snapshot.a").MustSucceed(t)
			cli.Run(t, "taint", "cloudsnap_custom_image.a").MustSucceed(t)
			cli.Apply(t).MustSucceed(t).MustSay(t, "2 added, 0 changed, 2 destroyed")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			c := s.Case(t, "exoscale")
			home := c.Sources[0].Location
			bare := c.Sources[0]
			bare.Location = ""
			cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", bare)+`resource "cloudsnap_custom_image" "a" {
  cloud    = "exoscale"
  name     = "golden"
  url      = "https://images.example.net/golden.qcow2"
  checksum = "0123456789abcdef0123456789abcdef"
}
`)
			cli.Setenv("EXOSCALE_ZONE=" + home)
			cli.Apply(t).MustSucceed(t)
			cli.Setenv("EXOSCALE_ZONE=" + otherZone(t, s, home))
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
			replace(t, cli)
			for _, noun := range []string{"snapshot", "custom_image"} {
				if !strings.Contains(cli.State(t), `"location": "`+home+`"`) {
					t.Errorf("the %s has moved:\n%s", noun, cli.State(t))
				}
			}
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		})
	}
}

// otherZone is a zone of the sandbox besides one.
func otherZone(t *testing.T, s *acctest.Sandbox, home string) string {
	t.Helper()
	for _, source := range s.Inventory()["exoscale"].Sources {
		if source.Location != home {
			return source.Location
		}
	}
	t.Fatal("the sandbox has one zone")
	return ""
}
