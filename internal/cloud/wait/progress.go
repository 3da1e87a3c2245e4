package wait

import "context"

type progressKey struct{}

// WithProgress returns a context whose waits report the cloud's word for their progress. A wait calls report, and then
// the report of ctx, after each poll that has a word. It does so in its own goroutine, and the same word may come many
// times. report must not block.
func WithProgress(ctx context.Context, report func(status string)) context.Context {
	outer, ok := ctx.Value(progressKey{}).(func(string))
	if !ok {
		return context.WithValue(ctx, progressKey{}, report)
	}
	return context.WithValue(ctx, progressKey{}, func(status string) {
		report(status)
		outer(status)
	})
}

// Report reports a progress to the context's WithProgress, as a wait does. It does nothing if the context has none or
// status is empty.
func Report(ctx context.Context, status string) {
	if report, ok := ctx.Value(progressKey{}).(func(string)); ok && status != "" {
		report(status)
	}
}
