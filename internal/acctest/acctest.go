// Package acctest runs the provider against the sandbox through a real Terraform or OpenTofu: in-process stories with
// terraform-plugin-testing, and a CLI in a directory of its own where warnings, logs or interrupts matter.
package acctest

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// Sandbox is a sandbox with a list of clouds, for one test.
type Sandbox struct {
	*sandboxtest.Sandbox
	t       testing.TB
	drivers []driver.Driver
	// hidden are the variables that the provider does not see.
	hidden []string
}

// Start runs a sandbox with every cloud of the list until the test ends.
func Start(t testing.TB, options ...sandboxtest.Option) *Sandbox {
	t.Helper()
	return StartWith(t, Drivers(), options...)
}

// StartWith runs a sandbox with other clouds.
func StartWith(t testing.TB, drivers []driver.Driver, options ...sandboxtest.Option) *Sandbox {
	t.Helper()
	return &Sandbox{Sandbox: sandboxtest.Start(t, drivers, options...), t: t, drivers: drivers}
}

// Getenv is the environment that the sandbox prints, without this process's own.
func (s *Sandbox) Getenv(name string) string {
	for _, v := range s.Environment() {
		if v.Name == name && !slices.Contains(s.hidden, name) {
			return v.Value
		}
	}
	return ""
}

// Only is the same sandbox, in an environment with the settings of one cloud, and without a default location.
func (s *Sandbox) Only(name string) *Sandbox {
	out := &Sandbox{Sandbox: s.Sandbox, t: s.t, drivers: s.drivers}
	for _, drv := range s.drivers {
		d := drv.Descriptor()
		for _, f := range d.Fields {
			if d.Name != name || f.Name == d.Limits.LocationField {
				out.hidden = append(out.hidden, f.Env...)
			}
		}
	}
	return out
}

// Providers are the factories that a story hands to terraform-plugin-testing. The clouds are configured by the
// sandbox's environment.
func (s *Sandbox) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	s.t.Helper()
	checkName(s.t)
	return map[string]func() (tfprotov6.ProviderServer, error){"cloudsnap": s.Server}
}

// Server is the server of the provider for a test without a CLI. The clouds are configured by the sandbox's
// environment.
func (s *Sandbox) Server() (tfprotov6.ProviderServer, error) {
	return providerserver.NewProtocol6WithError(provider.New("test", s.drivers, s.Getenv)())()
}

// checkName fails a test that uses a CLI and has another name than those that make testtf runs on each CLI.
func checkName(t testing.TB) {
	t.Helper()
	if name := t.Name(); !usesCLI(name) {
		t.Fatalf("%s uses a CLI, so its name must begin with TestTF", name)
	}
}

// usesCLI reports whether a test with this name uses a CLI.
func usesCLI(test string) bool {
	return strings.HasPrefix(test, "TestTF") || strings.HasPrefix(test, "BenchmarkTF")
}

// ProviderConfig makes waiting quick.
const ProviderConfig = "provider \"cloudsnap\" {\n  poll_interval = \"1ms\"\n}\n"

// Requests are the journal's entries of one cloud, without those that fetch credentials.
func (s *Sandbox) Requests(name string) []sandbox.Entry {
	return slices.DeleteFunc(s.Journal(), func(e sandbox.Entry) bool {
		return e.Cloud != name || strings.HasSuffix(e.Path, "/token")
	})
}

// Count counts the requests to one cloud by method.
func (s *Sandbox) Count(name, method string) int {
	n := 0
	for _, e := range s.Requests(name) {
		if e.Method == method {
			n++
		}
	}
	return n
}

// Mutations counts the requests to one cloud that are not reads.
func (s *Sandbox) Mutations(name string) int {
	return len(slices.DeleteFunc(s.Requests(name), func(e sandbox.Entry) bool { return e.Method == http.MethodGet }))
}

// driver finds a driver by the name of its cloud.
func (s *Sandbox) driver(t testing.TB, name string) driver.Driver {
	t.Helper()
	for _, d := range s.drivers {
		if d.Descriptor().Name == name {
			return d
		}
	}
	t.Fatalf("there is no cloud %q", name)
	return nil
}

