package cloud

import (
	"context"
	"errors"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// sendOnce sends a request that creates something. No other function does. It repeats the request only while the cloud
// reports that the source is locked. When ctx ends, the client continues a running request for the grace period, so
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
		// The client paused before its last attempt.
		started = reply.SentAt()
	}
	return started, err
}

// retryWhileLocked repeats a request while the cloud reports that the source is locked, because the cloud did not act
// on such a request. An ambiguous failure is never repeated, whatever its kind.
func (c *Cloud) retryWhileLocked(ctx context.Context, request func(ctx context.Context) error) error {
	var outcome error
	ended := wait.Until(ctx, c.pace, func(ctx context.Context) (bool, string, error) {
		c.endListings()
		outcome = request(ctx)
		c.endListings()
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
