// Package nimbus is a fifth cloud that exists only in tests. It proves what adding a cloud costs: this folder, and a
// line in a list of drivers. Its API is as simple as one can be: snapshots of disks, made at once, with a label.
package nimbus

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Driver is Nimbus.
type Driver struct{}

// Descriptor says what the program must know of Nimbus.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "nimbus",
		Title: "Nimbus",
		Fields: []driver.Field{
			{Name: "token", Env: []string{"NIMBUS_TOKEN"}, Required: true, Sensitive: true, Help: "The token of the account."},
			{Name: "endpoint", Env: []string{"NIMBUS_URL"}, Default: "https://api.nimbus.example", Endpoint: true, Help: "The URL of the API."},
		},
		Limits: driver.Limits{
			SourceKind: "disk",
			Snapshot: driver.Attributes{
				"source_id": {
					Support: driver.Required, Pattern: regexp.MustCompile(`^[a-z]+-[a-z]+$`),
					Description: "a word in lower case after disk-, as in disk-a",
				},
				"name":        {Support: driver.Required, Min: 1, Max: 40},
				"snapshot_id": {Support: driver.Computed},
			},
			SnapshotID: []driver.IDPart{driver.PartSnapshot},
		},
	}
}

// Open makes a client.
func (Driver) Open(settings driver.Settings) (driver.Client, error) {
	endpoint := settings.Values["endpoint"]
	if endpoint == "" {
		endpoint = "https://api.nimbus.example"
	}
	options := httpdriver.Options(settings, endpoint)
	options.Sign = func(req *http.Request, _ []byte) error {
		req.Header.Set("Authorization", "Bearer "+settings.Values["token"])
		return nil
	}
	rest, err := httpx.New(options)
	if err != nil {
		return nil, err
	}
	return &client{rest: rest}, nil
}

// Simulator simulates Nimbus.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return newSimulator(config) }

type client struct{ rest *httpx.Client }

var _ driver.Snapshotter = (*client)(nil)

// wire is a snapshot as Nimbus shows it.
type wire struct {
	ID    string    `json:"id"`
	Disk  string    `json:"disk"`
	Label string    `json:"label"`
	Made  time.Time `json:"made"`
}

func fromWire(w wire) driver.Snapshot {
	return driver.Snapshot{ID: w.ID, SourceID: w.Disk, Name: w.Label, State: driver.StateReady, CreatedAt: w.Made}
}

// is checks an answer with a snapshot: the one that was asked for, or any where want is empty.
func is(want string) func(wire) error {
	return func(w wire) error { return httpx.SameID("snapshot", w.ID, want) }
}

// KindOf goes by the status.
func (*client) KindOf(err error) driver.Kind {
	var e *httpx.Error
	if errors.As(err, &e) {
		return driver.KindForStatus(e.Status)
	}
	return driver.KindUnknown
}

// Snapshot reads one.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	w, err := httpx.Get(ctx, c.rest, "/snapshots/"+url.PathEscape(ref.ObjectID), nil, is(ref.ObjectID))
	return fromWire(w), err
}

// Snapshots lists all, or those of a disk.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
	wires, err := httpx.Get(ctx, c.rest, "/snapshots", nil, func(all []wire) error {
		if all == nil {
			return errors.New("it holds no list")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []driver.Snapshot
	for _, w := range wires {
		if filter.SourceID == "" || w.Disk == filter.SourceID {
			out = append(out, fromWire(w))
		}
	}
	return out, nil
}

// CreateSnapshot makes one at once.
func (c *client) CreateSnapshot(ctx context.Context, spec driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
	w, err := httpx.Send(ctx, c.rest, httpx.Call{
		Method: http.MethodPost, Path: "/snapshots", Body: map[string]string{"disk": spec.SourceID, "label": spec.Name}, NonIdempotent: true,
	}, is(""))
	return fromWire(w), driver.Operation{}, err
}

// DeleteSnapshot deletes at once.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	return driver.Operation{}, c.rest.Do(ctx, httpx.Call{Method: http.MethodDelete, Path: "/snapshots/" + url.PathEscape(ref.ObjectID), Success: http.StatusNoContent})
}
