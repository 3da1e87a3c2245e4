package kit

import (
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CloudTexts builds the sentences of a schema that depend on the clouds. The descriptors are the only source, so a text
// includes a new cloud without a change. Each sentence begins with a space, and is empty if it applies to no cloud.
type CloudTexts struct {
	noun   Noun
	clouds []driver.Descriptor
	// elsewhere states what an attribute is at a cloud that does not support it.
	elsewhere string
}

// Texts are for the clouds that support the noun, in the order of the list.
func (n Noun) Texts(drivers []driver.Driver) CloudTexts {
	out := CloudTexts{noun: n, elsewhere: " Null at other clouds."}
	for _, d := range drivers {
		if driver.Supports(d, n.Capability) {
			out.clouds = append(out.clouds, d.Descriptor())
		}
	}
	return out
}

// Inputs is for a type whose attributes have no value unless a configuration sets them, as those of an action.
func (t CloudTexts) Inputs() CloudTexts {
	t.elsewhere = " Not supported at other clouds."
	return t
}

// Attribute states what each cloud does with an attribute that a configuration may set: " Required at: A (format).
// Optional at: B (default `x`). Read-only at: C. Null at other clouds." It is empty if all clouds do the same without
// a limit.
func (t CloudTexts) Attribute(name string) string {
	var required, optional, computed, remarks []string
	for _, d := range t.clouds {
		row := t.noun.Table(d.Limits)[name]
		remark := remarkOf(row)
		if remark != "" {
			remarks = append(remarks, remark)
			remark = " (" + remark + ")"
		}
		switch {
		case row.Support == driver.Required:
			required = append(required, d.Title+remark)
		case row.Settable():
			optional = append(optional, d.Title+remark)
		case row.Supported():
			computed = append(computed, d.Title)
		}
	}
	if len(remarks) == 0 && (len(required) == len(t.clouds) || len(optional) == len(t.clouds)) {
		return ""
	}
	text := labelled("Required at", required, ", ") + labelled("Optional at", optional, ", ") +
		labelled("Read-only at", computed, ", ")
	if len(required)+len(optional)+len(computed) < len(t.clouds) {
		text += t.elsewhere
	}
	return text
}

// remarkOf is the format and the default of an attribute.
func remarkOf(a driver.Attribute) string {
	var words []string
	if format := a.Format(); format != "" {
		words = append(words, format)
	}
	if a.Default != "" {
		words = append(words, "default `"+a.Default+"`")
	}
	return strings.Join(words, ", ")
}

// Available is " Available at: A, B." for the clouds that support an attribute, and empty if all do.
func (t CloudTexts) Available(name string) string {
	supported := func(l driver.Limits) bool { return t.noun.Table(l)[name].Supported() }
	if !slices.ContainsFunc(t.clouds, func(d driver.Descriptor) bool { return !supported(d.Limits) }) {
		return ""
	}
	return t.At("Available at", supported)
}

// At is " label: A, B." for the clouds whose limits fit.
func (t CloudTexts) At(label string, fits func(driver.Limits) bool) string {
	var titles []string
	for _, d := range t.clouds {
		if fits(d.Limits) {
			titles = append(titles, d.Title)
		}
	}
	return labelled(label, titles, ", ")
}

// Each is " label: text (A, B); other text (C)." for the clouds whose text is not empty.
func (t CloudTexts) Each(label string, text func(driver.Limits) string) string {
	var texts, parts []string
	titles := map[string][]string{}
	for _, d := range t.clouds {
		s := text(d.Limits)
		if s != "" && !slices.Contains(texts, s) {
			texts = append(texts, s)
		}
		titles[s] = append(titles[s], d.Title)
	}
	for _, s := range texts {
		parts = append(parts, s+" ("+strings.Join(titles[s], ", ")+")")
	}
	return labelled(label, parts, "; ")
}

// Identifies is " Required at: A, B." for the clouds where a part belongs to the identity of an object.
func (t CloudTexts) Identifies(part driver.IDPart) string {
	return t.At("Required at", func(l driver.Limits) bool { return slices.Contains(t.noun.IDParts(l), part) })
}

// Location is where a configuration chooses a location, and what its default is.
func (t CloudTexts) Location() string {
	text := t.At("Available at", func(l driver.Limits) bool { return l.Location.Settable() })
	if text == t.At("Available at", func(driver.Limits) bool { return true }) {
		text = ""
	}
	return text + t.DefaultLocation()
}

// HasLocation is " Available at: A, B." for the clouds whose objects have a location.
func (t CloudTexts) HasLocation() string {
	return t.At("Available at", func(l driver.Limits) bool { return l.Location.Supported() })
}

// LocationFilter describes the filter location of a listing.
func (t CloudTexts) LocationFilter() string {
	return "Only " + t.noun.Name + "s in this zone or region." + t.HasLocation() + t.DefaultLocation()
}

// DefaultLocation is the sentence on the provider's settings that hold a default location.
func (t CloudTexts) DefaultLocation() string {
	var settings []string
	for _, d := range t.clouds {
		if d.Limits.LocationField != "" {
			settings = append(settings, "`"+d.Name+"."+d.Limits.LocationField+"`")
		}
	}
	return labelled("Defaults to the setting of the provider", settings, ", ")
}

// Titles is "A, B and C".
func Titles(drivers []driver.Driver) string {
	titles := make([]string, 0, len(drivers))
	for _, d := range drivers {
		titles = append(titles, d.Descriptor().Title)
	}
	if n := len(titles) - 1; n > 0 {
		return strings.Join(titles[:n], ", ") + " and " + titles[n]
	}
	return strings.Join(titles, "")
}

func labelled(label string, parts []string, separator string) string {
	if len(parts) == 0 {
		return ""
	}
	return " " + label + ": " + strings.Join(parts, separator) + "."
}
