package acctest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// hostingerSnapshot is the configuration of the one snapshot of a VM.
func hostingerSnapshot(vm string, extra ...string) string {
	return fmt.Sprintf(
		"resource \"cloudsnap_snapshot\" \"a\" {\n  cloud = \"hostinger\"\n  source_id = %q\n  %s\n}\n",
		vm,
		strings.Join(extra, "\n  "),
	)
}

const (
	emptyVM    = "17923"
	occupiedVM = "17924"
)

func TestTFHostinger_refusesToOverwrite(t *testing.T) {
	s, cli := start(t, hostingerSnapshot(occupiedVM))
	cli.Run(t, "plan").MustFail(t).MustSay(t,
		"Unable to create snapshot", "A snapshot exists already, 3 days old, and a new one would overwrite it",
		"Set replace_existing = true")
	if n := s.Mutations("hostinger"); n != 0 {
		t.Errorf("the plan sent %d writes", n)
	}
	before := s.SnapshotIDs("hostinger")
	cli.Write(t, "provider \"cloudsnap\" {\n  poll_interval = \"1ms\"\n}\n"+
		hostingerSnapshot(occupiedVM, "replace_existing = true"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
	after := s.SnapshotIDs("hostinger")
	if len(after) != 1 || after[0] == before[0] {
		t.Errorf("the slot held %v and holds %v", before, after)
	}
}

func TestTFHostinger_occupiedBetweenPlanAndApply(t *testing.T) {
	s, cli := start(t, hostingerSnapshot(emptyVM))
	cli.Run(t, "plan", "-out=saved.tfplan").MustSucceed(t)
	cl := s.Cloud(t, "hostinger")
	made, operation, err := cl.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: emptyVM})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{}); err != nil {
		t.Fatal(err)
	}
	s.ClearJournal()
	cli.Run(t, "apply", "-input=false", "saved.tfplan").MustFail(t).MustSay(t, "A snapshot exists already")
	if n := s.Count("hostinger", http.MethodPost); n != 0 {
		t.Errorf("%d creates were sent", n)
	}
}

// A new snapshot overwrites the old one at the cloud, so destroying the old one afterwards must leave the slot alone.
func TestTFHostinger_createBeforeDestroyKeepsTheNewOne(t *testing.T) {
	const lifecycle = "lifecycle { create_before_destroy = true }"
	s, cli := start(t, hostingerSnapshot(emptyVM, "replace_existing = true", lifecycle))
	cli.Apply(t).MustSucceed(t)
	first := s.SnapshotIDs("hostinger")
	cli.Apply(t, "-replace=cloudsnap_snapshot.a").MustSucceed(t).MustSay(t, "1 added", "1 destroyed")
	if n := s.Count("hostinger", http.MethodDelete); n != 0 {
		t.Errorf("%d deletes were sent, and could have hit the new snapshot", n)
	}
	second := s.SnapshotIDs("hostinger")
	if len(second) != len(first) {
		t.Fatalf("the VMs had %v and have %v", first, second)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}

// Replacing by destroying first frees the slot, which the plan must know.
func TestTFHostinger_replaceWithoutPermissionWorksOnOurOwn(t *testing.T) {
	_, cli := start(t, hostingerSnapshot(emptyVM))
	cli.Apply(t).MustSucceed(t)
	cli.Apply(t, "-replace=cloudsnap_snapshot.a").MustSucceed(t).MustSay(t, "1 added, 0 changed, 1 destroyed")
}

// Somebody else's snapshot in the slot is not ours: the state forgets, and nothing is deleted.
func TestTFHostinger_foreignSnapshotIsLeftAlone(t *testing.T) {
	s, cli := start(t, hostingerSnapshot(emptyVM))
	cli.Apply(t).MustSucceed(t)
	cl := s.Cloud(t, "hostinger")
	made, operation, err := cl.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: emptyVM, ReplaceExisting: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{}); err != nil {
		t.Fatal(err)
	}
	foreign := s.SnapshotIDs("hostinger")
	cli.Run(t, "plan").MustFail(t).MustSay(t, "A snapshot exists already")
	// Even without a refresh, destroying does not touch it.
	cli.Destroy(t, "-refresh=false").MustSucceed(t)
	if now := s.SnapshotIDs("hostinger"); len(now) != len(foreign) {
		t.Errorf("the VMs had %v and have %v", foreign, now)
	}
}

func TestTFHostinger_foreignVMFailsWhenPlanning(t *testing.T) {
	_, cli := start(t, hostingerSnapshot("99999"))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to look for a snapshot to overwrite", "[VPS:2000]", "request ID")
}
