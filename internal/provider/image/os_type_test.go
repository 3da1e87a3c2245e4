package image_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// What a cloud's API accepts against its own documentation is made, after a warning.
func TestTFImage_warnsOfAnOperatingSystem(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		for osType := range c.Limits.Image["os_type"].Warnings {
			cli := acctest.NewCLI(t, s, config(hcl(c, goodURL, fmt.Sprintf("os_type = %q", osType))))
			cli.Apply(t).MustSucceed(t).
				MustSay(t, "Operating system not supported by the cloud", "does not permit custom images of "+osType, "1 added")
			// Only before the image is made.
			again := cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
			if strings.Contains(again.Output, "not supported by the cloud") {
				t.Errorf("the plan of an image that exists warns:\n%s", again.Output)
			}
			cli.Destroy(t).MustSucceed(t)
		}
		if c.Limits.Image["os_type"].Settable() {
			cli := acctest.NewCLI(t, s, config(hcl(c, goodURL)))
			if plan := cli.Run(t, "plan").MustSucceed(t); strings.Contains(plan.Output, "not supported by the cloud") {
				t.Errorf("the plan of %s warns:\n%s", c.Limits.Image["os_type"].OneOf[0], plan.Output)
			}
		}
	})
}
