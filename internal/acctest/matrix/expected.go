package matrix

import (
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
)

// exception is a promise that some cells cannot keep by the nature of a cloud.
type exception struct {
	// kind is the word in front of the broken promise.
	kind    string
	applies func(c cell) bool
	reason  string
}

// exceptions is the reviewed list. Every entry has its reason.
func exceptions() []exception {
	return []exception{
		{
			"orphan",
			func(c cell) bool { return c.op.verb == destroy && c.forever && c.fault.name == "404" },
			"An object that every answer denies is absent to every client: a delete of what is absent is a success.",
		},
		{
			"orphan",
			func(c cell) bool {
				return c.op.verb == destroy && c.forever && strings.HasPrefix(c.fault.name, "200 ") &&
					c.drv.Descriptor().Limits.SingleSnapshot()
			},
			"At a cloud with a single snapshot per source, every empty answer means that there is none.",
		},
		{
			"lost", emptyAnswer,
			"The answer is the one that the cloud gives when there is nothing: a bare array or an empty body, or an object " +
				"without the array, which the API document does not require.",
		},
		{
			"words", emptyAnswer,
			"The same: a data source of one object finds no match, which is no failure of a call.",
		},
		{
			"adopted",
			func(c cell) bool { return c.rival },
			"Nothing distinguishes the lost object from one that somebody else creates in the same way at the same moment. " +
				"The adoption is the documented answer to a lost reply: a warning names the object, and how to release it.",
		},
		{
			"orphan",
			func(c cell) bool { return c.rival && c.latency > 0 && c.drv.Descriptor().Limits.ImageID != nil },
			"The object appears in listings only when it is complete, so the adopted one of the rival is the only new one. " +
				"The same warning asks to compare it at the cloud.",
		},
	}
}

// emptyAnswer reports whether the fault of an operation that only answers is the answer of a cloud without objects.
func emptyAnswer(c cell) bool {
	name, limits := c.fault.name, c.drv.Descriptor().Limits
	switch {
	case !c.op.answers():
		return false
	case limits.SingleSnapshot():
		return name == "404" || strings.HasPrefix(name, "200 ") && name != "200 page"
	default:
		return name == "200 "+clouds.EmptyListing(c.drv.Descriptor().Name)
	}
}

// expectedFailure returns why a cell cannot keep the promises that it has broken, or nothing.
func expectedFailure(c cell, out outcome) string {
	var reasons []string
	for _, broken := range out.broken {
		found := ""
		for _, e := range exceptions() {
			if strings.HasPrefix(broken, e.kind+":") && e.applies(c) {
				found = e.reason
			}
		}
		if found == "" {
			return ""
		}
		reasons = append(reasons, found)
	}
	return strings.Join(reasons, " ")
}
