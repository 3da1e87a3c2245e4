package cloud

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock measures the cloud's clock by the Date headers of the cloud's answers. It is safe for concurrent use; the zero
// value is ready.
type clock struct {
	// offset is the cloud's clock minus this machine's. nil means that no answer had a Date.
	offset atomic.Pointer[time.Duration]
}

// observe reads the Date of an answer. The result is behind by the transfer time of the answer, and has whole seconds.
func (c *clock) observe(header http.Header) {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		offset := time.Until(at)
		c.offset.Store(&offset)
	}
}

// at converts a time of this machine to the cloud's clock. Before the first Date it returns the time unchanged, and
// false.
func (c *clock) at(local time.Time) (time.Time, bool) {
	offset := c.offset.Load()
	if offset == nil {
		return local, false
	}
	return local.Add(*offset), true
}

// now is the cloud's time, or this machine's before the first Date.
func (c *clock) now() time.Time {
	now, _ := c.at(time.Now())
	return now
}

// Now is the cloud's time, or this machine's before the first answer with a Date.
func (c *Cloud) Now() time.Time { return c.clock.now() }
