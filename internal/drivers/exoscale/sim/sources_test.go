package sim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// An instance that is stopped from outside can be reverted. A state that an operation sets cannot be changed.
func TestSimulator_setSourceState(t *testing.T) {
	s, w := newSim()
	instance := geneva + "/instance/" + sim.GenevaDB
	body := `{"id":"` + sim.GenevaOld + `"}`
	source := simkit.Source{SourceID: sim.GenevaDB, Location: "ch-gva-2"}
	want(t, do(t, s, http.MethodPost, instance+":revert-snapshot", body), 412)
	if err := s.SetSourceState(source, "stopped"); err != nil {
		t.Fatal(err)
	}
	want(t, do(t, s, http.MethodPost, instance+":revert-snapshot", body), 200)
	want(t, do(t, s, http.MethodGet, instance, ""), 200)

	w.Latency = time.Minute
	want(t, do(t, s, http.MethodPut, instance+":start", "{}"), 200)
	const refusal = "the instance " + sim.GenevaDB + " is starting; wait for the end of the operation"
	if err := s.SetSourceState(source, "stopped"); err == nil || err.Error() != refusal {
		t.Errorf("error %v, want %q", err, refusal)
	}
}
