package image_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// refused is a configuration that must fail at plan with a text, white space aside.
func refused(conf, text string) resource.TestStep {
	return resource.TestStep{
		Config: conf, PlanOnly: true,
		ExpectError: regexp.MustCompile("(?i)" + strings.ReplaceAll(regexp.QuoteMeta(text), " ", `[\s│]+`)),
	}
}

// What belongs to another cloud, and what a cloud requires, is told at plan and at its attribute, before anything is
// sent.
func TestTFImage_refusedAtPlan(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		table := c.Limits.Image
		steps := []resource.TestStep{
			refused(config(hcl(c, "ftp://img.example.net/a.qcow2")), "must begin with https:// or http://"),
			refused(config(hcl(c, goodURL, `name = ""`)), "the name of an image at"),
			refused(config(hcl(c, goodURL, `deletion_policy = "keep"`)),
				`must be "delete" or "retain": "keep" is not one of them`),
			refused(config(hcl(c, "")), "requires a URL that the cloud imports it from"),
			refused(config(hcl(c, goodURL, fmt.Sprintf("url_wo = %q", goodURL), "url_wo_version = 1")),
				"both url and url_wo are set"),
			refused(config(hcl(c, "", fmt.Sprintf("url_wo = %q", goodURL))), "url_wo requires url_wo_version"),
		}
		if format := table["url"].Format(); format != "" {
			steps = append(steps, refused(config(hcl(c, "https://img.example.net/a.vmdk?f=a.iso")), "must be "+format))
		}
		for name, line := range map[string]string{
			"os_type": `os_type = "Linux"`, "version": `version = "13"`, "checksum": fmt.Sprintf("checksum = %q", digest),
			"boot_mode": `boot_mode = "uefi"`, "default_user": `default_user = "me"`,
			"ssh_key_enabled": "ssh_key_enabled = true", "password_enabled": "password_enabled = false",
			"build": `build = "b8"`, "maintainer": `maintainer = "me"`,
			"application_consistent_snapshot_enabled": "application_consistent_snapshot_enabled = true",
		} {
			switch row := table[name]; {
			case !row.Settable():
				text := fmt.Sprintf("%s does not support %s for an image", c.Title, name)
				steps = append(steps, refused(config(hcl(c, goodURL, line)), text))
			case row.Support == driver.Required:
				text := fmt.Sprintf("%s requires %s for an image", c.Title, name)
				steps = append(steps, refused(config(hcl(c, goodURL, name+" = null")), text))
			}
		}
		if table["os_type"].Settable() {
			steps = append(steps, refused(config(hcl(c, goodURL, `os_type = "linux"`)), `must be Linux or Windows, not "linux"`))
		}
		if table["checksum"].Settable() {
			steps = append(steps, refused(config(hcl(c, goodURL, `checksum = "ABC"`)), "32 hexadecimal digits in lower case"))
		}
		if !c.Limits.Location.Settable() {
			steps = append(steps, refused(config(hcl(c, goodURL, `location = "x"`)), "cannot be chosen"))
		}
		story(t, s, c, steps...)
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent for configurations that cannot be", n)
		}
	})
}

func TestTFImages_unsupportedCloud(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps: []resource.TestStep{
			refused(config("data \"cloudsnap_images\" \"test\" {\n  cloud = \"hostinger\"\n}\n"),
				"cloudsnap_images is not available at Hostinger"),
			refused(config("data \"cloudsnap_image_stats\" \"test\" {\n  cloud = \"exoscale\"\n}\n"),
				"cloudsnap_image_stats is not available at Exoscale"),
		},
	})
}

// A full storage is told with its figures, and with what to do.
func TestTFImage_quotaExceeded(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityImageStats, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		stats, err := s.Cloud(t, c.Name).ImageStats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cli := acctest.NewCLI(t, s, config(hcl(c, goodURL+"?size_mb=99000000")))
		cli.Apply(t).MustFail(t).
			MustSay(t, "Unable to create image", "A limit of the account or the product has been reached",
				fmt.Sprintf("image_count = %d, total_mb = %.0f, used_mb = %.0f, free_mb = %.0f.",
					stats.Count, stats.TotalMB, stats.UsedMB, stats.FreeMB),
				"Delete images that nothing needs any more", "HTTP status: 402")
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
		if strings.Contains(cli.State(t), "cloudsnap_custom_image") {
			t.Error("the state has an image that was never made")
		}
	})
}
