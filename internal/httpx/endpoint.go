package httpx

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// CheckEndpoint parses a base URL: https, or http on a loopback address. It refuses user names, queries and fragments,
// because requests would not contain them. It removes a trailing slash and an empty port. Its errors quote the URL
// without possible secrets.
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
	u.Host = strings.TrimSuffix(u.Host, ":")
	return u, nil
}

// CheckListed checks a base URL that a server has sent, before a request with credentials goes there. It must satisfy
// CheckEndpoint, and be on the host of one of the known URLs, or by https in the same registered domain.
func CheckListed(raw string, known ...string) error {
	u, err := CheckEndpoint(raw)
	if err != nil {
		return err
	}
	for _, text := range known {
		k, err := url.Parse(text)
		if err != nil {
			continue
		}
		if u.Scheme == k.Scheme && strings.EqualFold(u.Host, k.Host) {
			return nil
		}
		domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
		other, failed := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(k.Hostname()))
		if err == nil && failed == nil && domain == other && u.Scheme == "https" && net.ParseIP(u.Hostname()) == nil {
			return nil
		}
	}
	return fmt.Errorf("%s is neither on the host of the configured endpoint nor in its domain", quoted(raw))
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
