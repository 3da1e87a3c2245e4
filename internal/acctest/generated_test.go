package acctest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
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
			steps[i].text = strings.ReplaceAll(steps[i].text, "contabo/42001/snap1700000042", c.FormatID(c.Limits.SnapshotID, made.Ref()))
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

// A snapshot that the cloud gives up later is none: the plan replaces it.
func TestTFSnapshot_errorAtTheCloudIsReplaced(t *testing.T) {
	t.Parallel()
	broken := map[string]func(id, source string) sandbox.Fault{
		"exoscale": func(id, source string) sandbox.Fault {
			return sandbox.Fault{Path: "/snapshot/" + id, Body: map[string]any{"id": id, "state": "error", "instance": map[string]any{"id": source}}}
		},
		"koyeb": func(id, source string) sandbox.Fault {
			return sandbox.Fault{Path: "/snapshots/" + id, Body: map[string]any{"snapshot": map[string]any{
				"id": id, "status": "SNAPSHOT_STATUS_INVALID", "type": "SNAPSHOT_TYPE_LOCAL", "parent_volume_id": source,
			}}}
		},
	}
	for name, answer := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			c := s.Case(t, name)
			before := len(s.SnapshotIDs(name))
			cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
			cli.Apply(t).MustSucceed(t)
			first, ok := cli.Attribute(t, "test", "snapshot_id").(string)
			if !ok {
				t.Fatal("the state has no snapshot_id")
			}
			fault := answer(first, c.Sources[0].SourceID)
			fault.Method, fault.Do, fault.Status, fault.To = http.MethodGet, sandbox.DoStatus, http.StatusOK, 2
			s.Fault(fault)
			cli.Run(t, "plan").MustSucceed(t).MustSay(t, "must be replaced", "forces replacement", "Plan: 1 to add, 0 to change, 1 to destroy")
			cli.Apply(t).MustSucceed(t).MustSay(t, "1 added, 0 changed, 1 destroyed")
			if second := cli.Attribute(t, "test", "snapshot_id"); second == first || len(s.SnapshotIDs(name)) != before+1 {
				t.Errorf("%v became %v, and there are %v", first, second, s.SnapshotIDs(name))
			}
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		})
	}
}
