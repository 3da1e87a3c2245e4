package template_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const address = "cloudsnap_snapshot_template.test"

// each runs a story for every cloud that can promote, with a snapshot that exists already.
func each(
	t *testing.T, story func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref),
	options ...sandboxtest.Option,
) {
	t.Helper()
	acctest.EachCloud(t, driver.CapabilitySnapshotTemplate, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
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

// another takes a snapshot beside Terraform, which may still be under way.
func another(t *testing.T, s *acctest.Sandbox, c acctest.Case) driver.Ref {
	t.Helper()
	made, _, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), driver.SnapshotSpec{
		SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.Ref()
}

// hcl writes the resource; lines come after cloud, location and snapshot_id.
func hcl(c acctest.Case, snapshot driver.Ref, lines ...string) string {
	head := []string{fmt.Sprintf("cloud = %q", c.Name), fmt.Sprintf("location = %q", snapshot.Location)}
	if snapshot.ObjectID != "" {
		head = append(head, fmt.Sprintf("snapshot_id = %q", snapshot.ObjectID))
	}
	return fmt.Sprintf("%sresource \"cloudsnap_snapshot_template\" \"test\" {\n  %s\n}\n", acctest.ProviderConfig,
		strings.Join(append(head, lines...), "\n  "))
}

const named = `name = "golden"`

// run plays steps; every story ends with a destroy, after which no template is left.
func run(t *testing.T, s *acctest.Sandbox, c acctest.Case, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps:                    steps,
		CheckDestroy: func(*terraform.State) error {
			if left := s.Inventory()[c.Name].Templates; len(left) > 0 {
				return fmt.Errorf("left over: %+v", left)
			}
			return nil
		},
	})
}

func value(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// sent compares the requests since the journal was cleared, with IDs taken out and repeated polls told once.
func sent(s *acctest.Sandbox, name string, want ...string) error {
	ids := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	var got []string
	for _, e := range s.Requests(name) {
		call := e.Method + " " + ids.ReplaceAllString(e.Path[strings.Index(e.Path, "/v2/")+3:], "*")
		if len(got) == 0 || got[len(got)-1] != call || !strings.Contains(call, "/operation/") {
			got = append(got, call)
		}
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		return fmt.Errorf("sent\n%s\nwant\n%s", a, b)
	}
	return nil
}

func TestTFTemplate_minimal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		run(t, s, c,
			resource.TestStep{
				Config: hcl(c, snapshot, named),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(address, tfjsonpath.New("ssh_key_enabled"), knownvalue.Bool(true)),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("password_enabled"), knownvalue.Bool(false)),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					value("id", knownvalue.StringRegexp(regexp.MustCompile("^"+c.Name+"/"+snapshot.Location+"/"))),
					value("template_id", knownvalue.NotNull()),
					value("state", knownvalue.StringExact("ready")),
					value("description", knownvalue.StringRegexp(regexp.MustCompile("^Promoted snapshot -"))),
					value("default_user", knownvalue.Null()),
					value("deletion_policy", knownvalue.StringExact("delete")),
					value("family", knownvalue.StringExact("other (64-bit)")),
					value("checksum", knownvalue.StringRegexp(regexp.MustCompile("^[0-9a-f]{32}$"))),
					value("boot_mode", knownvalue.StringExact("uefi")),
					value("build", knownvalue.Null()),
					value("maintainer", knownvalue.Null()),
					value("application_consistent_snapshot_enabled", knownvalue.Bool(true)),
					value("size_bytes", knownvalue.Int64Exact(50<<30)),
					value("visibility", knownvalue.StringExact("private")),
					value("zones", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(snapshot.Location)})),
					value("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				},
			},
			resource.TestStep{Config: hcl(c, snapshot, named), ConfigPlanChecks: emptyPlan()},
		)
	})
}

