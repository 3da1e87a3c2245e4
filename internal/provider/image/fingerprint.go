package image

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

const (
	// fingerprintTime bounds the question after a file: a plan must not hang on a server that does not answer.
	fingerprintTime = 5 * time.Second
	maxRedirects    = 5
)

// fingerprint sends a HEAD request to a URL and returns a digest of the answer: an ETag, or else the time of the last
// change, with the size. It is empty if the URL does not answer, or the answer has neither. No credentials are sent,
// and redirects do not learn where they were reached from.
func fingerprint(ctx context.Context, link string) string {
	ctx, cancel := context.WithTimeout(ctx, fingerprintTime)
	defer cancel()
	u, err := url.Parse(link)
	if err != nil || !web(u) {
		return ""
	}
	u.User = nil
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), nil)
	if err != nil {
		return ""
	}
	client := &http.Client{Transport: cleanhttp.DefaultTransport(), CheckRedirect: redirect}
	resp, err := client.Do(req)
	if err != nil {
		// Whatever went wrong is no news about the file.
		return ""
	}
	_ = resp.Body.Close() // A HEAD has no body.
	tag := cmp.Or(resp.Header.Get("ETag"), resp.Header.Get("Last-Modified"))
	if resp.StatusCode != http.StatusOK || tag == "" || resp.ContentLength < 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%d", strings.TrimPrefix(tag, "W/"), resp.ContentLength)))
	return hex.EncodeToString(sum[:])
}

// redirect follows a few redirects on the web. The URL that led to them may be signed, so it is not passed on as
// Referer, nor are credentials.
func redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || !web(req.URL) {
		return errors.New("not followed")
	}
	req.URL.User = nil
	req.Header.Del("Referer")
	req.Header.Del("Authorization")
	return nil
}

func web(u *url.URL) bool {
	return u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
