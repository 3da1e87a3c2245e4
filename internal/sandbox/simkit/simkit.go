package simkit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Simulator is one cloud in the sandbox. The sandbox calls all its methods one at a time.
type Simulator interface {
	// ServeHTTP answers what comes below the mount. The path is whole, with the mount in front, as the client sent it.
	http.Handler
	// Environment returns the variables for a client of this cloud, in the order to print. Base is the sandbox's URL
	// without a trailing slash, as in http://127.0.0.1:8484.
	Environment(base string) []Variable
	// Inventory lists what exists in the provider's words, after all work that is due is done.
	Inventory() Inventory
	// Reset seeds the state anew.
	Reset()
	// Save and Load keep the whole state, so that a sandbox can go on after a restart.
	Save() (json.RawMessage, error)
	Load(saved json.RawMessage) error
}

// SourceStates is implemented by the simulator of a cloud whose sources have states, such as running and stopped. It
// changes them from outside of the API, as somebody does who switches a machine off in the cloud's console.
type SourceStates interface {
	// SourceStates returns the states that SetSourceState accepts, in the words of Source.State.
	SourceStates() []string
	// SetSourceState changes the state of a source at once and without an operation. The source is one of Inventory, and
	// the state one of SourceStates. It reports an error if this source cannot have the state now.
	SetSourceState(source Source, state string) error
}

// Variable is one environment variable.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Export is the line for a POSIX shell that sets the variable, with a line break at the end.
func (v Variable) Export() string {
	return fmt.Sprintf("export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
}

// Config is what a sandbox gives to a simulator. Tests may change it later.
type Config struct {
	// Latency is how long slow work takes. With 0 the next request finds it finished.
	Latency time.Duration
	// PageLimit is the largest size of a page of a listing, whatever the client requests. With 0 it is the cloud's own.
	PageLimit int
	// Mount is the path in front of everything, as in "/contabo".
	Mount string
	// Clock is the sandbox's clock, which all simulators share.
	Clock *Clock
}

// Now is the sandbox's time, in UTC.
func (c *Config) Now() time.Time { return c.Clock.Now() }

// PageSize is the size of a page for a client that requests a size: at most the limit.
func (c *Config) PageSize(requested int) int {
	if c.PageLimit > 0 {
		return min(requested, c.PageLimit)
	}
	return requested
}

// Due reports whether work that began at start is over. With a latency of 0 it always is, even if the clock was put
// back.
func (c *Config) Due(start time.Time) bool {
	return c.Latency <= 0 || !c.Now().Before(start.Add(c.Latency))
}

// Clock is real time plus what it was advanced by. It is not safe for concurrent use: the sandbox holds its lock.
type Clock struct {
	// Offset is how far the clock is from real time.
	Offset time.Duration
}

// Now is the sandbox's time, in UTC.
func (c *Clock) Now() time.Time { return time.Now().UTC().Add(c.Offset) }

// Inventory lists what exists in one cloud, in the provider's words.
type Inventory struct {
	Sources   []Source   `json:"sources"`
	Snapshots []Snapshot `json:"snapshots"`
	Images    []Image    `json:"images"`
	Templates []Template `json:"templates"`
}

// NewInventory returns an inventory of empty lists, which are [] in JSON and not null.
func NewInventory() Inventory {
	return Inventory{Sources: []Source{}, Snapshots: []Snapshot{}, Images: []Image{}, Templates: []Template{}}
}

// Source is an instance, a volume or a VM. Slots is how many snapshots it can hold, 0 for none, -1 for no limit.
type Source struct {
	SourceID string `json:"source_id"`
	Location string `json:"location"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Slots    int    `json:"slots"`
}

// Snapshot is a snapshot that exists.
type Snapshot struct {
	SnapshotID string    `json:"snapshot_id"`
	SourceID   string    `json:"source_id"`
	Location   string    `json:"location"`
	Name       string    `json:"name"`
	State      string    `json:"state"`
	CreatedAt  time.Time `json:"created_at"`
}

// Image is a custom image.
type Image struct {
	ImageID  string `json:"image_id"`
	Location string `json:"location"`
	Name     string `json:"name"`
	State    string `json:"state"`
}

// Template is a template.
type Template struct {
	TemplateID string `json:"template_id"`
	Location   string `json:"location"`
	Name       string `json:"name"`
}
