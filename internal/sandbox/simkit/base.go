package simkit

import (
	"encoding/json"
	"time"
)

// Base is what the simulators have in common: the sandbox's config, and a state that is seeded, saved and loaded.
// A simulator embeds it. Like the simulator, it is not safe for concurrent use: the sandbox serialises all calls.
type Base[State any] struct {
	*Config
	// State is all that Save keeps. It must survive a round trip through JSON.
	State State

	seed func(now time.Time) State
}

// NewBase returns a base with the state that seed makes. Reset calls seed again.
func NewBase[State any](config *Config, seed func(now time.Time) State) Base[State] {
	b := Base[State]{Config: config, seed: seed}
	b.Reset()
	return b
}

// Reset replaces the state with a new seed.
func (b *Base[State]) Reset() { b.State = b.seed(b.Now()) }

// Save returns the state as JSON.
func (b *Base[State]) Save() (json.RawMessage, error) { return json.Marshal(b.State) }

// Load replaces the state with a saved one. After an error the state is as before.
func (b *Base[State]) Load(saved json.RawMessage) error {
	var loaded State
	if err := json.Unmarshal(saved, &loaded); err != nil {
		return err
	}
	b.State = loaded
	return nil
}

// Find returns the first of the objects that matches, or nil.
func Find[T any](objects []*T, match func(*T) bool) *T {
	for _, o := range objects {
		if match(o) {
			return o
		}
	}
	return nil
}

// ValueOr returns the value of a field that a client may leave out, and otherwise for nil.
func ValueOr[T any](field *T, otherwise T) T {
	if field == nil {
		return otherwise
	}
	return *field
}
