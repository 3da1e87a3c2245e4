package hostinger

import (
	"sync"
	"time"
)

// vacancyHolds is how long a read without a snapshot counts as the first of two. A create reads the snapshot again
// right after the plan.
const vacancyHolds = 5 * time.Second

// vacancies has the VMs that were read without a snapshot. One such read proves nothing. Two do, if the VM itself
// answers in between. It is safe for concurrent use; the zero value is ready.
type vacancies struct {
	mu    sync.Mutex
	found map[int64]vacancy
}

// vacancy is a read without a snapshot.
type vacancy struct {
	at time.Time
	// answered is true if the VM itself has answered since then.
	answered bool
}

// confirm records a read of a VM without a snapshot, and reports whether it confirms an earlier one.
func (v *vacancies) confirm(vm int64) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if old, ok := v.found[vm]; ok && old.answered && time.Since(old.at) < vacancyHolds {
		return true
	}
	if v.found == nil {
		v.found = map[int64]vacancy{}
	}
	v.found[vm] = vacancy{at: time.Now()}
	return false
}

// answered records that a VM itself has answered.
func (v *vacancies) answered(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if old, ok := v.found[vm]; ok {
		v.found[vm] = vacancy{at: old.at, answered: true}
	}
}

// forget removes a VM, because it has a snapshot, or gets one.
func (v *vacancies) forget(vm int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.found, vm)
}
