package exoscale

import (
	"regexp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// objectID accepts lower case only, like the cloud. Otherwise the ID in state would differ from the configuration.
var objectID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

const (
	objectIDFormat = "a UUID in lower case, as in 5f3c2b1a-0d4e-4c6f-8a9b-1c2d3e4f5a6b"
	md5Format      = "the MD5 of the file, 32 hexadecimal digits in lower case"
)

// zoneName matches the name of a zone. The cloud adds zones, so there is no list of them.
var zoneName = regexp.MustCompile(`^[a-z0-9-]+$`)

// zoneForm is the form of all names of zones so far: a country, a place and a number.
var zoneForm = regexp.MustCompile(`^[a-z]{2}-[a-z]+-[0-9]+$`)

// md5Digest accepts lower case only, too.
var md5Digest = regexp.MustCompile(`^[0-9a-f]{32}$`)

var snapshotAttributes = driver.Attributes{
	"source_id":              {Support: driver.Required, Pattern: objectID, Description: objectIDFormat},
	"snapshot_id":            {Support: driver.Computed, Pattern: objectID, Description: objectIDFormat},
	"name":                   {Support: driver.Computed},
	"size_gib":               {Support: driver.Computed},
	"application_consistent": {Support: driver.Computed},
}

var restoreAttributes = driver.Attributes{
	"source_id":   snapshotAttributes["source_id"],
	"snapshot_id": {Support: driver.Required, Pattern: objectID, Description: objectIDFormat},
}

var imageAttributes = driver.Attributes{
	"name":             {Support: driver.Required, Min: 1, Max: 255},
	"description":      {Support: driver.OptionalComputed, Max: 255},
	"url":              {Support: driver.Optional},
	"version":          {Support: driver.OptionalComputed, Min: 1, Max: 255},
	"checksum":         {Support: driver.Required, Pattern: md5Digest, Description: md5Format},
	"default_user":     {Support: driver.OptionalComputed, Min: 1, Max: 255},
	"boot_mode":        {Support: driver.OptionalComputed, OneOf: []string{"legacy", "uefi"}, Default: "legacy"},
	"ssh_key_enabled":  {Support: driver.OptionalComputed, Default: "true"},
	"password_enabled": {Support: driver.OptionalComputed, Default: "false"},
	"build":            {Support: driver.OptionalComputed, Min: 1, Max: 255},
	"maintainer":       {Support: driver.OptionalComputed, Min: 1, Max: 255},
	"size_bytes":       {Support: driver.Computed},
	"family":           {Support: driver.Computed},
	"visibility":       {Support: driver.Computed},
	"zones":            {Support: driver.Computed},

	"application_consistent_snapshot_enabled": {Support: driver.OptionalComputed},
}

var imageFilters = driver.Attributes{
	"visibility": {Support: driver.Optional},
	"family":     {Support: driver.Optional},
}

var templateAttributes = driver.Attributes{
	// An imported template does not report its snapshot.
	"snapshot_id": {Support: driver.Optional, Pattern: objectID, Description: objectIDFormat},
	"name":        {Support: driver.Required, Min: 1, Max: 255},
	// A promotion accepts descriptions of up to 4096 characters, but no answer has more than 255.
	"description":      {Support: driver.OptionalComputed, Max: 255},
	"default_user":     {Support: driver.OptionalComputed, Min: 1, Max: 255},
	"ssh_key_enabled":  {Support: driver.OptionalComputed},
	"password_enabled": {Support: driver.OptionalComputed},
	"family":           {Support: driver.Computed},
	"checksum":         {Support: driver.Computed},
	"boot_mode":        {Support: driver.Computed},
	"build":            {Support: driver.Computed},
	"maintainer":       {Support: driver.Computed},
	"size_bytes":       {Support: driver.Computed},
	"visibility":       {Support: driver.Computed},
	"zones":            {Support: driver.Computed},

	"application_consistent_snapshot_enabled": {Support: driver.Computed},
}
