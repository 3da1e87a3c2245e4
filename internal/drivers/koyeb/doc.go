// Package koyeb is the driver of Koyeb: snapshots of volumes, and volumes from snapshots.
//
// What is special about this cloud:
//
//   - A new snapshot is local, and is ready then (AVAILABLE). Some time later Koyeb moves it to remote storage
//     (MIGRATING, then AVAILABLE and REMOTE). Only then can a volume be created from it (Koyeb API: SnapshotStatus,
//     SnapshotType; the dashboard refuses earlier).
//   - There is no status for a failed creation. The driver uses INVALID, the zero value, for it. In every other case
//     the deadline ends the wait.
//   - A deletion takes time, and Koyeb may still return the snapshot as DELETED for a while, in listings too (Koyeb
//     API: DeleteSnapshot). A read treats DELETING and DELETED as absent. A deletion waits until the snapshot is
//     DELETED or absent.
//   - The answer to a create is 200, and an update is a POST (Koyeb API: CreateSnapshot, UpdateSnapshot).
//   - Listings have filters for region and status, not for volume or name (Koyeb API: ListSnapshots).
//   - A project is sent and never reported, so Terraform cannot see a change of it.
//   - A restore is a new volume from a snapshot. There is no restore in place. The volume is in the region of the
//     snapshot and has its size: the dashboard and the command line send no max_size with a snapshot (Koyeb API:
//     CreatePersistentVolume). There is no status for a volume that is not complete (PersistentVolumeStatus).
//   - The deletion of a volume takes time too, and ends as DELETED or absent. An attached volume is not deleted.
//   - The limit is 400 requests a minute. A 429 has its pause in x-ratelimit-reset, not in Retry-After.
//
// Start at driver.go.
package koyeb
