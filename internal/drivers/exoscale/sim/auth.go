package sim

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The credentials of the sandbox's one account.
const (
	APIKey    = "EXOsandbox0000000000000001"
	APISecret = "sandbox-exoscale-secret-0001" //nolint:gosec // It opens the sandbox only.
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 1 << 20

// admit checks what every operation needs: a signature, and JSON if there is a body. It answers and reports false if it
// refuses the request.
func admit(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		invalid(w, "the request body ended early")
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if refusal := checkSignature(r, body); refusal != "" {
		message(w, http.StatusForbidden, refusal)
		return false
	}
	if len(body) > 0 && !simkit.IsJSON(r) {
		problem(w, http.StatusUnsupportedMediaType, "unsupported-media-type", "Unsupported Media Type",
			"the request body must be application/json")
		return false
	}
	return true
}

const (
	scheme           = "EXO2-HMAC-SHA256 "
	badSignature     = "Invalid request signature"
	expiredSignature = "Request signature has expired"
	noSignature      = "Authentication required"
	unknownKey       = "Unknown API key"
)

// checkSignature verifies the Authorization of a request as the vendor describes it. It returns why the request is
// refused, or "". It compares the expiry with real time: clients sign with their own clock, not with the sandbox's.
func checkSignature(r *http.Request, body []byte) (refusal string) {
	pragmas, ok := readAuthorization(r.Header.Values("Authorization"))
	if !ok {
		return noSignature
	}
	if pragmas["credential"] != APIKey {
		return unknownKey
	}
	expires, err := strconv.ParseInt(pragmas["expires"], 10, 64)
	if err != nil {
		return badSignature
	}
	values, ok := signedValues(r, pragmas["signed-query-args"])
	if !ok {
		return badSignature
	}
	mac := hmac.New(sha256.New, []byte(APISecret))
	mac.Write([]byte(r.Method + " " + r.URL.EscapedPath() + "\n"))
	mac.Write(body)
	mac.Write([]byte("\n" + values + "\n\n" + pragmas["expires"]))
	got, err := base64.StdEncoding.DecodeString(pragmas["signature"])
	if err != nil || !hmac.Equal(got, mac.Sum(nil)) {
		return badSignature
	}
	if !time.Now().Before(time.Unix(expires, 0)) {
		return expiredSignature
	}
	return ""
}

// readAuthorization parses the header: pairs with commas between them and nothing else, each at most once.
func readAuthorization(headers []string) (map[string]string, bool) {
	if len(headers) != 1 {
		return nil, false
	}
	list, ok := strings.CutPrefix(headers[0], scheme)
	if !ok {
		return nil, false
	}
	known := []string{"credential", "signed-query-args", "expires", "signature"}
	out := map[string]string{}
	for pair := range strings.SplitSeq(list, ",") {
		name, value, found := strings.Cut(pair, "=")
		if _, twice := out[name]; !found || twice || !slices.Contains(known, name) {
			return nil, false
		}
		out[name] = value
	}
	return out, true
}

// signedValues joins the values of the signed query parameters. All parameters with exactly one value must be
// signed, in ascending order of their names.
func signedValues(r *http.Request, args string) (string, bool) {
	query := r.URL.Query()
	var names []string
	for name, values := range query {
		if len(values) == 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if strings.Join(names, ";") != args {
		return "", false
	}
	var out strings.Builder
	for _, name := range names {
		out.WriteString(query.Get(name))
	}
	return out.String(), true
}
