package sim

import (
	"net/http"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The states of an operation.
const (
	pending = "pending"
	success = "success"
	failure = "failure"
	timeout = "timeout"
)

// reasons are the vendor's reasons why an operation fails, and timeout, which is a state of its own.
var reasons = []string{
	"incorrect", "unknown", "unavailable", "forbidden", "busy", "fault", "partial", "not-found", "interrupted",
	"unsupported", "conflict", timeout,
}

// work is what an operation does when it ends.
type work string

const (
	workCreateSnapshot work = "create-snapshot"
	workDeleteSnapshot work = "delete-snapshot"
	workExport         work = "export-snapshot"
	workRevert         work = "revert-instance-to-snapshot"
	workStart          work = "start-instance"
	workStop           work = "stop-instance"
	workDeleteInstance work = "delete-instance"
	workMakeTemplate   work = "make-template"
	workUpdateTemplate work = "update-template"
	workDeleteTemplate work = "delete-template"
)

// operation is accepted work. It belongs to the zone that accepted it.
type operation struct {
	ID, State, Reason, Message string
	Work                       work
	Started                    time.Time
	// RefID and RefNoun name the object: "snapshot" makes the link /v2/snapshot/<id> and the command get-snapshot.
	RefID, RefNoun string
	// Locks are the IDs of the instances and snapshots that the operation locks until it ends.
	Locks []string
	// Fails is the reason with which it fails, timeout, or empty if it succeeds. FailText is the message.
	Fails, FailText string
	// TargetZone is where a copied template appears; empty means the operation's own zone.
	TargetZone string
	// Name and Description are what an update sets; nil leaves them.
	Name, Description *string
}

// begin accepts work. The answer always shows the operation as pending, because only the next request
// finishes work that is due.
func (s *Simulator) begin(x *exchange, op operation) {
	op.ID = s.State.newID("operation", op.Work)
	op.State, op.Started = pending, s.Now()
	x.zone.Operations = append(x.zone.Operations, &op)
	simkit.JSON(x.w, http.StatusOK, op.view())
}

func (s *Simulator) getOperation(x *exchange, id string) {
	o := simkit.Find(x.zone.Operations, func(o *operation) bool { return o.ID == id })
	if o == nil {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, o.view())
}

func (o *operation) view() map[string]any {
	out := map[string]any{
		"id": o.ID, "state": o.State, "message": o.Message,
		"reference": map[string]string{
			"id": o.RefID, "link": "/v2/" + o.RefNoun + "/" + o.RefID, "command": "get-" + o.RefNoun,
		},
	}
	if o.Reason != "" {
		out["reason"] = o.Reason
	}
	return out
}

// busy reports whether an operation locks one of the objects. If so, it answers with a conflict.
func (x *exchange) busy(ids ...string) bool {
	for _, o := range x.zone.Operations {
		if o.State != pending {
			continue
		}
		for _, id := range ids {
			if slices.Contains(o.Locks, id) {
				conflict(x.w, "another operation is in progress: %s", o.ID)
				return true
			}
		}
	}
	return false
}

// finishDue ends all work that is due, in the order in which it began.
func (s *Simulator) finishDue() {
	for _, z := range s.State.Zones {
		for _, o := range z.Operations {
			if o.State == pending && s.Due(o.Started) {
				s.finish(z, o)
			}
		}
	}
}

func (s *Simulator) finish(z *zone, o *operation) {
	o.State = success
	switch o.Fails {
	case "":
	case timeout:
		o.State, o.Message = timeout, o.FailText
	default:
		o.State, o.Reason, o.Message = failure, o.Fails, o.FailText
	}
	switch o.Work {
	case workCreateSnapshot, workDeleteSnapshot, workExport:
		s.finishSnapshot(z, o)
	case workRevert, workStart, workStop, workDeleteInstance:
		finishInstance(z, o)
	case workMakeTemplate, workUpdateTemplate, workDeleteTemplate:
		s.finishTemplate(z, o)
	}
}
