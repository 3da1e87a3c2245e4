package snapshot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const address = "cloudsnap_snapshot.test"

// story runs steps against a sandbox; every story ends with a destroy, after which no snapshot of Terraform's is left.
func story(t *testing.T, s *acctest.Sandbox, c acctest.Case, steps ...resource.TestStep) {
	t.Helper()
	before := s.SnapshotIDs(c.Name)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps:                    steps,
		CheckDestroy: func(*terraform.State) error {
			for _, id := range s.SnapshotIDs(c.Name) {
				if !slices.Contains(before, id) {
					return fmt.Errorf("the snapshot %s is left over", id)
				}
			}
			return nil
		},
	})
}

func config(parts ...string) string {
	return acctest.ProviderConfig + strings.Join(parts, "\n")
}

func value(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
}

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func TestTFSnapshot_minimal(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		conf := config(c.HCL("test", c.Sources[0]))
		story(t, s, c,
			resource.TestStep{
				Config: conf,
				ConfigStateChecks: []statecheck.StateCheck{
					value("id", knownvalue.StringRegexp(regexp.MustCompile("^"+c.Name+"/"))),
					value("snapshot_id", knownvalue.NotNull()),
					value("source_id", knownvalue.StringExact(c.Sources[0].SourceID)),
					value("state", knownvalue.StringExact("ready")),
					value("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
					value("deletion_policy", knownvalue.StringExact("delete")),
				},
			},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFSnapshot_renamedInPlace(t *testing.T) {
	t.Parallel()
	updates := driver.UpdatesSnapshots
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, updates, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		texts := func(n string) []string {
			out := []string{fmt.Sprintf("name = %q", "name "+n)}
			if c.Limits.Snapshot["description"].Settable() {
				out = append(out, fmt.Sprintf("description = %q", "text "+n))
			}
			return out
		}
		var writes int
		checks := []statecheck.StateCheck{value("name", knownvalue.StringExact("name two"))}
		if c.Limits.Snapshot["description"].Settable() {
			checks = append(checks, value("description", knownvalue.StringExact("text two")))
		}
		unchanged := statecheck.CompareValue(sameValue{})
		story(t, s, c,
			resource.TestStep{
				Config:            config(c.HCL("test", c.Sources[0], texts("one")...)),
				ConfigStateChecks: []statecheck.StateCheck{unchanged.AddStateValue(address, tfjsonpath.New("snapshot_id"))},
			},
			resource.TestStep{
				PreConfig: func() { writes = s.Mutations(c.Name) },
				Config:    config(c.HCL("test", c.Sources[0], texts("two")...)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("snapshot_id"), knownvalue.NotNull()),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("state"), knownvalue.StringExact("ready")),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				}},
				ConfigStateChecks: append(checks, unchanged.AddStateValue(address, tfjsonpath.New("snapshot_id"))),
				Check: func(*terraform.State) error {
					if n := s.Mutations(c.Name) - writes; n != 1 {
						return fmt.Errorf("the update sent %d writes, want 1", n)
					}
					return nil
				},
			},
			resource.TestStep{Config: config(c.HCL("test", c.Sources[0], texts("two")...)), ConfigPlanChecks: emptyPlan()},
		)
	})
}

// sameValue accepts values that never change.
type sameValue struct{}

func (sameValue) CompareValues(values ...any) error {
	for _, v := range values {
		if v != values[0] {
			return fmt.Errorf("%v became %v", values[0], v)
		}
	}
	return nil
}

func TestTFSnapshot_imported(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		conf := config(c.HCL("test", c.Sources[0]))
		var moving []string
		if c.Limits.MovesToRemote() {
			// Such a cloud goes on moving a snapshot after it is ready.
			moving = []string{"state", "storage_type"}
		}
		var writes int
		story(t, s, c,
			resource.TestStep{Config: conf},
			resource.TestStep{
				PreConfig:               func() { writes = s.Mutations(c.Name) },
				ResourceName:            address,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: moving,
			},
			// A block plans the import, and the plan must have nothing else to do.
			resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			resource.TestStep{
				Config: conf,
				Check: func(*terraform.State) error {
					if n := s.Mutations(c.Name); n != writes {
						return fmt.Errorf("importing sent %d writes", n-writes)
					}
					return nil
				},
			},
		)
	})
}

