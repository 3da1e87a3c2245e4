package rules

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// ImageConfig is what a configuration says of a custom image.
type ImageConfig struct {
	Location, Name, Description Optional[string]
	// URL is the value of the attribute that URLAttribute names. It may be a secret: no Problem quotes it.
	URL                                              Optional[string]
	URLAttribute                                     string
	OSType, Version, Checksum, DefaultUser, BootMode Optional[string]
	SSHKeyEnabled, PasswordEnabled                   Optional[bool]
	Build, Maintainer                                Optional[string]
	ApplicationConsistentSnapshotEnabled             Optional[bool]
}

// imageChecks collects what is wrong with one config.
type imageChecks struct {
	driver.Descriptor
	found []Violation
}

func (c *imageChecks) report(attribute, hint, format string, args ...any) {
	c.found = append(c.found, Violation{Attribute: attribute, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// CheckImage finds whatever a cloud would refuse in the configuration of a custom image. It asks nobody.
func CheckImage(d driver.Descriptor, draft ImageConfig) []Violation {
	c := imageChecks{Descriptor: d}
	rule := d.Limits.Image

	c.length("name", draft.Name, 1, rule.MaxName)
	c.length("description", draft.Description, 0, rule.MaxDescription)
	c.url(draft)
	c.text(driver.ImageOSType, draft.OSType)
	c.oneOf(driver.ImageOSType, draft.OSType, rule.OSTypes)
	c.text(driver.ImageVersion, draft.Version)
	c.text(driver.ImageChecksum, draft.Checksum)
	if s := draft.Checksum; rule.Takes(driver.ImageChecksum) && s.Known() && rule.Checksum != nil && !rule.Checksum.MatchString(s.Value) {
		c.report(string(driver.ImageChecksum), "Take it from the publisher of the file, or compute it from the file.", "the checksum of an image at %s must be %s, not %q", d.Title, rule.ChecksumHint, s.Value)
	}
	c.text(driver.ImageDefaultUser, draft.DefaultUser)
	c.text(driver.ImageBootMode, draft.BootMode)
	c.oneOf(driver.ImageBootMode, draft.BootMode, rule.BootModes)
	c.fits(driver.ImageSSHKeyEnabled, draft.SSHKeyEnabled.Set, draft.SSHKeyEnabled.Unknown)
	c.fits(driver.ImagePasswordEnabled, draft.PasswordEnabled.Set, draft.PasswordEnabled.Unknown)
	c.text(driver.ImageBuild, draft.Build)
	c.text(driver.ImageMaintainer, draft.Maintainer)
	c.fits(driver.ImageConsistent, draft.ApplicationConsistentSnapshotEnabled.Set, draft.ApplicationConsistentSnapshotEnabled.Unknown)
	if p, ok := CheckLocation(d, draft.Location); !ok {
		c.found = append(c.found, p)
	}
	return c.found
}

// fits reports whether a field may be set as it is, and tells when it may not, or must be set and is not. Unknown
// values may turn out to be null.
func (c *imageChecks) fits(f driver.ImageField, set, unknown bool) bool {
	rule := c.Limits.Image
	switch {
	case set && !unknown && !rule.Takes(f):
		c.report(string(f), fmt.Sprintf("Remove %s from the configuration.", f), "custom images at %s take no %s", c.Title, f)
		return false
	case !set && !unknown && slices.Contains(rule.Required, f):
		c.report(string(f), fmt.Sprintf("Set %s.", f), "%s needs %s for a custom image", c.Title, f)
		return false
	}
	return set && !unknown
}

// text checks a field that is a text.
func (c *imageChecks) text(f driver.ImageField, s Optional[string]) {
	if c.fits(f, s.Set, s.Unknown) {
		c.length(string(f), s, 1, c.Limits.Image.MaxText)
	}
}

func (c *imageChecks) length(attribute string, s Optional[string], shortest, longest int) {
	switch n := utf8.RuneCountInString(s.Value); {
	case !s.Known():
	case n < shortest:
		c.report(attribute, "Write something, or leave the attribute out where it is optional.", "%s of a custom image must not be empty", attribute)
	case longest > 0 && n > longest:
		c.report(attribute, "Shorten it.", "%s of a custom image at %s has at most %d characters, not %d", attribute, c.Title, longest, n)
	}
}

func (c *imageChecks) oneOf(f driver.ImageField, s Optional[string], words []string) {
	if c.Limits.Image.Takes(f) && s.Known() && s.Value != "" && !slices.Contains(words, s.Value) {
		c.report(string(f), "Case matters.", "%s at %s must be one of %s, not %q", f, c.Title, strings.Join(words, ", "), s.Value)
	}
}

func (c *imageChecks) url(draft ImageConfig) {
	if !draft.URL.Known() {
		return
	}
	const hint = "Use a direct link to the file."
	u, err := url.Parse(draft.URL.Value)
	suffixes := c.Limits.Image.Suffixes
	switch {
	// The message never quotes the value, which may be a secret.
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		c.report(draft.URLAttribute, hint, "the URL of an image must begin with https:// or http:// and name a host")
	case len(suffixes) > 0 && !slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(strings.ToLower(u.Path), s) }):
		c.report(draft.URLAttribute, hint, "the URL of an image at %s must end in %s, before any query", c.Title, strings.Join(suffixes, " or "))
	}
}

// CheckImageFilterFields refuses the ways to narrow a listing that a cloud does not know. It asks nobody.
func CheckImageFilterFields(d driver.Descriptor, set ...driver.ImageFilterField) []Violation {
	var out []Violation
	for _, q := range set {
		if !slices.Contains(d.Limits.Image.FilterFields, q) {
			out = append(out, Violation{
				Attribute: string(q),
				Message:   fmt.Sprintf("%s cannot narrow a listing of images by %s", d.Title, q),
				Hint:      fmt.Sprintf("Remove %s from the configuration; name_regex works at every cloud.", q),
			})
		}
	}
	return out
}
