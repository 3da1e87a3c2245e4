package driver

import (
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"
)

// Descriptor describes a cloud as data, without a request. The provider schema, the environment variables, the rules,
// the documentation and the sandbox loop over the descriptors of all clouds.
type Descriptor struct {
	// Name is the value of `cloud`, the provider's block and the sandbox's mount: "contabo".
	Name string
	// Title is the cloud's name in texts: "Contabo".
	Title string
	// Fields are the settings of the provider's block, in the order of the documentation.
	Fields []Field
	// Limits are the limits that no interface can express.
	Limits Limits
}

// Field is one setting of a cloud's provider block.
type Field struct {
	// Name is the attribute's name and the key in Settings.Values.
	Name string
	// Env are the environment variables of the setting. The first one that is set and not empty applies.
	Env []string
	// Default applies where neither configuration nor environment sets a value.
	Default string
	// Help is one or two sentences for the documentation.
	Help string
	// Required settings must have a value before the cloud is used.
	Required bool
	// Sensitive settings are credentials.
	Sensitive bool
	// Endpoint settings are URLs that must be https, or http on loopback.
	Endpoint bool
}

// Field returns the setting of that name.
func (d Descriptor) Field(name string) (Field, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Limits are a cloud's limits as the plan-time checks need them.
type Limits struct {
	// Source is what a snapshot is taken of.
	Source IDFormat
	// Name says who names a snapshot and within which limits.
	Name NameRule
	// MaxDescription is the longest description in characters; 0 means that snapshots carry none.
	MaxDescription int
	// Location says whether work happens in a zone that the configuration chooses.
	Location LocationRule
	// Zone is what the name of a location looks like, where the configuration chooses one; the zero form accepts
	// everything that is not empty.
	Zone IDFormat
	// LocationField is the provider setting that holds the default location; empty where there is none.
	LocationField string
	// SingleSnapshot clouds keep one snapshot per source, and a new one overwrites it: only there `replace_existing`
	// means anything.
	SingleSlot bool
	// UnreportedSlots clouds hold a number of snapshots per source that no request reports.
	UnreportedSlots bool
	// Remote clouds move a snapshot to another storage after it is ready: only there `wait_for_remote` means anything.
	Remote bool
	// Scope is what one listing of snapshots covers.
	Scope Scope
	// ComputedFields are what the cloud tells of a snapshot beyond its ID, source, state and time; whatever else is
	// optional stays null.
	ComputedFields []ComputedField
	// Snapshot is what a snapshot's own ID looks like, where a configuration names one; the zero form accepts
	// everything.
	Snapshot IDFormat
	// Image says what a custom image is like; the zero rule belongs to clouds that keep none.
	Image ImageRule
	// Template says what a template made of a snapshot is like; the zero rule belongs to clouds that make none.
	Template TemplateRule
	// SnapshotID and ImageID are the parts of an import ID after the cloud's name.
	SnapshotID, ImageID []IDPart
	// MinPoll is the shortest pause between two polls that the vendor tolerates; 0 leaves it to the general rule.
	MinPoll time.Duration
}

// ComputedField is something that only some clouds tell of a snapshot.
type ComputedField string

// The reports, each by the name of what carries it.
const (
	ComputedExpiry                ComputedField = "expires_at"
	ComputedSize                  ComputedField = "size_gib"
	ComputedImageID               ComputedField = "image_id"
	ComputedImageName             ComputedField = "image_name"
	ComputedApplicationConsistent ComputedField = "application_consistent"
	ComputedStorageType           ComputedField = "storage_type"
	ComputedRestoreTime           ComputedField = "restore_time_seconds"
)

// AllComputedFields lists them in the order of the documentation.
func AllComputedFields() []ComputedField {
	return []ComputedField{ComputedExpiry, ComputedSize, ComputedImageID, ComputedImageName, ComputedApplicationConsistent, ComputedStorageType, ComputedRestoreTime}
}

// IDFormat describes an identifier.
type IDFormat struct {
	// Kind is what it identifies: "instance".
	Kind string
	// Pattern is what it must match; nil accepts everything that is not empty.
	Pattern *regexp.Regexp
	// Description completes "must be …": "a number, as in 12345".
	Description string
}

// NameRule says how a cloud's snapshots get their names.
type NameRule struct {
	// Settable names come from the configuration.
	Settable bool
	// Generated names are chosen by the cloud, where the configuration says none or cannot. A cloud that neither takes
	// nor gives names has none.
	Generated bool
	// Required names have no default at the cloud.
	Required bool
	// Min and Max are lengths in characters; 0 means that the vendor states no limit.
	Min, Max int
	// Pattern is what a name must match; nil accepts everything.
	Pattern *regexp.Regexp
	// Description completes "must be …": "1 to 30 letters, digits, spaces and dashes".
	Description string
}

// LocationRule says what `location` means at a cloud.
type LocationRule int

const (
	// LocationNone clouds have no location.
	LocationNone LocationRule = iota
	// LocationReported clouds report where an object is, and take no choice.
	LocationReported
	// LocationChosen clouds keep objects per zone, which the configuration or the provider's default chooses.
	LocationChosen
)

// Scope is what one listing of snapshots covers at a cloud.
type Scope int

const (
	// ScopeSource listings cover one instance or VM.
	ScopeSource Scope = iota
	// ScopeLocation listings cover a zone.
	ScopeLocation
	// ScopeAccount listings cover the whole account.
	ScopeAccount
)

// IDPart is one part of an import ID.
type IDPart int

const (
	// PartSource is the ID of the instance, volume or VM.
	PartSource IDPart = iota
	// PartLocation is the zone.
	PartLocation
	// PartSnapshot is the cloud's own ID of a snapshot.
	PartSnapshot
	// PartImage is the cloud's own ID of an image.
	PartImage
	// PartTemplate is the cloud's own ID of a template.
	PartTemplate
)

// Match reports whether an ID has the format.
func (f IDFormat) Match(id string) bool {
	return IsPart(id) && (f.Pattern == nil || f.Pattern.MatchString(id))
}

// Match reports whether the cloud accepts a name.
func (r NameRule) Match(name string) bool {
	n := utf8.RuneCountInString(name)
	return n >= r.Min && (r.Max == 0 || n <= r.Max) && (r.Pattern == nil || r.Pattern.MatchString(name))
}

// Mismatch returns what to change in a name that does not match, in one sentence.
func (r NameRule) Mismatch(name string) string {
	n := utf8.RuneCountInString(name)
	switch {
	case n < r.Min:
		return fmt.Sprintf("It has %d characters, which is %d too few.", n, r.Min-n)
	case r.Max > 0 && n > r.Max:
		return fmt.Sprintf("It has %d characters, which is %d too many.", n, n-r.Max)
	}
	position := 0
	for _, c := range name {
		position++
		if !r.Pattern.MatchString(string(c)) {
			return fmt.Sprintf("Character %d, %q, is not allowed.", position, c)
		}
	}
	return "Choose another name."
}
