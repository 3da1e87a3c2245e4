package driver

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Driver is one cloud. It has no state; the Client of Open has.
type Driver interface {
	// Descriptor returns the same data on every call.
	Descriptor() Descriptor
	// Open returns a client. It does not block and sends no request. It accepts empty settings: the caller checks
	// required settings before it uses the client, and Supports opens a client without any. An endpoint that is not
	// allowed is an error.
	Open(settings Settings) (Client, error)
}

// Settings are the parameters of Driver.Open.
type Settings struct {
	// Values are the resolved fields of the Descriptor, by name. A field that is not set is absent.
	Values map[string]string
	// UserAgent is the User-Agent header of every request.
	UserAgent string
	// RetryWait is the first pause before a request is repeated. It doubles with each attempt. 0 means one second.
	RetryWait time.Duration
	// Grace is how long a create may continue after its context has ended, so that its answer is not lost. 0 means five
	// seconds.
	Grace time.Duration
	// Transport sends the requests. nil means a pooled transport of the client's own.
	Transport http.RoundTripper
	// Debug receives one line per request, without secrets. nil drops the lines.
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
	// Info receives a line for each step that users follow: what a wait is for, and what it has reached. It has no
	// secrets. nil drops the lines.
	Info func(ctx context.Context, msg string, fields ...map[string]any)
	// Observe receives the header of each answer of the API, but not those of other servers, such as one that grants
	// tokens: the engine measures the cloud's clock by them. nil observes nothing. The engine sets it.
	Observe func(header http.Header)
	// Now returns the cloud's time. nil means this machine's. The engine sets it.
	Now func() time.Time
}

// Client calls one cloud with one account. Its methods and those of the interfaces below are safe for concurrent use.
// They end with their context. They return the raw error of the call; the engine wraps it.
//
// The comment of each method states whether a call may be repeated after a failure. The client itself repeats a
// request only where that is safe (internal/httpx).
//
// A method that lists returns at once, and yields the pages of the cloud. The loop over its result sends the requests:
// each page when it is needed, and no further page once the loop has ended. An error is the last element, after the
// pages before it. A listing may be repeated, also by a second loop over the same result.
type Client interface {
	// KindOf returns the kind of an error that a method of this client returned. The engine itself handles a 404 of an
	// intermediary, which does not prove that the object is absent.
	KindOf(err error) Kind
}

// OperationGetter is a client whose operations have an ID of their own.
type OperationGetter interface {
	// GetOperation reads the status once and does not wait. A failed operation is an error of KindFailed with the
	// cloud's reason. An operation that the cloud does not have, or no longer has, is KindNotFound. May be repeated.
	GetOperation(ctx context.Context, operation Operation) (OperationStatus, error)
}

// Snapshotter is a client for snapshots.
type Snapshotter interface {
	// Snapshot reads a snapshot in any state. Absent, deleted and expired are KindNotFound. A snapshot during its
	// deletion has StateDeleting as long as the cloud returns it. May be repeated.
	Snapshot(ctx context.Context, ref Ref) (Snapshot, error)
	// Snapshots yields the snapshots that match, in no particular order. An empty filter lists the whole account, or
	// filter.Location where a cloud has zones; Walk lists source by source.
	Snapshots(ctx context.Context, filter SnapshotFilter) iter.Seq2[[]Snapshot, error]
	// CreateSnapshot returns when the cloud has accepted the request, with the ID if the cloud has assigned one. The
	// operation is what to wait for. spec.Name is not empty where a cloud accepts names. A SingleSnapshotter overwrites
	// the existing snapshot without a check: the engine reads it first. It must not be repeated after an ambiguous
	// failure.
	CreateSnapshot(ctx context.Context, spec SnapshotSpec) (Snapshot, Operation, error)
	// DeleteSnapshot returns when the cloud has accepted the request. Absent is KindNotFound, which the engine treats
	// as success. A SingleSnapshotter compares the ID first: a snapshot with another ID stays, and the error is
	// KindNotFound. May be repeated.
	DeleteSnapshot(ctx context.Context, ref Ref) (Operation, error)
}

// SnapshotEditor is a Snapshotter that updates snapshots in place.
type SnapshotEditor interface {
	// UpdateSnapshot sends the fields that are not nil and returns the updated snapshot. May be repeated.
	UpdateSnapshot(ctx context.Context, ref Ref, change SnapshotChange) (Snapshot, error)
}

// SourceReader is a Snapshotter that reads the sources of snapshots. A SingleSnapshotter that is no Restorer need not
// implement it: its ExistingSnapshot finds at plan time that a source does not exist.
type SourceReader interface {
	// Source reads an instance, a volume or a VM. Absent is KindNotFound. May be repeated.
	Source(ctx context.Context, ref Ref) (Source, error)
}

// SourceLister is a client that lists the sources of snapshots.
type SourceLister interface {
	// Sources yields the sources of the account, in no particular order. At a cloud with zones it lists one zone. Sources
	// that are deleted or being deleted are absent.
	Sources(ctx context.Context, location string) iter.Seq2[[]Source, error]
}

