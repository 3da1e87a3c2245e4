// Package koyeb keeps snapshots of Koyeb's volumes. What is peculiar to this cloud:
//
//   - A snapshot is made locally, and is ready then (AVAILABLE). Some time later Koyeb moves it to remote storage by
//     itself (MIGRATING, then AVAILABLE and REMOTE); only then can a volume be made from it (Koyeb API: SnapshotStatus,
//     SnapshotType; the dashboard refuses earlier).
//   - No status says that making a snapshot has failed. INVALID, the zero value, is taken for that; everything else
//     ends by the deadline.
//   - Deleting takes time, and what was deleted may still be shown as DELETED for a while, in listings too (Koyeb API:
//     DeleteSnapshot). DELETING and DELETED count as absent for whoever reads; a deletion waits until it is DELETED or
//     not shown any more.
//   - Create answers 200, and update is a POST (Koyeb API: CreateSnapshot, UpdateSnapshot).
//   - Listings can be filtered by region and status, not by volume or name (Koyeb API: ListSnapshots).
//   - A project is sent and never reported, so a change of it cannot be seen.
//   - Restoring means making a new volume from a snapshot; nothing is restored in place.
//   - 400 requests a minute; an answer 429 tells in x-ratelimit-reset, not in Retry-After, when to come back.
//
// Start reading at driver.go.
package koyeb
