// Package api speaks Exoscale's API v2 in the vendor's words: one method for each operation, named after it, and
// nothing of what the rest of this project makes of it.
//
// Everything that concerns machines is kept per zone, and a zone is a host of its own: Client hands out a Zone, and the
// operations are its methods. Work that takes time is answered with an Operation, which is asked for in the zone that
// accepted it.
//
// Start reading at client.go; sign.go holds the signature, errors.go the four shapes of an error.
package api
