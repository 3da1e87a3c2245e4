package httpx

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// CheckEndpoint parses a base URL: https, or http on a loopback address. It refuses user names, queries and fragments,
// because requests would not contain them. It removes a trailing slash. Its errors quote the URL without possible
// secrets.
func CheckEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(raw, "/"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is not a URL", quoted(raw))
	case u.User != nil:
		return nil, errors.New("the URL must not contain a user name or a password")
	case u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, fmt.Errorf("%s is not a complete URL: it must begin with https://", quoted(raw))
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf(
			"%s would send credentials in the clear: it must begin with https:// "+
				"(plain http is accepted for loopback addresses only)",
			quoted(raw),
		)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return nil, fmt.Errorf("%s must not have a query or a fragment", quoted(raw))
	}
	return u, nil
}

// quoted quotes a URL up to the first possible secret.
func quoted(raw string) string {
	if strings.Contains(raw, "@") {
		return "the value"
	}
	if i := strings.IndexAny(raw, "?#"); i >= 0 {
		raw = raw[:i+1] + "…"
	}
	return strconv.Quote(raw)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
