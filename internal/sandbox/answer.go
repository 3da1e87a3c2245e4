package sandbox

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
)

// answer keeps what a simulator answers until it is known what the client gets to see of it. It is an http.ResponseWriter.
type answer struct {
	header http.Header
	// sent is the header as it was when the status was written: what is set later does not count, as in net/http.
	sent   http.Header
	status int
	body   bytes.Buffer
}

// Header is the header to be sent.
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

// finish fixes the status where the simulator wrote none.
func (a *answer) finish() { a.WriteHeader(http.StatusOK) }

// send writes the answer to the client. A client that has gone does not want it, so errors do not matter here.
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
	_ = http.NewResponseController(w).Flush() // What was not flushed would be lost with the connection.
	panic(http.ErrAbortHandler)
}

// garble keeps the status and puts in place of the body what a proxy might answer.
func (a *answer) garble() *answer {
	a.finish()
	a.body.Reset()
	a.body.WriteString("<html><head><title>It works</title></head><body>{not JSON</body></html>\n")
	a.sent.Del("Content-Length")
	a.sent.Set(FaultHeader, DoGarbage)
	a.sent.Set("Content-Type", "text/html; charset=utf-8")
	return a
}

// drop resets the TCP connection, so that the client sees no orderly end.
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
