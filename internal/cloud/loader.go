package cloud

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// sharedFor is how long a listing answers reads after its first page has come, and how long a scope is not listed
	// after an error.
	sharedFor = 5 * time.Second
	// gatherFor is how long a read that is alone waits for other reads before it is sent, and gatherBusyFor while the
	// provider reads at other clouds: Terraform reads only a few objects at a time.
	gatherFor     = 25 * time.Millisecond
	gatherBusyFor = 40 * gatherFor
	// togetherFor is how long after the end of a read another one still happens together with it.
	togetherFor = 10 * gatherFor
)

// loader is a data loader: it answers reads of one kind of objects that happen together by one listing of their scope.
// The scope is the smallest listing that contains an object.
//
//   - A read that is alone is sent as it is. A read is not alone while a read of another object of the account is under
//     way or has just ended, or while a wait of its scope is under way. If the scope is smaller than the account, reads
//     of other accounts count as well.
//   - A listing has no more pages than the reads that it can save. Otherwise it is given up, and the reads are sent one
//     by one.
//   - An object that a listing does not show is read by itself, and so is every object after an error of the listing.
//   - A listing answers the reads that begin while it runs, or up to sharedFor later. A write of this process ends it.
//
// It is safe for concurrent use.
type loader[S comparable, T any] struct {
	// list yields the objects of a scope, and id returns the ID of one. Without list, each read is sent as it is.
	list func(ctx context.Context, scope S) iter.Seq2[[]T, error]
	id   func(T) string
	// large is true if a scope is the whole account, whose listing may have many pages.
	large bool
	// busy counts the requests under way, also those of other loaders. It is not nil.
	busy *atomic.Int64

	mu sync.Mutex
	// begun counts the reads that began so far, active those under way, and sending those that do not wait for others.
	begun, active, sending int
	// last is the ID of the object whose read ended last, and lastAt is when.
	last   string
	lastAt time.Time
	scopes map[S]*sharedScope[T]
}

// sharedScope is what a loader records of a scope.
type sharedScope[T any] struct {
	// waits counts the waits under way.
	waits int
	// active counts the reads under way, and latest is when the last one ended.
	active int
	latest time.Time
	// single counts the reads that were sent by themselves since a listing was given up.
	single int
	// pages is how many pages a listing has at least, if the last one was given up. failed is when one had an error.
	pages  int
	failed time.Time
	// shared is the listing that answers reads; nil means none.
	shared *sharedListing[T]
}

// isShared reports whether reads can share listings.
func (l *loader[S, T]) isShared() bool { return l.list != nil }

// read reads an object. single reads it by itself. It blocks until the object is read, or until ctx ends. The error is
// that of single.
func (l *loader[S, T]) read(
	ctx context.Context, scope S, id string, single func(ctx context.Context) (T, error),
) (T, error) {
	if !l.isShared() || id == "" {
		defer l.send()()
		return single(ctx)
	}
	number, leave := l.begin(scope, id)
	defer leave()
	from, alone := l.pick(ctx, scope, id, number)
	for waited := time.Duration(0); alone && (waited < gatherFor || l.isBusy() && waited < gatherBusyFor); {
		gather(ctx)
		waited += gatherFor
		from, alone = l.pick(ctx, scope, id, number)
	}
	defer l.send()()
	if from != nil {
		if object, ok := l.findInTime(ctx, from, id); ok {
			return object, nil
		}
	}
	l.noteSingle(scope)
	return single(ctx)
}

// findInTime is find with half of the time until the deadline of ctx, so that the rest is left for a read by itself.
func (l *loader[S, T]) findInTime(ctx context.Context, from *sharedListing[T], id string) (T, bool) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	return l.find(ctx, from, id)
}

// send records a request under way. done ends it.
func (l *loader[S, T]) send() (done func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sending++
	l.busy.Add(1)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.sending--
		l.busy.Add(-1)
	}
}

// isBusy reports whether requests of other loaders are under way.
func (l *loader[S, T]) isBusy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.othersSend()
}

// othersSend is isBusy for a caller that holds the lock.
func (l *loader[S, T]) othersSend() bool { return l.busy.Load() > int64(l.sending) }

