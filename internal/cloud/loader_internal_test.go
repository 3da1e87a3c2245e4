package cloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// catalog is a cloud whose objects are texts: an ID, with an apostrophe for each change. It records the requests, and
// each takes a tenth of a second.
type catalog struct {
	mu sync.Mutex
	// pages are the objects of each scope, by page.
	pages map[string][][]string
	// failing is the error of the page with that number of any listing.
	failing map[int]error
	// requests are the requests so far: "a" for a page of the scope a, "a/3" for a read.
	requests []string
}

const request = 100 * time.Millisecond

func (s *catalog) send(ctx context.Context, what string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	s.requests = append(s.requests, what)
	s.mu.Unlock()
	select {
	case <-time.After(request):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *catalog) list(ctx context.Context, scope string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for n := 0; ; n++ {
			err := s.send(ctx, scope)
			s.mu.Lock()
			pages, failed := s.pages[scope], s.failing[n+1]
			s.mu.Unlock()
			if err = errors.Join(err, failed); err != nil {
				yield(nil, err)
				return
			}
			if n >= len(pages) || !yield(pages[n], nil) || n == len(pages)-1 {
				return
			}
		}
	}
}

var errAbsent = errors.New("absent")

// read reads an object, as the version that is there when the answer comes.
func (s *catalog) read(ctx context.Context, scope, id string) (string, error) {
	if err := s.send(ctx, scope+"/"+id); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, page := range s.pages[scope] {
		for _, object := range page {
			if objectID(object) == id {
				return object, nil
			}
		}
	}
	return "", errAbsent
}

func (s *catalog) set(pages ...[]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil {
		s.pages = map[string][][]string{}
	}
	s.pages["a"] = pages
}

// sent returns the requests since the last call, sorted.
func (s *catalog) sent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.requests)
	out := strings.Join(s.requests, " ")
	s.requests = nil
	return out
}

// objectID is an object without its version.
func objectID(object string) string { return strings.TrimRight(object, "'") }

// settle ends a test with a fake clock when its listings are too old to go on.
func settle() { <-time.After(2 * sharedFor) }

func newLoader(s *catalog) *loader[string, string] {
	return &loader[string, string]{list: s.list, id: objectID, busy: new(atomic.Int64)}
}

// get reads objects at once: "a/3" is the object 3 of the scope a. It returns what each read has.
func get(ctx context.Context, l *loader[string, string], s *catalog, objects ...string) string {
	out := make([]string, len(objects))
	var group sync.WaitGroup
	for i, object := range objects {
		scope, id, _ := strings.Cut(object, "/")
		group.Go(func() {
			got, err := l.read(ctx, scope, id, func(ctx context.Context) (string, error) { return s.read(ctx, scope, id) })
			out[i] = got
			if err != nil {
				out[i] = err.Error()
			}
		})
	}
	group.Wait()
	return strings.Join(out, " ")
}

// numbers are the texts from..to.
func numbers(from, to int) (out []string) {
	for n := from; n <= to; n++ {
		out = append(out, fmt.Sprint(n))
	}
	return out
}

func TestLoader_reads(t *testing.T) {
	for name, tc := range map[string]struct {
		pages   map[string][][]string
		failing map[int]error
		reads   []string
		want    string
		sent    string
	}{
		"alone": {
			pages: map[string][][]string{"a": {{"1", "2"}}}, reads: []string{"a/1"}, want: "1", sent: "a/1",
		},
		"two of a scope": {
			pages: map[string][][]string{"a": {{"1", "2"}}}, reads: []string{"a/1", "a/2"}, want: "1 2", sent: "a",
		},
		"two of two scopes": {
			pages: map[string][][]string{"a": {{"1"}}, "b": {{"2"}}}, reads: []string{"a/1", "b/2"}, want: "1 2", sent: "a b",
		},
		"one is absent": {
			pages: map[string][][]string{"a": {{"1"}}}, reads: []string{"a/1", "a/2"}, want: "1 absent", sent: "a a/2",
		},
		"many pages for two": {
			pages: map[string][][]string{"a": {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}}}, reads: []string{"a/4", "a/5"},
			want: "4 5", sent: "a a a/4 a/5",
		},
		"as many pages as reads": {
			pages: map[string][][]string{"a": {{"1"}, {"2"}, {"3"}}}, reads: []string{"a/1", "a/2", "a/3"},
			want: "1 2 3", sent: "a a a",
		},
		"no page that none needs": {
			pages: map[string][][]string{"a": {{"1", "2", "3"}, {"4"}, {"5"}}}, reads: []string{"a/1", "a/2", "a/3"},
			want: "1 2 3", sent: "a",
		},
		"a listing that fails": {
			pages: map[string][][]string{"a": {{"1", "2", "3"}}}, failing: map[int]error{1: errors.New("HTTP 403")},
			reads: []string{"a/1", "a/2", "a/3"}, want: "1 2 3", sent: "a a/1 a/2 a/3",
		},
		"page two fails": {
			pages: map[string][][]string{"a": {{"1", "2"}, {"3"}}}, failing: map[int]error{2: errors.New("HTTP 500")},
			reads: []string{"a/1", "a/2", "a/3"}, want: "1 2 3", sent: "a a a/3",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				defer settle()
				s := &catalog{pages: tc.pages, failing: tc.failing}
				if got := get(t.Context(), newLoader(s), s, tc.reads...); got != tc.want {
					t.Errorf("got %q, want %q", got, tc.want)
				}
				if sent := s.sent(); sent != tc.sent {
					t.Errorf("sent %q, want %q", sent, tc.sent)
				}
			})
		})
	}
}

