package matrix

import (
	"maps"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const (
	snapshotType = "cloudsnap_snapshot"
	rotationType = "cloudsnap_snapshot_rotation"
	imageType    = "cloudsnap_custom_image"
	templateType = "cloudsnap_snapshot_template"
	volumeType   = "cloudsnap_snapshot_volume"
)

// verb is what an operation does with its resource.
type verb string

// The verbs. All but create begin with an object that exists.
const (
	create  verb = "create"
	read    verb = "read"
	update  verb = "update"
	replace verb = "replace"
	destroy verb = "delete"
	imports verb = "import"
	rotate  verb = "rotate"
)

// operation is an operation of a resource at every cloud that has the capability.
type operation struct {
	typeName   string
	verb       verb
	capability driver.Capability
	// config is a configuration with what the cloud requires.
	config func(w *world) prototest.Values
	// change changes the configuration. It returns false where the cloud has nothing to change in this way.
	change func(w *world, config prototest.Values) bool
	// ids returns the cloud's own IDs in a state.
	ids func(state prototest.Values) []string
}

func (o operation) name() string { return o.typeName[len("cloudsnap_"):] + " " + string(o.verb) }

// changes reports whether the operation creates, deletes or rotates: a mistake in it loses or doubles data.
func (o operation) changes() bool { return o.verb == create || o.verb == destroy || o.verb == rotate }

// operations lists every operation.
func operations() []operation {
	var out []operation
	add := func(o operation, verbs ...verb) {
		for _, v := range verbs {
			o.verb = v
			out = append(out, o)
		}
	}
	every := []verb{create, read, update, replace, destroy, imports}
	add(operation{
		typeName: snapshotType, capability: driver.CapabilitySnapshot, config: snapshotConfig,
		change: renamed, ids: attribute("snapshot_id"),
	}, every...)
	add(operation{
		typeName: rotationType, capability: driver.CapabilitySnapshotRotation, config: rotationConfig,
		change: triggered, ids: rotated,
	}, create, read, rotate, destroy)
	add(operation{
		typeName: imageType, capability: driver.CapabilityCustomImage, config: imageConfig,
		change: renamed, ids: attribute("image_id"),
	}, every...)
	add(operation{
		typeName: templateType, capability: driver.CapabilitySnapshotTemplate, config: ofSnapshot,
		change: renamed, ids: attribute("template_id"),
	}, every...)
	add(operation{
		typeName: volumeType, capability: driver.CapabilitySnapshotVolume, config: ofSnapshot,
		change: renamed, ids: attribute("volume_id"),
	}, every...)
	return out
}

// attribute returns the ID in one attribute.
func attribute(name string) func(prototest.Values) []string {
	return func(state prototest.Values) []string {
		if id, ok := state[name].(string); ok {
			return []string{id}
		}
		return nil
	}
}

// rotated returns the IDs of the snapshots of a rotation.
func rotated(state prototest.Values) []string {
	var out []string
	items, _ := state["snapshots"].([]any)
	for _, one := range items {
		if values, ok := one.(prototest.Values); ok {
			out = append(out, attribute("snapshot_id")(values)...)
		}
	}
	return out
}

// addressed adds the cloud, the location and short timeouts.
func addressed(c acctest.Case, more prototest.Values) prototest.Values {
	out := prototest.Values{"cloud": c.Name, "timeouts": prototest.Values{
		"create": "10m", "read": "2m", "update": "10m", "delete": "10m",
	}}
	if c.Sources[0].Location != "" {
		out["location"] = c.Sources[0].Location
	}
	maps.Copy(out, more)
	return out
}

func snapshotConfig(w *world) prototest.Values {
	config := addressed(w.c, prototest.Values{"source_id": w.c.Sources[0].SourceID})
	if w.c.Limits.Snapshot["name"].Settable() {
		config["name"] = ourName
	}
	return config
}

func rotationConfig(w *world) prototest.Values {
	config := addressed(w.c, prototest.Values{
		"source_id": w.c.Sources[0].SourceID, "triggers": prototest.Values{"version": "1"},
	})
	if w.c.Limits.Snapshot["name"].Settable() {
		config["name_prefix"] = ourName
	}
	return config
}

func imageConfig(w *world) prototest.Values {
	config := addressed(w.c, prototest.Values{"name": ourName, "url": "https://img.example.net/golden.qcow2"})
	for name, row := range w.c.Limits.Image {
		switch {
		case row.Support != driver.Required || name == "name":
		case len(row.OneOf) > 0:
			config[name] = row.OneOf[0]
		case name == "checksum":
			config[name] = "0123456789abcdef0123456789abcdef"
		default:
			config[name] = "12"
		}
	}
	return config
}

// ofSnapshot is the configuration of an object that is created from a snapshot of a person.
func ofSnapshot(w *world) prototest.Values {
	config := addressed(w.c, prototest.Values{"name": ourName})
	for _, snap := range w.box.Inventory()[w.c.Name].Snapshots {
		if at := w.c.Sources[0].Location; at == "" || snap.Location == at {
			config["snapshot_id"] = snap.SnapshotID
		}
	}
	return config
}

// renamed changes the name, where the cloud updates it in place.
func renamed(w *world, config prototest.Values) bool {
	if _, named := config["name"]; !named {
		return false
	}
	if _, ofSource := config["source_id"]; ofSource && !driver.UpdatesSnapshots(w.c.Driver) {
		return false
	}
	config["name"] = "changed"
	return true
}

// triggered makes a snapshot due.
func triggered(_ *world, config prototest.Values) bool {
	config["triggers"] = prototest.Values{"version": "2"}
	return true
}
