package acctest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/devtools/schemajson"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// snapshotAction writes action.cloudsnap_create_snapshot.before for a source.
func snapshotAction(c acctest.Case, lines ...string) string {
	lines = append(lines, fmt.Sprintf("cloud = %q", c.Name), fmt.Sprintf("source_id = %q", c.Sources[0].SourceID))
	if location := c.Sources[0].Location; location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", location))
	}
	if c.Limits.SingleSnapshot() {
		lines = append(lines, "replace_existing = true")
	}
	return "action \"cloudsnap_create_snapshot\" \"before\" {\n  config {\n    " + strings.Join(lines, "\n    ") +
		"\n  }\n}\n"
}

// release writes a terraform_data with actions before its updates.
func release(actions string) string {
	return `variable "release" {
  default = "1"
}
resource "terraform_data" "release" {
  input = var.release
  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [` + actions + `]
    }
  }
}
`
}

const beforeAction = "action.cloudsnap_create_snapshot.before"

// withActions prepares a CLI that has actions, or skips the story.
func withActions(t *testing.T, s *acctest.Sandbox, config string) *acctest.CLI {
	t.Helper()
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+config)
	cli.NeedsActions(t)
	return cli
}

// The action runs before an update and not otherwise, and by hand. Each run takes another snapshot.
func TestTFAction_beforeUpdateAndByHand(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := withActions(t, s, release(beforeAction)+snapshotAction(c))
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added, 0 changed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent without an update", n)
		}
		cli.Run(t, "plan", "-var=release=2").MustSucceed(t).MustSay(t, "Actions: 1 to invoke.")
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("the plan sent %d writes", n)
		}
		updated := cli.Apply(t, "-var=release=2").MustSucceed(t).MustSay(t,
			"Creating a snapshot of "+c.Limits.SourceKind+" "+c.Sources[0].SourceID, c.Title+" has accepted",
			"is ready. Terraform does not manage it", "0 added, 1 changed, 0 destroyed. Actions: 1 invoked.")
		if strings.Index(updated.Output, "is ready") > strings.Index(updated.Output, "Modifications complete") {
			t.Errorf("the snapshot came after the change:\n%s", updated.Output)
		}
		byHand := cli.Apply(t, "-var=release=2", "-invoke="+beforeAction).MustSucceed(t).MustSay(t, "Actions: 1 invoked.")
		if n := s.Count(c.Name, http.MethodPost); n != 2 {
			t.Errorf("%d creates were sent, want one for each run", n)
		}
		// The ID of the last message imports the snapshot.
		_, id, _ := strings.Cut(byHand.Output, "terraform import cloudsnap_snapshot.NAME ")
		id, _, _ = strings.Cut(id, "\n")
		cli.Write(t, acctest.ProviderConfig+c.HCL("kept", c.Sources[0]))
		cli.Run(t, "import", "cloudsnap_snapshot.kept", id).MustSucceed(t)
		if got := cli.Attribute(t, "kept", "id"); got != id {
			t.Errorf("imported %v by %q", got, id)
		}
	})
}

// A failed snapshot stops the change.
func TestTFAction_failureStopsTheChange(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, sandboxtest.WithLatency(time.Hour))
	c := s.Case(t, "exoscale")
	cli := withActions(t, s, release(beforeAction)+snapshotAction(c, `timeouts = { invoke = "3s" }`))
	cli.Apply(t).MustSucceed(t)
	cli.Apply(t, "-var=release=2").MustFail(t).MustSay(t, "Unable to finish creating snapshot", "The operation timed out",
		"The cloud accepted the snapshot exoscale/", "terraform import cloudsnap_snapshot.NAME exoscale/")
	if got := cli.Attribute(t, "release", "input"); fmt.Sprint(got) == "2" || !strings.Contains(cli.State(t), `"1"`) {
		t.Errorf("the change was made: %v", got)
	}
}

// A cloud with one snapshot per source keeps the snapshot of the first run of an apply.
func TestTFAction_twiceInOneApply(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := withActions(t, s, release(beforeAction+", "+beforeAction)+snapshotAction(c))
		cli.Apply(t).MustSucceed(t)
		before := len(s.SnapshotIDs(c.Name))
		twice := cli.Apply(t, "-var=release=2")
		if !c.Limits.SingleSnapshot() {
			twice.MustSucceed(t).MustSay(t, "Actions: 2 invoked.")
			if after := len(s.SnapshotIDs(c.Name)); after != before+2 {
				t.Errorf("%d snapshots became %d", before, after)
			}
			return
		}
		twice.MustFail(t).MustSay(t, "although an action of this run took it", "List the action in one trigger only")
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
	})
}

