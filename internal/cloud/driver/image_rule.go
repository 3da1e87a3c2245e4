package driver

import (
	"regexp"
	"slices"
	"time"
)

// ImageField is an attribute of a custom image that only some clouds know, by its name in the configuration.
type ImageField string

// The fields that a configuration may set.
const (
	ImageOSType          ImageField = "os_type"
	ImageVersion         ImageField = "version"
	ImageChecksum        ImageField = "checksum"
	ImageDefaultUser     ImageField = "default_user"
	ImageBootMode        ImageField = "boot_mode"
	ImageSSHKeyEnabled   ImageField = "ssh_key_enabled"
	ImagePasswordEnabled ImageField = "password_enabled"
	ImageBuild           ImageField = "build"
	ImageMaintainer      ImageField = "maintainer"
	ImageConsistent      ImageField = "application_consistent_snapshot_enabled"
)

// The fields that only a cloud sets.
const (
	ImageSizeMB         ImageField = "size_mb"
	ImageUploadedSizeMB ImageField = "uploaded_size_mb"
	ImageSizeBytes      ImageField = "size_bytes"
	ImageFormat         ImageField = "format"
	ImageErrorMessage   ImageField = "error_message"
	ImageLastModifiedAt ImageField = "last_modified_at"
	ImageFamily         ImageField = "family"
	ImageVisibility     ImageField = "visibility"
	ImageZones          ImageField = "zones"
)

// ImageFields lists what not every cloud knows, in the order of the documentation.
func ImageFields() []ImageField {
	return []ImageField{
		ImageOSType, ImageVersion, ImageChecksum, ImageDefaultUser, ImageBootMode, ImageSSHKeyEnabled, ImagePasswordEnabled,
		ImageBuild, ImageMaintainer, ImageConsistent,
		ImageSizeMB, ImageUploadedSizeMB, ImageSizeBytes, ImageFormat, ImageErrorMessage, ImageLastModifiedAt, ImageFamily, ImageVisibility, ImageZones,
	}
}

// ImageFilterField is a way to narrow a listing of images that only some clouds know, by its name in the configuration.
type ImageFilterField string

// The ways to narrow a listing.
const (
	ImageFilterName       ImageFilterField = "name"
	ImageFilterStandard   ImageFilterField = "standard_image"
	ImageFilterSearch     ImageFilterField = "search"
	ImageFilterVisibility ImageFilterField = "visibility"
	ImageFilterFamily     ImageFilterField = "family"
)

// ImageRule says which fields of a custom image a cloud knows, and within which limits. A name and a URL are required
// everywhere.
type ImageRule struct {
	// Required fields must be set, Optional ones may be. What is in neither list is refused.
	Required, Optional []ImageField
	// ComputedFields are the fields that the cloud sets and tells. What is in none of the three lists stays null.
	ComputedFields []ImageField
	// Defaults are the values that the cloud takes for optional fields, for the documentation.
	Defaults map[ImageField]string
	// Listed completes "The list holds …", for the documentation.
	Listed string
	// FilterFields are what a listing can be narrowed by.
	FilterFields []ImageFilterField
	// Suffixes are what the path of the URL must end in, query and fragment aside; empty accepts everything.
	Suffixes []string
	// OSTypes and BootModes are the words that the cloud takes, in its spelling.
	OSTypes, BootModes []string
	// OSTypeWarnings are, by the word of an OS type, what a plan warns of before an image of that type is made, in full
	// sentences.
	OSTypeWarnings map[string]string
	// Checksum is what a checksum must match, and ChecksumHint completes "must be …".
	Checksum     *regexp.Regexp
	ChecksumHint string
	// MaxName, MaxDescription and MaxText are lengths in characters; 0 means that the vendor states no limit. MaxText
	// is for all other texts.
	MaxName, MaxDescription, MaxText int
	// MinPoll is the shortest pause between two looks at an image on its way, where it is longer than that of Limits.
	MinPoll time.Duration
	// FileHint says in full sentences what the file behind the URL must be like.
	FileHint string
}

// Takes reports whether a configuration may set a field.
func (r ImageRule) Takes(f ImageField) bool {
	return slices.Contains(r.Required, f) || slices.Contains(r.Optional, f)
}

// Knows reports whether a field is ever anything but null.
func (r ImageRule) Knows(f ImageField) bool {
	return r.Takes(f) || slices.Contains(r.ComputedFields, f)
}

// TemplateRule says what a template that is made of a snapshot is like, in lengths of characters; 0 means that the
// vendor states no limit. The zero rule belongs to clouds that make none.
type TemplateRule struct {
	MaxName, MaxDescription, MaxDefaultUser int
}
