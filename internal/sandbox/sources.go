package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// SourceState is the body of POST /_sandbox/sources: which source gets which state.
type SourceState struct {
	SourceID string `json:"source_id"`
	// Location is needed only for an ID that exists in several locations.
	Location string `json:"location,omitempty"`
	State    string `json:"state"`
}

// CloudSource is the answer of POST /_sandbox/sources: the source with its new state, and the name of its cloud.
type CloudSource struct {
	Cloud string `json:"cloud"`
	simkit.Source
}

// setSourceState changes the state of one machine or volume at once, as the cloud's console does.
func (s *Sandbox) setSourceState(r *http.Request) (any, error) {
	var in SourceState
	if _, err := simkit.Decode(r, &in); err != nil {
		return nil, fmt.Errorf("the body must be as in {\"source_id\":\"42001\",\"state\":\"stopped\"}: %w", err)
	}
	c, source, err := s.findSource(in)
	if err != nil {
		return nil, err
	}
	states, ok := c.simulator.(simkit.SourceStates)
	if !ok {
		return nil, fmt.Errorf("a source of %s has always the state %q", c.name, source.State)
	}
	if allowed := states.SourceStates(); !slices.Contains(allowed, in.State) {
		return nil, fmt.Errorf("state must be one of %s for a source of %s, not %q",
			strings.Join(allowed, ", "), c.name, in.State)
	}
	if err := states.SetSourceState(source, in.State); err != nil {
		return nil, err
	}
	source.State = in.State
	return CloudSource{Cloud: c.name, Source: source}, nil
}

// findSource returns the one source that a request selects. The error lists those that exist if it selects none, and
// the locations if it selects several.
func (s *Sandbox) findSource(in SourceState) (mounted, simkit.Source, error) {
	var at mounted
	var found []simkit.Source
	var exist []string
	for _, c := range s.clouds {
		for _, source := range c.simulator.Inventory().Sources {
			exist = append(exist, source.SourceID)
			if source.SourceID == in.SourceID && (in.Location == "" || source.Location == in.Location) {
				at, found = c, append(found, source)
			}
		}
	}
	switch len(found) {
	case 1:
		return at, found[0], nil
	case 0:
		where := ""
		if in.Location != "" {
			where = fmt.Sprintf(" in %q", in.Location)
		}
		return at, simkit.Source{}, fmt.Errorf("source_id must be one of %s; there is no %q%s",
			strings.Join(exist, ", "), in.SourceID, where)
	}
	var locations []string
	for _, source := range found {
		locations = append(locations, fmt.Sprintf("%q", source.Location))
	}
	return at, simkit.Source{}, fmt.Errorf("location must be one of %s: there are %d sources with the ID %q",
		strings.Join(locations, ", "), len(found), in.SourceID)
}
