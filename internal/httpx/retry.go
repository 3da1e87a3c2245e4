package httpx

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// attempts counts the attempts of one request.
type attempts struct {
	once            bool
	failed, limited int
	renewed         bool
}

// shouldRetry applies the rules of doc.go.
func (s *sender) shouldRetry(ctx context.Context, seen *attempts, a answer) bool {
	switch {
	case ctx.Err() != nil:
		return false
	case a.err != nil && (permanent(a.err) || (seen.once && !notSent(a.err))):
		return false
	case a.err != nil:
		seen.failed++
		return seen.failed <= maxTries
	case a.resp.StatusCode == http.StatusTooManyRequests:
		seen.limited++
		return seen.limited <= maxLimited
	case a.resp.StatusCode == http.StatusUnauthorized && s.options.Renew != nil && !seen.renewed:
		seen.renewed = true
		return s.options.Renew(a.req)
	case a.resp.StatusCode >= 500 && a.resp.StatusCode != http.StatusNotImplemented && !seen.once:
		seen.failed++
		return seen.failed <= maxTries
	}
	return false
}

// pause returns the pause before the next attempt: the one that the server asks for, or else a doubling one. limited
// counts the answers 429 in a row to all requests of the account.
func (s *sender) pause(seen attempts, limited int, resp *http.Response) time.Duration {
	if resp != nil && resp.StatusCode == http.StatusUnauthorized {
		return 0
	}
	if asked := s.retryAfter(resp); asked > 0 {
		return asked
	}
	d := min(s.options.RetryWait, maxPause)
	for n := 1; n < seen.failed+max(seen.limited, limited) && d < maxPause; n++ {
		d = min(2*d, maxPause)
	}
	return d
}

// step is the distance of requests that leave after a pause, and the limit of the jitter.
func (s *sender) step() time.Duration { return min(s.options.RetryWait, maxPause)/4 + 1 }

// jitter returns a random duration below most. It separates requests that were refused at the same time.
func jitter(most time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(most))) //nolint:gosec // Jitter needs no secrecy.
}

// retryAfter returns the pause that the server asks for, at most maxAsked, or 0.
func (s *sender) retryAfter(resp *http.Response) time.Duration {
	if resp == nil ||
		(resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable) {
		return 0
	}
	if after := strings.TrimSpace(resp.Header.Get("Retry-After")); after != "" {
		if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
			return time.Duration(min(seconds, int(maxAsked/time.Second))) * time.Second
		}
		if at, err := http.ParseTime(after); err == nil {
			return min(max(time.Until(at), 0), maxAsked)
		}
	}
	if s.options.RateReset != nil && resp.StatusCode == http.StatusTooManyRequests {
		if asked, ok := s.options.RateReset(resp.Header); ok {
			return min(max(asked, 0), maxAsked)
		}
	}
	return 0
}

// rest blocks for a duration, or until ctx ends, and then returns its error.
func rest(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
