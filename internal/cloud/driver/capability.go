package driver

// Capability is a feature that some clouds support.
type Capability string

// The capabilities, named after the Terraform type that needs them.
const (
	CapabilitySnapshot         Capability = "snapshot"
	CapabilitySnapshotRestore  Capability = "snapshot_restore"
	CapabilityCustomImage      Capability = "custom_image"
	CapabilityImages           Capability = "images"
	CapabilityImageStats       Capability = "image_stats"
	CapabilitySnapshotTemplate Capability = "snapshot_template"
	CapabilitySnapshotVolume   Capability = "snapshot_volume"
	CapabilitySnapshotExport   Capability = "snapshot_export"
	CapabilitySnapshotSources  Capability = "snapshot_sources"
	CapabilitySnapshotRotation Capability = "snapshot_rotation"
)

// AllCapabilities returns the capabilities in the order of the documentation.
func AllCapabilities() []Capability {
	return []Capability{
		CapabilitySnapshot, CapabilitySnapshotRotation, CapabilitySnapshotRestore, CapabilityCustomImage,
		CapabilitySnapshotTemplate, CapabilitySnapshotVolume, CapabilitySnapshotExport, CapabilitySnapshotSources,
		CapabilityImages, CapabilityImageStats,
	}
}

// Supports reports whether a cloud has a capability: whether its client implements the interface.
func Supports(drv Driver, a Capability) bool {
	client, err := probe(drv)
	if err != nil {
		return false
	}
	return clientSupports(client, a)
}

func clientSupports(client Client, a Capability) bool {
	var ok bool
	switch a {
	case CapabilitySnapshot, CapabilitySnapshotRotation:
		_, ok = client.(Snapshotter)
	case CapabilitySnapshotRestore:
		_, ok = client.(Restorer)
	case CapabilityCustomImage:
		_, ok = client.(ImageKeeper)
	case CapabilityImages:
		_, ok = client.(ImageLister)
	case CapabilityImageStats:
		_, ok = client.(ImageCounter)
	case CapabilitySnapshotTemplate:
		_, ok = client.(Promoter)
	case CapabilitySnapshotVolume:
		_, ok = client.(VolumeKeeper)
	case CapabilitySnapshotExport:
		_, ok = client.(Exporter)
	case CapabilitySnapshotSources:
		_, ok = client.(SourceLister)
	}
	return ok
}

// UpdatesSnapshots reports whether a cloud updates snapshots in place: whether its client is a SnapshotEditor.
// Elsewhere a change of name or description needs a new snapshot.
func UpdatesSnapshots(drv Driver) bool {
	client, err := probe(drv)
	if err != nil {
		return false
	}
	_, ok := client.(SnapshotEditor)
	return ok
}

// SupportedBy returns the names of the clouds that have a capability, in the order of drivers.
func SupportedBy(drivers []Driver, a Capability) []string {
	var out []string
	for _, d := range drivers {
		if Supports(d, a) {
			out = append(out, d.Descriptor().Name)
		}
	}
	return out
}
