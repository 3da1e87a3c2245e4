package driver

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Support states what a cloud does with an attribute, in the words of a Terraform schema.
type Support int

const (
	// NotSupported attributes are null, and a configuration must not set them.
	NotSupported Support = iota
	// Computed attributes are set by the cloud, and a configuration must not set them.
	Computed
	// Optional attributes are null unless a configuration sets them.
	Optional
	// OptionalComputed attributes get a value from the cloud or the provider unless a configuration sets them.
	OptionalComputed
	// Required attributes are set by every configuration.
	Required
)

// Attribute describes one attribute at one cloud. The zero value is an attribute that the cloud does not support.
type Attribute struct {
	Support Support
	// Min and Max are lengths in characters. 0 means that the vendor states no limit.
	Min, Max int
	// Pattern is what a value must match. nil accepts everything.
	Pattern *regexp.Regexp
	// OneOf are the values that the cloud accepts, in its spelling. Empty accepts everything.
	OneOf []string
	// Description completes "must be …": "a number, as in 42001". If it is empty, Format derives it.
	Description string
	// Default is the value that the cloud uses if a configuration sets none, for the documentation.
	Default string
	// Warnings are, by value, what a plan warns of before it creates an object, in full sentences.
	Warnings map[string]string
}

// Supported reports whether the attribute is ever anything but null.
func (a Attribute) Supported() bool { return a.Support != NotSupported }

// Settable reports whether a configuration may set the attribute.
func (a Attribute) Settable() bool {
	return a.Support == Optional || a.Support == OptionalComputed || a.Support == Required
}

// Computed reports whether the attribute can have a value that no configuration sets.
func (a Attribute) Computed() bool { return a.Support == Computed || a.Support == OptionalComputed }

// Match reports whether the cloud accepts a value.
func (a Attribute) Match(value string) bool {
	n := utf8.RuneCountInString(value)
	return n >= a.Min && (a.Max == 0 || n <= a.Max) &&
		(a.Pattern == nil || a.Pattern.MatchString(value)) &&
		(len(a.OneOf) == 0 || slices.Contains(a.OneOf, value))
}

// Format completes "must be …": the description, else what OneOf, Min and Max state. It is empty if the only rule is
// that a value is not empty.
func (a Attribute) Format() string {
	switch {
	case a.Description != "":
		return a.Description
	case len(a.OneOf) > 0:
		return strings.Join(a.OneOf, " or ")
	case a.Max > 0 && a.Min > 0:
		return fmt.Sprintf("%d to %d characters", a.Min, a.Max)
	case a.Max > 0:
		return fmt.Sprintf("at most %d characters", a.Max)
	case a.Min > 1:
		return fmt.Sprintf("at least %d characters", a.Min)
	default:
		return ""
	}
}

// Mismatch returns what to change in a value that does not match, in one sentence.
func (a Attribute) Mismatch(value string) string {
	n := utf8.RuneCountInString(value)
	switch {
	case n == 0:
		return "Set a value, or remove the attribute if it is optional."
	case len(a.OneOf) > 0:
		return "The value is case-sensitive."
	case n == 1 && n < a.Min:
		return fmt.Sprintf("It has 1 character, which is %d too few.", a.Min-n)
	case n < a.Min:
		return fmt.Sprintf("It has %d characters, which is %d too few.", n, a.Min-n)
	case a.Max > 0 && n > a.Max:
		return fmt.Sprintf("It has %d characters, which is %d too many.", n, n-a.Max)
	}
	position := 0
	for _, c := range value {
		position++
		if a.Pattern != nil && !a.Pattern.MatchString(string(c)) {
			return fmt.Sprintf("Character %d, %q, is not allowed.", position, c)
		}
	}
	return "Use another value."
}

// Attributes is the table of one noun at one cloud, by the names of the schema. It has a row for each attribute that
// the clouds do not all support alike, or that has limits. An attribute without a row is not supported. Attributes that
// mean the same at every cloud, such as `id` and `state`, have no row at any cloud.
type Attributes map[string]Attribute

// Names returns the names of the rows, sorted.
func (a Attributes) Names() []string { return slices.Sorted(maps.Keys(a)) }
