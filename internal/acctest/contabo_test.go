package acctest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// contaboSnapshot is the configuration of one snapshot of a Contabo instance.
func contaboSnapshot(resourceName, instance, name string, extra ...string) string {
	return fmt.Sprintf("resource \"cloudsnap_snapshot\" %q {\n  cloud = \"contabo\"\n  source_id = %q\n  name = %q\n  "+
		"%s\n}\n",
		resourceName, instance, name, strings.Join(extra, "\n  "))
}

func start(t *testing.T, config string) (*acctest.Sandbox, *acctest.CLI) {
	t.Helper()
	t.Parallel()
	s := acctest.Start(t)
	return s, acctest.NewCLI(t, s, acctest.ProviderConfig+config)
}

// Plan and apply are two processes of the provider, and each requests one token.
func TestTFContabo_oneGrantAProcess(t *testing.T) {
	var config strings.Builder
	for n := range 20 {
		config.WriteString(contaboSnapshot(fmt.Sprintf("s%d", n), fmt.Sprint(42011+n%6), fmt.Sprintf("fleet %d", n)))
	}
	s, cli := start(t, config.String())
	cli.Apply(t, "-parallelism=10").MustSucceed(t).MustSay(t, "20 added")
	grants := 0
	for _, e := range s.Journal() {
		if strings.HasSuffix(e.Path, "/token") {
			grants++
		}
	}
	if grants != 2 {
		t.Errorf("%d token grants, want one for the plan and one for the apply", grants)
	}
	if n := s.Count("contabo", http.MethodPost); n != 20 {
		t.Errorf("%d creates, want 20", n)
	}
}

func TestTFContabo_expiryWarning(t *testing.T) {
	s, cli := start(t, contaboSnapshot("a", "42001", "soon gone"))
	cli.Apply(t).MustSucceed(t).MustNotSay(t, "expires soon")
	cli.Run(t, "plan").MustSucceed(t).MustNotSay(t, "expires soon")
	s.Advance(28 * 24 * time.Hour)
	cli.Run(t, "plan").
		MustSucceed(t).
		MustSay(t, "Snapshot expires soon", "deletes the snapshot contabo/42001/", "No changes")
	silent := strings.Replace(acctest.ProviderConfig, "{", "{\n  expiry_warning = \"0s\"", 1)
	cli.Write(t, silent+contaboSnapshot("a", "42001", "soon gone"))
	cli.Run(t, "plan").MustSucceed(t).MustNotSay(t, "expires soon")
	s.Advance(3 * 24 * time.Hour)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "1 to add")
}

func TestTFContabo_limitNamesTheOccupants(t *testing.T) {
	_, cli := start(t, contaboSnapshot("first", "42002", "first one"))
	cli.Apply(t).MustSucceed(t)
	two := contaboSnapshot("first", "42002", "first one") + contaboSnapshot("second", "42002", "second one")
	cli.Write(t, acctest.ProviderConfig+two)
	cli.Apply(t).MustFail(t).MustSay(t,
		"Unable to create snapshot", "Total snapshots exceed the total max limit of 1 snapshots", `"first one", created`,
		"Delete one of these snapshots", "HTTP status: 402", "request ID: ")
	cli.Write(t, acctest.ProviderConfig+contaboSnapshot("none", "42003", "no room"))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "instance 42003 cannot hold another snapshot", "the product may have no "+
		"room for this at all")
}

func TestTFContabo_lostReplyIsAdopted(t *testing.T) {
	for _, do := range []string{sandbox.DoLose, sandbox.DoTruncate, sandbox.DoGarbage} {
		t.Run(do, func(t *testing.T) {
			s, cli := start(t, contaboSnapshot("a", "42012", "only once"))
			s.Fault(sandbox.Fault{Method: http.MethodPost, Path: "/snapshots$", To: 1, Do: do})
			cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
			ids := s.SnapshotIDs("contabo")
			if len(ids) != 2 { // One is the seeded snapshot of another instance.
				t.Fatalf("the cloud has %v, want two snapshots", ids)
			}
			if n := s.Count("contabo", http.MethodPost); n != 1 {
				t.Errorf("%d creates were sent, want one", n)
			}
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
			cli.Destroy(t).MustSucceed(t)
			if ids := s.SnapshotIDs("contabo"); len(ids) != 1 {
				t.Errorf("after destroy the cloud has %v", ids)
			}
		})
	}
}

