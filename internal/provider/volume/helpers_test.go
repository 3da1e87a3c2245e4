package volume_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const typeName = "cloudsnap_snapshot_volume"

// volumesPath is a pattern of the path of the collection of volumes.
const volumesPath = "/volumes$"

// each runs a story for every cloud that creates volumes from snapshots, with a snapshot that one can be created from.
func each(
	t *testing.T, story func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string),
	options ...sandboxtest.Option,
) {
	t.Helper()
	acctest.EachCloud(t, driver.CapabilitySnapshotVolume, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		story(t, s, c, s.SnapshotIDs(c.Name)[0])
	}, options...)
}

// another starts a snapshot, and returns its ID.
func another(t *testing.T, s *acctest.Sandbox, c acctest.Case) string {
	t.Helper()
	made, _, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), driver.SnapshotSpec{
		SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location, Name: "another",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.ClearJournal()
	return made.ID
}

// values is a configuration of a volume.
func values(c acctest.Case, snapshotID string) prototest.Values {
	return prototest.Values{"cloud": c.Name, "snapshot_id": snapshotID, "name": "restored"}
}

// created is a volume that exists.
func created(t *testing.T, s *acctest.Sandbox, config prototest.Values) *prototest.Resource {
	t.Helper()
	r := prototest.Start(t, s, nil).Resource(t, typeName)
	r.Apply(t, r.Plan(t, config)).MustSucceed(t)
	return r
}

// text is an attribute of the state.
func text(t *testing.T, r *prototest.Resource, attribute string) string {
	t.Helper()
	return fmt.Sprint(r.Values(t)[attribute])
}

// creates counts the requests that create a volume.
func creates(s *acctest.Sandbox, c acctest.Case) int {
	n := 0
	for _, e := range s.Requests(c.Name) {
		if e.Method == http.MethodPost && strings.HasSuffix(e.Path, "/volumes") {
			n++
		}
	}
	return n
}

// waiting reports whether the snapshot has been read several times.
func waiting(s *acctest.Sandbox, c acctest.Case) func() bool {
	return func() bool {
		n := 0
		for _, e := range s.Requests(c.Name) {
			if e.Method == http.MethodGet && strings.Contains(e.Path, "/snapshots/") {
				n++
			}
		}
		return n > 5
	}
}

// lost loses the answer to the next request that creates a volume.
func lost(do string) sandbox.Fault {
	return sandbox.Fault{Method: http.MethodPost, Path: volumesPath, Do: do, To: 1}
}

// later is longer than everything that a snapshot needs until a volume can be created from it.
const later = 4 * time.Hour
