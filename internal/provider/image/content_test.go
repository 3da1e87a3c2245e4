package image_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Another file behind the same URL replaces the image, where that is asked for.
func TestTFImage_newContentReplaces(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		f := serve(t, "one")
		url := f.URL + "/golden.qcow2"
		conf := config(hcl(c, url, "detect_content_changes = true"))
		secret := config(hcl(c, "", "url_wo = \""+url+"\"", "url_wo_version = 1", "detect_content_changes = true"))
		fingerprint := value("source_fingerprint", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{64}$`)))
		story(t, s, c,
			resource.TestStep{Config: conf, ConfigStateChecks: []statecheck.StateCheck{fingerprint}},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{
				PreConfig: func() { f.set("another", false) }, Config: conf,
				ConfigPlanChecks:  planned(plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: []statecheck.StateCheck{fingerprint},
			},
			resource.TestStep{Config: conf, ConfigPlanChecks: emptyPlan()},
			// A URL that does not answer plans nothing.
			resource.TestStep{PreConfig: func() { f.set("third", true) }, Config: conf, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{
				PreConfig:        func() { f.set("third", false) },
				Config:           secret,
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
			resource.TestStep{
				PreConfig:        func() { f.set("fourth", false) },
				Config:           secret,
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
			// Without the switch nobody looks.
			resource.TestStep{
				PreConfig:        func() { f.set("fifth", false) },
				Config:           config(hcl(c, "", "url_wo = \""+url+"\"", "url_wo_version = 1")),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			},
		)
		for _, h := range f.headers {
			if h.Get("Authorization") != "" || h.Get("Cookie") != "" {
				t.Errorf("credentials were sent: %v", h)
			}
		}
	})
}

// The URL is not contacted unless that is asked for, and a first look at an existing image is recorded in place.
func TestTFImage_contentIsLookedAtOnDemand(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		f := serve(t, "one")
		url := f.URL + "/golden.qcow2"
		story(t, s, c,
			resource.TestStep{
				Config:            config(hcl(c, url)),
				ConfigStateChecks: []statecheck.StateCheck{value("source_fingerprint", knownvalue.Null())},
			},
			resource.TestStep{
				PreConfig: func() {
					if n := f.asked(); n != 0 {
						t.Errorf("the URL was contacted %d times unasked", n)
					}
				},
				Config:            config(hcl(c, url, "detect_content_changes = true")),
				ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{value("source_fingerprint", knownvalue.NotNull())},
			},
			resource.TestStep{Config: config(hcl(c, url, "detect_content_changes = true")), ConfigPlanChecks: emptyPlan()},
		)
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
	})
}
