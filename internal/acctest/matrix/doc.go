// Package matrix runs the operations of the provider with one failing call each, and checks what users rely on: nothing
// is lost, nothing is doubled, nothing of others is touched, every operation ends in time, no secret appears, and the
// next apply converges.
//
// The cells are generated. An operation runs once at a cloud without a fault; each call that it sends is then combined
// with each fault of the list. A new call has its cells the day it appears, and so has a new cloud. The clock of a cell
// is that of testing/synctest, so the waits are as long as a user's and take no time. Start with cell.go.
package matrix