// Ctrl-C ends the wait at once. Terraform shows neither the error nor a message after it, so what the cloud has
// accepted must be in a message before.
func TestTFAction_interrupted(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, waits(t), func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		cli := withActions(t, s, snapshotAction(c))
		running := cli.Start(t, "apply", "-auto-approve", "-input=false", "-invoke="+beforeAction)
		acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustSay(t, c.Title+" has accepted")
	}, sandboxtest.WithLatency(time.Hour))
}

// Terraform 1.16 makes the change of the resource that has the trigger even if Ctrl-C interrupts the action before it.
// What depends on that resource is not changed, so the trigger belongs to a terraform_data before the change.
func TestTFAction_interruptedBeforeAChange(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, sandboxtest.WithLatency(time.Hour))
	c, changed := s.Case(t, "koyeb"), s.Case(t, "contabo")
	cli := withActions(t, s, release(beforeAction)+snapshotAction(c)+
		changed.HCL("machine", changed.Sources[0], `description = "release ${var.release}"`,
			"depends_on = [terraform_data.release]"))
	cli.Apply(t).MustSucceed(t)
	s.ClearJournal()
	running := cli.Start(t, "apply", "-auto-approve", "-input=false", "-var=release=2")
	acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
	running.Signal(t, syscall.SIGINT, true)
	running.Wait(t).MustFail(t).MustSay(t, c.Title+" has accepted", "execution halted")
	if n := s.Mutations(changed.Name); n != 0 {
		t.Errorf("%d changes were made without the snapshot", n)
	}
	// The next apply makes the change, and takes no other snapshot.
	s.Advance(3 * time.Hour)
	cli.Apply(t, "-var=release=2").MustSucceed(t).MustNotSay(t, "Action started")
	if creates(s, c.Name) != 1 || s.Mutations(changed.Name) != 1 {
		t.Errorf("%d snapshots were taken, and %d changes made", creates(s, c.Name), s.Mutations(changed.Name))
	}
}

func TestTFAction_export(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := withActions(t, s, fmt.Sprintf("action \"cloudsnap_export_snapshot\" \"disk\" {\n  config {\n    "+
		"cloud = \"exoscale\"\n    location = %q\n    snapshot_id = %q\n  }\n}\n", exported.Location, exported.ObjectID))
	cli.Setenv("TF_LOG=TRACE")
	result := cli.Apply(t, "-invoke=action.cloudsnap_export_snapshot.disk").MustSucceed(t).MustSay(t, "with the MD5 ")
	export, err := s.Cloud(t, "exoscale").Export(t.Context(), exported)
	if err != nil {
		t.Fatal(err)
	}
	_, signature, ok := strings.Cut(export.URL, "Signature=")
	if !ok || strings.Contains(result.Output, signature) || strings.Contains(result.Output, exported.ObjectID+".qcow2") {
		t.Error("the output has the URL of the file")
	}
	if !strings.Contains(result.Output, export.MD5) || !strings.Contains(result.Output, "request answered") {
		t.Error("the output lacks the checksum or the log")
	}
}

// Every CLI loads the provider with its actions. One that has no actions refuses an action block, and only that.
func TestTFAction_everyCLILoadsTheProvider(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "contabo")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
	cli.Run(t, "validate").MustSucceed(t)
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	config := acctest.ProviderConfig + c.HCL("test", c.Sources[0]) + snapshotAction(c)
	cli.Write(t, config)
	if result := cli.Run(t, "validate"); result.Code != 0 {
		result.MustSay(t, "Unsupported block type", `Blocks of type "action" are not expected here`)
	}
	cli.Write(t, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
	cli.Destroy(t).MustSucceed(t).MustSay(t, "1 destroyed")
}

// The documentation has the schemas of the actions and the list resources as Terraform writes them.
func TestTFAction_schemaOfTheDocumentation(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := withActions(t, s, "")
	var written struct {
		Providers map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	output := cli.Run(t, "providers", "schema", "-json").MustSucceed(t).Output
	output = output[strings.Index(output, "{"):]
	if err := json.NewDecoder(strings.NewReader(output)).Decode(&written); err != nil {
		t.Fatalf("%v in %.300s", err, output)
	}
	kinds, err := schemajson.Read(t.Context(), providerserver.NewProtocol6(
		provider.New("test", acctest.Drivers(), s.Getenv)())())
	if err != nil {
		t.Fatal(err)
	}
	for _, schemas := range written.Providers {
		for kind, types := range kinds {
			made, err := json.Marshal(types)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(values(t, schemas[kind]), values(t, made)); diff != "" || len(types) == 0 {
				t.Errorf("%s: -Terraform +documentation:\n%s", kind, diff)
			}
		}
	}
	if len(written.Providers) != 1 {
		t.Errorf("there are %d providers", len(written.Providers))
	}
}

func values(t *testing.T, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
