package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// variable finds the variables that have no default.
var variable = regexp.MustCompile(`(?m)^variable "([a-z_]+)" {\n(?:  (?:type|sensitive|description).*\n)*}`)

// action finds the actions.
var action = regexp.MustCompile(`(?m)^action "([a-z_]+)" "([a-z_]+)" {`)

const examples = "../../examples"

// madeByHand is the ID under which the examples import an image: the sandbox has none at its start, so one is made, and
// its ID takes this one's place.
const madeByHand = "4c1e8a52-7f0d-4b36-9a61-0d5b2c7e9f10"

func makeByHand(t *testing.T, s *acctest.Sandbox) string {
	t.Helper()
	made, operation, err := s.Cloud(t, "contabo").CreateImage(t.Context(), driver.ImageSpec{
		Name: "made by hand", URL: "https://images.example.net/made-by-hand.qcow2", OSType: "Linux", Version: "12",
	})
	if err == nil {
		_, err = s.Cloud(t, "contabo").WaitImage(t.Context(), made, operation)
	}
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// exported is the snapshot that the examples of templates and exports use; the sandbox has it from the start.
var exported = driver.Ref{Location: "ch-gva-2", ObjectID: "c2000000-0000-4000-8000-000000000001"}

// promotedByHand is to a template what madeByHand is to an image.
const promotedByHand = "7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26"

func promoteByHand(t *testing.T, s *acctest.Sandbox) string {
	t.Helper()
	made, operation, err := s.Cloud(t, "exoscale").
		PromoteSnapshot(t.Context(), driver.PromoteSpec{Snapshot: exported, Name: "made by hand"})
	if err == nil {
		_, err = s.Cloud(t, "exoscale").WaitImage(t.Context(), made, operation)
	}
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// restoredByHand is to a volume what madeByHand is to an image.
const restoredByHand = "6e2f9b17-84c3-4d05-9a7e-3b1c5d8f0a42"

func restoreByHand(t *testing.T, s *acctest.Sandbox) string {
	t.Helper()
	made, _, err := s.Cloud(t, "koyeb").CreateVolume(t.Context(), driver.VolumeSpec{
		SnapshotID: s.SnapshotIDs("koyeb")[0], Name: "restored by hand",
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func exportByHand(t *testing.T, s *acctest.Sandbox) {
	t.Helper()
	operation, err := s.Cloud(t, "exoscale").StartExport(t.Context(), exported)
	if err == nil {
		_, err = s.Cloud(t, "exoscale").FinishExport(t.Context(), exported, operation)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// stopRestored stops the machine whose snapshot the examples of restores use, as its cloud requires.
func stopRestored(s *acctest.Sandbox) {
	s.SetSourceState("c1000000-0000-4000-8000-000000000002", "stopped")
}

// secondAccount are the variables of the example with two accounts. The sandbox has one account, which stands for both.
var secondAccount = map[string]string{
	"customer_api_key": "EXOSCALE_API_KEY", "customer_api_secret": "EXOSCALE_API_SECRET",
}

// valueOf returns the value of a variable that has no default.
func valueOf(s *acctest.Sandbox, variable string) string {
	if name, ok := secondAccount[variable]; ok {
		return s.Getenv(name)
	}
	return "placeholder"
}

// Every example must be accepted and planned against the sandbox; those that are whole configurations are applied and
// destroyed too. With -short they are only validated.
func TestTFExamples(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(examples, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".tf" || strings.Contains(path, "steps") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, text := strings.TrimPrefix(path, examples+string(filepath.Separator)), string(content)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			cli := acctest.NewCLI(t, s, "")
			if strings.Contains(text, madeByHand) {
				text = strings.ReplaceAll(text, madeByHand, makeByHand(t, s))
			}
			if strings.Contains(text, promotedByHand) {
				text = strings.ReplaceAll(text, promotedByHand, promoteByHand(t, s))
			}
			if strings.Contains(text, restoredByHand) {
				text = strings.ReplaceAll(text, restoredByHand, restoreByHand(t, s))
			}
			if strings.Contains(text, "to = cloudsnap_snapshot_export.") {
				exportByHand(t, s)
			}
			if strings.Contains(text, `"cloudsnap_snapshot_restore"`) || strings.Contains(text, "_restore_snapshot") {
				stopRestored(s)
			}
			for _, m := range variable.FindAllStringSubmatch(text, -1) {
				cli.Setenv("TF_VAR_" + m[1] + "=" + valueOf(s, m[1]))
			}
			if strings.Contains(text, "identity = {") {
				cli.NeedsIdentity(t)
			}
			actions := action.FindAllStringSubmatch(text, -1)
			if len(actions) > 0 {
				cli.NeedsActions(t)
			}
			whole := strings.Contains(text, "required_providers")
			if whole {
				cli.WriteWhole(t, text)
			} else {
				cli.Write(t, text)
			}
			if testing.Short() {
				cli.Run(t, "validate").MustSucceed(t).MustNotSay(t, "deprecated")
				return
			}
			// Otherwise a wait takes as long as at a cloud that permits few requests.
			cli.WriteFile(t, "poll_override.tf", acctest.ProviderConfig)
			cli.Run(t, "plan", "-input=false").MustSucceed(t).MustNotSay(t, "deprecated")
			for _, m := range actions {
				cli.Apply(t, "-invoke=action."+m[1]+"."+m[2]).MustSucceed(t).MustSay(t, "Actions: 1 invoked.")
			}
			if !whole {
				return
			}
			before := len(s.Remaining())
			cli.Apply(t).MustSucceed(t)
			cli.Run(t, "plan", "-input=false", "-detailed-exitcode").MustSucceed(t)
			cli.Destroy(t).MustSucceed(t)
			after := len(s.Remaining())
			switch kept := strings.Contains(text, `"retain"`); {
			case kept && after <= before:
				t.Errorf("%d objects became %d although the example retains its own", before, after)
			case !kept && after != before:
				t.Errorf("%d objects became %d", before, after)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
