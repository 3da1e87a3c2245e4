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
	// Status is the status of the answer. It is 0 if the answer was dropped, and while a fault delays the request.
	Status int `json:"status"`
	// Fault is the `do` of the fault that was applied, or empty.
	Fault string `json:"fault"`
}

// arrive adds a request to the journal. It returns the entry, and the first fault that applies or nil. Without a fault,
// act answers the request at once, so that a client of the control API that finds the request in the journal changes
// the clock after the answer.
func (s *Sandbox) arrive(r *http.Request, name string, act func(*Entry)) (entry *Entry, fault *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry = &Entry{
		Time:   s.clock.Now(),
		Cloud:  name,
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.RawQuery,
	}
	s.journal = append(s.journal, entry)

	for _, f := range s.faults {
		if f.applies(entry.Method, entry.Path, r.UserAgent()) && fault == nil {
			fault = &f.Fault
			entry.Fault = f.Do
		}
	}
	if fault == nil {
		act(entry)
	}
	return entry, fault
}

// entries copies the journal. The caller holds the lock.
func (s *Sandbox) entries() []Entry {
	out := make([]Entry, 0, len(s.journal))
	for _, e := range s.journal {
		out = append(out, *e)
	}
	return out
}
