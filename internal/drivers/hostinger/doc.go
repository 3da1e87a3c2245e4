// Package hostinger keeps the snapshots of Hostinger's VPS.
//
// What is peculiar to this cloud:
//
//   - A VM has one snapshot, and a new one overwrites it without asking (API document, VPS_createSnapshotV1). So the
//     VM's ID is the import ID, a create looks first and refuses, and a delete looks first too (ADR 0004).
//   - Work is an action that is asked for by its ID: created, sent and delayed go on, success and error end it, and an
//     unknown word goes on. A failed action carries no reason (VPS.V1.Action.ActionResource), only hPanel may know it.
//   - A snapshot has neither name, description, size nor state (VPS.V1.Snapshot.SnapshotResource): one that can be read
//     is ready.
//   - How "no snapshot" looks is not documented. 404, null, {}, [], an empty body and an object without an ID all
//     count, but only if the VM itself answers and a second read agrees, because a path that is wrong for another
//     reason is a 404 too.
//   - expires_at is the date after which it is gone. Its distance from created_at is not documented, so nothing is
//     computed from it.
//   - A VM with a running action is locked (actions_lock). How a request is refused then is not documented: 409 and 423
//     count as locked, and 422, which means other things as well, only after the VM says so itself.
//   - 429 comes with headers that the document does not name, and addresses that go on asking are blocked for a while.
//     Hence polls no faster than every ten seconds, and half a minute of silence where no header says otherwise.
//   - Errors carry correlation_id and, at the VPS, a code in brackets in front of the message.
package hostinger
