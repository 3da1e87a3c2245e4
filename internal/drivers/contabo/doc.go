// Package contabo translates between the portable core and the Contabo API.
//
// What is peculiar to Contabo, with the place in the vendor's documents:
//
//   - Snapshots are taken while the caller waits: the answer 201 is the finished snapshot, and there is neither a state
//     nor a size (Contabo API: SnapshotResponse).
//   - A snapshot is addressed by its instance and its own ID (Contabo API: retrieveSnapshot). There is no listing of
//     the whole account, so one asks for the instances first.
//   - Each product has a number of snapshot slots, which no field tells. When they are used up, or there are none, a
//     create is answered with 402 (product documentation: VPS).
//   - Snapshots are deleted by Contabo 30 days after they were taken; nothing extends that (Contabo API:
//     autoDeleteDate).
//   - A rollback deletes all snapshots that are newer (Contabo API: rollbackSnapshot).
//   - A description has 1 to 255 characters: an empty one must be left out (Contabo API: CreateSnapshotRequest).
//   - Creating and changing an image answers its IDs only, and the word for an image's state is free text (Contabo API:
//     CreateCustomImageResponse, ImageResponse).
//   - Answers wrap even a single object into an array, times come with a "T" or a space in the middle (Contabo API:
//     examples).
//   - Every request needs a fresh UUID in x-request-id, by which Contabo's support finds it (Contabo API: "Requests").
//
// Start reading at driver.go, then snapshots.go and convert.go. The wire is in api, the simulator in sim.
package contabo
