package sim_test

import (
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// A suspended VM refuses actions until it runs again. A state that an action sets cannot be changed.
func TestSimulator_setSourceState(t *testing.T) {
	a := start(t, time.Minute)
	set := func(state string) error { return a.SetSourceState(simkit.Source{SourceID: "17924"}, state) }
	if err := set("suspended"); err != nil {
		t.Fatal(err)
	}
	a.ask("POST", path(sim.FullVM, "/snapshot/restore"), "", 422)
	if err := set("stopped"); err != nil {
		t.Fatal(err)
	}
	a.ask("POST", path(sim.FullVM, "/snapshot"), "", 200)
	if err := set("running"); err != nil {
		t.Errorf("while a snapshot is taken: %v", err)
	}
	a.advance(time.Minute)
	a.ask("POST", path(sim.FullVM, "/snapshot/restore"), "", 200)
	const refusal = "the VM 17924 is restoring; wait for the end of the action"
	if err := set("stopped"); err == nil || err.Error() != refusal {
		t.Errorf("error %v, want %q", err, refusal)
	}
}
