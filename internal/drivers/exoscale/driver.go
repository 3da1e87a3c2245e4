package exoscale

import (
	"context"
	"errors"
	"regexp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// The names of the settings.
const (
	fieldAPIKey    = "api_key"
	fieldAPISecret = "api_secret"
	fieldZone      = "zone"
	fieldEndpoint  = "endpoint"
)

// Driver is the driver of Exoscale.
type Driver struct{}

var _ driver.Driver = Driver{}

// Descriptor returns Exoscale's settings and limits.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "exoscale",
		Title: "Exoscale",
		Fields: []driver.Field{
			{
				Name: fieldAPIKey, Env: []string{"EXOSCALE_API_KEY"}, Required: true, Sensitive: true,
				Help: "The API key, which begins with EXO.",
			},
			{
				Name: fieldAPISecret, Env: []string{"EXOSCALE_API_SECRET"}, Required: true, Sensitive: true,
				Help: "The secret that belongs to the API key.",
			},
			{
				Name: fieldZone, Env: []string{"EXOSCALE_ZONE"},
				Help: "The zone of objects that do not set `location`, such as `ch-gva-2`.",
			},
			{
				Name: fieldEndpoint, Env: []string{"EXOSCALE_API_ENDPOINT"},
				Default: api.DefaultEndpoint, Endpoint: true,
				Help: "The base URL of the API, up to and including `/v2`. The zone of each object replaces " +
					"`{zone}`. Without `{zone}`, the URL only lists the zones, and each zone has the endpoint in " +
					"that list.",
			},
		},
		Limits: driver.Limits{
			SourceKind:   "instance",
			Snapshot:     snapshotAttributes,
			Image:        imageAttributes,
			ImageFilters: imageFilters,
			Template:     templateAttributes,
			Restore:      restoreAttributes,
			RestoreState: "stopped",
			Location: driver.Attribute{
				Support: driver.OptionalComputed, Pattern: zoneName,
				Description: "lower-case letters, digits and dashes, as in ch-gva-2",
			},
			LocationField: fieldZone,
			Scope:         driver.ScopeLocation,
			SnapshotID:    []driver.IDPart{driver.PartLocation, driver.PartSnapshot},
			ImageID:       []driver.IDPart{driver.PartLocation, driver.PartTemplate},
			IDForms:       map[driver.IDPart]*regexp.Regexp{driver.PartLocation: zoneForm, driver.PartTemplate: objectID},
			ImageFile: "The file must be a QCOW2 image without preallocation, of a disk of 10 to 100 GB, that everybody can " +
				"download.",
			ImageListing: "templates of a zone, by default the private ones",
		},
	}
}

// Open returns a client; see driver.Driver.
func (Driver) Open(settings driver.Settings) (driver.Client, error) {
	credentials := api.Credentials{Key: settings.Values[fieldAPIKey], Secret: settings.Values[fieldAPISecret]}
	c, err := api.New(httpdriver.Options(settings, settings.Values[fieldEndpoint]), credentials)
	if err != nil {
		return nil, err
	}
	return &client{api: c}, nil
}

// client is one account at Exoscale, in all its zones.
type client struct{ api *api.Client }

// The capabilities of the cloud.
var (
	_ driver.Snapshotter     = (*client)(nil)
	_ driver.SourceReader    = (*client)(nil)
	_ driver.Restorer        = (*client)(nil)
	_ driver.SourceLister    = (*client)(nil)
	_ driver.OperationGetter = (*client)(nil)
	_ driver.ImageKeeper     = (*client)(nil)
	_ driver.ImageLister     = (*client)(nil)
	_ driver.Promoter        = (*client)(nil)
	_ driver.Exporter        = (*client)(nil)
)

// zone returns the API of the zone of a reference. It may block to list the zones, at most until ctx ends.
func (c *client) zone(ctx context.Context, location string) (*api.Zone, error) {
	z, err := c.api.Zone(ctx, location)
	var unnamed *api.ZoneError
	var reply *httpx.Error
	var message string
	switch answered := errors.As(err, &reply); {
	case err == nil:
		return z, nil
	case errors.As(err, &unnamed):
		return nil, &driver.Error{
			Kind:    driver.KindInvalid,
			Message: err.Error(),
			Hint: "Set location to the zone of the object, or set a default zone in the provider's exoscale block " +
				"(EXOSCALE_ZONE).",
			Err: err,
		}
	case ctx.Err() != nil,
		answered && (c.KindOf(err) == driver.KindUnavailable || c.KindOf(err) == driver.KindRateLimited):
		return nil, err
	case answered:
		message = "the zones cannot be listed: " + reply.VendorMessage()
	default:
		message = err.Error()
	}
	// A 404 of the list of zones does not mean that an object is absent.
	return nil, &driver.Error{
		Kind:    driver.KindMisconfigured,
		Message: message,
		Hint:    "Check endpoint in the provider's exoscale block (EXOSCALE_API_ENDPOINT).",
		Err:     err,
	}
}

// object returns the API for an object. An empty ID is an error, because its path would be that of the listing.
func (c *client) object(ctx context.Context, ref driver.Ref) (*api.Zone, error) {
	if ref.ObjectID == "" {
		return nil, &driver.Error{Kind: driver.KindInvalid, Message: "the object has no ID yet, so it cannot be read"}
	}
	return c.zone(ctx, ref.Location)
}
