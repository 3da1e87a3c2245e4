package snapshot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// A region that a cloud reports narrows a listing, although a configuration cannot choose it for a snapshot.
func TestTFSnapshots_ofOneRegion(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "koyeb")
	regions := map[string]string{}
	for _, source := range s.Inventory()[c.Name].Sources {
		regions[source.Location] = source.SourceID
	}
	if len(regions) < 2 {
		t.Fatalf("the sandbox has the regions %v, want two", regions)
	}
	for region, volume := range regions {
		take(t, s, c, driver.Ref{SourceID: volume}, "in "+region)
	}
	s.ClearJournal()
	for region, volume := range regions {
		found := knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"source_id": knownvalue.StringExact(volume), "location": knownvalue.StringExact(region),
		})
		story(t, s, c, step(list(c, driver.Ref{Location: region}, `name = "in "`),
			snapshots(knownvalue.ListExact([]knownvalue.Check{found}))))
		sent := func(e sandbox.Entry) bool { return strings.Contains(e.Query, "region="+region) }
		if !slices.ContainsFunc(s.Requests(c.Name), sent) {
			t.Errorf("the region %s was not sent", region)
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps: []resource.TestStep{
			{Config: config(`data "cloudsnap_snapshots" "test" {
  cloud    = "koyeb"
  location = ""
}`), PlanOnly: true, ExpectError: regexp.MustCompile("must not be empty")},
			{Config: config(`resource "cloudsnap_snapshot" "test" {
  cloud     = "koyeb"
  location  = "fra"
  source_id = "` + regions["fra"] + `"
}`), PlanOnly: true, ExpectError: regexp.MustCompile(`cannot be\s+chosen`)},
		},
	})
}
