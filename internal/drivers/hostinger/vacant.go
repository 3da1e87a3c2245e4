package hostinger

import (
	"sync"
	"time"
)

// vacancyHolds is how long the result "no snapshot" of read holds. A create reads the snapshot again right after the
// plan.
const vacancyHolds = 5 * time.Second

// vacancies has the VMs that were read without a snapshot, and the time. It is safe for concurrent use; the zero value
// is ready.
type vacancies struct {
	mu    sync.Mutex
	found map[int64]time.Time
}

// note records that a VM has no snapshot now.
func (v *vacancies) note(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.found == nil {
		v.found = map[int64]time.Time{}
	}
	v.found[vm] = time.Now()
}

// forget removes a VM, because a snapshot of it is being created.
func (v *vacancies) forget(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.found, vm)
}

// recently reports whether a VM was read without a snapshot a moment ago.
func (v *vacancies) recently(vm int64) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	at, ok := v.found[vm]
	return ok && time.Since(at) < vacancyHolds
}
