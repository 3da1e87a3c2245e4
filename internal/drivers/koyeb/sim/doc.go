// Package sim simulates Koyeb's API for volumes and their snapshots, as its Swagger document describes it, on the sandbox's clock.
//
// What is simulated:
//
//   - A snapshot is CREATING and LOCAL in the answer to its POST, AVAILABLE after one pace, MIGRATING after two, AVAILABLE and REMOTE after three. At
//     pace 0 the first look at anything finds it AVAILABLE and LOCAL, and each GET of it after its first one finds it a step further, so who waits for
//     remote storage has to ask more than once.
//
//   - A deleted snapshot is DELETING in the answer to the DELETE, DELETED with deleted_at (status 200, and still listed) after one pace, and unknown
//     (404) after two. At pace 0 the first GET finds it DELETED and the second gets a 404. The switch: a snapshot whose name contains "vanish" is unknown
//     as soon as its deletion is over, without ever being DELETED; the document allows both.
//
//   - A snapshot that is made without a name has none: no document gives it one.
//
//   - A volume is made empty, or from a snapshot that is AVAILABLE and REMOTE, in the same region and without max_size. One that is attached cannot be
//     deleted. A deleted one is DELETING until one pace has passed, then unknown.
//
//   - The token must be the one of Environment, after "Bearer ". A project is accepted in header and body, and never reported.
//
//   - Bodies are strict: an unknown field, a wrong type, a name outside 2 to 63 characters is a 400 with fields. Listings honour limit, offset and
//     their filters; a limit above 100 counts as 100.
//
//   - 400 requests in 60 seconds, per token or, without a good one, per address; then 429 without Retry-After. Each answer tells in x-ratelimit-limit,
//     -remaining and -reset. The pace changes nothing about it; clock advances and resets of the sandbox do.
//
//   - Errors have Koyeb's shape; a route that does not exist, a wrong method and a 429 have gRPC's.
//
//   - The snapshots of the organization may take up 10,000 GB together, by the size of their volumes; beyond it a create is a failed precondition. A volume
//     of that max_size, which POST /v1/volumes makes, fills the quota with one snapshot.
//
// Not simulated: services, organizations and instance snapshots, which are another product.
//
// Start reading at sim.go.
package sim
