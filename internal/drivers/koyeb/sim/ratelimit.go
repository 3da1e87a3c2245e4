package sim

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	// limit is how many requests a caller has in a window.
	limit  = 400
	window = 60 * time.Second
)

// bucket counts a caller's requests since the window began.
type bucket struct {
	Began time.Time `json:"began"`
	Used  int       `json:"used"`
}

// admit counts a request, writes the headers of the limit, and reports whether the request is within it.
func (s *Simulator) admit(w http.ResponseWriter, r *http.Request) bool {
	now := s.Now()
	key := caller(r)
	b := s.State.Buckets[key]
	if passed := now.Sub(b.Began); passed < 0 || passed >= window {
		b = bucket{Began: now}
	}
	admitted := b.Used < limit
	if admitted {
		b.Used++
	}
	if s.State.Buckets == nil {
		s.State.Buckets = map[string]bucket{}
	}
	s.State.Buckets[key] = b

	left := b.Began.Add(window).Sub(now)
	h := w.Header()
	h.Set("X-Ratelimit-Limit", fmt.Sprintf("%d, %d;w=%d", limit, limit, int(window.Seconds())))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(limit-b.Used))
	h.Set("X-Ratelimit-Reset", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	return admitted
}

// caller is whom a request counts against: a good token with its address, or else the address.
func caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	token, _ := bearer(r)
	if token == "" {
		return "address " + host
	}
	return "token " + token + " from " + host
}
