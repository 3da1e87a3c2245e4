package cloud

import (
	"context"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// listingHolds is how long creates of one scope share a listing.
const listingHolds = 5 * time.Second

// tracker has the objects that belong to resources of this run, the objects that listings returned, and the scopes that
// were listed. It is safe for concurrent use; the zero value is ready.
type tracker struct {
	mu sync.Mutex
	// tracked has the IDs of objects and operations that belong to resources of this run, and the address of the
	// objects.
	tracked map[string]driver.Ref
	// retained has the IDs of objects that a destroy does not delete.
	retained map[string]bool
	// unmanaged has, by source, the snapshot that existed before this run took an unmanaged one.
	unmanaged map[string]driver.Snapshot
	// deleted has the reason why the engine deleted an object as part of other work.
	deleted map[string]string
	// restores has the operations of restores that the engine does not wait for any more, by the snapshot's address.
	restores map[driver.Ref]driver.Operation
	// seen is when a listing first returned each object.
	seen map[string]time.Time
	// listed is when the latest complete listing of a scope began.
	listed map[string]time.Time
}

// track records that an object belongs to a resource of this run, and reports whether it is new.
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

// retain records that a destroy does not delete an object.
func (t *tracker) retain(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.retained == nil {
		t.retained = map[string]bool{}
	}
	t.retained[id] = true
}

// isRetained reports whether a destroy retains an object.
func (t *tracker) isRetained(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.retained[id]
}

// noteUnmanaged records that this run took, or may have taken, a snapshot of a source that no resource has. old is the
// snapshot that it overwrites.
func (t *tracker) noteUnmanaged(source string, old driver.Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.unmanaged == nil {
		t.unmanaged = map[string]driver.Snapshot{}
	}
	t.unmanaged[source] = old
}

// isUnmanaged reports whether the snapshot of a source with a single snapshot is the one that noteUnmanaged recorded.
func (t *tracker) isUnmanaged(source string, s driver.Snapshot) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	old, ok := t.unmanaged[source]
	operation := driver.Operation{Supersedes: old.ID, SupersedesCreatedAt: old.CreatedAt}
	return ok && operation.Matches(s)
}

// keepRestore records the operation of an unfinished restore.
func (t *tracker) keepRestore(ref driver.Ref, operation driver.Operation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.restores == nil {
		t.restores = map[driver.Ref]driver.Operation{}
	}
	t.restores[ref] = operation
}

// unfinishedRestore returns the operation of keepRestore.
func (t *tracker) unfinishedRestore(ref driver.Ref) (driver.Operation, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	operation, ok := t.restores[ref]
	return operation, ok
}

// finishRestore forgets an unfinished restore.
func (t *tracker) finishRestore(ref driver.Ref) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.restores, ref)
}

// noteDeleted records why the engine deleted an object as part of other work.
func (t *tracker) noteDeleted(id, reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.deleted == nil {
		t.deleted = map[string]string{}
	}
	t.deleted[id] = reason
}

// whyDeleted returns the reason of noteDeleted, or an empty text.
func (t *tracker) whyDeleted(id string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.deleted[id]
}

func (t *tracker) isTracked(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.tracked[id]
	return ok
}

// tracksSnapshots reports whether a resource of this run has a snapshot of any source.
func (t *tracker) tracksSnapshots() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range t.tracked {
		if ref.SourceID != "" {
			return true
		}
	}
	return false
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

// see records that an object exists.
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

// seenBefore reports whether a listing returned an object before a time.
func (t *tracker) seenBefore(id string, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first, ok := t.seen[id]
	return ok && !first.After(at)
}

// listedRecently reports whether a listing of a scope is still shared.
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

// listBefore lists a scope before a create, so that the tracker has every object that exists. Concurrent creates of one
// scope share a listing. It reports whether there is a listing: without one, no object may be adopted later. list must
// pass each object to see.
func (c *Cloud) listBefore(ctx context.Context, scope string, list func(ctx context.Context) error) bool {
	return c.tryListBefore(ctx, scope, list) == nil
}

// tryListBefore is listBefore with the error of the listing.
func (c *Cloud) tryListBefore(ctx context.Context, scope string, list func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	release, _, err := c.locks.lock(ctx, "listing of "+scope)
	if err != nil {
		return err
	}
	defer release()
	if c.tracker.listedRecently(scope) {
		return nil
	}
	began := time.Now()
	if err := list(ctx); err != nil {
		return err
	}
	c.tracker.noteListing(scope, began)
	return nil
}

// Track records that an object belongs to a resource of this run: no other resource adopts it, and a plan may replace
// it where a source has a single snapshot.
func (c *Cloud) Track(ref driver.Ref) {
	if ref.ObjectID != "" {
		c.tracker.track(ref.ObjectID, ref)
	}
}

// Retain records that a destroy does not delete a snapshot. A plan that would overwrite it is refused.
func (c *Cloud) Retain(ref driver.Ref) {
	if ref.ObjectID != "" {
		c.tracker.retain(ref.ObjectID)
	}
}
