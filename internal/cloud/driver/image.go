package driver

import "time"

// Image is a custom image, a standard image or a template. A zero value or a nil pointer means that the cloud does
// not report it.
type Image struct {
	ID          string
	Location    string
	Name        string
	Description string
	// URL is the address from which the cloud imported the image.
	URL     string
	OSType  string
	Version string
	// Format is the file format: "qcow2" or "iso".
	Format string
	State  State
	// ErrorMessage is the cloud's own reason when State is StateError.
	ErrorMessage string
	// SizeMB and UploadedSizeMB are in megabytes, SizeBytes in bytes. A cloud reports one of the two units.
	SizeMB         *float64
	UploadedSizeMB *float64
	SizeBytes      *int64
	// Standard images belong to the cloud, the others to the customer.
	Standard   bool
	CreatedAt  time.Time
	ModifiedAt time.Time
	// Checksum is the MD5 of the file, in hexadecimal.
	Checksum        string
	DefaultUser     string
	BootMode        string
	Family          string
	Build           string
	Maintainer      string
	Visibility      string
	SSHKeyEnabled   *bool
	PasswordEnabled *bool
	// ApplicationConsistentSnapshotEnabled is true if guests created from the image flush their data before a snapshot.
	ApplicationConsistentSnapshotEnabled *bool

	Zones []string
	Tags  []string
}

// Ref returns the address of the image.
func (i Image) Ref() Ref { return Ref{Location: i.Location, ObjectID: i.ID} }

// ImageSpec contains the parameters of an import.
type ImageSpec struct {
	Location    string
	Name        string
	Description string
	URL         string
	OSType      string
	Version     string
	Checksum    string
	DefaultUser string
	BootMode    string
	// SSHKeyEnabled and PasswordEnabled are sent unchanged to a cloud that supports them.
	SSHKeyEnabled   bool
	PasswordEnabled bool
	Build           string
	Maintainer      string
	// ApplicationConsistentSnapshotEnabled is nil where the cloud chooses.
	ApplicationConsistentSnapshotEnabled *bool
}

// ImageChange contains the fields to update. nil leaves a field unchanged.
type ImageChange struct {
	Name        *string
	Description *string
}

// VisibilityPrivate is the Visibility of an image that only its owner can read.
const VisibilityPrivate = "private"

// ImageFilter narrows a listing. A zero value does not filter. A driver ignores the fields that its cloud does not
// support; the rules refuse them at plan time.
type ImageFilter struct {
	Location   string
	Name       string
	Standard   *bool
	Search     string
	Visibility string
	Family     string
}

// ImageStats is the use of the storage for custom images. Sizes are in megabytes.
type ImageStats struct {
	Count   int64
	TotalMB float64
	UsedMB  float64
	FreeMB  float64
}

// PromoteSpec contains the parameters of a promotion: a template from a snapshot.
type PromoteSpec struct {
	Snapshot Ref
	Name     string
	// Description is nil where the cloud chooses one. An empty text is sent unchanged.
	Description     *string
	DefaultUser     string
	SSHKeyEnabled   bool
	PasswordEnabled bool
}

// Export is a snapshot's disk as a file for download.
type Export struct {
	// URL gives access without credentials for a limited time. It is a secret.
	URL string
	// MD5 is the file's checksum, in hexadecimal.
	MD5 string
	// ValidUntil is the end of the URL's validity by the cloud's clock, as the URL contains it. Zero means that it
	// contains none.
	ValidUntil time.Time
}
