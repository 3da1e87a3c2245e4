package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// DefaultURL is the URL of sandboxd without an address of its own.
const DefaultURL = "http://127.0.0.1:8484"

// maxBody is the largest request body that is read, in bytes.
const maxBody = 1 << 20

// Options configure a sandbox.
type Options struct {
	// Latency is how long slow work takes. With 0 the next request finds it finished.
	Latency time.Duration
	// PageLimit is the largest size of a page of a listing. With 0 it is that of each cloud.
	PageLimit int
	// StateFile keeps the state across restarts; empty keeps it in memory only.
	StateFile string
	// State is the content of a state file to begin with, where StateFile is empty.
	State []byte
	// Warn receives errors outside of a request, such as a state file that cannot be written; nil ignores them.
	Warn func(error)
}

// simulated is a driver whose cloud has a simulator.
type simulated interface {
	Simulator(config *simkit.Config) simkit.Simulator
}

// mounted is one cloud in the sandbox.
type mounted struct {
	name      string
	simulator simkit.Simulator
}

// Sandbox simulates a list of clouds. It is safe for concurrent use.
type Sandbox struct {
	options Options
	clouds  []mounted
	closed  chan struct{}
	close   func()

	mu      sync.Mutex // guards all below, and every call of a simulator
	clock   *simkit.Clock
	journal []*Entry
	faults  []*activeFault
}

// New seeds the state of each driver's cloud, or goes on with the one in the state file. A driver without a simulator,
// two drivers of one name, and a state file that cannot be read or written are errors.
func New(drivers []driver.Driver, options Options) (*Sandbox, error) {
	s := &Sandbox{options: options, closed: make(chan struct{}), clock: &simkit.Clock{}}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	for _, drv := range drivers {
		name := drv.Descriptor().Name
		source, ok := drv.(simulated)
		if !ok {
			return nil, fmt.Errorf("the cloud %q has no simulator", name)
		}
		if s.find(name) != nil {
			return nil, fmt.Errorf("the cloud %q is in the list twice", name)
		}
		config := &simkit.Config{
			Latency: options.Latency, PageLimit: options.PageLimit, Mount: "/" + name, Clock: s.clock,
		}
		s.clouds = append(s.clouds, mounted{name: name, simulator: source.Simulator(config)})
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	// A file that cannot be written is an error now, before there is a state to lose.
	if err := s.save(); err != nil {
		return nil, err
	}
	return s, nil
}

// Environment returns the variables that clients of all clouds need, in the order of the drivers. base is the sandbox's
// URL without a slash at the end.
func (s *Sandbox) Environment(base string) []simkit.Variable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.environment(base)
}

// environment is Environment for a caller that holds the lock.
func (s *Sandbox) environment(base string) []simkit.Variable {
	out := []simkit.Variable{}
	for _, c := range s.clouds {
		out = append(out, c.simulator.Environment(base)...)
	}
	return out
}

// Mounts are the paths of the clouds in the order of the drivers, as in "/contabo".
func (s *Sandbox) Mounts() []string {
	var paths []string
	for _, c := range s.clouds {
		paths = append(paths, "/"+c.name)
	}
	return paths
}

// Close aborts all requests that hang or are delayed, and saves the state. The simulators do not see these requests.
// Close may be repeated.
func (s *Sandbox) Close() error {
	s.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save()
}

// ServeHTTP answers a request to a cloud or to the control API.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopbackHost(r.Host) {
		s.refuse(
			w,
			http.StatusForbidden,
			fmt.Sprintf("the sandbox answers on loopback only, not for the host %q", r.Host),
		)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		s.refuse(w, http.StatusBadRequest, "the body of the request ended early")
		return
	case len(body) > maxBody:
		s.refuse(
			w,
			http.StatusRequestEntityTooLarge,
			fmt.Sprintf("the body of the request is larger than %d bytes", maxBody),
		)
		return
	}
	// The body is read before the lock is taken, so a slow client does not delay the others.
	r.Body = io.NopCloser(bytes.NewReader(body))

	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if first == "_sandbox" {
		s.serveControl(w, r)
		return
	}
	if c := s.find(first); c != nil {
		s.serveCloud(w, r, *c)
		return
	}
	s.refuse(w, http.StatusNotFound, fmt.Sprintf(
		"there is no cloud at %s; the sandbox has %s, and its control API below /_sandbox",
		r.URL.Path, strings.Join(s.Mounts(), ", ")))
}

