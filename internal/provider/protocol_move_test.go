package provider_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// eachMove runs a test for every type of another provider that moves to a type of ours.
func eachMove(
	t *testing.T, test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, m driver.Move),
) {
	t.Helper()
	count := 0
	for _, drv := range acctest.Drivers() {
		count += len(drv.Descriptor().Moves)
	}
	if count == 0 {
		t.Fatal("no cloud has moves")
	}
	moves := func(drv driver.Driver) bool { return len(drv.Descriptor().Moves) > 0 }
	eachObjectWhere(t, moves, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		for _, m := range c.Moves {
			if m.To == o.capability {
				test(t, s, c, o, m)
			}
		}
	})
}

// foreign is what another provider stores of an object: its attributes under their names, and some of its own.
func foreign(
	t *testing.T, m driver.Move, values prototest.Values, change func(stored map[string]any),
) prototest.Foreign {
	t.Helper()
	stored := map[string]any{
		"status": "downloaded", "standard_image": false, "last_updated": nil, "tags": []any{map[string]any{"a": 1}},
	}
	for ours, theirs := range m.Attributes {
		stored[theirs] = values[ours]
		text, _ := values[ours].(string)
		if n, err := strconv.Atoi(text); err == nil && ours == "source_id" {
			stored[theirs] = n
		}
	}
	if change != nil {
		change(stored)
	}
	raw, err := json.Marshal(stored)
	if err != nil {
		t.Fatal(err)
	}
	return prototest.Foreign{
		Provider: "registry.terraform.io/" + m.Provider, Type: m.Type, Attributes: string(raw),
	}
}

// A moved object is as an imported one, with the same identity, and nothing is planned for it.
func TestProtocol_movedIsAsImported(t *testing.T) {
	t.Parallel()
	eachMove(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, m driver.Move) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		made := p.Resource(t, o.typeName)
		made.Apply(t, made.Plan(t, config)).MustSucceed(t)
		id, _ := made.Values(t)["id"].(string)
		imported := p.Resource(t, o.typeName)
		imported.Import(t, id, nil).MustSucceed(t)
		s.ClearJournal()

		source := m.Attributes["source_id"]
		for name, from := range map[string]prototest.Foreign{
			"as it is": foreign(t, m, made.Values(t), nil),
			"source as text": foreign(t, m, made.Values(t), func(stored map[string]any) {
				if n, ok := stored[source].(int); ok {
					stored[source] = strconv.Itoa(n)
				}
			}),
			"source as a float": foreign(t, m, made.Values(t), func(stored map[string]any) {
				if n, ok := stored[source].(int); ok {
					stored[source] = json.Number(strconv.FormatFloat(float64(n), 'e', -1, 64))
				}
			}),
			"what cannot be in the cloud": foreign(t, m, made.Values(t), func(stored map[string]any) {
				for _, ours := range []string{"name", "description", "version", "os_type"} {
					if theirs, ok := m.Attributes[ours]; ok {
						stored[theirs] = "never sent"
					}
				}
			}),
			"only the IDs": foreign(t, m, made.Values(t), func(stored map[string]any) {
				for ours, theirs := range m.Attributes {
					if ours != "source_id" && ours != o.id {
						stored[theirs] = ""
					}
				}
			}),
		} {
			moved := p.Resource(t, o.typeName)
			moved.Move(t, from).MustSucceed(t)
			if diff := cmp.Diff(imported.Values(t), moved.Values(t)); diff != "" {
				t.Errorf("%s: the moved object differs (-imported +moved):\n%s", name, diff)
			}
			if diff := cmp.Diff(imported.Identity(t), moved.Identity(t)); diff != "" {
				t.Errorf("%s: the identity differs (-imported +moved):\n%s", name, diff)
			}
			o.checkIdentity(t, c, moved)
			if plan := moved.Plan(t, config); plan.Action != prototest.NoOp {
				t.Errorf("%s: the plan has %s: %v", name, plan.Action, plan.Values)
			}
		}
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
	})
}

