package sim

import "time"

// state is everything that the simulator keeps.
type state struct {
	// Serial counts the snapshots created so far. IDs contain it, so they are unique.
	Serial    int         `json:"serial"`
	Snapshots []*snapshot `json:"snapshots"`
}

// snapshot is the document's Snapshot.
type snapshot struct {
	ID    string    `json:"id"`
	Disk  string    `json:"disk"`
	Label string    `json:"label"`
	Made  time.Time `json:"made"`
}
