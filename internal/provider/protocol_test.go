package provider_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const (
	snapshotType = "cloudsnap_snapshot"
	imageType    = "cloudsnap_custom_image"
	templateType = "cloudsnap_snapshot_template"
	volumeType   = "cloudsnap_snapshot_volume"
	exportType   = "cloudsnap_snapshot_export"
	restoreType  = "cloudsnap_snapshot_restore"
)

// object is a type of resource as the tests over the protocol see it.
type object struct {
	typeName   string
	capability driver.Capability
	// parts are the parts of its import ID, id is the attribute with the cloud's own ID, and ready the state that it
	// ends in.
	parts func(driver.Limits) []driver.IDPart
	id    string
	ready driver.State
	// config is a configuration with what the cloud requires.
	config func(t *testing.T, s *acctest.Sandbox, c acctest.Case) prototest.Values
	// change is an attribute that some clouds update in place, empty where there is none.
	change string
}

func objects() []object {
	snapshotParts := func(t driver.Limits) []driver.IDPart { return t.SnapshotID }
	imageParts := func(t driver.Limits) []driver.IDPart { return t.ImageID }
	volumeParts := func(t driver.Limits) []driver.IDPart { return t.VolumeID }
	return []object{
		{snapshotType, driver.CapabilitySnapshot, snapshotParts, "snapshot_id", driver.StateReady, snapshotConfig, "name"},
		{imageType, driver.CapabilityCustomImage, imageParts, "image_id", driver.StateReady, imageConfig, "name"},
		{
			templateType,
			driver.CapabilitySnapshotTemplate,
			imageParts,
			"template_id",
			driver.StateReady,
			templateConfig,
			"name",
		},
		{exportType, driver.CapabilitySnapshotExport, snapshotParts, "snapshot_id", driver.StateExported, exportConfig, ""},
		{volumeType, driver.CapabilitySnapshotVolume, volumeParts, "volume_id", "detached", volumeConfig, "name"},
	}
}

// addressed is a configuration with the cloud and the location of the test's sources.
func addressed(c acctest.Case, more prototest.Values) prototest.Values {
	more["cloud"] = c.Name
	if c.Sources[0].Location != "" {
		more["location"] = c.Sources[0].Location
	}
	return more
}

func snapshotConfig(_ *testing.T, _ *acctest.Sandbox, c acctest.Case) prototest.Values {
	config := addressed(c, prototest.Values{"source_id": c.Sources[0].SourceID})
	if c.Limits.Snapshot["name"].Settable() {
		config["name"] = "nightly"
	}
	return config
}

func imageConfig(_ *testing.T, _ *acctest.Sandbox, c acctest.Case) prototest.Values {
	return addressed(c, prototest.Image(c, "golden"))
}

func templateConfig(t *testing.T, s *acctest.Sandbox, c acctest.Case) prototest.Values {
	t.Helper()
	return addressed(c, prototest.Values{"name": "golden", "snapshot_id": seeded(t, s, c).ObjectID})
}

func volumeConfig(t *testing.T, s *acctest.Sandbox, c acctest.Case) prototest.Values {
	t.Helper()
	return addressed(c, prototest.Values{"name": "restored", "snapshot_id": seeded(t, s, c).ObjectID})
}

func exportConfig(t *testing.T, s *acctest.Sandbox, c acctest.Case) prototest.Values {
	t.Helper()
	return addressed(c, prototest.Values{"snapshot_id": seeded(t, s, c).ObjectID})
}

// seeded is the first snapshot of the sandbox in the location of the test's sources.
func seeded(t *testing.T, s *acctest.Sandbox, c acctest.Case) driver.Ref {
	t.Helper()
	for _, snap := range s.Inventory()[c.Name].Snapshots {
		if at := c.Sources[0].Location; at == "" || snap.Location == at {
			return driver.Ref{Location: snap.Location, SourceID: snap.SourceID, ObjectID: snap.SnapshotID}
		}
	}
	t.Fatal("the sandbox has no snapshot to begin with")
	return driver.Ref{}
}

// eachObject runs a test for every type of resource at every cloud that has it.
func eachObject(
	t *testing.T, test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object), options ...sandboxtest.Option,
) {
	t.Helper()
	eachObjectWhere(t, func(driver.Driver) bool { return true }, test, options...)
}

// eachObjectWhere is eachObject without the clouds for which the test means nothing.
func eachObjectWhere(
	t *testing.T, applies func(driver.Driver) bool,
	test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object), options ...sandboxtest.Option,
) {
	t.Helper()
	for _, o := range objects() {
		t.Run(o.typeName, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloudWhere(t, o.capability, applies, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
				t.Helper()
				test(t, s, c, o)
			}, options...)
		})
	}
}

// attribute is what holds a part of the import ID.
func (o object) attribute(p driver.IDPart) string {
	switch p {
	case driver.PartLocation:
		return "location"
	case driver.PartSource:
		return "source_id"
	default:
		return o.id
	}
}

