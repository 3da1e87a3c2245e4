package sandbox

import (
	"fmt"
	"net"
	"strings"
)

// CheckListen refuses an address to listen on that is not loopback: the host must be localhost or a loopback IP. The port is not looked at.
func CheckListen(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not an address with a port, as in 127.0.0.1:8484: %w", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("%q is not a loopback address: the sandbox has fake credentials that everybody knows, so it listens on 127.0.0.1, [::1] or localhost only", addr)
	}
	return nil
}

// loopbackHost looks at the Host header. A page in a browser that reaches the sandbox by a name of its own (DNS rebinding) is turned away.
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
