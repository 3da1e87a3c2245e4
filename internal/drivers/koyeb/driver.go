package koyeb

import (
	"regexp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// Driver is the driver of Koyeb.
type Driver struct{}

// The names of the settings.
const (
	fieldToken     = "token"
	fieldProjectID = "project_id"
	fieldEndpoint  = "endpoint"
)

// volumeID accepts lower case only, like the cloud. Otherwise the ID in state would differ from the configuration.
var volumeID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Descriptor returns Koyeb's settings and limits.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "koyeb",
		Title: "Koyeb",
		Fields: []driver.Field{
			{
				Name: fieldToken, Env: []string{"KOYEB_TOKEN", "KOYEB_API_TOKEN"}, Required: true, Sensitive: true,
				Help: "An API access token of the organization.",
			},
			{
				Name: fieldProjectID,
				Help: "The project of new snapshots and volumes, if the organization has several. Koyeb does not report it.",
			},
			{
				Name: fieldEndpoint, Env: []string{"KOYEB_URL", "KOYEB_API_HOST"},
				Default: api.DefaultEndpoint, Endpoint: true,
				Help: "The complete URL of the API, with https:// and without the version.",
			},
		},
		Limits: driver.Limits{
			SourceKind: "volume",
			Snapshot: driver.Attributes{
				"source_id": {
					Support: driver.Required, Pattern: volumeID,
					Description: "an ID of lower-case letters, digits and dashes, as in 5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69",
				},
				"name":               {Support: driver.OptionalComputed, Min: 2, Max: 63},
				driver.WaitForRemote: {Support: driver.Optional},
				"snapshot_id":        {Support: driver.Computed},
				"size_gib":           {Support: driver.Computed},
				"storage_type":       {Support: driver.Computed},
			},
			Volume: driver.Attributes{
				"snapshot_id": {Support: driver.Required},
				"name":        {Support: driver.Required, Min: 2, Max: 64},
				"volume_id":   {Support: driver.Computed},
				"size_gib":    {Support: driver.Computed},
			},
			Location:   driver.Attribute{Support: driver.Computed},
			Scope:      driver.ScopeAccount,
			SnapshotID: []driver.IDPart{driver.PartSnapshot},
			VolumeID:   []driver.IDPart{driver.PartVolume},
			IDForms: map[driver.IDPart]*regexp.Regexp{
				driver.PartSource: driver.UUID, driver.PartSnapshot: driver.UUID, driver.PartVolume: driver.UUID,
			},
		},
	}
}

// Open returns a client; see driver.Driver.
func (Driver) Open(settings driver.Settings) (driver.Client, error) {
	account := api.Account{Token: settings.Values[fieldToken], ProjectID: settings.Values[fieldProjectID]}
	c, err := api.New(httpdriver.Options(settings, settings.Values[fieldEndpoint]), account)
	if err != nil {
		return nil, err
	}
	return &client{api: c}, nil
}

// client is one organization at Koyeb.
type client struct {
	api *api.Client
}

var (
	_ driver.Driver         = Driver{}
	_ driver.Client         = (*client)(nil)
	_ driver.Snapshotter    = (*client)(nil)
	_ driver.SnapshotEditor = (*client)(nil)
	_ driver.SourceReader   = (*client)(nil)
	_ driver.SourceLister   = (*client)(nil)
	_ driver.VolumeKeeper   = (*client)(nil)
)

// KindOf returns the kind of an error; see driver.Client.
func (*client) KindOf(err error) driver.Kind { return kindOf(err) }
