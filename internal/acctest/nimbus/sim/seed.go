package sim

import (
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The disks. The first one has a snapshot.
const (
	DiskRoot  = "disk-0001"
	DiskData  = "disk-0002"
	DiskCache = "disk-0003"
)

var disks = []string{DiskRoot, DiskData, DiskCache}

// seed returns the state of a new sandbox: one snapshot that is two days old.
func seed(now time.Time) state {
	return state{Snapshots: []*snapshot{{
		ID: simkit.UUID("nimbus", "seed"), Disk: DiskRoot, Label: "before-upgrade", Made: now.Add(-48 * time.Hour),
	}}}
}
