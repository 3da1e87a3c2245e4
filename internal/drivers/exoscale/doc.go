// Package exoscale is the driver of Exoscale: snapshots of instances, templates, promotion and export. Package api is
// the wire client, package sim the simulator.
//
// What is special about this cloud, with the source of each statement:
//
//   - Objects belong to a zone, and each zone is a host; requests have no zone ("Exoscale API: Zone local resources").
//     So every reference needs a location, and the driver adds it to the answers.
//   - An endpoint without {zone} lists the zones and their endpoints, unsigned, as in the vendor's own tools ("Exoscale
//     API: list-zones").
//   - The cloud names snapshots: create-snapshot has no body, and no operation updates a snapshot ("Exoscale API:
//     create-snapshot").
//   - Changes are operations. The driver polls them in the zone that accepted them. Their reference has the ID of the
//     object. The vendor's clients need it in the first answer, but the documents call it optional, so the driver also
//     accepts it in the last one.
//   - An operation may have failed in the first answer ("Exoscale API: operation").
//   - The answer to wrong credentials is 403. 401 has the same meaning.
//   - The documents declare only the status 200. The driver treats a 409 as a temporary lock: it is the answer to a
//     request for an instance or a snapshot between two states. 412 and 422 are permanent.
//   - A template has no state: a template that can be read is complete ("Exoscale API: template"). A listing has the
//     public templates by default.
//   - The size of a snapshot is in GiB, that of a template in bytes.
//   - The URL of an export is a secret with a limited lifetime. A snapshot may be exported again ("Exoscale API:
//     export-snapshot").
package exoscale
