// Package rules checks a configuration at plan time against the limits of a cloud's driver.Descriptor. It sends nothing. Each violation
// names the attribute at fault and what to do about it.
package rules
