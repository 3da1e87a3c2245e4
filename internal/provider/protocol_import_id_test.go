package provider_test

import (
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// An import ID that is not complete is understood if it can mean one thing only.
func TestProtocol_importIDsThatMeanOneThing(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		made := p.Resource(t, o.typeName)
		made.Apply(t, made.Plan(t, o.config(t, s, c))).MustSucceed(t)
		id, _ := made.Values(t)["id"].(string)
		rest := strings.TrimPrefix(id, c.Name+"/")
		understood := func(p *prototest.Provider, form string) {
			t.Helper()
			r := p.Resource(t, o.typeName)
			if r.Import(t, form, nil).MustSucceed(t); !r.Exists() || r.Values(t)["id"] != id {
				t.Errorf("%q is understood as %v, want %s", form, r.Values(t), id)
			}
			o.checkIdentity(t, c, r)
		}
		understood(p, id)
		understood(p, " "+id+"\n")
		understood(p, `"`+id+`"`)
		understood(p, "'"+id+"'")
		understood(p, strings.ToUpper(c.Name)+"/"+rest)

		alone := prototest.Start(t, s.Only(c.Name), nil)
		understood(alone, rest)
		if !c.Limits.Location.Settable() {
			return
		}
		zone, object, _ := strings.Cut(rest, "/")
		understood(p, object+"@"+zone)
		understood(p, c.Name+"/"+object+"@"+zone)
		r := alone.Resource(t, o.typeName)
		r.Import(t, object, nil).MustFail(t, c.Name+"/<zone>/"+object)
		r.Import(t, c.Name+"/"+object, nil).MustFail(t, "here "+c.Name+"/<zone>/"+object)
		settings := prototest.Values{c.Name: prototest.Values{c.Limits.LocationField: zone}}
		understood(prototest.Start(t, s.Only(c.Name), settings), object)
		understood(prototest.Start(t, s.Only(c.Name), settings), c.Name+"/"+object)
	})
}

// With all clouds configured, the IDs that only one cloud can have are understood. The errors for the others have the
// user's own values in the right forms.
func TestProtocol_importIDsWithoutCloud(t *testing.T) {
	t.Parallel()
	const uuid = "5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69"
	s := acctest.Start(t)
	p := prototest.Start(t, s, nil)
	snapshot := p.Resource(t, snapshotType)
	snapshot.Import(t, "42001/snap1700000042", nil).MustSucceed(t)
	if got := snapshot.Values(t)["id"]; got != "contabo/42001/snap1700000042" {
		t.Errorf("the snapshot has the ID %v", got)
	}
	s.ClearJournal()
	for _, tc := range []struct {
		typeName, id string
		want         []string
	}{
		{snapshotType, "snap1700000042", []string{"\n  contabo/<instance_id>/snap1700000042\n  exoscale/<zone>/<snap"}},
		{snapshotType, "contabo/snap1700000042", []string{"here contabo/<instance_id>/snap1700000042"}},
		{snapshotType, "contabo/42001", []string{"here contabo/42001/<snapshot_id>"}},
		{snapshotType, "42001", []string{"2 clouds have such IDs", "contabo/42001/<snapshot_id>", "hostinger/42001"}},
		{snapshotType, uuid, []string{"clouds have such IDs", "contabo/<instance_id>/" + uuid, "koyeb/" + uuid}},
		{snapshotType, "mars/42001/snap1700000042", []string{"contabo/<instance_id>/<snapshot_id>", "hostinger/<vm_id>"}},
		{snapshotType, uuid + "@Mars", []string{"exoscale/<zone>/<snapshot_id>"}},
		{snapshotType, "exoscale/" + uuid + "@ch-gva-2@x", []string{"exoscale/<zone>/<snapshot_id>"}},
		{snapshotType, "ch-gva-2/" + uuid + "/x", []string{"exoscale/<zone>/<snapshot_id>"}},
		{snapshotType, "42001//snap1700000042", []string{"contabo/<instance_id>/<snapshot_id>"}},
		{snapshotType, "https://example.com/42001/snap1700000042", []string{"contabo/<instance_id>/<snapshot_id>"}},
		{snapshotType, `""`, []string{"contabo/<instance_id>/<snapshot_id>"}},
		{snapshotType, "contabo", []string{"Contabo expects contabo/<instance_id>/<snapshot_id>"}},
		{imageType, uuid, []string{"2 clouds have such IDs", "contabo/" + uuid, "exoscale/<zone>/" + uuid}},
		{imageType, "koyeb/" + uuid, []string{"that can do this", "contabo/<image_id>", "exoscale/<zone>/<template_id>"}},
		{"cloudsnap_snapshot_rotation", "nightly", []string{"contabo/<instance_id>/nightly", "koyeb/<volume_id>/nightly"}},
	} {
		p.Resource(t, tc.typeName).Import(t, tc.id, nil).MustFail(t, append(tc.want, "Invalid import ID")...)
	}
	for _, d := range acctest.Drivers() {
		if n := len(s.Requests(d.Descriptor().Name)); n != 0 {
			t.Errorf("%d requests were sent to %s", n, d.Descriptor().Title)
		}
	}
}

// One more part of an ID is found in the short forms, too.
func TestProtocol_importIDsWithOneMorePart(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotTemplate, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		made := p.Resource(t, templateType)
		config := templateConfig(t, s, c)
		made.Apply(t, made.Plan(t, config)).MustSucceed(t)
		id, _ := made.Values(t)["id"].(string)
		snapshot, _ := config["snapshot_id"].(string)
		for _, form := range []string{id + "/" + snapshot, strings.TrimPrefix(id, c.Name+"/") + "/" + snapshot} {
			r := p.Resource(t, templateType)
			r.Import(t, form, nil).MustSucceed(t)
			if got := r.Values(t); got["id"] != id || got["snapshot_id"] != snapshot {
				t.Errorf("%s is understood as %v", form, got)
			}
		}
	})
	byIDs := acctest.WhereLimits(func(l driver.Limits) bool {
		return !l.Snapshot["name"].Settable() && !l.SingleSnapshot()
	})
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, byIDs,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			snap := s.Inventory()[c.Name].Snapshots[0]
			source := driver.Ref{Location: snap.Location, SourceID: snap.SourceID}
			short := strings.TrimPrefix(c.FormatID(c.Limits.RotationID(), source), c.Name+"/") + "/" + snap.SnapshotID
			r := prototest.Start(t, s, nil).Resource(t, "cloudsnap_snapshot_rotation")
			r.Import(t, short, nil).MustSucceed(t)
			if got := r.Values(t)["latest_snapshot_id"]; got != snap.SnapshotID {
				t.Errorf("%s adopts %v", short, got)
			}
		})
}

// An identity with an attribute that means nothing at its cloud is refused.
func TestProtocol_identityHasNoOtherAttributes(t *testing.T) {
	t.Parallel()
	without := acctest.WhereLimits(func(l driver.Limits) bool { return !l.Location.Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, without, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		identity := prototest.Values{"cloud": c.Name, "location": "ch-gva-2"}
		for _, part := range c.Limits.SnapshotID {
			identity[object{id: "snapshot_id"}.attribute(part)] = "1"
		}
		prototest.Start(t, s, nil).Resource(t, snapshotType).Import(t, "", identity).
			MustFail(t, "Invalid import identity", "The identity has a location, which identifies no snapshot at "+c.Title)
	})
}
