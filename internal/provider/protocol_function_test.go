package provider_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const rotationType = "cloudsnap_snapshot_rotation"

// parsed is the object that parse_id returns, with the attributes that are not null.
func parsed(t *testing.T, p *prototest.Provider, arguments ...any) prototest.Values {
	t.Helper()
	got, failed := p.CallFunction(t, "parse_id", arguments...)
	if failed != nil {
		t.Fatalf("parse_id of %v: %s", arguments, failed.Text)
	}
	object, _ := got.(prototest.Values)
	out := prototest.Values{}
	for name, v := range object {
		if v != nil {
			out[name] = v
		}
	}
	return out
}

func built(t *testing.T, p *prototest.Provider, object any) string {
	t.Helper()
	got, failed := p.CallFunction(t, "build_id", object)
	if failed != nil {
		t.Fatalf("build_id of %v: %s", object, failed.Text)
	}
	id, _ := got.(string)
	return id
}

// parse_id has the attributes that a resource has, for every type at every cloud. build_id returns the ID, from the
// same object and from the resource itself.
func TestProtocol_functionsSplitAndJoinIDs(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, o.config(t, s, c))).MustSucceed(t)
		state := r.Values(t)
		id, _ := state["id"].(string)
		want := prototest.Values{"type": o.typeName, "cloud": c.Name, "id": id}
		for _, part := range o.parts(c.Limits) {
			want[o.attribute(part)] = state[o.attribute(part)]
		}
		s.ClearJournal()
		arguments := []any{id, o.typeName}
		if o.typeName == snapshotType {
			arguments = arguments[:1]
		}
		got := parsed(t, p, arguments...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("parse_id of %s (-want +got):\n%s", id, diff)
		}
		if joined := built(t, p, got); joined != id {
			t.Errorf("build_id of it is %s, want %s", joined, id)
		}
		delete(state, "timeouts")
		state["type"] = o.typeName
		if o.typeName == templateType {
			id += "/" + state["snapshot_id"].(string) //nolint:forcetypeassert // A panic fails the test.
		}
		if joined := built(t, p, state); joined != id {
			t.Errorf("build_id of the resource is %s, want %s", joined, id)
		}
		if got = parsed(t, p, id, o.typeName); built(t, p, got) != id {
			t.Errorf("%s becomes %v", id, got)
		}
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// The IDs of rotations have a prefix, or a list of snapshots.
func TestProtocol_functionsOfRotations(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		parts := c.Limits.RotationID()
		ref := c.Sources[0]
		want := prototest.Values{"type": rotationType, "cloud": c.Name, "source_id": ref.SourceID}
		if ref.Location != "" {
			want["location"] = ref.Location
		}
		if c.Limits.Snapshot["name"].Settable() {
			ref.ObjectID, want["name_prefix"] = "nightly", "nightly"
		}
		id := c.FormatID(parts, ref)
		if !c.Limits.Snapshot["name"].Settable() && !c.Limits.SingleSnapshot() {
			snapshot := s.SnapshotIDs(c.Name)[0]
			id += "/" + snapshot + "," + snapshot
			want["snapshot_ids"] = []any{snapshot, snapshot}
		}
		want["id"] = id
		got := parsed(t, p, id, rotationType)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("parse_id of %s (-want +got):\n%s", id, diff)
		}
		if joined := built(t, p, got); joined != id {
			t.Errorf("build_id of it is %s, want %s", joined, id)
		}
	})
}

// An ID without the cloud's name becomes a complete one, and a number is a part of an ID.
func TestProtocol_functionsForgive(t *testing.T) {
	t.Parallel()
	p := prototest.Start(t, acctest.Start(t), nil)
	want := prototest.Values{
		"type": snapshotType, "cloud": "contabo", "source_id": "42001", "snapshot_id": "snap1700000042",
		"id": "contabo/42001/snap1700000042",
	}
	for _, id := range []string{"contabo/42001/snap1700000042", "42001/snap1700000042", `"contabo/42001/snap1700000042"`} {
		if diff := cmp.Diff(want, parsed(t, p, id)); diff != "" {
			t.Errorf("parse_id of %s (-want +got):\n%s", id, diff)
		}
	}
	object := prototest.Values{
		"cloud": "contabo", "source_id": 42001, "snapshot_id": "snap1700000042", "name": "a", "x": true,
	}
	if id := built(t, p, object); id != "contabo/42001/snap1700000042" {
		t.Errorf("the ID is %s", id)
	}
}

// An error is at the argument at fault, and has what to change.
func TestProtocol_functionsRefuse(t *testing.T) {
	t.Parallel()
	p := prototest.Start(t, acctest.Start(t), nil)
	for _, tc := range []struct {
		name      string
		arguments []any
		at        int64
		want      string
	}{
		{"parse_id", []any{"contabo/42001"}, 0, "here contabo/42001/<snapshot_id>"},
		{"parse_id", []any{""}, 0, "contabo/<instance_id>/<snapshot_id>"},
		{"parse_id", []any{"contabo/abc/snap1"}, 0, `source_id cannot be "abc" at Contabo`},
		{"parse_id", []any{"contabo/1", "cloudsnap_image"}, 1, "the type must be one of cloudsnap_snapshot, "},
		{"parse_id", []any{"contabo/1", imageType, imageType}, 2, "an ID has one type"},
		{"parse_id", []any{"koyeb/1", imageType}, 0, "a cloud that can do this"},
		{"parse_id", []any{"exoscale/z/t/S", templateType}, 0, `snapshot_id cannot be "S" at Exoscale`},
		{"build_id", []any{prototest.Values{}}, 0, "the cloud must be "},
		{"build_id", []any{"contabo/42001"}, 0, "must be an object"},
		{"build_id", []any{prototest.Values{"cloud": "contabbo"}}, 0, `Did you mean "contabo"?`},
		{"build_id", []any{prototest.Values{"cloud": "koyeb", "type": imageType}}, 0, "the cloud must be "},
		{"build_id", []any{prototest.Values{"cloud": "koyeb", "type": "volume"}}, 0, "the type must be one of "},
		{
			"build_id",
			[]any{prototest.Values{"cloud": "contabo", "instance_id": 42001}},
			0, "is contabo/<instance_id>/<snapshot_id>, and the object has no source_id and no snapshot_id",
		},
		{
			"build_id",
			[]any{prototest.Values{"cloud": "contabo", "source_id": "web", "snapshot_id": "s"}},
			0, `source_id cannot be "web"`,
		},
		{
			"build_id",
			[]any{prototest.Values{"cloud": "contabo", "source_id": "42001", "snapshot_id": "a/b"}},
			0, `snapshot_id cannot be "a/b"`,
		},
		{
			"build_id",
			[]any{prototest.Values{"cloud": "contabo", "source_id": true, "snapshot_id": "s"}},
			0, "source_id must be a text",
		},
		{
			"build_id",
			[]any{prototest.Values{
				"type": rotationType, "cloud": "exoscale", "location": "ch-gva-2",
				"source_id": "c1000000-0000-4000-8000-000000000002", "snapshot_ids": []any{"x"},
			}},
			0, `snapshot_ids cannot be "x"`,
		},
	} {
		_, failed := p.CallFunction(t, tc.name, tc.arguments...)
		if failed == nil || failed.Argument == nil || *failed.Argument != tc.at || !strings.Contains(failed.Text, tc.want) {
			t.Errorf("%s of %v: %+v, want %q at %d", tc.name, tc.arguments, failed, tc.want, tc.at)
		}
	}
}
