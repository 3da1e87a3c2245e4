// Package nimbus is a fictional cloud that exists only in tests. It shows what a cloud costs: this folder, and a line
// in a list of drivers. It has what every cloud has and nothing else: no locations, no operations, no update in
// place. What is special about this cloud:
//
//   - A snapshot of a disk is ready in the answer to its create, and absent in the next request after its delete.
//   - A label is required, and nothing changes it later.
//   - A listing has no filter and no pages.
//
// The source of each statement is testdata/openapi.json. Start reading at driver.go.
package nimbus
