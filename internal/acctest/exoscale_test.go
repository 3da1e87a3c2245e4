package acctest_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

func TestTFExoscale_zoneFromTheProvider(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "exoscale")
	bare := c.HCL("a", driver.Ref{SourceID: c.Sources[0].SourceID})
	block := "exoscale = { zone = \"" + c.Sources[0].Location + "\" }"
	cli := acctest.NewCLI(t, s, "provider \"cloudsnap\" {\n  poll_interval = \"1ms\"\n  "+block+"\n}\n"+bare)
	cli.Apply(t).MustSucceed(t)
	if got := cli.Attribute(t, "a", "location"); got != c.Sources[0].Location {
		t.Errorf("location is %v, want %s", got, c.Sources[0].Location)
	}
	cli.Setenv("EXOSCALE_ZONE=at-vie-1")
	cli.Write(t, acctest.ProviderConfig+bare)
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")

	cli.Setenv("EXOSCALE_ZONE=")
	cli.Write(t, acctest.ProviderConfig+c.HCL("b", driver.Ref{SourceID: c.Sources[1].SourceID}))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Exoscale keeps its objects per zone, and no zone is set", "EXOSCALE_ZONE")
}

// An operation that fails at the cloud is an error with the cloud's reason and message, from the first reply on as
// well.
func TestTFExoscale_failedOperation(t *testing.T) {
	operation := map[string]any{
		"state":   "failure",
		"reason":  "unavailable",
		"message": "the hypervisor is out of space",
		"reference": map[string]any{
			"id":      "b1d2c3e4-0000-4000-8000-000000000000",
			"link":    "/v2/snapshot/b1d2c3e4-0000-4000-8000-000000000000",
			"command": "get-snapshot",
		},
	}
	first := maps.Clone(operation)
	first["id"] = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	faults := map[string]sandbox.Fault{
		"in the first reply": {
			Method: http.MethodPost,
			Path:   "create-snapshot$",
			Do:     sandbox.DoStatus,
			Status: 200,
			Body:   first,
		},
		"while polling": {
			Method: http.MethodGet,
			Path:   "/operation/",
			Do:     sandbox.DoStatus,
			Status: 200,
			Body:   operation,
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			c := s.Case(t, "exoscale")
			s.Fault(fault)
			cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
			cli.Apply(t).
				MustFail(t).
				MustSay(t, "The cloud accepted the operation, and the operation failed", "unavailable",
					"the hypervisor is out of space", "operation ID: ")
			if n := s.Count("exoscale", http.MethodPost); n != 1 {
				t.Errorf("%d creates were sent, want one", n)
			}
		})
	}
}

// A zone that is known only after apply stays unknown in the plan, whatever the provider's default is.
func TestTFExoscale_zoneKnownAfterApply(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	other := driver.Ref{SourceID: "d1000000-0000-4000-8000-000000000001", Location: "de-fra-1"}
	if s.Getenv("EXOSCALE_ZONE") == other.Location {
		t.Fatal("the default zone must be another one")
	}
	c := s.Case(t, "exoscale")
	late := "resource \"terraform_data\" \"zone\" {\n  input = \"" + other.Location + "\"\n}\n"
	unknown := strings.Replace(c.HCL("a", other), `"`+other.Location+`"`, "terraform_data.zone.output", 1)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+late+unknown)
	cli.Apply(t).MustSucceed(t)
	if got := cli.Attribute(t, "a", "location"); got != other.Location {
		t.Errorf("location is %v, want %s", got, other.Location)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
}
