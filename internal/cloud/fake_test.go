package cloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// reply is an answer of a cloud that is an error; status 0 is no answer.
type reply struct {
	status    int
	message   string
	ambiguous bool
	page      bool
	pause     time.Duration
	sent      time.Time
	cause     error
}

func (r *reply) Error() string             { return fmt.Sprintf("GET /x: HTTP %d: %s", r.status, r.message) }
func (r *reply) Unwrap() error             { return r.cause }
func (r *reply) HTTPStatus() int           { return r.status }
func (r *reply) VendorMessage() string     { return r.message }
func (r *reply) VendorCode() string        { return "code" }
func (r *reply) RequestIdentifier() string { return "request" }
func (r *reply) Ambiguous() bool           { return r.ambiguous }
func (r *reply) Pause() time.Duration      { return r.pause }
func (r *reply) SentAt() time.Time         { return r.sent }
func (r *reply) IsFromIntermediary() bool  { return r.page }
func (r *reply) InvalidFields() []driver.VendorField {
	return []driver.VendorField{{Name: "field", Message: r.message}}
}

func answer(status int, message string) *reply { return &reply{status: status, message: message} }

// lostReply is the failure of a request that the cloud may have carried out.
func lostReply() *reply { return &reply{status: 503, message: "no answer", ambiguous: true} }

// fake is a cloud in memory: each function stands for one request, and a nil one must not be called.
type fake struct {
	t *testing.T

	mu    sync.Mutex
	calls []string

	getOperation   func(ctx context.Context, operation driver.Operation) (driver.OperationStatus, error)
	snapshot       func(ctx context.Context, ref driver.Ref) (driver.Snapshot, error)
	snapshots      func(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error)
	createSnapshot func(ctx context.Context, spec driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error)
	deleteSnapshot func(ctx context.Context, ref driver.Ref) (driver.Operation, error)
	updateSnapshot func(ctx context.Context, ref driver.Ref, change driver.SnapshotChange) (driver.Snapshot, error)
	existing       func(ctx context.Context, ref driver.Ref) (driver.Snapshot, error)
	createdSince   func(ctx context.Context, ref driver.Ref, since time.Time) ([]driver.Operation, error)
	image          func(ctx context.Context, ref driver.Ref) (driver.Image, error)
	createImage    func(ctx context.Context, spec driver.ImageSpec) (driver.Image, driver.Operation, error)
	updateImage    func(ctx context.Context, ref driver.Ref, change driver.ImageChange) (driver.Operation, error)
	deleteImage    func(ctx context.Context, ref driver.Ref) (driver.Operation, error)
	images         func(ctx context.Context, filter driver.ImageFilter) ([]driver.Image, error)
	imageStats     func(ctx context.Context) (driver.ImageStats, error)
	promote        func(ctx context.Context, spec driver.PromoteSpec) (driver.Image, driver.Operation, error)
	startExport    func(ctx context.Context, ref driver.Ref) (driver.Operation, error)
	readExport     func(ctx context.Context, ref driver.Ref) (driver.Export, error)
}

func (f *fake) KindOf(err error) driver.Kind {
	var r *reply
	if errors.As(err, &r) {
		return driver.KindForStatus(r.status)
	}
	return driver.KindUnknown
}

// note records a call, and ends the test when it is one that must not be.
func (f *fake) note(name string, expected bool) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, name)
	if !expected {
		f.t.Errorf("%s was called", name)
		panic(name)
	}
}

// count is how often a call was made.
func (f *fake) count(name string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c == name {
			n++
		}
	}
	return n
}

// listsAfter is a listing that is empty until a call was made.
func listsAfter[F, T any](
	f *fake,
	call string,
	list func(context.Context, F) ([]T, error),
) func(context.Context, F) ([]T, error) {
	return func(ctx context.Context, filter F) ([]T, error) {
		if f.count(call) == 0 {
			return nil, nil
		}
		return list(ctx, filter)
	}
}

