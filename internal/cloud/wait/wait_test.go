package wait_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

func TestPace_pause(t *testing.T) {
	for _, tc := range []struct {
		pace    wait.Pace
		elapsed time.Duration
		want    time.Duration
	}{
		{wait.Pace{}, 0, time.Second},
		{wait.Pace{}, 10 * time.Second, time.Second},
		{wait.Pace{}, 50 * time.Second, 5 * time.Second},
		{wait.Pace{}, time.Hour, 15 * time.Second},
		{wait.Pace{Floor: 10 * time.Second}, 0, 10 * time.Second},
		{wait.Pace{Floor: 10 * time.Second}, 2 * time.Minute, 12 * time.Second},
		{wait.Pace{Ceiling: time.Minute}, 5 * time.Minute, 30 * time.Second},
		{wait.Pace{Ceiling: time.Minute}, time.Hour, time.Minute},
		{wait.Pace{Floor: 10 * time.Second, Ceiling: time.Millisecond}, time.Minute, time.Millisecond},
		{wait.Pace{Floor: -1, Ceiling: -1}, 0, time.Second},
	} {
		if got := tc.pace.Pause(tc.elapsed); got != tc.want {
			t.Errorf("%+v after %s: %s, want %s", tc.pace, tc.elapsed, got, tc.want)
		}
	}
}

func TestUntil_pollsAtOnceAndThenByTheRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		err := wait.Until(t.Context(), wait.Pace{}, func(context.Context) (bool, string, error) {
			at = append(at, time.Since(start))
			return time.Since(start) >= 20*time.Minute, "creating", nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if at[0] != 0 {
			t.Errorf("the first poll came after %s", at[0])
		}
		for i := 1; i < len(at); i++ {
			if rule := min(max(time.Second, at[i-1]/10), 15*time.Second); at[i]-at[i-1] != rule {
				t.Errorf("poll %d came %s after the last, want %s", i, at[i]-at[i-1], rule)
			}
		}
	})
}

func TestUntil_delayed(t *testing.T) {
	for _, tc := range []struct {
		pace wait.Pace
		want []time.Duration
	}{
		{wait.Pace{}.WithDelay(true), []time.Duration{time.Second, 2 * time.Second}},
		{wait.Pace{Floor: 10 * time.Second}.WithDelay(true), []time.Duration{10 * time.Second, 20 * time.Second}},
		{
			wait.Pace{Floor: 10 * time.Second, Ceiling: time.Millisecond}.WithDelay(true),
			[]time.Duration{time.Millisecond, 2 * time.Millisecond},
		},
		{wait.Pace{Delayed: true}.WithDelay(false), []time.Duration{0, time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var at []time.Duration
			err := wait.Until(t.Context(), tc.pace, func(context.Context) (bool, string, error) {
				at = append(at, time.Since(start))
				return len(at) == 2, "", nil
			})
			if err != nil || !slices.Equal(at, tc.want) {
				t.Errorf("%+v: polled at %v, want %v (%v)", tc.pace, at, tc.want, err)
			}
		})
	}
}

func TestUntil_ends(t *testing.T) {
	broken, flaky := errors.New("broken"), errors.New("HTTP 503")
	for name, tc := range map[string]struct {
		check    func(n int) (bool, string, error)
		err      error
		n        int
		text     string
		last     error
		timedOut bool
	}{
		"done at once":    {check: func(int) (bool, string, error) { return true, "", nil }, n: 1},
		"done in the end": {check: func(n int) (bool, string, error) { return n == 3, "", nil }, n: 3},
		"final error":     {check: func(int) (bool, string, error) { return false, "", broken }, n: 1, err: broken},
		"done with error": {check: func(int) (bool, string, error) { return true, "", broken }, n: 1, err: broken},
		"transient, then done": {check: func(n int) (bool, string, error) {
			if n < 5 {
				return false, "", wait.Transient(flaky)
			}
			return true, "", nil
		}, n: 5},
		"transient to the end": {
			check: func(int) (bool, string, error) { return false, "", wait.Transient(flaky) }, timedOut: true,
			text: "stopped waiting after 20m0s and 109 polls, the last error was: HTTP 503", last: flaky,
		},
		"transient passed": {
			check: func(n int) (bool, string, error) {
				if n == 1 {
					return false, "queued", wait.Transient(flaky)
				}
				return false, "creating", nil
			}, timedOut: true, text: `stopped waiting after 20m0s and 109 polls, the last state was "creating"`,
		},
		"word is kept over an error": {
			check: func(n int) (bool, string, error) {
				if n == 1 {
					return false, "creating", nil
				}
				return false, "", wait.Transient(flaky)
			}, timedOut: true, text: `the last state was "creating", the last error was: HTTP 503`, last: flaky,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
				defer cancel()
				n := 0
				err := wait.Until(ctx, wait.Pace{}, func(context.Context) (bool, string, error) {
					n++
					return tc.check(n)
				})
				if !tc.timedOut {
					if !errors.Is(err, tc.err) || n != tc.n {
						t.Errorf("got %v after %d polls", err, n)
					}
					return
				}
				var ended *wait.Error
				if !errors.As(err, &ended) || !errors.Is(err, context.DeadlineExceeded) ||
					!strings.Contains(err.Error(), tc.text) {
					t.Fatalf("got  %v\nwant %s", err, tc.text)
				}
				if ended.Elapsed != 20*time.Minute || ended.Polls != n || !errors.Is(ended.Last, tc.last) {
					t.Errorf("got %+v", ended)
				}
			})
		})
	}
}

