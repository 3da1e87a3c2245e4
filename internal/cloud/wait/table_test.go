package wait_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

var update = flag.Bool("update", false, "write testdata/polls.txt anew")

// The table has how many polls a wait takes, and how long after the end of the work it returns. The work ends right
// after the last poll within its duration, so the overshoot is the worst one.
func TestUntil_pollsAndOvershoot(t *testing.T) {
	paces := []struct {
		name string
		pace wait.Pace
	}{
		{"default", wait.Pace{}},
		{"delayed", wait.Pace{Delayed: true}},
		{"floor 10s", wait.Pace{Floor: 10 * time.Second, Delayed: true}},
		{"poll_interval 1m", wait.Pace{Ceiling: time.Minute, Delayed: true}},
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%-18s %8s %6s %10s %6s\n", "pace", "work", "polls", "overshoot", "share")
	for _, p := range paces {
		for _, work := range []time.Duration{
			30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
			2 * time.Hour,
		} {
			synctest.Test(t, func(t *testing.T) {
				polls, late := measure(t, p.pace, work)
				share := 100 * late.Seconds() / work.Seconds()
				fmt.Fprintf(&out, "%-18s %8s %6d %10s %5.1f%%\n", p.name, short(work), polls, short(late), share)
			})
		}
	}
	t.Log("\n" + out.String())
	const file = "testdata/polls.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("the polls have changed; go test ./internal/cloud/wait -update writes them (-want +got):\n%s", diff)
	}
}

// measure waits for work that ends a moment after the last poll within a duration.
func measure(t *testing.T, pace wait.Pace, work time.Duration) (polls int, late time.Duration) {
	t.Helper()
	start, last := time.Now(), time.Duration(0)
	err := wait.Until(t.Context(), pace, func(context.Context) (bool, string, error) {
		polls++
		at := time.Since(start)
		if at <= work {
			last = at
			return false, "", nil
		}
		late = (at - last).Round(100 * time.Millisecond)
		return true, "", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return polls, late
}

// short is a duration without its zeros at the end.
func short(d time.Duration) string {
	text := strings.Replace(d.String(), "m0s", "m", 1)
	return strings.Replace(text, "h0m", "h", 1)
}
