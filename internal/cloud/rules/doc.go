// Package rules checks a configuration at plan time against the limits in a cloud's driver.Descriptor. It sends
// nothing. Each violation names the attribute and what to change.
package rules
