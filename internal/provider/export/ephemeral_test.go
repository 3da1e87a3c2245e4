package export_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// fileMD5 downloads a file and computes its checksum.
func fileMD5(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d, %v", resp.StatusCode, err)
	}
	sum := md5.Sum(content)
	return hex.EncodeToString(sum[:])
}

func ephemeralHCL(c acctest.Case, snapshot driver.Ref, lines ...string) string {
	return acctest.ProviderConfig + `ephemeral "cloudsnap_snapshot_export" "test" ` + body(c, snapshot, lines...)
}

func TestTFEphemeralExport_yieldsTheFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		factories := s.Providers()
		factories["echo"] = func() (tfprotov6.ProviderServer, error) { return echoprovider.NewProviderServer()() }
		data := func(name string) tfjsonpath.Path { return tfjsonpath.New("data").AtMapKey(name) }
		resource.UnitTest(t, resource.TestCase{
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipBelow(t, tfversion.Version1_10_0)},
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config: ephemeralHCL(c, snapshot) +
					"provider \"echo\" {\n  data = ephemeral.cloudsnap_snapshot_export.test\n}\nresource \"echo\" \"test\" {}\n",
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.test", data("presigned_url"),
						knownvalue.StringRegexp(regexp.MustCompile(`^http.*\.qcow2\?`))),
					statecheck.ExpectKnownValue("echo.test", data("md5sum"),
						knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{32}$`))),
					statecheck.ExpectKnownValue("echo.test", data("location"), knownvalue.StringExact(snapshot.Location)),
				},
				Check: func(state *terraform.State) error {
					got := state.RootModule().Resources["echo.test"].Primary.Attributes
					if sum := fileMD5(t, got["data.presigned_url"]); sum != got["data.md5sum"] {
						return fmt.Errorf("the file has the MD5 %s, and the export says %s", sum, got["data.md5sum"])
					}
					return nil
				},
			}},
		})
	})
}

// Terraform opens it in every plan and apply. Only the first opening exports, as long as the URL works for long enough.
func TestTFEphemeralExport_exportsNoMoreOftenThanNeeded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, ephemeralHCL(c, snapshot))
		expect := func(what string, want int) {
			t.Helper()
			if n := exports(s, c.Name); n != want {
				t.Errorf("%s: %d exports, want %d", what, n, want)
			}
			s.ClearJournal()
		}
		cli.Run(t, "plan").MustSucceed(t)
		expect("the first plan", 1)
		cli.Apply(t).MustSucceed(t)
		if n := len(s.Requests(c.Name)); n > 2 {
			t.Errorf("plan and apply sent %d requests, want one for each", n)
		}
		expect("the apply", 0)
		// The URL of the sandbox lasts an hour.
		s.Advance(40 * time.Minute)
		cli.Run(t, "plan").MustSucceed(t)
		expect("a plan before the end", 0)
		s.Advance(10 * time.Minute)
		cli.Run(t, "plan").MustSucceed(t)
		expect("a plan shortly before the end", 1)
		s.Advance(3 * time.Hour)
		cli.Run(t, "plan").MustSucceed(t)
		expect("a plan after the end", 1)
		cli.Write(t, ephemeralHCL(c, snapshot, "reexport = true"))
		cli.Run(t, "plan").MustSucceed(t)
		expect("a plan with reexport", 1)
		// What is known only at apply is opened only then.
		again := ephemeralHCL(c, snapshot, "reexport = true")
		cli.Write(t, strings.Replace(again, fmt.Sprintf("%q", snapshot.ObjectID), "terraform_data.late.output", 1)+
			fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n}\n", snapshot.ObjectID))
		cli.Run(t, "plan").MustSucceed(t)
		expect("a plan that does not know the snapshot", 0)
		// Without a snapshot there is nothing to open.
		cli.Write(t,
			ephemeralHCL(c, driver.Ref{Location: snapshot.Location, ObjectID: "c2000000-0000-4000-8000-00000000dead"}))
		cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to use snapshot", "Not found")
	})
}

func TestTFEphemeralExport_interrupted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, ephemeralHCL(c, snapshot))
		// A plan, because in the plan that an apply makes for itself Terraform 1.11 and OpenTofu 1.12 do not tell
		// providers to stop.
		running := underWay(t, s, c, cli, "plan")
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustFail(t)
	}, sandboxtest.WithLatency(time.Hour))
}

// The URL is a key to the disk. It must be found nowhere but in the one answer that Terraform gets.
func TestTFEphemeralExport_urlAppearsNowhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s,
			ephemeralHCL(c, snapshot)+`resource "cloudsnap_snapshot_export" "test" `+body(c, snapshot))
		cli.Setenv("TF_LOG=TRACE")
		planned := cli.Run(t, "plan", "-out="+filepath.Join(cli.Dir, "plan")).MustSucceed(t)
		shown := cli.Run(t, "show", "-json", filepath.Join(cli.Dir, "plan")).MustSucceed(t)
		applied := cli.Run(t, "apply", filepath.Join(cli.Dir, "plan")).MustSucceed(t)
		refused := cli.Run(t, "plan", "-destroy").MustSucceed(t)
		export, err := s.Cloud(t, c.Name).Export(t.Context(), snapshot)
		if err != nil {
			t.Fatal(err)
		}
		_, signature, ok := strings.Cut(export.URL, "Signature=")
		if !ok || len(signature) < 20 {
			t.Fatalf("the URL has no signature to look for: %s", export.URL)
		}
		if !strings.Contains(applied.Output, "request answered") {
			t.Error("the log has no requests, so the test has seen nothing")
		}
		for where, text := range map[string]string{
			"plan": planned.Output, "plan file": shown.Output, "apply": applied.Output, "destroy plan": refused.Output,
			"state": cli.State(t),
		} {
			for what, canary := range map[string]string{
				"URL": export.URL, "file": snapshot.ObjectID + ".qcow2", "signature": signature,
			} {
				if strings.Contains(text, canary) {
					t.Errorf("the %s appears in the %s", what, where)
				}
			}
		}
	})
}
