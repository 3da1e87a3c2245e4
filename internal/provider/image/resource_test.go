package image_test

import (
	"fmt"
	"net/http"
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

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

func TestTFImage_minimal(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		conf := config(hcl(c, goodURL))
		checks := []statecheck.StateCheck{
			value("id", knownvalue.StringRegexp(regexp.MustCompile("^"+c.Name+"/"))),
			value("image_id", knownvalue.NotNull()),
			value("name", knownvalue.StringExact("golden")),
			value("url", knownvalue.StringExact(goodURL)),
			value("state", knownvalue.StringExact("ready")),
			value("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
			value("deletion_policy", knownvalue.StringExact("delete")),
			value("detect_content_changes", knownvalue.Null()),
			value("source_fingerprint", knownvalue.Null()),
			value("error_message", knownvalue.Null()),
		}
		for f := range allRows() {
			switch {
			case !c.Limits.Image[f].Supported():
				checks = append(checks, value(f, knownvalue.Null()))
			case f == "ssh_key_enabled":
				checks = append(checks, value(f, knownvalue.Bool(true)))
			case f == "password_enabled":
				checks = append(checks, value(f, knownvalue.Bool(false)))
			case c.Limits.Image[f].Support == driver.Computed && f != "error_message":
				checks = append(checks, value(f, knownvalue.NotNull()))
			}
		}
		story(t, s, c,
			resource.TestStep{Config: conf, ConfigStateChecks: checks},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFImage_allAttributes(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		lines := []string{
			`description = "with everything"`, `deletion_policy = "delete"`,
			`timeouts = { create = "20m", read = "1m", update = "20m", delete = "5m" }`,
		}
		checks := []statecheck.StateCheck{value("description", knownvalue.StringExact("with everything"))}
		set := func(f string, text string) {
			if c.Limits.Image[f].Settable() {
				lines = append(lines, fmt.Sprintf("%s = %q", f, text))
				checks = append(checks, value(f, knownvalue.StringExact(text)))
			}
		}
		set("os_type", "Windows")
		set("version", "2025")
		set("checksum", strings.Repeat("ab", 16))
		set("default_user", "debian")
		set("boot_mode", "uefi")
		set("build", "b7")
		set("maintainer", "operations")
		for f, on := range map[string]bool{
			"ssh_key_enabled": false, "password_enabled": true, "application_consistent_snapshot_enabled": true,
		} {
			if c.Limits.Image[f].Settable() {
				lines = append(lines, fmt.Sprintf("%s = %t", f, on))
				checks = append(checks, value(f, knownvalue.Bool(on)))
			}
		}
		conf := config(hcl(c, goodURL, lines...))
		kept := slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
			name, _, _ := strings.Cut(l, " ")
			return slices.Contains([]string{
				"default_user", "boot_mode", "description", "build", "maintainer", "application_consistent_snapshot_enabled",
			}, name)
		})
		story(t, s, c,
			resource.TestStep{Config: conf, ConfigStateChecks: checks},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
			// What is left out again keeps its value: the cloud tells it.
			resource.TestStep{Config: config(hcl(c, goodURL, kept...)), ConfigPlanChecks: emptyPlan()},
		)
	})
}

func TestTFImage_renamedInPlace(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		text := func(n string) string {
			return config(hcl(c, goodURL, fmt.Sprintf("name = %q", "name "+n), fmt.Sprintf("description = %q", "text "+n)))
		}
		var writes int
		story(t, s, c,
			resource.TestStep{Config: text("one")},
			resource.TestStep{
				PreConfig: func() { writes = s.Mutations(c.Name) },
				Config:    text("two"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("image_id"), knownvalue.NotNull()),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("state"), knownvalue.StringExact("ready")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					value("name", knownvalue.StringExact("name two")), value("description", knownvalue.StringExact("text two")),
				},
				Check: func(*terraform.State) error {
					if n := s.Mutations(c.Name) - writes; n != 1 {
						return fmt.Errorf("the update sent %d writes, want 1", n)
					}
					return nil
				},
			},
			resource.TestStep{Config: text("two"), ConfigPlanChecks: emptyPlan()},
			// What concerns Terraform alone sends nothing.
			resource.TestStep{
				PreConfig: func() { writes = s.Mutations(c.Name) },
				Config:    config(hcl(c, goodURL, `name = "name two"`, `description = "text two"`, `timeouts = { create = "3h" }`)),
				Check: func(*terraform.State) error {
					if n := s.Mutations(c.Name) - writes; n != 0 {
						return fmt.Errorf("a change of the timeouts sent %d writes", n)
					}
					return nil
				},
			},
		)
	})
}

