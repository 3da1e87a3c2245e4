// Package sim simulates Exoscale's API v2 in the sandbox, from the vendor's OpenAPI document and from what its clients
// send: two zones with a store each, exact signatures, operations that are pending first, and an object storage that
// serves exports.
//
// Where the documents are silent, the simulator takes the stricter choice that a client must handle. While an operation
// runs on an instance or a snapshot, it refuses a second one with 409. It also refuses a snapshot of an instance that
// changes its state. It uses all three forms of an error that the vendor uses.
//
// It also serves what the vendor's command line reads: instances have the size standard.small, and no reverse name.
//
// A template that is registered from broken.example.net fails. A word in front of the host is the reason, as in
// busy.broken.example.net. A template whose checksum does not match its file fails with the reason incorrect. Files of
// the sandbox's own object storage have their real MD5. Any other URL may set one in its query, as in
// https://img.example.net/golden.qcow2?md5=9e107d9d372bb6826bd81d3542a419d6.
//
// Frankfurt has quotas of ten snapshots and five templates, which refuse the next one with 412; Geneva has none.
//
// Start reading at sim.go and routes.go; seed.go has the state that it begins with.
package sim
