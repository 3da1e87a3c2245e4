package rules

import (
	"cmp"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckSourceID reports whether a value can be the ID of a source of snapshots at a cloud. It sends nothing.
func CheckSourceID(d driver.Descriptor, id Value) (Violation, bool) {
	a := d.Limits.Snapshot["source_id"]
	if !id.Known() || (driver.IsPart(id.Text) && a.Match(id.Text)) {
		return Violation{}, true
	}
	return Violation{
		Attribute: "source_id",
		Message: fmt.Sprintf("the ID of %s at %s must be %s, not %s",
			WithArticle(d.Limits.SourceKind), d.Title, cmp.Or(a.Format(), "an ID"), driver.Quote(id.Text)),
		Hint: "Take it from the cloud's panel or API.",
	}, false
}

// CheckSnapshotID reports whether a value can be the ID of a snapshot at a cloud. It sends nothing.
func CheckSnapshotID(d driver.Descriptor, id Value) (Violation, bool) {
	a := d.Limits.Snapshot["snapshot_id"]
	if !id.Known() || (driver.IsPart(id.Text) && a.Match(id.Text)) {
		return Violation{}, true
	}
	message := "the ID of a snapshot must not be empty"
	if id.Text != "" {
		message = fmt.Sprintf("the ID of a snapshot at %s must be %s, not %s",
			d.Title, cmp.Or(a.Format(), "an ID"), driver.Quote(id.Text))
	}
	return Violation{
		Attribute: "snapshot_id", Message: message,
		Hint: "Use the snapshot_id of a cloudsnap_snapshot, which is the cloud's own ID. The id of an import has more parts.",
	}, false
}

// CheckLocation reports whether a configuration may have this location, where null is the absence of a default, too.
// It sends nothing.
func CheckLocation(d driver.Descriptor, location Value) (Violation, bool) {
	a := d.Limits.Location
	missing := location.null() || (location.Known() && location.Text == "")
	switch {
	case location.Known() && !a.Settable():
		return Violation{
			Attribute: "location",
			Message:   fmt.Sprintf("the location of an object at %s cannot be chosen", d.Title),
			Hint:      "Remove location from the configuration.",
		}, false
	case missing && a.Settable():
		return Violation{
			Attribute: "location",
			Message:   fmt.Sprintf("%s keeps its objects per zone, and no zone is set", d.Title),
			Hint:      "Set location" + defaultLocation(d) + ".",
		}, false
	case location.Known() && (!driver.IsPart(location.Text) || !a.Match(location.Text)):
		return Violation{
			Attribute: "location",
			Message: fmt.Sprintf("the zone of an object at %s must be %s, not %s",
				d.Title, a.Format(), driver.Quote(location.Text)),
			Hint: "Take it from the cloud's panel or API. If location is not set, it comes from the provider's default.",
		}, false
	}
	return Violation{}, true
}

// defaultLocation names the other places where a zone can be set.
func defaultLocation(d driver.Descriptor) string {
	f, ok := d.Field(d.Limits.LocationField)
	if !ok {
		return ""
	}
	places := fmt.Sprintf(", or %s in the provider's %s block", f.Name, d.Name)
	if len(f.Env) > 0 {
		places += ", or the environment variable " + f.Env[0]
	}
	return places
}

// CheckLocationFilter reports whether `location` can narrow a listing: a zone that a configuration chooses, or a region
// that a cloud reports. It sends nothing.
func CheckLocationFilter(d driver.Descriptor, location Value) (Violation, bool) {
	if d.Limits.Location.Support != driver.Computed {
		return CheckLocation(d, location)
	}
	if location.Known() && location.Text == "" {
		return Violation{
			Attribute: "location",
			Message:   "the location must not be empty",
			Hint:      "Set it to a region, or remove location from the configuration.",
		}, false
	}
	return Violation{}, true
}
