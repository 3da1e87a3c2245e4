package image_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// fleet makes images beside Terraform, the oldest first, an hour of the clouds' clock apart.
func fleet(t *testing.T, s *acctest.Sandbox, c acctest.Case, names ...string) {
	t.Helper()
	cl := s.Cloud(t, c.Name)
	for _, name := range names {
		spec := driver.ImageSpec{
			Location: c.Sources[0].Location,
			Name:     name,
			URL:      goodURL + "?X-Signature=" + canary,
			OSType:   "Linux",
			Version:  "12",
			Checksum: digest,
		}
		made, operation, err := cl.CreateImage(t.Context(), spec)
		if err == nil {
			_, err = cl.WaitImage(t.Context(), made, operation)
		}
		if err != nil {
			t.Fatal(err)
		}
		s.Advance(3600e9)
	}
}

func list(c acctest.Case, lines ...string) string {
	lines = append(lines, fmt.Sprintf("cloud = %q", c.Name))
	if c.Sources[0].Location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", c.Sources[0].Location))
	}
	return config("data \"cloudsnap_images\" \"test\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n")
}

// names checks the names of the list, in order.
func names(want ...string) []statecheck.StateCheck {
	images := make([]knownvalue.Check, 0, len(want))
	for _, name := range want {
		images = append(images, knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact(name)}))
	}
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.cloudsnap_images.test", tfjsonpath.New("images"), knownvalue.ListExact(images)),
	}
}

func TestTFImages_newestFirstAndFiltered(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityImages, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		fleet(t, s, c, "zz-first", "zz-second", "zz-third")
		first := statecheck.ExpectKnownValue("data.cloudsnap_images.test", tfjsonpath.New("images").AtSliceIndex(0),
			knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"id":             knownvalue.StringRegexp(regexp.MustCompile("^" + c.Name + "/")),
				"state":          knownvalue.StringExact("ready"),
				"standard_image": knownvalue.Bool(false),
				"created_at":     knownvalue.NotNull(),
			}))
		none := regexp.MustCompile(`Unable\s+to\s+find\s+an\s+image`)
		story(t, s, c,
			resource.TestStep{
				Config:            list(c, `name_regex = "^zz-"`),
				ConfigStateChecks: append(names("zz-third", "zz-second", "zz-first"), first),
			},
			resource.TestStep{
				Config:            list(c, `name_regex = "^zz-(first|second)$"`, "most_recent = true"),
				ConfigStateChecks: names("zz-second"),
			},
			resource.TestStep{Config: list(c, `name_regex = "^nothing$"`, "most_recent = true"), ExpectError: none},
			resource.TestStep{Config: list(c, `name_regex = "("`), ExpectError: regexp.MustCompile(`regular\s+expression`)},
			resource.TestStep{Config: list(c, `name_regex = "^nothing$"`), ConfigStateChecks: names()},
		)
		cli := acctest.NewCLI(t, s, list(c))
		cli.Setenv("TF_LOG=TRACE")
		applied := cli.Apply(t).MustSucceed(t)
		if strings.Contains(applied.Output+cli.State(t), canary) {
			t.Error("a signed URL appears in the listing's state or log")
		}
	})
}

// Each cloud has its own ways to narrow a listing; another cloud's are refused at plan.
func TestTFImages_queriesOfTheCloud(t *testing.T) {
	t.Parallel()
	lines := map[string]string{
		"name": `name = "zz"`, "standard_image": "standard_image = false", "search": `search = "zz"`,
		"visibility": `visibility = "private"`, "family": `family = "other (64-bit)"`,
	}
	acctest.EachCloud(t, driver.CapabilityImages, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		fleet(t, s, c, "zz-one")
		var steps []resource.TestStep
		for query, line := range lines {
			if c.Limits.ImageFilters[query].Settable() {
				steps = append(steps, resource.TestStep{
					Config: list(c, line, `name_regex = "^zz"`), ConfigStateChecks: names("zz-one"),
				})
				continue
			}
			steps = append(steps,
				refused(list(c, line), fmt.Sprintf("%s does not support %s for a listing of images", c.Title, query)))
		}
		steps = append(steps, resource.TestStep{Config: list(c, `name_regex = "^zz"`), ConfigStateChecks: names("zz-one")})
		story(t, s, c, steps...)
	})
}

// What the customer did not make is listed only where that is asked for: by a switch, or as the other visibility.
func TestTFImages_standardImages(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityImages, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		fleet(t, s, c, "zz-one")
		ask := "standard_image = true"
		if !c.Limits.ImageFilters["standard_image"].Settable() {
			ask = `visibility = "public"`
		}
		story(t, s, c,
			resource.TestStep{Config: list(c, ask, "most_recent = true"), ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.cloudsnap_images.test",
					tfjsonpath.New("images").AtSliceIndex(0).AtMapKey("standard_image"), knownvalue.Bool(true)),
			}},
			resource.TestStep{Config: list(c, ask, `name_regex = "^zz"`), ConfigStateChecks: names()},
		)
	})
}

func TestTFImageStats_figures(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityImageStats, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		fleet(t, s, c, "zz-one")
		stats, err := s.Cloud(t, c.Name).ImageStats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		figures := map[string]float64{"total_mb": stats.TotalMB, "used_mb": stats.UsedMB, "free_mb": stats.FreeMB}
		figure := func(name string, want knownvalue.Check) statecheck.StateCheck {
			return statecheck.ExpectKnownValue("data.cloudsnap_image_stats.test", tfjsonpath.New(name), want)
		}
		checks := []statecheck.StateCheck{figure("image_count", knownvalue.Int64Exact(stats.Count))}
		for name, want := range figures {
			if name != "free_mb" && want == 0 {
				t.Errorf("%s is 0, so the test sees nothing", name)
			}
			checks = append(checks, figure(name, knownvalue.Float64Exact(want)))
		}
		s.ClearJournal()
		story(t, s, c, resource.TestStep{
			Config:            config(fmt.Sprintf("data \"cloudsnap_image_stats\" \"test\" {\n  cloud = %q\n}\n", c.Name)),
			ConfigStateChecks: checks,
		})
	})
}
