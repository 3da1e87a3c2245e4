package sim

import (
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func (s *Simulator) listSnapshots(x *exchange, _ string) {
	list := []any{}
	for _, n := range x.zone.Snapshots {
		list = append(list, s.viewSnapshot(x, n))
	}
	simkit.JSON(x.w, http.StatusOK, map[string]any{"snapshots": list})
}

func (s *Simulator) getSnapshot(x *exchange, id string) {
	n := x.zone.snapshot(id)
	if n == nil {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, s.viewSnapshot(x, n))
}

func (s *Simulator) viewSnapshot(x *exchange, n *snapshot) map[string]any {
	out := map[string]any{
		"id": n.ID, "name": n.Name, "created-at": stamp(n.CreatedAt), "state": n.State, "size": n.SizeGiB,
		"instance": map[string]string{"id": n.InstanceID}, "application-consistent": n.Consistent,
	}
	if !n.ExportedAt.IsZero() {
		out["export"] = map[string]string{"presigned-url": presign(s.zoneURL(x), n), "md5sum": diskMD5(n)}
	}
	return out
}

func (s *Simulator) createSnapshot(x *exchange, id string) {
	i := x.zone.instance(id)
	switch {
	case i == nil:
		notFound(x.w)
		return
	case !x.empty() || x.busy(id):
		return
	case i.State != running && i.State != stopped:
		conflict(x.w, "the instance is %s", i.State)
		return
	case x.full(x.zone, quotaSnapshot):
		return
	}
	now := s.Now()
	n := &snapshot{
		ID: s.State.newID("snapshot", x.zone.Name, id), InstanceID: id, State: snapshotting,
		Name:      i.Name + "_" + now.Format("20060102150405"),
		CreatedAt: now, SizeGiB: i.DiskGiB, Consistent: i.Consistent, BootMode: "legacy",
	}
	if t := x.zone.template(i.TemplateID); t != nil {
		n.BootMode = t.BootMode
	}
	x.zone.Snapshots = append(x.zone.Snapshots, n)
	s.begin(x, operation{Work: workCreateSnapshot, RefID: n.ID, RefNoun: "snapshot", Locks: []string{id, n.ID}})
}

func (s *Simulator) deleteSnapshot(x *exchange, id string) {
	n := x.zone.snapshot(id)
	switch {
	case n == nil:
		notFound(x.w)
		return
	case !x.empty() || x.busy(id):
		return
	}
	n.State = deleting
	s.begin(x, operation{Work: workDeleteSnapshot, RefID: id, RefNoun: "snapshot", Locks: []string{id}})
}

// usable returns the snapshot with an ID. It answers and returns nil if the snapshot is missing, incomplete or locked.
func (x *exchange) usable(id string) *snapshot {
	n := x.zone.snapshot(id)
	switch {
	case n == nil:
		notFound(x.w)
		return nil
	case x.busy(id):
		return nil
	case n.State != ready && n.State != exported:
		conflict(x.w, "the snapshot is %s", n.State)
		return nil
	}
	return n
}

func (s *Simulator) exportSnapshot(x *exchange, id string) {
	n := x.usable(id)
	if n == nil || !x.empty() {
		return
	}
	n.State = exporting
	s.begin(x, operation{Work: workExport, RefID: id, RefNoun: "snapshot", Locks: []string{id}})
}

// finishSnapshot ends work on a snapshot. The work fails if the snapshot was deleted with its instance.
func (s *Simulator) finishSnapshot(z *zone, o *operation) {
	n := z.snapshot(o.RefID)
	if n == nil {
		o.State, o.Reason, o.Message = failure, "not-found", "the snapshot is gone"
		return
	}
	switch o.Work {
	case workCreateSnapshot:
		n.State = ready
	case workExport:
		n.State, n.ExportedAt = exported, s.Now()
	default:
		z.dropSnapshot(o.RefID)
	}
}

// stamp formats a time as the vendor does.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
