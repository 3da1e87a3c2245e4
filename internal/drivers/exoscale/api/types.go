package api

// Operation is work that was accepted and takes time ("Exoscale API: operation").
type Operation struct {
	ID string `json:"id"`
	// State is pending, success, failure or timeout.
	State string `json:"state"`
	// Reason is why it failed: incorrect, unknown, unavailable, forbidden, busy, fault, partial, not-found,
	// interrupted, unsupported or conflict.
	Reason  string `json:"reason"`
	Message string `json:"message"`
	// Reference names what the operation makes or works on.
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

// Export is where an exported snapshot can be fetched. The URL is a secret: it carries its own authorization.
type Export struct {
	PresignedURL string `json:"presigned-url"`
	// MD5Sum is in hexadecimal.
	MD5Sum string `json:"md5sum"`
}

// Object is another object of which only the ID is safe to rely on.
type Object struct {
	ID string `json:"id"`
}

// SnapshotList is a listing of snapshots; the vendor has no pages.
type SnapshotList struct {
	Snapshots []Snapshot `json:"snapshots"`
}

// Instance is a virtual machine ("Exoscale API: instance"), as far as snapshots concern it.
type Instance struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"created-at"`
	// State is running, stopped or one of the states between and beyond.
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

// RevertBody names the snapshot to go back to.
type RevertBody struct {
	ID string `json:"id"`
}
