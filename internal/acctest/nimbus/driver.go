package nimbus

import (
	"regexp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// diskID is the form of the ID of a disk.
var diskID = regexp.MustCompile(`^disk-[0-9]{4}$`)

// Driver is Nimbus.
type Driver struct{}

// The settings of the provider's block.
const (
	fieldToken    = "token"
	fieldEndpoint = "endpoint"
)

// Descriptor returns the settings and limits of Nimbus.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "nimbus",
		Title: "Nimbus",
		Fields: []driver.Field{
			{
				Name: fieldToken, Env: []string{"NIMBUS_TOKEN"}, Required: true, Sensitive: true,
				Help: "The token of the account.",
			},
			{
				Name: fieldEndpoint, Env: []string{"NIMBUS_URL"}, Default: api.DefaultEndpoint, Endpoint: true,
				Help: "The URL of the API.",
			},
		},
		Limits: driver.Limits{
			SourceKind: "disk",
			Snapshot: driver.Attributes{
				"source_id": {
					Support: driver.Required, Pattern: diskID,
					Description: "disk- and four digits, as in disk-0001",
				},
				"name":        {Support: driver.Required, Min: 1, Max: 40},
				"snapshot_id": {Support: driver.Computed},
			},
			SnapshotID: []driver.IDPart{driver.PartSnapshot},
			IDForms:    map[driver.IDPart]*regexp.Regexp{driver.PartSnapshot: driver.UUID},
		},
	}
}

// Open makes a client. The only error is that of an endpoint that may not be used.
func (Driver) Open(settings driver.Settings) (driver.Client, error) {
	c, err := api.New(httpdriver.Options(settings, settings.Values[fieldEndpoint]), settings.Values[fieldToken])
	if err != nil {
		return nil, err
	}
	return &client{api: c}, nil
}

// client is one account at Nimbus.
type client struct {
	api *api.Client
}

var (
	_ driver.Driver       = Driver{}
	_ driver.Snapshotter  = (*client)(nil)
	_ driver.SourceReader = (*client)(nil)
)

// KindOf classifies an error of a call.
func (*client) KindOf(err error) driver.Kind { return kindOf(err) }
