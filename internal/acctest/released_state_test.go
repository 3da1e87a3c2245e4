package acctest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// releases has a folder per release. In it, a folder per story has the configuration, and a folder per CLI with the
// state as this CLI wrote it and with the objects of the sandbox. They are never changed: users have such states.
const releases = "testdata/releases"

// envRecord is the release whose states are recorded, on the CLI at hand, before all are planned: `make record-state`.
const envRecord = "CLOUDSNAP_RECORD_STATE"

// releasedStories are what the folders of a release are called.
var releasedStories = map[string]releasedStory{
	"settled": {record: recordSettled, check: checkSettled},
	// A wait that ends within the recording would leave no private data.
	"interrupted": {latency: time.Hour, record: recordInterrupted, check: checkInterrupted},
}

// releasedStory records the state of an apply, and checks what today's provider does with it.
type releasedStory struct {
	latency time.Duration
	record  func(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI)
	check   func(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI)
}

// world is the state file of a sandbox, with the time at which it was recorded.
type world struct {
	Recorded time.Time                  `json:"recorded"`
	Offset   string                     `json:"offset"`
	Clouds   map[string]json.RawMessage `json:"clouds"`
}

// Today's provider reads every state that a release of it has written, whichever CLI wrote it, and has nothing to do.
func TestTFReleasedState_isUpgraded(t *testing.T) {
	t.Parallel()
	if release := os.Getenv(envRecord); release != "" {
		record(t, release)
	}
	for _, file := range recordedStates(t) {
		dir := filepath.Dir(file)
		story := releasedStories[filepath.Base(filepath.Dir(dir))]
		if story.check == nil {
			t.Errorf("%s is of no story", dir)
			continue
		}
		t.Run(strings.TrimPrefix(filepath.ToSlash(dir), releases+"/"), func(t *testing.T) {
			t.Parallel()
			s := acctest.StartWith(
				t, all.Drivers(), sandboxtest.WithState(continued(t, filepath.Join(dir, "world.json"))),
				sandboxtest.WithLatency(story.latency),
			)
			cli := acctest.NewCLI(t, s, "")
			cli.WriteWhole(t, readFile(t, filepath.Join(dir, "..", "main.tf")))
			cli.WriteFile(t, "terraform.tfstate", readFile(t, file))
			takeOver(t, cli, file)
			story.check(t, s, cli)
		})
	}
}

