package acctest

import (
	"testing"
	"testing/synctest"
	"time"
)

// rest is longer than everything that still runs when a story is over and its context has ended.
const rest = time.Hour

// inBubble runs a story in a bubble of testing/synctest. Time passes only while everything in the bubble waits.
func inBubble(t *testing.T, story func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		// A bubble must not have goroutines that block when it ends.
		t.Cleanup(func() { <-time.After(rest) })
		story(t)
	})
}