// The parts below are the capabilities: a client is composed of those that its cloud has.
type (
	operationPart struct{ f *fake }
	snapshotPart  struct{ f *fake }
	editorPart    struct{ f *fake }
	slotPart      struct{ f *fake }
	imagePart     struct{ f *fake }
	listPart      struct{ f *fake }
	statsPart     struct{ f *fake }
	promotePart   struct{ f *fake }
	exportPart    struct{ f *fake }
)

func (p operationPart) GetOperation(ctx context.Context, operation driver.Operation) (driver.OperationStatus, error) {
	p.f.note("GetOperation", p.f.getOperation != nil)
	return p.f.getOperation(ctx, operation)
}

func (p snapshotPart) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	p.f.note("Snapshot", p.f.snapshot != nil)
	return p.f.snapshot(ctx, ref)
}

// Snapshots is empty where a test says nothing else, since each create lists first.
func (p snapshotPart) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	return driver.Unpaged(func() ([]driver.Snapshot, error) {
		p.f.note("Snapshots", true)
		if p.f.snapshots == nil {
			return nil, nil
		}
		return p.f.snapshots(ctx, filter)
	})
}

func (p snapshotPart) CreateSnapshot(
	ctx context.Context,
	spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	p.f.note("CreateSnapshot", p.f.createSnapshot != nil)
	return p.f.createSnapshot(ctx, spec)
}

func (p snapshotPart) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	p.f.note("DeleteSnapshot", p.f.deleteSnapshot != nil)
	return p.f.deleteSnapshot(ctx, ref)
}

func (p editorPart) UpdateSnapshot(
	ctx context.Context,
	ref driver.Ref,
	change driver.SnapshotChange,
) (driver.Snapshot, error) {
	p.f.note("UpdateSnapshot", p.f.updateSnapshot != nil)
	return p.f.updateSnapshot(ctx, ref, change)
}

func (p slotPart) PeekSnapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	p.f.note("PeekSnapshot", p.f.existing != nil)
	return p.f.existing(ctx, ref)
}

func (p slotPart) ExistingSnapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	p.f.note("ExistingSnapshot", p.f.existing != nil)
	return p.f.existing(ctx, ref)
}

func (p slotPart) CreatedSince(ctx context.Context, ref driver.Ref, since time.Time) ([]driver.Operation, error) {
	p.f.note("CreatedSince", true)
	if p.f.createdSince == nil {
		return nil, nil
	}
	return p.f.createdSince(ctx, ref, since)
}

func (p imagePart) Image(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	p.f.note("Image", p.f.image != nil)
	return p.f.image(ctx, ref)
}

func (p imagePart) CreateImage(ctx context.Context, spec driver.ImageSpec) (driver.Image, driver.Operation, error) {
	p.f.note("CreateImage", p.f.createImage != nil)
	return p.f.createImage(ctx, spec)
}

func (p imagePart) UpdateImage(
	ctx context.Context,
	ref driver.Ref,
	change driver.ImageChange,
) (driver.Operation, error) {
	p.f.note("UpdateImage", p.f.updateImage != nil)
	return p.f.updateImage(ctx, ref, change)
}

func (p imagePart) DeleteImage(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	p.f.note("DeleteImage", p.f.deleteImage != nil)
	return p.f.deleteImage(ctx, ref)
}

// Images is empty where a test says nothing else, since each create lists first.
func (p listPart) Images(ctx context.Context, filter driver.ImageFilter) iter.Seq2[[]driver.Image, error] {
	return driver.Unpaged(func() ([]driver.Image, error) {
		p.f.note("Images", true)
		if p.f.images == nil {
			return nil, nil
		}
		return p.f.images(ctx, filter)
	})
}

func (p statsPart) ImageStats(ctx context.Context) (driver.ImageStats, error) {
	p.f.note("ImageStats", p.f.imageStats != nil)
	return p.f.imageStats(ctx)
}

func (p promotePart) PromoteSnapshot(
	ctx context.Context,
	spec driver.PromoteSpec,
) (driver.Image, driver.Operation, error) {
	p.f.note("PromoteSnapshot", p.f.promote != nil)
	return p.f.promote(ctx, spec)
}

