package driver

import "time"

// Image is a custom image, a standard image or a template: what new machines start from. Zero values and nil pointers
// mean that the cloud does not say.
type Image struct {
	ID          string
	Location    string
	Name        string
	Description string
	// URL is where the cloud fetched it from.
	URL     string
	OSType  string
	Version string
	// Format is the file format: "qcow2" or "iso".
	Format string
	State  State
	// ErrorMessage is the cloud's own reason when State is StateError.
	ErrorMessage string
	// SizeMB and UploadedSizeMB are in megabytes, SizeBytes in bytes; each cloud knows one of the two units.
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
	// ApplicationConsistentSnapshotEnabled tells whether guests made from the image flush their data before a snapshot.
	ApplicationConsistentSnapshotEnabled *bool

	Zones []string
	Tags  []string
}

// Ref returns what addresses the image.
func (i Image) Ref() Ref { return Ref{Location: i.Location, ObjectID: i.ID} }

// ImageSpec is what to fetch and register.
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
	// SSHKeyEnabled and PasswordEnabled are sent as they are where a cloud knows them.
	SSHKeyEnabled   bool
	PasswordEnabled bool
	Build           string
	Maintainer      string
	// ApplicationConsistentSnapshotEnabled is nil where the cloud decides.
	ApplicationConsistentSnapshotEnabled *bool
}

// ImageChange is what to change; nil leaves a field as it is.
type ImageChange struct {
	Name        *string
	Description *string
}

// VisibilityPrivate is the Visibility of an image that only its owner sees.
const VisibilityPrivate = "private"

// ImageFilter narrows a listing; zero values do not filter. A cloud ignores what it does not know: the plan-time checks
// have refused it before.
type ImageFilter struct {
	Location   string
	Name       string
	Standard   *bool
	Search     string
	Visibility string
	Family     string
}

// ImageStats is how much of the storage for custom images is in use. Sizes are in megabytes.
type ImageStats struct {
	Count   int64
	TotalMB float64
	UsedMB  float64
	FreeMB  float64
}

// PromoteSpec is how to make a template from a snapshot.
type PromoteSpec struct {
	Snapshot Ref
	Name     string
	// Description is nil where the cloud writes one; an empty text is sent as it is.
	Description     *string
	DefaultUser     string
	SSHKeyEnabled   bool
	PasswordEnabled bool
}

// Export is a snapshot's disk as a file to download.
type Export struct {
	// URL gives access to everybody who has it, and only for a while: a secret.
	URL string
	// MD5 is the file's checksum, in hexadecimal.
	MD5 string
	// ValidUntil is how long the URL itself says that it works, by the cloud's clock; zero where it says nothing.
	ValidUntil time.Time
}
