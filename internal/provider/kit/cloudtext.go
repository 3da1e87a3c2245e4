package kit

import (
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CloudTexts builds the sentences of a schema that depend on the clouds. The descriptors are the only source, so a text
// names a new cloud without a change. Each sentence begins with a space, and is empty where it concerns no cloud.
type CloudTexts []driver.Descriptor

// TextsFor is for the clouds that have a capability, in the order of the list.
func TextsFor(drivers []driver.Driver, capability driver.Capability) CloudTexts {
	var out CloudTexts
	for _, d := range drivers {
		if driver.Supports(d, capability) {
			out = append(out, d.Descriptor())
		}
	}
	return out
}

// Available is " Available at: A, B." for the clouds whose limits fit.
func (t CloudTexts) Available(fits func(driver.Limits) bool) string {
	return t.At("Available at", fits)
}

// At is " label: A, B." for the clouds whose limits fit.
func (t CloudTexts) At(label string, fits func(driver.Limits) bool) string {
	var titles []string
	for _, d := range t {
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
	for _, d := range t {
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

// DefaultLocation is the sentence on the provider's settings that hold a default location.
func (t CloudTexts) DefaultLocation() string {
	var settings []string
	for _, d := range t {
		if d.Limits.LocationField != "" {
			settings = append(settings, "`"+d.Name+"."+d.Limits.LocationField+"`")
		}
	}
	return labelled("Defaults to the setting of the provider", settings, ", ")
}

// Location is where a configuration chooses a location, and what its default is.
func (t CloudTexts) Location() string {
	return t.Available(ChosenLocation) + t.DefaultLocation()
}

// Titles is "A, B and C".
func (t CloudTexts) Titles() string {
	titles := make([]string, 0, len(t))
	for _, d := range t {
		titles = append(titles, d.Title)
	}
	if n := len(titles) - 1; n > 0 {
		return strings.Join(titles[:n], ", ") + " and " + titles[n]
	}
	return strings.Join(titles, "")
}

// ChosenLocation fits the clouds where the configuration chooses a location.
func ChosenLocation(l driver.Limits) bool { return l.Location == driver.LocationChosen }

func labelled(label string, parts []string, separator string) string {
	if len(parts) == 0 {
		return ""
	}
	return " " + label + ": " + strings.Join(parts, separator) + "."
}
