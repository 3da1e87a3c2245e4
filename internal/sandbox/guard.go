package sandbox

import (
	"fmt"
	"net"
	"strings"
)

// CheckListen returns an error if the host of an address to listen on is neither localhost nor a loopback IP. It does
// not check the port.
func CheckListen(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not an address with a port, as in 127.0.0.1:8484: %w", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("%q is not a loopback address: the sandbox has fake credentials that everybody knows, "+
			"so it listens on 127.0.0.1, [::1] or localhost only", addr)
	}
	return nil
}

// loopbackHost reports whether a Host header is loopback. This refuses a page in a browser that reaches the sandbox by
// DNS rebinding.
func loopbackHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return isLoopback(name)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
