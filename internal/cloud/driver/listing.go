package driver

import (
	"context"
	"iter"
	"sync"
)

// Collect returns the objects of a listing. With an error it returns none, because half a listing must not pass for a
// whole one.
func Collect[T any](list iter.Seq2[[]T, error]) ([]T, error) {
	var out []T
	for page, err := range list {
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
	}
	return out, nil
}

// Convert yields the pages of a listing with what convert returns for each object, and without those for which it
// returns false. A page may become empty. An error is the last element.
func Convert[W, T any](list iter.Seq2[[]W, error], convert func(W) (T, bool)) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for page, err := range list {
			if err != nil {
				yield(nil, err)
				return
			}
			out := make([]T, 0, len(page))
			for _, wire := range page {
				if object, ok := convert(wire); ok {
					out = append(out, object)
				}
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

// Unpaged yields a listing that has a single page. fetch reads it when the loop begins.
func Unpaged[T any](fetch func() ([]T, error)) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) { yield(fetch()) }
}

// Failed is a listing that has only an error.
func Failed[T any](err error) iter.Seq2[[]T, error] {
	return Unpaged(func() ([]T, error) { return nil, err })
}

// WalkRequests is how many requests a Walk has under way at most.
const WalkRequests = 4

// Walk yields the objects of each parent as a page, in the order of the parents. It is for a cloud whose listings cover
// one source: parents are the sources, and list lists the objects of one. It lists several parents at a time, at most
// WalkRequests with the listing of the parents, and no further than that ahead of the loop. An error of list or of
// parents is the last element, after the objects that come before it. When the loop ends, Walk cancels the context of
// the listings that are under way and waits for them.
func Walk[P, T any](
	ctx context.Context, parents iter.Seq2[[]P, error], list func(ctx context.Context, parent P) iter.Seq2[[]T, error],
) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		w := walk[T]{yield: yield}
		defer w.running.Wait()
		defer cancel()
		for page, err := range parents {
			if err != nil {
				if w.deliver(0) {
					yield(nil, err)
				}
				return
			}
			for _, parent := range page {
				w.begin(list(ctx, parent))
				// One request is left for the next page of the parents.
				if !w.deliver(WalkRequests - 1) {
					return
				}
			}
		}
		w.deliver(0)
	}
}

// walk has the listings of a Walk that are under way, in the order of their parents.
type walk[T any] struct {
	yield   func([]T, error) bool
	running sync.WaitGroup
	pending []<-chan listed[T]
}

// listed is the result of one listing: the objects before an error, if there is one.
type listed[T any] struct {
	objects []T
	err     error
}

// begin starts a listing.
func (w *walk[T]) begin(list iter.Seq2[[]T, error]) {
	done := make(chan listed[T], 1)
	w.pending = append(w.pending, done)
	w.running.Go(func() {
		var result listed[T]
		for page, err := range list {
			if err != nil {
				result.err = err
				break
			}
			result.objects = append(result.objects, page...)
		}
		done <- result
	})
}

// deliver yields the results of the oldest listings until at most rest are pending. It is false if the walk ends: the
// loop ended, or a listing failed.
func (w *walk[T]) deliver(rest int) bool {
	for len(w.pending) > rest {
		result := <-w.pending[0]
		w.pending = w.pending[1:]
		if len(result.objects) > 0 && !w.yield(result.objects, nil) {
			return false
		}
		if result.err != nil {
			w.yield(nil, result.err)
			return false
		}
	}
	return true
}