// record writes the states of a release on the CLI at hand, and the sandboxes that they belong to.
func record(t *testing.T, release string) {
	t.Helper()
	for name, story := range releasedStories {
		t.Run("record "+name, func(t *testing.T) {
			dir := filepath.Join(releases, release, name)
			main := readFile(t, filepath.Join(dir, "main.tf"))
			file := filepath.Join(t.TempDir(), "world.json")
			s := acctest.StartWith(
				t, all.Drivers(), sandboxtest.WithStateFile(file), sandboxtest.WithLatency(story.latency),
			)
			// The machine whose restore requires it.
			s.SetSourceState("c1000000-0000-4000-8000-000000000009", "stopped")
			cli := acctest.NewCLI(t, s, "")
			cli.WriteWhole(t, main)
			if dir = filepath.Join(dir, cliName(t, cli)); exists(dir) {
				t.Fatalf("%s is recorded. Delete it, unless the release is out", dir)
			}
			story.record(t, s, cli)
			s.Stop()
			var saved world
			decode(t, readFile(t, file), &saved)
			saved.Recorded = time.Now().UTC().Truncate(time.Second)
			content, err := json.Marshal(saved)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range map[string]string{"state.json": cli.State(t), "world.json": string(content) + "\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func recordSettled(t *testing.T, _ *acctest.Sandbox, cli *acctest.CLI) {
	t.Helper()
	cli.Apply(t).MustSucceed(t)
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}

func checkSettled(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI) {
	t.Helper()
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	for name := range s.Inventory() {
		if n := s.Mutations(name); n != 0 {
			t.Errorf("the plan sent %d writes to %s", n, name)
		}
	}
	// A delete needs what the state has of an object.
	cli.Destroy(t).MustSucceed(t)
}

func recordInterrupted(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI) {
	t.Helper()
	running := cli.Start(t, "apply", "-auto-approve", "-input=false")
	acctest.Eventually(t, "the waits begin", func() bool {
		return s.Count("exoscale", "POST") > 1 && s.Count("hostinger", "POST") > 0 && len(s.Journal()) > 40
	})
	running.Signal(t, syscall.SIGINT, true)
	running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting")
	if !strings.Contains(cli.State(t), `"private": "`) {
		t.Fatal("the state has no private data")
	}
}

// takeOver makes a state of OpenTofu one of Terraform, if that is the CLI at hand: its provider comes from another
// registry. OpenTofu takes over a state of Terraform by itself.
func takeOver(t *testing.T, cli *acctest.CLI, file string) {
	t.Helper()
	writer := filepath.Base(filepath.Dir(file))
	if !strings.HasPrefix(writer, "opentofu") || !strings.HasPrefix(cliName(t, cli), "terraform") {
		return
	}
	const heading = "terraform init looks for the provider in another registry"
	follow(t, cli.Terminal(t), under(readGuide(t, "troubleshooting.md"), heading)).
		MustSay(t, "Successfully replaced provider")
}

// checkInterrupted lets the next apply wait for the operations, which end in the middle of it.
func checkInterrupted(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI) {
	t.Helper()
	done := cli.Start(t, "apply", "-auto-approve", "-input=false").Done(t)
	acctest.Eventually(t, "the waits continue", func() bool { return len(s.Journal()) > 60 || len(done) > 0 })
	s.Advance(2 * time.Hour)
	(<-done).MustSucceed(t).MustSay(t, "0 added, 3 changed, 0 destroyed")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	for name := range s.Inventory() {
		if n := s.Mutations(name); n != 0 {
			t.Errorf("the apply sent %d writes to %s", n, name)
		}
	}
}

// continued returns the state file of a sandbox whose clock continues from the time of the recording.
func continued(t *testing.T, file string) []byte {
	t.Helper()
	var saved world
	decode(t, readFile(t, file), &saved)
	offset, err := time.ParseDuration(saved.Offset)
	if err != nil {
		t.Fatal(err)
	}
	saved.Offset = (offset - time.Since(saved.Recorded)).String()
	content, err := json.Marshal(saved)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// A schema version that a release has, or is about to have, needs a recorded state. Otherwise no test would show that
// the provider cannot read it.
func TestReleasedState_hasEverySchemaVersion(t *testing.T) {
	server := providerserver.NewProtocol6(provider.New("test", all.Drivers(), func(string) string { return "" })())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]int64{}
	for name, schema := range schemas.ResourceSchemas {
		newest["schema of "+name] = schema.Version
	}
	for name, schema := range identities.IdentitySchemas {
		newest["identity of "+name] = schema.Version
	}
	if len(newest) == 0 {
		t.Fatal("the provider has no resources")
	}
	for _, lacking := range missingVersions(newest, recordedVersions(t)) {
		t.Errorf("no state of a release has the %s: record one with `make record-state STATE_RELEASE=X.Y.0` on each CLI",
			lacking)
	}
}

func TestMissingVersions(t *testing.T) {
	recorded := map[string][]int64{"schema of a": {0, 1}, "schema of b": {0}, "schema of c": {1}}
	newest := map[string]int64{"schema of a": 1, "schema of b": 1, "schema of c": 1, "schema of d": 0}
	want := []string{"schema of b, version 1", "schema of c, version 0", "schema of d, version 0"}
	if got := missingVersions(newest, recorded); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// missingVersions lists the versions from 0 to the newest that are not recorded.
func missingVersions(newest map[string]int64, recorded map[string][]int64) []string {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		for version := range newest[name] + 1 {
			if !slices.Contains(recorded[name], version) {
				missing = append(missing, fmt.Sprintf("%s, version %d", name, version))
			}
		}
	}
	return missing
}

// A release with new features begins with a recording: the attributes that it adds are in no older state.
func TestReleasedState_hasEveryMinorRelease(t *testing.T) {
	headings := regexp.MustCompile(`(?m)^## (\d+\.\d+\.0) `).FindAllStringSubmatch(readFile(t, "../../CHANGELOG.md"), -1)
	if len(headings) == 0 {
		t.Fatal("the changelog has no release")
	}
	states := recordedStates(t)
	for _, heading := range headings {
		for story := range releasedStories {
			want := filepath.Join(releases, heading[1], story) + string(filepath.Separator)
			if !slices.ContainsFunc(states, func(file string) bool { return strings.HasPrefix(file, want) }) {
				t.Errorf("%s has no recorded state: run `make record-state STATE_RELEASE=%s` on each CLI", want, heading[1])
			}
		}
	}
}

// recordedStates are the state files of all releases.
func recordedStates(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(releases, "*", "*", "*", "state.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded states in %s (%v)", releases, err)
	}
	return files
}

// recordedVersions returns the versions in the recorded states.
func recordedVersions(t *testing.T) map[string][]int64 {
	t.Helper()
	found := map[string][]int64{}
	for _, file := range recordedStates(t) {
		var state struct {
			Resources []struct {
				Type      string `json:"type"`
				Instances []struct {
					Version         int64           `json:"schema_version"`
					Identity        json.RawMessage `json:"identity"`
					IdentityVersion int64           `json:"identity_schema_version"`
				} `json:"instances"`
			} `json:"resources"`
		}
		decode(t, readFile(t, file), &state)
		for _, r := range state.Resources {
			for _, i := range r.Instances {
				found["schema of "+r.Type] = append(found["schema of "+r.Type], i.Version)
				if i.Identity != nil {
					found["identity of "+r.Type] = append(found["identity of "+r.Type], i.IdentityVersion)
				}
			}
		}
	}
	return found
}

// cliName returns a name for the folder of a CLI, as in terraform-1.11.
func cliName(t *testing.T, cli *acctest.CLI) string {
	t.Helper()
	line := cli.Run(t, "version").MustSucceed(t).Output
	parts := regexp.MustCompile(`^(Terraform|OpenTofu) v(\d+\.\d+)\.`).FindStringSubmatch(line)
	if parts == nil {
		t.Fatalf("the CLI is %q", line)
	}
	return strings.ToLower(parts[1]) + "-" + parts[2]
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
