package acctest_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// failedCheck is the summary of Terraform's warning, as the guide quotes it.
const failedCheck = "Check block assertion failed"

// example reads a whole configuration of the examples, and makes waiting quick.
func example(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(examples + "/" + name + "/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	const provider = "provider \"cloudsnap\" {}\n"
	if !strings.Contains(string(content), provider) {
		t.Fatalf("the example %s has no empty provider block", name)
	}
	return strings.Replace(string(content), provider, acctest.ProviderConfig, 1)
}

// setClock moves the sandbox's clock, and makes the configuration compare with it, by the guide's own override file.
func setClock(t *testing.T, s *acctest.Sandbox, x *acctest.Terminal, by time.Duration) {
	t.Helper()
	steps := under(readGuide(t, "know-your-backups-are-fresh.md.tmpl"), "How it compares")
	const printed = "2030-01-02T06:00:00Z"
	if len(steps) != 1 || !strings.Contains(steps[0].text, printed) {
		t.Fatalf("the guide has no override of the clock: %v", steps)
	}
	x.Write(t, "clock_override.tf", strings.ReplaceAll(steps[0].text, printed, s.Advance(by).Format(time.RFC3339)))
}

// backUp takes a snapshot beside Terraform, as a job does.
func backUp(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref) {
	t.Helper()
	spec := driver.SnapshotSpec{SourceID: source.SourceID, Location: source.Location}
	spec.ReplaceExisting = c.Limits.SingleSnapshot()
	if c.Limits.Snapshot["name"].Support == driver.Required {
		spec.Name = "backup"
	}
	made, operation, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), spec)
	if err == nil {
		_, err = s.Cloud(t, c.Name).WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A machine without a fresh backup is a warning of every plan until there is a new snapshot, at each cloud. The plan is
// empty all the time.
func TestTFGuide_freshBackups(t *testing.T) {
	t.Parallel()
	lists := func(d driver.Driver) bool { return driver.Supports(d, driver.CapabilitySnapshotSources) }
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, lists, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		names := map[string]string{}
		for _, source := range s.Inventory()[c.Name].Sources {
			names[source.SourceID] = source.Name
		}
		first, second := c.Sources[0], c.Sources[1]
		one, other := names[first.SourceID], names[second.SourceID]
		cli := acctest.NewCLI(t, s, "")
		cli.WriteWhole(t, example(t, "fresh-backups"))
		cli.Setenv("TF_VAR_cloud="+c.Name, fmt.Sprintf("TF_VAR_machines=^(%s|%s)$", one, other))
		x := cli.Terminal(t)
		plan := func() acctest.Result {
			t.Helper()
			return cli.Run(t, "plan", "-input=false", "-detailed-exitcode").MustSucceed(t)
		}
		ci := under(readGuide(t, "know-your-backups-are-fresh.md.tmpl"), "When the warning must stop something")[0].text

		backUp(t, s, c, first)
		plan().MustSay(t, failedCheck, "No backup of the last 26h: "+other+".")
		backUp(t, s, c, second)
		plan().MustNotSay(t, failedCheck)
		x.Run(t, ci).MustSucceed(t)

		setClock(t, s, x, 25*time.Hour)
		plan().MustNotSay(t, failedCheck)
		setClock(t, s, x, 2*time.Hour)
		stale := plan().MustSay(t, failedCheck, "backups_are_fresh", one, other)
		stale.MustNotSay(t, "no_backup_has_failed", "machines_are_found")
		x.Run(t, ci).MustFail(t).MustSay(t, "No backup of the last 26h")

		backUp(t, s, c, first)
		plan().MustSay(t, "No backup of the last 26h: "+other+".")
		backUp(t, s, c, second)
		plan().MustNotSay(t, failedCheck)

		cli.Setenv("TF_VAR_machines=^no machine$")
		plan().MustSay(t, failedCheck, "No machine has a name that matches ^no machine$.")
	})
}

// A snapshot in the state error is a warning, and no usable backup.
func TestTFGuide_failedBackup(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, example(t, "fresh-backups"))
	cli.Setenv("TF_VAR_machines=^db-1$", "TF_VAR_max_age=100h")
	cli.Run(t, "plan", "-input=false").MustSucceed(t).MustNotSay(t, failedCheck)
	const id = "c2000000-0000-4000-8000-000000000001"
	s.Fault(sandbox.Fault{
		Method: http.MethodGet, Path: "/snapshot$", Do: sandbox.DoStatus, Status: http.StatusOK,
		Body: map[string]any{"snapshots": []any{map[string]any{
			"id": id, "state": "error", "created-at": "2030-01-01T00:00:00Z",
			"instance": map[string]any{"id": "c1000000-0000-4000-8000-000000000002"},
		}}},
	})
	cli.Run(t, "plan", "-input=false").MustSucceed(t).
		MustSay(t, "Failed backups: exoscale/ch-gva-2/"+id+".", "No backup of the last 100h: db-1.")
}

// In one configuration with rotations, an apply warns of what it has not renewed, and of nothing else.
func TestTFGuide_freshBackupsWithRotations(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	const list = "data \"cloudsnap_snapshots\" \"all\" {\n  cloud = var.cloud\n}\n"
	after := under(readGuide(t, "know-your-backups-are-fresh.md.tmpl"), "Together with rotations")[0].text
	checks := example(t, "fresh-backups")
	if !strings.Contains(checks, list) {
		t.Fatalf("the example does not have %s", list)
	}
	rotations := func(condition string) string {
		return "\nresource \"cloudsnap_snapshot_rotation\" \"machine\" {\n" +
			"  for_each  = { for id, name in local.machines : id => name " + condition + " }\n" +
			"  cloud     = var.cloud\n  source_id = each.key\n  interval  = \"24h\"\n}\n"
	}
	cli.WriteWhole(t, strings.Replace(checks, list, after, 1)+rotations(""))
	cli.Apply(t).MustSucceed(t).MustNotSay(t, failedCheck).MustSay(t, "2 added")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustNotSay(t, "Check block")

	setClock(t, s, cli.Terminal(t), 27*time.Hour)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Check block assertion known after apply").MustNotSay(t, failedCheck)
	cli.Apply(t).MustSucceed(t).MustSay(t, "2 changed").MustNotSay(t, failedCheck)
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustNotSay(t, "Check block")

	cli.WriteWhole(t, strings.Replace(checks, list, after, 1)+rotations("if name == \"web-1\""))
	cli.Apply(t).MustSucceed(t).MustSay(t, failedCheck, "No backup of the last 26h: db-1.")
	cli.WriteWhole(t, checks+rotations(""))
	setClock(t, s, cli.Terminal(t), 27*time.Hour)
	cli.Apply(t).MustSucceed(t).MustSay(t, failedCheck, "1 added, 1 changed")
}
