package image

import (
	"errors"
	"net/url"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// redacted stands where a text had a URL.
const redacted = "(the URL)"

// mayBeSecret reports whether a URL may give access by itself: it carries a password, or a query, which is where
// signatures are.
func mayBeSecret(text string) bool {
	u, err := url.Parse(text)
	return err != nil || u.User != nil || u.RawQuery != ""
}

// redact takes a URL out of a text: as it is, escaped, and its parts alone.
func redact(text, secret string) string {
	if secret == "" {
		return text
	}
	forms := []string{
		secret,
		url.QueryEscape(secret),
		url.PathEscape(secret),
		strings.ReplaceAll(secret, "&", `\u0026`),
		strings.ReplaceAll(secret, "&", "&amp;"),
	}
	if u, err := url.Parse(secret); err == nil {
		forms = append(forms, u.String(), u.RequestURI(), u.RawQuery)
		if u.User != nil {
			forms = append(forms, u.User.String())
		}
		// The REST core cuts queries off the URLs in errors; the rest may be a secret too.
		bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
		forms = append(forms, bare.String(), bare.EscapedPath())
		for _, values := range u.Query() {
			forms = append(forms, values...)
		}
	}
	for _, form := range forms {
		// A few characters alone are no secret, and would tear other words apart.
		if len(form) >= 8 {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}

// redactError takes a URL out of an error that the cloud may have quoted it in.
func redactError(err error, secret string) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	quiet := *e
	quiet.Message, quiet.Hint = redact(e.Message, secret), redact(e.Hint, secret)
	quiet.Fields = nil
	for _, f := range e.Fields {
		quiet.Fields = append(quiet.Fields, driver.VendorField{Name: f.Name, Message: redact(f.Message, secret)})
	}
	return &quiet
}
