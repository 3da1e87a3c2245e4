package acctest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const adoptGuide = "adopt-what-exists.md.tmpl"

// noWrites fails if a cloud got a request that is not a read.
func noWrites(t *testing.T, s *acctest.Sandbox) {
	t.Helper()
	for _, drv := range acctest.Drivers() {
		if n := s.Mutations(drv.Descriptor().Name); n != 0 {
			t.Errorf("%d writes to %s", n, drv.Descriptor().Title)
		}
	}
}

// The guide works as it is written: a query, the generated configuration, an import, and a plan without changes.
func TestTFGuide_adoptWithQuery(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	cli.NeedsQuery(t)
	everyObject(t, s)
	steps, x := readGuide(t, adoptGuide), cli.Terminal(t)
	s.ClearJournal()
	follow(t, x, under(steps, "Find the objects")).MustSay(t, "list.cloudsnap_snapshot.contabo",
		"list.cloudsnap_snapshot.geneva", "list.cloudsnap_custom_image.contabo",
		"list.cloudsnap_snapshot_template.geneva", "list.cloudsnap_snapshot_volume.restored")
	follow(t, x, under(steps, "Generate the configuration"))
	follow(t, x, under(steps, "Import and plan")).MustSay(t, "0 to add, 0 to change, 0 to destroy",
		"0 added, 0 changed, 0 destroyed", "No changes")
	noWrites(t, s)
}

// The other way works as it is written on every CLI and, with another cloud, for all of them.
func TestTFGuide_adoptWithADataSource(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		everyObject(t, s)
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
		steps, x := readGuide(t, adoptGuide), cli.Terminal(t)
		for i := range steps {
			other := fmt.Sprintf("cloud = %q", c.Name)
			if c.Limits.Location.Settable() {
				other += fmt.Sprintf("\n  location = %q", c.Sources[0].Location)
			}
			if c.Name != "hostinger" {
				// The guide has this cloud beside the first one.
				steps[i].text = strings.ReplaceAll(steps[i].text, `cloud = "contabo"`, other)
			}
		}
		s.ClearJournal()
		follow(t, x, under(steps, "Write down what exists"))
		follow(t, x, under(steps, "Import the list")).MustSay(t, "to import, 0 to add, 0 to change, 0 to destroy",
			"imported, 0 added, 0 changed, 0 destroyed", "No changes")
		noWrites(t, s)
	})
}

// A rotation adopts the snapshots with its prefix.
func TestTFGuide_adoptRotation(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cl := s.Cloud(t, "contabo")
	spec := driver.SnapshotSpec{SourceID: "42011", Name: "nightly-" + cl.Now().UTC().Format("20060102-1504")}
	if _, _, err := cl.CreateSnapshot(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	s.ClearJournal()
	x := cli.Terminal(t)
	follow(t, x, under(readGuide(t, adoptGuide), "Rotations")).MustSay(t, "Import successful", "No changes")
	noWrites(t, s)
}
