package contabo

import (
	"cmp"
	"regexp"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// What the cloud can do is what its client implements.
var (
	_ driver.Driver         = Driver{}
	_ driver.Snapshotter    = (*client)(nil)
	_ driver.SnapshotEditor = (*client)(nil)
	_ driver.SourceReader   = (*client)(nil)
	_ driver.ImageKeeper    = (*client)(nil)
	_ driver.ImageLister    = (*client)(nil)
	_ driver.ImageCounter   = (*client)(nil)
)

var (
	// instanceID has no leading zeros, which the cloud would drop: another spelling of the same ID would differ from
	// what is read back.
	instanceID  = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	nameCharset = regexp.MustCompile(`^[A-Za-z0-9 -]+$`)
)

// Driver is Contabo's entry in the list of clouds.
type Driver struct{}

// Descriptor returns what is to know of Contabo before talking to it.
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
				Name: "password", Env: []string{"CNTB_OAUTH2_PASS", "CNTB_OAUTH2_PASSWORD"}, Required: true, Sensitive: true,
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
			Source:          driver.IDFormat{Kind: "instance", Pattern: instanceID, Description: "a number, as in 42001"},
			Name:            driver.NameRule{Settable: true, Required: true, Min: 1, Max: 30, Pattern: nameCharset, Description: "1 to 30 letters, digits, spaces and dashes"},
			MaxDescription:  255,
			UnreportedSlots: true,
			ComputedFields:  []driver.ComputedField{driver.ComputedExpiry, driver.ComputedImageID, driver.ComputedImageName},
			Image: driver.ImageRule{
				Required:       []driver.ImageField{driver.ImageOSType, driver.ImageVersion},
				ComputedFields: []driver.ImageField{driver.ImageSizeMB, driver.ImageUploadedSizeMB, driver.ImageFormat, driver.ImageErrorMessage, driver.ImageLastModifiedAt},
				Listed:         "standard and custom images",
				FilterFields:   []driver.ImageFilterField{driver.ImageFilterName, driver.ImageFilterStandard, driver.ImageFilterSearch},
				Suffixes:       []string{".iso", ".qcow2"},
				OSTypes:        []string{"Linux", "Windows"},
				OSTypeWarnings: map[string]string{
					"Windows": "The documentation of Contabo does not permit custom images of Windows, although the API accepts them. Ask Contabo before you rely on this image.",
				},
				// An image is a download of gigabytes.
				MinPoll:  10 * time.Second,
				FileHint: "The file must be an ISO or an uncompressed QCOW2 image for x86-64, and its server must name a fitting content type: Contabo looks at the type, not only at the name.",
			},
			SnapshotID: []driver.IDPart{driver.PartSource, driver.PartSnapshot},
			ImageID:    []driver.IDPart{driver.PartImage},
		},
	}
}

// Open makes a client. What the settings leave out has the default of the Descriptor.
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

// KindOf sorts an error of this client.
func (c *client) KindOf(err error) driver.Kind { return kindOf(err) }
