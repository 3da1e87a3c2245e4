package sim

import "time"

// The seeded IDs.
const (
	// FreeVM has no snapshot.
	FreeVM = 17923
	// FullVM has the snapshot SeedSnapshot, three days old.
	FullVM = 17924
	// ForeignVM belongs to another account.
	ForeignVM = 99999
	// SeedSnapshot is the snapshot of FullVM.
	SeedSnapshot = 325

	firstAction = 555000
	// seedBackup is the backup of each VM.
	seedBackup = 8001
)

// seed returns the account as it is at every start.
func seed(now time.Time) state {
	born := time.Date(2024, 9, 5, 7, 25, 36, 0, time.UTC)
	taken := now.Add(-3 * 24 * time.Hour)
	return state{
		Machines: []*Machine{
			{ID: FreeVM, Hostname: hostname(FreeVM), State: stateRunning, CreatedAt: born},
			{
				ID: FullVM, Hostname: hostname(FullVM), State: stateRunning, CreatedAt: born,
				Snapshot: newSnapshot(SeedSnapshot, taken),
				Actions: []*Action{{
					ID: firstAction, Name: createName, State: stateSuccess,
					CreatedAt: taken.Add(-5 * time.Minute), UpdatedAt: taken,
				}},
			},
			{ID: ForeignVM, Hostname: hostname(ForeignVM), State: stateRunning, CreatedAt: born, Foreign: true},
		},
		NextSnapshot: SeedSnapshot + 1,
		NextAction:   firstAction + 1,
	}
}

func hostname(id int64) string { return "srv" + number(id) + ".hstgr.cloud" }
