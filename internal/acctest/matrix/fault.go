package matrix

import (
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// fault is a way in which a call can go wrong.
type fault struct {
	name string
	// inject is what the sandbox does.
	inject sandbox.Fault
	// refuse refuses the connection, so the call does not reach the sandbox.
	refuse bool
	// interrupt interrupts the provider when the call arrives, as Ctrl-C does. It happens once.
	interrupt bool
}

// ambiguous reports whether a client that has sent a request cannot see whether the cloud has acted.
func (f fault) ambiguous() bool {
	status := f.inject.Status
	limit := status == http.StatusTooManyRequests
	return !f.refuse && !limit && (f.inject.Do != sandbox.DoStatus || status < 300 || status >= 500)
}

// faults lists every fault. Their order is that of the report.
func faults() []fault {
	out := append(limits(), refusals()...)
	out = append(out, falseAnswers()...)
	do := func(name, what string, delay time.Duration) fault {
		return fault{name: name, inject: sandbox.Fault{Do: what, Delay: sandbox.Delay(delay)}}
	}
	return append(out,
		fault{name: "connection refused", refuse: true},
		do("dropped before acting", sandbox.DoReset, 0),
		do("acted, reply dropped", sandbox.DoLose, 0),
		do("truncated", sandbox.DoTruncate, 0),
		do("acted, web page", sandbox.DoGarbage, 0),
		do("wrong types", sandbox.DoMistype, 0),
		do("unknown state", sandbox.DoUnknown, 0),
		do("no reply", sandbox.DoHang, 0),
		do("late reply", sandbox.DoDelay, 40*time.Second),
		do("dripping reply", sandbox.DoDrip, 3*time.Second),
		fault{name: "interrupt before acting", interrupt: true, inject: sandbox.Fault{Do: sandbox.DoHang}},
		fault{name: "interrupt, late reply", interrupt: true, inject: sandbox.Fault{
			Do: sandbox.DoDelay, Delay: sandbox.Delay(2 * time.Second),
		}},
	)
}

const signIn = "<html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"

func answered(name string, status int, body any, header sandbox.Header) fault {
	return fault{
		name: name, inject: sandbox.Fault{Do: sandbox.DoStatus, Status: status, Body: body, Header: header},
	}
}

func message() map[string]string { return map[string]string{"message": "refused by the matrix"} }

// limits are the answers 429, with the pauses that the clouds demand.
func limits() []fault {
	const status = http.StatusTooManyRequests
	return []fault{
		answered("429", status, message(), nil),
		answered("429, Retry-After 30", status, message(), sandbox.Header{"Retry-After": {"30"}}),
		answered("429, Retry-After 36000", status, message(), sandbox.Header{"Retry-After": {"36000"}}),
		answered("429, RateLimit-Reset 30", status, message(), sandbox.Header{
			"X-RateLimit-Remaining": {"0"}, "X-RateLimit-Reset": {"30"}, "RateLimit-Reset": {"30"},
		}),
	}
}

// refusals are the answers without success.
func refusals() []fault {
	html := sandbox.Header{"Content-Type": {"text/html"}}
	out := []fault{
		answered("502 page", http.StatusBadGateway, signIn, html),
		answered("404 page", http.StatusNotFound, signIn, html),
		answered("302 elsewhere", http.StatusFound, nil, sandbox.Header{"Location": {"http://127.0.0.2:8484/elsewhere"}}),
	}
	for _, one := range []struct {
		name   string
		status int
	}{
		{"400", http.StatusBadRequest},
		{"401", http.StatusUnauthorized},
		{"403", http.StatusForbidden},
		{"404", http.StatusNotFound},
		{"409", http.StatusConflict},
		{"422", http.StatusUnprocessableEntity},
		{"423", http.StatusLocked},
		{"500", http.StatusInternalServerError},
		{"503", http.StatusServiceUnavailable},
		{"504", http.StatusGatewayTimeout},
	} {
		out = append(out, answered(one.name, one.status, message(), nil))
	}
	return out
}

// falseAnswers are successes without the act and without the content.
func falseAnswers() []fault {
	return []fault{
		answered("200 page", http.StatusOK, signIn, sandbox.Header{"Content-Type": {"text/html"}}),
		answered("200 empty", http.StatusOK, nil, nil),
		answered("200 {}", http.StatusOK, "{}", nil),
		answered("200 null", http.StatusOK, "null", nil),
		answered("200 []", http.StatusOK, "[]", nil),
	}
}
