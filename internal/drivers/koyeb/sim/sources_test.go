package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// A volume made from a snapshot is a source. It cannot be deleted while it is attached, nor attached while it is
// deleted.
func TestSim_setSourceState(t *testing.T) {
	b := start(time.Minute)
	status, out := b.send(t, "POST", "/v1/volumes", fmt.Sprintf(`{"name":"restored","region":"fra","snapshot_id":%q,
		"volume_type":"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK"}`, sim.SnapshotOld))
	made, ok := out["volume"].(map[string]any)
	if status != 200 || !ok {
		t.Fatalf("%d %v", status, out)
	}
	sources := b.Inventory().Sources
	source := sources[len(sources)-1]
	want := simkit.Source{
		SourceID: fmt.Sprint(made["id"]), Location: "fra", Name: "restored", State: "detached", Slots: -1,
	}
	if source != want {
		t.Fatalf("the newest source is %+v, want %+v", source, want)
	}
	at := "/v1/volumes/" + source.SourceID
	for _, step := range []struct {
		state, service string
		deleted        int
	}{
		{"attached", simkit.UUID("koyeb", "service", source.SourceID), 400},
		{"detached", "", 200},
	} {
		if err := b.SetSourceState(source, step.state); err != nil {
			t.Fatal(err)
		}
		_, out := b.send(t, "GET", at, "")
		if v, ok := out["volume"].(map[string]any); !ok || v["service_id"] != step.service {
			t.Errorf("%s: %v", step.state, out)
		}
		if status, out := b.send(t, "DELETE", at, ""); status != step.deleted {
			t.Errorf("%s: deletion got %d %v", step.state, status, out)
		}
	}
	refusal := "the volume " + source.SourceID + " is being deleted"
	if err := b.SetSourceState(source, "attached"); err == nil || err.Error() != refusal {
		t.Errorf("error %v, want %q", err, refusal)
	}
}
