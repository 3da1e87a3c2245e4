package cloudtest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// bench is one world with a client on it.
type bench struct {
	*testing.T
	World
	driver.Descriptor
	// cloud is the one under test; reopen makes others, as another process would.
	cloud   *cloud.Cloud
	harness Harness
	wire    *wire
	// seen is how many requests there were at the last mark.
	seen  int
	names int
}

func newBench(t *testing.T, h Harness, pace time.Duration) *bench {
	t.Helper()
	if !driver.Supports(h.Driver, driver.CapabilitySnapshot) {
		t.Skip("this cloud keeps no snapshots")
	}
	b := &bench{T: t, World: h.Start(t, pace), Descriptor: h.Driver.Descriptor(), harness: h}
	var secrets []string
	for _, f := range b.Fields {
		if f.Sensitive && b.Settings.Values[f.Name] != "" {
			secrets = append(secrets, b.Settings.Values[f.Name])
		}
	}
	own := &http.Transport{}
	transport := b.Settings.Transport
	if transport == nil {
		transport = own
	}
	b.wire = newWire(transport, secrets)
	b.Settings.Transport, b.Settings.Debug = b.wire, b.wire.debug
	// Pauses double with each try: a dozen of them take milliseconds.
	b.Settings.RetryWait = time.Microsecond
	b.cloud = b.reopen(b.Settings)
	t.Cleanup(func() {
		b.inspectWire()
		own.CloseIdleConnections()
	})
	return b
}

// inspectWire checks what holds for every request and every line of the log, whatever was tested.
func (b *bench) inspectWire() {
	b.wire.mu.Lock()
	agents, log := maps.Clone(b.wire.agents), slices.Clone(b.wire.log)
	b.wire.mu.Unlock()
	for agent, n := range agents {
		if agent != b.Settings.UserAgent {
			b.Errorf("%d requests have the User-Agent %q", n, agent)
		}
	}
	for _, line := range log {
		if secret, found := b.wire.leaked(line); found {
			b.Errorf("the log shows the secret %q: %s", secret, line)
		}
	}
}

// reopen makes a client that knows nothing of the others.
func (b *bench) reopen(settings driver.Settings) *cloud.Cloud {
	b.Helper()
	return b.reopenWith(settings, cloud.Options{PollInterval: time.Millisecond, Grace: 50 * time.Millisecond})
}

func (b *bench) reopenWith(settings driver.Settings, options cloud.Options) *cloud.Cloud {
	b.Helper()
	c, err := cloud.Open(b.harness.Driver, settings, options)
	if err != nil {
		b.Fatalf("open: %v", err)
	}
	return c
}

// sources returns those that can take so many snapshots more, the ones with nothing on them first. There may be none. A single slot takes any number,
// one after the other.
func (b *bench) sources(room int) []Source {
	b.Helper()
	var free, used []Source
	for _, s := range b.Sources() {
		taken := len(b.on(s))
		switch {
		case s.Slots == 0, s.Slots > 0 && s.Slots-taken < room && !b.Limits.SingleSlot:
		case taken == 0:
			free = append(free, s)
		default:
			used = append(used, s)
		}
	}
	return append(free, used...)
}

// source returns one that can take so many snapshots more.
func (b *bench) source(room int) Source {
	b.Helper()
	all := b.sources(room)
	if len(all) == 0 {
		b.Skipf("no source can take %d snapshots more", room)
	}
	return all[0]
}

// on lists what exists on a source.
func (b *bench) on(s Source) []string {
	b.Helper()
	var out []string
	for _, snap := range b.Snapshots() {
		if snap.SourceID == s.ID && snap.Location == s.Location {
			out = append(out, snap.ID)
		}
	}
	slices.Sort(out)
	return out
}

// spec asks for a snapshot of a source, with everything that the cloud takes.
func (b *bench) spec(s Source) driver.SnapshotSpec {
	spec := driver.SnapshotSpec{SourceID: s.ID, ReplaceExisting: b.Limits.SingleSlot}
	if b.Limits.Location == driver.LocationChosen {
		spec.Location = s.Location
	}
	if b.Limits.Name.Settable {
		b.names++
		spec.Name = fmt.Sprintf("conformance %d", b.names)
	}
	if b.Limits.MaxDescription > 0 {
		spec.Description = "Made by the conformance suite, keep me."
	}
	return spec
}

// create makes a snapshot and waits until nothing about it moves any more.
func (b *bench) create(c *cloud.Cloud, spec driver.SnapshotSpec) driver.Snapshot {
	b.Helper()
	made, operation, err := c.CreateSnapshot(b.Context(), spec)
	if err != nil {
		b.Fatalf("create: %v", err)
	}
	ready, err := c.WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{Remote: b.Limits.Remote})
	if err != nil {
		b.Fatalf("wait: %v", err)
	}
	return ready
}

