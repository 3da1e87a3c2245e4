package cloud

import (
	"context"
	"sync"
)

// turns hands out turns by key, in order of arrival as far as the runtime keeps it.
type turns struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	token   chan struct{}
	waiting int
}

func (t *turns) take(ctx context.Context, key string) (func(), error) {
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
	select {
	case q.token <- struct{}{}:
		return sync.OnceFunc(func() { <-q.token; leave() }), nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
