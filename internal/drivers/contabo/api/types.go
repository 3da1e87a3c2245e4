package api

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// pageSize is the page size of the official client. The vendor documents no maximum.
const pageSize = 100

// single is an answer with one object in an array.
type single[T object] struct {
	Data []T `json:"data"`
}

// object is an object of an answer. key identifies it.
type object interface {
	key() string
	noun() string
}

// holds checks an answer with one object: the object with the key want, or any object if want is empty.
func holds[T object](want string) func(single[T]) error {
	return func(s single[T]) error {
		var first T
		if len(s.Data) > 0 {
			first = s.Data[0]
		}
		return httpx.SameID(first.noun(), first.key(), want)
	}
}

// several is one page of a listing.
type several[T any] struct {
	Data       []T        `json:"data"`
	Pagination pagination `json:"_pagination"`
}

// isList refuses a successful answer without a list, which is not an empty list, and objects without an ID.
func isList[T object](s several[T]) error {
	if s.Data == nil {
		return errors.New("it has no list")
	}
	var one T
	return httpx.HaveIDs(one.noun(), s.Data, T.key)
}

// pagination is the position in a listing. The document declares its members as numbers, not as integers.
type pagination struct {
	Page, TotalPages float64
}

// UnmarshalJSON ignores what it cannot decode: the document's own examples have an empty string.
func (p *pagination) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Page       float64 `json:"page"`
		TotalPages float64 `json:"totalPages"`
	}
	if json.Unmarshal(raw, &wire) == nil {
		p.Page, p.TotalPages = wire.Page, wire.TotalPages
	}
	return nil
}

// list yields the pages of a listing, and reads a page when the loop reaches it. It sorts by key, the field of the
// ID, because names are not unique: otherwise an object could be on two pages or on none.
func list[T object](ctx context.Context, c *Client, path, key string, query url.Values) iter.Seq2[[]T, error] {
	return httpx.Pages(ctx, func(ctx context.Context, page httpx.Page) ([]T, bool, error) {
		query := maps.Clone(query)
		query.Set("page", strconv.Itoa(page.Number))
		query.Set("size", strconv.Itoa(pageSize))
		query["orderBy"] = []string{"name:asc", key + ":asc"}
		answer, err := httpx.Get(ctx, c.rest, path, query, isList[T])
		if answer.Pagination.TotalPages > 0 {
			return answer.Data, float64(page.Number) < answer.Pagination.TotalPages, err
		}
		return answer.Data, len(answer.Data) >= pageSize, err
	})
}

// get reads the object with a key. An empty key accepts any object.
func get[T object](ctx context.Context, c *Client, path, key string) (T, error) {
	return send[T](ctx, c, httpx.Call{Method: http.MethodGet, Path: path}, key)
}

// send sends a request whose answer has one object: the one with the key, or any object if key is empty.
func send[T object](ctx context.Context, c *Client, call httpx.Call, key string) (T, error) {
	answer, err := httpx.Send(ctx, c.rest, call, holds[T](key))
	if err != nil {
		var none T
		return none, err
	}
	return answer.Data[0], nil
}

// remove deletes an object. May be repeated. The only successful answer is 204 without a body.
func remove(ctx context.Context, c *Client, path string) error {
	return c.rest.Do(ctx, httpx.Call{Method: http.MethodDelete, Path: path, Success: http.StatusNoContent})
}

// setFilled adds a filter unless it is empty.
func setFilled(query url.Values, name, value string) {
	if value != "" {
		query.Set(name, value)
	}
}
