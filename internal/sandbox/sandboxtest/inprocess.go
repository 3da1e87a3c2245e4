package sandboxtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// StartInProcess starts a sandbox without a listener, which ends with the test. Only clients with Transport reach it.
// Nothing in it waits for the network, so it may run in a bubble of testing/synctest.
func StartInProcess(t testing.TB, drivers []driver.Driver, options ...Option) *Sandbox {
	t.Helper()
	s := &Sandbox{t: t, box: open(t, drivers, options), url: sandbox.DefaultURL, closeServer: func() {}}
	s.transport = inProcess{s.box}
	t.Cleanup(s.Stop)
	return s
}

// Transport reaches the sandbox, whatever the host of a request.
func (s *Sandbox) Transport() http.RoundTripper { return s.transport }

// inProcess is a transport that calls a handler. Each request has a goroutine of its own, as at a server.
type inProcess struct{ handler http.Handler }

// RoundTrip returns when the handler has sent the header. A handler that panics drops the connection.
func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, gone := context.WithCancel(context.WithoutCancel(req.Context()))
	body, err := readAll(req.Body)
	if err != nil {
		gone()
		return nil, err
	}
	served := req.Clone(ctx)
	served.Host, served.RequestURI, served.Body = req.URL.Host, req.URL.RequestURI(), io.NopCloser(bytes.NewReader(body))
	reader, writer := io.Pipe()
	out := &wireWriter{header: http.Header{}, body: writer, ready: make(chan struct{})}
	go p.serve(out, served)
	select {
	case <-out.ready:
	case <-req.Context().Done():
		gone()
		_ = reader.CloseWithError(req.Context().Err()) // It always returns nil.
		return nil, req.Context().Err()
	}
	if out.status == 0 {
		gone()
		return nil, syscall.ECONNRESET
	}
	stop := context.AfterFunc(req.Context(), func() {
		gone()
		_ = reader.CloseWithError(context.Canceled) // It always returns nil.
	})
	return &http.Response{
		Status: http.StatusText(out.status), StatusCode: out.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: out.sent, ContentLength: -1, Request: req,
		Body: &wireBody{reader, func() { stop(); gone() }},
	}, nil
}

func readAll(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	content, err := io.ReadAll(body)
	return content, errors.Join(err, body.Close())
}

// serve runs the handler and ends the body.
func (p inProcess) serve(out *wireWriter, req *http.Request) {
	defer func() {
		switch aborted := recover(); aborted {
		case nil:
			out.WriteHeader(http.StatusOK)
			_ = out.body.Close() // It always returns nil.
		case http.ErrAbortHandler:
			_ = out.body.CloseWithError(io.ErrUnexpectedEOF) // It always returns nil.
			out.once.Do(func() { close(out.ready) })
		default:
			panic(aborted)
		}
	}()
	p.handler.ServeHTTP(out, req)
}

// wireWriter passes an answer to a client. status is 0 if the connection was dropped before the header.
type wireWriter struct {
	header, sent http.Header
	status       int
	body         *io.PipeWriter
	once         sync.Once
	ready        chan struct{}
}

// Header returns the header to send.
func (w *wireWriter) Header() http.Header { return w.header }

// WriteHeader sends the header. Only the first call counts.
func (w *wireWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.ready)
	})
}

// Write blocks until the client has read. It fails if the client has gone.
func (w *wireWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// wireBody is the body of an answer. Close ends the request at the server.
type wireBody struct {
	*io.PipeReader
	end func()
}

// Close stops the handler's writes.
func (b *wireBody) Close() error {
	err := b.PipeReader.Close()
	b.end()
	return err
}
