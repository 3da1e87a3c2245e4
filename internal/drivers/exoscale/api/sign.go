package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signatureLife is the lifetime of a signature, as in the vendor's own clients. Each attempt has a new signature, so it
// need not include any pause between attempts.
const signatureLife = 10 * time.Minute

// signer signs requests with EXO2-HMAC-SHA256 ("Exoscale API: API Request Signature").
type signer struct{ key, secret string }

// sign sets the Authorization of an attempt.
func (s signer) sign(req *http.Request, body []byte) error {
	req.Header.Set("Authorization", s.authorization(req, body, time.Now().Add(signatureLife)))
	return nil
}

// authorization returns the header. The signed message has five lines: method with path, body, query values, header
// values (the vendor signs none today) and expiry. The path is escaped as in the request, with the path of the
// endpoint.
func (s signer) authorization(req *http.Request, body []byte, expires time.Time) string {
	names, values := signedQuery(req)
	deadline := strconv.FormatInt(expires.Unix(), 10)
	message := strings.Join(
		[]string{req.Method + " " + req.URL.EscapedPath(), string(body), values, "", deadline},
		"\n",
	)

	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(message))

	parts := []string{"credential=" + s.key}
	if len(names) > 0 {
		parts = append(parts, "signed-query-args="+strings.Join(names, ";"))
	}
	parts = append(parts, "expires="+deadline, "signature="+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return fmt.Sprintf("EXO2-HMAC-SHA256 %s", strings.Join(parts, ","))
}

// signedQuery returns the names of the signed parameters, which are those with exactly one value, in ascending order,
// and their decoded values without separators.
func signedQuery(req *http.Request) (names []string, values string) {
	query := req.URL.Query()
	for name, v := range query {
		if len(v) == 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		values += query.Get(name)
	}
	return names, values
}
