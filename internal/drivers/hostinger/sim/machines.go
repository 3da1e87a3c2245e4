package sim

import (
	"fmt"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Put adds a VM, or replaces the one with its ID, for tests that need a special one. A snapshot needs an ID and times.
func (s *Simulator) Put(m Machine) {
	if old := s.machine(m.ID); old != nil {
		*old = m
		return
	}
	s.State.Machines = append(s.State.Machines, &m)
}

// machine returns the VM with an ID, also another account's, or nil.
func (s *Simulator) machine(id int64) *Machine {
	return simkit.Find(s.State.Machines, func(m *Machine) bool { return m.ID == id })
}

// SourceStates returns the states of a VM that SetSourceState accepts.
func (s *Simulator) SourceStates() []string {
	return []string{stateRunning, stateStopped, stateSuspended, stateError}
}

// SetSourceState changes the state of a VM. It returns an error while an action works on the disk: the action sets the
// state when it ends.
func (s *Simulator) SetSourceState(source simkit.Source, state string) error {
	id, _ := parseNumber(source.SourceID)
	m := s.machine(id)
	if a := m.runningAction(); a != nil && workingState[a.Name] != "" {
		return fmt.Errorf("the VM %d is %s; wait for the end of the action", id, m.State)
	}
	m.State = state
	return nil
}

// pathMachine returns the VM in the path of a request. It answers and returns nil if the account has no such VM.
func (s *Simulator) pathMachine(w http.ResponseWriter, r *http.Request) *Machine {
	id, ok := parseNumber(r.PathValue("vm"))
	if !ok {
		s.refuse(w, http.StatusNotFound, noRoute)
		return nil
	}
	m := s.machine(id)
	switch {
	case m == nil:
		s.refuse(w, http.StatusNotFound, noMachine)
		return nil
	case m.Foreign:
		s.refuse(w, http.StatusForbidden, foreign)
		return nil
	}
	return m
}

func (s *Simulator) listMachines(w http.ResponseWriter, _ *http.Request) {
	out := []machineResource{}
	for _, m := range s.State.Machines {
		if !m.Foreign {
			out = append(out, m.resource())
		}
	}
	simkit.JSON(w, http.StatusOK, out)
}

func (s *Simulator) getMachine(w http.ResponseWriter, _ *http.Request, m *Machine) {
	simkit.JSON(w, http.StatusOK, m.resource())
}

// accepts reports whether a VM takes an action now. It answers if not.
func (s *Simulator) accepts(w http.ResponseWriter, m *Machine) bool {
	switch {
	case m.runningAction() != nil:
		s.refuse(w, http.StatusUnprocessableEntity, locked)
	case m.State == stateError || m.State == stateSuspended:
		s.refuse(w, http.StatusUnprocessableEntity, unusable)
	default:
		return true
	}
	return false
}

func (m *Machine) resource() machineResource {
	lock := "unlocked"
	if m.runningAction() != nil {
		lock = "locked"
	}
	ptr := m.Hostname
	return machineResource{
		ID: m.ID, SubscriptionID: "Azz353Uhl1xC" + number(m.ID), DataCenterID: 521, Plan: "KVM 4",
		Hostname: m.Hostname, State: m.State, ActionsLock: lock,
		CPUs: 4, Memory: 8192, Disk: 51200, Bandwidth: 1073741824, NS1: "1.1.1.1", NS2: "8.8.8.8",
		IPv4:     []addressResource{{ID: 50000 + m.ID, Address: "192.0.2." + number(m.ID%250+1), PTR: &ptr}},
		IPv6:     []addressResource{{ID: 70000 + m.ID, Address: "2001:db8::" + number(m.ID%250+1)}},
		Template: m.template(),
		// The document's example has this unusual fraction of five digits.
		CreatedAt: m.CreatedAt.UTC().Format("2006-01-02T15:04:05.00000Z"),
	}
}
