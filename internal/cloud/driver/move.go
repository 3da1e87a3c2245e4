package driver

import "strings"

// Move is a resource type of another provider whose objects are objects of ours, so that a `moved` block takes over its
// state.
type Move struct {
	// Provider is the address of the other provider without the host: "vendor/cloud".
	Provider string
	// Type is the resource type of the other provider.
	Type string
	// To is the type of ours.
	To Capability
	// Attributes are texts and numbers of the other type, by the names of ours. They have all parts of the import ID.
	Attributes map[string]string
}

// From reports whether a type of a provider is what the move begins with. address has a host, which does not matter:
// each CLI has a registry of its own.
func (m Move) From(address, typeName string) bool {
	return typeName == m.Type && strings.HasSuffix(address, "/"+m.Provider)
}
