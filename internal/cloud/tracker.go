package cloud

import (
	"context"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// listingHolds is how old a listing may be that creates of one scope share.
const listingHolds = 5 * time.Second

// tracker keeps which objects belong to resources of this run, which objects were seen, and which scopes were listed.
// It is safe for concurrent use; the zero value is ready.
type tracker struct {
	mu sync.Mutex
	// tracked are the IDs of objects and operations that belong to resources of this run, and what the objects were
	// made of.
	tracked map[string]driver.Ref
	// retained are the IDs of objects that a destroy leaves at the cloud.
	retained map[string]bool
	// seen is when each object was seen first.
	seen map[string]time.Time
	// listed is when the latest complete listing of a scope began.
	listed map[string]time.Time
}

// track notes that an object belongs to a resource of this run, and reports whether it did not before.
func (t *tracker) track(id string, ref driver.Ref) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tracked == nil {
		t.tracked = map[string]driver.Ref{}
	}
	known, ok := t.tracked[id]
	if !ok || known == (driver.Ref{}) {
		t.tracked[id] = ref
	}
	return !ok
}

// retain notes that a destroy leaves an object at the cloud.
func (t *tracker) retain(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.retained == nil {
		t.retained = map[string]bool{}
	}
	t.retained[id] = true
}

// isRetained reports whether a destroy leaves an object at the cloud.
func (t *tracker) isRetained(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.retained[id]
}

func (t *tracker) isTracked(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.tracked[id]
	return ok
}

// tracksSource reports whether a resource of this run has a snapshot of a source.
func (t *tracker) tracksSource(source driver.Ref) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range t.tracked {
		if ref.SourceID != "" && ref.SourceID == source.SourceID && ref.Location == source.Location {
			return true
		}
	}
	return false
}

// see notes that an object exists.
func (t *tracker) see(id string) {
	if id == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]time.Time{}
	}
	if _, ok := t.seen[id]; !ok {
		t.seen[id] = time.Now()
	}
}

// seenBefore reports whether an object had been seen when something began.
func (t *tracker) seenBefore(id string, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first, ok := t.seen[id]
	return ok && !first.After(at)
}

// listedRecently reports whether a scope was listed a moment ago.
func (t *tracker) listedRecently(scope string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.listed[scope]
	return ok && time.Since(at) <= listingHolds
}

func (t *tracker) noteListing(scope string, began time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listed == nil {
		t.listed = map[string]time.Time{}
	}
	t.listed[scope] = began
}

// listBefore makes sure that whatever exists in a scope has been seen, before something new is made there. Concurrent
// creates of one scope share a listing. It reports whether there is one: without it nothing that appears later may be
// adopted. list must note what it sees.
func (c *Cloud) listBefore(ctx context.Context, scope string, list func(ctx context.Context) error) bool {
	if ctx.Err() != nil {
		return false
	}
	release, _, err := c.locks.lock(ctx, "listing of "+scope)
	if err != nil {
		return false
	}
	defer release()
	if c.tracker.listedRecently(scope) {
		return true
	}
	began := time.Now()
	if list(ctx) != nil {
		return false
	}
	c.tracker.noteListing(scope, began)
	return true
}

// Track notes that an object belongs to a resource of this run, so that nothing else adopts it and a single slot may be
// planned to be replaced.
func (c *Cloud) Track(ref driver.Ref) {
	if ref.ObjectID != "" {
		c.tracker.track(ref.ObjectID, ref)
	}
}

// Retain notes that a destroy leaves a snapshot at the cloud. A create in the same single slot would overwrite it and
// is refused.
func (c *Cloud) Retain(ref driver.Ref) {
	if ref.ObjectID != "" {
		c.tracker.retain(ref.ObjectID)
	}
}
