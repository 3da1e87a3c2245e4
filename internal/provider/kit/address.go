package kit

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
)

// NewLocation is where a new object is made whose configuration sets no location: where the object is that it replaces, else
// DefaultLocation.
func (b *Base) NewLocation(d cloud.Descriptor, plan Placed, unset types.String) types.String {
	if d.Limits.Location == cloud.LocationChosen {
		if kept := b.Clouds.locationOf(plan); kept != "" {
			return types.StringValue(kept)
		}
	}
	return b.DefaultLocation(d, unset)
}

// DefaultLocation is what an unset location becomes: the provider's default, or null where a cloud has no location. It is unset again as long as nobody knows yet.
func (b *Base) DefaultLocation(d cloud.Descriptor, unset types.String) types.String {
	switch d.Limits.Location {
	case cloud.LocationChosen:
		if b.Clouds.Unknown(d.Name) {
			return unset
		}
		return StringOrNull(b.Clouds.Setting(d.Name, d.Limits.LocationField))
	case cloud.LocationNone:
		return types.StringNull()
	default:
		return unset
	}
}

// ParseID takes an import ID apart, at one of the clouds that have a capability. parts are the parts of such an ID. The error shows every form that is accepted.
func (b *Base) ParseID(ability cloud.Capability, parts func(cloud.Limits) []cloud.IDPart, id string) (cloud.Descriptor, cloud.Ref, error) {
	shapes := ""
	for _, driver := range b.Drivers {
		if !cloud.Supports(driver, ability) {
			continue
		}
		d := driver.Descriptor()
		if id == d.Name || strings.HasPrefix(id, d.Name+"/") {
			ref, err := d.ParseID(parts(d.Limits), id)
			return d, ref, err
		}
		shapes += "\n  " + d.IDShape(parts(d.Limits))
	}
	return cloud.Descriptor{}, cloud.Ref{}, fmt.Errorf("the import ID %s does not begin with the name of a cloud that can do this. Expected is one of:%s",
		cloud.Quote(id), shapes)
}

// IDOrNull is the ID that an import takes, null as long as a part of it is missing.
func IDOrNull(d cloud.Descriptor, parts []cloud.IDPart, ref cloud.Ref) types.String {
	id := d.FormatID(parts, ref)
	if _, err := d.ParseID(parts, id); err != nil {
		return types.StringNull()
	}
	return types.StringValue(id)
}
