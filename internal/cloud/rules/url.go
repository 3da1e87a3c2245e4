package rules

import (
	"fmt"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckURL reports whether a cloud can import an image from a URL. attribute is where the configuration has it. The
// message does not quote the URL, which may be a secret. It sends nothing.
func CheckURL(d driver.Descriptor, attribute string, link Value) (Violation, bool) {
	if !link.Known() {
		return Violation{}, true
	}
	const hint = "Use a direct link to the file."
	row := d.Limits.Image["url"]
	u, err := url.Parse(link.Text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return Violation{
			Attribute: attribute, Hint: hint,
			Message: "the URL of an image must begin with https:// or http:// and have a host",
		}, false
	case !row.Match(u.Path):
		return Violation{
			Attribute: attribute, Hint: hint + " A query may follow the name.",
			Message: fmt.Sprintf("the URL of an image at %s must be %s", d.Title, row.Format()),
		}, false
	}
	return Violation{}, true
}
