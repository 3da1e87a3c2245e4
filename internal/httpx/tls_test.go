package httpx_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// A server without TLS 1.2, and one whose certificate is not trusted, get no request. A create is not ambiguous then.
func TestTLS_noRequestWithoutIt(t *testing.T) {
	for name, tc := range map[string]struct {
		newest uint16
		want   string
	}{
		"TLS 1.1":               {tls.VersionTLS11, "protocol version"},
		"untrusted certificate": {tls.VersionTLS12, "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				t.Errorf("the server got %s %s with %v", r.Method, r.URL, r.Header)
			}))
			server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tc.newest}
			server.Config.ErrorLog = log.New(io.Discard, "", 0) //nolint:forbidigo // It drops what the server writes.
			server.StartTLS()
			defer server.Close()
			client, err := httpx.New(httpx.Options{BaseURL: server.URL, RetryWait: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			err = client.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true})
			var failed *httpx.Error
			if !errors.As(err, &failed) || !strings.Contains(err.Error(), tc.want) || failed.Ambiguous() {
				t.Errorf("got %v", err)
			}
		})
	}
}
