package drivertest

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

// env is the environment of one test: a simulated cloud and a client of it.
type env struct {
	*testing.T
	Simulation
	driver.Descriptor
	// cloud is the client under test. reopen opens others, as another process does.
	cloud    *cloud.Cloud
	harness  Harness
	recorder *recorder
	// counted is the number of requests at the last startCounting.
	counted int
	names   int
}

func newEnv(t *testing.T, h Harness, latency time.Duration) *env {
	t.Helper()
	if !driver.Supports(h.Driver, driver.CapabilitySnapshot) {
		t.Fatal("the driver keeps no snapshots")
	}
	e := &env{T: t, Simulation: h.Start(t, latency), Descriptor: h.Driver.Descriptor(), harness: h}
	var secrets []string
	for _, f := range e.Fields {
		if f.Sensitive && e.Settings.Values[f.Name] != "" {
			secrets = append(secrets, e.Settings.Values[f.Name])
		}
	}
	own := &http.Transport{}
	transport := e.Settings.Transport
	if transport == nil {
		transport = own
	}
	e.recorder = newRecorder(transport, secrets)
	e.Settings.Transport, e.Settings.Debug = e.recorder, e.recorder.debug
	// Pauses double with each attempt: a dozen of them take milliseconds.
	e.Settings.RetryWait = time.Microsecond
	e.cloud = e.reopen(e.Settings)
	t.Cleanup(func() {
		e.checkRecorded()
		own.CloseIdleConnections()
	})
	return e
}

// checkRecorded checks the User-Agent of all requests, and that no line of the log holds a secret.
func (e *env) checkRecorded() {
	e.recorder.mu.Lock()
	agents, log := maps.Clone(e.recorder.agents), slices.Clone(e.recorder.log)
	e.recorder.mu.Unlock()
	for agent, n := range agents {
		if agent != e.Settings.UserAgent {
			e.Errorf("%d requests have the User-Agent %q", n, agent)
		}
	}
	for _, line := range log {
		if secret, found := e.recorder.leaked(line); found {
			e.Errorf("the log shows the secret %q: %s", secret, line)
		}
	}
}

// reopen opens a client that shares nothing with the others.
func (e *env) reopen(settings driver.Settings) *cloud.Cloud {
	e.Helper()
	return e.reopenWith(settings, cloud.Options{PollInterval: time.Millisecond, Grace: 50 * time.Millisecond})
}

func (e *env) reopenWith(settings driver.Settings, options cloud.Options) *cloud.Cloud {
	e.Helper()
	c, err := cloud.Open(e.harness.Driver, settings, options)
	if err != nil {
		e.Fatalf("open: %v", err)
	}
	return c
}

// sources returns the sources that can hold that many more snapshots, those without any snapshot first. There may be
// none. A source with a single snapshot takes any number, one after the other.
func (e *env) sources(room int) []Source {
	e.Helper()
	var free, used []Source
	for _, s := range e.Sources() {
		taken := len(e.snapshotsOf(s))
		switch {
		case s.Slots == 0, s.Slots > 0 && s.Slots-taken < room && !e.Limits.SingleSnapshot():
		case taken == 0:
			free = append(free, s)
		default:
			used = append(used, s)
		}
	}
	return append(free, used...)
}

// source returns a source that can hold that many more snapshots.
func (e *env) source(room int) Source {
	e.Helper()
	all := e.sources(room)
	if len(all) == 0 {
		e.Fatalf("no source can take %d snapshots more", room)
	}
	return all[0]
}

// twoSources returns two sources that can hold another snapshot.
func (e *env) twoSources() (one, two Source) {
	e.Helper()
	all := e.sources(1)
	if len(all) < 2 {
		e.Fatal("the simulated cloud has fewer than two sources to choose from")
	}
	return all[0], all[1]
}

// limitedSources returns the sources that hold a limited number of snapshots, and can hold another one.
func (e *env) limitedSources() []Source {
	e.Helper()
	return slices.DeleteFunc(e.sources(1), func(s Source) bool { return s.Slots < 1 })
}

// unlimitedSources returns the sources that hold any number of snapshots.
func (e *env) unlimitedSources() []Source {
	e.Helper()
	return slices.DeleteFunc(e.Sources(), func(s Source) bool { return s.Slots >= 0 })
}

// absentSource returns an ID of the form of a source that no source has.
func (e *env) absentSource(like Source) string {
	e.Helper()
	var taken []string
	for _, s := range e.Sources() {
		taken = append(taken, s.ID)
	}
	return e.absentID(like.ID, taken)
}

// snapshotsOf lists the IDs of the snapshots of a source, as the cloud has them.
func (e *env) snapshotsOf(s Source) []string {
	e.Helper()
	var out []string
	for _, snap := range e.Snapshots() {
		if snap.SourceID == s.ID && snap.Location == s.Location {
			out = append(out, snap.ID)
		}
	}
	slices.Sort(out)
	return out
}

// spec returns the spec of a snapshot of a source, with every attribute that the cloud takes.
func (e *env) spec(s Source) driver.SnapshotSpec {
	spec := driver.SnapshotSpec{SourceID: s.ID, ReplaceExisting: e.Limits.SingleSnapshot()}
	if e.Limits.Location.Settable() {
		spec.Location = s.Location
	}
	if e.Limits.Snapshot["name"].Settable() {
		e.names++
		spec.Name = fmt.Sprintf("conformance %d", e.names)
	}
	if e.Limits.Snapshot["description"].Settable() {
		spec.Description = "Made by the conformance suite, keep me."
	}
	return spec
}

