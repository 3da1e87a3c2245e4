package acctest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// budget is the content of testdata/budget.json in a driver's folder: how many requests each operation may take beside
// its polls. A create also lists its scope once.
type budget struct {
	// Reason explains numbers above one.
	Reason string `json:"reason"`
	// Plan is the cost of planning a create. Terraform plans once more when it applies.
	Plan int `json:"plan"`
	// PlanLists is true if the plan makes the listing that a create soon after shares.
	PlanLists bool `json:"plan_lists"`
	Create    int  `json:"create"`
	Read      int  `json:"read"`
	Update    int  `json:"update"`
	Delete    int  `json:"delete"`
	// PollPath is the part of a path by which a GET is a poll. Without one, no request is.
	PollPath string `json:"poll"`
}

func (b budget) isPoll(e sandbox.Entry) bool {
	return b.PollPath != "" && e.Method == http.MethodGet && strings.Contains(e.Path, b.PollPath)
}

// listing is the one listing of its scope that a create makes before, unless its plan has made it.
func (b budget) listing() int {
	if b.PlanLists {
		return 0
	}
	return 1
}

// A rotation reads all its snapshots with one listing. A run costs a refresh, a listing that its create needs as well,
// and the requests of a create and of a delete.
func TestTFCalls_rotation(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		var b budget
		drivertest.ReadTestdata(t, c.Driver, "budget.json", &b)
		const config = acctest.ProviderConfig + `resource "cloudsnap_snapshot_rotation" "a" {
  cloud     = %q
  source_id = %q
  location  = %s
  interval  = "24h"
  keep_last = 1
}
`
		location := "null"
		if c.Sources[0].Location != "" {
			location = strconv.Quote(c.Sources[0].Location)
		}
		cli := acctest.NewCLI(t, s, fmt.Sprintf(config, c.Name, c.Sources[0].SourceID, location))
		calls := func(what string, want int, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			rest := slices.DeleteFunc(s.Requests(c.Name), func(e sandbox.Entry) bool { return b.isPoll(e) && what != "refresh" })
			if len(rest) != want {
				t.Errorf("%s sent %d requests beside its polls, want %d: %+v", what, len(rest), want, rest)
			}
		}
		calls("create", b.listing()+b.Create+2*b.Plan, func() { cli.Apply(t).MustSucceed(t) })
		calls("refresh", 1, func() { cli.Run(t, "plan").MustSucceed(t) })
		s.Advance(24 * time.Hour)
		// Terraform plans the run once more when it applies.
		run := 1 + 2 + b.listing() + b.Create + b.Delete
		if c.Limits.SingleSnapshot() {
			// The create overwrites the old snapshot, and lists operations and not snapshots before that.
			run = 1 + 2 + 1 + 1 + b.Create
		}
		calls("run", run, func() { cli.Apply(t).MustSucceed(t).MustSay(t, "1 changed") })
	})
}

func TestTFCalls_perOperation(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		var b budget
		drivertest.ReadTestdata(t, c.Driver, "budget.json", &b)
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("a", c.Sources[0]))
		calls := func(what string, want int, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			rest := 0
			for _, e := range s.Requests(c.Name) {
				if !b.isPoll(e) || what == "refresh" {
					rest++
				}
			}
			if rest != want {
				t.Errorf("%s sent %d requests beside its polls, want %d: %+v", what, rest, want, s.Requests(c.Name))
			}
		}
		calls("plan", b.Plan, func() { cli.Run(t, "plan", "-out=saved").MustSucceed(t) })
		calls("create", b.listing()+b.Create+b.Plan, func() { cli.Run(t, "apply", "saved").MustSucceed(t) })
		calls("refresh", b.Read, func() { cli.Run(t, "plan").MustSucceed(t) })
		if driver.UpdatesSnapshots(c.Driver) {
			cli.Write(t, acctest.ProviderConfig+c.HCL("a", c.Sources[0], `name = "renamed"`))
			calls("update", b.Update, func() { cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 changed") })
		}
		calls("delete", b.Delete, func() { cli.Destroy(t, "-refresh=false").MustSucceed(t) })
	})
}
