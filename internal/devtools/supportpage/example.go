package main

import (
	"fmt"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// providerExample shows a cloud's block with what it needs. Values come from variables, so that no credential is
// written into a configuration.
func providerExample(d driver.Descriptor) string {
	var vars, block strings.Builder
	for _, f := range d.Fields {
		if !f.Required && f.Name != d.Limits.LocationField {
			continue
		}
		variable := d.Name + "_" + f.Name
		fmt.Fprintf(&block, "    %s = var.%s\n", f.Name, variable)
		fmt.Fprintf(&vars, "variable %q {\n  type = string\n", variable)
		if f.Sensitive {
			vars.WriteString("  sensitive = true\n")
		}
		vars.WriteString("}\n\n")
	}
	var envs []string
	for _, f := range d.Fields {
		if f.Required && len(f.Env) > 0 {
			envs = append(envs, f.Env[0])
		}
	}
	comment := fmt.Sprintf("# %s, with explicit settings.", d.Title)
	if len(envs) > 0 {
		comment += "\n# The block is optional if the environment has " + strings.Join(envs, ", ") + "."
	}
	return comment + "\nprovider \"cloudsnap\" {\n  " + d.Name + " = {\n" + block.String() + "  }\n}\n\n" +
		strings.TrimRight(vars.String(), "\n") + "\n"
}
