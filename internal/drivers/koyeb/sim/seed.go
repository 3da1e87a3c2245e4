package sim

import "time"

// organizationID is the owner of all seeded objects.
const organizationID = "0c9a4f16-52d8-4b1e-9b37-6a2d8e5f7c01"

// The seeded volumes and snapshot. The IDs are the same at every start. They differ in their first eight digits,
// because the vendor's command line shows no more of them.
const (
	// VolumeFra1, 2 and 3 are in Frankfurt: 10 GB, attached, with a snapshot; 20 GB, detached; 50 GB, attached.
	VolumeFra1 = "11111101-aaaa-4aaa-8aaa-000000000001"
	VolumeFra2 = "11111102-aaaa-4aaa-8aaa-000000000002"
	VolumeFra3 = "11111103-aaaa-4aaa-8aaa-000000000003"
	// VolumeWas1, 2 and 3 are in Washington: 10 GB, attached; 5 GB, detached; 100 GB, detached.
	VolumeWas1 = "22222201-bbbb-4bbb-8bbb-000000000001"
	VolumeWas2 = "22222202-bbbb-4bbb-8bbb-000000000002"
	VolumeWas3 = "22222203-bbbb-4bbb-8bbb-000000000003"
	// SnapshotOld is a snapshot of VolumeFra1 in remote storage.
	SnapshotOld = "33333333-cccc-4ccc-8ccc-000000000001"

	serviceFra1 = "44444444-dddd-4ddd-8ddd-000000000001"
	serviceFra3 = "44444444-dddd-4ddd-8ddd-000000000002"
	serviceWas1 = "44444444-dddd-4ddd-8ddd-000000000003"
)

// The regions that have volumes.
const (
	regionFra = "fra"
	regionWas = "was"
)

var regions = []string{regionFra, regionWas}

// seed returns the state of a new sandbox: six volumes in two regions, and one snapshot that is two days old.
func seed(now time.Time) state {
	disk := func(id, name, region, service string, size int64) *volume {
		v := &volume{
			ID: id, Name: name, CreatedAt: now.Add(-30 * 24 * time.Hour), UpdatedAt: now.Add(-7 * 24 * time.Hour),
			OrganizationID: organizationID, ServiceID: service, Region: region, MaxSize: size, CurSize: size / 2,
			Status: volumeDetached, BackingStore: storeLocalBlock,
		}
		if service != "" {
			v.Status = volumeAttached
		}
		return v
	}
	taken := now.Add(-48 * time.Hour)
	return state{
		Volumes: []*volume{
			disk(VolumeFra1, "postgres-data", regionFra, serviceFra1, 10),
			disk(VolumeFra2, "uploads", regionFra, "", 20),
			disk(VolumeFra3, "search-index", regionFra, serviceFra3, 50),
			disk(VolumeWas1, "redis-data", regionWas, serviceWas1, 10),
			disk(VolumeWas2, "scratch", regionWas, "", 5),
			disk(VolumeWas3, "archive", regionWas, "", 100),
		},
		Snapshots: []*snapshot{{
			ID: SnapshotOld, Name: "before-migration", Size: 10, CreatedAt: taken,
			UpdatedAt:      taken.Add(10 * time.Minute),
			OrganizationID: organizationID, ParentVolumeID: VolumeFra1, Region: regionFra,
			Status: statusAvailable, Type: typeRemote,
		}},
		Buckets: map[string]bucket{},
	}
}
