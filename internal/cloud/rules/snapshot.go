package rules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Optional is one attribute of a configuration as far as it is known when planning.
type Optional[T any] struct {
	Value T
	// Set is false for null. Unknown values will be known at apply; they pass every check.
	Set, Unknown bool
}

// Known reports whether there is a value to look at.
func (s Optional[T]) Known() bool { return s.Set && !s.Unknown }

// absent reports whether the configuration surely says nothing.
func (s Optional[T]) absent() bool { return !s.Set && !s.Unknown }

// SnapshotConfig is what a configuration says of a snapshot.
type SnapshotConfig struct {
	SourceID, Location, Name, Description Optional[string]
	ReplaceExisting, WaitForRemote        Optional[bool]
}

// Violation is one thing that a cloud would refuse, found before it is asked.
type Violation struct {
	// Attribute is the one at fault, in the configuration's words.
	Attribute string
	// Message is one sentence without a full stop, Hint what to do about it in full sentences.
	Message, Hint string
}

// IgnoreUnchangedComputed leaves out of a config what only repeats what the cloud itself has decided of a snapshot that
// exists: a configuration that is generated for an import does.
func IgnoreUnchangedComputed(d driver.Descriptor, draft SnapshotConfig, made driver.Snapshot) SnapshotConfig {
	if name := d.Limits.Name; name.Generated && !name.Settable && draft.Name.Value == made.Name {
		draft.Name = Optional[string]{}
	}
	if d.Limits.Location == driver.LocationReported && draft.Location.Value == made.Location {
		draft.Location = Optional[string]{}
	}
	return draft
}

// CheckSnapshot finds whatever a cloud would refuse in the configuration of a snapshot. It asks nobody.
func CheckSnapshot(d driver.Descriptor, draft SnapshotConfig) []Violation {
	var out []Violation
	report := func(attribute, hint, format string, args ...any) {
		out = append(out, Violation{Attribute: attribute, Hint: hint, Message: fmt.Sprintf(format, args...)})
	}
	t := d.Limits

	if p, ok := CheckSourceID(d, draft.SourceID); !ok {
		out = append(out, p)
	}
	switch name := draft.Name; {
	case name.Known() && !t.Name.Settable:
		if t.Name.Generated {
			report("name", "Remove name from the configuration; the attribute can still be read.", "%s names its snapshots itself", d.Title)
		} else {
			report("name", "Remove name from the configuration.", "snapshots at %s carry no name", d.Title)
		}
	case name.absent() && t.Name.Required:
		report("name", fmt.Sprintf("Set name to %s.", t.Name.Description), "%s needs a name for a snapshot", d.Title)
	case name.Known() && !t.Name.Match(name.Value):
		report("name", t.Name.Mismatch(name.Value), "the name of a snapshot at %s must be %s, not %q", d.Title, t.Name.Description, name.Value)
	}
	switch s := draft.Description; {
	case s.Known() && t.MaxDescription == 0:
		report("description", "Remove description from the configuration.", "snapshots at %s carry no description", d.Title)
	case s.Known() && (s.Value == "" || utf8.RuneCountInString(s.Value) > t.MaxDescription):
		report("description", "Shorten it, or leave the attribute out.", "a description at %s has 1 to %d characters, not %d", d.Title, t.MaxDescription, utf8.RuneCountInString(s.Value))
	}
	if s := draft.ReplaceExisting; s.Known() && s.Value && !t.SingleSlot {
		report("replace_existing", "Remove replace_existing from the configuration.", "%s keeps several snapshots side by side and never overwrites one", d.Title)
	}
	if s := draft.WaitForRemote; s.Known() && s.Value && !t.Remote {
		report("wait_for_remote", "Remove wait_for_remote from the configuration.", "%s does not move snapshots to remote storage", d.Title)
	}
	if p, ok := CheckLocation(d, draft.Location); !ok {
		out = append(out, p)
	}
	return out
}

// CheckSourceID reports whether `source_id` can be the ID of what this cloud takes snapshots of. It sends nothing.
func CheckSourceID(d driver.Descriptor, id Optional[string]) (Violation, bool) {
	form := d.Limits.Source
	if !id.Known() || form.Match(id.Value) {
		return Violation{}, true
	}
	return Violation{
		Attribute: "source_id",
		Message:   fmt.Sprintf("the ID of %s at %s must be %s, not %q", withArticle(form.Kind), d.Title, form.Description, id.Value),
		Hint:      "Take it from the cloud's panel or API.",
	}, false
}

// CheckLocation tells whether `location` may be set, whether it must be, and whether it can be the name of a place.
func CheckLocation(d driver.Descriptor, location Optional[string]) (Violation, bool) {
	none := location.absent() || (location.Known() && location.Value == "")
	switch {
	case location.Known() && d.Limits.Location != driver.LocationChosen:
		return Violation{
			Attribute: "location",
			Message:   fmt.Sprintf("the location of an object at %s cannot be chosen", d.Title),
			Hint:      "Remove location from the configuration.",
		}, false
	case none && d.Limits.Location == driver.LocationChosen:
		hint := "Set location"
		if f, ok := d.Field(d.Limits.LocationField); ok {
			hint += fmt.Sprintf(", or %s in the provider's %s block", f.Name, d.Name)
			if len(f.Env) > 0 {
				hint += fmt.Sprintf(", or the environment variable %s", f.Env[0])
			}
		}
		return Violation{Attribute: "location", Message: fmt.Sprintf("%s keeps its objects per zone, and no zone is set", d.Title), Hint: hint + "."}, false
	case location.Known() && !d.Limits.Zone.Match(location.Value):
		return Violation{
			Attribute: "location",
			Message:   fmt.Sprintf("the zone of an object at %s must be %s, not %q", d.Title, d.Limits.Zone.Description, location.Value),
			Hint:      "Take it from the cloud's panel or API. Where location is not set, it comes from the provider's default.",
		}, false
	}
	return Violation{}, true
}

// CheckLocationFilter reports whether a listing can be narrowed by `location`: by the zone that a configuration
// chooses, or by the region that a cloud reports. It sends nothing.
func CheckLocationFilter(d driver.Descriptor, location Optional[string]) (Violation, bool) {
	if d.Limits.Location != driver.LocationReported {
		return CheckLocation(d, location)
	}
	if location.Known() && location.Value == "" {
		return Violation{Attribute: "location", Message: "the location must not be empty", Hint: "Name a region, or remove location from the configuration."}, false
	}
	return Violation{}, true
}

// withArticle puts the indefinite article in front of a noun.
func withArticle(noun string) string {
	if noun != "" && strings.ContainsRune("aeio", unicode.ToLower(rune(noun[0]))) {
		return "an " + noun
	}
	return "a " + noun
}
