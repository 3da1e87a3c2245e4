package provider_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// tables are the attribute tables of the nouns at one cloud.
func tables(l driver.Limits) map[string]driver.Attributes {
	return map[string]driver.Attributes{
		snapshotType: l.Snapshot, imageType: l.Image, templateType: l.Template, volumeType: l.Volume,
		exportType: nil,
	}
}

// The plan of a create has null for an attribute that the cloud does not support, and unknown for one that it sets.
func TestProtocol_createIsPlannedByTheTable(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		anywhere, table := driver.Attributes{}, tables(c.Limits)[o.typeName]
		for _, d := range acctest.Drivers() {
			maps.Copy(anywhere, tables(d.Descriptor().Limits)[o.typeName])
		}
		config := o.config(t, s, c)
		plan := prototest.Start(t, s, nil).Resource(t, o.typeName).Plan(t, config)
		for name := range anywhere {
			if config[name] != nil {
				continue
			}
			switch got := plan.Values[name]; {
			case !table[name].Supported() && got != nil:
				t.Errorf("%s is not supported, and planned as %v", name, got)
			case table[name].Support == driver.Computed && got != prototest.Unknown:
				t.Errorf("%s is computed, and planned as %v", name, got)
			}
		}
	})
}

// A cloud that does not support the type gets one error, and not those of its attributes.
func TestProtocol_unsupportedCloudIsOneError(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		for _, d := range acctest.Drivers() {
			if driver.Supports(d, o.capability) {
				continue
			}
			config["cloud"] = d.Descriptor().Name
			diags := prototest.Start(t, s, nil).Resource(t, o.typeName).Plan(t, config).Diagnostics
			diags.MustFail(t, "is not available at "+d.Descriptor().Title)
			if len(diags) != 1 {
				t.Errorf("%s: %d diagnostics, want one: %v", d.Descriptor().Title, len(diags), diags)
			}
		}
	})
}

// The plan that resumes a wait has unknown for an attribute that only the cloud sets, because the wait may change it.
// An attribute that a configuration may set keeps its value.
func TestProtocol_resumeIsPlannedByTheTable(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		r := interrupted(t, s, c, o, prototest.Start(t, s, nil), config)
		if r == nil {
			return
		}
		settable := driver.Attributes{}
		for _, d := range acctest.Drivers() {
			for name, row := range tables(d.Descriptor().Limits)[o.typeName] {
				if row.Settable() {
					settable[name] = row
				}
			}
		}
		state, plan := r.Values(t), r.Plan(t, config).Values
		for name, row := range tables(c.Limits)[o.typeName] {
			own := name == o.id // An ID that the cloud has assigned stays.
			switch _, keeps := settable[name]; {
			case (keeps || own) && state[name] != nil && plan[name] != state[name]:
				t.Errorf("%s = %v is planned as %v", name, state[name], plan[name])
			case !keeps && !own && row.Support == driver.Computed && plan[name] != prototest.Unknown:
				t.Errorf("%s is planned as %v", name, plan[name])
			}
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// The plan of an update in place changes what the configuration changes, and leaves every other attribute known.
func TestProtocol_updateLeavesTheRestKnown(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		if _, named := config[o.change]; !named {
			return
		}
		r := prototest.Start(t, s, nil).Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		config[o.change] = "changed"
		state, plan := r.Values(t), r.Plan(t, config)
		if plan.Action != prototest.Update {
			return // The cloud cannot update it in place.
		}
		for name, before := range state {
			// Every change of an image changes the time of its last change.
			if got := plan.Values[name]; name != o.change && name != "last_modified_at" && !reflect.DeepEqual(got, before) {
				t.Errorf("%s = %v is planned as %v", name, before, got)
			}
		}
		r.Apply(t, plan).MustSucceed(t)
		o.checkIdentity(t, c, r)
	})
}
