package acctest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// functionExample is the example of a function, in a directory of its own.
func functionExample(t *testing.T, name string) (*acctest.Sandbox, *acctest.CLI, string) {
	t.Helper()
	example, err := os.ReadFile(examples + "/functions/" + name + "/function.tf")
	if err != nil {
		t.Fatal(err)
	}
	s := acctest.Start(t)
	return s, acctest.NewCLI(t, s, acctest.ProviderConfig+string(example)), string(example)
}

// The example of parse_id applies, and an error is at the argument.
func TestTFFunction_parseID(t *testing.T) {
	t.Parallel()
	_, cli, example := functionExample(t, "parse_id")
	cli.Apply(t).MustSucceed(t)
	cli.Run(t, "output").MustSucceed(t).MustSay(t,
		`"contabo/42001/snap1700000042" = "42001"`, `"hostinger/17924" = "17924"`,
		`template = "7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26"`,
	)
	cli.Write(t, acctest.ProviderConfig+strings.ReplaceAll(example, "contabo/42001/snap1700000042", "contabo/42001"))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Invalid function argument", "here contabo/42001/<snapshot_id>")
}

// The example of build_id imports what the objects of a map describe, and the plan after it is empty.
func TestTFFunction_buildID(t *testing.T) {
	t.Parallel()
	s, cli, example := functionExample(t, "build_id")
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 imported, 0 added, 0 changed, 0 destroyed",
		`image = "contabo/4c1e8a52-7f0d-4b36-9a61-0d5b2c7e9f10"`)
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
	if n := s.Mutations("contabo"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
	cli.Write(t, acctest.ProviderConfig+strings.Replace(example, "image_id =", "template_id =", 1))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Invalid function argument", "the object has no image_id")
}

// Values that are known only after apply pass: the result is known after apply, too.
func TestTFFunction_unknownValues(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+s.Case(t, "contabo").HCL("new", s.Case(t, "contabo").Sources[0])+`
output "same" {
  value = provider::cloudsnap::build_id(merge(
    provider::cloudsnap::parse_id(cloudsnap_snapshot.new.id), { source_id = cloudsnap_snapshot.new.source_id },
  )) == cloudsnap_snapshot.new.id
}
output "resource" {
  value = provider::cloudsnap::build_id(cloudsnap_snapshot.new) == cloudsnap_snapshot.new.id
}
`)
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "same = (known after apply)")
	cli.Apply(t).MustSucceed(t).MustSay(t, "same = true", "resource = true")
}
