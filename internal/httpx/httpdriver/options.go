// Package httpdriver builds the REST client of a driver. It is the only package that imports both httpx and the
// contract in internal/cloud/driver.
package httpdriver

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Options returns the options that every cloud takes from its settings. The api package of the cloud adds its own. The
// clients that have these options are one account: a 429 pauses them all.
func Options(settings driver.Settings, endpoint string) httpx.Options {
	return httpx.Options{
		BaseURL:   endpoint,
		UserAgent: settings.UserAgent,
		Transport: settings.Transport,
		Limiter:   new(httpx.Limiter),
		RetryWait: settings.RetryWait,
		Grace:     settings.Grace,
		Debug:     settings.Debug,
		Info:      settings.Info,
		Observe:   settings.Observe,
	}
}