// checkIdentity compares the stored identity with the state: it has the cloud and the parts of the import ID, and
// nothing else.
func (o object) checkIdentity(t *testing.T, c acctest.Case, r *prototest.Resource) {
	t.Helper()
	state, want := r.Values(t), prototest.Values{}
	for name := range r.Identity(t) {
		want[name] = nil
	}
	want["cloud"] = c.Name
	for _, p := range o.parts(c.Limits) {
		want[o.attribute(p)] = state[o.attribute(p)]
	}
	if diff := cmp.Diff(want, r.Identity(t)); diff != "" {
		t.Errorf("the identity does not fit the state (-want +got):\n%s", diff)
	}
}

// A resource is created, read, updated, imported by ID and by identity, lost and destroyed, with its identity and
// without anything left in the private state.
func TestProtocol_lifecycle(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		before := len(s.Remaining())
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		r := p.Resource(t, o.typeName)
		plan := r.Plan(t, config)
		r.Apply(t, plan).MustSucceed(t)
		got := r.Values(t)
		ready := got["state"] == string(o.ready) && got[o.id] != nil && r.Private(t, "job") == ""
		if plan.Action != prototest.Create || !ready {
			t.Errorf("%s gave %v with the job %q", plan.Action, got, r.Private(t, "job"))
		}
		o.checkIdentity(t, c, r)
		created := r.Identity(t)

		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp {
			t.Errorf("the second plan is %s: %v", plan.Action, plan.Values)
		}
		if _, named := config[o.change]; named {
			config[o.change] = "changed"
			plan, want := r.Plan(t, config), prototest.Update
			if o.typeName == snapshotType && !driver.UpdatesSnapshots(c.Driver) {
				want = prototest.Replace
			}
			r.Apply(t, plan).MustSucceed(t)
			if plan.Action != want || r.Values(t)[o.change] != "changed" {
				t.Errorf("%s gave %v, want %s", plan.Action, r.Values(t), want)
			}
			if want == prototest.Replace {
				created = r.Identity(t)
			}
			r.Refresh(t).MustSucceed(t)
		}
		if diff := cmp.Diff(created, r.Identity(t)); diff != "" {
			t.Errorf("the identity has changed (-before +after):\n%s", diff)
		}

		id, _ := r.Values(t)["id"].(string)
		byID, byIdentity := p.Resource(t, o.typeName), p.Resource(t, o.typeName)
		byID.Import(t, id, nil).MustSucceed(t)
		byIdentity.Import(t, "", r.Identity(t)).MustSucceed(t)
		for how, imported := range map[string]*prototest.Resource{"ID": byID, "identity": byIdentity} {
			if diff := cmp.Diff(r.Identity(t), imported.Identity(t)); diff != "" || imported.Values(t)["id"] != id {
				t.Errorf("import by %s gives %v (-want +got):\n%s", how, imported.Values(t), diff)
			}
			s.ClearJournal()
			plan := imported.Plan(t, config)
			imported.Apply(t, plan).MustSucceed(t)
			if n := s.Mutations(c.Name); n != 0 || plan.Action == prototest.Replace {
				t.Errorf("after an import by %s, the plan is %s and sends %d changes", how, plan.Action, n)
			}
		}

		byID.Destroy(t).MustSucceed(t)
		if o.typeName == exportType {
			// An export cannot be taken back, so it is still there.
			return
		}
		if after := len(s.Remaining()); byID.Exists() || after != before {
			t.Errorf("%d objects became %d, and the state is %v", before, after, byID.Values(t))
		}
		r.Refresh(t).MustSucceed(t)
		if r.Exists() {
			t.Errorf("an object that is gone is still in the state: %v", r.Values(t))
		}

		// A CLI that stores no identity gets no error either.
		for _, noIdentity := range []bool{false, true} {
			gone := p.Resource(t, o.typeName)
			gone.NoIdentity = noIdentity
			gone.Import(t, id, nil).MustSucceed(t)
			if gone.Exists() {
				t.Errorf("something was imported that is gone: %v", gone.Values(t))
			}
		}
	})
}

// The lists show what a resource has made, under the same ID.
func TestProtocol_dataSources(t *testing.T) {
	t.Parallel()
	lists := map[string]string{snapshotType: "snapshots", imageType: "images", templateType: "images"}
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		list, ok := lists[o.typeName]
		if !ok {
			return
		}
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, o.config(t, s, c))).MustSucceed(t)
		values, diags := p.ReadData(t, "cloudsnap_"+list, addressed(c, prototest.Values{}))
		diags.MustSucceed(t)
		all, _ := values[list].([]any)
		found := slices.ContainsFunc(all, func(v any) bool {
			one, _ := v.(prototest.Values)
			return one["id"] == r.Values(t)["id"]
		})
		if !found {
			t.Errorf("%v is not in the list %v", r.Values(t)["id"], all)
		}
	})
}
