package kit

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// NewLocation is the location of a new object whose configuration sets none: that of the object that it replaces, else
// DefaultLocation.
func (b *Base) NewLocation(d driver.Descriptor, plan Placed, unset types.String) types.String {
	if d.Limits.Location.Settable() {
		if kept := b.Clouds.locationOf(plan); kept != "" {
			return types.StringValue(kept)
		}
	}
	return b.DefaultLocation(d, unset)
}

// DefaultLocation is what an unset location becomes: the provider's default, or null where a cloud has no location.
// While the provider's configuration or the region is unknown, it returns unset.
func (b *Base) DefaultLocation(d driver.Descriptor, unset types.String) types.String {
	switch {
	case !d.Limits.Location.Supported():
		return types.StringNull()
	case d.Limits.Location.Settable() && !b.Clouds.Unknown(d.Name):
		return StringOrNull(b.Clouds.Setting(d.Name, d.Limits.LocationField))
	default:
		return unset
	}
}

// IDOrNull is the ID that an import takes, null as long as a part of it is missing.
func IDOrNull(d driver.Descriptor, parts []driver.IDPart, ref driver.Ref) types.String {
	id := d.FormatID(parts, ref)
	if _, err := d.ParseID(parts, id); err != nil {
		return types.StringNull()
	}
	return types.StringValue(id)
}
