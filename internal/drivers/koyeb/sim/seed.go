package sim

import "time"

// organizationID owns everything in the seeded world.
const organizationID = "0c9a4f16-52d8-4b1e-9b37-6a2d8e5f7c01"

// The volumes and the snapshot of the seeded world. The IDs are the same at every start, and differ in their first eight digits, which is all that the
// vendor's command line shows of them.
const (
	// VolumeFra1, 2 and 3 are in Frankfurt: attached with 10 GB and a snapshot, detached with 20 GB, attached with 50 GB.
	VolumeFra1 = "11111101-aaaa-4aaa-8aaa-000000000001"
	VolumeFra2 = "11111102-aaaa-4aaa-8aaa-000000000002"
	VolumeFra3 = "11111103-aaaa-4aaa-8aaa-000000000003"
	// VolumeWas1, 2 and 3 are in Washington: attached with 10 GB, detached with 5 GB, detached with 100 GB.
	VolumeWas1 = "22222201-bbbb-4bbb-8bbb-000000000001"
	VolumeWas2 = "22222202-bbbb-4bbb-8bbb-000000000002"
	VolumeWas3 = "22222203-bbbb-4bbb-8bbb-000000000003"
	// SnapshotOld is a snapshot of VolumeFra1 that has long been moved to remote storage.
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

// seed makes the world of a new sandbox: six volumes in two regions, and one snapshot that is two days old.
func seed(now time.Time) state {
	disk := func(id, name, region, service string, size int64) *volume {
		v := &volume{
			ID: id, Name: name, CreatedAt: now.Add(-30 * 24 * time.Hour), UpdatedAt: now.Add(-7 * 24 * time.Hour), OrganizationID: organizationID,
			ServiceID: service, Region: region, MaxSize: size, CurSize: size / 2, Status: volumeDetached, BackingStore: storeLocalBlock,
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
			ID: SnapshotOld, Name: "before-migration", Size: 10, CreatedAt: taken, UpdatedAt: taken.Add(10 * time.Minute), OrganizationID: organizationID,
			ParentVolumeID: VolumeFra1, Region: regionFra, Status: statusAvailable, Type: typeRemote,
		}},
		Buckets: map[string]bucket{},
	}
}
