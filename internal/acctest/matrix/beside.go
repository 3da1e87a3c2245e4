package matrix

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// beside is a resource that the run does not touch.
type beside struct {
	typeName string
	// far is a resource of another state, whose provider does not run. Any other is of the same state.
	far    bool
	r      *prototest.Resource
	config prototest.Values
}

func (b beside) String() string {
	if b.far {
		return b.typeName + " of another state"
	}
	return b.typeName + " of the same state"
}

// objectType is how to make an object of a type.
type objectType struct {
	capability driver.Capability
	config     func(w *world) prototest.Values
}

func objectTypes() map[string]objectType {
	return map[string]objectType{
		snapshotType: {driver.CapabilitySnapshot, snapshotConfig},
		imageType:    {driver.CapabilityCustomImage, imageConfig},
		templateType: {driver.CapabilitySnapshotTemplate, ofSnapshot},
		volumeType:   {driver.CapabilitySnapshotVolume, ofSnapshot},
	}
}

// makeOthers creates what must stay as it is: of every type that the operation handles, and of snapshots, an object of
// the same state that the run does not touch, one of another state, and one of a person. They have the name of the
// resource under test, and its source where that has room.
func (w *world) makeOthers() {
	for _, typeName := range slices.Compact(append([]string{snapshotType}, w.op.handles...)) {
		kind := objectTypes()[typeName]
		if !driver.Supports(w.drv, kind.capability) {
			continue
		}
		config := kind.config(w)
		if typeName == snapshotType && w.c.Limits.SingleSnapshot() {
			// There is room for one, at another source.
			w.makeRoom(w.c.Sources[0])
			config["source_id"], config[driver.ReplaceExisting] = w.c.Sources[1].SourceID, true
			w.beside = append(w.beside, beside{typeName, false, w.stranger().make(typeName, config), config})
			continue
		}
		for _, far := range []bool{false, true} {
			w.beside = append(w.beside, beside{typeName, far, w.stranger().make(typeName, config), config})
		}
		if typeName == snapshotType && w.op.typeName == rotationType && w.room(w.c.Sources[0]) < 4 {
			continue // A rotation has two snapshots at a time, and a rival takes the last slot.
		}
		w.stranger().make(typeName, config)
	}
}

// checkBeside fails if the next plan of a resource that the run has not touched is not empty. A refresh that changes
// nothing leaves the plan empty, as make has left it.
func (w *world) checkBeside() {
	for _, one := range w.beside {
		one.r.MoveTo(w.process)
		if one.far {
			one.r.MoveTo(w.stranger().process)
		}
		before := one.r.Stored()
		w.must("refresh of the "+one.String(), one.r.Refresh(w.t))
		if one.r.Stored() == before {
			continue
		}
		if plan := one.r.Plan(w.t, one.config); plan.Action != prototest.NoOp {
			w.t.Errorf("theft: the plan of the %s is %s", one, plan.Action)
		}
	}
}

// stranger is somebody else with a provider. No fault meets the requests.
type stranger struct {
	w       *world
	process *prototest.Provider
}

func (w *world) stranger() stranger {
	box := w.box.Through(w.wire.next)
	return stranger{w, prototest.Start(w.t, box, prototest.Values{"poll_interval": poll.String()})}
}

// make makes an object of a type. Its next plan is empty.
func (s stranger) make(typeName string, config prototest.Values) *prototest.Resource {
	t := s.w.t
	r := s.process.Resource(t, typeName)
	r.Apply(t, r.Plan(t, config)).MustSucceed(t)
	r.Refresh(t).MustSucceed(t)
	if plan := r.Plan(t, config); plan.Action != prototest.NoOp {
		t.Fatalf("the next plan of a new %s is %s", typeName, plan.Action)
	}
	return r
}

// rivals are the types of the objects that an operation creates, by the type of the operation.
func rivals() map[string]string {
	return map[string]string{
		snapshotType: snapshotType, rotationType: snapshotType, "cloudsnap_create_snapshot": snapshotType,
		imageType: imageType, templateType: templateType, volumeType: volumeType,
	}
}

// hasRival reports whether a cell is also run with a person who creates the same object at the moment of the call: one
// with a create whose result a client cannot see. Where a source has a single snapshot, only one of both can exist.
func (c cell) hasRival() bool {
	creates := slices.Contains([]verb{create, replace, rotate, invoke}, c.op.verb) && rivals()[c.op.typeName] != ""
	return creates && c.call.method == http.MethodPost && !c.call.isToken() && c.fault.ambiguous() &&
		!c.drv.Descriptor().Limits.SingleSnapshot()
}

// withRivals adds the cells with a rival.
func withRivals(cells []cell) []cell {
	out := slices.Clone(cells)
	for _, one := range cells {
		if one.hasRival() {
			one.rival = true
			out = append(out, one)
		}
	}
	return out
}

// makeRival creates an object of a person like the one under test, and returns when it exists. It becomes one of the
// others.
func (w *world) makeRival() {
	typeName, before := rivals()[w.op.typeName], w.objects()
	r := w.stranger().process.Resource(w.t, typeName)
	r.Begin(w.t, r.Plan(w.t, objectTypes()[typeName].config(w)))
	others := maps.Clone(w.others)
	for len(others) == len(w.others) {
		<-time.After(time.Second)
		for object, is := range w.objects() {
			if _, existed := before[object]; !existed {
				others[object] = is
			}
		}
	}
	w.others, w.hasRival = others, true
}
