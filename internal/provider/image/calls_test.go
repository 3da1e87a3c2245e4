package image_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// entry is one line of the sandbox's journal.
type entry = sandbox.Entry

// Every operation sends as few requests as the API allows. testdata/image_calls.json of each driver lists them in
// order: method and the last word of the path.
func TestTFImage_callsPerOperation(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		var want map[string][]string
		drivertest.ReadTestdata(t, c.Driver, "image_calls.json", &want)
		cli := acctest.NewCLI(t, s, config(hcl(c, goodURL)))
		calls := func(what string, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			var got []string
			for _, e := range s.Requests(c.Name) {
				got = append(got, e.Method+" "+noun(e.Path))
			}
			if diff := cmp.Diff(want[what], got); diff != "" {
				t.Errorf("%s sent: %s", what, diff)
			}
		}
		calls("create", func() { cli.Apply(t).MustSucceed(t).MustSay(t, "1 added") })
		calls("refresh", func() { cli.Run(t, "plan", "-input=false").MustSucceed(t).MustSay(t, "No changes") })
		cli.Write(t, config(hcl(c, goodURL, `name = "renamed"`)))
		calls("update", func() { cli.Apply(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 changed") })
		calls("delete", func() { cli.Destroy(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 destroyed") })
	})
}

// noun is what a path addresses.
func noun(path string) string {
	words := strings.Split(strings.Trim(path, "/"), "/")
	switch last := words[len(words)-1]; {
	case last == "images", last == "template":
		return last
	case words[len(words)-2] == "images":
		return "image"
	default:
		return words[len(words)-2]
	}
}
