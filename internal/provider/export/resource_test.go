package export_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const address = "cloudsnap_snapshot_export.test"

// each runs a story for every cloud that can export, with a snapshot that exists already.
func each(
	t *testing.T, story func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref),
	options ...sandboxtest.Option,
) {
	t.Helper()
	acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		story(t, s, c, seeded(t, s, c))
	}, options...)
}

// seeded is the first snapshot of the sandbox in the location of the story.
func seeded(t *testing.T, s *acctest.Sandbox, c acctest.Case) driver.Ref {
	t.Helper()
	for _, snap := range s.Inventory()[c.Name].Snapshots {
		if snap.Location == c.Sources[0].Location {
			return driver.Ref{Location: snap.Location, SourceID: snap.SourceID, ObjectID: snap.SnapshotID}
		}
	}
	t.Fatal("the sandbox has no snapshot to begin with")
	return driver.Ref{}
}

// body writes the attributes that address a snapshot, and further lines.
func body(c acctest.Case, snapshot driver.Ref, lines ...string) string {
	head := []string{
		fmt.Sprintf("cloud = %q", c.Name), fmt.Sprintf("location = %q", snapshot.Location),
		fmt.Sprintf("snapshot_id = %q", snapshot.ObjectID),
	}
	return "{\n  " + strings.Join(append(head, lines...), "\n  ") + "\n}\n"
}

func hcl(c acctest.Case, snapshot driver.Ref, lines ...string) string {
	return acctest.ProviderConfig + `resource "cloudsnap_snapshot_export" "test" ` + body(c, snapshot, lines...)
}

func planCheck(check plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{check}}
}

// exports counts how often a snapshot was exported.
func exports(s *acctest.Sandbox, name string) int {
	n := 0
	for _, e := range s.Requests(name) {
		if strings.HasSuffix(e.Path, ":export") {
			n++
		}
	}
	return n
}

// gone deletes a snapshot behind Terraform's back.
func gone(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
	t.Helper()
	if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), snapshot); err != nil {
		t.Error(err)
	}
}

// The life of an export: create 2 and polls, refresh 1, destroy nothing.
func TestTFExport_lifeAndCalls(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot))
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
		var calls []string
		for _, e := range s.Requests(c.Name) {
			if !strings.Contains(e.Path, "/operation/") {
				calls = append(calls, e.Method+" "+e.Path[strings.LastIndex(e.Path, "/"):])
			}
		}
		// The last one of them polls: it is where the export is read.
		get, post := "GET /"+snapshot.ObjectID, "POST /"+snapshot.ObjectID+":export"
		if want := []string{get, post, get}; !slices.Equal(calls, want) {
			t.Errorf("creating sent %v", calls)
		}
		export, err := s.Cloud(t, c.Name).Export(t.Context(), snapshot)
		if err != nil || cli.Attribute(t, "test", "md5sum") != fileMD5(t, export.URL) || export.URL == "" {
			t.Errorf("md5sum is %v, and the export is %+v, %v", cli.Attribute(t, "test", "md5sum"), export, err)
		}
		id, state := cli.Attribute(t, "test", "id"), cli.Attribute(t, "test", "state")
		if want := c.FormatID(c.Limits.SnapshotID, snapshot); id != want || state != "exported" {
			t.Errorf("id is %v, want %s; state is %v", id, want, state)
		}
		if strings.Contains(cli.State(t), "qcow2") {
			t.Error("the URL is in the state")
		}

		s.ClearJournal()
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := len(s.Requests(c.Name)); n != 1 {
			t.Errorf("a refresh sent %d requests, want one", n)
		}
		cli.Run(t, "plan", "-destroy").MustSucceed(t).
			MustSay(t, "Destroy only removes the export from the state", "1 to destroy")
		s.ClearJournal()
		cli.Destroy(t, "-refresh=false").MustSucceed(t).
			MustSay(t, "1 destroyed", "Destroy only removes the export from the state")
		if sent := s.Requests(c.Name); len(sent) > 0 {
			t.Errorf("destroying sent %+v", sent)
		}
		if _, err := s.Cloud(t, c.Name).Export(t.Context(), snapshot); err != nil {
			t.Errorf("the export is gone: %v", err)
		}
	})
}

