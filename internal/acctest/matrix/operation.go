package matrix

import (
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const (
	snapshotType = "cloudsnap_snapshot"
	rotationType = "cloudsnap_snapshot_rotation"
	restoreType  = "cloudsnap_snapshot_restore"
	imageType    = "cloudsnap_custom_image"
	templateType = "cloudsnap_snapshot_template"
	volumeType   = "cloudsnap_snapshot_volume"
	exportType   = "cloudsnap_snapshot_export"
)

// verb is what an operation does.
type verb string

// The verbs of resources. All but create begin with an object that exists.
const (
	create  verb = "create"
	read    verb = "read"
	update  verb = "update"
	replace verb = "replace"
	destroy verb = "delete"
	imports verb = "import"
	rotate  verb = "rotate"
)

// The verbs of everything else: an action is invoked, a list resource lists, a data source reads data, and an ephemeral
// resource is opened.
const (
	invoke verb = "invoke"
	list   verb = "list"
	data   verb = "data"
	opens  verb = "open"
)

// operation is an operation of a type of the provider, at every cloud that has the capability.
type operation struct {
	typeName   string
	verb       verb
	capability driver.Capability
	// variant distinguishes operations with the same type and verb.
	variant string
	// handles are the types of the objects that the operation reads or changes. There are such objects of others.
	handles []string
	// prepare changes the world before the operation.
	prepare func(w *world)
	// config is a configuration with what the cloud requires.
	config func(w *world) prototest.Values
	// change changes the configuration. It returns false where the cloud has nothing to change in this way.
	change func(w *world, config prototest.Values) bool
	// ids returns the cloud's own IDs in a state.
	ids func(state prototest.Values) []string
	// importID returns the import ID of a state; nil means its id.
	importID func(w *world, state prototest.Values) string
	// warns means that a run without a fault has warnings.
	warns bool
	// makes is how many objects an action makes.
	makes int
}

func (o operation) name() string {
	name := o.typeName[len("cloudsnap_"):] + " " + string(o.verb)
	if o.variant != "" {
		name += " " + o.variant
	}
	return name
}

// changes reports whether the operation creates, deletes or rotates: a mistake in it loses or doubles an object.
func (o operation) changes() bool {
	return slices.Contains([]verb{create, destroy, rotate}, o.verb) && o.typeName != restoreType || o.makes > 0
}

// stateless reports whether the operation has no state.
func (o operation) stateless() bool { return o.verb == invoke || o.answers() }

// answers reports whether the operation only answers.
func (o operation) answers() bool { return slices.Contains([]verb{list, data, opens}, o.verb) }

// operations lists every operation.
func operations() []operation {
	return slices.Concat(resourceOperations(), actionOperations(), listOperations(), dataOperations())
}

// each returns an operation with each of the verbs.
func each(o operation, verbs ...verb) []operation {
	out := make([]operation, 0, len(verbs))
	for _, v := range verbs {
		o.verb = v
		out = append(out, o)
	}
	return out
}

func resourceOperations() []operation {
	every := []verb{create, read, update, replace, destroy, imports}
	rotation := operation{
		typeName: rotationType, capability: driver.CapabilitySnapshotRotation, handles: []string{snapshotType},
		config: rotationConfig, change: triggered, ids: rotated, importID: rotationID,
	}
	prolonging := rotation
	prolonging.change = prolonged
	restore := operation{
		typeName: restoreType, capability: driver.CapabilitySnapshotRestore, handles: []string{snapshotType},
		prepare: restorable, config: restoreConfig, change: triggered, ids: none, warns: true,
	}
	images := []string{imageType, templateType}
	return slices.Concat(
		each(operation{
			typeName: snapshotType, capability: driver.CapabilitySnapshot, handles: []string{snapshotType},
			config: snapshotConfig, change: renamed, ids: attribute("snapshot_id"),
		}, every...),
		each(rotation, create, read, rotate, replace, destroy, imports),
		each(prolonging, update),
		each(restore, create, read, update, replace, destroy),
		each(operation{
			typeName: imageType, capability: driver.CapabilityCustomImage, handles: images,
			config: imageConfig, change: renamed, ids: attribute("image_id"),
		}, every...),
		each(operation{
			typeName: templateType, capability: driver.CapabilitySnapshotTemplate, handles: images,
			config: ofSnapshot, change: renamed, ids: attribute("template_id"),
		}, every...),
		each(operation{
			typeName: volumeType, capability: driver.CapabilitySnapshotVolume, handles: []string{volumeType},
			config: ofSnapshot, change: renamed, ids: attribute("volume_id"),
		}, every...),
		each(operation{
			typeName: exportType, capability: driver.CapabilitySnapshotExport, handles: []string{snapshotType},
			config: exportConfig, change: hurried, ids: none, warns: true,
		}, every...),
	)
}

func actionOperations() []operation {
	return slices.Concat(
		each(operation{
			typeName: "cloudsnap_create_snapshot", capability: driver.CapabilitySnapshot, handles: []string{snapshotType},
			config: createActionConfig, makes: 1,
		}, invoke),
		each(operation{
			typeName: "cloudsnap_restore_snapshot", capability: driver.CapabilitySnapshotRestore,
			handles: []string{snapshotType}, prepare: restorable, config: restoreActionConfig,
		}, invoke),
		each(operation{
			typeName: "cloudsnap_export_snapshot", capability: driver.CapabilitySnapshotExport,
			handles: []string{snapshotType}, config: exportActionConfig,
		}, invoke),
	)
}

func listOperations() []operation {
	return slices.Concat(
		each(operation{
			typeName: snapshotType, capability: driver.CapabilitySnapshot, handles: []string{snapshotType}, config: within,
		}, list),
		each(operation{
			typeName: imageType, capability: driver.CapabilityCustomImage, handles: []string{imageType}, config: within,
		}, list),
		each(operation{
			typeName: templateType, capability: driver.CapabilitySnapshotTemplate, handles: []string{templateType},
			config: within,
		}, list),
		each(operation{
			typeName: volumeType, capability: driver.CapabilitySnapshotVolume, handles: []string{volumeType}, config: within,
		}, list),
	)
}

func dataOperations() []operation {
	snapshots, images := []string{snapshotType}, []string{imageType, templateType}
	var out []operation
	add := func(
		typeName, variant string, needs driver.Capability, handles []string, config func(*world) prototest.Values,
	) {
		out = append(out, operation{
			typeName: typeName, verb: data, variant: variant, capability: needs, handles: handles, config: config,
		})
	}
	add(snapshotType, "by ID", driver.CapabilitySnapshot, snapshots, byID(snapshotType))
	add(snapshotType, "by source", driver.CapabilitySnapshot, snapshots, newestOfSource)
	add("cloudsnap_snapshots", "", driver.CapabilitySnapshot, snapshots, withinRead)
	add("cloudsnap_snapshots", "of source", driver.CapabilitySnapshot, snapshots, ofSource)
	add("cloudsnap_snapshot_sources", "", driver.CapabilitySnapshotSources, snapshots, withinRead)
	add("cloudsnap_image", "by ID", driver.CapabilityCustomImage, images, byID(imageType))
	add("cloudsnap_image", "by name", driver.CapabilityCustomImage, images, newestByName)
	add("cloudsnap_images", "", driver.CapabilityImages, images, withinRead)
	add("cloudsnap_image_stats", "", driver.CapabilityImageStats, images, readable)
	return append(out, operation{
		typeName: exportType, verb: opens, capability: driver.CapabilitySnapshotExport, handles: snapshots,
		config: openConfig,
	})
}
