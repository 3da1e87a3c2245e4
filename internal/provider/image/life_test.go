package image_test

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// A download that fails is a tainted image with the cloud's own words, and blocks neither plan nor destroy.
func TestTFImage_failedDownload(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		before := imageIDs(s, c.Name)
		reason := "the template file could not be fetched"
		stays := c.Limits.Image["error_message"].Supported()
		if stays {
			reason = "Error downloading image from provided URL"
		}
		cli := acctest.NewCLI(t, s, config(hcl(c, brokenURL)))
		cli.Apply(t).MustFail(t).
			MustSay(t, "Unable to finish creating image", "The cloud accepted the operation, and the operation failed", reason,
				"tainted", c.Name+"/")
		if state := cli.State(t); !strings.Contains(state, `"status": "tainted"`) {
			t.Errorf("the state should have the image as tainted:\n%s", state)
		}
		if got := cli.Attribute(t, "test", "error_message"); stays && got != reason {
			t.Errorf("error_message is %v, want %q", got, reason)
		}
		plan := cli.Run(t, "plan").MustSucceed(t)
		if stays {
			plan.MustSay(t, "tainted", "1 to add, 0 to change, 1 to destroy")
			// Untainted it stays as it is, with a warning.
			cli.Run(t, "untaint", "cloudsnap_custom_image.test").MustSucceed(t)
			cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Image has failed", reason, "No changes")
			cli.Run(t, "taint", "cloudsnap_custom_image.test").MustSucceed(t)
		}
		cli.Write(t, config(hcl(c, goodURL)))
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
		cli.Write(t, config(hcl(c, brokenURL)))
		cli.Apply(t).MustFail(t)
		cli.Destroy(t).MustSucceed(t)
		if after := imageIDs(s, c.Name); !slices.Equal(before, after) {
			t.Errorf("the images %v became %v", before, after)
		}
	})
}

// A deadline is an error: the image is kept and tainted, and the text says how to keep it for good.
func TestTFImage_timeout(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := acctest.NewCLI(t, s, config(hcl(c, goodURL, `timeouts = { create = "3s" }`)))
		cli.Apply(t).MustFail(t).
			MustSay(t, "Unable to finish creating image", "The operation timed out", "terraform untaint", c.Name+"/")
		if !strings.Contains(cli.State(t), "tainted") {
			t.Error("the state should have the image as tainted")
		}
		cli.Run(t, "untaint", "cloudsnap_custom_image.test").MustSucceed(t)
		// A name that changed meanwhile is set after the wait.
		cli.Write(t, config(hcl(c, goodURL, `name = "later"`)))
		s.Hurry(t, cli.Start(t, "apply", "-auto-approve", "-input=false").Done(t)).MustSucceed(t).
			MustSay(t, "0 added, 1 changed, 0 destroyed")
		if got := cli.Attribute(t, "test", "name"); got != "later" {
			t.Errorf("name is %v, want later", got)
		}
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// interrupted starts an apply whose wait never ends, and interrupts it once it waits.
func interrupted(t *testing.T, s *acctest.Sandbox, c acctest.Case, cli *acctest.CLI) {
	t.Helper()
	running := cli.Start(t, "apply", "-auto-approve", "-input=false")
	acctest.Eventually(t, "the wait begins", func() bool {
		requests := s.Requests(c.Name)
		made := slices.IndexFunc(requests, func(e entry) bool { return e.Method == http.MethodPost })
		return made >= 0 && len(requests)-made > 2
	})
	running.Signal(t, syscall.SIGINT, true)
	running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting", "Apply again to resume waiting")
	if state := cli.State(t); !strings.Contains(state, `"state": "creating"`) || strings.Contains(state, "tainted") {
		t.Fatalf("the state should have the image as creating, untainted:\n%s", state)
	}
}

// An interrupted wait keeps the image, untainted and with an empty description, and the next apply goes on with it.
func TestTFImage_interruptedWaitGoesOn(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		before := len(imageIDs(s, c.Name))
		cli := acctest.NewCLI(t, s, config(hcl(c, goodURL, `description = ""`)))
		interrupted(t, s, c, cli)
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "0 to add, 1 to change, 0 to destroy")
		s.ClearJournal()
		resumed := cli.Start(t, "apply", "-auto-approve", "-input=false")
		acctest.Eventually(t, "the wait goes on", func() bool { return len(s.Requests(c.Name)) > 20 })
		s.Advance(3 * time.Hour)
		resumed.Wait(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if after := len(imageIDs(s, c.Name)); after != before+1 {
			t.Errorf("%d images became %d, want one more", before, after)
		}
		if n := s.Count(c.Name, http.MethodPost); n != 0 {
			t.Errorf("%d creates were sent again", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}
