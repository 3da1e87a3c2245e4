// Package wait polls slow work. No other package of this project polls.
package wait

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Pace is the interval of polls.
type Pace struct {
	// Floor is the shortest pause; 0 means one second.
	Floor time.Duration
	// Ceiling is the longest pause, and wins over Floor; 0 means 15 seconds.
	Ceiling time.Duration
	// Delayed adds a pause before the first poll, for work that began a moment ago.
	Delayed bool
}

// WithDelay returns the pace with or without a pause before the first poll.
func (p Pace) WithDelay(delayed bool) Pace {
	p.Delayed = delayed
	return p
}

const (
	defaultFloor   = time.Second
	defaultCeiling = 15 * time.Second
	// growth is the part of the elapsed time that the next pause may take: a poll is never late by more than that.
	growth = 10
)

// Pause returns the pause after a poll. elapsed is the time since the wait began.
func (p Pace) Pause(elapsed time.Duration) time.Duration {
	floor, ceiling := p.Floor, p.Ceiling
	if floor <= 0 {
		floor = defaultFloor
	}
	if ceiling <= 0 {
		ceiling = defaultCeiling
	}
	return min(max(floor, elapsed/growth), ceiling)
}

// Check polls once. It returns whether the wait is over, and the cloud's own word for the progress. An error ends the
// wait unless Transient marks it.
type Check func(ctx context.Context) (done bool, status string, err error)

// Transient marks an error that may pass: the wait continues until its deadline.
func Transient(err error) error { return TransientAfter(err, 0) }

// TransientAfter is Transient with the shortest pause before the next poll.
func TransientAfter(err error, pause time.Duration) error { return &transientError{err, pause} }

type transientError struct {
	error
	pause time.Duration
}

func (e *transientError) Unwrap() error { return e.error }

// Error is a wait that its context ended.
type Error struct {
	// Elapsed is the duration of the wait, Polls the number of polls.
	Elapsed time.Duration
	Polls   int
	// Status is the last progress, Last the last transient error. Both may be empty.
	Status string
	Last   error
	// Err is context.Canceled or context.DeadlineExceeded.
	Err error
}

// Error returns the duration, the last progress and the last error.
func (e *Error) Error() string {
	noun := "polls"
	if e.Polls == 1 {
		noun = "poll"
	}
	text := fmt.Sprintf("stopped waiting after %s and %d %s", e.Elapsed.Round(time.Second), e.Polls, noun)
	if e.Status != "" {
		text += fmt.Sprintf(", the last state was %q", e.Status)
	}
	if e.Last != nil {
		text += fmt.Sprintf(", the last error was: %v", e.Last)
	}
	return text
}

// Unwrap returns why the wait ended, so errors.Is finds context.Canceled and context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.Err }

// Until polls at the given pace until the check is done or fails, or the context ends. It reports each status to the
// context's WithProgress. The first poll has a pause only if the pace is Delayed. It blocks, and returns within moments
// of the context's end. The error is the check's own, or an *Error when the context ended. If the context has already
// ended, it does not poll.
func Until(ctx context.Context, pace Pace, check Check) error {
	start := time.Now()
	var last Error
	var asked, pause time.Duration
	if pace.Delayed {
		pause = pace.Pause(0)
	}
	for ; ; pause = max(asked, pace.Pause(time.Since(start))) {
		if err := rest(ctx, pause); err != nil {
			last.Elapsed, last.Err = time.Since(start), err
			return &last
		}
		done, status, err := check(ctx)
		last.Polls++
		asked = 0
		if status != "" {
			last.Status = status
			Report(ctx, status)
		}
		var transient *transientError
		switch {
		case err == nil && done:
			return nil
		case err == nil:
			last.Last = nil
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			// The end of the wait interrupted the poll. Its error has no new information.
		case errors.As(err, &transient):
			last.Last, asked = transient.error, transient.pause
		default:
			return err
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
