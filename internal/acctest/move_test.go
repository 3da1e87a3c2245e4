package acctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/contaboprovider"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// contaboGuide is the page about such moves.
const contaboGuide = "coming-from-the-contabo-provider.md.tmpl"

// vendorState is a state that the schemas of Contabo's own provider fit.
const vendorState = "testdata/contabo-provider-state.json"

// moving is the example of a move with that state, where both objects exist. OpenTofu reads the state with its own
// registry as the host of the old provider. A pair of texts replaces one in the state by the other.
func moving(t *testing.T, replace ...string) (*acctest.Sandbox, *acctest.CLI) {
	t.Helper()
	example, err := os.ReadFile(examples + "/coming-from-contabo/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	state, err := os.ReadFile(vendorState)
	if err != nil {
		t.Fatal(err)
	}
	s := acctest.Start(t)
	cl := s.Cloud(t, "contabo")
	made, operation, err := cl.CreateImage(t.Context(), driver.ImageSpec{
		Name: "golden", Description: "Debian with our packages", URL: "https://images.example.net/golden.qcow2",
		OSType: "Linux", Version: "12",
	})
	if err == nil {
		_, err = cl.WaitImage(t.Context(), made, operation)
	}
	if err != nil {
		t.Fatal(err)
	}
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, string(example))
	text := string(state)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("the state has no %s", replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	text = strings.ReplaceAll(text, madeByHand, made.ID)
	if err := os.WriteFile(filepath.Join(cli.Dir, "terraform.tfstate"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.ClearJournal()
	return s, cli
}

// A state of Contabo's own provider moves with nothing to change, and nothing of that provider is left.
func TestTFMove_emptyPlan(t *testing.T) {
	t.Parallel()
	s, cli := moving(t)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t,
		"contabo_instance_snapshot.web has moved to cloudsnap_snapshot.web",
		"contabo_image.golden has moved to cloudsnap_custom_image.golden",
		"Plan: 0 to add, 0 to change, 0 to destroy",
	)
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 0 destroyed")
	if state := cli.State(t); strings.Contains(state, "contabo/contabo") || strings.Contains(state, "instance_id") {
		t.Errorf("the state has something of the old provider:\n%s", state)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
	// From now on the old provider and the moved blocks are dispensable.
	cli.Write(t, "resource \"cloudsnap_snapshot\" \"web\" {\n  cloud     = \"contabo\"\n  source_id = \"42001\"\n"+
		"  name      = \"made by hand\"\n}\n")
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 1 destroyed")
	cli.Destroy(t).MustSucceed(t).MustSay(t, "1 destroyed")
	if n := s.Count("contabo", "DELETE"); n != 2 {
		t.Errorf("%d objects were deleted, want two", n)
	}
}

// What differs between state, cloud and configuration shows in the plan, and nothing else.
func TestTFMove_showsWhatDiffers(t *testing.T) {
	t.Parallel()
	s, cli := moving(t)
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	cli.WriteWhole(t, strings.NewReplacer(
		`= "made by hand"`, `= "before upgrade"`, "Debian with", "Debian 12 with",
	).Replace(string(config)))
	cli.Run(t, "plan").MustSucceed(t).MustSay(t,
		`"made by hand" -> "before upgrade"`, `"Debian with our packages" -> "Debian 12 with our packages"`,
		"Plan: 0 to add, 2 to change, 0 to destroy",
	)
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 2 changed, 0 destroyed")
	if n := s.Mutations("contabo"); n != 2 {
		t.Errorf("%d changes were sent, want two", n)
	}
}

// A tainted object stays tainted: the plan replaces it.
func TestTFMove_taintedStaysTainted(t *testing.T) {
	t.Parallel()
	_, cli := moving(t, `"schema_version": 0,`, `"schema_version": 0, "status": "tainted",`)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t,
		"cloudsnap_snapshot.web is tainted", "cloudsnap_custom_image.golden is tainted",
		"Plan: 2 to add, 0 to change, 2 to destroy")
}

// An object that is gone at the cloud is planned anew, as always.
func TestTFMove_goneAtTheCloud(t *testing.T) {
	t.Parallel()
	_, cli := moving(t, "snap1700000042", "snap1600000001")
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Snapshot is gone", "Plan: 1 to add, 0 to change, 0 to destroy")
}

// A state without the instance cannot be moved. The error has the way out, which works.
func TestTFMove_withoutInstance(t *testing.T) {
	t.Parallel()
	_, cli := moving(t, `"instance_id": 42001`, `"instance_id": null`)
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to move the state",
		"The state of the contabo_instance_snapshot has no usable instance_id", "terraform state rm",
		"import it by its ID: contabo/<instance_id>/snap1700000042")
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	moved := "moved {\n  from = contabo_instance_snapshot.web\n  to   = cloudsnap_snapshot.web\n}\n"
	without := strings.Replace(string(config), moved, "", 1)
	if without == string(config) {
		t.Fatal("the example has another moved block")
	}
	cli.WriteWhole(t, without)
	follow(t, cli.Terminal(t), under(readGuide(t, contaboGuide), "A state that cannot be moved"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 0 destroyed")
}

// A moved block without an index moves all instances.
func TestTFMove_allInstances(t *testing.T) {
	t.Parallel()
	_, cli := moving(t, `"schema_version": 0,`, `"index_key": "a", "schema_version": 0,`)
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	const cloud = "= \"contabo\"\n"
	cli.WriteWhole(t, strings.ReplaceAll(string(config), cloud, cloud+"  for_each = toset([\"a\"])\n"))
	cli.Run(t, "plan").MustSucceed(t).MustSay(t,
		`contabo_instance_snapshot.web["a"] has moved to cloudsnap_snapshot.web["a"]`,
		`contabo_image.golden["a"] has moved to cloudsnap_custom_image.golden["a"]`,
		"Plan: 0 to add, 0 to change, 0 to destroy",
	)
}

// A signed URL leaves the state after the move, and the image stays.
func TestTFMove_signedURL(t *testing.T) {
	t.Parallel()
	s, cli := moving(t, "golden.qcow2\"", "golden.qcow2?signature=x\"")
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	signed := strings.Replace(string(config), `golden.qcow2"`, `golden.qcow2?signature=x"`, 1)
	cli.WriteWhole(t, signed)
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 0 destroyed")
	cli.WriteWhole(t, strings.Replace(signed, "  url         =", "  url_wo_version = 1\n  url_wo =", 1))
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
	if state := cli.State(t); strings.Contains(state, "signature") {
		t.Errorf("the state has the URL:\n%s", state)
	}
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
}

// The common mistakes of the guide happen as it describes them, and change neither the cloud nor the state.
func TestTFMove_commonMistakes(t *testing.T) {
	t.Parallel()
	s, cli := moving(t)
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	_, mistakes, _ := strings.Cut(guideText(t, contaboGuide), "\n## Common mistakes\n")
	const (
		moved    = "moved {\n  from = contabo_instance_snapshot.web\n  to   = cloudsnap_snapshot.web\n}\n"
		oldBlock = "resource \"contabo_instance_snapshot\" \"web\" {\n  instance_id = 42001\n}\n"
		newBlock = "resource \"cloudsnap_snapshot\" \"web\" {\n  cloud     = \"contabo\"\n" +
			"  source_id = \"42001\" # instance_id\n  name      = \"made by hand\"\n}\n"
	)
	before := cli.State(t)
	for _, m := range []struct {
		// listed is what the guide has of the mistake.
		listed, old, new string
		command, says    []string
		fails            bool
	}{
		{
			// The stand-in reads nothing, so the plan must not refresh.
			listed: "The plan creates a `cloudsnap_snapshot` and destroys the `contabo_instance_snapshot`", old: moved,
			command: []string{"plan", "-refresh=false"},
			says: []string{
				"cloudsnap_snapshot.web will be created", "contabo_instance_snapshot.web will be destroyed",
			},
		},
		{
			listed: "`Moved object still exists`", old: moved, new: moved + oldBlock,
			command: []string{"plan", "-refresh=false"}, says: []string{"Moved object still exists"}, fails: true,
		},
		{
			listed: "`Unable to Move Resource State`", old: moved, fails: true,
			new:     strings.ReplaceAll(moved, "cloudsnap_snapshot.web", "cloudsnap_custom_image.web") + imageOf("web"),
			command: []string{"plan"}, says: []string{"Unable to Move Resource State"},
		},
		{
			listed: "`no schema available for cloudsnap_snapshot.web`", old: newBlock,
			command: []string{"plan"}, says: []string{"no schema available for cloudsnap_snapshot.web"}, fails: true,
		},
		{
			listed:  "`terraform state mv` fails",
			command: []string{"state", "mv", "contabo_instance_snapshot.web", "cloudsnap_snapshot.web"},
			says:    []string{"resource types don't match"}, fails: true,
		},
	} {
		if !strings.Contains(mistakes, "| "+m.listed+" |") {
			t.Errorf("the guide does not list %s", m.listed)
		}
		if !strings.Contains(string(config), m.old) {
			t.Fatalf("the example has no %s", m.old)
		}
		cli.WriteWhole(t, strings.Replace(string(config), m.old, m.new, 1))
		r := cli.Run(t, m.command...)
		if m.fails {
			r.MustFail(t)
		} else {
			r.MustSucceed(t)
		}
		r.MustSay(t, m.says...)
	}
	if cli.State(t) != before {
		t.Error("a mistake has changed the state")
	}
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
}

// imageOf is a resource block of an image.
func imageOf(name string) string {
	return "resource \"cloudsnap_custom_image\" \"" + name + "\" {\n  cloud = \"contabo\"\n  name = \"" + name +
		"\"\n  url = \"https://images.example.net/web.qcow2\"\n  os_type = \"Linux\"\n  version = \"12\"\n}\n"
}

// An image without an ID cannot be moved. The way of the guide keeps the image.
func TestTFMove_imageWithoutID(t *testing.T) {
	t.Parallel()
	s, cli := moving(t, `"id": "`+madeByHand+`"`, `"id": ""`)
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to move the state",
		"The state of the contabo_image has no usable id", "its ID: contabo/<image_id>")
	if !strings.Contains(guideText(t, contaboGuide), "Its import ID is `contabo/<image_id>`") {
		t.Error("the guide has another import ID")
	}
	id := ""
	images, err := s.Cloud(t, "contabo").Images(t.Context(), driver.ImageFilter{Name: "golden"})
	if err != nil {
		t.Fatal(err)
	}
	for _, image := range images {
		id = image.ID
	}
	config, err := os.ReadFile(filepath.Join(cli.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	cli.WriteWhole(t, strings.Replace(string(config),
		"moved {\n  from = contabo_image.golden\n  to   = cloudsnap_custom_image.golden\n}\n", "", 1))
	s.ClearJournal()
	cli.Run(t, "state", "rm", "contabo_image.golden").MustSucceed(t)
	cli.Run(t, "import", "cloudsnap_custom_image.golden", "contabo/"+id).MustSucceed(t)
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 0 destroyed")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
}

// The tables of the guide have every attribute of the old types that the provider replaces.
func TestGuide_contaboProviderAttributes(t *testing.T) {
	page := guideText(t, contaboGuide)
	for _, r := range contaboprovider.New().Resources(t.Context()) {
		var named resource.MetadataResponse
		var schema resource.SchemaResponse
		r().Metadata(t.Context(), resource.MetadataRequest{}, &named)
		r().Schema(t.Context(), resource.SchemaRequest{}, &schema)
		if named.TypeName == "contabo_instance" {
			continue // It stays with the old provider.
		}
		_, table, found := strings.Cut(page, "| `"+named.TypeName+"` |")
		if table, _, _ = strings.Cut(table, "\n\n"); !found {
			t.Fatalf("the guide has no table of %s", named.TypeName)
		}
		first := ""
		for line := range strings.Lines(table) {
			if cells := strings.Split(line, "|"); len(cells) > 1 {
				first += cells[1]
			}
		}
		for name := range schema.Schema.Attributes {
			if !strings.Contains(first, "`"+name+"`") {
				t.Errorf("the table of %s has no %s", named.TypeName, name)
			}
		}
	}
}
