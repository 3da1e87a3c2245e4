package plugin

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	cloudsnap "github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// gcSettings returns the target of the garbage collector and the limit of the memory.
func gcSettings() (percent int, limit int64) {
	percent = debug.SetGCPercent(-1)
	debug.SetGCPercent(percent)
	return percent, debug.SetMemoryLimit(-1)
}

func TestTuneGC(t *testing.T) {
	percent, limit := gcSettings()
	defer debug.SetGCPercent(percent)
	defer debug.SetMemoryLimit(limit)
	for _, test := range []struct {
		gogc, gomemlimit string
		percent          int
		limit            int64
	}{
		{"", "", gcPercent, memoryLimit},
		{"50", "", 100, memoryLimit},
		{"", "1GiB", gcPercent, math.MaxInt64},
		{"off", "off", 100, math.MaxInt64},
	} {
		// The process reads its environment only once, when it starts.
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		t.Setenv("GOGC", test.gogc)
		t.Setenv("GOMEMLIMIT", test.gomemlimit)
		tuneGC()
		if percent, limit := gcSettings(); percent != test.percent || limit != test.limit {
			t.Errorf("GOGC=%s GOMEMLIMIT=%s: %d %% and %d bytes", test.gogc, test.gomemlimit, percent, limit)
		}
	}
}

func none() provider.Provider {
	return cloudsnap.New("test", nil, func(string) string { return "" })()
}

// A log that is configured has all its lines.
func TestNewServer_isQuietWithoutALog(t *testing.T) {
	if _, isQuiet := newServer(none(), false).(quiet); !isQuiet {
		t.Error("the server makes loggers without a log")
	}
	if _, isQuiet := newServer(none(), true).(quiet); isQuiet {
		t.Error("the server makes no loggers")
	}
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_PROTO", "TF_ACC_LOG"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		t.Setenv(name, "OFF")
	}
	if QuietLogs() {
		t.Error("there is a log without a variable")
	}
	t.Setenv("TF_LOG_PROVIDER", "TRACE")
	if !QuietLogs() {
		t.Error("TF_LOG_PROVIDER is ignored")
	}
}

// blocked is a server whose reads last as long as their context.
type blocked struct {
	server
	began chan context.Context
}

func (b blocked) ReadResource(
	ctx context.Context, _ *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	b.began <- ctx
	<-ctx.Done()
	return nil, ctx.Err()
}

type key struct{}

// The context of a call has no values, and ends with the caller's.
func TestQuiet_endsWithTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "a logger"))
	b := blocked{began: make(chan context.Context, 1)}
	done := make(chan error)
	go func() {
		_, err := quiet{b}.ReadResource(ctx, &tfprotov6.ReadResourceRequest{})
		done <- err
	}()
	own := <-b.began
	if own.Value(key{}) != nil || own.Err() != nil {
		t.Errorf("the context has %v and %v", own.Value(key{}), own.Err())
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v", err)
	}
}

// Without the end of its context, the framework would keep a call for ever.
func TestQuiet_endsItsContext(t *testing.T) {
	var own context.Context
	got, err := unlogged(t.Context(), 1, func(ctx context.Context, n int) (int, error) {
		own = ctx //nolint:fatcontext // It is looked at after the call.
		return n + 1, ctx.Err()
	})
	if got != 2 || err != nil || own.Err() == nil {
		t.Errorf("%d, %v, and after the call %v", got, err, own.Err())
	}
}
