// Command supportpage writes what follows from the list of clouds: the guide on what each cloud can do
// (templates/guides/cloud-support.md) and one example of the provider's block per cloud
// (examples/provider/provider-<cloud>.tf). Which types there are comes from the provider's schema, so a type that is
// not built yet is not promised.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

func main() {
	root := flag.String("root", ".", "folder that holds templates/ and examples/")
	schema := flag.String("schema", "", "`file` with the provider's schema, from providers schema -json")
	flag.Parse()
	if err := run(*root, *schema, "internal/drivers", all.Drivers()); err != nil {
		fmt.Fprintln(os.Stderr, "supportpage:", err)
		os.Exit(1)
	}
}

func run(root, schemaFile, figures string, drivers []driver.Driver) error {
	types, err := readTypes(schemaFile)
	if err != nil {
		return err
	}
	page, err := supportPage(drivers, types, figures)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(root, "templates", "guides", "cloud-support.md"), page); err != nil {
		return err
	}
	for _, d := range drivers {
		desc := d.Descriptor()
		if err := write(
			filepath.Join(root, "examples", "provider", "provider-"+desc.Name+".tf"),
			providerExample(desc),
		); err != nil {
			return err
		}
	}
	return nil
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// tfType is a type that the provider offers.
type tfType struct{ kind, name string }

// readTypes takes the types from a schema, in the order resources, data sources, ephemeral resources, list resources,
// actions, each by name.
func readTypes(file string) ([]tfType, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	type names map[string]json.RawMessage
	var doc struct {
		Providers map[string]struct {
			Resources  names `json:"resource_schemas"`
			Data       names `json:"data_source_schemas"`
			Ephemerals names `json:"ephemeral_resource_schemas"`
			Lists      names `json:"list_resource_schemas"`
			Actions    names `json:"action_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	var out []tfType
	for _, p := range doc.Providers {
		for kind, found := range map[string]names{
			"resource": p.Resources, "data source": p.Data, "ephemeral resource": p.Ephemerals,
			kindList: p.Lists, kindAction: p.Actions,
		} {
			for name := range found {
				out = append(out, tfType{kind: kind, name: name})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the schema in %s has no types", file)
	}
	slices.SortFunc(out, func(a, b tfType) int { return compareTypes(a, b) })
	return out, nil
}
