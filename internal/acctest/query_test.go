package acctest_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

const queryFile = "find.tfquery.hcl"

// listBlock writes list.TYPE.NAME of a cloud and of a location, which may be empty.
func listBlock(typeName, cloudName, location string, settings ...string) string {
	config := []string{fmt.Sprintf("cloud = %q", cloudName)}
	name := cloudName
	if location != "" {
		config, name = append(config, fmt.Sprintf("location = %q", location)), name+"_"+location
	}
	lines := append([]string{"provider = cloudsnap"}, settings...)
	return fmt.Sprintf("list %q %q {\n  %s\n  config {\n    %s\n  }\n}\n",
		typeName, name, strings.Join(lines, "\n  "), strings.Join(config, "\n    "))
}

// everyObject makes an object of every type at every cloud that has it, and returns their import IDs and the query that
// lists them.
func everyObject(t *testing.T, s *acctest.Sandbox) (ids []string, query string) {
	t.Helper()
	add := func(cl driver.Descriptor, parts []driver.IDPart, ref driver.Ref) {
		ids = append(ids, cl.FormatID(parts, ref))
	}
	for _, drv := range acctest.Drivers() {
		c := s.Case(t, drv.Descriptor().Name)
		cl := s.Cloud(t, c.Name)
		spec := driver.SnapshotSpec{SourceID: c.Sources[0].SourceID, Location: c.Sources[0].Location}
		if c.Limits.Snapshot["name"].Settable() {
			spec.Name = "made by hand"
		}
		made, operation, err := cl.CreateSnapshot(t.Context(), spec)
		if err == nil {
			_, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{Remote: c.Limits.MovesToRemote()})
		}
		if err != nil {
			t.Fatal(err)
		}
		places := map[string]bool{}
		for _, snap := range s.Inventory()[c.Name].Snapshots {
			ref := driver.Ref{Location: snap.Location, SourceID: snap.SourceID, ObjectID: snap.SnapshotID}
			add(c.Descriptor, c.Limits.SnapshotID, ref)
			if !c.Limits.Location.Settable() {
				ref.Location = ""
			}
			if !places[ref.Location] {
				query += listBlock("cloudsnap_snapshot", c.Name, ref.Location)
			}
			places[ref.Location] = true
		}
	}
	const zone = "ch-gva-2"
	ids = append(ids, "contabo/"+makeByHand(t, s), "exoscale/"+zone+"/"+promoteByHand(t, s), "koyeb/"+restoreByHand(t, s))
	registered, operation, err := s.Cloud(t, "exoscale").CreateImage(t.Context(), driver.ImageSpec{
		Location: zone, Name: "registered by hand", URL: "https://img.example.net/golden.qcow2",
		Checksum: "0123456789abcdef0123456789abcdef",
	})
	if err == nil {
		registered, err = s.Cloud(t, "exoscale").WaitImage(t.Context(), registered, operation)
	}
	if err != nil {
		t.Fatal(err)
	}
	ids = append(ids, "exoscale/"+zone+"/"+registered.ID)
	return ids, query + listBlock("cloudsnap_custom_image", "contabo", "") +
		listBlock("cloudsnap_custom_image", "exoscale", zone) +
		listBlock("cloudsnap_snapshot_template", "exoscale", zone) +
		listBlock("cloudsnap_snapshot_volume", "koyeb", "")
}

// A query finds every object of every cloud. The configuration that it generates imports all of them, and then nothing
// is left to plan.
func TestTFQuery_findsAndImportsEverything(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	cli.NeedsQuery(t)
	ids, query := everyObject(t, s)
	cli.WriteFile(t, queryFile, query)
	cli.Run(t, "validate", "-query").MustSucceed(t)
	found := cli.Run(t, "query").MustSucceed(t)
	for _, id := range ids {
		object := id[strings.LastIndex(id, "/")+1:]
		found.MustSay(t, "="+object)
	}
	if lines := strings.Count(found.Output, "cloud="); lines != len(ids) {
		t.Errorf("%d results, want %d", lines, len(ids))
	}
	s.ClearJournal()
	cli.Run(t, "query", "-generate-config-out=found.tf").MustSucceed(t)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t,
		fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(ids)))
	cli.Apply(t).MustSucceed(t).MustSay(t, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(ids)))
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	for _, drv := range acctest.Drivers() {
		if n := s.Mutations(drv.Descriptor().Name); n != 0 {
			t.Errorf("importing sent %d writes to %s", n, drv.Descriptor().Title)
		}
	}
	for _, id := range ids {
		if !strings.Contains(cli.State(t), fmt.Sprintf("%q", id)) {
			t.Errorf("the state has no object with the ID %s", id)
		}
	}
}

