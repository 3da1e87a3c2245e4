// Package contabo is the driver of Contabo: snapshots of instances and custom images.
//
// What is special about Contabo, with the place in the vendor's documents:
//
//   - Snapshots are synchronous: the answer 201 is the complete snapshot. It has neither a state nor a size (Contabo
//     API: SnapshotResponse).
//   - The address of a snapshot is its instance and its own ID (Contabo API: retrieveSnapshot). There is no listing of
//     the whole account, so the driver lists the instances first.
//   - Each product allows a number of snapshots, which no field reports. If it is exhausted or zero, the answer to a
//     create is 402 (product documentation: VPS).
//   - Contabo deletes a snapshot 30 days after its creation. Nothing extends that (Contabo API: autoDeleteDate).
//   - A rollback deletes all newer snapshots (Contabo API: rollbackSnapshot). It is no operation that a request shows:
//     the driver takes it as complete when the status of the instance is a stable one again.
//   - A description has 1 to 255 characters; an empty one must be omitted (Contabo API: CreateSnapshotRequest).
//   - The answers to a create and an update of an image have only its ID, and the state of an image is free text
//     (Contabo API: CreateCustomImageResponse, ImageResponse).
//   - Answers have even a single object in an array, and times have a "T" or a space in the middle (Contabo API:
//     examples).
//   - Every request needs a new UUID in x-request-id, by which Contabo's support finds it (Contabo API: "Requests").
//
// Start at driver.go, then snapshots.go and convert.go. Package api is the wire client, package sim the simulator.
package contabo
