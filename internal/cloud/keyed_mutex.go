package cloud

import (
	"context"
	"sync"
)

// keyedMutex is a mutex per key. The runtime decides the order of the waiting callers, which is mostly their order of
// arrival.
type keyedMutex struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	token   chan struct{}
	waiting int
}

// lock locks a key. It returns the function that unlocks it, and whether the lock was held before.
func (t *keyedMutex) lock(ctx context.Context, key string) (release func(), waited bool, err error) {
	t.mu.Lock()
	if t.queues == nil {
		t.queues = map[string]*queue{}
	}
	q := t.queues[key]
	if q == nil {
		q = &queue{token: make(chan struct{}, 1)}
		t.queues[key] = q
	}
	q.waiting++
	t.mu.Unlock()

	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if q.waiting--; q.waiting == 0 {
			delete(t.queues, key)
		}
	}
	release = sync.OnceFunc(func() { <-q.token; leave() })
	select {
	case q.token <- struct{}{}:
		return release, false, nil
	default:
	}
	select {
	case q.token <- struct{}{}:
		return release, true, nil
	case <-ctx.Done():
		leave()
		return nil, true, ctx.Err()
	}
}

// isLocked reports whether a key is locked.
func (t *keyedMutex) isLocked(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queues[key] != nil
}
