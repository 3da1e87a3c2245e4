package httpx_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

func TestCheckEndpoint_accepts(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.example":            "https://api.example",
		"https://api.example/":           "https://api.example",
		"HTTPS://api.example/v2//":       "https://api.example/v2",
		"https://api.example:8443/a%2Fb": "https://api.example:8443/a%2Fb",
		"http://localhost:8484/contabo":  "http://localhost:8484/contabo",
		"http://LOCALHOST":               "http://LOCALHOST",
		"http://127.0.0.1":               "http://127.0.0.1",
		"http://127.8.9.10:1":            "http://127.8.9.10:1",
		"http://[::1]:8484/":             "http://[::1]:8484",
	} {
		u, err := httpx.CheckEndpoint(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if u.String() != want {
			t.Errorf("%s: got %s, want %s", raw, u, want)
		}
	}
}

func TestCheckEndpoint_refuses(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                  "not a complete URL",
		"api.example":                       "not a complete URL",
		"https:":                            "not a complete URL",
		"https:///v2":                       "not a complete URL",
		"https://:8080":                     "not a complete URL",
		"ftp://api.example":                 "not a complete URL",
		"http://api.example":                "in the clear",
		"http://127.0.0.1.evil.example":     "in the clear",
		"http://localhost.evil.example":     "in the clear",
		"http://10.0.0.1":                   "in the clear",
		"http://0.0.0.0":                    "in the clear",
		"http://[fe80::1]":                  "in the clear",
		"https://api.example/?token=secret": "query or a fragment",
		"https://api.example?":              "query or a fragment",
		"https://api.example/#secret":       "query or a fragment",
		"https://api.example/#":             "query or a fragment",
		"https://api.example/%zz":           "not a URL",
		"https://user:secret@api.example":   "user name or a password",
		"https://secret@api.example":        "user name or a password",
		"https://user:secret@api.example/%": "not a URL",
		"user:secret@api.example":           "not a complete URL",
		"//user:secret@api.example/v2":      "user name or a password",
		"https://%zz/?key=secret":           "not a URL",
	} {
		_, err := httpx.CheckEndpoint(raw)
		if err == nil {
			t.Errorf("%s: accepted", raw)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q does not say %q", raw, err, want)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error repeats the secret: %q", raw, err)
		}
	}
}

func TestNew_refusesBadEndpoint(t *testing.T) {
	if _, err := httpx.New(httpx.Options{BaseURL: "http://api.example"}); err == nil {
		t.Error("credentials would go out in the clear")
	}
}

func TestBaseURL_slashesAtTheEndAreDropped(t *testing.T) {
	w := &wire{steps: []step{answers(200, "")}}
	c := newClient(t, w, func(o *httpx.Options) { o.BaseURL = "https://api.example/v1//" })
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err != nil {
		t.Fatal(err)
	}
	if got := w.sent[0].URL.String(); got != "https://api.example/v1/x" {
		t.Errorf("sent to %s", got)
	}
}

func TestCheckListed(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://api-ch-gva-2.example.net/v2":       true,
		"https://EXAMPLE.net/v2":                    true,
		"https://api.example.net:8443/v2":           true,
		"https://api-ch-gva-2.exoscale.com/v2":      true,
		"http://127.0.0.1:8484/zone/v2":             true,
		"http://127.0.0.1:9/zone/v2":                false,
		"https://127.0.0.1:8484/zone/v2":            false,
		"http://api.example.net/v2":                 false,
		"https://evil.example/v2":                   false,
		"https://example.net.evil.example/v2":       false,
		"https://evilexample.net/v2":                false,
		"https://api.example.net@evil.example/v2":   false,
		"https://evil.example/https://example.net/": false,
		"https://net/v2":                            false,
		"https://mine.co.uk/v2":                     true,
		"https://yours.co.uk/v2":                    false,
		"":                                          false,
	} {
		err := httpx.CheckListed(raw, "https://api.example.net/v2", "https://api-x.exoscale.com/v2",
			"http://127.0.0.1:8484/v2", "https://api.mine.co.uk")
		if (err == nil) != ok {
			t.Errorf("%q: error = %v, want ok = %v", raw, err, ok)
		}
	}
}
