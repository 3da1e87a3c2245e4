package httpx

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// Get sends a GET and decodes its answer. check validates the answer; see Call.Check.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values, check func(T) error) (T, error) {
	return Send(ctx, c, Call{Method: http.MethodGet, Path: path, Query: query}, check)
}

// Send sends a call and decodes its answer. check validates the answer; see Call.Check.
func Send[T any](ctx context.Context, c *Client, call Call, check func(T) error) (out T, err error) {
	call.Out = &out
	if check != nil {
		call.Check = func() error { return check(out) }
	}
	err = c.Do(ctx, call)
	return out, err
}

// SameID checks the ID of an object in an answer. It must not be empty, and must be want unless want is empty. noun
// names the object in the error, such as "snapshot".
func SameID(noun, got, want string) error {
	switch {
	case got == "":
		return errors.New("it has no " + noun)
	case want != "" && !strings.EqualFold(got, want):
		return fmt.Errorf("it has the %s %s instead of %s", noun, got, want)
	}
	return nil
}

// HaveIDs checks the objects of a listing: one without an ID cannot be told from others. noun names the objects.
func HaveIDs[T any](noun string, objects []T, id func(T) string) error {
	for _, o := range objects {
		if id(o) == "" {
			return errors.New("it has a " + noun + " without an ID")
		}
	}
	return nil
}

// maxPages is the limit of pages, for a server whose listing never ends.
const maxPages = 10_000

// Page is the position of a page in a listing.
type Page struct {
	// Number counts the pages, from 1.
	Number int
	// Offset is how many items the pages before it have.
	Offset int
}

// Pages yields the pages of a listing. It fetches a page when the loop comes to it, so a loop that ends early sends no
// further request. fetch reports whether there are more pages. An error is the last element.
func Pages[T any](
	ctx context.Context,
	fetch func(ctx context.Context, page Page) (items []T, more bool, err error),
) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		page := Page{Number: 1}
		for ; page.Number <= maxPages; page.Number++ {
			items, more, err := fetch(ctx, page)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(items) == 0 || !yield(items, nil) || !more {
				return
			}
			page.Offset += len(items)
		}
		yield(nil, fmt.Errorf("the listing did not end after %d pages", maxPages))
	}
}
