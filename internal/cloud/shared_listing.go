package cloud

import (
	"context"
	"errors"
	"time"
)

// sharedListing is a listing that answers several reads. The lock of its loader guards it.
type sharedListing[T any] struct {
	// began is when the listing began, and paged when its first page came.
	began, paged time.Time
	// all has the objects of the pages so far, and byID the same by their IDs.
	all  []T
	byID map[string]T
	// reads counts the reads that chose the listing.
	reads int
	// awaited counts the callers that wait for an object, by its ID, and whole those that wait for all pages.
	awaited map[string]int
	whole   int
	// outdated is true after a wait of the scope has ended, which changed an object. Polls of other waits still use the
	// listing.
	outdated bool
	// paging is true while a page is read. done is true after the last one, or after an error.
	paging, done bool
	err          error
	// changed is closed, and replaced, when a page has come and when the listing is done.
	changed chan struct{}
	// needed has an element when a further page is needed.
	needed chan struct{}
	// cancel ends the request under way.
	cancel context.CancelFunc
}

var (
	// errGivenUp is the error of a listing that may have more pages than reads.
	errGivenUp = errors.New("the listing has too many pages")
	// errUnused is the error of a listing whose next page no read needs.
	errUnused = errors.New("the rest of the listing is not needed")
)

// canShow reports whether a listing answers a read that begins now. A listing that ended early does so for the objects
// of its pages.
func (s *sharedListing[T]) canShow(id string) bool {
	if s == nil || s.outdated || s.isOld() {
		return false
	}
	_, ok := s.byID[id]
	return ok || s.err == nil
}

// isOld reports whether the first page came too long ago for a read that begins now.
func (s *sharedListing[T]) isOld() bool { return !s.paged.IsZero() && time.Since(s.paged) > sharedFor }

// signal starts the next page. The caller holds the lock.
func (s *sharedListing[T]) signal() {
	select {
	case s.needed <- struct{}{}:
	default:
	}
}

// start begins a listing of a scope, which becomes the one that answers reads. The caller holds the lock.
func (l *loader[S, T]) start(ctx context.Context, scope S, of *sharedScope[T]) {
	// A listing continues for the other reads if the read that began it ends.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if deadline, ok := ctx.Deadline(); ok {
		// A pause of the cloud that is too long for the read ends the listing at once.
		own, cancel = context.WithDeadline(own, deadline)
	}
	from := &sharedListing[T]{
		began: time.Now(), byID: map[string]T{}, awaited: map[string]int{}, paging: true,
		changed: make(chan struct{}), needed: make(chan struct{}, 1), cancel: cancel,
	}
	of.shared = from
	go func() {
		defer cancel()
		l.run(own, scope, of, from)
	}()
}

// run reads the pages of a listing as they are needed.
func (l *loader[S, T]) run(ctx context.Context, scope S, of *sharedScope[T], from *sharedListing[T]) {
	pages := 0
	var failed error
	for page, err := range l.list(ctx, scope) {
		if failed = err; err != nil {
			break
		}
		pages++
		l.add(from, page)
		if failed = l.awaitNeed(ctx, of, from, pages+1); failed != nil {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if of.shared == from {
		of.single, of.pages = 0, 0
		switch {
		case errors.Is(failed, errGivenUp):
			of.pages = pages + 1
		case failed != nil && !errors.Is(failed, errUnused) && ctx.Err() == nil:
			of.failed = time.Now()
		}
	}
	from.paging, from.done, from.err = false, true, failed
	close(from.changed)
}

// add adds a page to a listing.
func (l *loader[S, T]) add(from *sharedListing[T], page []T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from.all = append(from.all, page...)
	for _, object := range page {
		from.byID[l.id(object)] = object
		delete(from.awaited, l.id(object))
	}
	from.paging = false
	if from.paged.IsZero() {
		from.paged = time.Now()
	}
	close(from.changed)
	from.changed = make(chan struct{})
}

// awaitNeed blocks until a read needs the next page of a listing. The error is errGivenUp if the page is not worth it,
// and errUnused if no read needs it before the listing is too old.
func (l *loader[S, T]) awaitNeed(
	ctx context.Context, of *sharedScope[T], from *sharedListing[T], page int,
) error {
	for {
		l.mu.Lock()
		needed := from.isNeeded()
		worth := from.whole > 0 || page <= max(from.reads+of.single, of.waits)
		from.paging = needed && worth
		l.mu.Unlock()
		switch {
		case needed && worth:
			return nil
		case needed:
			return errGivenUp
		}
		old := time.NewTimer(sharedFor)
		select {
		case <-from.needed:
			old.Stop()
		case <-old.C:
			return errUnused
		case <-ctx.Done():
			old.Stop()
			return ctx.Err()
		}
	}
}

// isNeeded reports whether a caller waits for a page. The caller holds the lock.
func (s *sharedListing[T]) isNeeded() bool { return s.whole > 0 || len(s.awaited) > 0 }

// expect records a caller that waits for an object. The caller holds the lock.
func (s *sharedListing[T]) expect(id string) {
	if _, ok := s.byID[id]; !ok {
		s.awaited[id]++
		s.signal()
	}
}

// find returns an object from a listing, after expect. It blocks until a page has it, or until the listing is done or
// ctx ends, which is false.
func (l *loader[S, T]) find(ctx context.Context, from *sharedListing[T], id string) (object T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() {
		if from.awaited[id]--; from.awaited[id] <= 0 {
			delete(from.awaited, id)
		}
		from.stopUnlessNeeded()
	}()
	for {
		if object, ok = from.byID[id]; ok || from.done || !l.awaitChange(ctx, from) {
			return object, ok
		}
	}
}

// finish blocks until a listing of pickWhole is complete, or until ctx ends. The error is that of the listing.
func (l *loader[S, T]) finish(ctx context.Context, from *sharedListing[T]) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() {
		from.whole--
		from.stopUnlessNeeded()
	}()
	for !from.done {
		if !l.awaitChange(ctx, from) {
			return ctx.Err()
		}
	}
	return from.err
}

// awaitChange blocks until a page of a listing has come, or until the listing is done. It is false when ctx ends. The
// caller holds the lock, which is free meanwhile.
func (l *loader[S, T]) awaitChange(ctx context.Context, from *sharedListing[T]) bool {
	changed := from.changed
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-changed:
		return true
	case <-ctx.Done():
		return false
	}
}

// stopUnlessNeeded ends the request of a page that no caller waits for any more. The caller holds the lock.
func (s *sharedListing[T]) stopUnlessNeeded() {
	if s.paging && !s.isNeeded() {
		s.cancel()
	}
}
