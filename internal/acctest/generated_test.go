package acctest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// The configuration that a CLI writes for an import repeats what the cloud itself has decided. It must plan as it is
// written; any other value is refused.
func TestTFImport_generatedConfiguration(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		outside := s.Cloud(t, c.Name)
		spec := driver.SnapshotSpec{SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location}
		if c.Limits.Snapshot["name"].Support == driver.Required {
			spec.Name = "made by hand"
		}
		made, operation, err := outside.CreateSnapshot(t.Context(), spec)
		if err == nil {
			made, err = outside.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
		}
		if err != nil {
			t.Fatal(err)
		}
		// The guide's own steps, for this cloud's snapshot.
		steps := under(readGuide(t, "getting-started.md"), generate)
		for i := range steps {
			steps[i].text = strings.ReplaceAll(
				steps[i].text,
				"contabo/42001/snap1700000042",
				c.FormatID(c.Limits.SnapshotID, made.Ref()),
			)
		}
		cli := acctest.NewCLI(t, s, "")
		x := cli.Terminal(t)
		s.ClearJournal()
		follow(t, x, steps[:2]).MustSay(t, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy")
		follow(t, x, steps[2:]).MustSay(t, "1 imported, 0 added, 0 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("importing sent %d writes", n)
		}
		x.Run(t, "rm import.tf generated.tf").MustSucceed(t)
		if !c.Limits.Snapshot["name"].Settable() {
			cli.Write(t, c.HCL("test", c.Sources[0], `name = "another"`))
			cli.Run(t, "plan").MustFail(t).MustSay(t, c.Title, "Remove name from the configuration")
		}
		if c.Limits.Location.Support == driver.Computed {
			cli.Write(t, c.HCL("test", c.Sources[0], `location = "elsewhere"`))
			cli.Run(t, "plan").MustFail(t).MustSay(t, "cannot be chosen", "Remove location from the configuration")
		}
	})
}

// failedSnapshot is the content of testdata/failed_snapshot.json: how a cloud shows a snapshot that it has given up.
// {id} and {source} stand for the IDs of the snapshot and its source. A cloud without such a state has no file.
type failedSnapshot struct {
	Path string          `json:"path"`
	Body json.RawMessage `json:"body"`
}

// fault makes the next two reads of a snapshot show it.
func (f failedSnapshot) fault(id, source string) sandbox.Fault {
	fill := strings.NewReplacer("{id}", id, "{source}", source)
	return sandbox.Fault{
		Method: http.MethodGet, Path: fill.Replace(f.Path), To: 2, Do: sandbox.DoStatus, Status: http.StatusOK,
		Body: json.RawMessage(fill.Replace(string(f.Body))),
	}
}

// A snapshot that the cloud gives up later is none: the plan replaces it.
func TestTFSnapshot_errorAtTheCloudIsReplaced(t *testing.T) {
	t.Parallel()
	const file = "failed_snapshot.json"
	fails := func(d driver.Driver) bool { return drivertest.HasTestdata(t, d, file) }
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, fails, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		var failed failedSnapshot
		drivertest.ReadTestdata(t, c.Driver, file, &failed)
		before := len(s.SnapshotIDs(c.Name))
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
		cli.Apply(t).MustSucceed(t)
		first, ok := cli.Attribute(t, "test", "snapshot_id").(string)
		if !ok {
			t.Fatal("the state has no snapshot_id")
		}
		s.Fault(failed.fault(first, c.Sources[0].SourceID))
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "must be replaced", "forces replacement", "Plan: 1 to add, 0 to "+
			"change, 1 to destroy")
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added, 0 changed, 1 destroyed")
		if second := cli.Attribute(t, "test", "snapshot_id"); second == first || len(s.SnapshotIDs(c.Name)) != before+1 {
			t.Errorf("%v became %v, and there are %v", first, second, s.SnapshotIDs(c.Name))
		}
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	})
}
