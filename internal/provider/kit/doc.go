// Package kit is what the entities of the Terraform surface share: the configured clouds, the common attributes, the conversions of null, and the
// one place where errors get their wording. It names no cloud and no entity.
package kit
