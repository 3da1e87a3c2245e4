package sim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	scheme           = "EXO2-HMAC-SHA256 "
	badSignature     = "Invalid request signature"
	expiredSignature = "Request signature has expired"
	noSignature      = "Authentication required"
	unknownKey       = "Unknown API key"
)

// checkSignature verifies the Authorization of a request as the vendor describes it, and returns why it is refused. The expiry is judged by
// real time: clients sign with their own clock, which the sandbox's is set off from.
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

// readAuthorization takes the header apart: pairs with commas between them and nothing else, each at most once.
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

// signedValues joins the values of the signed query parameters. All that have exactly one value must be signed, in ascending order of their names.
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
