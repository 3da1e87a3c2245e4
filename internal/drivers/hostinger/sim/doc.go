// Package sim simulates Hostinger's VPS API in the sandbox, from the vendor's OpenAPI document.
//
// The document leaves these points open. The simulator chooses:
//
//   - A VM without a snapshot answers 404; Machine.Empty chooses another form.
//   - While an action runs the VM is locked, and every other action is refused with 422. The same applies to a VM in
//     the state error or suspended.
//   - A new snapshot can be read once its action has succeeded, and the old one until then.
//   - A snapshot expires twenty days after its creation, and is gone then.
//   - A restore keeps the snapshot; restoring a backup and recreating the VM remove it.
//   - Only recreate takes a body. The other operations accept an empty object and null, which clients send.
//   - Another account's VM answers 403, one that does not exist 404.
//
// Start reading at sim.go and routes.go; seed.go has the state that it begins with.
package sim