// create creates a snapshot and waits until it no longer changes.
func (e *env) create(c *cloud.Cloud, spec driver.SnapshotSpec) driver.Snapshot {
	e.Helper()
	made, operation, err := c.CreateSnapshot(e.Context(), spec)
	if err != nil {
		e.Fatalf("create: %v", err)
	}
	ready, err := c.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{Remote: e.Limits.MovesToRemote()})
	if err != nil {
		e.Fatalf("wait: %v", err)
	}
	return ready
}

// list lists a source's snapshots.
func (e *env) list(c *cloud.Cloud, s Source) []driver.Snapshot {
	e.Helper()
	list, err := c.Snapshots(e.Context(), driver.SnapshotFilter{SourceID: s.ID, Location: e.spec(s).Location})
	if err != nil {
		e.Fatalf("list: %v", err)
	}
	return list
}

// warmUp lists snapshots, so that the client has its token and the cloud's time, and starts counting.
func (e *env) warmUp(c *cloud.Cloud, s Source) {
	e.Helper()
	filter := driver.SnapshotFilter{SourceID: s.ID, Location: e.spec(s).Location}
	// No read shares this listing.
	if _, err := driver.Collect(c.ListSnapshots(e.Context(), filter)); err != nil {
		e.Fatalf("list: %v", err)
	}
	e.startCounting()
}

// startCounting excludes the requests so far from changes, sent and onlyChange.
func (e *env) startCounting() {
	e.Helper()
	e.counted = len(e.Requests())
}

// changes returns the counted requests that are not reads.
func (e *env) changes() []Request {
	e.Helper()
	var out []Request
	for _, r := range e.Requests()[e.counted:] {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			out = append(out, r)
		}
	}
	return out
}

// sent returns how many counted requests match the method and the path of a fault.
func (e *env) sent(target Fault) int {
	e.Helper()
	path := regexp.MustCompile(target.Path)
	n := 0
	for _, r := range e.Requests()[e.counted:] {
		if (target.Method == "" || r.Method == target.Method) && path.MatchString(r.Path) {
			n++
		}
	}
	return n
}

// createRequest returns the target of the request that a create on this source sends. It watches one in a dry run.
func (e *env) createRequest(spec driver.SnapshotSpec) Fault {
	e.Helper()
	dry := e.dryRun()
	dry.warmUp(dry.cloud, Source{ID: spec.SourceID, Location: spec.Location})
	if _, _, err := dry.cloud.CreateSnapshot(e.Context(), spec); err != nil {
		e.Fatalf("create: %v", err)
	}
	return dry.onlyChange()
}

// deleteRequest does the same for the deletion of the first snapshot of this source. IDs may differ between
// simulations, so the target is the method alone.
func (e *env) deleteRequest(spec driver.SnapshotSpec) Fault {
	e.Helper()
	dry := e.dryRun()
	made := dry.create(dry.cloud, spec)
	dry.startCounting()
	if err := dry.cloud.DeleteSnapshot(e.Context(), made.Ref()); err != nil {
		e.Fatalf("delete: %v", err)
	}
	return Fault{Method: dry.onlyChange().Method}
}

// dryRun returns another simulation of the same cloud.
func (e *env) dryRun() *env {
	e.Helper()
	return newEnv(e.T, e.harness, 0)
}

// onlyChange returns the target of the one counted change. Any other number ends the test.
func (e *env) onlyChange() Fault {
	e.Helper()
	changes := e.changes()
	if len(changes) != 1 {
		e.Fatalf("it took %d changes, not one: %v", len(changes), changes)
	}
	return Fault{Method: changes[0].Method, Path: "^" + regexp.QuoteMeta(changes[0].Path) + "$"}
}

// with returns a fault for a target.
func (f Fault) with(do string, from, to int) Fault {
	f.Do, f.From, f.To = do, from, to
	return f
}

// responding returns a fault that responds with a status, up to the request of that number; 0 means without end.
func (f Fault) responding(status, to int) Fault {
	f = f.with(DoStatus, 1, to)
	f.Status, f.Body = status, `{"message":"planted by the suite"}`
	f.Header = map[string]string{"Retry-After": "0"}
	return f
}

// wantError expects a *driver.Error of one of the kinds, without a secret in any text of its chain, and returns it.
// Call it from the test's goroutine only.
func (e *env) wantError(what string, err error, kinds ...driver.Kind) *driver.Error {
	e.Helper()
	var failure *driver.Error
	switch {
	case err == nil:
		e.Fatalf("%s: no error", what)
	case !errors.As(err, &failure):
		e.Fatalf("%s: not a *driver.Error: %v", what, err)
	case !slices.Contains(kinds, failure.Kind):
		e.Fatalf("%s: the kind is %d, not one of %v: %v", what, failure.Kind, kinds, err)
	}
	if failure.Cloud != e.Name || failure.Op == "" || failure.Message == "" {
		e.Errorf("%s: incomplete error: %+v", what, failure)
	}
	texts := []string{failure.Message, failure.Hint, fmt.Sprintf("%+v", failure.Fields)}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		texts = append(texts, cause.Error())
	}
	if secret, found := e.recorder.leaked(strings.Join(texts, "\n")); found {
		e.Errorf("%s: the secret %q is in an error text: %v", what, secret, err)
	}
	return failure
}

// absentID returns an ID of the same form that no object has.
func (e *env) absentID(id string, taken []string) string {
	e.Helper()
	tail := min(4, len(id))
	for _, digit := range "97531" {
		other := id[:len(id)-tail] + strings.Repeat(string(digit), tail)
		if other != id && !slices.Contains(taken, other) {
			return other
		}
	}
	e.Fatalf("no absent ID like %q", id)
	return ""
}
