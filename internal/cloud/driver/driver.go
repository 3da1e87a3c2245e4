package driver

import (
	"context"
	"net/http"
	"time"
)

// Driver is one cloud. It carries no state: Open makes what does.
type Driver interface {
	// Descriptor returns the same data at each call.
	Descriptor() Descriptor
	// Open makes a client. It neither blocks nor talks to the cloud, and accepts empty settings: what is required is checked
	// before the client is used, and an empty client answers which interfaces it has.
	// An endpoint that may not be used is an error.
	Open(settings Settings) (Client, error)
}

// Settings are what a client is opened with.
type Settings struct {
	// Values are the resolved fields of the Descriptor by name; what is not set is absent.
	Values map[string]string
	// UserAgent is sent with every request.
	UserAgent string
	// RetryWait is the first pause before a request is repeated; it doubles with each try. 0 means one second.
	RetryWait time.Duration
	// Grace is how long a request that makes something may go on after its context has ended, so that its answer is not lost; 0 means
	// five seconds.
	Grace time.Duration
	// Transport carries the requests; nil means a pooled one of its own.
	Transport http.RoundTripper
	// Debug receives one line for each request, without secrets; nil drops them.
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
}

// Client talks to one cloud with one account. All methods of it and of the interfaces below are safe for concurrent use,
// honour their context, and return the raw error of the call: Cloud wraps it.
//
// Whether a method may be repeated after a failure is said at each. The client repeats requests by itself only as far as
// that is safe (internal/httpx).
type Client interface {
	// KindOf sorts an error that a method of this client returned. A 404 that did not come from the API, but from something in front of it, is no absence:
	// Cloud sees to that for all clouds.
	KindOf(err error) Kind
}

// OperationGetter is a client whose slow work has an identity of its own: an operation, an action.
type OperationGetter interface {
	// GetOperation asks once and never waits. An operation that failed is an error of KindFailed with the cloud's reason; one that the
	// cloud does not know (any more) is KindNotFound. May be repeated.
	GetOperation(ctx context.Context, operation Operation) (OperationStatus, error)
}

// Snapshotter is a client that keeps snapshots.
type Snapshotter interface {
	// Snapshot reads one, in whatever state it is. Absent, deleted and expired are KindNotFound; one that is being deleted is there, in
	// StateDeleting, as long as the cloud shows it. May be repeated.
	Snapshot(ctx context.Context, ref Ref) (Snapshot, error)
	// Snapshots lists all that match, in no particular order, from all pages. An empty filter lists the whole account (in
	// filter.Location where a cloud has zones). May be repeated.
	Snapshots(ctx context.Context, filter SnapshotFilter) ([]Snapshot, error)
	// CreateSnapshot returns as soon as the cloud has accepted, with the ID if it is known by then. It must never be
	// repeated after an ambiguous failure. The operation says what to wait for; with an error it may still say what the snapshot
	// would have replaced. The name is not empty where a cloud takes one.
	CreateSnapshot(ctx context.Context, spec SnapshotSpec) (Snapshot, Operation, error)
	// DeleteSnapshot returns as soon as the cloud has accepted. Absent is KindNotFound, which Cloud takes for success. A
	// single-slot client compares the ID first and leaves a foreign snapshot alone (KindNotFound). May be repeated.
	DeleteSnapshot(ctx context.Context, ref Ref) (Operation, error)
}

// SnapshotEditor is a Snapshotter whose snapshots can be changed in place.
type SnapshotEditor interface {
	// UpdateSnapshot sends what is not nil and returns the snapshot as it is then. May be repeated.
	UpdateSnapshot(ctx context.Context, ref Ref, change SnapshotChange) (Snapshot, error)
}

// SourceReader is a Snapshotter that can look at what snapshots are taken of, before one is taken.
type SourceReader interface {
	// Source reads an instance or a volume. Absent is KindNotFound. May be repeated.
	Source(ctx context.Context, ref Ref) (Source, error)
}

// SingleSnapshotter is a Snapshotter whose sources hold a single snapshot that a new one would overwrite.
type SingleSnapshotter interface {
	// ExistingSnapshot reads what a create would overwrite; none is KindNotFound. An unreachable or foreign source is an error of
	// another kind. May be repeated.
	ExistingSnapshot(ctx context.Context, ref Ref) (Snapshot, error)
	// CreatedSince looks for a create that was accepted although its answer never arrived: the operations that make a snapshot of
	// the source and began at or after since. May be repeated.
	CreatedSince(ctx context.Context, ref Ref, since time.Time) ([]Operation, error)
}

// ServerClock is a client that has seen what time it is at the cloud.
type ServerClock interface {
	// Skew is the cloud's clock minus this machine's, and false before the first answer.
	Skew() (time.Duration, bool)
}

// ImageKeeper is a client that fetches images from a URL and keeps them.
type ImageKeeper interface {
	// Image reads one, in whatever state it is. Absent is KindNotFound. May be repeated.
	Image(ctx context.Context, ref Ref) (Image, error)
	// CreateImage returns as soon as the cloud has accepted, with the ID if it is known by then. Never repeated.
	CreateImage(ctx context.Context, spec ImageSpec) (Image, Operation, error)
	// UpdateImage sends what is not nil. The caller reads the image afterwards. May be repeated.
	UpdateImage(ctx context.Context, ref Ref, change ImageChange) (Operation, error)
	// DeleteImage returns as soon as the cloud has accepted. Absent is KindNotFound. May be repeated.
	DeleteImage(ctx context.Context, ref Ref) (Operation, error)
}

// ImageLister is a client that lists images.
type ImageLister interface {
	// Images lists all that match, from all pages, in no particular order. May be repeated.
	Images(ctx context.Context, filter ImageFilter) ([]Image, error)
}

// ImageCounter is a client that reports the use of image storage.
type ImageCounter interface {
	// ImageStats reads the figures. May be repeated.
	ImageStats(ctx context.Context) (ImageStats, error)
}

// Promoter is an ImageKeeper that makes a template from a snapshot.
type Promoter interface {
	// PromoteSnapshot returns as soon as the cloud has accepted, with the template's ID if it is known by then. Never repeated.
	PromoteSnapshot(ctx context.Context, spec PromoteSpec) (Image, Operation, error)
}

// Exporter is a Snapshotter that offers a snapshot's disk for download.
type Exporter interface {
	// ExportSnapshot returns as soon as the cloud has accepted. Never repeated by itself, though asking again is allowed.
	ExportSnapshot(ctx context.Context, ref Ref) (Operation, error)
	// Export reads the result of the last export. A snapshot that is not exported is KindNotFound. May be repeated.
	Export(ctx context.Context, ref Ref) (Export, error)
}
