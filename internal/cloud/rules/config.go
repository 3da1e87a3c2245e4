package rules

// Config contains the attributes of a configuration by name. An attribute that is not in it is null.
type Config map[string]Value

// Value is the value of one attribute as far as it is known at plan time.
type Value struct {
	// Set is false for null.
	Set bool
	// Unknown values are known at apply. They pass every check.
	Unknown bool
	// Text is the value of a string, or a number in decimal. It is empty for other types.
	Text string
	// Bool is the value of a bool.
	Bool bool
}

// Known reports whether there is a value to check.
func (v Value) Known() bool { return v.Set && !v.Unknown }

// null reports whether the attribute has no value now or later.
func (v Value) null() bool { return !v.Set && !v.Unknown }

// Text returns a known string.
func Text(s string) Value { return Value{Set: true, Text: s} }

// Bool returns a known bool.
func Bool(b bool) Value { return Value{Set: true, Bool: b} }

// Violation is one thing that a cloud does not accept, found without a request.
type Violation struct {
	// Attribute is the name of the attribute at fault.
	Attribute string
	// Message is one sentence without a full stop. Hint is what to do, in full sentences.
	Message, Hint string
}
