package driver

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("broken")

// listOf is a listing with an object on each page. It ends with an error unless err is nil.
func listOf[T any](err error, objects ...T) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for _, o := range objects {
			if !yield([]T{o}, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// read returns what a listing yields, with an error as its text.
func read[T any](list iter.Seq2[[]T, error]) (out []string) {
	for page, err := range list {
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		for _, o := range page {
			out = append(out, fmt.Sprint(o))
		}
	}
	return out
}

func TestCollect(t *testing.T) {
	if got, err := Collect(listOf(nil, 1, 2)); err != nil || !slices.Equal(got, []int{1, 2}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := Collect(listOf(errBroken, 1, 2)); !errors.Is(err, errBroken) || got != nil {
		t.Errorf("half a listing must not pass for a whole one: %v, %v", got, err)
	}
	if got, err := Collect(Failed[int](errBroken)); !errors.Is(err, errBroken) || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestConvert(t *testing.T) {
	even := func(n int) (string, bool) { return fmt.Sprintf("%02d", n), n%2 == 0 }
	if got := read(Convert(listOf(errBroken, 1, 2, 3, 4), even)); !slices.Equal(
		got, []string{"02", "04", "broken"},
	) {
		t.Errorf("got %v", got)
	}
}

func TestUnpaged_readsInTheLoop(t *testing.T) {
	reads := 0
	list := Unpaged(func() ([]int, error) { reads++; return []int{1, 2}, nil })
	if reads != 0 {
		t.Error("the listing was read before the loop")
	}
	for range list {
		break
	}
	if got := read(list); reads != 2 || !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("got %v after %d reads", got, reads)
	}
}

func TestWalk_order(t *testing.T) {
	double := func(_ context.Context, n int) iter.Seq2[[]int, error] { return listOf(nil, n, n) }
	for name, tc := range map[string]struct {
		parents iter.Seq2[[]int, error]
		list    func(context.Context, int) iter.Seq2[[]int, error]
		want    []string
	}{
		"none":              {listOf[int](nil), double, nil},
		"fewer than bound":  {listOf(nil, 1, 2), double, []string{"1", "1", "2", "2"}},
		"more than bound":   {listOf(nil, 1, 2, 3, 4, 5, 6), double, words(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)},
		"parents fail":      {listOf(errBroken, 1, 2), double, []string{"1", "1", "2", "2", "broken"}},
		"parents fail soon": {listOf[int](errBroken), double, []string{"broken"}},
		"a listing fails": {listOf(nil, 1, 2, 3), func(_ context.Context, n int) iter.Seq2[[]int, error] {
			if n == 2 {
				return listOf(errBroken, 20)
			}
			return listOf(nil, n)
		}, []string{"1", "20", "broken"}},
	} {
		if got := read(Walk(t.Context(), tc.parents, tc.list)); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}

func words(numbers ...int) (out []string) {
	for _, n := range numbers {
		out = append(out, fmt.Sprint(n))
	}
	return out
}

// TestWalk_bound holds that requests of the parents and of their objects are WalkRequests at most, and that there are
// as many: every request takes a second.
func TestWalk_bound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const count = 20
		var running, most, begun atomic.Int64
		request := func(ctx context.Context) error {
			begun.Add(1)
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			select {
			case <-time.After(time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		parents := func(yield func([]int, error) bool) {
			for n := range count {
				// Each parent is a page of its own.
				if err := request(t.Context()); err != nil || !yield([]int{n}, nil) {
					return
				}
			}
		}
		list := func(ctx context.Context, n int) iter.Seq2[[]int, error] {
			return Unpaged(func() ([]int, error) { return []int{n}, request(ctx) })
		}
		walk := Walk(t.Context(), parents, list)
		if begun.Load() != 0 {
			t.Error("a request before the loop")
		}
		if got, err := Collect(walk); err != nil || len(got) != count || !slices.IsSorted(got) {
			t.Errorf("got %v, %v", got, err)
		}
		if most.Load() > WalkRequests || begun.Load() != 2*count {
			t.Errorf("%d requests under way of %d, want at most %d", most.Load(), begun.Load(), WalkRequests)
		}

		// A loop that ends cancels what is under way, and begins nothing else.
		begun.Store(0)
		start := time.Now()
		for range walk {
			break
		}
		sent := begun.Load()
		<-time.After(time.Minute)
		if running.Load() != 0 || begun.Load() != sent || sent > 2*WalkRequests {
			t.Errorf("%d requests, %d then, %d under way after %s", begun.Load(), sent, running.Load(), time.Since(start))
		}

		// So does the end of the context.
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		if _, err := Collect(Walk(ctx, listOf(nil, 1, 2, 3, 4, 5, 6, 7, 8, 9), list)); !errors.Is(
			err, context.DeadlineExceeded,
		) {
			t.Errorf("got %v", err)
		}
	})
}
