package rules_test

import (
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	const scheme = "the URL of an image must begin with https:// or http:// and have a host"
	const suffix = "the URL of an image at Strict must be a link to an .iso or .raw"
	for link, want := range map[string]string{
		"https://img.example.net/a.raw?sig=x.zip": "",
		"http://h/A.ISO#x":                        "",
		"https://h/CANARY?f=a.iso":                suffix,
		"https://h/CANARY.zip":                    suffix,
		"ftp://h/CANARY.iso":                      scheme,
		"https:///CANARY.iso":                     scheme,
		"https://CANARY%zz":                       scheme,
		"://CANARY":                               scheme,
		"CANARY":                                  scheme,
	} {
		v, ok := rules.CheckURL(strict(), "url_wo", rules.Text(link))
		if ok != (want == "") || v.Message != want || (!ok && (v.Attribute != "url_wo" || v.Hint == "")) {
			t.Errorf("%s: got %+v, want %q", link, v, want)
		}
		// A URL may contain a signature, so no text repeats it.
		if strings.Contains(v.Message+v.Hint, "CANARY") {
			t.Errorf("%s is quoted in %+v", link, v)
		}
	}
	if v, ok := rules.CheckURL(strict(), "url", rules.Value{Set: true, Unknown: true}); !ok {
		t.Errorf("unknown: got %+v", v)
	}
	free := driver.Descriptor{Limits: driver.Limits{Image: driver.Attributes{"url": {Support: driver.Required}}}}
	if v, ok := rules.CheckURL(free, "url", rules.Text("https://h/a.zip")); !ok {
		t.Errorf("any name: got %+v", v)
	}
}
