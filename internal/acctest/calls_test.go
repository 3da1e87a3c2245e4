package acctest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// budget is how many requests each operation may take beside its polls (DESIGN: few calls).
type budget struct {
	create, read, update, remove int
	// plan is what planning a create asks; Terraform plans once more when it applies. A create also lists its scope once.
	plan int
	// poll tells the polls of a create or a delete from the rest, as far as the path does.
	poll func(e sandbox.Entry) bool
}

func path(part string) func(e sandbox.Entry) bool {
	return func(e sandbox.Entry) bool { return e.Method == http.MethodGet && strings.Contains(e.Path, part) }
}

var budgets = map[string]budget{
	"contabo":  {create: 1, read: 1, update: 1, remove: 1, plan: 1, poll: func(sandbox.Entry) bool { return false }},
	"exoscale": {create: 2, read: 1, remove: 1, plan: 1, poll: path("/operation/")},
	"koyeb":    {create: 1, read: 1, update: 1, remove: 1, plan: 1, poll: path("/v1/snapshots/")},
	// The plan of a create reads the slot; an empty one is read twice, with the VM in between. Deleting reads first whose snapshot it is: see ADR 0004.
	"hostinger": {create: 3, read: 1, remove: 2, plan: 3, poll: path("/actions/")},
}

// listing is the one listing of its scope that a create makes before.
const listing = 1

func TestTFCalls_perOperation(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		b, ok := budgets[c.Name]
		if !ok {
			t.Fatalf("say what %s may cost", c.Name)
		}
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
		calls := func(what string, want int, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			rest := 0
			for _, e := range s.Requests(c.Name) {
				if !b.poll(e) || what == "refresh" {
					rest++
				}
			}
			if rest != want {
				t.Errorf("%s sent %d requests beside its polls, want %d: %+v", what, rest, want, s.Requests(c.Name))
			}
		}
		calls("plan", b.plan, func() { cli.Run(t, "plan", "-out=saved").MustSucceed(t) })
		calls("create", listing+b.create+b.plan, func() { cli.Run(t, "apply", "saved").MustSucceed(t) })
		calls("refresh", b.read, func() { cli.Run(t, "plan").MustSucceed(t) })
		if c.Limits.Name.Settable {
			cli.Write(t, acctest.ProviderConfig+c.HCL("a", c.Sources[0], `name = "renamed"`))
			calls("update", b.update, func() { cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 changed") })
		}
		calls("delete", b.remove, func() { cli.Destroy(t, "-refresh=false").MustSucceed(t) })
	})
}
