package acctest

import (
	"strconv"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// With -short, a story that uses a CLI has one cloud, and the stories together have every cloud.
func TestSelectClouds(t *testing.T) {
	t.Parallel()
	able := Drivers()
	for _, all := range [][]driver.Driver{
		selectClouds(able, "TestTFSnapshot_minimal", false), selectClouds(able, "TestProtocol_lifecycle", true),
	} {
		if len(all) != len(able) {
			t.Errorf("%d clouds of %d", len(all), len(able))
		}
	}
	selected := map[string]int{}
	for test := range 30 {
		for _, d := range selectClouds(able, "TestTFSnapshot_"+strconv.Itoa(test), true) {
			selected[d.Descriptor().Name]++
		}
	}
	total := 0
	for _, n := range selected {
		total += n
	}
	if len(selected) != len(able) || total != 30 {
		t.Errorf("30 stories have the clouds %v", selected)
	}
	if none := selectClouds(nil, "TestTFSnapshot_minimal", true); len(none) > 0 {
		t.Errorf("no cloud became %d", len(none))
	}
}
