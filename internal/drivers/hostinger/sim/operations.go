package sim

import (
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

func (s *Simulator) createSnapshot(w http.ResponseWriter, _ *http.Request, m *Machine, _ string) {
	s.start(w, m, createName)
}

func (s *Simulator) deleteSnapshot(w http.ResponseWriter, _ *http.Request, m *Machine, _ string) {
	if m.Snapshot == nil {
		s.refuse(w, http.StatusNotFound, noSnapshot)
		return
	}
	s.start(w, m, deleteName)
}

func (s *Simulator) restoreSnapshot(w http.ResponseWriter, _ *http.Request, m *Machine, _ string) {
	if m.Snapshot == nil {
		s.refuse(w, http.StatusNotFound, noSnapshot)
		return
	}
	s.start(w, m, restoreName)
}

func (s *Simulator) listBackups(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	all := []backupResource{{ID: seedBackup, Size: 4 << 20, CreatedAt: second(m.CreatedAt)}}
	respond(s, w, r, all)
}

func (s *Simulator) restoreBackup(w http.ResponseWriter, _ *http.Request, m *Machine, id string) {
	if id != number(seedBackup) {
		s.refuse(w, http.StatusNotFound, noBackup)
		return
	}
	s.start(w, m, restoreBackupName)
}

// start accepts an action, which locks the VM, or refuses it.
func (s *Simulator) start(w http.ResponseWriter, m *Machine, name string) {
	switch {
	case m.busy() != nil:
		s.refuse(w, http.StatusUnprocessableEntity, locked)
		return
	case m.State == stateError || m.State == stateSuspended:
		s.refuse(w, http.StatusUnprocessableEntity, unusable)
		return
	}
	now := s.world.Now()
	a := &Action{ID: s.state.NextAction, Name: name, State: stateCreated, Fails: m.Fails, CreatedAt: now, UpdatedAt: now}
	s.state.NextAction++
	m.Actions = slices.Insert(m.Actions, 0, a)
	if name == restoreName || name == restoreBackupName {
		m.State = stateRestoring
	}
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
			s.refuseFields(w, http.StatusUnprocessableEntity, "The given data was invalid", map[string][]string{"page": {"The page must be at least 1."}})
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
