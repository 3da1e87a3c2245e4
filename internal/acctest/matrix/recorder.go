package matrix

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// recorder is a test that keeps its failures instead of reporting them. It is safe for concurrent use.
type recorder struct {
	testing.TB

	ctx context.Context //nolint:containedctx // testing.TB hands out a context.
	log *buffer

	mu       sync.Mutex
	failures []string
}

// newRecorder returns a recorder whose context carries a logger at the lowest level.
func newRecorder(t testing.TB) *recorder {
	t.Helper()
	r := &recorder{TB: t, log: &buffer{}}
	r.ctx = tflogtest.RootLogger(t.Context(), r.log)
	return r
}

// Context is the context of the test, with the logger.
func (r *recorder) Context() context.Context { return r.ctx }

// Errorf keeps a failure.
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// Error keeps a failure.
func (r *recorder) Error(args ...any) { r.Errorf("%s", fmt.Sprint(args...)) }

// Fatalf keeps a failure and ends the goroutine.
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// Fatal keeps a failure and ends the goroutine.
func (r *recorder) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}

// start runs a function in a goroutine of its own. The channel is closed when it ends. A panic is a failure.
func (r *recorder) start(run func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		run()
	}()
	return done
}

// found returns the failures.
func (r *recorder) found() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.failures...)
}

// buffer is a log. It is safe for concurrent use.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends a line.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String is the whole log.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
