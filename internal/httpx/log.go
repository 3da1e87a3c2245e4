package httpx

import (
	"context"
	"net/http"
	"time"
)

// logged writes one log line per attempt and sets the User-Agent. It logs no header and no body.
type logged struct {
	next      http.RoundTripper
	userAgent string
	idHeader  string
	debug     func(ctx context.Context, msg string, fields ...map[string]any)
}

// RoundTrip sends one attempt.
func (l *logged) RoundTrip(req *http.Request) (*http.Response, error) {
	// A copy, because an abandoned attempt may still be written while the next one is signed.
	ctx := req.Context()
	req = req.Clone(ctx)
	if l.userAgent != "" {
		req.Header.Set("User-Agent", l.userAgent)
	}
	start := time.Now()
	resp, err := l.next.RoundTrip(req)
	if resp != nil && resp.Request == nil {
		resp.Request = req
	}
	if l.debug == nil {
		return resp, err
	}
	fields := map[string]any{
		"method":      req.Method,
		"host":        req.URL.Host,
		"path":        req.URL.EscapedPath(),
		"duration_ms": time.Since(start).Milliseconds(),
	}
	if l.idHeader != "" {
		if id := req.Header.Get(l.idHeader); id != "" {
			fields["request_id"] = id
		}
	}
	if err != nil {
		fields["error"] = withoutURL(err)
		l.debug(ctx, "request without an answer", fields)
		return resp, err
	}
	fields["status"] = resp.StatusCode
	l.debug(ctx, "request answered", fields)
	return resp, err
}

// logPause writes a line about a pause that an answer 429 has begun or extended. A pause of 0 writes nothing.
func (s *sender) logPause(ctx context.Context, a answer, pause time.Duration) {
	if s.options.Info == nil || pause <= 0 {
		return
	}
	s.options.Info(ctx, "The cloud limits the rate of requests: all requests of the account pause", map[string]any{
		"host":  a.req.URL.Host,
		"pause": pause.Round(time.Millisecond).String(),
	})
}