func TestUntil_cancelEndsThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		start := time.Now()
		err := wait.Until(
			ctx,
			wait.Pace{Floor: 15 * time.Second},
			func(context.Context) (bool, string, error) { return false, "", nil },
		)
		if !errors.Is(err, context.Canceled) || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
		if want := "stopped waiting after 2s and 1 poll"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	})
}

func TestUntil_endedContextAsksNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := wait.Until(ctx, wait.Pace{}, func(context.Context) (bool, string, error) {
		t.Error("asked")
		return true, "", nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestUntil_pollThatEndsWithTheContext is about the poll that is under way when the context ends: its own answer
// counts, its breaking off does not.
func TestUntil_pollThatEndsWithTheContext(t *testing.T) {
	flaky, broken := errors.New("HTTP 503"), errors.New("the cloud's reason")
	for name, tc := range map[string]struct {
		answer func(ctx context.Context) (bool, string, error)
		want   error
		last   error
	}{
		"success": {func(context.Context) (bool, string, error) { return true, "", nil }, nil, nil},
		"final error": {
			func(context.Context) (bool, string, error) { return false, "", broken }, broken, nil,
		},
		"broken off": {
			func(ctx context.Context) (bool, string, error) { return false, "", ctx.Err() }, context.Canceled, flaky,
		},
		"broken off, transient": {
			func(ctx context.Context) (bool, string, error) { return false, "", wait.Transient(ctx.Err()) },
			context.Canceled, flaky,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				n := 0
				err := wait.Until(ctx, wait.Pace{}, func(ctx context.Context) (bool, string, error) {
					if n++; n == 1 {
						return false, "", wait.Transient(flaky)
					}
					cancel()
					return tc.answer(ctx)
				})
				if !errors.Is(err, tc.want) {
					t.Fatalf("got %v", err)
				}
				var ended *wait.Error
				if errors.As(err, &ended) != (tc.last != nil) {
					t.Fatalf("got %v", err)
				}
				if ended != nil && !errors.Is(ended.Last, tc.last) {
					t.Errorf("the last error is %v", ended.Last)
				}
			})
		})
	}
}

func TestTransient_keepsTheCause(t *testing.T) {
	cause := errors.New("HTTP 503")
	if err := wait.Transient(cause); !errors.Is(err, cause) || err.Error() != cause.Error() {
		t.Errorf("got %v", err)
	}
}

// A wait reports each status of a poll, also with a transient error, and none that is empty.
func TestUntil_reportsTheStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		ctx := wait.WithProgress(t.Context(), func(status string) { got = append(got, status) })
		n := 0
		err := wait.Until(ctx, wait.Pace{}, func(context.Context) (bool, string, error) {
			switch n++; n {
			case 1:
				return false, "", nil
			case 2:
				return false, "busy", wait.Transient(errors.New("HTTP 503"))
			case 3:
				return false, "creating", nil
			default:
				return true, "ready", nil
			}
		})
		if want := []string{"busy", "creating", "ready"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %q, want %q (%v)", got, want, err)
		}
		wait.Report(t.Context(), "a context without a progress")
	})
}