// An export goes with its snapshot. The next snapshot is exported anew.
func TestTFExport_exportedAgainWhenGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ driver.Ref) {
		t.Helper()
		conf := acctest.ProviderConfig + c.HCL("source", c.Sources[0]) + `resource "cloudsnap_snapshot_export" "test" ` +
			strings.Replace(body(c, driver.Ref{Location: c.Sources[0].Location, ObjectID: "?"}), `"?"`,
				"cloudsnap_snapshot.source.snapshot_id", 1)
		cli := acctest.NewCLI(t, s, conf)
		cli.Apply(t).MustSucceed(t).MustSay(t, "2 added")
		first, ok := cli.Attribute(t, "test", "snapshot_id").(string)
		if !ok {
			t.Fatal("no snapshot_id")
		}
		gone(t, s, c, driver.Ref{Location: c.Sources[0].Location, SourceID: c.Sources[0].SourceID, ObjectID: first})
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "2 to add, 0 to change, 0 to destroy")
		cli.Apply(t).MustSucceed(t)
		if n := exports(s, c.Name); n != 2 || cli.Attribute(t, "test", "snapshot_id") == first {
			t.Errorf("%d exports, the last one of %v", n, cli.Attribute(t, "test", "snapshot_id"))
		}
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		// Without its snapshot an export cannot be made; the error says what is not there.
		cli.Write(t, hcl(c, driver.Ref{Location: c.Sources[0].Location, ObjectID: first}))
		cli.Apply(t).MustFail(t).MustSay(t, "Unable to use snapshot", "Not found", first)
	})
}

func TestTFExport_newSnapshotReplaces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		made, _, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), driver.SnapshotSpec{
			SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location,
		})
		if err != nil {
			t.Fatal(err)
		}
		different := statecheck.CompareValue(distinct{})
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				{
					Config:            hcl(c, snapshot),
					ConfigStateChecks: []statecheck.StateCheck{different.AddStateValue(address, tfjsonpath.New("md5sum"))},
				},
				{
					Config: hcl(c, made.Ref()),
					ConfigPlanChecks: planCheck(
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
					),
					ConfigStateChecks: []statecheck.StateCheck{different.AddStateValue(address, tfjsonpath.New("md5sum"))},
				},
			},
		})
	})
}

// distinct accepts values that differ.
type distinct struct{}

func (distinct) CompareValues(values ...any) error {
	if len(values) == 2 && values[0] == values[1] {
		return fmt.Errorf("%v stayed the same", values[0])
	}
	return nil
}

func TestTFExport_imported(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		refused := func(id, want string) resource.TestStep {
			return resource.TestStep{
				Config: hcl(c, snapshot), ResourceName: address, ImportState: true, ImportStateId: id,
				ExpectError: regexp.MustCompile(regexp.QuoteMeta(want)),
			}
		}
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				refused(c.FormatID(c.Limits.SnapshotID, snapshot), "non-existent remote object"),
				refused(c.Name+"/a", c.IDShape(c.Limits.SnapshotID)),
				{Config: hcl(c, snapshot)},
				{ResourceName: address, ImportState: true, ImportStateVerify: true},
				{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			},
		})
		if n := exports(s, c.Name); n != 1 {
			t.Errorf("%d exports, want one", n)
		}
	})
}

func TestTFExport_unknownValuesPlan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		id, zone := fmt.Sprintf("%q", snapshot.ObjectID), fmt.Sprintf("%q", snapshot.Location)
		conf := fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = { id = %s, zone = %s }\n}\n", id, zone) +
			strings.NewReplacer(id, "terraform_data.late.output.id", zone, "terraform_data.late.output.zone").
				Replace(hcl(c, snapshot))
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				{
					Config:           conf,
					ConfigPlanChecks: planCheck(plancheck.ExpectUnknownValue(address, tfjsonpath.New("location"))),
				},
				{Config: conf, ConfigPlanChecks: planCheck(plancheck.ExpectEmptyPlan())},
			},
		})
	})
}

func TestTFExport_refusedWhenPlanning(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	for name, tc := range map[string]struct{ lines, want string }{
		"cloud that cannot": {
			`cloud = "koyeb"` + "\nsnapshot_id = \"s\"",
			`cloudsnap_snapshot_export is not available at Koyeb(.|\n)*It works at:\s+exoscale`,
		},
		"import ID": {
			`cloud = "exoscale"` + "\nlocation = \"ch-gva-2\"\nsnapshot_id = \"exoscale/ch-gva-2/c2\"", `must be a\s+UUID`,
		},
	} {
		for _, kind := range []string{"resource", "ephemeral"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				resource.UnitTest(t, resource.TestCase{
					ProtoV6ProviderFactories: s.Providers(),
					TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipBelow(t, tfversion.Version1_10_0)},
					Steps: []resource.TestStep{{
						Config:   acctest.ProviderConfig + kind + " \"cloudsnap_snapshot_export\" \"test\" {\n" + tc.lines + "\n}\n",
						PlanOnly: true, ExpectError: regexp.MustCompile(tc.want),
					}},
				})
			})
		}
	}
	if n := s.Count("exoscale", http.MethodPost); n != 0 {
		t.Errorf("%d writes were sent", n)
	}
}
