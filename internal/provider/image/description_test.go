package image_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// An empty description is what a cloud tells of an image that has none, so it can be written down, and clears one.
func TestTFImage_emptyDescription(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		bare, empty := config(hcl(c, goodURL)), config(hcl(c, goodURL, `description = ""`))
		none := []statecheck.StateCheck{value("description", knownvalue.StringExact(""))}
		story(t, s, c,
			resource.TestStep{Config: empty, ConfigStateChecks: none},
			resource.TestStep{Config: empty, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{Config: bare, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{
				Config:           config(hcl(c, goodURL, `description = "text"`)),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			},
			// Removing the attribute leaves the description as it is.
			resource.TestStep{
				Config:            bare,
				ConfigPlanChecks:  emptyPlan(),
				ConfigStateChecks: []statecheck.StateCheck{value("description", knownvalue.StringExact("text"))},
			},
			resource.TestStep{Config: empty, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ConfigStateChecks: none},
			resource.TestStep{Config: empty, ConfigPlanChecks: emptyPlan()},
			resource.TestStep{
				ResourceName:            address,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"detect_content_changes"},
			},
		)
	})
}
