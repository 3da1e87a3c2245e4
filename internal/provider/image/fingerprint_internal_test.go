package image

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func TestFingerprint_needsATagAndASize(t *testing.T) {
	t.Parallel()
	answers := map[string]struct {
		status  int
		headers map[string]string
		want    bool
	}{
		"tag and size": {200, map[string]string{"ETag": `"a"`, "Content-Length": "7"}, true},
		"weak tag":     {200, map[string]string{"ETag": `W/"a"`, "Content-Length": "7"}, true},
		"time and size": {
			200, map[string]string{"Last-Modified": "Mon, 21 Sep 2026 10:00:00 GMT", "Content-Length": "7"}, true,
		},
		"size only":             {200, map[string]string{"Content-Length": "7"}, false},
		"tag only":              {200, map[string]string{"ETag": `"a"`, "Transfer-Encoding": "chunked"}, false},
		"method not allowed":    {405, map[string]string{"ETag": `"a"`, "Content-Length": "7"}, false},
		"a page of maintenance": {503, map[string]string{"ETag": `"a"`, "Content-Length": "7"}, false},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodHead {
					t.Errorf("got %s, want HEAD only", r.Method)
				}
				for k, v := range answer.headers {
					w.Header().Set(k, v)
				}
				w.WriteHeader(answer.status)
			}))
			defer server.Close()
			got := fingerprint(t.Context(), server.URL+"/a.iso")
			if (got != "") != answer.want || strings.Contains(got, "127.0.0.1") {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestFingerprint_tellsChangesApart(t *testing.T) {
	t.Parallel()
	tag, size := `"a"`, "7"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Length", size)
	}))
	defer server.Close()
	ask := func() string { return fingerprint(t.Context(), server.URL) }
	first := ask()
	if first == "" || ask() != first {
		t.Fatalf("the same file has the digests %q and %q", first, ask())
	}
	tag = `W/"a"`
	if ask() != first {
		t.Error("a weaker word for the same tag counts as a change")
	}
	tag = `"b"`
	if ask() == first {
		t.Error("another tag is no change")
	}
	tag, size = `"a"`, "8"
	if ask() == first {
		t.Error("another size is no change")
	}
}

// Neither the URL's own credentials nor the URL itself reach the server behind a redirect.
func TestFingerprint_redirectsLearnNothing(t *testing.T) {
	t.Parallel()
	var seen http.Header
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Length", "7")
	}))
	defer target.Close()
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the first server got credentials")
		}
		http.Redirect(w, r, strings.Replace(target.URL, "http://", "http://other:secret@", 1)+"/b.iso", http.StatusFound)
	}))
	defer source.Close()
	link := strings.Replace(source.URL, "http://", "http://user:CANARY@", 1) + "/a.iso?sig=CANARY"
	if fingerprint(t.Context(), link) == "" {
		t.Fatal("the redirect was not followed")
	}
	for name := range seen {
		if v := seen.Get(name); name == "Authorization" || name == "Referer" || strings.Contains(v, "CANARY") {
			t.Errorf("the target got %s: %s", name, v)
		}
	}
}

func TestFingerprint_givesUp(t *testing.T) {
	t.Parallel()
	loop := httptest.NewServer(nil)
	loop.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, loop.URL, http.StatusFound)
	})
	defer loop.Close()
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/hostname", http.StatusFound)
	}))
	defer files.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, link := range []string{loop.URL, files.URL, closed.URL, "ftp://127.0.0.1/a", "://", "", "http://"} {
		if got := fingerprint(t.Context(), link); got != "" {
			t.Errorf("%q has the digest %q", link, got)
		}
	}
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hang.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if got := fingerprint(ctx, hang.URL); got != "" {
		t.Errorf("a server that hangs has the digest %q", got)
	}
}

func TestHide_takesEveryFormOfAURLOut(t *testing.T) {
	t.Parallel()
	const link = "https://img.example.net/a.iso?X-Expires=60&X-Signature=CANARY123"
	for _, text := range []string{
		"cannot fetch " + link + " now",
		"https%3A%2F%2Fimg.example.net%2Fa.iso%3FX-Expires%3D60%26X-Signature%3DCANARY123",
		`{"url":"https://img.example.net/a.iso?X-Expires=60\u0026X-Signature=CANARY123"}`,
		"GET /a.iso?X-Expires=60&X-Signature=CANARY123 failed",
		"the query X-Expires=60&X-Signature=CANARY123 is too old",
		"signature CANARY123 does not match",
	} {
		if got := redact(text, link); strings.Contains(got, "CANARY") || !strings.Contains(got, redacted) {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := redact("60 seconds", link); got != "60 seconds" {
		t.Errorf("a short value was hidden: %q", got)
	}
	if got := redact("nothing to hide", ""); got != "nothing to hide" {
		t.Errorf("got %q", got)
	}
}

func TestHush_keepsTheRest(t *testing.T) {
	t.Parallel()
	const link = "https://img.example.net/a.iso?sig=CANARY123"
	err := redactError(&driver.Error{
		Kind: driver.KindInvalid, Op: "create image", Message: "bad " + link, Hint: "see " + link, Status: 400,
		Fields: []driver.VendorField{{Name: "url", Message: link + " is bad"}},
	}, link)
	var text strings.Builder
	text.WriteString(err.Error())
	if driver.KindOf(err) != driver.KindInvalid {
		t.Error("the kind is lost")
	}
	if strings.Contains(text.String(), "CANARY") || !strings.Contains(text.String(), "bad "+redacted) {
		t.Errorf("got %q", text.String())
	}
}

func TestSigned_queriesAndPasswords(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]bool{
		"https://h/a.iso": false, "": false, "https://h/a.iso?v=1": true, "https://u:p@h/a.iso": true,
		"https://u@h/a.iso": true, "://": true,
	} {
		if mayBeSecret(link) != want {
			t.Errorf("%q: got %t", link, !want)
		}
	}
}
