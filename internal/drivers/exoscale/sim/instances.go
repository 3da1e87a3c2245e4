package sim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func (s *Simulator) listZones(x *exchange) {
	root := "http://" + x.r.Host + s.Mount + "/"
	list := []any{}
	for _, z := range s.State.Zones {
		list = append(list, map[string]string{
			"name": z.Name, "api-endpoint": root + z.Name + "/v2", "sos-endpoint": root + z.Name + "/sos",
		})
	}
	simkit.JSON(x.w, http.StatusOK, map[string]any{"zones": list})
}

// listInstances lists the instances. No instance is in a pool or has a label, so these filters match none.
func (s *Simulator) listInstances(x *exchange, _ string) {
	query := x.r.URL.Query()
	list := []any{}
	for _, i := range x.zone.Instances {
		if query.Has("manager-id") || query.Has("manager-type") || query.Has("labels") ||
			(query.Has("ip-address") && query.Get("ip-address") != i.PublicIP) {
			continue
		}
		view := viewInstance(x.zone, i)
		// The entries of a listing have fewer fields.
		for _, absent := range []string{
			"disk-size", "snapshots", "application-consistent-snapshot-enabled", "secureboot-enabled", "tpm-enabled",
		} {
			delete(view, absent)
		}
		list = append(list, view)
	}
	simkit.JSON(x.w, http.StatusOK, map[string]any{"instances": list})
}

func (s *Simulator) getInstance(x *exchange, id string) {
	i := x.zone.instance(id)
	if i == nil {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, viewInstance(x.zone, i))
}

func viewInstance(z *zone, i *instance) map[string]any {
	snapshots := []any{}
	for _, n := range z.Snapshots {
		if n.InstanceID == i.ID {
			snapshots = append(snapshots, map[string]string{"id": n.ID})
		}
	}
	return map[string]any{
		"id": i.ID, "name": i.Name, "created-at": stamp(i.CreatedAt), "state": i.State, "disk-size": i.DiskGiB,
		"template":             map[string]string{"id": i.TemplateID},
		"instance-type":        map[string]string{"id": instanceType},
		"public-ip-assignment": "inet4",
		"public-ip":            i.PublicIP,
		"labels":               map[string]string{},
		"security-groups":      []any{},
		"private-networks":     []any{},
		"ssh-keys":             []any{},
		"snapshots":            snapshots,
		// The vendor's command line needs these two to show an instance.
		"secureboot-enabled": false,
		"tpm-enabled":        false,
		"application-consistent-snapshot-enabled": i.Consistent,
	}
}

// viewInstanceType returns the size that all instances have.
func viewInstanceType(z *zone) map[string]any {
	return map[string]any{
		"id": instanceType, "family": "standard", "size": "small", "cpus": 2, "memory": int64(2 * gib),
		"authorized": true, "zones": []string{z.Name},
	}
}

func (s *Simulator) listInstanceTypes(x *exchange, _ string) {
	simkit.JSON(x.w, http.StatusOK, map[string]any{"instance-types": []any{viewInstanceType(x.zone)}})
}

func (s *Simulator) getInstanceType(x *exchange, id string) {
	if id != instanceType {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, viewInstanceType(x.zone))
}

// SourceStates returns the states of an instance that SetSourceState accepts.
func (s *Simulator) SourceStates() []string { return []string{running, stopped} }

// SetSourceState starts or stops an instance. It returns an error while an operation starts, stops or deletes it: the
// operation sets the state when it ends.
func (s *Simulator) SetSourceState(source simkit.Source, state string) error {
	i := s.State.zone(source.Location).instance(source.SourceID)
	if !slices.Contains(s.SourceStates(), i.State) {
		return fmt.Errorf("the instance %s is %s; wait for the end of the operation", i.ID, i.State)
	}
	i.State = state
	return nil
}

func (s *Simulator) startInstance(x *exchange, id string) {
	var body struct {
		RescueProfile *string `json:"rescue-profile"`
	}
	if x.decode(&body, false) {
		s.power(x, id, stopped, starting, workStart)
	}
}

func (s *Simulator) stopInstance(x *exchange, id string) {
	if x.empty() {
		s.power(x, id, running, stopping, workStop)
	}
}

func (s *Simulator) power(x *exchange, id, from, between string, w work) {
	i := x.zone.instance(id)
	switch {
	case i == nil:
		notFound(x.w)
		return
	case x.busy(id):
		return
	case i.State != from:
		conflict(x.w, "the instance is %s", i.State)
		return
	}
	i.State = between
	s.begin(x, operation{Work: w, RefID: id, RefNoun: "instance", Locks: []string{id}})
}

// deleteInstance deletes the snapshots of the instance too, when its operation ends.
func (s *Simulator) deleteInstance(x *exchange, id string) {
	i := x.zone.instance(id)
	switch {
	case i == nil:
		notFound(x.w)
		return
	case !x.empty() || x.busy(id):
		return
	}
	i.State = destroying
	s.begin(x, operation{Work: workDeleteInstance, RefID: id, RefNoun: "instance", Locks: []string{id}})
}

// revertSnapshot needs a stopped instance and one of its own snapshots; the snapshot stays.
func (s *Simulator) revertSnapshot(x *exchange, id string) {
	i := x.zone.instance(id)
	if i == nil {
		notFound(x.w)
		return
	}
	var body struct {
		ID *string `json:"id"`
	}
	if !x.decode(&body, true) {
		return
	}
	if body.ID == nil || !simkit.IsUUID(*body.ID) {
		invalid(x.w, "the request does not fit the schema", field{"id", "must be the UUID of a snapshot"})
		return
	}
	if x.busy(id) {
		return
	}
	n := x.usable(strings.ToLower(*body.ID))
	switch {
	case n == nil:
		return
	case n.InstanceID != id:
		invalid(x.w, "the snapshot is not one of this instance", field{"id", "belongs to another instance"})
		return
	case i.State != stopped:
		problem(x.w, http.StatusPreconditionFailed, "precondition-failed", "Precondition Failed",
			"the instance must be stopped, and is "+i.State)
		return
	}
	s.begin(x, operation{Work: workRevert, RefID: id, RefNoun: "instance", Locks: []string{id, n.ID}})
}

func finishInstance(z *zone, o *operation) {
	i := z.instance(o.RefID)
	if i == nil {
		return
	}
	switch o.Work {
	case workStart:
		i.State = running
	case workStop:
		i.State = stopped
	case workDeleteInstance:
		z.dropInstance(i.ID)
		z.Snapshots = slices.DeleteFunc(z.Snapshots, func(n *snapshot) bool { return n.InstanceID == i.ID })
	default:
		// A revert leaves the state as it is.
	}
}
