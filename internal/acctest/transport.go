package acctest

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Through is the same sandbox, whose clouds send their requests through a transport. It replaces the transport of an
// earlier Through.
func (s *Sandbox) Through(transport http.RoundTripper) *Sandbox {
	out := &Sandbox{Sandbox: s.Sandbox, t: s.t, hidden: s.hidden}
	for _, d := range s.drivers {
		out.drivers = append(out.drivers, through{unwrap(d), transport})
	}
	return out
}

// Drivers are the drivers of the sandbox's clouds.
func (s *Sandbox) Drivers() []driver.Driver { return s.drivers }

// unwrap is the driver without the transport of Through.
func unwrap(d driver.Driver) driver.Driver {
	if other, ok := d.(through); ok {
		return other.Driver
	}
	return d
}

// through is a driver whose client sends its requests through a transport.
type through struct {
	driver.Driver
	transport http.RoundTripper
}

// Open returns the driver's client; see driver.Driver.
func (d through) Open(settings driver.Settings) (driver.Client, error) {
	settings.Transport = d.transport
	return d.Driver.Open(settings)
}
