// Package api is a client of Exoscale's API v2 in the vendor's words: one method for each operation, with its name. It
// imports only the REST core of this project.
//
// Every object belongs to a zone, and each zone is a host: Client returns a Zone, and the operations are its methods.
// The answer to slow work is an Operation, which only the zone that accepted it has.
//
// Start at client.go; sign.go has the signature, errors.go the four shapes of an error.
package api
