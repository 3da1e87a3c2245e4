package hostinger

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

const (
	defaultEndpoint = "https://developers.hostinger.com"
	// defaultRetryWait is the pause of repetitions by this driver if the settings have none, as in httpx.
	defaultRetryWait = time.Second
)

// machineID has no leading zeros. The ID in state would differ from the configuration.
var machineID = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)

// sourceAttribute is the number of a VM in every table.
var sourceAttribute = driver.Attribute{
	Support: driver.Required, Pattern: machineID, Description: "a number, as in 17923",
}

// Driver is the driver of Hostinger.
type Driver struct{}

// Descriptor returns Hostinger's settings and limits.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "hostinger",
		Title: "Hostinger",
		Fields: []driver.Field{
			{
				Name: "token", Env: []string{"HOSTINGER_API_TOKEN"}, Required: true, Sensitive: true,
				Help: "API token, created in hPanel under Account, API. It has all rights of its owner.",
			},
			{
				Name: "endpoint", Env: []string{"HOSTINGER_API_URL"}, Default: defaultEndpoint, Endpoint: true,
				Help: "Base URL of the API.",
			},
		},
		Limits: driver.Limits{
			SourceKind: "VM",
			Snapshot: driver.Attributes{
				"source_id":            sourceAttribute,
				driver.ReplaceExisting: {Support: driver.Optional},
				"snapshot_id":          {Support: driver.Computed},
				"expires_at":           {Support: driver.Computed},
				"restore_time_seconds": {Support: driver.Computed},
			},
			Restore: driver.Attributes{
				"source_id":   sourceAttribute,
				"snapshot_id": {Support: driver.Required},
			},
			SnapshotID: []driver.IDPart{driver.PartSource},
			MinPoll:    10 * time.Second,
		},
	}
}

// Open returns a client; see driver.Driver.
func (Driver) Open(settings driver.Settings) (driver.Client, error) {
	endpoint := cmp.Or(settings.Values["endpoint"], defaultEndpoint)
	rest, err := api.New(httpdriver.Options(settings, endpoint), settings.Values["token"])
	if err != nil {
		return nil, err
	}
	now := settings.Now
	if now == nil {
		now = time.Now
	}
	return &client{api: rest, now: now, retryWait: cmp.Or(settings.RetryWait, defaultRetryWait)}, nil
}

// client is one account at Hostinger.
type client struct {
	api *api.Client
	// now returns Hostinger's time, by which snapshots expire.
	now func() time.Time
	// retryWait is the pause before a delete reads the snapshot again.
	retryWait time.Duration
	// vacant has the VMs that were read without a snapshot.
	vacant vacancies
}

var (
	_ driver.Client            = (*client)(nil)
	_ driver.Snapshotter       = (*client)(nil)
	_ driver.OperationGetter   = (*client)(nil)
	_ driver.SingleSnapshotter = (*client)(nil)
	_ driver.SourceLister      = (*client)(nil)
	_ driver.Restorer          = (*client)(nil)
	_ driver.RestoreFinder     = (*client)(nil)
)

// KindOf returns the kind of an error; see driver.Client. 409 is the lock of a VM with a running action.
func (c *client) KindOf(err error) driver.Kind {
	var reply *httpx.Error
	switch {
	case !errors.As(err, &reply):
		return driver.KindUnknown
	case reply.Status == http.StatusConflict:
		return driver.KindBusy
	default:
		return driver.KindForStatus(reply.Status)
	}
}

// statusOf returns the HTTP status of the API's refusal, or 0.
func statusOf(err error) int {
	var reply *httpx.Error
	if errors.As(err, &reply) && !reply.FromIntermediary {
		return reply.Status
	}
	return 0
}