// gather blocks for gatherFor, or until ctx ends.
func gather(ctx context.Context) {
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// poll is read for a poll of a wait, which needs an object that is younger than young.
func (l *loader[S, T]) poll(
	ctx context.Context, scope S, id string, young time.Duration, single func(ctx context.Context) (T, error),
) (T, error) {
	if object, ok := l.glance(ctx, scope, id, young); ok {
		return object, nil
	}
	return single(ctx)
}

// glance returns an object from a listing that the waits of a scope share, and that began less than young ago. It is
// false if the wait is alone, and if the listing does not show the object.
func (l *loader[S, T]) glance(ctx context.Context, scope S, id string, young time.Duration) (object T, ok bool) {
	if !l.isShared() || id == "" {
		return object, false
	}
	from := l.pickYoung(ctx, scope, id, young)
	if from == nil {
		return object, false
	}
	return l.findInTime(ctx, from, id)
}

// all returns all objects of a scope, and when their listing began. It shares a listing under way, and none that has
// ended, because it shows which snapshots a rotation deletes. It blocks until the listing is complete, or
// until ctx ends. The error is that of a listing for this call.
func (l *loader[S, T]) all(ctx context.Context, scope S) (objects []T, began time.Time, err error) {
	_, leave := l.begin(scope, "")
	defer leave()
	defer l.send()()
	for {
		from, begins := l.pickWhole(ctx, scope)
		err = l.finish(ctx, from)
		switch {
		case err == nil:
			return from.all, from.began, nil
		case begins || ctx.Err() != nil:
			return nil, time.Time{}, err
		}
		// The error is that of another caller.
	}
}

// wait records that a wait of a scope is under way, so that its polls share listings with those of other waits. leave
// ends it.
func (l *loader[S, T]) wait(scope S) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.scope(scope)
	if s.waits == 0 && s.active == 0 {
		s.single, s.pages = 0, 0
	}
	s.waits++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		s.waits--
		if s.shared != nil {
			s.shared.outdated = true
		}
	}
}

// end ends all listings for the reads that begin from now on. It is for before and after a write.
func (l *loader[S, T]) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.scopes {
		s.shared = nil
	}
}

// begin records a read of an object, or of all if id is empty, and returns its number. leave ends it.
func (l *loader[S, T]) begin(scope S, id string) (number int, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.scope(scope)
	if s.active == 0 && time.Since(s.latest) > sharedFor {
		s.single, s.pages = 0, 0
	}
	l.begun++
	l.active++
	s.active++
	return l.begun, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.active--
		s.active--
		s.latest = time.Now()
		l.last, l.lastAt = id, s.latest
	}
}

// noteSingle records a read that is sent by itself.
func (l *loader[S, T]) noteSingle(scope S) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.scope(scope); s.pages > 0 {
		s.single++
	}
}

// scope returns the record of a scope. The caller holds the lock.
func (l *loader[S, T]) scope(scope S) *sharedScope[T] {
	s := l.scopes[scope]
	if s == nil {
		if l.scopes == nil {
			l.scopes = map[S]*sharedScope[T]{}
		}
		s = &sharedScope[T]{}
		l.scopes[scope] = s
	}
	return s
}

// pick returns the listing for the read with a number. It begins one if the read is not alone. nil means to send the
// read by itself.
func (l *loader[S, T]) pick(ctx context.Context, scope S, id string, number int) (from *sharedListing[T], alone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.scope(scope)
	if !s.shared.canShow(id) {
		alone = l.isAlone(id, number) && s.waits == 0
		if alone || s.pages > s.single || s.failedLately() {
			return nil, alone
		}
		l.start(ctx, scope, s)
	}
	s.shared.reads++
	s.shared.expect(id)
	return s.shared, false
}

// failedLately reports whether a listing of the scope had an error a moment ago.
func (s *sharedScope[T]) failedLately() bool { return time.Since(s.failed) <= sharedFor }

// isAlone reports whether the read of an object with a number happens together with no other. A read of the same object
// does not count: it is for the latest state. The caller holds the lock.
func (l *loader[S, T]) isAlone(id string, number int) bool {
	return l.active == 1 && l.begun == number && (l.large || !l.othersSend()) &&
		(l.last == id || time.Since(l.lastAt) > togetherFor)
}

// pickYoung is pick for a poll of a wait.
func (l *loader[S, T]) pickYoung(ctx context.Context, scope S, id string, young time.Duration) *sharedListing[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.scope(scope)
	if s.shared == nil || time.Since(s.shared.began) >= young {
		if s.waits+s.active < 2 || s.pages > s.waits || s.failedLately() {
			return nil
		}
		l.start(ctx, scope, s)
	}
	s.shared.expect(id)
	return s.shared
}

// pickWhole returns a listing under way that is read to its end, and whether it begins now.
func (l *loader[S, T]) pickWhole(ctx context.Context, scope S) (from *sharedListing[T], begins bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.scope(scope)
	if s.shared == nil || s.shared.outdated || !s.shared.paging || s.shared.isOld() {
		l.start(ctx, scope, s)
		begins = true
	}
	s.shared.whole++
	s.shared.signal()
	return s.shared, begins
}