func (s *Sandbox) find(name string) *mounted {
	for i := range s.clouds {
		if s.clouds[i].name == name {
			return &s.clouds[i]
		}
	}
	return nil
}

// serveCloud records a request in the journal, and answers with the simulator or with the fault that applies.
func (s *Sandbox) serveCloud(w http.ResponseWriter, r *http.Request, c mounted) {
	var out *answer
	entry, fault := s.arrive(r, c.name, func(entry *Entry) {
		out = s.blank()
		s.answer(out, r, c, entry, true)
	})
	if fault == nil {
		out.send(w)
		return
	}
	delay := time.Duration(fault.Delay)
	if fault.Do == DoDrip {
		s.drip(w, s.act(r, c, entry, true), delay)
		return
	}
	if !s.pause(delay) {
		panic(http.ErrAbortHandler)
	}
	switch fault.Do {
	case DoReset:
		drop(w)
	case DoHang:
		s.hang(r)
	case DoStatus:
		s.invent(entry, *fault).send(w)
	case DoLose:
		s.act(r, c, entry, false)
		drop(w)
	case DoTruncate:
		s.act(r, c, entry, true).sendHalf(w)
	case DoGarbage:
		s.act(r, c, entry, true).garble().send(w)
	case DoMistype:
		s.act(r, c, entry, true).rewrite(DoMistype, mistyped).send(w)
	case DoUnknown:
		s.act(r, c, entry, true).rewrite(DoUnknown, unknownStates).send(w)
	default:
		s.act(r, c, entry, true).send(w)
	}
}

// act passes the request to its simulator and saves the state. seen is whether the client will see the status.
func (s *Sandbox) act(r *http.Request, c mounted, entry *Entry, seen bool) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.blank()
	s.answer(out, r, c, entry, seen)
	return out
}

// answer is act for a caller that holds the lock. It fills out, which is blank.
func (s *Sandbox) answer(out *answer, r *http.Request, c mounted, entry *Entry, seen bool) {
	c.simulator.ServeHTTP(out, r)
	out.finish()
	if seen {
		entry.Status = out.status
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		if err := s.save(); err != nil {
			s.warn(err)
		}
	}
}

// invent returns the answer of a status fault.
func (s *Sandbox) invent(entry *Entry, fault Fault) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.blank()
	fault.write(out)
	entry.Status = out.status
	return out
}

// blank returns an empty answer with the sandbox's time. The caller holds the lock.
func (s *Sandbox) blank() *answer {
	out := &answer{header: http.Header{}}
	out.header.Set("Date", s.clock.Now().Format(http.TimeFormat))
	return out
}

// pause blocks for d. It reports false if the sandbox is closed meanwhile. A client that goes away does not end the
// pause: clouds act on every request that they receive.
func (s *Sandbox) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.closed:
		return false
	}
}

// drip sends an answer byte by byte until the client goes away or the sandbox is closed.
func (s *Sandbox) drip(w http.ResponseWriter, out *answer, pause time.Duration) {
	out.sendHeader(w)
	flush := http.NewResponseController(w)
	for _, b := range out.body.Bytes() {
		if !s.pause(pause) {
			panic(http.ErrAbortHandler)
		}
		if _, err := w.Write([]byte{b}); err != nil {
			return
		}
		_ = flush.Flush() // Without it the bytes arrive together, at the end.
	}
}

// hang blocks until the client goes away or the sandbox is closed, and sends no answer.
func (s *Sandbox) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.closed:
	}
	panic(http.ErrAbortHandler)
}

func (s *Sandbox) warn(err error) {
	if s.options.Warn != nil && err != nil {
		s.options.Warn(err)
	}
}

// refuse answers with an error of the sandbox itself.
func (s *Sandbox) refuse(w http.ResponseWriter, status int, message string) {
	s.reply(w, status, map[string]string{"error": message})
}

func (s *Sandbox) reply(w http.ResponseWriter, status int, body any) {
	s.mu.Lock()
	out := s.blank()
	s.mu.Unlock()
	simkit.JSON(out, status, body)
	out.send(w)
}
