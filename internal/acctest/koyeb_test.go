package acctest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

func TestTFKoyeb_waitsForRemoteStorage(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "koyeb")
	cli := acctest.NewCLI(
		t,
		s,
		acctest.ProviderConfig+c.HCL("a", c.Sources[0], `name = "far away"`, "wait_for_remote = true"),
	)
	cli.Apply(t).MustSucceed(t)
	if got := cli.Attribute(t, "a", "storage_type"); got != "remote" {
		t.Errorf("storage_type is %v, want remote", got)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}

func TestTFKoyeb_waitForRemoteSwitchedOnLater(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "koyeb")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
	cli.Apply(t).MustSucceed(t)
	cli.Write(t, acctest.ProviderConfig+c.HCL("a", c.Sources[0], "wait_for_remote = true"))
	cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
	if got := cli.Attribute(t, "a", "storage_type"); got != "remote" {
		t.Errorf("storage_type is %v, want remote", got)
	}
}

// Koyeb says in a header of its own how long to wait, in seconds.
func TestTFKoyeb_rateLimitReset(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "koyeb")
	s.Fault(
		sandbox.Fault{
			Method: http.MethodPost,
			To:     1,
			Do:     sandbox.DoStatus,
			Status: 429,
			Header: sandbox.Header{"x-ratelimit-reset": {"1"}},
		},
	)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
	began := time.Now()
	cli.Apply(t).MustSucceed(t)
	if took := time.Since(began); took < time.Second {
		t.Errorf("the apply took %s, so it did not wait the second that the cloud asked for", took)
	}
	if n := s.Count("koyeb", http.MethodPost); n != 2 {
		t.Errorf("%d creates were sent, want the refused one and another", n)
	}
}
