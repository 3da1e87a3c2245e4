package httpx

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Limiter pauses the requests of an account after an answer 429. All clients with the same Limiter share the pause. The
// zero value is ready. It is safe for concurrent use, and must not be copied.
type Limiter struct {
	mu sync.Mutex
	// until is the end of the pause. The requests that wait for it are let out one by one, within spread after it.
	until  time.Time
	spread time.Duration
	// waiting counts the requests that wait for until.
	waiting int
	// extended is closed when until moves. nil means that no request waits.
	extended chan struct{}
	// refusal is the last answer 429, and refused when it came. repeated counts such answers in a row.
	refusal  answer
	refused  time.Time
	repeated int
}

// limitedError is a request that was not sent, because its context would end before the pause.
type limitedError struct {
	// refusal is the answer 429 that began the pause.
	refusal answer
}

func (e *limitedError) Error() string { return http.StatusText(http.StatusTooManyRequests) }

// wait blocks until the pause is over. Requests that wait for the same pause return one by one, at least a step apart
// if the spread is long enough. If ctx ends meanwhile, it returns the error of ctx. If the deadline of ctx is before
// the end of the pause, it returns a *limitedError at once.
func (l *Limiter) wait(ctx context.Context, step time.Duration) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rest, extended, err := l.reserve(ctx, step)
		if rest <= 0 || err != nil {
			return err
		}
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
		case <-extended:
		case <-timer.C:
			select {
			case <-extended:
			default:
				return nil
			}
		}
		timer.Stop()
	}
}

// reserve returns how long a request must wait, and a channel that is closed when this changes.
func (l *Limiter) reserve(ctx context.Context, step time.Duration) (time.Duration, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	pause := l.until.Sub(now)
	if pause <= 0 {
		return 0, nil, nil
	}
	left := pause + l.spread + step
	if deadline, ok := ctx.Deadline(); ok {
		left = deadline.Sub(now)
	}
	if left <= pause {
		refusal := l.refusal
		resp := *refusal.resp
		refusal.resp, refusal.pause = &resp, pause
		return 0, nil, &limitedError{refusal}
	}
	offset := time.Duration(l.waiting)*step%max(l.spread, step) + jitter(step)
	if pause+offset >= left {
		offset = 0
	}
	l.waiting++
	if l.extended == nil {
		l.extended = make(chan struct{})
	}
	return pause + offset, l.extended, nil
}

// limit begins a pause, or extends it. It never shortens it. refusal is the answer 429. pause returns how long the
// pause is after a number of such answers in a row. final is true if the request fails with this answer: the count
// begins again.
func (l *Limiter) limit(refusal answer, pause func(repeated int) time.Duration, final bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	// A request that was under way when the pause began is not one in a row.
	if refusal.sent.After(l.refused) {
		l.repeated++
		l.refused = now
	}
	d := pause(l.repeated)
	if final {
		l.repeated = 0
	}
	until := now.Add(d)
	if !until.After(l.until) {
		return
	}
	l.until, l.spread = until, min(d, maxPause)
	l.refusal = answer{resp: refusal.resp, content: refusal.content}
	// The requests that wait take new places.
	l.waiting = 0
	if l.extended != nil {
		close(l.extended)
		l.extended = nil
	}
}

// allow notes an answer that is not a 429, to a request that was sent at a time. It does not end the pause.
func (l *Limiter) allow(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sent.After(l.refused) {
		l.repeated = 0
	}
}
