package acctest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// reference finds the attributes of this provider's resources in a configuration.
var reference = regexp.MustCompile(`cloudsnap_\w+\.\w+\.\w+`)

// Each section of the guide has a configuration that is applied, and a snippet of another provider that takes what the
// configuration creates. Every attribute that the snippet refers to exists in the configuration and has a value.
func TestTFGuide_newMachine(t *testing.T) {
	t.Parallel()
	const page = "new-machine.md.tmpl"
	steps := readGuide(t, page)
	for heading, section := range map[string]struct {
		example string
		refers  []string
	}{
		"Exoscale": {"new-machine/template", []string{
			"cloudsnap_snapshot.web.size_gib", "cloudsnap_snapshot_template.web.location",
			"cloudsnap_snapshot_template.web.template_id",
		}},
		"Koyeb": {"new-machine/volume", []string{
			"cloudsnap_snapshot_volume.data.location", "cloudsnap_snapshot_volume.data.volume_id",
		}},
		"Contabo": {"new-machine/image", []string{"cloudsnap_custom_image.web.image_id"}},
	} {
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			snippets := under(steps, heading)
			if len(snippets) != 1 {
				t.Fatalf("%s has %d snippets under %s, want one", page, len(snippets), heading)
			}
			refers := reference.FindAllString(snippets[0].text, -1)
			slices.Sort(refers)
			if refers = slices.Compact(refers); !slices.Equal(refers, section.refers) {
				t.Fatalf("the snippet refers to %v, want %v", refers, section.refers)
			}
			s := acctest.Start(t)
			cli, config := acctest.NewCLI(t, s, ""), example(t, section.example)
			for n, r := range refers {
				config += fmt.Sprintf("output \"taken_%d\" {\n  value = %s\n}\n", n, r)
			}
			cli.WriteWhole(t, config)
			before := len(s.Remaining())
			cli.Apply(t).MustSucceed(t)
			for n := range refers {
				taken := cli.Run(t, "output", "-raw", fmt.Sprint("taken_", n)).MustSucceed(t)
				if strings.TrimSpace(taken.Output) == "" {
					t.Errorf("%s has no value", refers[n])
				}
			}
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
			cli.Destroy(t).MustSucceed(t)
			if after := len(s.Remaining()); after != before {
				t.Errorf("%d objects became %d", before, after)
			}
		})
	}
}

// What was created from a snapshot stays without changes when the snapshot leaves the configuration, as the end of the
// guide states.
func TestTFGuide_newMachineWithoutItsSnapshot(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile(`(?ms)^resource "cloudsnap_snapshot" .*?^}\n`)
	name := regexp.MustCompile(`cloudsnap_snapshot\.(\w+)\.snapshot_id`)
	for _, folder := range []string{"new-machine/template", "new-machine/volume"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			cli, config := acctest.NewCLI(t, s, ""), example(t, folder)
			m := name.FindStringSubmatch(config)
			if m == nil {
				t.Fatal("the example refers to no snapshot")
			}
			cli.WriteWhole(t, config+"output \"snapshot\" {\n  value = "+m[0]+"\n}\n")
			cli.Apply(t).MustSucceed(t)
			id := strings.TrimSpace(cli.Run(t, "output", "-raw", "snapshot").MustSucceed(t).Output)
			cli.WriteWhole(t, strings.ReplaceAll(block.ReplaceAllString(config, ""), m[0], fmt.Sprintf("%q", id)))
			cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 1 destroyed")
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		})
	}
}
