package acctest_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// everyType has a resource of each type that creates something, at every cloud of the product.
func everyType(t *testing.T, s *acctest.Sandbox) string {
	t.Helper()
	contabo, exoscale, koyeb, hostinger := s.Case(t, "contabo"), s.Case(t, "exoscale"), s.Case(t, "koyeb"),
		s.Case(t, "hostinger")
	rotation := func(c acctest.Case) string {
		hcl := c.HCL("nightly", c.Sources[1], `triggers = { version = "1" }`)
		hcl = strings.Replace(hcl, "name =", "name_prefix =", 1)
		return strings.Replace(hcl, `cloudsnap_snapshot"`, `cloudsnap_snapshot_rotation"`, 1)
	}
	return acctest.ProviderConfig + contabo.HCL("contabo", contabo.Sources[0]) + rotation(contabo) +
		exoscale.HCL("exoscale", exoscale.Sources[0]) + koyeb.HCL("koyeb", koyeb.Sources[0]) +
		hostinger.HCL("hostinger", hostinger.Sources[0]) + `
resource "cloudsnap_custom_image" "golden" {
  cloud   = "contabo"
  name    = "golden"
  url     = "https://img.example.net/golden.qcow2"
  os_type = "Linux"
  version = "12"
}
resource "cloudsnap_snapshot_template" "golden" {
  cloud       = "exoscale"
  location    = cloudsnap_snapshot.exoscale.location
  name        = "golden"
  snapshot_id = cloudsnap_snapshot.exoscale.snapshot_id
}
resource "cloudsnap_snapshot_volume" "restored" {
  cloud       = "koyeb"
  name        = "restored"
  snapshot_id = cloudsnap_snapshot.koyeb.snapshot_id
}
`
}

// moment is when a signal comes: at a request, or at a time after the start of the command, which may be before the
// first request or after the last one.
type moment struct {
	request int
	after   time.Duration
}

// moments returns the moments in an apply and in the destroy after it: one of them at a request, and the other one at
// a time.
func moments(random *rand.Rand, number uint64) (apply, destroy moment) {
	after := moment{after: time.Duration(random.IntN(int(longest)))}
	if number%2 == 0 {
		return moment{request: 1 + random.IntN(40)}, after
	}
	return after, moment{request: 1 + random.IntN(25)}
}

// longest is about as long as the commands of a signal take. No outcome depends on it.
const longest = 1500 * time.Millisecond

// String is the moment in words.
func (m moment) String() string {
	if m.request > 0 {
		return fmt.Sprintf("request %d", m.request)
	}
	return m.after.String()
}

// disturb runs a command, and calls signal again and again from a moment on, until it returns false or the command has
// ended. From the request of the moment on the clouds take their time, so that it is under way. Without one, they take
// a little at each request.
func disturb(
	t *testing.T, s *acctest.Sandbox, cli *acctest.CLI, at moment, signal func(r *acctest.Running) bool, args ...string,
) {
	t.Helper()
	slow := sandbox.Fault{Do: sandbox.DoDelay, Delay: sandbox.Delay(100 * time.Millisecond), From: at.request}
	if at.request == 0 {
		slow.Delay = sandbox.Delay(20 * time.Millisecond)
	}
	s.Fault(slow)
	running, began := cli.Start(t, append(args, "-auto-approve", "-input=false")...), time.Now()
	done := make(chan struct{})
	go func() { defer close(done); running.Wait(t) }()
	comes := func() bool { return s.Faults()[0].Count >= at.request && time.Since(began) >= at.after }
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for waits := true; waits; {
		select {
		case <-done:
			waits = false
		case <-tick.C:
			waits = !comes() || signal(running)
		}
	}
	t.Logf("%s: after %s and %d requests the signal has come: %t",
		args[0], time.Since(began), s.Faults()[0].Count, comes())
	<-done
	acctest.Eventually(t, "the provider ends", func() bool { return len(providersOf(cli)) == 0 })
	acctest.Eventually(t, "the clouds have acted", func() bool {
		return !slices.ContainsFunc(s.Journal(), func(e sandbox.Entry) bool { return e.Status == 0 })
	})
	s.Fault()
}

// importID is the end of the import ID of an object: its own ID, or that of its source where the cloud has a single
// snapshot per source.
func importID(s *acctest.Sandbox, object string) string {
	name, id, _ := strings.Cut(object, " ")
	for _, x := range s.Inventory()[name].Snapshots {
		if x.SnapshotID == id && name == "hostinger" {
			id = x.SourceID
		}
	}
	return "/" + id + `"`
}

