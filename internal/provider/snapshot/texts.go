package snapshot

import (
	"fmt"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const forcesNew = " Changing this forces a new snapshot to be created."

func reportedLocation(l driver.Limits) bool { return l.Location == driver.LocationReported }

func singleSnapshot(l driver.Limits) bool { return l.SingleSlot }

func movesToRemote(l driver.Limits) bool { return l.Remote }

// nameText lists by cloud who names a snapshot, and the limits of a name.
func nameText(clouds kit.CloudTexts) string {
	return clouds.Each("Required", func(l driver.Limits) string {
		if !l.Name.Required {
			return ""
		}
		return l.Name.Description
	}) + clouds.Each("Optional, by default a unique name that the provider chooses", func(l driver.Limits) string {
		if !l.Name.Settable || l.Name.Required {
			return ""
		}
		return l.Name.Description
	}) + clouds.At("Read-only at", func(l driver.Limits) bool {
		return l.Name.Generated && !l.Name.Settable
	}) + clouds.At("Null at", func(l driver.Limits) bool {
		return !l.Name.Generated && !l.Name.Settable
	})
}

// descriptionLength is empty for a cloud whose snapshots have no description.
func descriptionLength(l driver.Limits) string {
	if l.MaxDescription == 0 {
		return ""
	}
	return fmt.Sprintf("1 to %d characters", l.MaxDescription)
}

// computed names the clouds that report a field.
func computed(clouds kit.CloudTexts, field driver.ComputedField) string {
	return clouds.Available(func(l driver.Limits) bool { return slices.Contains(l.ComputedFields, field) })
}

// identifies names the clouds where a part belongs to the identity of a snapshot.
func identifies(clouds kit.CloudTexts, part driver.IDPart) string {
	return clouds.At("Required at", func(l driver.Limits) bool { return slices.Contains(l.SnapshotID, part) })
}
