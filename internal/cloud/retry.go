package cloud

import (
	"context"
	"errors"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// sendOnce sends a request that makes something, and is the only place that does. It is sent again only while the cloud
// says that the source is locked. The client keeps a request that is under way for the grace period when ctx ends, so
// that its answer is not lost. started is when the last attempt began; zero means that nothing was sent.
func (c *Cloud) sendOnce(ctx context.Context, request func(ctx context.Context) error) (started time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return started, &driver.Error{Message: "no request was sent to the cloud", Err: err}
	}
	err = c.retryWhileLocked(ctx, func(ctx context.Context) error {
		started = time.Now()
		return request(ctx)
	})
	var reply driver.Reply
	if errors.As(err, &reply) && reply.SentAt().After(started) {
		// The client has paused in between.
		started = reply.SentAt()
	}
	return started, err
}

// retryWhileLocked repeats a request as long as the cloud says that the source is locked: such a request was not acted
// on. What may have been acted on is never repeated, whatever kind a client makes of it.
func (c *Cloud) retryWhileLocked(ctx context.Context, request func(ctx context.Context) error) error {
	var outcome error
	ended := wait.Until(ctx, c.pace, func(ctx context.Context) (bool, string, error) {
		outcome = request(ctx)
		if outcome != nil && c.kindOf(outcome) == driver.KindBusy && !lost(outcome) {
			return false, "busy", wait.Transient(outcome)
		}
		return true, "", nil
	})
	switch {
	case ended == nil:
		return outcome
	case outcome == nil:
		return ended
	default:
		return &driver.Error{Kind: driver.KindBusy, Message: ended.Error(), Err: errors.Join(ended, outcome)}
	}
}