// restoreState restores the backup of a state that a CLI was writing when it ended, as SECURITY.md advises. Without a
// backup, there was no state before.
func restoreState(t *testing.T, cli *acctest.CLI) {
	t.Helper()
	if json.Valid([]byte(cli.State(t))) {
		return
	}
	state := filepath.Join(cli.Dir, "terraform.tfstate")
	backup, err := os.ReadFile(state + ".backup")
	if err != nil {
		err = os.RemoveAll(state)
	} else {
		t.Logf("the state is cut: %q", cli.State(t))
		err = os.WriteFile(state, backup, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// forget deletes an object that is in no state, as SECURITY.md advises.
func forget(t *testing.T, s *acctest.Sandbox, object string) {
	t.Helper()
	name, id, _ := strings.Cut(object, " ")
	cl, inventory := s.Cloud(t, name), s.Inventory()[name]
	err := error(nil)
	for _, x := range inventory.Snapshots {
		if x.SnapshotID == id {
			err = cl.DeleteSnapshot(t.Context(), driver.Ref{Location: x.Location, SourceID: x.SourceID, ObjectID: id})
		}
	}
	for _, x := range inventory.Sources {
		if x.SourceID == id {
			err = cl.DeleteVolume(t.Context(), driver.Ref{Location: x.Location, ObjectID: id})
		}
	}
	for _, x := range inventory.Images {
		if x.ImageID == id {
			err = cl.DeleteImage(t.Context(), driver.Ref{Location: x.Location, ObjectID: id})
		}
	}
	for _, x := range inventory.Templates {
		if x.TemplateID == id {
			err = cl.DeleteImage(t.Context(), driver.Ref{Location: x.Location, ObjectID: id})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A signal at any moment of an apply or a destroy loses no object where Terraform saves its state. After a second
// Ctrl-C and after kill -9 it does not save: what was under way can be in no state, and a person deletes it, and the
// state file can be cut, and a person restores it. Then the next apply converges without a second object, and a destroy
// leaves nothing, also if it is disturbed itself. CLOUDSNAP_SOAK_SEED chooses the moments.
func TestTFSignal_atAnyMoment(t *testing.T) {
	t.Parallel()
	seed, _ := strconv.ParseUint(os.Getenv("CLOUDSNAP_SOAK_SEED"), 10, 64)
	once := func(sig syscall.Signal, group bool) func(*testing.T) func(*acctest.Running) bool {
		return func(t *testing.T) func(*acctest.Running) bool {
			t.Helper()
			return func(r *acctest.Running) bool { r.Signal(t, sig, group); return false }
		}
	}
	for number, way := range []struct {
		name   string
		saves  bool
		signal func(t *testing.T) func(r *acctest.Running) bool
	}{
		{"Ctrl-C", true, once(syscall.SIGINT, true)},
		{"SIGTERM to the group", true, once(syscall.SIGTERM, true)},
		{"kill -9", false, once(syscall.SIGKILL, false)},
		{"Ctrl-C twice", false, func(t *testing.T) func(r *acctest.Running) bool {
			t.Helper()
			return func(r *acctest.Running) bool { r.Signal(t, syscall.SIGINT, true); return true }
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(number)))
			s := acctest.Start(t)
			before := s.Remaining()
			cli := acctest.NewCLI(t, s, everyType(t, s))
			inApply, inDestroy := moments(random, uint64(number)+seed)
			t.Logf("seed %d: the signals come at %s of the apply, and at %s of the destroy", seed, inApply, inDestroy)
			disturb(t, s, cli, inApply, way.signal(t), "apply")
			if !way.saves {
				restoreState(t, cli)
			}
			state := cli.State(t)
			for _, object := range without(s.Remaining(), before) {
				// The state of an apply that was ended properly has everything: the next apply makes no second one.
				if !way.saves && !strings.Contains(state, importID(s, object)) {
					forget(t, s, object)
				}
			}
			cli.Apply(t).MustSucceed(t)
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
			if made := without(s.Remaining(), before); len(made) != 8 {
				t.Errorf("there are %d new objects, want 8: %q and the state\n%s", len(made), made, cli.State(t))
			}
			disturb(t, s, cli, inDestroy, way.signal(t), "destroy")
			if !way.saves {
				restoreState(t, cli)
			}
			cli.Destroy(t).MustSucceed(t)
			left := s.Remaining()
			if more, fewer := without(left, before), without(before, left); len(more)+len(fewer) > 0 {
				t.Errorf("the destroy leaves %q, and has deleted %q of others", more, fewer)
			}
		})
	}
}

// without returns the elements of a list that are not in another one.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool { return slices.Contains(other, one) })
}