// list lists a source's snapshots.
func (b *bench) list(c *cloud.Cloud, s Source) []driver.Snapshot {
	b.Helper()
	list, err := c.Snapshots(b.Context(), driver.SnapshotFilter{SourceID: s.ID, Location: b.spec(s).Location})
	if err != nil {
		b.Fatalf("list: %v", err)
	}
	return list
}

// warm makes a client's first exchange, so that it has its token and the cloud's time, and marks the end of it.
func (b *bench) warm(c *cloud.Cloud, s Source) {
	b.Helper()
	b.list(c, s)
	b.mark()
}

// mark forgets the requests so far.
func (b *bench) mark() {
	b.Helper()
	b.seen = len(b.Requests())
}

// changes are the requests since the mark that were no reads.
func (b *bench) changes() []Request {
	b.Helper()
	var out []Request
	for _, r := range b.Requests()[b.seen:] {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			out = append(out, r)
		}
	}
	return out
}

// sent counts the requests since the mark that a fault aims at.
func (b *bench) sent(aim Fault) int {
	b.Helper()
	path := regexp.MustCompile(aim.Path)
	n := 0
	for _, r := range b.Requests()[b.seen:] {
		if (aim.Method == "" || r.Method == aim.Method) && path.MatchString(r.Path) {
			n++
		}
	}
	return n
}

// createRequest learns in another world what a create on this source sends, and aims at it.
func (b *bench) createRequest(spec driver.SnapshotSpec) Fault {
	b.Helper()
	twin := b.twin()
	twin.warm(twin.cloud, Source{ID: spec.SourceID, Location: spec.Location})
	if _, _, err := twin.cloud.CreateSnapshot(b.Context(), spec); err != nil {
		b.Fatalf("create: %v", err)
	}
	return twin.only()
}

// deleteRequest learns in the same way what deleting the first snapshot on this source sends. IDs may differ from world to world, so it aims at
// the method.
func (b *bench) deleteRequest(spec driver.SnapshotSpec) Fault {
	b.Helper()
	twin := b.twin()
	made := twin.create(twin.cloud, spec)
	twin.mark()
	if err := twin.cloud.DeleteSnapshot(b.Context(), made.Ref()); err != nil {
		b.Fatalf("delete: %v", err)
	}
	return Fault{Method: twin.only().Method}
}

func (b *bench) twin() *bench {
	b.Helper()
	return newBench(b.T, b.harness, 0)
}

// only aims at the one change since the mark.
func (b *bench) only() Fault {
	b.Helper()
	changes := b.changes()
	if len(changes) != 1 {
		b.Fatalf("it took %d changes, not one: %v", len(changes), changes)
	}
	return Fault{Method: changes[0].Method, Path: "^" + regexp.QuoteMeta(changes[0].Path) + "$"}
}

// with makes a fault of what was aimed at.
func (f Fault) with(do string, from, to int) Fault {
	f.Do, f.From, f.To = do, from, to
	return f
}

// answering makes a fault that answers a status, from the first request to the one of that number; 0 is without end.
func (f Fault) answering(status, to int) Fault {
	f = f.with(DoStatus, 1, to)
	f.Status, f.Body = status, `{"message":"planted by the suite"}`
	f.Header = map[string]string{"Retry-After": "0"}
	return f
}

// failed wants an *cloud.Error of one of the kinds, without a secret in any text of its chain. It may be called from the test's goroutine only.
func (b *bench) failed(what string, err error, kinds ...driver.Kind) *driver.Error {
	b.Helper()
	var failure *driver.Error
	switch {
	case err == nil:
		b.Fatalf("%s: no error", what)
	case !errors.As(err, &failure):
		b.Fatalf("%s: not a *cloud.Error: %v", what, err)
	case !slices.Contains(kinds, failure.Kind):
		b.Fatalf("%s: the kind is %d, not one of %v: %v", what, failure.Kind, kinds, err)
	}
	if failure.Cloud != b.Name || failure.Op == "" || failure.Message == "" {
		b.Errorf("%s: incomplete error: %+v", what, failure)
	}
	texts := []string{failure.Message, failure.Hint, fmt.Sprintf("%+v", failure.Fields)}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		texts = append(texts, cause.Error())
	}
	if secret, found := b.wire.leaked(strings.Join(texts, "\n")); found {
		b.Errorf("%s: the secret %q is in an error text: %v", what, secret, err)
	}
	return failure
}

// absent makes an ID of the same form that nothing has.
func (b *bench) absent(id string, taken []string) string {
	b.Helper()
	tail := min(4, len(id))
	for _, digit := range "97531" {
		other := id[:len(id)-tail] + strings.Repeat(string(digit), tail)
		if other != id && !slices.Contains(taken, other) {
			return other
		}
	}
	b.Fatalf("no absent ID like %q", id)
	return ""
}
