package httpx_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

func TestTexts_forms(t *testing.T) {
	for raw, want := range map[string][]string{
		`" one "`:                     {"one"},
		`["one","two"]`:               {"one", "two"},
		`{"message":"one"}`:           {"one"},
		`{"message":["one","two"]}`:   {"one", "two"},
		`{"message":{"message":"a"}}`: {"a"},
		`" "`:                         nil,
		`17`:                          nil,
		`null`:                        nil,
		`{}`:                          nil,
		``:                            nil,
	} {
		if got := httpx.Texts(json.RawMessage(raw)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
	if got := httpx.Text(json.RawMessage(`["one","two"]`)); got != "one two" {
		t.Errorf("a list is %q", got)
	}
}

func TestParseTime_forms(t *testing.T) {
	want := time.Date(2026, 9, 21, 10, 13, 20, 0, time.UTC)
	for _, text := range []string{
		"2026-09-21T10:13:20Z", "2026-09-21T12:13:20+02:00", "2026-09-21T10:13:20.000Z",
		"2026-09-21T12:13:20.000000+0200",
		"2026-09-21 10:13:20.000000+00:00", "2026-09-21 10:13:20Z", "2026-09-21T10:13:20", "2026-09-21 10:13:20.000",
	} {
		if got := httpx.ParseTime(text); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
	fraction := want.Add(363 * time.Millisecond)
	for _, text := range []string{
		"2026-09-21T10:13:20.363Z", "2026-09-21 10:13:20.363", "2026-09-21T12:13:20.363+0200",
	} {
		if got := httpx.ParseTime(text); !got.Equal(fraction) {
			t.Errorf("%q is %v, want %v", text, got, fraction)
		}
	}
	for _, text := range []string{"", "yesterday"} {
		if got := httpx.ParseTime(text); !got.IsZero() {
			t.Errorf("%q is %v, want the zero time", text, got)
		}
	}
}

func TestRateReset_forms(t *testing.T) {
	now := time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"58": 58 * time.Second, "0": time.Second, " 7 ": 7 * time.Second,
		"1789984830": 30 * time.Second, "1789984799": time.Second,
	} {
		h := http.Header{}
		h.Set("X-Ratelimit-Reset", value)
		h.Set("Date", now.Format(http.TimeFormat))
		if got, ok := httpx.RateReset(h); !ok || got != want {
			t.Errorf("%q: got %s, %t, want %s", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "soon", "-3", "NaN", "1e300"} {
		h := http.Header{}
		h.Set("X-Ratelimit-Reset", value)
		if got, ok := httpx.RateReset(h); ok {
			t.Errorf("%q: got %s, want nothing", value, got)
		}
	}
}
