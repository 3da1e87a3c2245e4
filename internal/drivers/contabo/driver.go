package contabo

import (
	"cmp"
	"regexp"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
)

// What the cloud can do is what its client implements.
var (
	_ cloud.Driver         = Driver{}
	_ cloud.Snapshotter    = (*client)(nil)
	_ cloud.SnapshotEditor = (*client)(nil)
	_ cloud.SourceReader   = (*client)(nil)
	_ cloud.ServerClock    = (*client)(nil)
	_ cloud.ImageKeeper    = (*client)(nil)
	_ cloud.ImageLister    = (*client)(nil)
	_ cloud.ImageCounter   = (*client)(nil)
)

var (
	// instanceID has no leading zeros, which the cloud would drop: another spelling of the same ID would differ from what is read back.
	instanceID  = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	nameCharset = regexp.MustCompile(`^[A-Za-z0-9 -]+$`)
)

// Driver is Contabo's entry in the list of clouds.
type Driver struct{}

// Descriptor returns what is to know of Contabo before talking to it.
func (Driver) Descriptor() cloud.Descriptor {
	return cloud.Descriptor{
		Name:  "contabo",
		Title: "Contabo",
		Fields: []cloud.Field{
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
		Limits: cloud.Limits{
			Source:          cloud.IDFormat{Kind: "instance", Pattern: instanceID, Description: "a number, as in 42001"},
			Name:            cloud.NameRule{Settable: true, Required: true, Min: 1, Max: 30, Pattern: nameCharset, Description: "1 to 30 letters, digits, spaces and dashes"},
			MaxDescription:  255,
			UnreportedSlots: true,
			ComputedFields:  []cloud.ComputedField{cloud.ComputedExpiry, cloud.ComputedImageID, cloud.ComputedImageName},
			Image: cloud.ImageRule{
				Required:       []cloud.ImageField{cloud.ImageOSType, cloud.ImageVersion},
				ComputedFields: []cloud.ImageField{cloud.ImageSizeMB, cloud.ImageUploadedSizeMB, cloud.ImageFormat, cloud.ImageErrorMessage, cloud.ImageLastModifiedAt},
				FilterFields:   []cloud.ImageFilterField{cloud.ImageFilterName, cloud.ImageFilterStandard, cloud.ImageFilterSearch},
				Suffixes:       []string{".iso", ".qcow2"},
				OSTypes:        []string{"Linux", "Windows"},
				OSTypeWarnings: map[string]string{
					"Windows": "The documentation of Contabo does not permit custom images of Windows, although the API accepts them. Ask Contabo before you rely on this image.",
				},
				// An image is a download of gigabytes.
				MinPoll:  10 * time.Second,
				FileHint: "The file must be an ISO or an uncompressed QCOW2 image for x86-64, and its server must name a fitting content type: Contabo looks at the type, not only at the name.",
			},
			SnapshotID: []cloud.IDPart{cloud.PartSource, cloud.PartSnapshot},
			ImageID:    []cloud.IDPart{cloud.PartImage},
		},
	}
}

// Open makes a client. What the settings leave out has the default of the Descriptor.
func (d Driver) Open(settings cloud.Settings) (cloud.Client, error) {
	values := map[string]string{}
	for _, f := range d.Descriptor().Fields {
		values[f.Name] = cmp.Or(settings.Values[f.Name], f.Default)
	}
	wire, err := api.New(api.Options{
		Endpoint:     values["endpoint"],
		TokenURL:     values["token_url"],
		ClientID:     values["client_id"],
		ClientSecret: values["client_secret"],
		Username:     values["username"],
		Password:     values["password"],
		UserAgent:    settings.UserAgent,
		Transport:    settings.Transport,
		RetryWait:    settings.RetryWait,
		Grace:        settings.Grace,
		Debug:        settings.Debug,
	})
	if err != nil {
		return nil, err
	}
	return &client{api: wire}, nil
}

// client is one account at Contabo.
type client struct{ api *api.Client }

// KindOf sorts an error of this client.
func (c *client) KindOf(err error) cloud.Kind { return kindOf(err) }

// Skew is Contabo's clock minus this machine's.
func (c *client) Skew() (time.Duration, bool) { return c.api.Skew() }
