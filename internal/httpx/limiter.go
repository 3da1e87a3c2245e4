package httpx

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Limiter pauses the requests of an account after an answer 429, and paces those that follow. All clients with the same
// Limiter share the pause and the pace. The zero value is ready. It is safe for concurrent use, and must not be copied.
type Limiter struct {
	mu sync.Mutex
	// until is the end of the pause. It stays after the end; zero means that there was no pause.
	until time.Time
	// interval is the time between two requests after the pause. It halves after each window, so that a client whose
	// limit has passed becomes as fast as before. next is the earliest time of the next request.
	interval, window time.Duration
	next             time.Time
	// began is when the first request was sent, and allowed counts the answers without a 429 since then, or to requests
	// after the latest pause.
	began   time.Time
	allowed int
	// extended is closed when until moves. nil means that no request waits.
	extended chan struct{}
	// refusal is the last answer 429, and refused when it came. repeated counts such answers in a row.
	refusal  answer
	refused  time.Time
	repeated int
}

// slowest is the longest interval: a limit that is lower than one request a second is met again.
const slowest = time.Second

// limitedError is a request that was not sent, because its context would end before the pause.
type limitedError struct {
	// refusal is the answer 429 that began the pause.
	refusal answer
}

func (e *limitedError) Error() string { return http.StatusText(http.StatusTooManyRequests) }

// wait blocks until a request may be sent: until the pause is over, and then one by one. If ctx ends meanwhile, it
// returns the error of ctx. If the deadline of ctx is before the end of the pause, it returns a *limitedError at once.
func (l *Limiter) wait(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rest, extended, err := l.reserve(ctx)
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
func (l *Limiter) reserve(ctx context.Context) (time.Duration, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.until.IsZero() {
		if l.began.IsZero() {
			l.began = now
		}
		return 0, nil, nil
	}
	pause := l.until.Sub(now)
	deadline, limited := ctx.Deadline()
	if limited && pause > 0 && !deadline.After(l.until) {
		refusal := l.refusal
		resp := *refusal.resp
		refusal.resp, refusal.pause = &resp, pause
		return 0, nil, &limitedError{refusal}
	}
	wait := l.place(now).Sub(now)
	if limited && now.Add(wait).After(deadline) {
		wait = max(pause, 0)
	}
	if l.extended == nil {
		l.extended = make(chan struct{})
	}
	return wait, l.extended, nil
}

// place takes the next place in the order of the requests, and returns its time, with jitter: other processes may have
// the same pause. The caller holds the lock.
func (l *Limiter) place(now time.Time) time.Time {
	at := l.until
	for _, t := range []time.Time{l.next, now} {
		if t.After(at) {
			at = t
		}
	}
	interval := l.interval >> min(at.Sub(l.until)/max(l.window, 1), 62)
	if interval < time.Millisecond {
		interval = 0
	}
	l.next = at.Add(interval)
	if interval > 0 && at.After(now) {
		at = at.Add(jitter(interval/4 + 1))
	}
	return at
}

// limit begins a pause, or extends it. It never shortens it. refusal is the answer 429. pause returns how long the
// pause is after a number of such answers in a row. step is the interval of the requests after it if the cloud allowed
// none before. final is true if the request fails with this answer: the count begins again. It returns the length of
// the pause, or 0 if the pause does not change.
func (l *Limiter) limit(
	refusal answer, pause func(repeated int) time.Duration, step time.Duration, final bool,
) time.Duration {
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
		return 0
	}
	if refusal.sent.After(l.until) {
		l.setPace(until, step)
	}
	l.until, l.next = until, until
	l.refusal = answer{resp: refusal.resp, content: refusal.content}
	// The requests that wait take new places.
	if l.extended != nil {
		close(l.extended)
		l.extended = nil
	}
	return d
}

// setPace spreads as many requests as the cloud has allowed over a window as long as the latest one, which ends with
// the pause. The caller holds the lock.
func (l *Limiter) setPace(until time.Time, step time.Duration) {
	if l.until.After(l.began) {
		l.began = l.until
	}
	elapsed := until.Sub(l.began)
	l.window = min(elapsed, maxPause)
	l.interval = step
	if l.allowed > 0 {
		l.interval = min(elapsed/time.Duration(l.allowed), slowest)
	}
	l.allowed = 0
}

// allow notes an answer that is not a 429, to a request that was sent at a time. It does not end the pause.
func (l *Limiter) allow(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sent.After(l.refused) {
		l.repeated = 0
	}
	if !sent.Before(l.until) {
		l.allowed++
	}
}
