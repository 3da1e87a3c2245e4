package httpx_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// window is a cloud that allows a number of requests in each window of time, and takes a tenth of a second for an
// answer.
type window struct {
	length time.Duration
	limit  int

	mu      sync.Mutex
	began   time.Time
	counts  []int
	refused []int
}

func (w *window) RoundTrip(req *http.Request) (*http.Response, error) {
	<-time.After(50 * time.Millisecond)
	w.mu.Lock()
	n := int(time.Since(w.began) / w.length)
	for len(w.counts) <= n {
		w.counts, w.refused = append(w.counts, 0), append(w.refused, 0)
	}
	w.counts[n]++
	over := w.counts[n] > w.limit
	if over {
		w.refused[n]++
	}
	left := w.length - time.Since(w.began)%w.length
	w.mu.Unlock()
	<-time.After(50 * time.Millisecond)
	if over {
		seconds := strconv.Itoa(int((left + time.Second - 1) / time.Second))
		return answers(429, `{"message":"slow down"}`, "Retry-After", seconds)(req)
	}
	return fine(req)
}

// A limit is met by the requests that are under way, once. In the windows that follow, it is met once, or by the few
// requests of the same moment, and the client uses nearly all that the cloud allows.
func TestLimiter_windows(t *testing.T) {
	for name, tc := range map[string]struct {
		length                          time.Duration
		limit, requests, workers, later int
		most                            time.Duration
	}{
		"sixty in 15 seconds, 50 at a time":    {15 * time.Second, 60, 200, 50, 1, time.Minute},
		"sixty a minute, 50 at a time":         {time.Minute, 60, 200, 50, 1, 4 * time.Minute},
		"sixty a minute, ten at a time":        {time.Minute, 60, 200, 10, 1, 4 * time.Minute},
		"four hundred a minute, ten at a time": {time.Minute, 400, 2000, 10, 3, 6 * time.Minute},
		"four hundred a minute, 50 at a time":  {time.Minute, 400, 2000, 50, 4, 6 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &window{length: tc.length, limit: tc.limit, began: time.Now()}
				c := newClient(t, w)
				queue := make(chan struct{})
				var all sync.WaitGroup
				for range tc.workers {
					all.Go(func() {
						for range queue {
							if err := c.Do(t.Context(), read); err != nil {
								t.Error(err)
							}
						}
					})
				}
				for range tc.requests {
					queue <- struct{}{}
				}
				close(queue)
				all.Wait()
				took := time.Since(w.began)
				t.Logf("%d requests took %s, refused %v of %v", tc.requests, took, w.refused, w.counts)
				if took > tc.most {
					t.Errorf("%d requests took %s, want at most %s", tc.requests, took, tc.most)
				}
				if w.refused[0] > tc.workers {
					t.Errorf("%d refusals in the first window, want at most %d", w.refused[0], tc.workers)
				}
				for n, refused := range w.refused[1:] {
					if refused > tc.later {
						t.Errorf("%d refusals in the window %d, want at most %d", refused, n+2, tc.later)
					}
				}
			})
		})
	}
}

// The pace follows from all requests before the limit, however long they took.
func TestLimiter_paceAfterALongRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const before = 600
		w := &wire{}
		for range before {
			w.steps = append(w.steps, fine)
		}
		w.steps = append(w.steps, slowDown, fine)
		c := newClient(t, w)
		for range before {
			reads(t, c, 1)
			<-time.After(time.Second)
		}
		reads(t, c, 1)
		start := time.Now()
		reads(t, c, 50)
		if took := time.Since(start); took < 45*time.Second {
			t.Errorf("50 reads took %s after a run of one read a second", took)
		}
	})
}

// A limit that has passed costs nothing for long: the pace doubles with each window.
func TestLimiter_becomesFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{slowDown, fine}}
		c := newClient(t, w)
		limited(t, c)
		<-time.After(20 * pause)
		start := time.Now()
		for range 100 {
			reads(t, c, 1)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("a hundred reads took %s", took)
		}
	})
}
