package api

// Operation is accepted work that takes time ("Exoscale API: operation").
type Operation struct {
	ID string `json:"id"`
	// State is pending, success, failure or timeout.
	State string `json:"state"`
	// Reason is the reason of a failure: incorrect, unknown, unavailable, forbidden, busy, fault, partial, not-found,
	// interrupted, unsupported or conflict.
	Reason  string `json:"reason"`
	Message string `json:"message"`
	// Reference is the object that the operation creates or works on.
	Reference Object `json:"reference"`
}

// Snapshot is the snapshot of an instance's disk ("Exoscale API: snapshot"). All fields are optional.
type Snapshot struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"created-at"`
	// State is snapshotting, ready, exporting, exported, deleting, deleted or error.
	State string `json:"state"`
	// Size is in GiB.
	Size                  *int64 `json:"size"`
	Export                Export `json:"export"`
	Instance              Object `json:"instance"`
	ApplicationConsistent *bool  `json:"application-consistent"`
}

// Export is the download of an exported snapshot. The URL is secret, because it needs no other authorization.
type Export struct {
	PresignedURL string `json:"presigned-url"`
	// MD5Sum is in hexadecimal.
	MD5Sum string `json:"md5sum"`
}

// Object is a reference to another object. Only the ID is reliable.
type Object struct {
	ID string `json:"id"`
}

// SnapshotList is a listing of snapshots; the vendor has no pages.
type SnapshotList struct {
	Snapshots []Snapshot `json:"snapshots"`
}

// Instance is the part of a virtual machine ("Exoscale API: instance") that snapshots need.
type Instance struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"created-at"`
	// State is running, stopped or another state.
	State string `json:"state"`
	// DiskSize is in GiB.
	DiskSize              *int64   `json:"disk-size"`
	Snapshots             []Object `json:"snapshots"`
	ApplicationConsistent *bool    `json:"application-consistent-snapshot-enabled"`
}

// InstanceList is a listing of instances; the vendor has no pages.
type InstanceList struct {
	Instances []Instance `json:"instances"`
}

// ZoneInfo is one entry of the list of zones. The endpoint is a complete base URL.
type ZoneInfo struct {
	Name        string `json:"name"`
	APIEndpoint string `json:"api-endpoint"`
}

// ZoneList is the list of zones.
type ZoneList struct {
	Zones []ZoneInfo `json:"zones"`
}

// RevertBody is the snapshot to restore.
type RevertBody struct {
	ID string `json:"id"`
}
