package bench

import (
	"fmt"
	"maps"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// stateFile writes the state of a new sandbox to a file of the test. At clouds with a limited number of snapshots or
// machines it has more machines, and room for many snapshots on each.
func stateFile(t testing.TB, more, room int) (file string) {
	t.Helper()
	return acctest.StateFile(t,
		acctest.Edit{Cloud: "contabo", Key: "instances", Change: func(list []map[string]any) []map[string]any {
			list = withCopies(list, more, func(n int) map[string]any {
				return map[string]any{"id": 43000 + n, "display_name": fmt.Sprintf("fleet-%d", n)}
			})
			for _, one := range list {
				// Without a slot, the product has no snapshots at all.
				if slots, ok := one["slots"].(float64); ok && slots > 0 {
					one["slots"] = room
				}
			}
			return list
		}},
		acctest.Edit{Cloud: "hostinger", Key: "machines", Change: func(list []map[string]any) []map[string]any {
			return withCopies(list, more, func(n int) map[string]any {
				return map[string]any{"id": 18000 + n, "hostname": fmt.Sprintf("srv%d.hstgr.cloud", 18000+n)}
			})
		}},
		acctest.Edit{Cloud: "exoscale", Key: "Zones", Change: func(list []map[string]any) []map[string]any {
			for _, zone := range list {
				// No quotas.
				delete(zone, "Limits")
			}
			return list
		}},
	)
}

// withCopies adds copies of the first object of a list, each with what differs for its number.
func withCopies(list []map[string]any, count int, differs func(n int) map[string]any) []map[string]any {
	for n := range count {
		one := maps.Clone(list[0])
		maps.Copy(one, differs(n+1))
		list = append(list, one)
	}
	return list
}
