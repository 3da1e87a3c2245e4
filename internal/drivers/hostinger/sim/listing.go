package sim

import (
	"net/http"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// perPage is the page size of the document's example.
const perPage = 15

// respondPage answers with one page of a listing. A page after the last one is empty.
func respondPage[T any](s *Simulator, w http.ResponseWriter, r *http.Request, all []T) {
	number := 1
	if text := r.URL.Query().Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			s.refuseFields(w, http.StatusUnprocessableEntity, invalid, map[string][]string{
				"page": {"The page must be at least 1."},
			})
			return
		}
		number = n
	}
	size, from := s.PageSize(perPage), len(all)
	if number-1 <= len(all)/size {
		from = min((number-1)*size, len(all))
	}
	to := min(from+size, len(all))
	simkit.JSON(w, http.StatusOK, page[T]{
		Data: all[from:to],
		Meta: pageMeta{CurrentPage: number, PerPage: size, Total: len(all)},
	})
}
