package sandbox

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
)

// answer is an http.ResponseWriter that buffers the answer of a simulator, so that a fault can change it.
type answer struct {
	header http.Header
	// sent is the header at the time the status was written. As in net/http, later changes do not count.
	sent   http.Header
	status int
	body   bytes.Buffer
}

// Header returns the header to send.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader fixes the status and the header. Only the first call counts.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < http.StatusOK {
		return
	}
	a.status, a.sent = status, a.header.Clone()
}

// Write appends to the body.
func (a *answer) Write(p []byte) (int, error) {
	a.finish()
	return a.body.Write(p)
}

// finish sets the status 200 if the simulator wrote none.
func (a *answer) finish() { a.WriteHeader(http.StatusOK) }

// send writes the answer to the client. It ignores errors: a client that has gone does not need the answer.
func (a *answer) send(w http.ResponseWriter) {
	a.sendHeader(w)
	_, _ = w.Write(a.body.Bytes())
}

func (a *answer) sendHeader(w http.ResponseWriter) {
	a.finish()
	for name, values := range a.sent {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
}

// sendHalf announces the whole body, writes half of it and closes the connection.
func (a *answer) sendHalf(w http.ResponseWriter) {
	a.finish()
	if a.body.Len() > 0 {
		a.sent.Set("Content-Length", strconv.Itoa(a.body.Len()))
	}
	a.sendHeader(w)
	_, _ = w.Write(a.body.Bytes()[:a.body.Len()/2])
	_ = http.NewResponseController(w).Flush() // Unflushed data would be lost with the connection.
	panic(http.ErrAbortHandler)
}

// garble keeps the status and replaces the body with a page as a proxy sends it.
func (a *answer) garble() *answer {
	a.finish()
	a.body.Reset()
	a.body.WriteString("<html><head><title>It works</title></head><body>{not JSON</body></html>\n")
	a.sent.Del("Content-Length")
	a.sent.Set(FaultHeader, DoGarbage)
	a.sent.Set("Content-Type", "text/html; charset=utf-8")
	return a
}

// drop resets the TCP connection. The client sees no orderly end.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // Without it the close is orderly, which is a drop as well.
	}
	_ = conn.Close()
}
