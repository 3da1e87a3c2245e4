package sim

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// workingState is the state of a VM while an action works on its disk.
var workingState = map[string]string{
	restoreName: stateRestoring, restoreBackupName: stateRestoring, recreateName: stateRecreating,
}

// startOn starts an action on an object of the VM, or answers with absent if the VM does not have the object. A VM that
// accepts no action refuses this one first.
func (s *Simulator) startOn(
	w http.ResponseWriter, r *http.Request, m *Machine, exists bool, absent, name string,
) {
	switch {
	case !s.decode(w, r, &struct{}{}) || !s.accepts(w, m):
	case !exists:
		s.refuse(w, http.StatusNotFound, absent)
	default:
		s.start(w, m, Action{Name: name})
	}
}

// start starts an action, which locks the VM.
func (s *Simulator) start(w http.ResponseWriter, m *Machine, a Action) {
	now := s.Now()
	a.ID, a.State, a.Fails, a.CreatedAt, a.UpdatedAt = s.State.NextAction, stateCreated, m.Fails, now, now
	s.State.NextAction++
	m.Actions = slices.Insert(m.Actions, 0, &a)
	m.State = cmp.Or(workingState[a.Name], m.State)
	simkit.JSON(w, http.StatusOK, a.resource())
}

func (s *Simulator) listActions(w http.ResponseWriter, r *http.Request, m *Machine) {
	all := make([]actionResource, 0, len(m.Actions))
	for _, a := range m.Actions {
		all = append(all, a.resource())
	}
	respondPage(s, w, r, all)
}

func (s *Simulator) getAction(w http.ResponseWriter, r *http.Request, m *Machine) {
	id, _ := parseNumber(r.PathValue("action"))
	a := simkit.Find(m.Actions, func(a *Action) bool { return a.ID == id })
	if a == nil {
		s.refuse(w, http.StatusNotFound, noAction)
		return
	}
	simkit.JSON(w, http.StatusOK, a.resource())
}

func (a *Action) resource() actionResource {
	return actionResource{
		ID: a.ID, Name: a.Name, State: a.State, CreatedAt: second(a.CreatedAt), UpdatedAt: second(a.UpdatedAt),
	}
}

// isOver reports whether an action has ended.
func (a *Action) isOver() bool { return a.State == stateSuccess || a.State == stateError }

// runningAction returns the action that locks the VM, or nil.
func (m *Machine) runningAction() *Action {
	return simkit.Find(m.Actions, func(a *Action) bool { return !a.isOver() })
}

// finishDue ends all work that is due, and deletes expired snapshots.
func (s *Simulator) finishDue() {
	now := s.Now()
	for _, m := range s.State.Machines {
		for _, a := range m.Actions {
			if !a.isOver() {
				s.advance(m, a, now)
			}
		}
		if m.Snapshot != nil && !now.Before(m.Snapshot.ExpiresAt) {
			m.Snapshot = nil
		}
	}
}

// advance changes the state of an action after each third of the latency, and finishes it after the last one.
func (s *Simulator) advance(m *Machine, a *Action, now time.Time) {
	switch passed := now.Sub(a.CreatedAt); {
	case s.Due(a.CreatedAt):
		a.UpdatedAt = a.CreatedAt.Add(s.Latency)
		s.finish(m, a)
	case passed >= s.Latency*2/3:
		a.State, a.UpdatedAt = stateDelayed, a.CreatedAt.Add(s.Latency*2/3)
	case passed >= s.Latency/3:
		a.State, a.UpdatedAt = stateSent, a.CreatedAt.Add(s.Latency/3)
	}
}

// finish ends an action and applies its effect.
func (s *Simulator) finish(m *Machine, a *Action) {
	if workingState[a.Name] != "" {
		m.State = stateRunning
	}
	if a.Fails {
		a.State = stateError
		return
	}
	a.State = stateSuccess
	switch a.Name {
	case createName:
		m.Snapshot = newSnapshot(s.State.NextSnapshot, a.UpdatedAt)
		s.State.NextSnapshot++
	case recreateName:
		m.Template, m.Snapshot = a.Template, nil
	case deleteName, restoreBackupName:
		m.Snapshot = nil
	}
}
