package sim

import "time"

// The vendor's words for the states of an instance at rest.
const (
	running = "running"
	stopped = "stopped"
)

// installing is the vendor's word for an instance whose disk is being written.
const installing = "installing"

// state is all that Save keeps.
type state struct {
	Instances []instance `json:"instances"`
	Snapshots []snapshot `json:"snapshots"`
	Images    []image    `json:"images"`
	Audits    []audit    `json:"audits"`
	// LastSnapshot is the number in the ID of the latest snapshot. Serial counts everything else that has an ID.
	LastSnapshot int64 `json:"last_snapshot"`
	Serial       int64 `json:"serial"`
}

type instance struct {
	ID          int64  `json:"id"`
	DisplayName string `json:"display_name"`
	// Slots is how many snapshots the product allows.
	Slots       int       `json:"slots"`
	Status      string    `json:"status"`
	ProductID   string    `json:"product_id"`
	ProductName string    `json:"product_name"`
	ProductType string    `json:"product_type"`
	Region      string    `json:"region"`
	CPUCores    int       `json:"cpu_cores"`
	RAMMB       int       `json:"ram_mb"`
	DiskMB      int       `json:"disk_mb"`
	ImageID     string    `json:"image_id"`
	Created     time.Time `json:"created"`
	// Rollback is the running rollback, or nil.
	Rollback *rollback `json:"rollback,omitempty"`
	// ErrorMessage is the reason of the status error.
	ErrorMessage string `json:"error_message,omitempty"`
}

// rollback is work on the disk of an instance.
type rollback struct {
	Started time.Time `json:"started"`
	// Status is that of the instance after the rollback.
	Status string `json:"status"`
	// Fails makes the rollback end in the status error.
	Fails bool `json:"fails,omitempty"`
}

type snapshot struct {
	ID          string    `json:"id"`
	InstanceID  int64     `json:"instance_id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Created     time.Time `json:"created"`
	AutoDelete  time.Time `json:"auto_delete"`
	ImageID     string    `json:"image_id"`
	ImageName   string    `json:"image_name"`
}

type image struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	URL         string    `json:"url"`
	SizeMB      int64     `json:"size_mb"`
	OSType      string    `json:"os_type"`
	Version     string    `json:"version"`
	Format      string    `json:"format"`
	Standard    bool      `json:"standard"`
	Tags        []tag     `json:"tags"`
	Created     time.Time `json:"created"`
	Modified    time.Time `json:"modified"`
	// Over reports whether the download has ended.
	Over bool `json:"over"`
}

type tag struct {
	ID   int64  `json:"tagId"`
	Name string `json:"tagName"`
}

// audit is one change in the history.
type audit struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind"`
	ObjectID string `json:"object_id"`
	// InstanceID is that of a snapshot.
	InstanceID int64     `json:"instance_id,omitempty"`
	Action     string    `json:"action"`
	At         time.Time `json:"at"`
	RequestID  string    `json:"request_id"`
	TraceID    string    `json:"trace_id"`
}
