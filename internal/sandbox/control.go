package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Inventory is the answer of GET /_sandbox/world: everything that exists, by the name of the cloud.
type Inventory struct {
	Now    time.Time                   `json:"now"`
	Clouds map[string]simkit.Inventory `json:"clouds"`
}

// Now is the answer of /_sandbox/clock.
type Now struct {
	Now time.Time `json:"now"`
}

// controller answers one control request. The caller holds the lock. An error means a bad request.
type controller func(r *http.Request) (body any, err error)

// controls returns the control API by path and method.
func (s *Sandbox) controls() map[string]map[string]controller {
	return map[string]map[string]controller{
		"/_sandbox/health": {
			http.MethodGet: func(*http.Request) (any, error) { return ok(), nil },
		},
		"/_sandbox/reset": {
			http.MethodPost: s.reset,
		},
		"/_sandbox/clock": {
			http.MethodGet:  func(*http.Request) (any, error) { return Now{s.clock.Now()}, nil },
			http.MethodPost: s.advance,
		},
		"/_sandbox/environment": {
			http.MethodGet: func(r *http.Request) (any, error) { return s.environment("http://" + r.Host), nil },
		},
		"/_sandbox/world": {
			http.MethodGet: func(*http.Request) (any, error) { return s.inventory(), nil },
		},
		"/_sandbox/sources": {
			http.MethodPost: s.setSourceState,
		},
		"/_sandbox/journal": {
			http.MethodGet:    func(*http.Request) (any, error) { return s.entries(), nil },
			http.MethodDelete: func(*http.Request) (any, error) { s.journal = nil; return ok(), nil },
		},
		"/_sandbox/faults": {
			http.MethodGet:    func(*http.Request) (any, error) { return s.counts(), nil },
			http.MethodPut:    s.putFaults,
			http.MethodDelete: func(*http.Request) (any, error) { s.faults = nil; return ok(), nil },
		},
	}
}

func ok() map[string]string { return map[string]string{"status": "ok"} }

// serveControl answers a request to the control API. The journal does not record it, and no fault applies to it.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	methods, found := s.controls()[r.URL.Path]
	if !found {
		s.refuse(w, http.StatusNotFound, fmt.Sprintf("the control API has no %s", r.URL.Path))
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	control, found := methods[method]
	if !found {
		var allowed []string
		for m := range methods {
			allowed = append(allowed, m)
		}
		slices.Sort(allowed)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.refuse(w, http.StatusMethodNotAllowed,
			fmt.Sprintf("%s takes %s, not %s", r.URL.Path, strings.Join(allowed, ", "), r.Method))
		return
	}
	status, body := s.control(method, control, r)
	s.reply(w, status, body)
}

func (s *Sandbox) control(method string, control controller, r *http.Request) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := control(r)
	if err != nil {
		return http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	if method != http.MethodGet {
		if err := s.save(); err != nil {
			s.warn(err)
			return http.StatusInternalServerError, map[string]string{"error": err.Error()}
		}
	}
	return http.StatusOK, body
}

// reset restores the start: the clock first, because the state is seeded with its time.
func (s *Sandbox) reset(*http.Request) (any, error) {
	s.clock.Offset = 0
	s.journal, s.faults = nil, nil
	for _, c := range s.clouds {
		c.simulator.Reset()
	}
	return ok(), nil
}

// advance moves the clock.
func (s *Sandbox) advance(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if _, err := simkit.Decode(r, &in); err != nil {
		return nil, fmt.Errorf("the body must be as in {\"advance\":\"720h\"}: %w", err)
	}
	by, err := time.ParseDuration(in.Advance)
	if err != nil {
		return nil, fmt.Errorf("advance must be a duration, as in \"720h\" or \"-10m\": %w", err)
	}
	sum := s.clock.Offset + by
	if (by > 0) != (sum > s.clock.Offset) && by != 0 {
		return nil, errors.New("the clock cannot be moved that far")
	}
	s.clock.Offset = sum
	return Now{s.clock.Now()}, nil
}

// inventory lists what exists in every cloud.
func (s *Sandbox) inventory() Inventory {
	out := Inventory{Now: s.clock.Now(), Clouds: map[string]simkit.Inventory{}}
	for _, c := range s.clouds {
		out.Clouds[c.name] = c.simulator.Inventory()
	}
	return out
}

func (s *Sandbox) counts() []Counted {
	out := make([]Counted, 0, len(s.faults))
	for _, f := range s.faults {
		out = append(out, f.Counted)
	}
	return out
}

// putFaults replaces all faults and starts counting again. It accepts none if one is invalid.
func (s *Sandbox) putFaults(r *http.Request) (any, error) {
	// A client may send back what GET shows: the counts are ignored.
	var in []Counted
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("the body must be a list of faults: %w", err)
	}
	faults := make([]*activeFault, 0, len(in))
	for i, f := range in {
		ready, err := newActiveFault(f.Fault)
		if err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
		faults = append(faults, ready)
	}
	s.faults = faults
	return s.counts(), nil
}
