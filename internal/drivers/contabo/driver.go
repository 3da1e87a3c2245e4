package contabo

import (
	"cmp"
	"regexp"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// The capabilities of the cloud.
var (
	_ driver.Driver         = Driver{}
	_ driver.Snapshotter    = (*client)(nil)
	_ driver.SnapshotEditor = (*client)(nil)
	_ driver.SourceReader   = (*client)(nil)
	_ driver.Restorer       = (*client)(nil)
	_ driver.SourceLister   = (*client)(nil)
	_ driver.ImageKeeper    = (*client)(nil)
	_ driver.ImageLister    = (*client)(nil)
	_ driver.ImageCounter   = (*client)(nil)
)

// Driver is the driver of Contabo.
type Driver struct{}

// Descriptor returns Contabo's settings and limits.
func (Driver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  "contabo",
		Title: "Contabo",
		Fields: []driver.Field{
			{
				Name: "client_id", Env: []string{"CNTB_OAUTH2_CLIENT_ID"}, Required: true,
				Help: "Client ID of the API, as the customer control panel shows it.",
			},
			{
				Name: "client_secret", Env: []string{"CNTB_OAUTH2_CLIENT_SECRET"}, Required: true, Sensitive: true,
				Help: "Client secret of the API, as the customer control panel shows it.",
			},
			{
				Name: "username", Env: []string{"CNTB_OAUTH2_USER"}, Required: true,
				Help: "API user: the e-mail address of the login to the customer control panel.",
			},
			{
				Name: "password", Env: []string{"CNTB_OAUTH2_PASS", "CNTB_OAUTH2_PASSWORD"},
				Required: true, Sensitive: true,
				Help: "API password. It is set in the customer control panel and is not the password of the login.",
			},
			{
				Name: "endpoint", Env: []string{"CNTB_API"}, Default: "https://api.contabo.com", Endpoint: true,
				Help: "Base URL of the API.",
			},
			{
				Name: "token_url", Env: []string{"CNTB_OAUTH2_TOKEN_URL"}, Endpoint: true,
				Default: "https://auth.contabo.com/auth/realms/contabo/protocol/openid-connect/token",
				Help:    "URL that grants the access tokens.",
			},
		},
		Limits: driver.Limits{
			SourceKind:      "instance",
			Snapshot:        snapshotAttributes,
			Restore:         restoreAttributes,
			Image:           imageAttributes,
			ImageFilters:    imageFilters,
			UnreportedSlots: true,
			SnapshotID:      []driver.IDPart{driver.PartSource, driver.PartSnapshot},
			ImageID:         []driver.IDPart{driver.PartImage},
			IDForms:         map[driver.IDPart]*regexp.Regexp{driver.PartSnapshot: snapshotForm, driver.PartImage: driver.UUID},
			// An image is a download of gigabytes.
			ImageMinPoll: 10 * time.Second,
			ImageFile: "The file must be an ISO or an uncompressed QCOW2 image for x86-64. Its server must send a matching " +
				"content type: Contabo checks the type, not only the name.",
			ImageListing: "standard and custom images",
		},
		Moves: moves,
	}
}

// Open returns a client; see driver.Driver. A missing setting has the default of the Descriptor.
func (d Driver) Open(settings driver.Settings) (driver.Client, error) {
	values := map[string]string{}
	for _, f := range d.Descriptor().Fields {
		values[f.Name] = cmp.Or(settings.Values[f.Name], f.Default)
	}
	wire, err := api.New(httpdriver.Options(settings, values["endpoint"]), api.Credentials{
		TokenURL:     values["token_url"],
		ClientID:     values["client_id"],
		ClientSecret: values["client_secret"],
		Username:     values["username"],
		Password:     values["password"],
	})
	if err != nil {
		return nil, err
	}
	return &client{api: wire}, nil
}

// client is one account at Contabo.
type client struct{ api *api.Client }

// KindOf returns the kind of an error of this client; see driver.Client.
func (c *client) KindOf(err error) driver.Kind { return kindOf(err) }
