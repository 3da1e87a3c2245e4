package httpx

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// CheckEndpoint parses a base URL: https, or http on a loopback address. User names, queries and fragments are refused, because nobody
// expects them to be kept. A slash at the end does not count.
func CheckEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(raw, "/"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is not a URL", raw)
	case u.User != nil:
		// Not quoted: the URL may hold a password.
		return nil, fmt.Errorf("the URL must not hold a user name or a password")
	case u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, fmt.Errorf("%q is not a complete URL: it must begin with https://", raw)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("%q would send credentials in the clear: it must begin with https:// (plain http is accepted for loopback addresses only)", raw)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q must not have a query or a fragment", raw)
	}
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
