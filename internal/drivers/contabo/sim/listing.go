package sim

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// record is one object in an answer.
type record map[string]any

// page is the part of a listing that a client requests, and its order.
type page struct {
	number, size int
	order        []order
}

type order struct {
	field string
	down  bool
}

// defaultSize is the size of a page if the client sets none.
const defaultSize = 10

// readPage reads page and order from a query; known are the filters of the listing. It refuses any other parameter.
func readPage(query url.Values, known ...string) (page, *failure) {
	p := page{number: 1, size: defaultSize}
	var broken []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) && !slices.Contains([]string{"page", "size", "orderBy"}, name) {
			broken = append(broken, "property "+name+" should not exist")
		}
	}
	for _, number := range []struct {
		name string
		into *int
	}{{"page", &p.number}, {"size", &p.size}} {
		text := query.Get(number.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1_000_000 {
			broken = append(broken, number.name+" must be an integer number not less than 1")
			continue
		}
		*number.into = n
	}
	for _, text := range query["orderBy"] {
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			field, direction, _ := strings.Cut(item, ":")
			switch strings.ToLower(direction) {
			case "asc", "":
				p.order = append(p.order, order{field: field})
			case "desc":
				p.order = append(p.order, order{field: field, down: true})
			default:
				broken = append(broken, fmt.Sprintf("orderBy %q must be field:asc or field:desc", item))
			}
		}
	}
	if broken != nil {
		return p, invalid(broken)
	}
	return p, nil
}

// sort orders records by the fields that the client names; sample has all fields. The official client orders every
// listing by timestamp, which is the time of creation. Even pages reverse the records that the order leaves equal,
// because the vendor does not promise the same order on all pages.
func (p page) sort(all []record, sample record) *failure {
	for i, o := range p.order {
		field := o.field
		if _, ok := sample[field]; !ok && field == "timestamp" {
			field = creationField(sample)
		}
		if _, ok := sample[field]; !ok {
			return fail(400, "orderBy: there is no field %s", o.field)
		}
		p.order[i].field = field
	}
	if p.number%2 == 0 {
		slices.Reverse(all)
	}
	slices.SortStableFunc(all, func(a, b record) int {
		for _, o := range p.order {
			if c := compare(a[o.field], b[o.field]); c != 0 {
				if o.down {
					return -c
				}
				return c
			}
		}
		return 0
	})
	return nil
}

func creationField(r record) string {
	if _, ok := r["creationDate"]; ok {
		return "creationDate"
	}
	return "createdDate"
}

// compare compares numbers as numbers and all else as text.
func compare(a, b any) int {
	x, isNumber := a.(int64)
	y, bothNumbers := b.(int64)
	if isNumber && bothNumbers {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// csv reports whether value is in a list with commas. An empty list contains every value.
func csv(list, value string) bool {
	if list == "" {
		return true
	}
	for item := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(item) == value {
			return true
		}
	}
	return false
}