// SingleSnapshotter is a Snapshotter whose sources have a single snapshot, which a new one overwrites.
type SingleSnapshotter interface {
	// ExistingSnapshot reads the snapshot that a create overwrites. If there is none, the error is KindNotFound. An
	// expired snapshot is KindNotFound too, and returned with the error as long as the cloud shows it. A source that is
	// absent, unreachable or of another account is an error of another kind. May be repeated.
	ExistingSnapshot(ctx context.Context, ref Ref) (Snapshot, error)
	// PeekSnapshot is ExistingSnapshot with one request: a KindNotFound may be wrong, or mean that the source is absent.
	// A plan uses it, because the create calls ExistingSnapshot. May be repeated.
	PeekSnapshot(ctx context.Context, ref Ref) (Snapshot, error)
	// CreatedSince returns the operations that create a snapshot of the source and began at or after since. The engine
	// uses it to find a create whose answer was lost. A source that is absent, unreachable or of another account is an
	// error of another kind than KindNotFound. May be repeated.
	CreatedSince(ctx context.Context, ref Ref, since time.Time) ([]Operation, error)
}

// Restorer is a Snapshotter that overwrites the disk of a source with one of its snapshots.
type Restorer interface {
	SourceReader
	// RestoreSnapshot returns when the cloud has accepted the request. ref has the source and the snapshot. Where the
	// cloud has no operation for it, Source shows the end. It must not be repeated after an ambiguous failure.
	RestoreSnapshot(ctx context.Context, ref Ref) (Operation, error)
}

// RestoreFinder is a Restorer whose cloud lists the operations of a source.
type RestoreFinder interface {
	// RestoredSince returns the operations that restore the source and began at or after since. The engine uses it to
	// find a restore whose answer was lost. May be repeated.
	RestoredSince(ctx context.Context, ref Ref, since time.Time) ([]Operation, error)
}

// ImageKeeper is a client for images that the cloud imports from a URL.
type ImageKeeper interface {
	// Image reads an image in any state. Absent is KindNotFound. May be repeated.
	Image(ctx context.Context, ref Ref) (Image, error)
	// CreateImage returns when the cloud has accepted the request, with the ID if the cloud has assigned one. It must
	// not be repeated after an ambiguous failure.
	CreateImage(ctx context.Context, spec ImageSpec) (Image, Operation, error)
	// UpdateImage sends the fields that are not nil. The caller reads the image afterwards. May be repeated.
	UpdateImage(ctx context.Context, ref Ref, change ImageChange) (Operation, error)
	// DeleteImage returns when the cloud has accepted the request. Absent is KindNotFound. May be repeated.
	DeleteImage(ctx context.Context, ref Ref) (Operation, error)
}

// ImageLister is a client that lists images.
type ImageLister interface {
	// Images yields the images that match, in no particular order.
	Images(ctx context.Context, filter ImageFilter) iter.Seq2[[]Image, error]
}

// ImageCounter is a client that reports the use of image storage.
type ImageCounter interface {
	// ImageStats reads the figures. May be repeated.
	ImageStats(ctx context.Context) (ImageStats, error)
}

// Promoter is an ImageKeeper that creates a template from a snapshot.
type Promoter interface {
	// PromoteSnapshot returns when the cloud has accepted the request, with the template's ID if the cloud has assigned
	// one. It must not be repeated after an ambiguous failure.
	PromoteSnapshot(ctx context.Context, spec PromoteSpec) (Image, Operation, error)
}

// VolumeKeeper is a Snapshotter that creates volumes from snapshots.
type VolumeKeeper interface {
	// Volume reads a volume in any state. Absent and deleted are KindNotFound. A volume during its deletion has
	// StateDeleting as long as the cloud returns it. May be repeated.
	Volume(ctx context.Context, ref Ref) (Volume, error)
	// Volumes yields the volumes of the account, in no particular order. At a cloud with locations it lists one location.
	// Volumes that are deleted or being deleted are absent.
	Volumes(ctx context.Context, location string) iter.Seq2[[]Volume, error]
	// CreateVolume returns the new volume, which is usable at once. The caller waits first until the snapshot is ready,
	// and remote at a cloud that moves snapshots. It must not be repeated after an ambiguous failure.
	CreateVolume(ctx context.Context, spec VolumeSpec) (Volume, error)
	// UpdateVolume sends the fields that are not nil and returns the updated volume. May be repeated.
	UpdateVolume(ctx context.Context, ref Ref, change VolumeChange) (Volume, error)
	// DeleteVolume returns when the cloud has accepted the request. Absent is KindNotFound. A volume that is in use is
	// KindConflict, with what to do as the hint. May be repeated.
	DeleteVolume(ctx context.Context, ref Ref) (Operation, error)
}

// Exporter is a Snapshotter that exports a snapshot's disk for download.
type Exporter interface {
	// ExportSnapshot returns when the cloud has accepted the request. The client does not repeat it; the caller may.
	ExportSnapshot(ctx context.Context, ref Ref) (Operation, error)
	// Export reads the result of the last export. A snapshot that is not exported is KindNotFound. May be repeated.
	Export(ctx context.Context, ref Ref) (Export, error)
}
