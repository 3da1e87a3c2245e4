package sim

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	defaultPage = 10
	largestPage = 100
)

// page answers with the part of a listing that the query selects, which has at most largest items.
func page[T any](
	w http.ResponseWriter, query url.Values, largest int, name string, all []T, show func(T) map[string]any,
) {
	limit, offset, problems := pageWindow(query)
	limit = min(limit, largest)
	if len(problems) > 0 {
		invalid(w, problems...)
		return
	}
	from := min(offset, len(all))
	to := min(from+limit, len(all))
	items := make([]map[string]any, 0, to-from)
	for _, item := range all[from:to] {
		items = append(items, show(item))
	}
	simkit.JSON(w, http.StatusOK, map[string]any{
		name: items, "limit": limit, "offset": offset, "has_next": to < len(all),
	})
}

// pageWindow reads limit and offset, which are strings in the document.
func pageWindow(query url.Values) (limit, offset int, problems []errorField) {
	read := func(name string, absent int) int {
		text := query.Get(name)
		if text == "" {
			return absent
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 {
			problems = append(
				problems,
				errorField{Field: name, Description: "must be a whole number that is not negative"},
			)
			return absent
		}
		return int(n)
	}
	limit, offset = read("limit", defaultPage), read("offset", 0)
	if limit == 0 {
		limit = defaultPage
	}
	return limit, offset, problems
}