func TestTFSnapshot_importedByIdentity(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		resource.UnitTest(t, resource.TestCase{
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipBelow(t, tfversion.Version1_12_0)},
			ProtoV6ProviderFactories: s.Providers(),
			Steps: []resource.TestStep{
				{
					Config: config(c.HCL("test", c.Sources[0])),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectIdentityValue(address, tfjsonpath.New("cloud"), knownvalue.StringExact(c.Name)),
					},
				},
				{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			},
		})
	})
}

func TestTFSnapshot_unknownValuesPlan(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		late := "resource \"terraform_data\" \"late\" {\n  input = " + fmt.Sprintf("%q", c.Sources[0].SourceID) + "\n}\n"
		conf := strings.Replace(config(late, c.HCL("test", c.Sources[0])),
			fmt.Sprintf("source_id = %q", c.Sources[0].SourceID), "source_id = terraform_data.late.output", 1)
		story(t, s, c,
			resource.TestStep{
				Config: conf,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("source_id")),
				}},
			},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFSnapshot_allAttributes(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		extra := []string{
			fmt.Sprintf("replace_existing = %t", c.Limits.SingleSnapshot()),
			fmt.Sprintf("wait_for_remote = %t", c.Limits.MovesToRemote()),
			`deletion_policy = "delete"`, `timeouts = { create = "5m", read = "1m", update = "5m", delete = "5m" }`,
		}
		checks := []statecheck.StateCheck{value("id", knownvalue.NotNull()), value("timeouts", knownvalue.NotNull())}
		for _, d := range acctest.Drivers() {
			for attribute := range d.Descriptor().Limits.Snapshot {
				row := c.Limits.Snapshot[attribute]
				switch {
				case attribute == driver.ReplaceExisting, attribute == driver.WaitForRemote: // Configured.
				case !row.Supported():
					checks = append(checks, value(attribute, knownvalue.Null()))
				case !row.Settable():
					checks = append(checks, value(attribute, knownvalue.NotNull()))
				}
			}
		}
		if c.Limits.Snapshot["name"].Settable() {
			extra = append(extra, `name = "everything"`)
			checks = append(checks, value("name", knownvalue.StringExact("everything")))
		}
		if c.Limits.Snapshot["description"].Settable() {
			extra = append(extra, `description = "all there is"`)
			checks = append(checks, value("description", knownvalue.StringExact("all there is")))
		}
		story(t, s, c,
			resource.TestStep{Config: config(c.HCL("test", c.Sources[0], extra...)), ConfigStateChecks: checks},
			resource.TestStep{Config: config(c.HCL("test", c.Sources[0], extra...)), ConfigPlanChecks: emptyPlan()},
			// Settings of Terraform's own change in place, and the cloud is not asked to change anything.
			resource.TestStep{
				Config:           config(c.HCL("test", c.Sources[0], append(extra[:2:2], extra[4:]...)...)),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			},
		)
	})
}

// A description that is no longer configured stays at the cloud, which cannot clear it; above all the snapshot is not
// replaced.
func TestTFSnapshot_descriptionLeftOutStays(t *testing.T) {
	t.Parallel()
	texts := acctest.WhereLimits(func(l driver.Limits) bool { return l.Snapshot["description"].Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, texts, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		story(t, s, c,
			resource.TestStep{Config: config(c.HCL("test", c.Sources[0], `description = "kept"`))},
			resource.TestStep{
				Config: config(c.HCL("test", c.Sources[0])), ConfigPlanChecks: emptyPlan(),
				ConfigStateChecks: []statecheck.StateCheck{value("description", knownvalue.StringExact("kept"))},
			},
		)
	})
}
