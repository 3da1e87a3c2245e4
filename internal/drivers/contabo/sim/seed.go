package sim

import (
	"fmt"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	tenantID   = "INT"
	customerID = "770011"
	// totalImageMB is the storage for custom images.
	totalImageMB = 25600
	// retention is how long a snapshot lives.
	retention = 30 * 24 * time.Hour
	// seededSnapshot is the number in the ID of "made by hand", the same at every start. New snapshots take Unix
	// seconds, which are larger.
	seededSnapshot = 1700000042
)

// seed returns the state at each start:
//
//	42001 web-1        three slots, one of them used for five days: "made by hand"
//	42002 db-1         one slot
//	42003 storage-1    no slots, like all machines of that kind
//	42011–42016 app-1 … app-6, five slots each
//
// and four standard images.
func seed(now time.Time) state {
	now = now.Truncate(time.Millisecond)
	long := now.Add(-400 * 24 * time.Hour)
	s := state{Snapshots: []snapshot{}, Audits: []audit{}}
	for _, i := range []struct{ name, version, os string }{
		{"debian-12", "12", "Linux"},
		{"ubuntu-24.04", "24.04", "Linux"},
		{"rockylinux-9", "9", "Linux"},
		{"windows-server-2025-se", "2025", "Windows"},
	} {
		s.Images = append(s.Images, image{
			ID:          simkit.UUID("contabo", "image", i.name),
			Name:        i.name,
			Description: "Standard image " + i.name,
			OSType:      i.os,
			Version:     i.version,
			Format:      "qcow2",
			SizeMB:      1536,
			Standard:    true,
			Tags:        []tag{},
			Created:     long,
			Modified:    long,
			Over:        true,
		})
	}
	debian := s.Images[0]

	add := func(id int64, name string, slots int, product instance) {
		product.ID, product.DisplayName, product.Slots = id, name, slots
		product.Status, product.Region = running, "EU"
		product.ImageID, product.Created = debian.ID, long
		s.Instances = append(s.Instances, product)
	}
	add(42001, "web-1", 3, instance{
		ProductID: "V97", ProductName: "VPS 8 NVMe", ProductType: "nvme", CPUCores: 8, RAMMB: 24576, DiskMB: 204800,
	})
	add(42002, "db-1", 1, instance{
		ProductID: "V91", ProductName: "VPS 4 NVMe", ProductType: "nvme", CPUCores: 4, RAMMB: 8192, DiskMB: 76800,
	})
	add(42003, "storage-1", 0, instance{
		ProductID: "V8", ProductName: "VDS S", ProductType: "vds", CPUCores: 6, RAMMB: 24576, DiskMB: 184320,
	})
	for n := int64(1); n <= 6; n++ {
		add(42010+n, fmt.Sprintf("app-%d", n), 5, instance{
			ProductID: "V99", ProductName: "VPS 8 Plus", ProductType: "ssd", CPUCores: 8, RAMMB: 16384, DiskMB: 409600,
		})
	}

	made := now.Add(-5 * 24 * time.Hour)
	s.LastSnapshot = seededSnapshot
	s.Snapshots = append(s.Snapshots, snapshot{
		ID:         snapshotName(s.LastSnapshot),
		InstanceID: 42001,
		Name:       "made by hand",
		Created:    made,
		AutoDelete: made.Add(retention),
		ImageID:    debian.ID,
		ImageName:  debian.Name,
	})
	return s
}
