package httpx

import (
	"context"
	"errors"
	"fmt"
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

// maxPages is the limit of pages, for a server whose listing never ends.
const maxPages = 10_000

// Pages reads all pages of a listing. fetch receives the number of the page, from 1, and reports whether there are
// more.
func Pages[T any](
	ctx context.Context,
	fetch func(ctx context.Context, page int) (items []T, more bool, err error),
) ([]T, error) {
	var all []T
	for page := 1; page <= maxPages; page++ {
		items, more, err := fetch(ctx, page)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if !more || len(items) == 0 {
			return all, nil
		}
	}
	return nil, fmt.Errorf("the listing did not end after %d pages", maxPages)
}
