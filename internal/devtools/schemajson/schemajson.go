// Package schemajson writes schemas in the JSON format of `terraform providers schema -json`. The documentation is made
// from that JSON, and OpenTofu, which everybody can build, leaves out what it does not support: actions and list
// resources.
package schemajson

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Kinds are the kinds of types that only newer CLIs write, by the names of the JSON: kind, type, schema.
type Kinds map[string]map[string]Schema

// Schema is the schema of a type.
type Schema struct {
	// Version is nil for a kind without versions.
	Version *int64 `json:"version,omitempty"`
	Block   Block  `json:"block"`
}

// Block are the attributes of a schema.
type Block struct {
	Attributes      map[string]Attribute `json:"attributes,omitempty"`
	Description     string               `json:"description,omitempty"`
	DescriptionKind string               `json:"description_kind"`
	Deprecated      bool                 `json:"deprecated,omitempty"`
}

// Attribute is an attribute of a block or of a nested object. It has a type or a nested type.
type Attribute struct {
	Type            tftypes.Type `json:"type,omitempty"`
	NestedType      *NestedType  `json:"nested_type,omitempty"`
	Description     string       `json:"description,omitempty"`
	DescriptionKind string       `json:"description_kind"`
	Deprecated      bool         `json:"deprecated,omitempty"`
	Required        bool         `json:"required,omitempty"`
	Optional        bool         `json:"optional,omitempty"`
	Computed        bool         `json:"computed,omitempty"`
	Sensitive       bool         `json:"sensitive,omitempty"`
	WriteOnly       bool         `json:"write_only,omitempty"`
}

// NestedType is an object, or a collection of objects.
type NestedType struct {
	Attributes  map[string]Attribute `json:"attributes"`
	NestingMode string               `json:"nesting_mode"`
}

// listKind is the kind of list resources, the only one here whose schemas have a version.
const listKind = "list_resource_schemas"

// Read reads the schemas from a provider in this process. It sends no request to a cloud. A schema with blocks is an
// error: this provider has attributes only.
func Read(ctx context.Context, server tfprotov6.ProviderServer) (Kinds, error) {
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("read the schemas: %w", err)
	}
	if len(resp.Diagnostics) > 0 {
		first := resp.Diagnostics[0]
		return nil, fmt.Errorf("read the schemas: %s: %s", first.Summary, first.Detail)
	}
	actions := map[string]*tfprotov6.Schema{}
	for name, a := range resp.ActionSchemas {
		actions[name] = a.Schema
	}
	out := Kinds{}
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"action_schemas": actions, listKind: resp.ListResourceSchemas,
	} {
		out[kind] = map[string]Schema{}
		for name, s := range schemas {
			if len(s.Block.BlockTypes) > 0 {
				return nil, fmt.Errorf("%s has blocks", name)
			}
			one := Schema{Block: Block{
				Attributes: attributes(s.Block.Attributes), Description: s.Block.Description,
				DescriptionKind: kindOf(s.Block.DescriptionKind), Deprecated: s.Block.Deprecated,
			}}
			if kind == listKind {
				one.Version = &s.Version
			}
			out[kind][name] = one
		}
	}
	return out, nil
}

func attributes(list []*tfprotov6.SchemaAttribute) map[string]Attribute {
	out := map[string]Attribute{}
	for _, a := range list {
		one := Attribute{
			Type: a.Type, Description: a.Description, DescriptionKind: kindOf(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			one.NestedType = &NestedType{attributes(a.NestedType.Attributes), nestingMode(a.NestedType.Nesting)}
		}
		out[a.Name] = one
	}
	return out
}

func kindOf(kind tfprotov6.StringKind) string {
	if kind == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}

func nestingMode(mode tfprotov6.SchemaObjectNestingMode) string {
	switch mode {
	case tfprotov6.SchemaObjectNestingModeList:
		return "list"
	case tfprotov6.SchemaObjectNestingModeSet:
		return "set"
	case tfprotov6.SchemaObjectNestingModeMap:
		return "map"
	default:
		return "single"
	}
}

// Merge adds the kinds to the JSON of a CLI that has one provider. What the JSON already has of a kind is replaced.
func Merge(raw []byte, kinds Kinds) ([]byte, error) {
	var doc struct {
		FormatVersion string                                `json:"format_version"`
		Providers     map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read the schemas of the CLI: %w", err)
	}
	if len(doc.Providers) != 1 {
		return nil, fmt.Errorf("the schemas of the CLI are those of %d providers, not of one", len(doc.Providers))
	}
	for _, provider := range doc.Providers {
		for kind, types := range kinds {
			content, err := json.Marshal(types)
			if err != nil {
				return nil, fmt.Errorf("write %s: %w", kind, err)
			}
			provider[kind] = content
		}
	}
	return json.Marshal(doc)
}
