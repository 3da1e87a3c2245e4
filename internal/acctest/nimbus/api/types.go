package api

// Disk is what a snapshot is taken of.
type Disk struct {
	ID string `json:"id"`
}

// Snapshot is a copy of a disk. Made is a time in RFC 3339.
type Snapshot struct {
	ID    string `json:"id"`
	Disk  string `json:"disk"`
	Label string `json:"label"`
	Made  string `json:"made"`
}

// CreateSnapshotRequest is the body of CreateSnapshot. Both fields are required.
type CreateSnapshotRequest struct {
	Disk  string `json:"disk"`
	Label string `json:"label"`
}
