package sim

import (
	"net/http"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	snapshotAudit = "snapshot"
	imageAudit    = "image"
)

// note adds a change to the history; instance is that of a snapshot, and 0 for an image.
func (s *Simulator) note(r *http.Request, kind, id string, instance int64, action string) {
	s.State.Serial++
	s.State.Audits = append(s.State.Audits, audit{
		ID:         s.State.Serial,
		Kind:       kind,
		ObjectID:   id,
		InstanceID: instance,
		Action:     action,
		At:         s.Now(),
		RequestID:  r.Header.Get("X-Request-Id"),
		TraceID:    r.Header.Get("X-Trace-Id"),
	})
}

// listAudits is retrieveSnapshotsAuditsList and retrieveImageAuditsList: the history of one kind of object. key is
// the name of its ID.
func (s *Simulator) listAudits(key, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		known := []string{key, "requestId", "changedBy", "startDate", "endDate"}
		if kind == snapshotAudit {
			known = append(known, "instanceId")
		}
		p, broken := readPage(query, known...)
		if broken != nil {
			broken.answer(w)
			return
		}
		user := simkit.UUID("contabo", "user", Username)
		var found []record
		show := func(a audit) record {
			entry := record{
				"tenantId":   tenantID,
				"customerId": customerID,
				"id":         a.ID,
				key:          a.ObjectID,
				"action":     a.Action,
				"timestamp":  stamp(a.At),
				"changedBy":  user,
				"username":   Username,
				"requestId":  a.RequestID,
				"traceId":    a.TraceID,
				"changes":    record{},
			}
			if kind == snapshotAudit {
				entry["instanceId"] = a.InstanceID
			}
			return entry
		}
		for _, a := range s.State.Audits {
			day := a.At.Format("2006-01-02")
			equals := func(name, value string) bool { return query.Get(name) == "" || query.Get(name) == value }
			if a.Kind != kind || !equals(key, a.ObjectID) ||
				!equals("instanceId", strconv.FormatInt(a.InstanceID, 10)) ||
				!equals("requestId", a.RequestID) || !equals("changedBy", user) ||
				day < query.Get("startDate") ||
				(query.Get("endDate") != "" && day > query.Get("endDate")) {
				continue
			}
			found = append(found, show(a))
		}
		if len(p.order) > 0 {
			// Two changes within one millisecond still have an order.
			p.order = append(p.order, order{field: "id", down: p.order[0].down})
		}
		if broken := p.sort(found, show(audit{})); broken != nil {
			broken.answer(w)
			return
		}
		s.list(w, r, found, p)
	}
}
