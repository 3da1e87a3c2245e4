package rules

import (
	"fmt"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// TemplateConfig is what a configuration says of a template.
type TemplateConfig struct {
	Location, SnapshotID, Name, Description, DefaultUser Optional[string]
}

// CheckTemplate finds whatever a cloud would refuse in the configuration of a template. It asks nobody.
func CheckTemplate(d driver.Descriptor, draft TemplateConfig) []Violation {
	var out []Violation
	rule := d.Limits.Template
	length := func(attribute string, s Optional[string], shortest, longest int) {
		switch n := utf8.RuneCountInString(s.Value); {
		case !s.Known():
		case n < shortest:
			out = append(out, Violation{Attribute: attribute, Message: attribute + " of a template must not be empty", Hint: "Write something, or leave the attribute out where it is optional."})
		case longest > 0 && n > longest:
			out = append(out, Violation{
				Attribute: attribute, Hint: "Shorten it.",
				Message: fmt.Sprintf("%s of a template at %s has at most %d characters, not %d", attribute, d.Title, longest, n),
			})
		}
	}
	if p, ok := CheckSnapshotID(d, draft.SnapshotID); !ok {
		out = append(out, p)
	}
	length("name", draft.Name, 1, rule.MaxName)
	length("description", draft.Description, 0, rule.MaxDescription)
	length("default_user", draft.DefaultUser, 1, rule.MaxDefaultUser)
	if p, ok := CheckLocation(d, draft.Location); !ok {
		out = append(out, p)
	}
	return out
}

// CheckSnapshotID tells whether `snapshot_id` can be the ID of a snapshot at this cloud. It asks nobody.
func CheckSnapshotID(d driver.Descriptor, id Optional[string]) (Violation, bool) {
	form := d.Limits.Snapshot
	if !id.Known() || form.Match(id.Value) {
		return Violation{}, true
	}
	message := "the ID of a snapshot must not be empty"
	if id.Value != "" {
		message = fmt.Sprintf("the ID of a snapshot at %s must be %s, not %q", d.Title, form.Description, id.Value)
	}
	return Violation{
		Attribute: "snapshot_id", Message: message,
		Hint: "Take it from the snapshot_id of a cloudsnap_snapshot, which is the cloud's own ID; the id that an import takes has more parts.",
	}, false
}
