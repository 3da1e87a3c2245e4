// Package exoscale drives Exoscale: instance snapshots, templates, promotion and export. Package api beside it speaks
// the wire, package sim plays the cloud.
//
// What is particular about it, with the source of each:
//
//   - Objects live in a zone, and a zone is a host of its own; requests carry no zone ("Exoscale API: Zone local
//     resources"). So every reference needs a location, and answers get theirs from the request.
//   - An endpoint without {zone} lists the zones and their endpoints, unsigned, as in the vendor's own tools ("Exoscale
//     API: list-zones").
//   - The cloud names snapshots: create-snapshot takes no body, and nothing updates a snapshot ("Exoscale API:
//     create-snapshot").
//   - Changes are operations, polled in the zone that accepted them. Their reference names the object; clients of the
//     vendor rely on its being there from the first answer. The documents say "optional", so an ID that comes with the
//     last answer is good enough too.
//   - An operation may have failed in the very first answer ("Exoscale API: operation").
//   - Wrong credentials are answered with 403; 401 means the same where it occurs.
//   - The documents declare no status but 200. A 409 is taken for a lock that passes by itself: it answers a request on
//     an instance or a snapshot that is between two states. 412 and 422 are refusals that stay.
//   - A template has no state: one that can be read is complete ("Exoscale API: template"). Listing shows public
//     templates unless it is asked for private ones.
//   - A snapshot's size is in GiB, a template's in bytes.
//   - An export's URL is a secret of limited life, and exporting again is allowed ("Exoscale API: export-snapshot").
package exoscale