// Without a refresh, the plan after a move replaces nothing.
func TestProtocol_movedWithoutRefresh(t *testing.T) {
	t.Parallel()
	eachMove(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, m driver.Move) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		made := p.Resource(t, o.typeName)
		made.Apply(t, made.Plan(t, config)).MustSucceed(t)
		moved := p.Resource(t, o.typeName)
		moved.MoveOnly(t, foreign(t, m, made.Values(t), nil)).MustSucceed(t)
		s.ClearJournal()
		plan := moved.Plan(t, config)
		if plan.Action != prototest.Update {
			t.Fatalf("the plan has %s: %v", plan.Action, plan.Values)
		}
		moved.Apply(t, plan).MustSucceed(t)
		moved.Refresh(t).MustSucceed(t)
		if plan := moved.Plan(t, config); plan.Action != prototest.NoOp || s.Mutations(c.Name) != 0 {
			t.Errorf("%s after %d changes: %v", plan.Action, s.Mutations(c.Name), plan.Values)
		}
	})
}

// A state without an ID cannot be moved, and the error has the import ID as far as it is known.
func TestProtocol_moveNeedsTheIDs(t *testing.T) {
	t.Parallel()
	eachMove(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, m driver.Move) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		values := prototest.Values{"name": "golden"}
		var ref driver.Ref
		for _, part := range o.parts(c.Limits) {
			values[o.attribute(part)] = "42001"
			ref.SetPart(part, "42001")
		}
		for _, part := range o.parts(c.Limits) {
			theirs, without := m.Attributes[o.attribute(part)], ref
			without.SetPart(part, "")
			for _, value := range []any{nil, "", "..", "a/b", true, []any{"a"}} {
				p.Resource(t, o.typeName).
					Move(t, foreign(t, m, values, func(stored map[string]any) { stored[theirs] = value })).
					MustFail(t, "Unable to move the state", "has no usable "+theirs, `"terraform state rm"`,
						"by its ID: "+c.FilledIDShape(o.parts(c.Limits), without)+".")
			}
			if part == driver.PartSource {
				p.Resource(t, o.typeName).
					Move(t, foreign(t, m, values, func(stored map[string]any) { stored[theirs] = 0 })).
					MustFail(t, "has no usable "+theirs)
			}
		}
		broken := foreign(t, m, values, nil)
		broken.Attributes = "[1]"
		p.Resource(t, o.typeName).Move(t, broken).MustFail(t, "cannot be read", c.IDShape(o.parts(c.Limits)))
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// What no cloud lists is left to Terraform.
func TestProtocol_otherTypesAreNotMoved(t *testing.T) {
	t.Parallel()
	eachMove(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, m driver.Move) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		values := prototest.Values{"name": "golden"}
		for _, part := range o.parts(c.Limits) {
			values[o.attribute(part)] = "42001"
		}
		good := foreign(t, m, values, nil)
		for _, from := range []prototest.Foreign{
			{Provider: good.Provider, Type: good.Type + "s"},
			{Provider: "registry.terraform.io/my" + m.Provider, Type: good.Type},
			{Provider: good.Provider + "x", Type: good.Type},
			{Provider: "registry.terraform.io/hashicorp/null", Type: "null_resource"},
		} {
			from.Attributes = good.Attributes
			p.Resource(t, o.typeName).Move(t, from).MustFail(t, "does not include support for the given source resource")
		}
		for _, host := range []string{"registry.opentofu.org/", "terraform.example.com/"} {
			from := good
			from.Provider = host + m.Provider
			p.Resource(t, o.typeName).MoveOnly(t, from).MustSucceed(t)
		}
	})
}

// A row of a move has every part of the import ID, and only texts of the type of ours.
func TestMoves_fitTheSchemas(t *testing.T) {
	resp, err := server(t).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, drv := range acctest.Drivers() {
		d := drv.Descriptor()
		for _, m := range d.Moves {
			i := slices.IndexFunc(objects(), func(o object) bool { return o.capability == m.To })
			if i < 0 || !driver.Supports(drv, m.To) || strings.Count(m.Provider, "/") != 1 {
				t.Fatalf("%s moves %s of %s to %s", d.Title, m.Type, m.Provider, m.To)
			}
			o := objects()[i]
			for _, part := range o.parts(d.Limits) {
				if m.Attributes[o.attribute(part)] == "" {
					t.Errorf("the move of %s has no %s", m.Type, o.attribute(part))
				}
			}
			for ours := range m.Attributes {
				if !slices.ContainsFunc(resp.ResourceSchemas[o.typeName].Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool {
					return a.Name == ours && a.Type != nil && a.Type.Is(tftypes.String)
				}) {
					t.Errorf("the move of %s sets %s, which is no text of %s", m.Type, ours, o.typeName)
				}
			}
		}
	}
}
