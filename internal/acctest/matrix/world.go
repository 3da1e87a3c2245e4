package matrix

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// ourName is the name of the resource under test. The objects of others have it too, where the cloud permits it.
const ourName = "nightly"

// personsAgent is the User-Agent of people, whose requests meet no fault.
const personsAgent = "person"

// poll is the longest pause between two polls.
const poll = 15 * time.Second

// pageLimit is the largest page of a listing: so small that the objects of others fill one, and that listings go on
// after it. Where a source holds a single snapshot, the only pages are those of the actions at the source.
func pageLimit(d driver.Driver) int {
	if d.Descriptor().Limits.SingleSnapshot() {
		return 1
	}
	return 2
}

// world is the cloud of one cell with the resource under test and the objects of others.
type world struct {
	t    *recorder
	drv  driver.Driver
	box  *acctest.Sandbox
	wire *wire
	c    acctest.Case
	op   operation

	r      *prototest.Resource
	config prototest.Values
	// importID is the import ID of the resource before the operation, empty if there is none.
	importID string
	// want is the right answer of an operation that only answers.
	want answer
	// beside are resources that the run does not touch.
	beside []beside
	// others are the objects that are not of the resource under test, by kind and ID.
	others map[string]string
	// hasRival means that a person has created an object during the operation.
	hasRival bool

	// file has the state of the sandbox, if there is one.
	file string
	// process is the provider that runs.
	process *prototest.Provider
	stopped *atomic.Bool
	// failed means that a step of the run ended with an error.
	failed *atomic.Bool
	// texts are all diagnostics of the run under the fault.
	texts []string
	// urls are presigned URLs, which are secrets.
	urls []string
}

// newWorld starts a sandbox with one cloud, and creates the objects of others and the resource as it is before the
// operation.
func newWorld(t *recorder, d driver.Driver, op operation, latency time.Duration) *world {
	t.Helper()
	file := filepath.Join(t.TempDir(), "state.json")
	w := openWorld(t, d, op, sandboxtest.WithLatency(latency), sandboxtest.WithStateFile(file))
	w.file = file
	w.makeOthers()
	if op.prepare != nil {
		op.prepare(w)
	}
	w.start()
	w.config, w.others = op.config(w), w.objects()
	switch {
	case op.answers():
		w.want = w.wanted()
	case op.verb != invoke:
		w.makeOurs()
	}
	w.texts = nil
	return w
}

// makeOurs creates the resource as it is before the operation.
func (w *world) makeOurs() {
	t := w.t
	if w.r = w.process.Resource(t, w.op.typeName); w.op.verb == create {
		return
	}
	w.r.Apply(t, w.r.Plan(t, w.config)).MustSucceed(t)
	w.r.Refresh(t).MustSucceed(t)
	w.importID, _ = w.r.Values(t)["id"].(string)
	if w.op.importID != nil {
		w.importID = w.op.importID(w, w.r.Values(t))
	}
	if w.op.verb == imports {
		w.r = w.process.Resource(t, w.op.typeName)
	}
}

// openWorld starts a sandbox with one cloud.
func openWorld(t *recorder, d driver.Driver, op operation, options ...sandboxtest.Option) *world {
	t.Helper()
	w := &world{
		t: t, drv: d, op: op, wire: &wire{counts: map[call]int{}}, stopped: &atomic.Bool{}, failed: &atomic.Bool{},
	}
	options = append(options, sandboxtest.WithPageLimit(pageLimit(d)))
	w.box = acctest.StartInProcess(t, d, func(next http.RoundTripper) http.RoundTripper {
		w.wire.next = next
		return w.wire
	}, options...)
	w.c = w.box.Case(t, d.Descriptor().Name)
	return w
}

// scene is a world before the operation. All cells of an operation begin with it, and only the first one makes it.
type scene struct {
	*world

	// state is that of the sandbox, and at is the time.
	state []byte
	at    time.Time
}

// keep returns the world as a scene.
func (w *world) keep() *scene {
	w.box.ClearJournal() // The sandbox saves what reads have changed.
	state, err := os.ReadFile(w.file)
	if err != nil {
		w.t.Fatal(err)
	}
	kept := *w
	kept.config, kept.beside = maps.Clone(w.config), copies(w.beside)
	if w.r != nil {
		kept.r = w.r.Copy(nil)
	}
	return &scene{world: &kept, state: state, at: time.Now()}
}

