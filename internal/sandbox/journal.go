package sandbox

import (
	"net/http"
	"time"
)

// Entry is one request to a cloud.
type Entry struct {
	// Time is when it arrived, by the sandbox's clock.
	Time time.Time `json:"time"`
	// Cloud is the name of the cloud.
	Cloud  string `json:"cloud"`
	Method string `json:"method"`
	// Path is the whole path with the mount, as the client escaped it.
	Path  string `json:"path"`
	Query string `json:"query"`
	// Status is the status of the answer. It is 0 until the answer is sent, and if it was dropped.
	Status int `json:"status"`
	// Fault is the `do` of the fault that was applied, or empty.
	Fault string `json:"fault"`
}

// arrive adds a request to the journal. It returns the entry, and the first fault that applies or nil.
func (s *Sandbox) arrive(r *http.Request, name string) (*Entry, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := &Entry{
		Time:   s.clock.Now(),
		Cloud:  name,
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.RawQuery,
	}
	s.journal = append(s.journal, entry)

	var chosen *Fault
	for _, f := range s.faults {
		if f.applies(entry.Method, entry.Path) && chosen == nil {
			chosen = &f.Fault
			entry.Fault = f.Do
		}
	}
	return entry, chosen
}

// entries copies the journal. The caller holds the lock.
func (s *Sandbox) entries() []Entry {
	out := make([]Entry, 0, len(s.journal))
	for _, e := range s.journal {
		out = append(out, *e)
	}
	return out
}