// The calls of a life: create 2 and polls, refresh 1, update 1 and polls and a look, delete 1 and polls.
func TestTFTemplate_allAttributesAndCalls(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		texts := func(n string) string {
			return hcl(c, snapshot, fmt.Sprintf("name = %q", n), fmt.Sprintf("description = %q", "text "+n),
				`default_user = "root"`, "ssh_key_enabled = false", "password_enabled = true")
		}
		cli := acctest.NewCLI(t, s, texts("one"))
		step := func(what string, do func(), want ...string) {
			t.Helper()
			s.ClearJournal()
			do()
			if err := sent(s, c.Name, want...); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		step("create", func() { cli.Apply(t).MustSucceed(t).MustSay(t, "1 added") },
			"GET /snapshot/*", "GET /template", "POST /snapshot/*:promote", "GET /operation/*", "GET /template/*")
		for name, want := range map[string]any{
			"name": "one", "description": "text one", "default_user": "root", "ssh_key_enabled": false, "password_enabled": true,
		} {
			if got := cli.Attribute(t, "test", name); got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		id := cli.Attribute(t, "test", "id")
		step("refresh", func() { cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t) }, "GET /template/*")

		cli.Write(t, texts("two"))
		step("update", func() { cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed") },
			"PUT /template/*", "GET /operation/*", "GET /template/*")
		if got := cli.Attribute(t, "test", "description"); got != "text two" || cli.Attribute(t, "test", "id") != id {
			t.Errorf("description is %v, and the template is %v", got, cli.Attribute(t, "test", "id"))
		}
		// What is no longer written down stays as it is.
		cli.Write(t, hcl(c, snapshot, `name = "two"`))
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		step("delete", func() { cli.Destroy(t, "-refresh=false").MustSucceed(t) }, "DELETE /template/*", "GET /operation/*")
	})
}

// A new snapshot replaces the template, and so does every attribute that is fixed when it is promoted.
func TestTFTemplate_newSnapshotReplaces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		other := another(t, s, c)
		run(t, s, c,
			resource.TestStep{Config: hcl(c, snapshot, named)},
			resource.TestStep{
				Config:           hcl(c, other, named),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					value("snapshot_id", knownvalue.StringExact(other.ObjectID)), value("size_bytes", knownvalue.NotNull()),
				},
			},
			resource.TestStep{
				Config:           hcl(c, other, named, "ssh_key_enabled = false"),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
			resource.TestStep{
				Config:           hcl(c, other, named, `default_user = "debian"`),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
		)
	})
}

func TestTFTemplate_emptyDescription(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		empty := hcl(c, snapshot, named, `description = ""`)
		bare := []statecheck.StateCheck{value("description", knownvalue.StringExact(""))}
		run(t, s, c,
			// Made without a description, which the cloud would write otherwise.
			resource.TestStep{Config: empty, ConfigStateChecks: bare},
			resource.TestStep{Config: empty, ConfigPlanChecks: emptyPlan()},
			// The cloud takes more than 255 characters when it makes a template, and shows no more.
			resource.TestStep{
				Config:           hcl(c, snapshot, named, fmt.Sprintf("description = %q", strings.Repeat("ü", 255))),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			},
			resource.TestStep{Config: empty, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ConfigStateChecks: bare},
			resource.TestStep{Config: empty, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{Config: hcl(c, snapshot, named), ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFTemplate_imported(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		conf := hcl(c, snapshot, named, `default_user = "root"`, "password_enabled = true")
		bare := hcl(c, driver.Ref{Location: snapshot.Location}, named)
		cli := acctest.NewCLI(t, s, conf)
		cli.Apply(t).MustSucceed(t)
		id, ok := cli.Attribute(t, "test", "id").(string)
		if !ok {
			t.Fatal("the template has no ID")
		}
		s.ClearJournal()
		forget := func() { cli.Run(t, "state", "rm", address).MustSucceed(t) }

		// Without snapshot_id in the configuration the plan is empty.
		forget()
		cli.Write(t, bare)
		cli.Run(t, "import", address, id).MustSucceed(t)
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		for name, want := range map[string]any{
			"snapshot_id": nil, "default_user": "root", "password_enabled": true, "deletion_policy": "delete", "state": "ready",
		} {
			if got := cli.Attribute(t, "test", name); got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		// With it, it is noted and nothing is replaced.
		cli.Write(t, conf)
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")

		// The ID of the snapshot may follow.
		forget()
		cli.Run(t, "import", address, id+"/"+snapshot.ObjectID).MustSucceed(t)
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("importing sent %d writes", n)
		}
		// An imported template that is gone cannot be made again without its snapshot.
		cli.Write(t, bare)
		cli.Apply(t).MustSucceed(t)
		remove(t, s, c)
		cli.Run(t, "plan").MustFail(t).MustSay(t, "Missing snapshot", "snapshot_id is not set")
	})
}

func TestTFTemplate_importRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot, named))
		zone := c.Name + "/" + snapshot.Location
		for id, want := range map[string][]string{
			zone: {c.IDShape(c.Limits.ImageID), "may follow, after another slash"},
			zone + "/" + public(t, s, c, snapshot.Location): {"Unable to manage a public template"},
		} {
			cli.Run(t, "import", address, id).MustFail(t).MustSay(t, want...)
		}
	})
}

