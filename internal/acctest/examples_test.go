package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// variable finds the variables that have no default.
var variable = regexp.MustCompile(`(?m)^variable "([a-z_]+)" {\n(?:  (?:type|sensitive|description).*\n)*}`)

const examples = "../../examples"

// Every example must be accepted and planned against the sandbox's world; those that are whole configurations are applied and destroyed too.
func TestTFExamples(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
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
			for _, m := range variable.FindAllStringSubmatch(text, -1) {
				cli.Setenv("TF_VAR_" + m[1] + "=placeholder")
			}
			if strings.Contains(text, "identity = {") {
				cli.NeedsIdentity(t)
			}
			whole := strings.Contains(text, "required_providers")
			if whole {
				cli.WriteWhole(t, text)
			} else {
				cli.Write(t, text)
			}
			cli.Run(t, "validate").MustSucceed(t).MustNotSay(t, "deprecated")
			cli.Run(t, "plan", "-input=false").MustSucceed(t)
			if !whole {
				return
			}
			before := len(s.Leftovers())
			cli.Apply(t).MustSucceed(t)
			cli.Run(t, "plan", "-input=false", "-detailed-exitcode").MustSucceed(t)
			cli.Destroy(t).MustSucceed(t)
			if after := len(s.Leftovers()); after != before {
				t.Errorf("%d objects became %d", before, after)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
