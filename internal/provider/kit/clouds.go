package kit

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Config is one cloud's part of the provider's configuration and the environment.
type Config struct {
	// Settings are what the cloud is opened with.
	Settings driver.Settings
	// Unknown means that a setting is known only at apply. No request may be sent before.
	Unknown bool
	// Refused is the reason why the settings cannot be used, nil if they can.
	Refused error
}

// Clouds are the clouds of one configured provider, opened when they are first used. It is safe for concurrent use.
type Clouds struct {
	// ExpiryWarning is how long before a snapshot expires a plan begins to warn; 0 never.
	ExpiryWarning time.Duration

	drivers []driver.Driver
	configs map[string]Config
	options cloud.Options

	mu     sync.Mutex
	opened map[string]*cloud.Cloud
	// locations are where the objects of the state are, by cloud and origin.
	locations map[[2]string]string
}

// Placed is the model of an object that is somewhere.
type Placed interface {
	CloudName() string
	// Place is the origin and the location of the object, empty while they are unknown. Objects of the same origin are
	// in the same location.
	Place() (origin, location string)
}

// Origin names the origin of an object for Placed: a kind, and an ID or a name. It is empty while that is unknown.
func Origin(kind string, of types.String) string {
	if of.ValueString() == "" {
		return ""
	}
	return kind + " " + of.ValueString()
}

// keepLocation records the location of an object of the state. Terraform plans a replacement as a create without a
// prior state, and the provider's default location may have changed since. The new object must be where the old one is.
func (c *Clouds) keepLocation(m Placed) {
	origin, location := m.Place()
	if origin == "" || location == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locations[[2]string{m.CloudName(), origin}] = location
}

// locationOf is the location of the object in the state with the same origin; empty if there is none.
func (c *Clouds) locationOf(m Placed) string {
	origin, _ := m.Place()
	if origin == "" {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.locations[[2]string{m.CloudName(), origin}]
}

// NewClouds keeps the configurations by the clouds' names.
func NewClouds(
	drivers []driver.Driver,
	configs map[string]Config,
	options cloud.Options,
	expiryWarning time.Duration,
) *Clouds {
	options.Reads = new(atomic.Int64)
	return &Clouds{
		ExpiryWarning: expiryWarning,
		drivers:       drivers,
		configs:       configs,
		options:       options,
		opened:        map[string]*cloud.Cloud{},
		locations:     map[[2]string]string{},
	}
}

// opUse is what fails when a cloud cannot be opened.
const opUse = "use cloud"

// Setting is a field of a cloud's configuration, empty where it is not set.
func (c *Clouds) Setting(name, field string) string {
	return c.configs[name].Settings.Values[field]
}

// Unknown reports whether a cloud's configuration is known only at apply.
func (c *Clouds) Unknown(name string) bool { return c.configs[name].Unknown }

// Open returns the cloud of that name. It sends no request. The error is a *driver.Error of KindMisconfigured
// that names the missing settings, or states that some are known only after apply.
func (c *Clouds) Open(name string) (*cloud.Cloud, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cl, ok := c.opened[name]; ok {
		return cl, nil
	}
	i := slices.IndexFunc(c.drivers, func(d driver.Driver) bool { return d.Descriptor().Name == name })
	if i < 0 {
		return nil, &driver.Error{
			Kind:    driver.KindMisconfigured,
			Cloud:   name,
			Op:      opUse,
			Message: fmt.Sprintf("there is no cloud %q", name),
		}
	}
	d, config := c.drivers[i].Descriptor(), c.configs[name]
	if config.Unknown {
		return nil, unknown(d)
	}
	if config.Refused != nil {
		return nil, config.Refused
	}
	if err := missing(d, config); err != nil {
		return nil, err
	}
	cl, err := cloud.Open(c.drivers[i], config.Settings, c.options)
	if err != nil {
		return nil, err
	}
	c.opened[name] = cl
	return cl, nil
}

// configured reports whether a cloud has all settings that it requires.
func (c *Clouds) configured(d driver.Descriptor) bool {
	return missing(d, c.configs[d.Name]) == nil
}

// missing is the error that names the required settings without a value.
func missing(d driver.Descriptor, config Config) error {
	var fields, env []string
	for _, f := range d.Fields {
		if f.Required && config.Settings.Values[f.Name] == "" {
			fields = append(fields, f.Name)
			env = append(env, strings.Join(f.Env, " or "))
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &driver.Error{
		Kind:    driver.KindMisconfigured,
		Cloud:   d.Name,
		Op:      opUse,
		Message: fmt.Sprintf("%s is not configured: %s missing", d.Title, isAre(fields)),
		Hint: fmt.Sprintf(
			"Set %s in the provider's %s block, or the environment: %s.",
			strings.Join(fields, ", "),
			d.Name,
			strings.Join(env, ", "),
		),
	}
}

// unknown is the error of a cloud with a setting that is not known yet. The known settings must not be used without the
// rest: requests would go to the default endpoint, or to the account of the environment.
func unknown(d driver.Descriptor) error {
	return &driver.Error{
		Kind: driver.KindMisconfigured, Cloud: d.Name, Op: opUse,
		Message: fmt.Sprintf("the provider's %s block has values that are known only after apply", d.Name),
		Hint:    "Apply the resources these values depend on first, for example with -target.",
	}
}

func isAre(words []string) string {
	if len(words) == 1 {
		return words[0] + " is"
	}
	return strings.Join(words, ", ") + " are"
}
