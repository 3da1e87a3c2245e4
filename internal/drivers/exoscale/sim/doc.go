// Package sim plays Exoscale's API v2 in the sandbox, from the vendor's OpenAPI document and from what its clients are known to send: two zones
// with a store each, exact signatures, operations that are pending first, and an object storage that serves what is exported.
//
// Where the documents say nothing, it does the stricter thing that a client must be able to live with: a second operation on an instance or a
// snapshot is refused with 409 while the first goes on, and so is a snapshot of an instance between two states. The three forms of an error that
// the vendor is known to use all occur.
//
// What the vendor's command line reads besides is there too: instances have a size, instance-type standard.small, and no reverse name. A template
// that is registered from broken.example.net fails, with a word in front of the host for the reason (busy.broken.example.net).
//
// A template whose checksum does not fit its file fails with the reason incorrect. Files of the sandbox's own object storage have their real MD5; any
// other URL may tell one in its query, as in https://img.example.net/golden.qcow2?md5=9e107d9d372bb6826bd81d3542a419d6.
//
// Frankfurt has quotas of ten snapshots and five templates, which refuse the next one with 412; Geneva has none.
//
// Start reading at sim.go; seed.go has the world that it begins with.
package sim