// copies copies resources without their process.
func copies(list []beside) []beside {
	out := slices.Clone(list)
	for i, one := range out {
		out[i].r = one.r.Copy(nil)
	}
	return out
}

// open starts a sandbox with the objects of the scene.
func (s *scene) open(t *recorder, d driver.Driver, latency time.Duration) *world {
	t.Helper()
	<-time.After(time.Until(s.at))
	w := openWorld(t, d, s.op, sandboxtest.WithLatency(latency), sandboxtest.WithState(s.state))
	w.config, w.importID, w.others, w.want = maps.Clone(s.config), s.importID, s.others, s.want
	w.c.Sources = s.c.Sources
	w.beside = copies(s.beside)
	w.start()
	if s.r != nil {
		w.r = s.r.Copy(w.process)
	}
	return w
}

// start starts a process of the provider, as the next command of a CLI does.
func (w *world) start() {
	w.process = prototest.Start(w.t, w.box, prototest.Values{"poll_interval": poll.String()})
	if w.r != nil {
		w.r.MoveTo(w.process)
	}
}

// takeSnapshot creates a snapshot as a person does, and waits for it. It has the name of the resource under test.
func (w *world) takeSnapshot(source driver.Ref) (driver.Snapshot, error) {
	cl := w.person()
	spec := driver.SnapshotSpec{SourceID: source.SourceID, Location: source.Location}
	if w.c.Limits.Snapshot["name"].Settable() {
		spec.Name = ourName
	}
	made, operation, err := cl.CreateSnapshot(w.t.Context(), spec)
	if err != nil {
		return made, err
	}
	return cl.WaitSnapshot(w.t.Context(), made, operation, driver.ReadyWhen{})
}

// person is a client of the cloud beside Terraform.
func (w *world) person() *cloud.Cloud {
	d := w.box.Drivers()[0]
	settings := w.box.Settings(d)
	settings.RetryWait, settings.UserAgent = time.Second, personsAgent
	cl, err := cloud.Open(d, settings, cloud.Options{PollInterval: poll})
	if err != nil {
		w.t.Fatal(err)
	}
	return cl
}

// makeRoom deletes the snapshots of a source.
func (w *world) makeRoom(source driver.Ref) {
	cl := w.person()
	for _, snap := range w.box.Inventory()[w.c.Name].Snapshots {
		ref := driver.Ref{Location: snap.Location, SourceID: snap.SourceID, ObjectID: snap.SnapshotID}
		if snap.SourceID != source.SourceID {
			continue
		}
		if err := cl.DeleteSnapshot(w.t.Context(), ref); err != nil {
			w.t.Fatal(err)
		}
	}
}

// room is how many snapshots a source still takes.
func (w *world) room(of driver.Ref) int {
	inventory, room := w.box.Inventory()[w.c.Name], 0
	for _, s := range inventory.Sources {
		if s.SourceID == of.SourceID && s.Location == of.Location || of.Location == "" && s.SourceID == of.SourceID {
			if room = s.Slots; room < 0 {
				return 1 << 20
			}
		}
	}
	for _, s := range inventory.Snapshots {
		if s.SourceID == of.SourceID {
			room--
		}
	}
	return room
}

// objects lists everything at the cloud with what must not change, by kind and ID.
func (w *world) objects() map[string]string {
	out, inventory := map[string]string{}, w.box.Inventory()[w.c.Name]
	for _, s := range inventory.Snapshots {
		out["snapshot "+s.SnapshotID] = fmt.Sprint(s.Name, " of ", s.SourceID, " at ", s.CreatedAt)
	}
	for _, s := range inventory.Images {
		out["image "+s.ImageID] = s.Name
	}
	for _, s := range inventory.Templates {
		out["template "+s.TemplateID] = s.Name
	}
	for _, s := range inventory.Sources {
		out["source "+s.SourceID] = s.Name
	}
	return out
}

// ours lists the objects that did not exist before the resource, sorted.
func (w *world) ours() []string {
	var out []string
	for name := range maps.Keys(w.objects()) {
		if _, other := w.others[name]; !other {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// idOf is the ID in the name of an object.
func idOf(object string) string {
	_, id, _ := strings.Cut(object, " ")
	return id
}
