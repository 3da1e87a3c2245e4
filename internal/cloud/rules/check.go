package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Check compares the attributes of an object with the table of its noun at a cloud, and returns what the cloud does not
// accept, sorted by attribute. noun is the kind of object in the messages. config has those attributes that are in the
// table of any cloud. It sends nothing.
func Check(d driver.Descriptor, noun string, table driver.Attributes, config Config) []Violation {
	names := table.Names()
	for name := range config {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []Violation
	for _, name := range names {
		if v, ok := check(d, noun, name, table[name], config[name]); !ok {
			out = append(out, v)
		}
	}
	return out
}

// check checks one attribute.
func check(d driver.Descriptor, noun, name string, a driver.Attribute, v Value) (Violation, bool) {
	switch {
	case v.null() && a.Support == driver.Required:
		return Violation{
			Attribute: name,
			Message:   fmt.Sprintf("%s requires %s for %s", d.Title, name, WithArticle(noun)),
			Hint:      setTo(name, a.Format()),
		}, false
	case !v.Known():
		return Violation{}, true
	case a.Support == driver.Computed:
		return Violation{
			Attribute: name,
			Message:   fmt.Sprintf("%s sets the %s of %s", d.Title, name, WithArticle(noun)),
			Hint:      fmt.Sprintf("Remove %s from the configuration. The attribute can still be read.", name),
		}, false
	case !a.Settable() && isSwitch(name) && !v.Bool:
		// Off is what the attribute means at every other cloud.
		return Violation{}, true
	case !a.Settable():
		return Violation{
			Attribute: name,
			Message:   fmt.Sprintf("%s does not support %s for %s", d.Title, name, WithArticle(noun)),
			Hint:      fmt.Sprintf("Remove %s from the configuration.", name),
		}, false
	}
	switch name {
	case "source_id":
		return CheckSourceID(d, v)
	case "snapshot_id":
		return CheckSnapshotID(d, v)
	case "url", "url_wo":
		return CheckURL(d, name, v)
	}
	return checkValue(d, noun, name, a, v.Text)
}

// isSwitch reports whether false has the meaning of null.
func isSwitch(name string) bool {
	return name == driver.ReplaceExisting || name == driver.WaitForRemote || name == driver.DeleteOldestFirst ||
		name == driver.DeleteNewerSnapshots
}

// checkValue compares a value with the limits of its attribute.
func checkValue(d driver.Descriptor, noun, name string, a driver.Attribute, value string) (Violation, bool) {
	if a.Match(value) {
		return Violation{}, true
	}
	message := fmt.Sprintf("the %s of %s at %s must ", name, WithArticle(noun), d.Title)
	switch format := a.Format(); {
	case format == "":
		message += "not be empty"
	case a.Pattern == nil && len(a.OneOf) == 0:
		// Only the length is wrong, which the hint states.
		message += "be " + format
	default:
		message += "be " + format + ", not " + driver.Quote(value)
	}
	return Violation{Attribute: name, Message: message, Hint: a.Mismatch(value)}, false
}

// IgnoreComputed removes the values that only repeat what the cloud has set for the object that exists, as in a
// configuration that is generated for an import. prior has the attributes of that object.
func IgnoreComputed(table driver.Attributes, config, prior Config) Config {
	out := Config{}
	for name, v := range config {
		if table[name].Support != driver.Computed || v != prior[name] {
			out[name] = v
		}
	}
	return out
}

func setTo(name, format string) string {
	if format == "" {
		return "Set " + name + "."
	}
	return fmt.Sprintf("Set %s to %s.", name, format)
}

// WithArticle puts the indefinite article in front of a noun.
func WithArticle(noun string) string {
	if noun != "" && strings.ContainsRune("aeioAEIO", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
