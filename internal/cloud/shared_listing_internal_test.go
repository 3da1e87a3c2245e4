package cloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A listing of several pages is not younger than its first page, neither for reads nor for a caller that needs all.
func TestSharedListing_age(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		const lag = sharedFor - request
		s := &catalog{}
		s.set([]string{"1"}, []string{"2"}, []string{"3"}, []string{"4"})
		l := newLoader(s)
		get(t.Context(), l, s, "a/1", "a/1")
		s.set([]string{"1'"}, []string{"2"}, []string{"3"}, []string{"4"})
		<-time.After(lag)
		get(t.Context(), l, s, "a/2")
		<-time.After(lag)
		var group sync.WaitGroup
		group.Go(func() { get(t.Context(), l, s, "a/3", "a/3") })
		<-time.After(request / 2)
		if got, began, err := l.all(t.Context(), "a"); err != nil || got[0] != "1'" || time.Since(began) > sharedFor {
			t.Errorf("a listing that began %s ago: %v, %v", time.Since(began), got, err)
		}
		group.Wait()
		if got := get(t.Context(), l, s, "a/1"); got != "1'" {
			t.Errorf("a read has %s", got)
		}
	})
}

// A caller that needs all objects has no error of other callers, however often they come.
func TestSharedListing_errorsOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1"}, []string{"2"}, []string{"3"}, []string{"4"}, []string{"5"})
		l := newLoader(s)
		var group sync.WaitGroup
		group.Go(func() {
			for range 5 {
				ctx, cancel := context.WithTimeout(t.Context(), request+request/2)
				_, _, _ = l.all(ctx, "a")
				cancel()
			}
		})
		synctest.Wait()
		if _, _, err := l.all(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		group.Wait()
	})
}

// A listing that never ends leaves time to read each object by itself.
func TestSharedListing_neverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"})
		l := newLoader(s)
		l.list = func(ctx context.Context, _ string) iter.Seq2[[]string, error] {
			return func(yield func([]string, error) bool) { <-ctx.Done(); yield(nil, ctx.Err()) }
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		if got := get(ctx, l, s, "a/1", "a/2"); got != "1 2" {
			t.Errorf("got %s", got)
		}
	})
}

// A scope is not listed for a while after an error, and then again.
func TestSharedListing_afterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{failing: map[int]error{1: errAbsent}}
		s.set([]string{"1", "2"})
		l := newLoader(s)
		both := func(want string) {
			t.Helper()
			if got, sent := get(t.Context(), l, s, "a/1", "a/2"), s.sent(); got != "1 2" || sent != want {
				t.Errorf("got %s by %q, want %q", got, sent, want)
			}
		}
		both("a a/1 a/2")
		both("a/1 a/2")
		s.failing = nil
		<-time.After(sharedFor)
		both("a")
	})
}

// Reads that were alone do not pay for the pages of a later listing.
func TestSharedListing_readsAloneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		var pages [][]string
		for n := 1; n <= 30; n++ {
			pages = append(pages, numbers(n, n))
		}
		s.set(pages...)
		l := newLoader(s)
		for n := 1; n <= 30; n++ {
			get(t.Context(), l, s, fmt.Sprint("a/", n))
			<-time.After(time.Second)
		}
		s.sent()
		get(t.Context(), l, s, "a/30", "a/29")
		if sent := s.sent(); len(strings.Fields(sent)) > 4 {
			t.Errorf("two reads sent %q", sent)
		}
	})
}

// Reads of two accounts that are alone there do not wait for each other.
func TestSharedListing_aloneInTwoAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"})
		one, two := newLoader(s), newLoader(s)
		one.large, two.large, two.busy = true, true, one.busy
		start := time.Now()
		var group sync.WaitGroup
		group.Go(func() { get(t.Context(), one, s, "a/1") })
		group.Go(func() { get(t.Context(), two, s, "a/2") })
		group.Wait()
		if took, sent := time.Since(start), s.sent(); took > 3*request || sent != "a/1 a/2" {
			t.Errorf("%q took %s", sent, took)
		}
	})
}

// Callers that need all objects share a listing that is under way, whatever its pages are, and reads share it longer.
func TestSharedListing_whole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"}, []string{"3"}, []string{"4"})
		l := newLoader(s)
		all := func() {
			began := time.Now()
			got, at, err := l.all(t.Context(), "a")
			if !slices.Equal(got, numbers(1, 4)) || err != nil || at.After(began) {
				t.Errorf("got %v at %s, %v", got, at, err)
			}
		}
		var group sync.WaitGroup
		group.Go(func() { get(t.Context(), l, s, "a/1", "a/2") })
		for range 3 {
			<-time.After(request / 2)
			group.Go(all)
		}
		group.Wait()
		if got := get(t.Context(), l, s, "a/4"); got != "4" {
			t.Errorf("got %s", got)
		}
		if sent := s.sent(); sent != "a a a" {
			t.Errorf("sent %q", sent)
		}
		// What has ended is not shared, neither whole nor after its first page.
		all()
		if sent := s.sent(); sent != "a a a" {
			t.Errorf("sent %q", sent)
		}
		l.end()
		get(t.Context(), l, s, "a/1", "a/2")
		all()
		if sent := s.sent(); sent != "a a a a" {
			t.Errorf("sent %q", sent)
		}
	})
}

// The error of a whole listing is that of its own listing, and no objects come with it.
func TestSharedListing_wholeFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		broken := errors.New("HTTP 403")
		s := &catalog{failing: map[int]error{2: broken}}
		s.set([]string{"1"}, []string{"2"})
		l := newLoader(s)
		var group sync.WaitGroup
		group.Go(func() { get(t.Context(), l, s, "a/1", "a/2") })
		<-time.After(request)
		got, _, err := l.all(t.Context(), "a")
		if !errors.Is(err, broken) || got != nil {
			t.Errorf("got %v, %v", got, err)
		}
		group.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), request/2)
		defer cancel()
		if _, _, err := l.all(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
