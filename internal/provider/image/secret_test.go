package image_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// canary stands for a signature.
const canary = "CANARY-4f1d0c9e"

// writeOnly is a configuration whose URL comes from an ephemeral variable, as no file in the directory may hold it.
func writeOnly(c acctest.Case, version int, extra ...string) string {
	return "variable \"link\" {\n  type = string\n  ephemeral = true\n}\n" +
		hcl(c, "", append(extra, "url_wo = var.link", fmt.Sprintf("url_wo_version = %d", version))...)
}

// A URL that gives access by itself is in no state, plan or log, whether all goes well, the download fails, or the
// cloud quotes it in an error.
func TestTFImage_writeOnlyURLAppearsNowhere(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := acctest.NewCLI(t, s, config(writeOnly(c, 1)))
		cli.Setenv("TF_LOG=TRACE", "TF_VAR_link="+goodURL+"?X-Signature="+canary)
		look := func(where, text string) {
			t.Helper()
			if at := strings.Index(text, canary); at >= 0 {
				t.Errorf("the URL appears in the %s: …%s…", where, text[max(0, at-200):min(len(text), at+50)])
			}
		}
		log := func(r acctest.Result) acctest.Result {
			t.Helper()
			look("log", r.Output)
			return r
		}
		log(cli.Run(t, "plan", "-out=plan.bin")).MustSucceed(t)
		look("plan", log(cli.Run(t, "show", "-json", "plan.bin")).MustSucceed(t).Output)
		packed, err := os.ReadFile(cli.Dir + "/plan.bin")
		if err != nil {
			t.Fatal(err)
		}
		look("plan file", string(packed))
		log(cli.Apply(t)).MustSucceed(t)
		if cli.Attribute(t, "test", "url") != nil || cli.Attribute(t, "test", "url_wo") != nil ||
			cli.Attribute(t, "test", "image_id") == nil {
			t.Errorf("the state should have the image without a URL:\n%s", cli.State(t))
		}
		log(cli.Run(t, "plan", "-detailed-exitcode")).MustSucceed(t).MustSay(t, "No changes")
		cli.Write(t, config(writeOnly(c, 1, `name = "renamed"`)))
		log(cli.Apply(t)).MustSucceed(t).MustSay(t, "1 changed")
		look("state", cli.State(t))

		// A download that fails.
		cli.Setenv("TF_VAR_link=" + brokenURL + "?X-Signature=" + canary)
		cli.Write(t, config(writeOnly(c, 2)))
		log(cli.Apply(t)).MustFail(t).MustSay(t, "Unable to finish creating image")
		look("state after a failed download", cli.State(t))
		log(cli.Run(t, "plan")).MustSucceed(t)

		// A cloud that quotes it.
		s.Fault(sandbox.Fault{
			Method: http.MethodPost, Path: "/(images|template)$", Do: sandbox.DoStatus, Status: http.StatusBadRequest,
			Body: map[string]any{"message": "cannot fetch " + brokenURL + "?X-Signature=" + canary},
		})
		log(cli.Apply(t)).MustFail(t).MustSay(t, "cannot fetch (the URL)")
		look("state after a refused create", cli.State(t))
		log(cli.Destroy(t)).MustSucceed(t)
	})
}

func TestTFImage_writeOnlyVersionReplaces(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		secret := func(url string, version int) string {
			return config(hcl(c, "", fmt.Sprintf("url_wo = %q", url), fmt.Sprintf("url_wo_version = %d", version)))
		}
		story(t, s, c,
			resource.TestStep{Config: config(hcl(c, goodURL))},
			// The same URL out of the state is the same image.
			resource.TestStep{
				Config: secret(goodURL, 1), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{value("url", knownvalue.Null()), value("url_wo", knownvalue.Null())},
			},
			// A new value alone is not noticed; a new version is.
			resource.TestStep{Config: secret(otherURL, 1), ConfigPlanChecks: planned(plancheck.ResourceActionNoop)},
			resource.TestStep{
				Config:           secret(otherURL, 2),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
			resource.TestStep{
				Config:           config(hcl(c, goodURL)),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
			// Another URL is another image, even where it moves out of the state at the same time.
			resource.TestStep{
				Config:           secret(otherURL, 1),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			},
		)
	})
}

// An import leaves out a URL that may be signed. Setting it then changes nothing at the cloud.
func TestTFImage_importLeavesOutSignedURLs(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cl := s.Cloud(t, c.Name)
		signed := goodURL + "?X-Signature=" + canary
		spec := driver.ImageSpec{
			Location:      c.Sources[0].Location,
			Name:          "golden",
			URL:           signed,
			OSType:        "Linux",
			Version:       "12",
			Checksum:      digest,
			SSHKeyEnabled: true,
		}
		made, operation, err := cl.CreateImage(t.Context(), spec)
		if err == nil {
			made, err = cl.WaitImage(t.Context(), made, operation)
		}
		if err != nil {
			t.Fatal(err)
		}
		block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, c.FormatID(c.Limits.ImageID, made.Ref()))
		cli := acctest.NewCLI(t, s, config(block, hcl(c, signed)))
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "1 to import, 0 to add, 1 to change, 0 to destroy")
		s.ClearJournal()
		cli.Write(t, config(block, writeOnly(c, 1)))
		cli.Setenv("TF_VAR_link=" + signed)
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 imported, 0 added, 1 changed, 0 destroyed")
		if strings.Contains(cli.State(t), canary) {
			t.Error("the state has the URL")
		}
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("taking it over sent %d writes", n)
		}
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	})
}
