package volume_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const address = typeName + ".test"

// hcl writes a volume of a snapshot. snapshotID is an expression.
func hcl(c acctest.Case, snapshotID, name string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  cloud = %q\n  snapshot_id = %s\n  name = %q\n}\n",
		typeName, c.Name, snapshotID, name)
}

// Every operation sends as few requests as the API allows. testdata/volume_calls.json of each driver lists them in
// order: method and what the path addresses.
func TestTFVolume_callsPerOperation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		var want map[string][]string
		drivertest.ReadTestdata(t, c.Driver, "volume_calls.json", &want)
		quoted := fmt.Sprintf("%q", snapshotID)
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+hcl(c, quoted, "restored"))
		calls := func(what string, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			var got []string
			for _, e := range s.Requests(c.Name) {
				got = append(got, e.Method+" "+addressed(e.Path))
			}
			if diff := cmp.Diff(want[what], got); diff != "" {
				t.Errorf("%s sent: %s", what, diff)
			}
		}
		calls("plan", func() { cli.Run(t, "plan", "-out=saved").MustSucceed(t).MustSay(t, "1 to add") })
		calls("create", func() { cli.Run(t, "apply", "saved").MustSucceed(t).MustSay(t, "1 added") })
		calls("refresh", func() { cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t) })
		cli.Write(t, acctest.ProviderConfig+hcl(c, quoted, "renamed"))
		calls("update", func() { cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 changed") })
		calls("delete", func() { cli.Destroy(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 destroyed") })
	})
}

// addressed is what a path addresses: a collection, or one object of it.
func addressed(path string) string {
	words := strings.Split(strings.Trim(path, "/"), "/")
	if last := words[len(words)-1]; strings.HasSuffix(last, "s") {
		return last
	}
	return strings.TrimSuffix(words[len(words)-2], "s")
}

// A volume is created from a snapshot of the same run, and updated, imported and destroyed.
func TestTFVolume_lifecycle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ string) {
		t.Helper()
		before := len(s.Remaining())
		config := func(name string) string {
			return acctest.ProviderConfig + c.HCL("source", c.Sources[0]) + hcl(c, "cloudsnap_snapshot.source.snapshot_id", name)
		}
		empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				{Config: config("restored")},
				// The snapshot has been moved since, which plans nothing.
				{Config: config("restored"), ConfigPlanChecks: empty},
				{
					Config: config("renamed"),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					}},
				},
				{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"timeouts"}},
			},
			CheckDestroy: func(*terraform.State) error {
				if left := s.Remaining(); len(left) != before {
					return fmt.Errorf("left over: %v", left)
				}
				return nil
			},
		})
	})
}

func TestTFVolume_importByIdentity(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		resource.UnitTest(t, resource.TestCase{
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipBelow(t, tfversion.Version1_12_0)},
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				{Config: acctest.ProviderConfig + hcl(c, fmt.Sprintf("%q", snapshotID), "restored")},
				{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			},
		})
	})
}

// Ctrl-C while the provider waits for the snapshot creates nothing. The next apply waits on, and creates one volume.
func TestTFVolume_interruptedWait(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ string) {
		t.Helper()
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+hcl(c, fmt.Sprintf("%q", another(t, s, c)), "restored"))
		running := cli.Start(t, "apply", "-auto-approve", "-input=false")
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustFail(t).MustSay(t, "The operation was interrupted", "Run apply again")
		if n := s.Mutations(c.Name); n != 0 {
			t.Fatalf("%d changes were sent", n)
		}
		s.Advance(later)
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		if n := creates(s, c); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}