func (p exportPart) ExportSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	p.f.note("ExportSnapshot", p.f.startExport != nil)
	return p.f.startExport(ctx, ref)
}

func (p exportPart) Export(ctx context.Context, ref driver.Ref) (driver.Export, error) {
	p.f.note("Export", p.f.readExport != nil)
	return p.f.readExport(ctx, ref)
}

// bareClient can do nothing, plainClient has snapshots and images without operations, zoneClient has operations,
// templates and exports, and slotClient has one snapshot per source.
type (
	bareClient  struct{ *fake }
	plainClient struct {
		*fake
		snapshotPart
		editorPart
		imagePart
		listPart
		statsPart
	}
	zoneClient struct {
		*fake
		operationPart
		snapshotPart
		imagePart
		listPart
		promotePart
		exportPart
	}
	slotClient struct {
		*fake
		operationPart
		snapshotPart
		slotPart
	}
	// blindClient keeps images and cannot list them.
	blindClient struct {
		*fake
		imagePart
	}
)

// fakeDriver opens one client.
type fakeDriver struct {
	descriptor driver.Descriptor
	client     driver.Client
	err        error
}

func (d fakeDriver) Descriptor() driver.Descriptor               { return d.descriptor }
func (d fakeDriver) Open(driver.Settings) (driver.Client, error) { return d.client, d.err }

func descriptor(name string) driver.Descriptor {
	return driver.Descriptor{Name: name, Title: "The " + name, Limits: driver.Limits{
		SourceKind: "Instance",
		SnapshotID: []driver.IDPart{driver.PartSource, driver.PartSnapshot},
		ImageID:    []driver.IDPart{driver.PartImage},
	}}
}

// The four kinds of cloud, each with its own memory.
func newPlain(t *testing.T) (*Cloud, *fake) {
	t.Helper()
	f := &fake{t: t}
	return open(
		t,
		descriptor("plain"),
		plainClient{f, snapshotPart{f}, editorPart{f}, imagePart{f}, listPart{f}, statsPart{f}},
	), f
}

func newZone(t *testing.T) (*Cloud, *fake) {
	t.Helper()
	f := &fake{t: t}
	return open(
		t,
		descriptor("zone"),
		zoneClient{f, operationPart{f}, snapshotPart{f}, imagePart{f}, listPart{f}, promotePart{f}, exportPart{f}},
	), f
}

func newSlot(t *testing.T) (*Cloud, *fake) {
	t.Helper()
	f := &fake{t: t}
	d := descriptor("slot")
	d.Limits.Snapshot = driver.Attributes{driver.ReplaceExisting: {Support: driver.Optional}}
	return open(t, d, slotClient{f, operationPart{f}, snapshotPart{f}, slotPart{f}}), f
}

func newBare(t *testing.T) (*Cloud, *fake) {
	t.Helper()
	f := &fake{t: t}
	return open(t, descriptor("bare"), bareClient{f}), f
}

func open(t *testing.T, d driver.Descriptor, client driver.Client) *Cloud {
	t.Helper()
	c, err := Open(fakeDriver{descriptor: d, client: client}, driver.Settings{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// setClock makes the cloud's clock differ from this machine's.
func setClock(c *Cloud, offset time.Duration) { c.clock.offset.Store(&offset) }

// failed checks that an error is an *Error with everything that leaves the package, and returns it.
func failed(t *testing.T, c *Cloud, err error, kind driver.Kind, op string) *driver.Error {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want kind %d", err, err, kind)
	}
	if e.Kind != kind || e.Op != op || e.Cloud != c.Name || e.Message == "" {
		t.Fatalf("got kind %d, op %q, cloud %q, %q; want kind %d, op %q", e.Kind, e.Op, e.Cloud, e.Message, kind, op)
	}
	return e
}

// sequence plays answers, the last one for ever.
func sequence[T any](answers ...T) func() T {
	n := -1
	return func() T {
		n = min(n+1, len(answers)-1)
		return answers[n]
	}
}

var errNotFound = answer(http.StatusNotFound, "not found")
