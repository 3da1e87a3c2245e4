package hostinger

import (
	"sync"
	"time"
)

// vacancyHolds is how long a VM that was found without a snapshot needs no second look: a create reads the slot again
// right after the plan has.
const vacancyHolds = 5 * time.Second

// vacancies are the VMs that were found without a snapshot, and when. It is safe for concurrent use; the zero value is
// ready.
type vacancies struct {
	mu    sync.Mutex
	found map[int64]time.Time
}

// note keeps that a VM has no snapshot now.
func (v *vacancies) note(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.found == nil {
		v.found = map[int64]time.Time{}
	}
	v.found[vm] = time.Now()
}

// forget drops what is known of a VM, because a snapshot of it is being made.
func (v *vacancies) forget(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.found, vm)
}

// recently reports whether a VM was found without a snapshot a moment ago.
func (v *vacancies) recently(vm int64) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	at, ok := v.found[vm]
	return ok && time.Since(at) < vacancyHolds
}
