// Package sim simulates Koyeb's API for volumes and their snapshots, as its Swagger document describes it, on the
// sandbox's clock.
//
// What is simulated:
//
//   - The answer to the POST of a snapshot shows it CREATING and LOCAL. It is AVAILABLE after one latency, MIGRATING
//     after two, AVAILABLE and REMOTE after three. With latency 0 the next request finds it AVAILABLE and LOCAL, and
//     each GET of it after the first one moves it one step, so a client that waits for remote storage must poll.
//
//   - The answer to the DELETE of a snapshot shows it DELETING. It is DELETED with deleted_at (status 200, still
//     listed) after one latency, and unknown (404) after two. With latency 0 the first GET shows DELETED and the second
//     is a 404.
//     A snapshot whose name contains "vanish" is unknown as soon as its deletion is over, without ever being DELETED.
//     The document allows both.
//
//   - A snapshot that is created without a name has none: no document describes a default.
//
//   - A volume is created empty, or from a snapshot that is AVAILABLE and REMOTE, in the same region and without
//     max_size. It is DETACHED and usable at once: the document has no status for a volume that is not complete. It is
//     a source of snapshots like every other volume.
//
//   - An attached volume cannot be deleted. The deletion of another one takes time, with the same steps as that of a
//     snapshot. No document describes a quota of volumes, so there is none.
//
//   - The token must be the one of Environment, after "Bearer ". A project is accepted in header and body, and never
//     reported.
//
//   - Bodies are strict: an unknown field, a wrong type, a name outside 2 to 63 characters (a volume: 64) is a 400
//     with fields.
//     Listings honour limit, offset and their filters; a limit above 100 counts as 100.
//
//   - A caller has 400 requests in 60 seconds, per token or, without a valid one, per address. The next one is a 429
//     without Retry-After. Each answer reports x-ratelimit-limit, -remaining and -reset. The latency does not change
//     the limit; clock advances and resets of the sandbox do.
//
//   - Errors have Koyeb's shape. An unknown route, a wrong method and a 429 have gRPC's.
//
//   - The snapshots of the organization may take up 10,000 GB together, by the size of their volumes. Beyond that a
//     create is a failed precondition. POST /v1/volumes accepts that max_size, and one snapshot of such a volume fills
//     the quota.
//
// Not simulated: services, organizations and instance snapshots, which are another product.
//
// Start reading at sim.go and routes.go; seed.go has the state that it begins with.
package sim
