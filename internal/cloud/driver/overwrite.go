package driver

import (
	"fmt"
	"time"
)

// ErrWouldOverwrite returns the error of a create that would overwrite a snapshot. now is the cloud's time.
func ErrWouldOverwrite(old Snapshot, now time.Time) *Error {
	return &Error{
		Kind: KindWouldOverwrite,
		Message: fmt.Sprintf(
			"a snapshot exists already, %s, and a new one would overwrite it",
			FormatAge(old.CreatedAt, now),
		),
		ExistingSnapshots: []Snapshot{old},
		Now:               now,
	}
}

// FormatAge formats an age in the largest unit of which there are at least two.
func FormatAge(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "of unknown age"
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days old", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours old", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes old", int(d.Minutes()))
	default:
		return "a moment old"
	}
}
