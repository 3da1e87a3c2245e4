package sim

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// perPage is the page size of the document's example.
const perPage = 15

func (s *Simulator) listMachines(w http.ResponseWriter, _ *http.Request, _ *Machine, _ string) {
	out := []machineResource{}
	for _, m := range s.state.Machines {
		if !m.Foreign {
			out = append(out, m.resource())
		}
	}
	simkit.JSON(w, http.StatusOK, out)
}

func (s *Simulator) getMachine(w http.ResponseWriter, _ *http.Request, m *Machine, _ string) {
	simkit.JSON(w, http.StatusOK, m.resource())
}

func (s *Simulator) getSnapshot(w http.ResponseWriter, _ *http.Request, m *Machine, _ string) {
	snap := m.Snapshot
	switch {
	case snap != nil:
		simkit.JSON(w, http.StatusOK, snapshotResource{
			ID: snap.ID, RestoreTime: snap.RestoreTime, CreatedAt: second(snap.CreatedAt), ExpiresAt: second(snap.ExpiresAt),
		})
	case m.Empty == "":
		s.refuse(w, http.StatusNotFound, noSnapshot)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		if m.Empty != "-" {
			_, _ = io.WriteString(w, m.Empty) // The client that has gone does not want it.
		}
	}
}

func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	if s.decode(w, r, &struct{}{}) && s.accepts(w, m) {
		s.start(w, m, Action{Name: createName})
	}
}

func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	s.startOn(w, r, m, m.Snapshot != nil, noSnapshot, deleteName)
}

func (s *Simulator) restoreSnapshot(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	s.startOn(w, r, m, m.Snapshot != nil, noSnapshot, restoreName)
}

// startOn begins an action on something that the VM has, or answers that it is absent. A VM that accepts no action refuses this one whatever it has.
func (s *Simulator) startOn(w http.ResponseWriter, r *http.Request, m *Machine, there bool, absent, name string) {
	switch {
	case !s.decode(w, r, &struct{}{}) || !s.accepts(w, m):
	case !there:
		s.refuse(w, http.StatusNotFound, absent)
	default:
		s.start(w, m, Action{Name: name})
	}
}

func (s *Simulator) listBackups(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	all := []backupResource{{ID: seedBackup, Size: 4 << 20, RestoreTime: restoreTime, Location: "nl-srv-openvzbackups", CreatedAt: second(m.CreatedAt)}}
	respond(s, w, r, all)
}

func (s *Simulator) restoreBackup(w http.ResponseWriter, r *http.Request, m *Machine, id string) {
	s.startOn(w, r, m, id == number(seedBackup), noBackup, restoreBackupName)
}

// accepts reports whether a VM takes an action now, and answers where it does not.
func (s *Simulator) accepts(w http.ResponseWriter, m *Machine) bool {
	switch {
	case m.busy() != nil:
		s.refuse(w, http.StatusUnprocessableEntity, locked)
	case m.State == stateError || m.State == stateSuspended:
		s.refuse(w, http.StatusUnprocessableEntity, unusable)
	default:
		return true
	}
	return false
}

// working are the states of a VM while an action works on its disk.
var working = map[string]string{restoreName: stateRestoring, restoreBackupName: stateRestoring, recreateName: stateRecreating}

// start begins an action, which locks the VM.
func (s *Simulator) start(w http.ResponseWriter, m *Machine, a Action) {
	now := s.world.Now()
	a.ID, a.State, a.Fails, a.CreatedAt, a.UpdatedAt = s.state.NextAction, stateCreated, m.Fails, now, now
	s.state.NextAction++
	m.Actions = slices.Insert(m.Actions, 0, &a)
	m.State = cmp.Or(working[a.Name], m.State)
	simkit.JSON(w, http.StatusOK, a.resource())
}

func (s *Simulator) listActions(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	all := make([]actionResource, 0, len(m.Actions))
	for _, a := range m.Actions {
		all = append(all, a.resource())
	}
	respond(s, w, r, all)
}

func (s *Simulator) getAction(w http.ResponseWriter, _ *http.Request, m *Machine, id string) {
	wanted, _ := parseNumber(id)
	i := slices.IndexFunc(m.Actions, func(a *Action) bool { return a.ID == wanted })
	if i < 0 {
		s.refuse(w, http.StatusNotFound, noAction)
		return
	}
	simkit.JSON(w, http.StatusOK, m.Actions[i].resource())
}

// respond answers with one page of a listing; a page after the last one is empty.
func respond[T any](s *Simulator, w http.ResponseWriter, r *http.Request, all []T) {
	number := 1
	if text := r.URL.Query().Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			s.refuseFields(w, http.StatusUnprocessableEntity, invalid, map[string][]string{"page": {"The page must be at least 1."}})
			return
		}
		number = n
	}
	from := len(all)
	if number-1 <= len(all)/perPage {
		from = min((number-1)*perPage, len(all))
	}
	to := min(from+perPage, len(all))
	simkit.JSON(w, http.StatusOK, page[T]{
		Data: all[from:to],
		Meta: pageMeta{CurrentPage: number, PerPage: perPage, Total: len(all)},
	})
}
