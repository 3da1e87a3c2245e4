package sim

import "net/http"

func (s *Simulator) listBackups(w http.ResponseWriter, r *http.Request, m *Machine) {
	respondPage(s, w, r, []backupResource{{
		ID: seedBackup, Size: 4 << 20, RestoreTime: restoreTime,
		Location: "nl-srv-openvzbackups", CreatedAt: second(m.CreatedAt),
	}})
}

func (s *Simulator) restoreBackup(w http.ResponseWriter, r *http.Request, m *Machine) {
	s.startOn(w, r, m, r.PathValue("backup") == number(seedBackup), noBackup, restoreBackupName)
}
