package wait

import "context"

type progressKey struct{}

// WithProgress returns a context whose waits report the cloud's word for their progress. A wait calls report after each
// poll that has one, in its own goroutine, so the same word may come many times. report must not block.
func WithProgress(ctx context.Context, report func(status string)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// Report reports a progress to the context's WithProgress, as a wait does. It does nothing if the context has none or
// status is empty.
func Report(ctx context.Context, status string) {
	if report, ok := ctx.Value(progressKey{}).(func(string)); ok && status != "" {
		report(status)
	}
}
