package cloud_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// taken makes snapshots of times, which are their IDs too.
func taken(t *testing.T, times string) []driver.Snapshot {
	t.Helper()
	var out []driver.Snapshot
	for word := range strings.FieldsSeq(times) {
		at, err := time.Parse("2006-01-02T15", word)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, driver.Snapshot{ID: word, State: driver.StateReady, CreatedAt: at})
	}
	return out
}

// The table is computed by hand. 2026-11-02 is a Monday, 2026-11-01 a Sunday, and 2027-01-01 is in the last ISO week of
// 2026.
func TestRetention_expired(t *testing.T) {
	const (
		nights = "2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-10-31T02 2026-11-01T02 2026-11-02T02 2026-11-03T02 " +
			"2026-11-04T02"
		sameDay = "2026-11-04T01 2026-11-04T09 2026-11-04T17"
		newYear = "2026-12-28T02 2026-12-31T02 2027-01-01T02 2027-01-03T02 2027-01-04T02"
		gaps    = "2026-07-15T02 2026-08-20T02 2026-08-25T02 2026-10-01T02 2026-11-01T02 2026-11-04T02"
	)
	for name, tc := range map[string]struct {
		keep    cloud.Retention
		times   string
		expired string
	}{
		"nothing":         {cloud.Retention{Last: 1}, "", ""},
		"the only one":    {cloud.Retention{Last: 1}, "2026-11-04T02", ""},
		"last of one day": {cloud.Retention{Last: 1}, sameDay, "2026-11-04T01 2026-11-04T09"},
		"last, enough":    {cloud.Retention{Last: 3}, sameDay, ""},
		"last three": {
			cloud.Retention{Last: 3},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-10-31T02 2026-11-01T02",
		},
		"daily, one day":  {cloud.Retention{Last: 1, Daily: 1}, sameDay, "2026-11-04T01 2026-11-04T09"},
		"daily, few days": {cloud.Retention{Last: 1, Daily: 2}, sameDay, "2026-11-04T09"},
		"daily four": {
			cloud.Retention{Last: 1, Daily: 4},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-10-31T02",
		},
		"daily counts days": {cloud.Retention{Last: 1, Daily: 4}, gaps, "2026-07-15T02 2026-08-20T02"},
		"weekly two": {
			cloud.Retention{Last: 1, Weekly: 2},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-10-31T02 2026-11-02T02 2026-11-03T02",
		},
		"weekly, few weeks": {
			cloud.Retention{Last: 1, Weekly: 3},
			nights,
			"2026-10-29T02 2026-10-30T02 2026-10-31T02 2026-11-02T02 2026-11-03T02",
		},
		"weekly at new year": {
			cloud.Retention{Last: 1, Weekly: 2},
			newYear,
			"2026-12-28T02 2026-12-31T02 2027-01-01T02",
		},
		"monthly two": {
			cloud.Retention{Last: 1, Monthly: 2},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-11-01T02 2026-11-02T02 2026-11-03T02",
		},
		"monthly at new year": {
			cloud.Retention{Last: 1, Monthly: 2},
			newYear,
			"2026-12-28T02 2027-01-01T02 2027-01-03T02",
		},
		"monthly with gaps": {
			cloud.Retention{Last: 1, Monthly: 3},
			gaps,
			"2026-07-15T02 2026-08-20T02 2026-11-01T02",
		},
		"last, daily, monthly": {
			cloud.Retention{Last: 2, Daily: 3, Monthly: 2},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-11-01T02",
		},
		"all rules": {
			cloud.Retention{Last: 1, Daily: 2, Weekly: 2, Monthly: 2},
			nights,
			"2026-10-28T02 2026-10-29T02 2026-10-30T02 2026-11-02T02",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			list := taken(t, tc.times)
			slices.Reverse(list)
			for _, s := range tc.keep.Expired(list) {
				got = append(got, s.ID)
			}
			if want := strings.Fields(tc.expired); !slices.Equal(got, want) {
				t.Errorf("expired are %v, want %v", got, want)
			}
		})
	}
}

func TestDueAt_tolerance(t *testing.T) {
	at := time.Date(2026, 11, 4, 2, 0, 0, 0, time.UTC)
	for interval, want := range map[time.Duration]time.Duration{
		time.Minute:        54 * time.Second,
		5 * time.Hour:      4*time.Hour + 30*time.Minute,
		10 * time.Hour:     9 * time.Hour,
		24 * time.Hour:     23 * time.Hour,
		7 * 24 * time.Hour: 7*24*time.Hour - time.Hour,
	} {
		if got := cloud.DueAt(at, interval).Sub(at); got != want {
			t.Errorf("with %s a snapshot is due after %s, want %s", interval, got, want)
		}
	}
}

// Only a name of a rotation's own form is adopted by an import.
func TestIsRotationName(t *testing.T) {
	at := time.Date(2026, 11, 4, 2, 7, 30, 0, time.FixedZone("", 3600))
	if got := driver.RotationName("nightly", at); got != "nightly-20261104-0107" {
		t.Errorf("the name is %q", got)
	}
	for name, want := range map[string]bool{
		"nightly-20261104-0107": true, "nightly": false, "nightly-": false, "nightly-manual": false,
		"nightly-20261104": false, "nightly-20261304-0107": false, "nightly-20261104-0107-2": false,
		"before-nightly-20261104-0107": false, "nightly2-20261104-0107": false,
	} {
		if got := driver.IsRotationName("nightly", name); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
	if !driver.IsRotationName("2006 Jan", driver.RotationName("2006 Jan", at)) {
		t.Error("a prefix with the words of a time layout is not found")
	}
}
