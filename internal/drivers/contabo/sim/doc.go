// Package sim simulates the Contabo API for the sandbox: tokens, instances, snapshots and images, written from the vendor's OpenAPI document.
//
// It is strict: a missing or malformed x-request-id, an unknown field of a body or a query, a name against the rules and a token that is unknown or has
// expired are errors. Times are the sandbox's.
//
// # Snapshots
//
// They are there at once, vanish 30 days after they were taken, and take up the slots of their instance: one more is answered with 402. A rollback deletes
// the newer ones.
//
// # Images
//
// Nothing is fetched. An image is pending for half of the pace, then downloading, then downloaded. Its URL decides what else happens:
//
//   - A host that begins with "broken." ends in the state error, with a message.
//   - A host that begins with "mixed-case." has its states written as Pending, Downloading, Downloaded and Error. With "broken-mixed-case."
//     both hold.
//   - A query size_mb=N makes it N megabytes; else it has 2048.
//   - A path that ends neither in .iso nor in .qcow2 is answered with 415.
//
// The storage for custom images has 25600 megabytes; an image that does not fit is answered with 402. Standard images can be
// neither changed nor deleted (403).
//
// # Deviations
//
// The vendor does not publish all of its texts; those of 404 and 402 are as users have reported them. A snapshot or an image without a description answers
// an empty one, though the document gives descriptions of snapshots a least length of 1; cancelDate is empty, though the document gives it a pattern.
package sim
