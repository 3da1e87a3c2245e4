// Package sim simulates the Contabo API in the sandbox: tokens, instances, snapshots and images, from the vendor's
// OpenAPI document.
//
// It is strict: a missing or malformed x-request-id, an unknown field of a body or a query, an invalid name and an
// unknown or expired token are errors. Times are the sandbox's.
//
// # Snapshots
//
// A snapshot exists at once and is deleted 30 days later. Each instance has a number of slots for snapshots; one
// snapshot more is answered with 402.
//
// A rollback deletes the newer snapshots at once. Until the latency has passed, the status of the instance is
// installing, and creating or deleting a snapshot and another rollback are answered with 409. A rollback to a snapshot
// whose name begins with "broken" ends in the status error, with a message.
//
// # Images
//
// The simulator downloads nothing. An image is pending for half of the latency, then downloading, then downloaded. Its
// URL controls the rest:
//
//   - A host that begins with "broken." ends in the state error, with a message.
//   - A host that begins with "mixed-case." has its states written as Pending, Downloading, Downloaded and Error.
//     "broken-mixed-case." combines both.
//   - A query size_mb=N gives it N megabytes; the default is 2048.
//   - A path that ends neither in .iso nor in .qcow2 is answered with 415.
//
// The storage for custom images has 25600 megabytes; an image that does not fit is answered with 402. Standard images
// can be neither changed nor deleted (403).
//
// # Deviations
//
// The vendor does not publish all of its texts; those of 404 and 402 are as users have reported them. A snapshot or an
// image without a description has an empty one in answers, although the document gives descriptions of snapshots a
// minimum length of 1. cancelDate is empty, although the document gives it a pattern.
//
// Start reading at sim.go and routes.go; seed.go has the state that it begins with.
package sim
