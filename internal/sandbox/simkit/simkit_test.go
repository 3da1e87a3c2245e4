package simkit_test

import (
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func TestConfig_due(t *testing.T) {
	for name, tt := range map[string]struct {
		latency, advance time.Duration
		due              bool
	}{
		"at once":                          {0, 0, true},
		"at once, and the clock goes back": {0, -time.Hour, true},
		"not yet":                          {time.Hour, 59 * time.Minute, false},
		"now":                              {time.Hour, time.Hour, true},
		"the clock goes back":              {time.Hour, -time.Hour, false},
	} {
		w := &simkit.Config{Latency: tt.latency, Clock: &simkit.Clock{}}
		start := w.Now()
		w.Clock.Offset += tt.advance
		if got := w.Due(start); got != tt.due {
			t.Errorf("%s: %v, want %v", name, got, tt.due)
		}
	}
}

func TestConfig_limitsPages(t *testing.T) {
	for limit, want := range map[int]int{0: 100, 2: 2, 200: 100} {
		c := simkit.Config{PageLimit: limit}
		if got := c.PageSize(100); got != want {
			t.Errorf("limit %d: a page of %d, want %d", limit, got, want)
		}
	}
}
