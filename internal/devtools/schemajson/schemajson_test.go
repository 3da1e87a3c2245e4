package schemajson_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/devtools/schemajson"
)

// server is a provider with the schema of one action, which is also that of a list resource.
type server struct {
	tfprotov6.ProviderServer
	block *tfprotov6.SchemaBlock
}

func (s server) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	schema := &tfprotov6.Schema{Block: s.block}
	return &tfprotov6.GetProviderSchemaResponse{
		ActionSchemas:       map[string]*tfprotov6.ActionSchema{"x_reboot": {Schema: schema}},
		ListResourceSchemas: map[string]*tfprotov6.Schema{"x_reboot": schema},
	}, nil
}

func TestMerge(t *testing.T) {
	kinds, err := schemajson.Read(t.Context(), server{block: &tfprotov6.SchemaBlock{
		Description: "Reboots.", DescriptionKind: tfprotov6.StringKindMarkdown,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "ids", Type: tftypes.List{ElementType: tftypes.String}, Required: true},
			{Name: "secret", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true, Deprecated: true},
			{Name: "disks", Optional: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeMap,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "size", Type: tftypes.Number, Optional: true}},
			}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const cli = `{"format_version":"1.0","provider_schemas":{"x":{"resource_schemas":{"x_vm":{"version":1}},
		"action_schemas":{"old":{}}}}}`
	merged, err := schemajson.Merge([]byte(cli), kinds)
	if err != nil {
		t.Fatal(err)
	}
	const block = `"block":{"description":"Reboots.","description_kind":"markdown","attributes":{
			"ids":{"type":["list","string"],"description_kind":"plain","required":true},
			"secret":{"type":"string","description_kind":"plain","optional":true,"sensitive":true,"write_only":true,
				"deprecated":true},
			"disks":{"nested_type":{"nesting_mode":"map","attributes":{
				"size":{"type":"number","description_kind":"plain","optional":true}}},
				"description_kind":"plain","optional":true}
		}}`
	const want = `{"format_version":"1.0","provider_schemas":{"x":{"resource_schemas":{"x_vm":{"version":1}},
		"action_schemas":{"x_reboot":{` + block + `}},
		"list_resource_schemas":{"x_reboot":{"version":0,` + block + `}}}}}`
	if diff := cmp.Diff(decoded(t, want), decoded(t, string(merged))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func decoded(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMerge_needsOneProvider(t *testing.T) {
	for text, want := range map[string]string{
		`{"provider_schemas":{"x":{},"y":{}}}`: "2 providers", `{}`: "0 providers", `[]`: "read the schemas of the CLI",
	} {
		if _, err := schemajson.Merge([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestRead_refusesBlocks(t *testing.T) {
	block := &tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "disk"}}}
	_, err := schemajson.Read(t.Context(), server{block: block})
	if err == nil || !strings.Contains(err.Error(), "x_reboot") {
		t.Errorf("got %v", err)
	}
}
