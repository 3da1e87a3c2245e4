// Package wait is the one place where this project waits for slow work. It polls, and knows nothing of what is polled.
package wait

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Pace says how often to ask.
type Pace struct {
	// Floor is the shortest pause; 0 means one second.
	Floor time.Duration
	// Ceiling is the longest pause, and wins over Floor; 0 means 15 seconds.
	Ceiling time.Duration
	// Delayed puts a pause before the first poll, too: the work has begun a moment ago and cannot be over.
	Delayed bool
}

// WithDelay is the pace with or without a pause before the first poll.
func (p Pace) WithDelay(delayed bool) Pace {
	p.Delayed = delayed
	return p
}

const (
	defaultFloor   = time.Second
	defaultCeiling = 15 * time.Second
	// growth is the part of the time waited so far that the next pause may take: a poll is never late by more than
	// that.
	growth = 10
)

// Pause is how long to rest after a poll when elapsed has passed since the wait began.
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

// Check asks once. It returns true when the wait is over and the cloud's word for the progress. An error ends the wait
// unless Transient marks it.
type Check func(ctx context.Context) (done bool, status string, err error)

// Transient marks an error that a later poll may not see again: the wait goes on until its deadline.
func Transient(err error) error { return TransientAfter(err, 0) }

// TransientAfter is Transient for an error after which the next poll must come no sooner than a time.
func TransientAfter(err error, pause time.Duration) error { return &transientError{err, pause} }

type transientError struct {
	error
	pause time.Duration
}

func (e *transientError) Unwrap() error { return e.error }

// Error is a wait that ended without an answer.
type Error struct {
	// Elapsed is how long it waited, Polls how often it asked.
	Elapsed time.Duration
	Polls   int
	// Status is the last word of progress, Last the last transient error; either may be empty.
	Status string
	Last   error
	// Err is context.Canceled or context.DeadlineExceeded.
	Err error
}

// Error says how long it waited, and what for.
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

// Until polls at once, or after a pause if the pace is Delayed, and then at the given pace until the check is done,
// fails, or the context ends. It blocks, and returns within moments of the context's end. The error is the check's own,
// or an *Error when the context ended. A context that has ended before asks nothing.
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
		}
		var transient *transientError
		switch {
		case err == nil && done:
			return nil
		case err == nil:
			last.Last = nil
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			// The poll broke off because the wait is over, which says nothing new.
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
