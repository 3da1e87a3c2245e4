package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The entities that have a quota.
const (
	quotaInstance = "instance"
	quotaSnapshot = "snapshot"
	quotaTemplate = "template"
)

// usage counts the objects of each entity in a zone.
func (z *zone) usage() map[string]int {
	templates := 0
	for _, t := range z.Templates {
		if t.Visibility == private {
			templates++
		}
	}
	return map[string]int{quotaInstance: len(z.Instances), quotaSnapshot: len(z.Snapshots), quotaTemplate: templates}
}

func (z *zone) viewQuota(entity string) map[string]any {
	limit, limited := z.Limits[entity]
	if !limited {
		limit = -1
	}
	return map[string]any{"resource": entity, "usage": z.usage()[entity], "limit": limit}
}

func (s *Simulator) listQuotas(x *exchange, _ string) {
	list := []any{}
	for _, entity := range []string{quotaInstance, quotaSnapshot, quotaTemplate} {
		list = append(list, x.zone.viewQuota(entity))
	}
	simkit.JSON(x.w, http.StatusOK, map[string]any{"quotas": list})
}

func (s *Simulator) getQuota(x *exchange, entity string) {
	if _, known := x.zone.usage()[entity]; !known {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, x.zone.viewQuota(entity))
}

// full reports whether the quota of an entity is used up in a zone, and answers if so. The vendor documents no status
// for it.
func (x *exchange) full(z *zone, entity string) bool {
	limit, limited := z.Limits[entity]
	if !limited || z.usage()[entity] < limit {
		return false
	}
	problem(x.w, http.StatusPreconditionFailed, "quota-exceeded", "Precondition Failed",
		"the quota of "+entity+"s is used up in the zone "+z.Name)
	return true
}
