// Package hostinger is the driver of Hostinger: snapshots of VPS.
//
// What is special about this cloud:
//
//   - A VM has one snapshot, which a new one overwrites without a warning (API document, VPS_createSnapshotV1). So the
//     ID of the VM is the import ID. The engine reads the snapshot before a create, the driver before a delete (ADR
//     0004).
//   - Slow work is an action with an ID. The states created, sent and delayed are progress, success and error are
//     final, and an unknown word counts as progress. A failed action has no reason (VPS.V1.Action.ActionResource); only
//     hPanel may show one.
//   - A snapshot has neither name, description, size nor state (VPS.V1.Snapshot.SnapshotResource). A snapshot that can
//     be read is ready.
//   - The answer for "no snapshot" is not documented. 404, null, {}, [], an empty body and an object without an ID all
//     count, but only if the VM itself answers and a second read agrees, because a path that is wrong for another
//     reason is a 404 too.
//   - Hostinger deletes a snapshot at expires_at. The time between created_at and expires_at is not documented, so the
//     driver computes nothing from it.
//   - A VM with a running action is locked (actions_lock). The answer to a request is not documented then. 409 and 423
//     count as locked. 422 has other meanings too, and counts only if the VM itself reports the lock.
//   - The document does not name the headers of a 429, and Hostinger blocks addresses that continue to send requests
//     for a while. So the shortest poll interval is ten seconds, and the pause after a 429 without a known header is
//     half a minute.
//   - Errors have a correlation_id and, in the VPS API, a code in brackets before the message.
package hostinger