// Terraform shows a hundred results of a list block unless it sets a limit. If a request fails, it shows the error in
// place of the results of that block, and those of the other blocks.
func TestTFQuery_limitAndError(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	cli.NeedsQuery(t)
	c := s.Case(t, "koyeb")
	cl := s.Cloud(t, c.Name)
	for n := len(s.SnapshotIDs(c.Name)); n < 103; n++ {
		spec := driver.SnapshotSpec{SourceID: c.Sources[0].SourceID, Name: fmt.Sprintf("n-%03d", n)}
		if _, _, err := cl.CreateSnapshot(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
	}
	for setting, want := range map[string]int{"": 100, "limit = 3": 3, "limit = 1000": 103} {
		cli.WriteFile(t, queryFile, listBlock("cloudsnap_snapshot", c.Name, "", setting))
		result := cli.Run(t, "query").MustSucceed(t)
		if got := strings.Count(result.Output, "cloud=koyeb"); got != want {
			t.Errorf("%q: %d results, want %d", setting, got, want)
		}
	}
	s.Fault(sandbox.Fault{
		Method: http.MethodGet, Path: "/v1/snapshots$", From: 2, Do: sandbox.DoStatus, Status: http.StatusForbidden,
		Body: map[string]any{"message": "page two is not yours"},
	})
	cli.WriteFile(t, queryFile, listBlock("cloudsnap_snapshot", c.Name, "", "limit = 1000")+
		listBlock("cloudsnap_snapshot", "contabo", ""))
	cli.Run(t, "query").MustFail(t).MustSay(t, "Unable to list snapshots", "page two is not yours", "cloud=contabo")
}

// The configuration of an image whose URL may be a secret has no URL. With one, the import also writes it into the
// state, and sends nothing to the cloud.
func TestTFQuery_imageWithASecretURL(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	cli.NeedsQuery(t)
	const link = "https://images.example.net/golden.qcow2"
	if _, _, err := s.Cloud(t, "contabo").CreateImage(t.Context(), driver.ImageSpec{
		Name: "signed", URL: link + "?signature=canary-0123456789", OSType: "Linux", Version: "12",
	}); err != nil {
		t.Fatal(err)
	}
	cli.WriteFile(t, queryFile, listBlock("cloudsnap_custom_image", "contabo", ""))
	cli.Run(t, "query", "-generate-config-out=found.tf").MustSucceed(t).MustNotSay(t, "canary")
	cli.Run(t, "plan").MustFail(t).MustSay(t, "url_wo")
	x := cli.Terminal(t)
	x.Run(t, "! grep canary found.tf").MustSucceed(t)
	x.Run(t, `sed 's|^  url  *= null|  url = "`+link+`"|' found.tf >edited.tf && rm found.tf`).MustSucceed(t)
	s.ClearJournal()
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 imported, 0 added, 1 changed, 0 destroyed")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d writes", n)
	}
}

// A wrong filter fails in the validation, before a request.
func TestTFQuery_wrongFilter(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	cli.NeedsQuery(t)
	for _, tc := range []struct{ query, want string }{
		{listBlock("cloudsnap_snapshot_template", "contabo", ""), "cloudsnap_snapshot_template is not available at Contabo"},
		{listBlock("cloudsnap_snapshot", "contabo", "eu"), "The location of an object at Contabo cannot be chosen"},
		{listBlock("cloudsnap_snapshot", "koyebb", ""), `Did you mean "koyeb"?`},
	} {
		cli.WriteFile(t, queryFile, tc.query)
		cli.Run(t, "validate", "-query").MustFail(t).MustSay(t, tc.want)
	}
	if n := len(s.Journal()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Every CLI works beside the file of a query. One without the command ignores the file.
func TestTFQuery_otherCLIsIgnoreTheFile(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	c := s.Case(t, "contabo")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
	cli.WriteFile(t, queryFile, listBlock("cloudsnap_snapshot", c.Name, ""))
	cli.Run(t, "validate").MustSucceed(t)
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	if result := cli.Run(t, "query"); result.Code != 0 {
		result.MustSay(t, `has no command named "query"`)
	}
	cli.Destroy(t).MustSucceed(t).MustSay(t, "1 destroyed")
}

// Every example of a list resource runs, and finds something.
func TestTFQuery_examples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(examples, "list-resources", "*", "*.tfquery.hcl"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := acctest.Start(t)
			cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
			cli.NeedsQuery(t)
			everyObject(t, s)
			cli.WriteFile(t, queryFile, string(content))
			cli.Run(t, "validate", "-query").MustSucceed(t)
			cli.Run(t, "query").MustSucceed(t).MustSay(t, "cloud=").MustNotSay(t, "0 results")
		})
	}
}