// A listing serves reads for a time that begins with its last page, and no longer.
func TestLoader_sharedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"})
		l := newLoader(s)
		get(t.Context(), l, s, "a/1", "a/2")
		s.set([]string{"1'", "2'"})
		<-time.After(sharedFor)
		if got, sent := get(t.Context(), l, s, "a/1"), s.sent(); got != "1" || sent != "a" {
			t.Errorf("after %s: %s by %q", sharedFor, got, sent)
		}
		<-time.After(time.Millisecond)
		if got, sent := get(t.Context(), l, s, "a/1"), s.sent(); got != "1'" || sent != "a/1" {
			t.Errorf("later: %s by %q", got, sent)
		}
	})
}

// An object that vanishes, appears or changes between a listing and a read of it.
func TestLoader_changesAfterTheListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2", "3"})
		l := newLoader(s)
		get(t.Context(), l, s, "a/1", "a/2")
		s.sent()
		// Somebody else deletes 1, changes 2 and creates 4.
		s.set([]string{"2'", "3", "4"})
		if got, sent := get(t.Context(), l, s, "a/1", "a/2", "a/4", "a/5"), s.sent(); got != "1 2 4 absent" ||
			sent != "a/4 a/5" {
			t.Errorf("got %q by %q", got, sent)
		}
		// This process does: the next reads are not older than the write.
		l.end()
		if got, sent := get(t.Context(), l, s, "a/1", "a/2", "a/4"), s.sent(); got != "absent 2' 4" || sent != "a a/1" {
			t.Errorf("got %q by %q", got, sent)
		}
	})
}

// A write ends also a listing that runs: a read after the write does not use what was listed before.
func TestLoader_writeDuringAListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"}, []string{"3"})
		l := newLoader(s)
		var group sync.WaitGroup
		group.Go(func() { get(t.Context(), l, s, "a/1", "a/3") })
		<-time.After(request + request/2)
		s.set([]string{"1'", "2"}, []string{"3"})
		l.end()
		if got := get(t.Context(), l, s, "a/1"); got != "1'" {
			t.Errorf("got %s", got)
		}
		group.Wait()
		if sent := s.sent(); sent != "a a a" {
			t.Errorf("sent %q", sent)
		}
	})
}

// Readers that come one after the other share the pages of a listing that is longer than the first of them may use.
func TestLoader_fleetOnManyPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		const all, pageSize, parallel = 2000, 100, 10
		s := &catalog{}
		var pages [][]string
		for first := 1; first <= all; first += pageSize {
			pages = append(pages, numbers(first, first+pageSize-1))
		}
		s.set(pages...)
		l := newLoader(s)
		queue := make(chan string)
		var group sync.WaitGroup
		for range parallel {
			group.Go(func() {
				for object := range queue {
					if got := get(t.Context(), l, s, object); "a/"+got != object {
						t.Errorf("%s: %s", object, got)
					}
				}
			})
		}
		for n := range all {
			// No order of the listing.
			queue <- fmt.Sprint("a/", 1+n*7919%all)
		}
		close(queue)
		group.Wait()
		if n := len(strings.Fields(s.sent())); n > 3*len(pages) {
			t.Errorf("%d requests for %d objects on %d pages", n, all, len(pages))
		}
	})
}

// A read ends with its context, and the listing continues for the others. Before that, the read is sent by itself.
func TestLoader_readEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"})
		l := newLoader(s)
		ctx, cancel := context.WithTimeout(t.Context(), gatherFor+request/2)
		defer cancel()
		var first, second string
		var group sync.WaitGroup
		group.Go(func() { first = get(ctx, l, s, "a/1") })
		synctest.Wait()
		group.Go(func() { second = get(t.Context(), l, s, "a/2") })
		group.Wait()
		if sent := s.sent(); first != context.DeadlineExceeded.Error() || second != "2" || sent != "a a/1" {
			t.Errorf("%s, %s by %q", first, second, sent)
		}
	})
}

// Waits of a scope share a listing for each poll, and a wait that is alone has none.
func TestLoader_polls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set(numbers(1, 20))
		l := newLoader(s)
		poll := func(id string) {
			leave := l.wait("a")
			defer leave()
			for range 30 {
				got, err := l.poll(t.Context(), "a", id, time.Second, func(ctx context.Context) (string, error) {
					return s.read(ctx, "a", id)
				})
				if got != id || err != nil {
					t.Errorf("%s: %s, %v", id, got, err)
				}
				<-time.After(time.Second)
			}
		}
		poll("1")
		if n := len(strings.Fields(s.sent())); n != 30 {
			t.Errorf("a wait that is alone sent %d requests", n)
		}
		var group sync.WaitGroup
		for _, id := range numbers(1, 20) {
			group.Go(func() { poll(id) })
			<-time.After(50 * time.Millisecond)
		}
		group.Wait()
		if n := len(strings.Fields(s.sent())); n > 35 {
			t.Errorf("20 waits sent %d requests", n)
		}
	})
}

// A poll uses no listing that began before its last one.
func TestLoader_pollIsYoung(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer settle()
		s := &catalog{}
		s.set([]string{"1", "2"})
		l := newLoader(s)
		defer l.wait("a")()
		defer l.wait("a")()
		for _, want := range []string{"1", "1'"} {
			if got, ok := l.glance(t.Context(), "a", "1", time.Second); !ok || got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			s.set([]string{"1'", "2"})
			<-time.After(time.Second - request)
		}
	})
}
