package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	// DefaultEndpoint is the base URL of a zone ("Exoscale API: servers").
	DefaultEndpoint = "https://api-" + placeholder + ".exoscale.com/v2"
	// placeholder is the part of an endpoint that the name of the zone replaces.
	placeholder = "{zone}"
	// anyZone replaces the placeholder where only the rest of the endpoint matters.
	anyZone = "zone"
)

// zoneName matches the name of a zone, which becomes part of a host name or a path. The vendor adds zones, so there is
// no list of them.
var zoneName = regexp.MustCompile(`^[a-z0-9-]+$`)

// Credentials are the API key of an account and its secret. Only requests need them.
type Credentials struct {
	Key, Secret string
}

// Client calls all zones with one account. It is safe for concurrent use.
type Client struct {
	options     httpx.Options
	credentials Credentials

	mu    sync.Mutex
	zones map[string]*Zone
	// directory is the list of zones for an endpoint without {zone}.
	directory directory
}

// New returns a client. It sends no request. options.BaseURL is the URL up to and including /v2. The name of the zone
// replaces {zone} in it. Without {zone} it only lists the zones, and each zone has the endpoint in that list, which
// must satisfy httpx.CheckListed. Empty means DefaultEndpoint. The errors are those of httpx.CheckEndpoint.
func New(options httpx.Options, credentials Credentials) (*Client, error) {
	options.BaseURL = cmp.Or(options.BaseURL, DefaultEndpoint)
	options.DecodeError = decodeError
	if _, err := httpx.CheckEndpoint(endpointOf(options.BaseURL, anyZone)); err != nil {
		return nil, fmt.Errorf("the endpoint cannot be used: %w", err)
	}
	return &Client{options: options, credentials: credentials, zones: map[string]*Zone{}}, nil
}

// ZoneError is the error of a zone that does not exist.
type ZoneError struct {
	// Name may be empty.
	Name string
	// Listed has the zones of the endpoint, sorted. It is nil if no zone can have this name.
	Listed []string
}

// Error returns the reason, with the names that are valid.
func (e *ZoneError) Error() string {
	switch {
	case e.Name == "":
		return "no zone is given"
	case e.Listed != nil:
		return fmt.Sprintf("the endpoint lists no zone %q, only %s", e.Name, strings.Join(e.Listed, ", "))
	}
	return fmt.Sprintf(
		"%q is not the name of a zone: it has lower-case letters, digits and dashes, as in ch-gva-2",
		e.Name,
	)
}

// Zone returns the client of one zone, always the same one for a name. With {zone} in the endpoint it sends nothing:
// the first request reveals an unknown zone. Without {zone} the first call lists the zones. It blocks until the answer,
// at most until ctx ends. Concurrent calls share the request, and a call after a failure repeats it. A name that no
// zone has is a *ZoneError, a failed listing an *httpx.Error.
func (c *Client) Zone(ctx context.Context, name string) (*Zone, error) {
	if !zoneName.MatchString(name) {
		return nil, &ZoneError{Name: name}
	}
	endpoint := endpointOf(c.options.BaseURL, name)
	if !strings.Contains(c.options.BaseURL, placeholder) {
		listed, err := c.directory.endpoints(ctx, c.listZones)
		if err != nil {
			return nil, err
		}
		var found bool
		if endpoint, found = listed[name]; !found {
			return nil, &ZoneError{Name: name, Listed: slices.Sorted(maps.Keys(listed))}
		}
		if err := httpx.CheckListed(endpoint, c.options.BaseURL, endpointOf(DefaultEndpoint, name)); err != nil {
			return nil, fmt.Errorf("the endpoint of the zone %s cannot be used: %w", name, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	z, ok := c.zones[name]
	if !ok {
		s := signer{key: c.credentials.Key, secret: c.credentials.Secret}
		rest, err := c.rest(endpoint, s.sign)
		if err != nil {
			return nil, fmt.Errorf("the endpoint of the zone %s cannot be used: %w", name, err)
		}
		z = &Zone{rest: rest}
		c.zones[name] = z
	}
	return z, nil
}

// listZones reads the list of zones from the configured endpoint. The request has no signature, as in the vendor's own
// tools.
func (c *Client) listZones(ctx context.Context) (ZoneList, error) {
	rest, err := c.rest(c.options.BaseURL, nil)
	if err != nil {
		return ZoneList{}, err
	}
	return (&Zone{rest: rest}).ListZones(ctx)
}

func (c *Client) rest(endpoint string, sign func(req *http.Request, body []byte) error) (*httpx.Client, error) {
	options := c.options
	options.BaseURL, options.Sign = endpoint, sign
	return httpx.New(options)
}

func endpointOf(endpoint, zone string) string {
	return strings.ReplaceAll(endpoint, placeholder, zone)
}