func TestTFImage_newURLReplaces(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		steps := []resource.TestStep{
			{Config: config(hcl(c, goodURL))},
			{
				Config:            config(hcl(c, otherURL)),
				ConfigPlanChecks:  planned(plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: []statecheck.StateCheck{value("url", knownvalue.StringExact(otherURL))},
			},
		}
		// So does every other field that is fixed when the image is made.
		for f, line := range map[string]string{
			"os_type": `os_type = "Windows"`, "version": `version = "13"`, "boot_mode": `boot_mode = "uefi"`,
			"checksum":     fmt.Sprintf("checksum = %q", strings.Repeat("0", 32)),
			"default_user": `default_user = "me"`, "build": `build = "b8"`, "maintainer": `maintainer = "me"`,
			"ssh_key_enabled": "ssh_key_enabled = false", "password_enabled": "password_enabled = true",
			"application_consistent_snapshot_enabled": "application_consistent_snapshot_enabled = true",
		} {
			if c.Limits.Image[f].Settable() {
				steps = append(steps, resource.TestStep{
					Config: config(hcl(c, otherURL, line)), ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				})
			}
		}
		story(t, s, c, steps...)
	})
}

func TestTFImage_imported(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		conf := config(hcl(c, goodURL, `description = "mine"`))
		var writes int
		story(t, s, c,
			resource.TestStep{Config: conf},
			resource.TestStep{
				PreConfig:    func() { writes = s.Mutations(c.Name) },
				ResourceName: address, ImportState: true, ImportStateVerify: true,
			},
			// A block plans the import, and the plan must have nothing else to do.
			resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan(), Check: func(*terraform.State) error {
				if n := s.Mutations(c.Name); n != writes {
					return fmt.Errorf("importing sent %d writes", n-writes)
				}
				return nil
			}},
		)
	})
}

func TestTFImage_importRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		standard := true
		list, err := s.Cloud(t, c.Name).Images(t.Context(), driver.ImageFilter{
			Location: c.Sources[0].Location, Standard: &standard, Visibility: "public",
		})
		if err != nil || len(list) == 0 {
			t.Fatalf("the sandbox has no standard image: %v", err)
		}
		try := func(id, want string) resource.TestStep {
			return resource.TestStep{
				Config: config(hcl(c, goodURL)), ResourceName: address, ImportState: true, ImportStateId: id,
				ExpectError: regexp.MustCompile(strings.ReplaceAll(want, " ", `\s+`)),
			}
		}
		story(t, s, c,
			try("koyeb/1", "does not begin with the name of a cloud that can do this"),
			try(c.FormatID(c.Limits.ImageID, list[0].Ref()), "Unable to manage a standard image"),
		)
	})
}

func TestTFImage_unknownValuesPlan(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		late := fmt.Sprintf(
			"resource \"terraform_data\" \"late\" {\n  input = { url = %q, name = \"late\", location = %q }\n}\n",
			goodURL, c.Sources[0].Location)
		lines := []string{"url = terraform_data.late.output.url", "name = terraform_data.late.output.name"}
		if c.Sources[0].Location != "" {
			lines = append(lines, "location = terraform_data.late.output.location")
		}
		conf := config(late, hcl(c, "", lines...))
		story(t, s, c,
			resource.TestStep{Config: conf, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("url")),
			}}},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}

// A create whose answer is lost is found in the listing, and not sent again.
func TestTFImage_lostReplyAdopted(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		before := len(imageIDs(s, c.Name))
		s.Fault(sandbox.Fault{Method: http.MethodPost, Path: "/(images|template)$", From: 1, To: 1, Do: sandbox.DoLose})
		conf := config(hcl(c, goodURL))
		story(t, s, c,
			resource.TestStep{Config: conf, Check: func(*terraform.State) error {
				if after := len(imageIDs(s, c.Name)); after != before+1 {
					return fmt.Errorf("%d images became %d, want one more", before, after)
				}
				return nil
			}},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
		)
	})
}