func TestTFContabo_failedCreateIsNotRepeated(t *testing.T) {
	faults := map[string]sandbox.Fault{
		"503": {Method: http.MethodPost, Path: "/snapshots$", Do: sandbox.DoStatus, Status: 503},
		"500": {Method: http.MethodPost, Path: "/snapshots$", Do: sandbox.DoStatus, Status: 500, Body: "Internal Server " +
			"Error, retry or contact support"},
		"reset": {Method: http.MethodPost, Path: "/snapshots$", Do: sandbox.DoReset},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s, cli := start(t, contaboSnapshot("a", "42012", "never"))
			s.Fault(fault)
			cli.Apply(t).
				MustFail(t).
				MustSay(t, "Unable to create snapshot", "the cloud may or may not have acted", "shows no new snapshot")
			if n := s.Count("contabo", http.MethodPost); n != 1 {
				t.Errorf("%d creates were sent, want one", n)
			}
		})
	}
}

func TestTFContabo_rateLimitIsWaitedOut(t *testing.T) {
	s, cli := start(t, contaboSnapshot("a", "42012", "patient"))
	limited := func(method string) sandbox.Fault {
		return sandbox.Fault{
			Method: method,
			Path:   "/v1/",
			To:     2,
			Do:     sandbox.DoStatus,
			Status: 429,
			Header: sandbox.Header{"Retry-After": {"0"}},
		}
	}
	s.Fault(limited(http.MethodPost), limited(http.MethodGet), limited(http.MethodPatch), limited(http.MethodDelete))
	cli.Apply(t).MustSucceed(t)
	cli.Write(t, acctest.ProviderConfig+contaboSnapshot("a", "42012", "more patient"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 changed")
	cli.Destroy(t).MustSucceed(t)
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodPatch, http.MethodDelete} {
		if n := s.Count("contabo", method); n < 3 {
			t.Errorf("%s was sent %d times, want the two refused ones and another", method, n)
		}
	}
}

func TestTFContabo_outageRemovesNothing(t *testing.T) {
	for _, status := range []int{401, 403, 429, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s, cli := start(t, contaboSnapshot("a", "42012", "kept"))
			cli.Apply(t).MustSucceed(t)
			s.Fault(sandbox.Fault{Method: http.MethodGet, Do: sandbox.DoStatus, Status: status})
			cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to read snapshot", fmt.Sprintf("HTTP status: %d", status))
			if !strings.Contains(cli.State(t), `"name": "kept"`) {
				t.Error("the state has lost the snapshot")
			}
		})
	}
}

func TestTFContabo_readableErrors(t *testing.T) {
	tests := map[string]struct {
		config string
		env    []string
		fault  *sandbox.Fault
		say    []string
	}{
		"wrong password": {
			env: []string{"CNTB_OAUTH2_PASS=wrong"},
			say: []string{"The cloud rejected the credentials", "invalid_grant", "Check the credentials in the provider's " +
				"contabo block"},
		},
		"missing variable": {
			env: []string{"CNTB_OAUTH2_CLIENT_SECRET="},
			say: []string{"Contabo is not configured: client_secret is missing", "CNTB_OAUTH2_CLIENT_SECRET"},
		},
		"foreign instance": {
			config: contaboSnapshot("a", "777", "foreign"),
			say:    []string{"Entry Instances not found by instanceId = 777", "HTTP status: 404", "Check the IDs"},
		},
		"HTML error page": {
			fault: &sandbox.Fault{
				Path: "/v1/", Do: sandbox.DoStatus, Status: 502, Header: sandbox.Header{"Content-Type": {"text/html"}},
				Body: "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
			},
			say: []string{"the answer is a web page", "502 Bad Gateway", "HTTP status: 502"},
		},
		"plain http": {
			env: []string{"CNTB_API=http://api.example.net"},
			say: []string{"would send credentials in the clear", "https://"},
		},
		"bad name": {
			config: contaboSnapshot("a", "42001", "not_allowed"),
			say:    []string{"1 to 30 letters, digits, spaces and dashes"},
		},
		"no name": {
			config: "resource \"cloudsnap_snapshot\" \"a\" {\n  cloud = \"contabo\"\n  source_id = \"42001\"\n}\n",
			say:    []string{"Contabo requires name for a snapshot"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.config == "" {
				test.config = contaboSnapshot("a", "42001", "fine")
			}
			s, cli := start(t, test.config)
			cli.Setenv(test.env...)
			if test.fault != nil {
				s.Fault(*test.fault)
			}
			cli.Apply(t).MustFail(t).MustSay(t, test.say...)
			if n := len(s.SnapshotIDs("contabo")); n != 1 {
				t.Errorf("the cloud has %d snapshots, want the seeded one", n)
			}
		})
	}
}