// public finds a template of the cloud's own.
func public(t *testing.T, s *acctest.Sandbox, c acctest.Case, location string) string {
	t.Helper()
	list, err := s.Cloud(t, c.Name).Images(t.Context(), driver.ImageFilter{Location: location, Visibility: "public"})
	if err != nil || len(list) == 0 {
		t.Fatalf("no public template: %v", err)
	}
	return list[0].ID
}

// remove deletes every template behind Terraform's back.
func remove(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
	t.Helper()
	for _, made := range s.Inventory()[c.Name].Templates {
		ref := driver.Ref{Location: made.Location, ObjectID: made.TemplateID}
		if err := s.Cloud(t, c.Name).DeleteImage(t.Context(), ref); err != nil {
			t.Error(err)
		}
	}
}

func TestTFTemplate_unknownValuesPlan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		late := func(name, value string) string {
			return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %s\n}\n", name, value)
		}
		id, zone := fmt.Sprintf("%q", snapshot.ObjectID), fmt.Sprintf("%q", snapshot.Location)
		body := hcl(c, snapshot, named, "password_enabled = terraform_data.switch.output",
			"description = terraform_data.zone.output")
		conf := strings.NewReplacer("snapshot_id = "+id, "snapshot_id = terraform_data.id.output",
			"location = "+zone, "location = terraform_data.zone.output").Replace(body) +
			late("id", id) + late("zone", zone) + late("switch", "true")
		run(t, s, c,
			resource.TestStep{
				Config: conf,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("snapshot_id")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("location")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("password_enabled")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					value("password_enabled", knownvalue.Bool(true)), value("location", knownvalue.StringExact(snapshot.Location)),
				},
			},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFTemplate_refusedWhenPlanning(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	snapshot := "snapshot_id = \"c2000000-0000-4000-8000-000000000001\"\n"
	for name, tc := range map[string]struct{ lines, want string }{
		"import ID":       {"snapshot_id = \"exoscale/ch-gva-2/c2\"\n" + named, `must be a\s+UUID`},
		"no snapshot":     {named, "Missing snapshot"},
		"long name":       {snapshot + fmt.Sprintf("name = %q", strings.Repeat("x", 256)), `1\s+to\s+255\s+characters`},
		"no default_user": {snapshot + "default_user = \"\"\n" + named, `1\s+to\s+255\s+characters`},
		"long description": {
			snapshot + fmt.Sprintf("description = %q\n", strings.Repeat("ü", 256)) + named, "at most 255",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: s.Providers(),
				Steps: []resource.TestStep{{
					Config: acctest.ProviderConfig + "resource \"cloudsnap_snapshot_template\" \"test\" {\n" +
						"cloud = \"exoscale\"\nlocation = \"ch-gva-2\"\n" + tc.lines + "\n}\n",
					PlanOnly: true, ExpectError: regexp.MustCompile(tc.want),
				}},
			})
		})
	}
}