// Cloud opens a cloud beside Terraform, to read or change its objects behind Terraform's back.
func (s *Sandbox) Cloud(t testing.TB, name string) *cloud.Cloud {
	t.Helper()
	d := s.driver(t, name)
	cl, err := cloud.Open(d, s.Settings(d), cloud.Options{PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return cl
}

// SnapshotIDs are the snapshots that a cloud has now.
func (s *Sandbox) SnapshotIDs(name string) []string {
	var ids []string
	for _, snap := range s.Inventory()[name].Snapshots {
		ids = append(ids, snap.SnapshotID)
	}
	return ids
}

// Remaining returns the IDs of all sources, snapshots, images and templates that exist at any cloud. A volume that was
// created from a snapshot is a source.
func (s *Sandbox) Remaining() []string {
	var ids []string
	for name, lists := range s.Inventory() {
		for _, x := range lists.Sources {
			ids = append(ids, name+" "+x.SourceID)
		}
		for _, x := range lists.Snapshots {
			ids = append(ids, name+" "+x.SnapshotID)
		}
		for _, x := range lists.Images {
			ids = append(ids, name+" "+x.ImageID)
		}
		for _, x := range lists.Templates {
			ids = append(ids, name+" "+x.TemplateID)
		}
	}
	return ids
}

// Case is one cloud as a story sees it.
type Case struct {
	driver.Descriptor
	// Driver is the driver of the cloud.
	Driver driver.Driver
	// Sources are at least two sources that can take a snapshot now, all in one location where the cloud has locations.
	Sources []driver.Ref
}

// EachCloud runs a story for every cloud of the list that has a capability, each in a sandbox of its own. A story that
// uses no CLI runs on a fake clock, so it does not depend on the speed of the machine.
func EachCloud(
	t *testing.T, capability driver.Capability, story func(t *testing.T, s *Sandbox, c Case),
	options ...sandboxtest.Option,
) {
	t.Helper()
	EachCloudWhere(t, capability, func(driver.Driver) bool { return true }, story, options...)
}

// selectClouds returns the clouds of a test: all, but with -short one for a story that uses a CLI, which its name
// selects. What differs between two CLIs does not depend on the cloud, so one CLI with all clouds is enough.
func selectClouds(able []driver.Driver, test string, short bool) []driver.Driver {
	if !short || len(able) == 0 || !usesCLI(test) {
		return able
	}
	one := 0
	for _, letter := range test {
		one += int(letter)
	}
	one %= len(able)
	return able[one : one+1]
}

// WhereLimits is a condition of EachCloudWhere on the limits of a cloud.
func WhereLimits(applies func(l driver.Limits) bool) func(driver.Driver) bool {
	return func(d driver.Driver) bool { return applies(d.Descriptor().Limits) }
}

// EachCloudWhere is EachCloud without the clouds for which the story means nothing: they get no subtest.
func EachCloudWhere(
	t *testing.T, capability driver.Capability, applies func(driver.Driver) bool,
	story func(t *testing.T, s *Sandbox, c Case), options ...sandboxtest.Option,
) {
	t.Helper()
	able := slices.DeleteFunc(Supporting(capability), func(d driver.Driver) bool { return !applies(d) })
	for _, d := range selectClouds(able, t.Name(), testing.Short()) {
		name := d.Descriptor().Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if usesCLI(t.Name()) {
				s := Start(t, options...)
				story(t, s, s.Case(t, name))
				return
			}
			inBubble(t, func(t *testing.T) {
				t.Helper()
				s := startInProcess(t, Drivers(), options...)
				story(t, s, s.Case(t, name))
			})
		})
	}
}

// Case finds the sources of a cloud that a story may use: those with room, the most room first.
func (s *Sandbox) Case(t testing.TB, name string) Case {
	t.Helper()
	cl := s.Cloud(t, name)
	inventory := s.Inventory()[name]
	room := map[string]int{}
	for _, src := range inventory.Sources {
		if room[src.SourceID] = src.Slots; src.Slots < 0 {
			room[src.SourceID] = math.MaxInt
		}
	}
	for _, snap := range inventory.Snapshots {
		room[snap.SourceID]--
	}
	out := Case{Descriptor: cl.Descriptor, Driver: unwrap(s.driver(t, name))}
	for _, src := range inventory.Sources {
		if room[src.SourceID] <= 0 && !cl.Limits.SingleSnapshot() {
			continue
		}
		if cl.Limits.Location.Settable() && len(out.Sources) > 0 && out.Sources[0].Location != src.Location {
			continue
		}
		ref := driver.Ref{SourceID: src.SourceID}
		if cl.Limits.Location.Settable() {
			ref.Location = src.Location
		}
		out.Sources = append(out.Sources, ref)
	}
	slices.SortStableFunc(
		out.Sources,
		func(a, b driver.Ref) int { return cmp.Compare(room[b.SourceID], room[a.SourceID]) },
	)
	if len(out.Sources) < 2 {
		t.Fatalf("the sandbox's %s has %d usable sources, a story needs two", name, len(out.Sources))
	}
	return out
}

// HCL writes cloudsnap_snapshot.NAME for a source, with the attributes that this cloud requires and extra lines.
func (c Case) HCL(resourceName string, source driver.Ref, extra ...string) string {
	lines := []string{fmt.Sprintf("cloud = %q", c.Name), fmt.Sprintf("source_id = %q", source.SourceID)}
	if source.Location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", source.Location))
	}
	if c.Limits.Snapshot["name"].Support == driver.Required &&
		!slices.ContainsFunc(extra, func(l string) bool { return strings.HasPrefix(l, "name ") }) {
		lines = append(lines, fmt.Sprintf("name = %q", "story "+resourceName))
	}
	lines = append(lines, extra...)
	return fmt.Sprintf("resource \"cloudsnap_snapshot\" %q {\n  %s\n}\n", resourceName, strings.Join(lines, "\n  "))
}

// TestMain keeps the user's own CLI settings out of the stories, and says loudly on which CLI they run.
func TestMain(m *testing.M) int {
	for name, value := range map[string]string{"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.DevNull} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built) // The folder for temporary files keeps what is left.
	}
	return code
}

// Drivers returns the clouds of the tests: one more than the product has.
func Drivers() []driver.Driver { return clouds.Drivers() }

// Supporting returns the clouds of the tests that have a capability.
func Supporting(capability driver.Capability) []driver.Driver {
	return slices.DeleteFunc(Drivers(), func(d driver.Driver) bool { return !driver.Supports(d, capability) })
}

// StartInProcess runs a sandbox without a listener, with one cloud. Its clients send their requests through the
// transport that wrap returns for the transport of the sandbox.
func StartInProcess(
	t testing.TB, d driver.Driver, wrap func(http.RoundTripper) http.RoundTripper, options ...sandboxtest.Option,
) *Sandbox {
	t.Helper()
	box := startInProcess(t, []driver.Driver{d}, options...)
	return box.Through(wrap(box.Transport()))
}

func startInProcess(t testing.TB, drivers []driver.Driver, options ...sandboxtest.Option) *Sandbox {
	t.Helper()
	box := &Sandbox{Sandbox: sandboxtest.StartInProcess(t, drivers, options...), t: t, drivers: drivers}
	return box.Through(box.Transport())
}
