package cloud

import (
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Retention has the number of snapshots that each rule keeps. The rules are those of "restic forget"
// (https://restic.readthedocs.io/en/stable/060_forget.html#removing-snapshots-according-to-a-policy), by the time of
// creation in UTC. A snapshot is kept if one rule keeps it.
type Retention struct {
	// Last keeps the newest snapshots.
	Last int
	// Daily, Weekly and Monthly keep the newest snapshot of each of the latest days, ISO weeks and months that have one.
	// As long as a rule finds fewer, it also keeps the oldest snapshot.
	Daily, Weekly, Monthly int
}

// Expired returns the snapshots that no rule keeps, oldest first.
func (r Retention) Expired(snapshots []driver.Snapshot) []driver.Snapshot {
	list := slices.Clone(snapshots)
	slices.SortFunc(list, newestFirst)
	kept := make([]bool, len(list))
	keepNewest(kept, list, r.Daily, func(t time.Time) (year, part int) { return t.Year(), t.YearDay() })
	keepNewest(kept, list, r.Weekly, time.Time.ISOWeek)
	keepNewest(kept, list, r.Monthly, func(t time.Time) (year, part int) { return t.Year(), int(t.Month()) })
	var out []driver.Snapshot
	for i := len(list) - 1; i >= max(r.Last, 0); i-- {
		if !kept[i] {
			out = append(out, list[i])
		}
	}
	return out
}

// keepNewest marks the newest snapshot of each of the latest count periods, and the oldest snapshot if there are fewer
// periods. list is sorted, the newest first.
func keepNewest(kept []bool, list []driver.Snapshot, count int, period func(time.Time) (year, part int)) {
	last := [2]int{}
	for i, s := range list {
		if count <= 0 {
			return
		}
		year, part := period(s.CreatedAt.UTC())
		if current := [2]int{year, part}; current != last || i == len(list)-1 {
			kept[i], last = true, current
			count--
		}
	}
}

// Newest returns the newest snapshot that is complete. It is not found if there is none.
func Newest(snapshots []driver.Snapshot) (newest driver.Snapshot, found bool) {
	for _, s := range snapshots {
		if isReady(s, driver.ReadyWhen{}) && (!found || newestFirst(s, newest) < 0) {
			newest, found = s, true
		}
	}
	return newest, found
}

// DueAt returns when the next snapshot is due: interval after the newest one, earlier by a tenth of the interval and at
// most an hour, so that a nightly run that starts a little early still takes one.
func DueAt(newest time.Time, interval time.Duration) time.Time {
	return newest.Add(interval - min(interval/10, time.Hour))
}
