package cloud

// Ability is one thing that some clouds can do.
type Ability string

// The abilities, by the name of the Terraform type that needs them.
const (
	AbilitySnapshot         Ability = "snapshot"
	AbilityCustomImage      Ability = "custom_image"
	AbilityImages           Ability = "images"
	AbilityImageStats       Ability = "image_stats"
	AbilitySnapshotTemplate Ability = "snapshot_template"
	AbilitySnapshotExport   Ability = "snapshot_export"
)

// AllAbilities lists them in the order of the documentation.
func AllAbilities() []Ability {
	return []Ability{
		AbilitySnapshot, AbilityCustomImage, AbilitySnapshotTemplate, AbilitySnapshotExport, AbilityImages, AbilityImageStats,
	}
}

// Can reports whether a cloud has an ability. The interfaces that its client implements are the only source.
func Can(driver Driver, a Ability) bool {
	client, err := driver.Open(Settings{})
	if err != nil {
		return false
	}
	return clientCan(client, a)
}

func clientCan(client Client, a Ability) bool {
	var ok bool
	switch a {
	case AbilitySnapshot:
		_, ok = client.(Snapshotter)
	case AbilityCustomImage:
		_, ok = client.(ImageKeeper)
	case AbilityImages:
		_, ok = client.(ImageLister)
	case AbilityImageStats:
		_, ok = client.(ImageCounter)
	case AbilitySnapshotTemplate:
		_, ok = client.(Promoter)
	case AbilitySnapshotExport:
		_, ok = client.(Exporter)
	}
	return ok
}

// WhoCan returns the names of the clouds that have an ability, in the order of the list.
func WhoCan(drivers []Driver, a Ability) []string {
	var out []string
	for _, d := range drivers {
		if Can(d, a) {
			out = append(out, d.Descriptor().Name)
		}
	}
	return out
}
