package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// pageSize is what the official client asks for; the vendor states no maximum.
const pageSize = 100

// single is an answer with one object, which the vendor wraps into an array all the same.
type single[T object] struct {
	Data []T `json:"data"`
}

// object is what an answer holds. key is what it is addressed by.
type object interface {
	key() string
	noun() string
}

// Complete refuses an answer of success without the object: what is made must have an ID, and what is read must not seem to be gone.
func (s *single[T]) Complete() error {
	if len(s.Data) == 0 || s.Data[0].key() == "" {
		var missing T
		return fmt.Errorf("the answer holds no %s", missing.noun())
	}
	return nil
}

// several is one page of a listing.
type several[T any] struct {
	Data       []T        `json:"data"`
	Pagination pagination `json:"_pagination"`
}

// Complete refuses an answer of success without a list: it is not an empty list.
func (s *several[T]) Complete() error {
	if s.Data == nil {
		return errors.New("the answer holds no list")
	}
	return nil
}

// pagination is the position in a listing. The document says that its members are numbers, not that they are whole.
type pagination struct {
	Page, TotalPages float64
}

// UnmarshalJSON takes what it can read: the document's own examples have an empty string in this place.
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

// list collects all pages of a listing.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	return httpx.Pages(ctx, func(ctx context.Context, page int) ([]T, bool, error) {
		query.Set("page", strconv.Itoa(page))
		query.Set("size", strconv.Itoa(pageSize))
		query.Set("orderBy", "name:asc")
		answer, err := httpx.Get[several[T]](ctx, c.rest, path, query)
		if answer.Pagination.TotalPages > 0 {
			return answer.Data, float64(page) < answer.Pagination.TotalPages, err
		}
		return answer.Data, len(answer.Data) >= pageSize, err
	})
}

// get reads one object.
func get[T object](ctx context.Context, c *Client, path string) (T, error) {
	return send[T](ctx, c, httpx.Call{Method: http.MethodGet, Path: path})
}

// send makes a request whose answer holds one object.
func send[T object](ctx context.Context, c *Client, call httpx.Call) (T, error) {
	var answer single[T]
	call.Out = &answer
	if err := c.rest.Do(ctx, call); err != nil {
		var none T
		return none, err
	}
	return answer.Data[0], nil
}

// remove deletes, and may be repeated.
func remove(ctx context.Context, c *Client, path string) error {
	return c.rest.Do(ctx, httpx.Call{Method: http.MethodDelete, Path: path})
}

// setFilled adds a filter unless it is empty.
func setFilled(query url.Values, name, value string) {
	if value != "" {
		query.Set(name, value)
	}
}
